package wavefront

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// setServiceAccountActiveAction activates or deactivates a service account.
type setServiceAccountActiveAction struct{ actionBase }

var (
	_ action.ActionWithConfigure  = &setServiceAccountActiveAction{}
	_ action.ActionWithModifyPlan = &setServiceAccountActiveAction{}
)

func newSetServiceAccountActiveAction(c *connection) action.Action {
	return &setServiceAccountActiveAction{actionBase{base{Connection: c}}}
}

func (a *setServiceAccountActiveAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "svcacct_wavefront_set_service_account_active"
}

func (a *setServiceAccountActiveAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: shutDown + "Activates or deactivates a Wavefront service account at once, for an emergency: all its tokens are refused while it is inactive, and " +
			"work again afterwards. A resource that manages the account wants the same in `active`, or the next apply takes it back.",
		Attributes: map[string]schema.Attribute{
			"identifier": schema.StringAttribute{
				Required: true, Validators: []validator.String{identifier{}}, MarkdownDescription: serviceAccountDescriptions["identifier"],
			},
			"active": schema.BoolAttribute{Required: true, MarkdownDescription: "Whether the account is to be active."},
			"allow_self_lockout": schema.BoolAttribute{
				Optional: true, MarkdownDescription: "Whether the account may be deactivated whose token the provider itself runs with.",
			},
		},
	}
}

type setActiveModel struct {
	Identifier       types.String `tfsdk:"identifier"`
	Active           types.Bool   `tfsdk:"active"`
	AllowSelfLockout types.Bool   `tfsdk:"allow_self_lockout"`
}

// ModifyPlan refuses to deactivate the account that the provider runs with. One that can't be read is left to Invoke.
func (a *setServiceAccountActiveAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	var m setActiveModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || a.Client == nil || m.Identifier.IsUnknown() || m.Active.IsUnknown() || m.Active.ValueBool() || m.AllowSelfLockout.ValueBool() {
		return
	}
	if account, err := a.Client.ServiceAccounts.Get(ctx, m.Identifier.ValueString()); err == nil && runsProvider(a.Client, account) {
		refuseLockout(&resp.Diagnostics, path.Root("active"), "deactivates the account")
	}
}

func (a *setServiceAccountActiveAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m setActiveModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	changed, err := a.set(ctx, m.Identifier.ValueString(), m.Active.ValueBool(), m.AllowSelfLockout.ValueBool())
	if err != nil {
		fail(&resp.Diagnostics, "set whether Wavefront service account is active", m.Identifier.ValueString(), err)
		return
	}
	message := fmt.Sprintf("active of %s is %t now", m.Identifier.ValueString(), m.Active.ValueBool())
	if !changed {
		message = fmt.Sprintf("active of %s was %t already", m.Identifier.ValueString(), m.Active.ValueBool())
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: message})
}

// set makes sure that an account is active, or that it is not, and tells whether anything had to be done.
func (a *setServiceAccountActiveAction) set(ctx context.Context, identifier string, active, allowLockout bool) (changed bool, err error) {
	account, err := a.Client.ServiceAccounts.Get(ctx, identifier)
	if err != nil || account.Active == active {
		return false, err
	}
	if !active && !allowLockout && runsProvider(a.Client, account) {
		return false, errors.New("the provider itself runs with a token of this account; set allow_self_lockout = true to deactivate it all the same")
	}
	if err := a.Client.ServiceAccounts.SetActive(ctx, identifier, active); err != nil {
		return false, err
	}
	if runsProvider(a.Client, account) {
		return true, nil // it can't be read any more
	}
	account, err = a.Client.ServiceAccounts.Get(ctx, identifier)
	if err == nil && account.Active != active {
		err = fmt.Errorf("the server answered with success, but active is %t still", account.Active)
	}
	return true, err
}
