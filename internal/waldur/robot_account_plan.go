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

// ModifyPlan refuses what Waldur would refuse, plans what the configuration leaves out, and marks the
// fingerprints of changed keys as unknown.
func (r *robotAccountResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var prior, planned robotAccountResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	}
	planned.planLeftOut(ctx, prior, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		planNewRobotAccount(ctx, planned, req.Config, &resp.Diagnostics)
		if !resp.Diagnostics.HasError() {
			r.refuseStates(ctx, planned, "plan", &resp.Diagnostics)
		}
		return
	}
	if !planned.ResourceUUID.Equal(prior.ResourceUUID) {
		// A new account: the framework does not report here what is replaced.
		tfkit.WarnOfReplacement("resource_uuid", planned.ResourceUUID, "the account", " with its keys and users",
			&resp.Diagnostics)
		return
	}
	replaced := privateReplaced.Load(ctx, req.Private, &resp.Diagnostics)
	if messageAlone(prior.ErrorMessage, planned) && !replaced.keepMessage(ctx, prior, planned, resp) {
		refuseMessage(&resp.Diagnostics)
	}
	if prior.State.IsNull() || privateNoStates.Load(ctx, req.Private, &resp.Diagnostics) {
		planWithoutStates(ctx, prior, planned, req.Config, resp)
	} else {
		configured := privateConfiguredState.Load(ctx, req.Private, &resp.Diagnostics)
		refuseTransition(ctx, prior, planned, configured, replaced, resp)
	}
	if prior.BackendID.ValueString() != "" {
		replaced.planRemoteCopy(ctx, prior, planned, resp)
		return // no update of the keys
	}
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
	if !configured.IsUnknown() && messageAlone(types.StringNull(), planned) {
		refuseMessage(diags)
	}
}

// messageAlone reports whether there is an error message without the state that it belongs to. A message
// in the prior state stays: the server keeps it when an account leaves the state Error.
func messageAlone(prior types.String, planned robotAccountResourceModel) bool {
	message := planned.ErrorMessage
	if message.IsUnknown() || message.IsNull() || message.Equal(prior) || planned.State.IsUnknown() && !prior.IsNull() {
		return false
	}
	return planned.State.ValueString() != robotError
}

func refuseMessage(diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("error_message"), "Error message without an error",
		fmt.Sprintf("error_message can be set only together with state = %q.", robotError))
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
	ctx context.Context, prior, planned robotAccountResourceModel, configured string, replaced replacedValues,
	resp *resource.ModifyPlanResponse,
) {
	state, diags := path.Root("state"), &resp.Diagnostics
	from, to := prior.State.ValueString(), planned.State.ValueString()
	switch {
	case planned.State.IsUnknown():
	case prior.State.Equal(planned.State):
		message := planned.ErrorMessage
		if from == robotError && !message.IsUnknown() && !message.Equal(prior.ErrorMessage) &&
			!replaced.keepMessage(ctx, prior, planned, resp) {
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
		if !prior.ErrorMessage.IsNull() { // else Terraform insists on a configured message
			diags.Append(resp.Plan.SetAttribute(ctx, path.Root("error_message"), prior.ErrorMessage)...)
		}
	}
}
