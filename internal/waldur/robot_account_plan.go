package waldur

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

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
		var configured types.String
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("state"), &configured)...)
		if !configured.IsUnknown() {
			refuseMessage(types.StringNull(), planned, resp)
		}
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	if resp.Diagnostics.HasError() || !planned.ResourceUUID.Equal(prior.ResourceUUID) {
		return // a new account; the framework does not tell here what is replaced
	}
	wanted := privateWanted.Load(ctx, req.Private, &resp.Diagnostics)
	refuseMessage(prior.ErrorMessage, planned, resp)
	refuseTransition(ctx, prior, planned, wanted, resp)
	refuseRemoteCopy(prior, planned, resp)
	if !tfkit.WhollyKnown(planned.Keys) || !slices.Equal(tfkit.CanonicalElements(planned.Keys), tfkit.CanonicalElements(prior.Keys)) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("fingerprints"), types.ListUnknown(fingerprintType))...)
	}
}

// refuseMessage refuses an error message without the state that it belongs to. One that is there already is left: it stays when an
// account gets out of Error by other means.
func refuseMessage(prior types.String, planned robotAccountResourceModel, resp *resource.ModifyPlanResponse) {
	if planned.ErrorMessage.IsUnknown() || planned.ErrorMessage.IsNull() || planned.State.IsUnknown() && !prior.IsNull() || planned.ErrorMessage.Equal(prior) {
		return
	}
	if planned.State.ValueString() != robotError {
		resp.Diagnostics.AddAttributeError(path.Root("error_message"), "Error message without an error",
			fmt.Sprintf("error_message can be set only together with state = %q.", robotError))
	}
}

// refuseTransition refuses a state that Waldur does not let the account get to. If it is not the configuration that has changed, but the
// account, the plan leaves the state as it is, with a warning: an error would keep the whole configuration from being applied, or destroyed.
func refuseTransition(ctx context.Context, prior, planned robotAccountResourceModel, wanted string, resp *resource.ModifyPlanResponse) {
	from, to := prior.State.ValueString(), planned.State.ValueString()
	switch {
	case planned.State.IsUnknown():
	case prior.State.Equal(planned.State):
		if message := planned.ErrorMessage; from == robotError && !message.IsUnknown() && !message.Equal(prior.ErrorMessage) {
			resp.Diagnostics.AddAttributeError(path.Root("error_message"), "Error message can't be changed",
				"Waldur takes an error message only when the account goes from OK to Error. Leave error_message out, or as it is. "+replaceHint)
		}
	case prior.State.IsNull():
		resp.Diagnostics.AddAttributeError(path.Root("state"), "No states on this server", "This Waldur is too old to keep states of robot accounts. Leave state out.")
	default:
		if _, ok := route(from, to); ok {
			return
		}
		if to != wanted {
			resp.Diagnostics.AddAttributeError(path.Root("state"), "State can't be reached", unreachable(from, to))
			return
		}
		resp.Diagnostics.AddAttributeWarning(path.Root("state"), "State can't be reached", fmt.Sprintf("The account was taken from %q to %q outside of Terraform. %s",
			to, from, unreachable(from, to)))
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("state"), prior.State)...)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("error_message"), prior.ErrorMessage)...)
	}
}

// privateWanted is the state that the configuration wanted when it was applied last, "" if none.
var privateWanted = tfkit.Private[string]{Key: "wanted_state", About: "the wanted state"}

func storeWanted(ctx context.Context, config tfsdk.Config, private tfkit.PrivateState, diags *diag.Diagnostics) {
	var state types.String
	diags.Append(config.GetAttribute(ctx, path.Root("state"), &state)...)
	privateWanted.Store(ctx, private, state.ValueString(), diags)
}

// refuseRemoteCopy refuses changes of an account that is a copy from another Waldur. Its state can be set, and it can be deleted.
func refuseRemoteCopy(prior, planned robotAccountResourceModel, resp *resource.ModifyPlanResponse) {
	if prior.BackendID.ValueString() == "" {
		return
	}
	write, _ := planned.toUpdate(&prior)
	for name, changed := range map[string]bool{
		"type":             write.Type != nil && !planned.Type.IsUnknown(),
		"username":         write.Username != nil && !planned.Username.IsUnknown(),
		"description":      write.Description != nil && !planned.Description.IsUnknown(),
		"users":            write.Users != nil && tfkit.WhollyKnown(planned.Users),
		"responsible_user": write.ResponsibleUser != nil && !planned.ResponsibleUser.IsUnknown(),
		"keys":             write.Keys != nil && tfkit.WhollyKnown(planned.Keys),
	} {
		if changed {
			resp.Diagnostics.AddAttributeError(path.Root(name), "Copy from another Waldur", fmt.Sprintf("This account is kept in step with another Waldur, where it is %s. "+
				"Waldur refuses to change it here: change it there. Its state can be set here, and it can be deleted.", prior.BackendID))
		}
	}
}
