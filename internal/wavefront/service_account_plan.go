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

// ModifyPlan refuses a plan that would lock the provider out.
func (r *serviceAccountResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if !privateOwnsCredential.Load(ctx, req.Private, &resp.Diagnostics) {
		return
	}
	var state, plan serviceAccountResourceModel
	creates, destroys := req.State.Raw.IsNull(), req.Plan.Raw.IsNull()
	if !creates {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !destroys {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	switch {
	case resp.Diagnostics.HasError(), destroys && state.AllowSelfLockout.ValueBool(), plan.AllowSelfLockout.ValueBool():
	case destroys:
		tfkit.RefuseLockout(&resp.Diagnostics, path.Empty(), "This plan deletes the account")
	case creates: // with private state: the second half of a replacement
		tfkit.RefuseLockout(&resp.Diagnostics, path.Empty(), planReplaces)
	default:
		plan.refuseLockout(&state, &resp.Diagnostics)
	}
}

// refuseLockout refuses an update after which the tokens of the account no longer work, or may not
// manage accounts.
func (m *serviceAccountResourceModel) refuseLockout(state *serviceAccountResourceModel, diags *diag.Diagnostics) {
	for _, loss := range []struct {
		attribute string
		loses     bool
		what      string
	}{
		{"identifier", !m.Identifier.Equal(state.Identifier), planReplaces},
		{"active", !m.Active.IsUnknown() && !m.Active.ValueBool(), "This plan deactivates the account"},
		{"permissions", slices.Contains(removed(state.Permissions, m.Permissions), userManagement),
			"This plan removes user_management, without which no accounts can be managed, from the account"},
		{"roles", len(removed(state.Roles, m.Roles)) > 0,
			"This plan removes a role, which may have user_management, from the account"},
		{"user_groups", len(removed(state.UserGroups, m.UserGroups)) > 0,
			"This plan removes a user group, whose roles may have user_management, from the account"},
	} {
		if loss.loses {
			tfkit.RefuseLockout(diags, path.Root(loss.attribute), loss.what)
		}
	}
}

// removed returns what a plan removes from a set; nothing as long as the plan does not know all
// elements. Terraform plans again, with all values known, before it changes anything.
func removed(state, plan types.Set) []string {
	if !tfkit.WhollyKnown(plan) {
		return nil
	}
	return without(tfkit.Strings(state), tfkit.Strings(plan))
}
