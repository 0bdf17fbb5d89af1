package instaclustr

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// knownKeyTypes are the types of API keys that the documentation names. There is at least one more,
// for Prometheus.
var knownKeyTypes = []string{"MONITORING", "PROVISIONING", "PROVISIONING_READONLY", "USER_MANAGEMENT"}

// allows reports whether a role allows keys of a type, according to the documentation. It allows
// types that the documentation does not name: the server decides on them.
func allows(role, keyType string) bool {
	known := slices.Contains(knownKeyTypes, keyType)
	return role != instaclustrapi.ReadOnly || !known || keyType == "MONITORING" || keyType == "PROVISIONING_READONLY"
}

// disallowed returns the key types that a role does not allow, out of some key types.
func disallowed(role string, keyTypes []string) []string {
	return slices.DeleteFunc(tfkit.Distinct(keyTypes), func(keyType string) bool { return allows(role, keyType) })
}

// lowers reports whether a planned role is below the prior role.
func lowers(prior, planned types.String) bool {
	return rank(planned.ValueString()) < rank(prior.ValueString())
}

// rank orders the roles.
func rank(role string) int { return slices.Index(instaclustrapi.Roles, role) }

// allowedKnown returns the key types that a role allows, according to the documentation.
func allowedKnown(role string) []string {
	return slices.DeleteFunc(slices.Clone(knownKeyTypes), func(keyType string) bool { return !allows(role, keyType) })
}
