package wavefront

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

const serviceAccountType = "svcacct_wavefront_service_account"

// serviceAccountModel holds the attributes that the resource and the data sources share.
type serviceAccountModel struct {
	Identifier        types.String `tfsdk:"identifier"`
	Active            types.Bool   `tfsdk:"active"`
	Description       tfkit.Text   `tfsdk:"description"`
	Permissions       types.Set    `tfsdk:"permissions"`
	Roles             types.Set    `tfsdk:"roles"`
	UnitedPermissions types.Set    `tfsdk:"united_permissions"`
	UnitedRoles       types.Set    `tfsdk:"united_roles"`
}

func (m *serviceAccountModel) fromAPI(in *wavefrontapi.ServiceAccount) {
	m.Identifier = types.StringValue(in.Identifier)
	m.Active = tfkit.OrPrior(types.BoolPointerValue(in.Active), m.Active)
	m.Description = m.Description.Refreshed(in.Description)
	m.Permissions = tfkit.StringSet(m.Permissions, in.Permissions)
	m.Roles = tfkit.StringSet(m.Roles, ids(in.Roles))
	m.UnitedPermissions = tfkit.StringSetOf(in.UnitedPermissions)
	m.UnitedRoles = tfkit.StringSetOf(in.UnitedRoles)
}

// serviceAccountDataModel is an account in the data sources: all but the values of its tokens.
type serviceAccountDataModel struct {
	serviceAccountModel
	UserGroups types.Set         `tfsdk:"user_groups"`
	TokenCount types.Int64       `tfsdk:"token_count"`
	LastUsed   timetypes.RFC3339 `tfsdk:"last_used"`
}

func (m *serviceAccountDataModel) fromAPI(in *wavefrontapi.ServiceAccount) {
	m.serviceAccountModel.fromAPI(in)
	m.Permissions, m.Roles = tfkit.StringSetOf(in.Permissions), tfkit.StringSetOf(ids(in.Roles))
	m.UserGroups = tfkit.StringSetOf(ids(in.UserGroups))
	if in.Tokens != nil {
		m.TokenCount = types.Int64Value(int64(len(in.Tokens)))
	}
	m.LastUsed = tfkit.MillisOrNull(in.LastUsed)
}

// serviceAccountResourceModel is the model that the resource manages.
type serviceAccountResourceModel struct {
	serviceAccountModel
	ID                  types.String `tfsdk:"id"`
	UserGroups          types.Set    `tfsdk:"user_groups"`
	EffectiveUserGroups types.Set    `tfsdk:"effective_user_groups"`
	AllowSelfLockout    types.Bool   `tfsdk:"allow_self_lockout"`
}

type serviceAccountIdentity struct {
	Identifier types.String `tfsdk:"identifier"`
}

// Identity implements tfkit.ResourceModel.
func (m *serviceAccountResourceModel) Identity() any { return serviceAccountIdentity{m.Identifier} }

// fromAPI sets the attributes from an account. The groups that the server added are not in
// user_groups, unless they are listed there.
func (m *serviceAccountResourceModel) fromAPI(in *wavefrontapi.ServiceAccount, added addedGroups) {
	m.serviceAccountModel.fromAPI(in)
	m.ID = m.Identifier
	m.EffectiveUserGroups = tfkit.StringSetOf(ids(in.UserGroups))
	unlisted := without(added, tfkit.Strings(m.UserGroups))
	m.UserGroups = tfkit.StringSet(m.UserGroups, without(ids(in.UserGroups), unlisted))
}

// listNoGroups prepares the first read of an imported or moved account. Which groups the configuration
// lists is not known yet: a plan can only keep a list in state that is not null.
func (m *serviceAccountResourceModel) listNoGroups() {
	if m.EffectiveUserGroups.IsNull() && m.UserGroups.IsNull() {
		m.UserGroups = types.SetValueMust(types.StringType, nil)
	}
}

// toWrite returns the body of a create or an update. An update replaces all groups, so that it also
// sends those that the server added.
func (m *serviceAccountResourceModel) toWrite(added addedGroups) wavefrontapi.ServiceAccountWrite {
	groups := tfkit.Strings(m.UserGroups)
	return wavefrontapi.ServiceAccountWrite{
		Identifier:  m.Identifier.ValueString(),
		Active:      m.Active.ValueBool(),
		Description: m.Description.Canonical(),
		Permissions: tfkit.Strings(m.Permissions),
		Roles:       tfkit.Strings(m.Roles),
		UserGroups:  append(groups, without(added, groups)...),
	}
}

// addedGroups are the ids of the user groups that the server added an account to: its system group,
// and the groups that the organization has for new accounts. The configuration may list them too.
// Private state holds them, since only the response to the create shows these groups.
type addedGroups []string

var privateAddedGroups = tfkit.Private[addedGroups]{
	Key: "kept_user_groups", About: "the user groups that the server added",
}

// loadAddedGroups returns the added groups. Without private state, as after a provider that was killed
// during an update, they are the groups of the account in state that user_groups does not list.
func loadAddedGroups(
	ctx context.Context, private tfkit.PrivateState, state *serviceAccountResourceModel, diags *diag.Diagnostics,
) addedGroups {
	if added := privateAddedGroups.Load(ctx, private, diags); added != nil {
		return added
	}
	return without(tfkit.Strings(state.EffectiveUserGroups), tfkit.Strings(state.UserGroups))
}

// groupsAdded returns the groups that the server added to those that a create asked for.
func groupsAdded(wanted []string, in *wavefrontapi.ServiceAccount) addedGroups {
	added := append(addedGroups{}, without(ids(in.UserGroups), wanted)...)
	slices.Sort(added) // the order of the server may change, and a refresh must not change the private state then
	return added
}

// refreshed returns the added groups that the account is still in, in their order, and then further
// system groups of the account. The order of the server may change, and a refresh must not change the
// private state then.
func (a addedGroups) refreshed(in *wavefrontapi.ServiceAccount) addedGroups {
	has := ids(in.UserGroups)
	still := append(addedGroups{}, slices.DeleteFunc(slices.Clone(a), func(id string) bool {
		return !slices.Contains(has, id)
	})...)
	var more []string
	for _, group := range in.UserGroups {
		if group.System && !slices.Contains(a, group.ID) {
			more = append(more, group.ID)
		}
	}
	slices.Sort(more)
	return append(still, more...)
}

// ids returns the ids of roles or user groups; nil for nil.
func ids(all []wavefrontapi.Named) []string {
	if all == nil {
		return nil
	}
	texts := make([]string, len(all))
	for i, one := range all {
		texts[i] = one.ID
	}
	return texts
}

func without(texts, others []string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return slices.Contains(others, text) })
}

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
	if got.Active != nil && *got.Active != wanted.Active {
		ignored("active", fmt.Sprintf("active is %t", *got.Active))
	}
	if text := strings.TrimSpace(got.Description); text != wanted.Description {
		ignored("description", "the description is "+tfkit.Quote(text))
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
