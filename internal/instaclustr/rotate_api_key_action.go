package instaclustr

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// rotateAPIKeyAction revokes an API key at once.
type rotateAPIKeyAction struct{ actionBase }

var _ action.ActionWithConfigure = &rotateAPIKeyAction{}

func newRotateAPIKeyAction(c *connection) action.Action {
	return &rotateAPIKeyAction{actionBase{Base: base{Connection: c}}}
}

func (a *rotateAPIKeyAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "svcacct_instaclustr_rotate_api_key"
}

func (a *rotateAPIKeyAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	about := apiKeyDescriptions
	resp.Schema = schema.Schema{
		MarkdownDescription: "Revokes the current API key of a service user of NetApp Instaclustr at once, for " +
			"example after a leak. The service issues a new key, which nobody receives, since an action can't store " +
			"it. Then the key in the state of the resource no longer works, and a refresh warns about it. For a key " +
			"that works, change one of the `keepers` of the resource and apply. This also writes the allow list of " +
			"the resource again, if the service has dropped it.",
		Attributes: map[string]schema.Attribute{
			"username": schema.StringAttribute{
				Required: true, Validators: usernameValidators(), MarkdownDescription: about["username"],
			},
			"key_type": schema.StringAttribute{
				Required: true, Validators: keyTypeValidators(), MarkdownDescription: about["key_type"],
			},
			"allow_self_lockout": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to rotate even the key that the provider itself signs in with. " +
					"Default: `false`: such a rotation is an error.",
			},
		},
	}
}

func (a *rotateAPIKeyAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m struct {
		Username         types.String `tfsdk:"username"`
		KeyType          types.String `tfsdk:"key_type"`
		AllowSelfLockout types.Bool   `tfsdk:"allow_self_lockout"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	username, keyType := m.Username.ValueString(), m.KeyType.ValueString()
	id, keys := keyID(username, keyType), a.Client.keys()
	progress := func(message string) { resp.SendProgress(action.InvokeProgressEvent{Message: message}) }

	_, key, err := keys.get(ctx, username, keyType)
	if err != nil {
		failAPIKey(&resp.Diagnostics, "rotate", id, err)
		return
	}
	if a.Client.RunsWith(username, key.Tail) && !m.AllowSelfLockout.ValueBool() {
		tfkit.RefuseLockout(&resp.Diagnostics, path.Root("key_type"), "This action rotates the API key "+id)
		return
	}
	progress("rotating the API key " + id)
	issued, err := keys.rotate(ctx, username, keyType)
	if err != nil {
		failAPIKey(&resp.Diagnostics, "rotate", id, err)
		return
	}
	progress("the key " + id + " no longer works; for a new key, change a keeper of its resource and apply")
	if len(issued.AllowList) > 0 {
		progress("the new key, which nobody knows, works from " + strings.Join(prefixesOf(issued.AllowList), ", "))
	}
}
