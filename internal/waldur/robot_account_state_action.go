package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

type setRobotAccountStateModel struct {
	UUID         tfkit.UUID   `tfsdk:"uuid"`
	State        types.String `tfsdk:"state"`
	ErrorMessage types.String `tfsdk:"error_message"`
}

// setRobotAccountStateAction changes the state of a robot account.
var setRobotAccountStateAction = tfkit.Action[client, setRobotAccountStateModel]{
	Type: "svcacct_waldur_set_robot_account_state",
	Schema: schema.Schema{
		MarkdownDescription: "Changes the state of a robot account. " + robotTransitions + " If a resource manages " +
			"the account and sets `state`, set it to the same state there: otherwise the next plan fails.",
		Attributes: map[string]schema.Attribute{
			"uuid": schema.StringAttribute{
				CustomType: tfkit.UUIDType{}, Required: true,
				MarkdownDescription: "UUID of the account, with or without hyphens.",
			},
			"state": schema.StringAttribute{
				Required:            true,
				Validators:          []validator.String{stringvalidator.OneOf(waldurapi.RobotAccountStates[1:]...)},
				MarkdownDescription: "New state: `Creating`, `OK`, `Requested deletion`, `Deleted` or `Error`.",
			},
			"error_message": schema.StringAttribute{
				Optional: true, Validators: robotErrorMessage,
				MarkdownDescription: "Why the account is in state `Error`. It has no effect with another state.",
			},
		},
	},
	Invoke: setRobotAccountState,
}

func setRobotAccountState(
	ctx context.Context, c *client, m *setRobotAccountStateModel,
	progress func(string), diags *diag.Diagnostics,
) {
	accounts, state := robotAccounts{c}, m.State.ValueString()
	account, err := accounts.get(ctx, m.UUID.Canonical(), "")
	if err == nil && string(account.State) == state {
		progress("the account is already in state " + state)
		return
	}
	if err == nil {
		_, err = accounts.setState(ctx, account, state, m.ErrorMessage.ValueString(), progress)
	}
	if err != nil {
		failRobotAccount(diags, "set the state of", m.UUID.Canonical(), err)
	}
}
