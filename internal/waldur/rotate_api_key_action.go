package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/actionvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// rotateAPIKeyAction revokes the key of a service account.
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
			MarkdownDescription: "UUID of a " + scope + " service account, with or without hyphens. Set exactly one " +
				"of the two attributes.",
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Revokes the current API key of a Waldur service account at once, for example after a " +
			"leak. Waldur issues a new key at the same time, but nobody gets it, since an action can't write to the " +
			"state. The key in the state of the resource no longer works. To get a new key, change one of the " +
			"resource's `keepers` and apply.",
		Attributes: map[string]schema.Attribute{
			"customer_service_account": account("customer"),
			"project_service_account":  account("project"),
		},
	}
}

func (a *rotateAPIKeyAction) ConfigValidators(context.Context) []action.ConfigValidator {
	return []action.ConfigValidator{actionvalidator.ExactlyOneOf(
		path.MatchRoot("customer_service_account"), path.MatchRoot("project_service_account"),
	)}
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
	progress := func(message string) { resp.SendProgress(action.InvokeProgressEvent{Message: message}) }
	progress("rotating the API key of " + kind.title + " " + uuid)
	account, err := serviceAccounts{kind, a.Client}.rotate(ctx, uuid)
	if err != nil {
		kind.fail(&resp.Diagnostics, "rotate the API key of", uuid, err)
		return
	}
	progress("the key of " + account.Username + " is revoked; change a keeper of its resource and apply to get a new " +
		"key")
}
