package wavefront

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// privateOwnsCredential is whether the provider itself signs in with a token of the account.
var privateOwnsCredential = tfkit.Private[bool]{
	Key: "runs_the_provider", About: "whether the provider signs in with a token of the account",
}

const planReplaces = "This plan revokes the tokens of the account, since it replaces the account"

// ModifyPlan keeps what an update does not change, and refuses a plan that would lock the provider out.
func (r *serviceAccountResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	var state, plan serviceAccountResourceModel
	creates, destroys := req.State.Raw.IsNull(), req.Plan.Raw.IsNull()
	if !creates {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !destroys {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	owns := privateOwnsCredential.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if !destroys {
		var config types.Set
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("user_groups"), &config)...)
		plan.planGroups(config, &state, loadAddedGroups(ctx, req.Private, &state, &resp.Diagnostics))
		if !creates && plan.Identifier.Equal(state.Identifier) {
			plan.keepUnaffected(&state)
		}
		if !creates {
			tfkit.WarnOfReplacement("identifier", plan.Identifier, "the account", ", and revokes its tokens",
				&resp.Diagnostics)
		}
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	}
	switch {
	case !owns, destroys && state.AllowSelfLockout.ValueBool(), plan.AllowSelfLockout.ValueBool():
	case destroys:
		tfkit.RefuseLockout(&resp.Diagnostics, path.Empty(), "This plan deletes the account")
	case creates: // with private state: the second half of a replacement
		tfkit.RefuseLockout(&resp.Diagnostics, path.Empty(), planReplaces)
	default:
		plan.refuseLockout(&state, &resp.Diagnostics)
	}
}

// planGroups plans the groups in state, if the configuration only lists further groups that the server
// added. After an import or a move, state does not have them.
func (m *serviceAccountResourceModel) planGroups(
	config types.Set, state *serviceAccountResourceModel, added addedGroups,
) {
	m.UserGroups = config
	wanted, has := tfkit.Strings(config), tfkit.Strings(state.UserGroups)
	more := without(without(wanted, has), added)
	if tfkit.WhollyKnown(config) && len(more) == 0 && len(without(has, wanted)) == 0 &&
		(config.IsNull() || !state.UserGroups.IsNull()) {
		m.UserGroups = state.UserGroups
	}
	if m.UserGroups.IsNull() {
		m.UserGroups = types.SetNull(types.StringType)
	}
	if !m.UserGroups.Equal(state.UserGroups) {
		unknown := types.SetUnknown(types.StringType)
		m.EffectiveUserGroups, m.UnitedRoles, m.UnitedPermissions = unknown, unknown, unknown
	}
}

// keepUnaffected plans the values in state for the computed attributes that an update cannot change.
func (m *serviceAccountResourceModel) keepUnaffected(state *serviceAccountResourceModel) {
	keep := func(planned *types.Set, prior types.Set) {
		if planned.IsUnknown() && !prior.IsNull() {
			*planned = prior
		}
	}
	if !m.UserGroups.Equal(state.UserGroups) {
		return
	}
	keep(&m.EffectiveUserGroups, state.EffectiveUserGroups)
	if m.Roles.Equal(state.Roles) {
		keep(&m.UnitedRoles, state.UnitedRoles)
		if m.Permissions.Equal(state.Permissions) {
			keep(&m.UnitedPermissions, state.UnitedPermissions)
		}
	}
}

// keepPlanned restores the values that the plan knew: the next refresh shows what somebody else, or the
// server, changed meanwhile. The groups are kept only if the server ignored nothing.
func (m *serviceAccountResourceModel) keepPlanned(planned *serviceAccountResourceModel, groups bool) {
	for _, attribute := range []struct{ now, planned *types.Set }{
		{&m.EffectiveUserGroups, &planned.EffectiveUserGroups},
		{&m.UnitedRoles, &planned.UnitedRoles},
		{&m.UnitedPermissions, &planned.UnitedPermissions},
	} {
		if !attribute.planned.IsUnknown() {
			*attribute.now = *attribute.planned
		}
	}
	if groups {
		m.UserGroups = planned.UserGroups
	}
}

// refuseLockout refuses an update after which the tokens of the account no longer work, or may not
// manage accounts.
func (m *serviceAccountResourceModel) refuseLockout(state *serviceAccountResourceModel, diags *diag.Diagnostics) {
	if !m.Identifier.Equal(state.Identifier) {
		tfkit.RefuseLockout(diags, path.Root("identifier"), planReplaces)
	}
	for _, loss := range m.losses(state) {
		tfkit.RefuseLockout(diags, path.Root(loss.attribute), "This plan "+loss.what)
	}
}

// loss is a change of an attribute that may cut off the provider, if it signs in with the account.
type loss struct{ attribute, what string }

// losses returns what an update of the account takes away, that the provider may need.
func (m *serviceAccountResourceModel) losses(state *serviceAccountResourceModel) (all []loss) {
	add := func(loses bool, attribute, what string) {
		if loses {
			all = append(all, loss{attribute, what})
		}
	}
	add(!m.Active.IsUnknown() && !m.Active.ValueBool(), "active", "deactivates the account")
	add(slices.Contains(removed(state.Permissions, m.Permissions), userManagement), "permissions",
		"removes user_management, without which no accounts can be managed, from the account")
	add(len(removed(state.Roles, m.Roles)) > 0, "roles",
		"removes a role, which may have user_management, from the account")
	add(len(removed(state.UserGroups, m.UserGroups)) > 0, "user_groups",
		"removes a user group, whose roles may have user_management, from the account")
	return all
}

// removed returns what a plan removes from a set; nothing as long as the plan does not know all
// elements. Terraform plans again, with all values known, before it changes anything.
func removed(state, plan types.Set) []string {
	if !tfkit.WhollyKnown(plan) {
		return nil
	}
	return without(tfkit.Strings(state), tfkit.Strings(plan))
}
