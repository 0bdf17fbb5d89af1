package wavefront

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// setActiveAction activates or deactivates a service account.
type setActiveAction struct{ actionBase }

var (
	_ action.ActionWithConfigure  = &setActiveAction{}
	_ action.ActionWithModifyPlan = &setActiveAction{}
)

func newSetActiveAction(c *connection) action.Action {
	return &setActiveAction{actionBase{base{Connection: c}}}
}

func (a *setActiveAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "svcacct_wavefront_set_service_account_active"
}

func (a *setActiveAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: shutDown + "Activates or deactivates a Wavefront service account at once, for an " +
			"emergency. The server refuses all its tokens while it is inactive, and accepts them again afterwards. " +
			"If a resource manages the account, set `active` there too: otherwise the next apply changes it back.",
		Attributes: map[string]schema.Attribute{
			"identifier": schema.StringAttribute{
				Required: true, Validators: validIdentifier, MarkdownDescription: serviceAccountDescriptions[""+
					"identifier"],
			},
			"active": schema.BoolAttribute{Required: true, MarkdownDescription: "Whether the account becomes active."},
			"allow_self_lockout": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether the action may deactivate the account that the provider itself signs " +
					"in with. Default: `false`.",
			},
		},
	}
}

type setActiveModel struct {
	Identifier       types.String `tfsdk:"identifier"`
	Active           types.Bool   `tfsdk:"active"`
	AllowSelfLockout types.Bool   `tfsdk:"allow_self_lockout"`
}

const actionDeactivates = "The action deactivates the account"

// ModifyPlan refuses to deactivate the account that the provider signs in with. Invoke reports read
// errors.
func (a *setActiveAction) ModifyPlan(
	ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse,
) {
	var m setActiveModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	deactivates := !m.Identifier.IsUnknown() && !m.Active.IsUnknown() && !m.Active.ValueBool()
	if resp.Diagnostics.HasError() || a.Client == nil || !deactivates || m.AllowSelfLockout.ValueBool() {
		return
	}
	accounts := serviceAccounts{a.Client}
	if account, err := accounts.get(ctx, m.Identifier.ValueString()); err == nil && accounts.ownsCredential(account) {
		tfkit.RefuseLockout(&resp.Diagnostics, path.Root("active"), actionDeactivates)
	}
}

func (a *setActiveAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m setActiveModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	changed, err := m.set(ctx, serviceAccounts{a.Client})
	if err != nil {
		const doing = "set whether Wavefront service account is active"
		fail(&resp.Diagnostics, doing, m.Identifier.ValueString(), err)
		return
	}
	message := fmt.Sprintf("active of %s was %t already", m.Identifier.ValueString(), m.Active.ValueBool())
	if changed {
		message = fmt.Sprintf("active of %s is %t now", m.Identifier.ValueString(), m.Active.ValueBool())
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: message})
}

// set does what the configuration asks for, and returns whether the account had to be changed.
func (m *setActiveModel) set(ctx context.Context, accounts serviceAccounts) (changed bool, err error) {
	account, err := accounts.get(ctx, m.Identifier.ValueString())
	active := m.Active.ValueBool()
	switch {
	case err != nil || account.Active == active:
		return false, err
	case !active && !m.AllowSelfLockout.ValueBool() && accounts.ownsCredential(account):
		return false, tfkit.LockoutError(actionDeactivates)
	}
	return true, accounts.setActive(ctx, account, active)
}
