package wavefront

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// ModifyPlan plans the rotation and the end of an overlap, and refuses what can't work: no place for one more token, a lockout of the provider.
func (r *tokenResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state, plan managedToken
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	p, diags := loadPrints(ctx, req.Private)
	situation, recallDiags := rotation.Recall(ctx, req.Private)
	resp.Diagnostics.Append(append(diags, recallDiags...)...)
	switch {
	case resp.Diagnostics.HasError():
		return
	case req.Plan.Raw.IsNull():
		if p.Own != "" && !state.AllowSelfLockout.ValueBool() {
			refuseLockout(&resp.Diagnostics, path.Empty(), "revokes that token")
		}
		return
	case req.State.Raw.IsNull() || !plan.ServiceAccount.Equal(state.ServiceAccount):
		r.planCreate(ctx, &plan, &resp.Diagnostics)
		if p.Own != "" && !state.AllowSelfLockout.ValueBool() && !plan.AllowSelfLockout.ValueBool() {
			refuseLockout(&resp.Diagnostics, path.Root("service_account"), "replaces that token")
		}
	default:
		resp.Diagnostics.Append(plan.Plan(state.Overlapping, situation)...)
		if p.Own != "" && !plan.AllowSelfLockout.ValueBool() {
			plan.keepOwn(p, &resp.Diagnostics)
		}
		if plan.Planned() && !state.HasPrevious() {
			r.checkPlace(ctx, &plan, &resp.Diagnostics, false)
		}
		plan.planStored(&state)
	}
	plan.ID = tokenID(plan.ServiceAccount, plan.Name)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// planCreate shows what a create can't have: a previous key, or any, if it is not stored.
func (r *tokenResource) planCreate(ctx context.Context, plan *managedToken, diags *diag.Diagnostics) {
	diags.Append(plan.CheckOverlap()...)
	plan.ForgetPrevious()
	plan.ExpiresAt = types.StringNull()
	if !plan.StoreAPIKey.IsUnknown() && !plan.stores() {
		plan.APIKey = types.StringNull()
	}
	r.checkPlace(ctx, plan, diags, true)
}

// checkPlace refuses one more token where there is no place. An account that does not exist yet has all its places, and one that can't be
// read is left to the apply. The plan of a replacement looks like that of a create: its own token, known by the name, makes place.
func (r *tokenResource) checkPlace(ctx context.Context, plan *managedToken, diags *diag.Diagnostics, create bool) {
	if r.Client == nil || plan.ServiceAccount.IsUnknown() || plan.Name.IsUnknown() {
		return
	}
	live, err := r.Client.Tokens.List(ctx, plan.ServiceAccount.ValueString())
	replaced := create && len(tokens(live).named(plan.Name.ValueString())) > 0
	if err != nil || len(live) < wavefrontapi.MaxTokens || replaced {
		return
	}
	diags.AddAttributeError(path.Root("service_account"), "No place for one more token", plan.ServiceAccount.ValueString()+": "+full(len(live))+
		". A rotation needs one place for the time when the new token is there and the old one not yet revoked.")
}

// keepOwn refuses to revoke a token that the provider runs with. A rotation with an overlap leaves it valid.
func (m *managedToken) keepOwn(p prints, diags *diag.Diagnostics) {
	switch {
	case p.ownsCurrent() && m.Planned() && !m.Overlaps() && !m.Overlap.IsUnknown():
		refuseLockout(diags, path.Root("keepers"), "rotates that token without an overlap, which revokes it")
	case p.ownsPrevious() && (m.Planned() || !m.HasPrevious()):
		refuseLockout(diags, path.Root("overlap"), "revokes that token, which is the previous one by now")
	}
}

// planStored plans what becomes of the values in state, given that the rotation is planned.
func (m *managedToken) planStored(state *managedToken) {
	if m.StoreAPIKey.IsUnknown() {
		m.APIKey, m.PreviousAPIKey = types.StringUnknown(), types.StringUnknown()
		return
	}
	if !m.stores() {
		m.APIKey, m.PreviousAPIKey = types.StringNull(), types.StringNull()
		return
	}
	if state.APIKey.IsNull() {
		m.APIKey = types.StringUnknown()
		if m.HasPrevious() {
			m.PreviousAPIKey = types.StringUnknown()
		}
	}
}
