package wavefront

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// ModifyPlan plans the rotation and the end of an overlap. It warns if the account has too many tokens,
// and refuses a plan that would lock the provider out.
func (r *tokenResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	var state, plan tokenResourceModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	known := privateFingerprints.Load(ctx, req.Private, &resp.Diagnostics).orOfState(&state)
	at := rotation.LoadPlanContext(ctx, req.Private, &resp.Diagnostics)
	ownsCredential := r.ownsCredential(known.Current) || r.ownsCredential(known.Previous)
	switch {
	case resp.Diagnostics.HasError():
		return
	case req.Plan.Raw.IsNull():
		if ownsCredential && !state.AllowSelfLockout.ValueBool() {
			tfkit.RefuseLockout(&resp.Diagnostics, path.Empty(), "This plan revokes the token")
		}
		return
	case req.State.Raw.IsNull() || !plan.ServiceAccount.Equal(state.ServiceAccount):
		resp.Diagnostics.Append(plan.PlanCreate()...)
		if !req.State.Raw.IsNull() {
			tfkit.WarnOfReplacement("service_account", plan.ServiceAccount, "the token", ", which is revoked at once",
				&resp.Diagnostics)
		}
		r.checkPlace(ctx, &plan, &resp.Diagnostics, true)
		if ownsCredential && !plan.AllowSelfLockout.ValueBool() {
			tfkit.RefuseLockout(&resp.Diagnostics, path.Root("service_account"), "This plan replaces the token")
		}
	default:
		resp.Diagnostics.Append(plan.Plan(state.OverlappingKey, at)...)
		r.refuseRevocation(known, &plan, &resp.Diagnostics)
		if plan.WillRotate() && !state.HasPrevious() && known.Unconfirmed == nil {
			r.checkPlace(ctx, &plan, &resp.Diagnostics, false)
		}
	}
	plan.ID = tokenID(plan.ServiceAccount, plan.Name)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// checkPlace warns of a new token if the account has too many tokens: other changes of the same plan may
// revoke one. If the account cannot be read, as before it exists, the apply decides. The plan of a
// replacement looks like that of a create: its own token, known by the name, is revoked first.
func (r *tokenResource) checkPlace(ctx context.Context, m *tokenResourceModel, diags *diag.Diagnostics, creates bool) {
	if r.Client == nil || m.ServiceAccount.IsUnknown() || m.Name.IsUnknown() {
		return
	}
	account, err := serviceAccounts{r.Client}.find(ctx, m.ServiceAccount.ValueString())
	if err != nil || account == nil {
		return
	}
	live := tokenList(account.Tokens)
	replaces := creates && len(live.named(m.Name.ValueString())) > 0
	full := live.full()
	if full == nil || replaces {
		return
	}
	detail := fmt.Sprintf("%s: %s. The apply fails, unless it revokes another token first.",
		m.ServiceAccount.ValueString(), full)
	if !creates {
		detail += " A rotation needs one place while the new token exists and the old token is not revoked yet."
	}
	diags.AddAttributeWarning(path.Root("service_account"), "Too many tokens", detail)
}

// refuseRevocation refuses an update that revokes the token that the provider signs in with. A
// rotation with an overlap leaves the token valid.
func (r *tokenResource) refuseRevocation(known fingerprints, plan *tokenResourceModel, diags *diag.Diagnostics) {
	cutsShort := plan.WillRotate() && !plan.Overlaps() && !plan.Overlap.IsUnknown()
	switch {
	case plan.AllowSelfLockout.ValueBool():
	case r.ownsCredential(known.Current) && cutsShort:
		tfkit.RefuseLockout(diags, path.Root("keepers"), "This plan rotates without an overlap, and so revokes the "+
			"token")
	case r.ownsCredential(known.Previous) && (plan.WillRotate() || !plan.HasPrevious()):
		tfkit.RefuseLockout(diags, path.Root("overlap"), "This plan revokes the previous token")
	}
}

// ownsCredential reports whether the provider itself signs in with the token of a fingerprint.
func (r *tokenResource) ownsCredential(fingerprint string) bool {
	return r.Client != nil && r.Client.RunsWithFingerprint(fingerprint)
}
