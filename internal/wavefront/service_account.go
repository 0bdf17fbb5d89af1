package wavefront

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// serviceAccount is what the API tells of an account, whoever asks, but for its user groups.
type serviceAccount struct {
	Identifier        types.String `tfsdk:"identifier"`
	Active            types.Bool   `tfsdk:"active"`
	Description       tfkit.Text   `tfsdk:"description"`
	Permissions       types.Set    `tfsdk:"permissions"`
	Roles             types.Set    `tfsdk:"roles"`
	UnitedPermissions types.Set    `tfsdk:"united_permissions"`
	UnitedRoles       types.Set    `tfsdk:"united_roles"`
}

func (m *serviceAccount) fromAPI(in *wavefrontapi.ServiceAccount) {
	m.Identifier = types.StringValue(in.Identifier)
	m.Active = types.BoolValue(in.Active)
	m.Description = m.Description.Refreshed(in.Description)
	m.Permissions = tfkit.StringSet(m.Permissions, in.Permissions)
	m.Roles = tfkit.StringSet(m.Roles, ids(in.Roles))
	m.UnitedPermissions = tfkit.StringSetOf(in.UnitedPermissions)
	m.UnitedRoles = tfkit.StringSetOf(in.UnitedRoles)
}

func ids(all []wavefrontapi.Named) []string {
	texts := make([]string, len(all))
	for i, one := range all {
		texts[i] = one.ID
	}
	return texts
}

// managedServiceAccount is the state of the resource.
type managedServiceAccount struct {
	serviceAccount
	ID                  types.String `tfsdk:"id"`
	UserGroups          types.Set    `tfsdk:"user_groups"`
	EffectiveUserGroups types.Set    `tfsdk:"effective_user_groups"`
	AllowSelfLockout    types.Bool   `tfsdk:"allow_self_lockout"`
}

// Identity implements tfkit.ResourceModel.
func (m *managedServiceAccount) Identity() any { return serviceAccountIdentity{m.Identifier} }

// fromAPI takes over an account. What the server put it into by itself is no business of user_groups.
func (m *managedServiceAccount) fromAPI(in *wavefrontapi.ServiceAccount, kept keptGroups) {
	m.serviceAccount.fromAPI(in)
	m.ID = types.StringValue(in.Identifier)
	m.EffectiveUserGroups = tfkit.StringSetOf(ids(in.UserGroups))
	m.UserGroups = tfkit.StringSet(m.UserGroups, without(ids(in.UserGroups), kept))
}

// toWrite returns the body of a create or an update. An update replaces all, so that the groups that the server added are sent too.
func (m *managedServiceAccount) toWrite(kept keptGroups) wavefrontapi.ServiceAccountWrite {
	return wavefrontapi.ServiceAccountWrite{
		Identifier:  m.Identifier.ValueString(),
		Active:      m.Active.ValueBool(),
		Description: m.Description.Canonical(),
		Permissions: tfkit.Strings(m.Permissions),
		Roles:       tfkit.Strings(m.Roles),
		UserGroups:  union(tfkit.Strings(m.UserGroups), kept),
	}
}

// keptGroups are the ids of the user groups that the server put an account into by itself: its system group, and what the organization
// has for new accounts. Private state remembers them, since only the answer to the create tells the latter.
type keptGroups []string

var privateKeptGroups = tfkit.Private[keptGroups]{Key: "kept_user_groups", About: "the user groups that the server added"}

// addedTo returns the groups that a server added to those that a create asked for.
func addedTo(wanted []string, in *wavefrontapi.ServiceAccount) keptGroups {
	return without(ids(in.UserGroups), wanted)
}

// refreshed returns the groups that the account is still in, and its system groups, but none that the configuration lists.
func (k keptGroups) refreshed(listed []string, in *wavefrontapi.ServiceAccount) keptGroups {
	kept := keptGroups{}
	for _, group := range in.UserGroups {
		if (group.System || slices.Contains(k, group.ID)) && !slices.Contains(listed, group.ID) {
			kept = append(kept, group.ID)
		}
	}
	return kept
}

func without(texts, others []string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return slices.Contains(others, text) })
}

func union(texts, more []string) []string {
	return append(slices.Clone(texts), without(more, texts)...)
}

// verify compares what was written with what the server has now, and reports what it ignored. The server's own words may explain it.
func verify(wanted wavefrontapi.ServiceAccountWrite, got *wavefrontapi.ServiceAccount, words string) diag.Diagnostics {
	var diags diag.Diagnostics
	ignored := func(attribute, what string) {
		detail := "Wavefront answered with success, but " + what
		if words != "" {
			detail += ". It said: " + words
		}
		diags.AddAttributeError(path.Root(attribute), "Wavefront ignored a part of the change", detail)
	}
	lists := []struct {
		attribute, hint string
		wanted, got     []string
	}{
		{"roles", "no such role? The data source svcacct_wavefront_role finds the id of a name", wanted.Roles, ids(got.Roles)},
		{"user_groups", "no such user group? The data source svcacct_wavefront_user_group finds the id of a name", wanted.UserGroups, ids(got.UserGroups)},
		{"permissions", "no such permission, or none for service accounts?", wanted.Permissions, got.Permissions},
	}
	for _, list := range lists {
		if missing := without(list.wanted, list.got); len(missing) > 0 {
			ignored(list.attribute, fmt.Sprintf("the account does not have %s: %s", strings.Join(missing, ", "), list.hint))
		}
		extra := without(list.got, list.wanted)
		if len(extra) > 0 && list.attribute != "user_groups" { // groups that the server adds are its business
			ignored(list.attribute, "the account still has "+strings.Join(extra, ", "))
		}
	}
	if got.Active != wanted.Active {
		ignored("active", fmt.Sprintf("active is %t", got.Active))
	}
	if text := strings.TrimSpace(got.Description); text != wanted.Description {
		ignored("description", fmt.Sprintf("the description is %q", text))
	}
	if words != "" && !diags.HasError() {
		diags.AddWarning("Wavefront answered with a remark", "All is as it was asked for, but the server said: "+words)
	}
	return diags
}

// verifyLeft reports the user groups that an update was to leave, but in which the account is still, as far as they are not the server's business.
func verifyLeft(dropped, got []string) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, group := range dropped {
		if slices.Contains(got, group) {
			diags.AddAttributeError(path.Root("user_groups"), "Wavefront ignored a part of the change", "Wavefront answered with success, but the account is still in the user group "+group+
				", and has the rights that this gives. The next plan tries again. If the organization puts all service accounts into it, list it.")
		}
	}
	return diags
}
