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

// privateConfiguredState is the state that the configuration had at the last apply, "" if none.
var privateConfiguredState = tfkit.Private[string]{Key: "wanted_state", About: "the configured state"}

func storeConfiguredState(ctx context.Context, config tfsdk.Config, to tfkit.PrivateState, diags *diag.Diagnostics) {
	var state types.String
	diags.Append(config.GetAttribute(ctx, path.Root("state"), &state)...)
	privateConfiguredState.Store(ctx, to, state.ValueString(), diags)
}

// privateNoStates says that the server had no states of robot accounts at the last refresh. Earlier
// versions of the provider stored "OK" as the state of an account on such a server.
var privateNoStates = tfkit.Private[bool]{Key: "no_states", About: "whether the server has states"}

// ModifyPlan refuses what Waldur would refuse, and marks the fingerprints of changed keys as unknown.
func (r *robotAccountResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var prior, planned robotAccountResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	if req.State.Raw.IsNull() {
		planNewRobotAccount(ctx, planned, req.Config, &resp.Diagnostics)
		r.refuseStates(ctx, planned, "plan", &resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	if resp.Diagnostics.HasError() || !planned.ResourceUUID.Equal(prior.ResourceUUID) {
		return // a new account: the framework does not report here what is replaced
	}
	refuseMessage(prior.ErrorMessage, planned, &resp.Diagnostics)
	if prior.State.IsNull() || privateNoStates.Load(ctx, req.Private, &resp.Diagnostics) {
		planWithoutStates(ctx, prior, planned, req.Config, resp)
	} else {
		configured := privateConfiguredState.Load(ctx, req.Private, &resp.Diagnostics)
		refuseTransition(ctx, prior, planned, configured, resp)
	}
	refuseRemoteCopy(prior, planned, &resp.Diagnostics)
	keys, priorKeys := tfkit.CanonicalElements(planned.Keys), tfkit.CanonicalElements(prior.Keys)
	if !tfkit.WhollyKnown(planned.Keys) || !slices.Equal(keys, priorKeys) {
		unknown := types.ListUnknown(fingerprintType)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("fingerprints"), unknown)...)
	}
}

func planNewRobotAccount(
	ctx context.Context, planned robotAccountResourceModel, config tfsdk.Config, diags *diag.Diagnostics,
) {
	if state := planned.State.ValueString(); state == robotRequested || state == robotCreating {
		diags.AddAttributeError(path.Root("state"), "Unreachable state", fmt.Sprintf("A new account is %q at once, "+
			"and can't become %q again. Leave state out, or choose %q or a later one.", robotOK, state, robotOK))
	}
	var configured types.String
	diags.Append(config.GetAttribute(ctx, path.Root("state"), &configured)...)
	if !configured.IsUnknown() {
		refuseMessage(types.StringNull(), planned, diags)
	}
}

// refuseMessage refuses an error message without the state that it belongs to. A message in the
// prior state stays: the server keeps it when an account leaves the state Error.
func refuseMessage(prior types.String, planned robotAccountResourceModel, diags *diag.Diagnostics) {
	message := planned.ErrorMessage
	if message.IsUnknown() || message.IsNull() || message.Equal(prior) || planned.State.IsUnknown() && !prior.IsNull() {
		return
	}
	if planned.State.ValueString() != robotError {
		diags.AddAttributeError(path.Root("error_message"), "Error message without an error",
			fmt.Sprintf("error_message can be set only together with state = %q.", robotError))
	}
}

const (
	noStatesSummary = "No states on this server"
	leaveStateOut   = "This Waldur server is too old to keep states of robot accounts. Leave state out."
	leaveModeOut    = "This Waldur server is too old to keep states of robot accounts: the deletion of an account " +
		"can't be requested. Leave deletion_mode out, or choose \"" + deleteAtOnce + "\"."
)

// refuseStates refuses attributes of a new account that the server has nothing for. It asks the server
// only if there is such an attribute. The verb is "plan" or "create". A plan goes on if the server does
// not answer, as with a provider that is not configured yet: the create asks again.
func (r *robotAccountResource) refuseStates(
	ctx context.Context, planned robotAccountResourceModel, verb string, diags *diag.Diagnostics,
) {
	state := planned.State.ValueString() != ""
	mode := planned.DeletionMode.ValueString() == deleteOnRequest
	if r.Client == nil || !state && !mode {
		return
	}
	have, err := r.accounts().haveStates(ctx)
	if err != nil && verb != "plan" {
		failRobotAccount(diags, verb, "", err)
	}
	if err != nil || have {
		return
	}
	if state {
		diags.AddAttributeError(path.Root("state"), noStatesSummary, leaveStateOut)
	}
	if mode {
		diags.AddAttributeError(path.Root("deletion_mode"), noStatesSummary, leaveModeOut)
	}
}

// planWithoutStates refuses a new state or deletion mode on a server without states. Values in the
// prior state stay, with a warning: earlier versions of the provider accepted them.
func planWithoutStates(
	ctx context.Context, prior, planned robotAccountResourceModel, config tfsdk.Config,
	resp *resource.ModifyPlanResponse,
) {
	state, mode, diags := path.Root("state"), path.Root("deletion_mode"), &resp.Diagnostics
	var configured types.String
	diags.Append(config.GetAttribute(ctx, state, &configured)...)
	switch {
	case configured.IsNull() && !prior.State.IsNull():
		diags.Append(resp.Plan.SetAttribute(ctx, state, types.StringNull())...)
	case configured.IsNull() || configured.IsUnknown():
	case configured.Equal(prior.State):
		diags.AddAttributeWarning(state, noStatesSummary, leaveStateOut)
	default:
		diags.AddAttributeError(state, noStatesSummary, leaveStateOut)
	}
	switch {
	case planned.DeletionMode.ValueString() != deleteOnRequest:
	case planned.DeletionMode.Equal(prior.DeletionMode):
		diags.AddAttributeWarning(mode, noStatesSummary, leaveModeOut)
	default:
		diags.AddAttributeError(mode, noStatesSummary, leaveModeOut)
	}
}

// refuseTransition refuses a state that Waldur does not let the account reach. If the configuration
// still has the state of the last apply, the account has changed: then the plan leaves the state as
// it is, with a warning. An error would block every change of the configuration, also its destroy.
func refuseTransition(
	ctx context.Context, prior, planned robotAccountResourceModel, configured string, resp *resource.ModifyPlanResponse,
) {
	state, diags := path.Root("state"), &resp.Diagnostics
	from, to := prior.State.ValueString(), planned.State.ValueString()
	switch {
	case planned.State.IsUnknown():
	case prior.State.Equal(planned.State):
		message := planned.ErrorMessage
		if from == robotError && !message.IsUnknown() && !message.Equal(prior.ErrorMessage) {
			diags.AddAttributeError(path.Root("error_message"), "Error message can't be changed",
				"Waldur accepts an error message only when the account changes from OK to Error. Leave error_message "+
					"out, or as it is. "+replaceHint)
		}
	default:
		if _, ok := route(from, to); ok {
			return
		}
		if to != configured {
			diags.AddAttributeError(state, "Unreachable state", unreachable(from, to))
			return
		}
		diags.AddAttributeWarning(state, "Unreachable state", fmt.Sprintf(
			"The state was changed from %q to %q outside of Terraform. %s", to, from, unreachable(from, to)))
		diags.Append(resp.Plan.SetAttribute(ctx, state, prior.State)...)
		diags.Append(resp.Plan.SetAttribute(ctx, path.Root("error_message"), prior.ErrorMessage)...)
	}
}

// refuseRemoteCopy refuses changes of an account that is a copy from another Waldur server. Its
// state can be changed, and it can be deleted.
func refuseRemoteCopy(prior, planned robotAccountResourceModel, diags *diag.Diagnostics) {
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
			diags.AddAttributeError(path.Root(name), "Copy from another Waldur server", fmt.Sprintf("This account is "+
				"a copy of account %s on another Waldur server. Change it there: here Waldur refuses all changes but "+
				"those of its state, and its deletion.", prior.BackendID))
		}
	}
}
