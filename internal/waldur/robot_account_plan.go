package waldur

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// ValidateConfig refuses an error message without the state that it belongs to.
func (r *robotAccountResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var m robotAccountResourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || m.ErrorMessage.IsNull() || m.State.IsUnknown() {
		return
	}
	if m.State.ValueString() != robotError {
		resp.Diagnostics.AddAttributeError(path.Root("error_message"), "Error message without an error",
			fmt.Sprintf("error_message can be set only together with state = %q.", robotError))
	}
}

// ModifyPlan refuses what Waldur would refuse, and marks what a change of the keys changes.
func (r *robotAccountResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var prior, planned robotAccountResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	if req.State.Raw.IsNull() {
		if state := planned.State.ValueString(); state == robotRequested || state == robotCreating {
			resp.Diagnostics.AddAttributeError(path.Root("state"), "State can't be reached", fmt.Sprintf("A new account is %q at once, and does not "+
				"go back to %q. Leave state out, or choose %q or a later one.", robotOK, state, robotOK))
		}
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	if resp.Diagnostics.HasError() || !planned.ResourceUUID.Equal(prior.ResourceUUID) {
		return // a new account; the framework does not tell here what is replaced
	}
	refuseTransition(prior, planned, resp)
	refuseRemoteCopy(prior, planned, resp)
	if planned.Keys.IsUnknown() || !slices.Equal(tfkit.CanonicalElements(planned.Keys), tfkit.CanonicalElements(prior.Keys)) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("fingerprints"), types.ListUnknown(fingerprintType))...)
	}
}

func refuseTransition(prior, planned robotAccountResourceModel, resp *resource.ModifyPlanResponse) {
	from, to := prior.State.ValueString(), planned.State.ValueString()
	if planned.State.IsUnknown() || prior.State.Equal(planned.State) {
		if prior.State.Equal(planned.State) && !planned.ErrorMessage.IsUnknown() && !planned.ErrorMessage.Equal(prior.ErrorMessage) {
			resp.Diagnostics.AddAttributeError(path.Root("error_message"), "Error message can't be changed",
				"Waldur takes an error message only when the account goes from OK to Error. Set error_message to the current one, "+prior.ErrorMessage.String()+
					". "+replaceHint)
		}
		return
	}
	if prior.State.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("state"), "No states on this server", "This Waldur is too old to keep states of robot accounts. Leave state out.")
		return
	}
	if _, ok := route(from, to); !ok {
		resp.Diagnostics.AddAttributeError(path.Root("state"), "State can't be reached", unreachable(from, to))
	}
}

// refuseRemoteCopy refuses changes of an account that is a copy from another Waldur. Its state can be set, and it can be deleted.
func refuseRemoteCopy(prior, planned robotAccountResourceModel, resp *resource.ModifyPlanResponse) {
	if prior.BackendID.ValueString() == "" || planned.Users.IsUnknown() || planned.Keys.IsUnknown() {
		return
	}
	if write, needed := planned.toUpdate(&prior); needed {
		for name, changed := range map[string]bool{
			"type": write.Type != nil, "username": write.Username != nil, "description": write.Description != nil,
			"users": write.Users != nil, "responsible_user": write.ResponsibleUser != nil, "keys": write.Keys != nil,
		} {
			if changed {
				resp.Diagnostics.AddAttributeError(path.Root(name), "Copy from another Waldur", fmt.Sprintf("This account is kept in step with another Waldur, where it is %s. "+
					"Waldur refuses to change it here: change it there. Its state can be set here, and it can be deleted.", prior.BackendID))
			}
		}
	}
}
