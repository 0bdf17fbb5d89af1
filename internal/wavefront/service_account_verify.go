package wavefront

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// verify compares what was written with what the server has now, and reports what the server
// ignored. The remark of the create or update may explain that.
func verify(
	wanted wavefrontapi.ServiceAccountWrite, got *wavefrontapi.ServiceAccount, remark string,
) (diags diag.Diagnostics) {
	ignored := func(attribute, what string) {
		if remark != "" {
			what += ". " + remark
		}
		addIgnored(&diags, attribute, what)
	}
	for _, list := range []struct {
		attribute, hint string
		wanted, got     []string
	}{
		{"roles", "the data source svcacct_wavefront_role finds the id of a name", wanted.Roles, ids(got.Roles)},
		{"user_groups", "the data source svcacct_wavefront_user_group finds the id of a name", wanted.UserGroups,
			ids(got.UserGroups)},
		{"permissions", "they do not exist, or service accounts cannot have them", wanted.Permissions, got.Permissions},
	} {
		if missing := without(list.wanted, list.got); len(missing) > 0 {
			what := "the account does not have " + strings.Join(missing, ", ")
			ignored(list.attribute, fmt.Sprintf("%s: %s", what, list.hint))
		}
		extra := without(list.got, list.wanted)
		if len(extra) > 0 && list.attribute != "user_groups" { // the server adds groups by itself
			ignored(list.attribute, "the account still has "+strings.Join(extra, ", "))
		}
	}
	if got.Active != wanted.Active {
		ignored("active", fmt.Sprintf("active is %t", got.Active))
	}
	if text := strings.TrimSpace(got.Description); text != wanted.Description {
		ignored("description", fmt.Sprintf("the description is %q", text))
	}
	if remark != "" && !diags.HasError() {
		diags.AddWarning("A remark on the service account", remark)
	}
	return diags
}

// verifyLeft reports the user groups that an update removed, but that the account is still in.
func verifyLeft(removed, got []string) (diags diag.Diagnostics) {
	for _, group := range removed {
		if slices.Contains(got, group) {
			addIgnored(&diags, "user_groups", "the account is still in the user group "+group+", and has its rights. "+
				"The next plan tries again. If the organization adds all service accounts to this group, list it.")
		}
	}
	return diags
}

func addIgnored(diags *diag.Diagnostics, attribute, what string) {
	const summary = "Wavefront ignored a part of the change"
	diags.AddAttributeError(path.Root(attribute), summary, "The server returned success, but "+what)
}
