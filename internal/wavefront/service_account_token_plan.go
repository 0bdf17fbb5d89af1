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
	p := privatePrints.Load(ctx, req.Private, &resp.Diagnostics).orState(&state)
	at := rotation.LoadPlanContext(ctx, req.Private, &resp.Diagnostics)
	switch {
	case resp.Diagnostics.HasError():
		return
	case req.Plan.Raw.IsNull():
		r.keepOwn(p, state.AllowSelfLockout, path.Empty(), "revokes that token", &resp.Diagnostics)
		return
	case req.State.Raw.IsNull() || !plan.ServiceAccount.Equal(state.ServiceAccount):
		r.planCreate(ctx, &plan, &resp.Diagnostics)
		r.keepOwn(p, plan.AllowSelfLockout, path.Root("service_account"), "replaces that token", &resp.Diagnostics)
	default:
		resp.Diagnostics.Append(plan.Plan(state.OverlappingKey, at)...)
		r.planRevocation(p, &plan, &resp.Diagnostics)
		if plan.WillRotate() && !state.HasPrevious() && p.Unsettled == nil {
			r.checkPlace(ctx, &plan, &resp.Diagnostics, false)
		}
	}
	plan.ID = tokenID(plan.ServiceAccount, plan.Name)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// planCreate shows what a create can't have: a previous key, or any, if it is not stored.
func (r *tokenResource) planCreate(ctx context.Context, plan *managedToken, diags *diag.Diagnostics) {
	diags.Append(plan.PlanCreate()...)
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
	detail := plan.ServiceAccount.ValueString() + ": " + full(len(live)) + "."
	if !create {
		detail += " A rotation needs one place for the time when the new token is there and the old one not yet revoked."
	}
	diags.AddAttributeError(path.Root("service_account"), "No place for one more token", detail)
}

// keepOwn refuses to end a resource with a token that the provider runs with.
func (r *tokenResource) keepOwn(p prints, allowed types.Bool, where path.Path, what string, diags *diag.Diagnostics) {
	if r.runsWith(p.Current) || r.runsWith(p.Previous) {
		if !allowed.ValueBool() {
			refuseLockout(diags, where, what)
		}
	}
}

// planRevocation refuses to revoke a token that the provider runs with. A rotation with an overlap leaves it valid.
func (r *tokenResource) planRevocation(p prints, plan *managedToken, diags *diag.Diagnostics) {
	switch {
	case plan.AllowSelfLockout.ValueBool():
	case r.runsWith(p.Current) && plan.WillRotate() && !plan.Overlaps() && !plan.Overlap.IsUnknown():
		refuseLockout(diags, path.Root("keepers"), "rotates that token without an overlap, which revokes it")
	case r.runsWith(p.Previous) && (plan.WillRotate() || !plan.HasPrevious()):
		refuseLockout(diags, path.Root("overlap"), "revokes that token, which is the previous one by now")
	}
}

// runsWith tells whether the provider runs with the token of a fingerprint.
func (r *tokenResource) runsWith(fingerprint string) bool {
	return r.Client != nil && fingerprint != "" && fingerprint == r.Client.Fingerprint()
}
