package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// setRobotAccountStateAction takes a robot account to a state.
type setRobotAccountStateAction struct{ actionBase }

var _ action.ActionWithConfigure = &setRobotAccountStateAction{}

func newSetRobotAccountStateAction(c *connection) action.Action {
	return &setRobotAccountStateAction{actionBase{base{Connection: c}}}
}

func (a *setRobotAccountStateAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "svcacct_waldur_set_robot_account_state"
}

func (a *setRobotAccountStateAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Takes a robot account to a state, step by step: from `Requested` to `Creating` to `OK`, and from `OK` to `Error`, or to " +
			"`Requested deletion` and `Deleted`. There is no way back. A resource that manages the account and sets `state` wants the same state, or the next plan " +
			"is refused.",
		Attributes: map[string]schema.Attribute{
			"uuid": schema.StringAttribute{CustomType: tfkit.UUIDType{}, Required: true, MarkdownDescription: robotAccountDescriptions["uuid"]},
			"state": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf(robotCreating, robotOK, robotRequestedDeletion, robotDeleted, robotError)},
				MarkdownDescription: "The state to take it to.",
			},
			"error_message": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1), tfkit.Unpadded()},
				MarkdownDescription: "Why the account is in state `Error`, for that state.",
			},
		},
	}
}

func (a *setRobotAccountStateAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m struct {
		UUID         tfkit.UUID   `tfsdk:"uuid"`
		State        types.String `tfsdk:"state"`
		ErrorMessage types.String `tfsdk:"error_message"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	accounts, uuid := robotAccounts{a.Client}, m.UUID.Canonical()
	account, err := accounts.get(ctx, uuid, "")
	if err == nil && string(account.State) == m.State.ValueString() {
		resp.SendProgress(action.InvokeProgressEvent{Message: "the account is in state " + m.State.ValueString() + " already"})
		return
	}
	if err == nil {
		_, err = accounts.step(ctx, uuid, m.State.ValueString(), m.ErrorMessage.ValueString(), account, func(message string) {
			resp.SendProgress(action.InvokeProgressEvent{Message: message})
		})
	}
	if err != nil {
		failRobotAccount(&resp.Diagnostics, "set the state of", uuid, err)
	}
}
