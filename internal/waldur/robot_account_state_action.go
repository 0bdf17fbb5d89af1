package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// setRobotAccountStateAction changes the state of a robot account.
type setRobotAccountStateAction struct{ actionBase }

var _ action.ActionWithConfigure = &setRobotAccountStateAction{}

func newSetRobotAccountStateAction(c *connection) action.Action {
	return &setRobotAccountStateAction{actionBase{base{Connection: c}}}
}

func (a *setRobotAccountStateAction) Metadata(
	_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse,
) {
	resp.TypeName = "svcacct_waldur_set_robot_account_state"
}

func (a *setRobotAccountStateAction) Schema(
	_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Changes the state of a robot account. " + robotTransitions + " If a resource manages " +
			"the account and sets `state`, set it to the same state there: otherwise the next plan fails.",
		Attributes: map[string]schema.Attribute{
			"uuid": schema.StringAttribute{
				CustomType: tfkit.UUIDType{}, Required: true,
				MarkdownDescription: "UUID of the account, with or without hyphens.",
			},
			"state": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf(waldurapi.RobotAccountStates[1:]...)},
				MarkdownDescription: "New state: `Creating`, `OK`, `Requested deletion`, `Deleted` or `Error`.",
			},
			"error_message": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1), tfkit.Unpadded()},
				MarkdownDescription: "Why the account is in state `Error`. It has no effect with another state.",
			},
		},
	}
}

func (a *setRobotAccountStateAction) Invoke(
	ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse,
) {
	var m struct {
		UUID         tfkit.UUID   `tfsdk:"uuid"`
		State        types.String `tfsdk:"state"`
		ErrorMessage types.String `tfsdk:"error_message"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	progress := func(message string) { resp.SendProgress(action.InvokeProgressEvent{Message: message}) }
	accounts, state := robotAccounts{a.Client}, m.State.ValueString()
	account, err := accounts.get(ctx, m.UUID.Canonical())
	if err == nil && string(account.State) == state {
		progress("the account is already in state " + state)
		return
	}
	if err == nil {
		_, err = accounts.setState(ctx, account, state, m.ErrorMessage.ValueString(), progress)
	}
	if err != nil {
		failRobotAccount(&resp.Diagnostics, "set the state of", m.UUID.Canonical(), err)
	}
}
