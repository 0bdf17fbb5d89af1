package wavefront

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

type setActiveModel struct {
	Identifier       types.String `tfsdk:"identifier"`
	Active           types.Bool   `tfsdk:"active"`
	AllowSelfLockout types.Bool   `tfsdk:"allow_self_lockout"`
}

var setActiveAction = tfkit.Action[client, setActiveModel]{
	Type: "svcacct_wavefront_set_service_account_active",
	Schema: schema.Schema{
		MarkdownDescription: shutDown + "Activates or deactivates a Wavefront service account at once, for an " +
			"emergency. The server refuses all its tokens while it is inactive, and accepts them again afterwards. " +
			"If a resource manages the account, set `active` there too: otherwise the next apply changes it back.",
		Attributes: map[string]schema.Attribute{
			"identifier": schema.StringAttribute{
				Required: true, Validators: validIdentifier,
				MarkdownDescription: serviceAccountDescriptions["identifier"],
			},
			"active": schema.BoolAttribute{Required: true, MarkdownDescription: "Whether the account becomes active."},
			"allow_self_lockout": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether the action may deactivate the account that the provider itself signs " +
					"in with. Default: `false`.",
			},
		},
	},
	Plan:   planSetActive,
	Invoke: setActive,
}

const actionDeactivates = "The action deactivates the account"

// planSetActive refuses to deactivate the account that the provider signs in with. Invoke reports
// read errors.
func planSetActive(ctx context.Context, client *client, m *setActiveModel, diags *diag.Diagnostics) {
	deactivates := !m.Identifier.IsUnknown() && !m.Active.IsUnknown() && !m.Active.ValueBool()
	if !deactivates || m.AllowSelfLockout.ValueBool() {
		return
	}
	accounts := serviceAccounts{client}
	if account, err := accounts.get(ctx, m.Identifier.ValueString()); err == nil && accounts.ownsCredential(account) {
		tfkit.RefuseLockout(diags, path.Root("active"), actionDeactivates)
	}
}

func setActive(
	ctx context.Context, client *client, m *setActiveModel, progress func(string), diags *diag.Diagnostics,
) {
	identifier, active := m.Identifier.ValueString(), m.Active.ValueBool()
	accounts, message := serviceAccounts{client}, fmt.Sprintf("active of %s is %t now", identifier, active)
	account, err := accounts.get(ctx, identifier)
	switch {
	case err != nil:
	case account.Active != nil && *account.Active == active:
		message = fmt.Sprintf("active of %s was %t already", identifier, active)
	case !active && !m.AllowSelfLockout.ValueBool() && accounts.ownsCredential(account):
		err = tfkit.LockoutError(actionDeactivates)
	default:
		err = accounts.setActive(ctx, account, active)
	}
	if err != nil {
		fail(diags, "set whether Wavefront service account is active", identifier, err)
		return
	}
	progress(message)
}
