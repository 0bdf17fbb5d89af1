package wavefront

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// ModifyPlan keeps the provider from locking itself out.
func (r *serviceAccountResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !privateOwn.Load(ctx, req.Private, &resp.Diagnostics) {
		return
	}
	var state, plan managedServiceAccount
	if req.State.Raw.IsNull() { // with private state, this is the second half of a replacement
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
		if !resp.Diagnostics.HasError() && !plan.AllowSelfLockout.ValueBool() {
			refuseLockout(&resp.Diagnostics, path.Empty(), "replaces the account, and its tokens die with it")
		}
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if req.Plan.Raw.IsNull() {
		if !resp.Diagnostics.HasError() && !state.AllowSelfLockout.ValueBool() {
			refuseLockout(&resp.Diagnostics, path.Empty(), "deletes the account, and its tokens with it")
		}
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || plan.AllowSelfLockout.ValueBool() {
		return
	}
	if !plan.Identifier.Equal(state.Identifier) {
		refuseLockout(&resp.Diagnostics, path.Root("identifier"), "replaces the account, and its tokens die with it")
	}
	if !plan.Active.IsUnknown() && !plan.Active.ValueBool() {
		refuseLockout(&resp.Diagnostics, path.Root("active"), "deactivates the account")
	}
	if len(removed(state.Permissions, plan.Permissions, userManagement)) > 0 {
		refuseLockout(&resp.Diagnostics, path.Root("permissions"), "takes user_management away, without which accounts can't be managed")
	}
	if len(removed(state.Roles, plan.Roles)) > 0 {
		refuseLockout(&resp.Diagnostics, path.Root("roles"), "takes a role away, which may hold user_management")
	}
	if len(removed(state.UserGroups, plan.UserGroups)) > 0 {
		refuseLockout(&resp.Diagnostics, path.Root("user_groups"), "takes the account out of a user group, whose roles may hold user_management")
	}
}

// removed returns what a plan takes out of a set; with names, only those among them.
func removed(state, plan types.Set, names ...string) []string {
	if !tfkit.WhollyKnown(plan) {
		return nil // planned once more, with all values known, before anything is changed
	}
	gone := without(tfkit.Strings(state), tfkit.Strings(plan))
	if len(names) == 0 {
		return gone
	}
	return without(names, without(names, gone))
}
