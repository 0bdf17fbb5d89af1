package instaclustr

import (
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// knownKeyTypes are the types of API keys that the documentation names. There is at least one more, for Prometheus.
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
	rank := func(role types.String) int { return slices.Index(instaclustrapi.Roles, role.ValueString()) }
	return rank(planned) < rank(prior)
}

// plannedRoles holds the roles that the plans of service users give to them, by user name. The plan of a key reads it:
// a key type that the new role does not allow is refused at plan, although the server still has the old role. Terraform
// plans a key after the user that it refers to. The map lives as long as one configuration of the provider.
type plannedRoles struct{ byUsername sync.Map }

// add stores the role of a planned user.
func (p *plannedRoles) add(username, role types.String) {
	if !username.IsUnknown() {
		p.byUsername.Store(username.ValueString(), role)
	}
}

// of returns the planned role of a user, which may be unknown, and whether the user has been planned in this run.
func (p *plannedRoles) of(username string) (role types.String, planned bool) {
	found, ok := p.byUsername.Load(username)
	role, _ = found.(types.String)
	return role, ok
}
