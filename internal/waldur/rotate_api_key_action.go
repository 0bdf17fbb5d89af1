package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/actionvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// rotateAPIKeyAction kills the key of a service account.
type rotateAPIKeyAction struct{ actionBase }

var (
	_ action.ActionWithConfigure        = &rotateAPIKeyAction{}
	_ action.ActionWithConfigValidators = &rotateAPIKeyAction{}
)

func newRotateAPIKeyAction(c *connection) action.Action {
	return &rotateAPIKeyAction{actionBase{base{Connection: c}}}
}

func (a *rotateAPIKeyAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "svcacct_waldur_rotate_api_key"
}

func (a *rotateAPIKeyAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	account := func(scope string) schema.StringAttribute {
		return schema.StringAttribute{
			CustomType: tfkit.UUIDType{}, Optional: true,
			MarkdownDescription: "UUID of a " + scope + " service account. Exactly one of the two attributes is set.",
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Kills the current API key of a Waldur service account at once, for the case of a leak. Waldur issues a new key with that, which nobody " +
			"keeps, since an action can't write it anywhere. The key in the state of the resource is dead from then on: change one of its `keepers` and apply, " +
			"to have a key again.",
		Attributes: map[string]schema.Attribute{
			"customer_service_account": account("customer"),
			"project_service_account":  account("project"),
		},
	}
}

func (a *rotateAPIKeyAction) ConfigValidators(context.Context) []action.ConfigValidator {
	return []action.ConfigValidator{
		actionvalidator.ExactlyOneOf(path.MatchRoot("customer_service_account"), path.MatchRoot("project_service_account")),
	}
}

func (a *rotateAPIKeyAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m struct {
		Customer tfkit.UUID `tfsdk:"customer_service_account"`
		Project  tfkit.UUID `tfsdk:"project_service_account"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	kind, uuid := customerServiceAccountKind, m.Customer.Canonical()
	if m.Customer.IsNull() {
		kind, uuid = projectServiceAccountKind, m.Project.Canonical()
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: "rotating the API key of " + kind.title + " " + uuid})
	account, err := kind.area(a.Client).RotateAPIKey(ctx, uuid)
	if err != nil {
		kind.fail(&resp.Diagnostics, "rotate the API key of", uuid, err)
		return
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: "the key of " + account.Username + " is dead; change a keeper of its resource and apply to have a new one"})
}
