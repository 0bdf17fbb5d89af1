package waldur

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// ModifyPlan warns of a replacement at the limit, plans the repair of an account in Erred, and plans the
// rotation.
func (r *serviceAccountResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() {
		return
	}
	state, plan := r.kind.newModel(), r.kind.newModel()
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		refuseNoIdentifier(plan.account(), &resp.Diagnostics)
		plan.account().PlanCreate()
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	at := rotation.LoadPlanContext(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	prior, m := state.account(), plan.account()
	if !plan.scope().Equal(*state.scope()) || !m.PreferredIdentifier.Equal(prior.PreferredIdentifier) {
		// A new account: the framework does not report here what is replaced.
		refuseNoIdentifier(m, &resp.Diagnostics)
		const dies = ", and its key stops working at once"
		tfkit.WarnOfReplacement(r.kind.scopeAttribute(), plan.scope(), "the account", dies, &resp.Diagnostics)
		tfkit.WarnOfReplacement("preferred_identifier", m.PreferredIdentifier, "the account", dies,
			&resp.Diagnostics)
		r.planReplacement(ctx, *plan.scope(), &resp.Diagnostics)
		return
	}
	if prior.erred() {
		m.State, m.ErrorMessage = types.StringValue(waldurapi.ServiceAccountOK), types.StringNull()
	}
	at = at.With(r.Data.ImportSettings())
	resp.Diagnostics.Append(m.Plan(prior.Key, at, "The current key stops working at once.")...)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// refuseNoIdentifier refuses a new account without a name. Waldur may have such an account, which can be
// imported.
func refuseNoIdentifier(m *serviceAccountResourceModel, diags *diag.Diagnostics) {
	if name := m.PreferredIdentifier; !name.IsUnknown() && name.ValueString() == "" {
		diags.AddAttributeError(path.Root("preferred_identifier"), "No name for a new account", fmt.Sprintf(
			"preferred_identifier must have 1 to %d characters. Only an account that has none, and is imported, may "+
				"have the text \"\".", maxIdentifier))
	}
}

// planReplacement warns of a replacement at the limit. Terraform shows no warning for a replacement that
// the command line asks for: it drops the warnings of the plan that knows of the replacement.
func (r *serviceAccountResource) planReplacement(ctx context.Context, scope tfkit.UUID, diags *diag.Diagnostics) {
	if scope.IsUnknown() {
		return
	}
	if limit, visible, reached := r.accounts().limitReached(ctx, scope.Canonical()); reached {
		diags.AddWarning("Replacement at the limit of service accounts", r.kind.replacementWarning(limit, visible))
	}
}
