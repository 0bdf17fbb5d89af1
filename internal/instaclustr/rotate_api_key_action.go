package instaclustr

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// rotateAPIKeyAction kills an API key.
type rotateAPIKeyAction struct{ actionBase }

var _ action.ActionWithConfigure = &rotateAPIKeyAction{}

func newRotateAPIKeyAction(c *connection) action.Action {
	return &rotateAPIKeyAction{actionBase{base{Connection: c}}}
}

func (a *rotateAPIKeyAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "svcacct_instaclustr_rotate_api_key"
}

func (a *rotateAPIKeyAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Kills the current API key of a type of a service user of NetApp Instaclustr at once, for the case of a leak. The service issues a new key with that, which nobody keeps, since " +
			"an action can't write it anywhere. The key in the state of the resource is dead from then on, of which a refresh warns: change one of its `keepers` and apply, to have a key " +
			"again. That also puts the allow list of the resource in force, should the service have dropped it.",
		Attributes: map[string]schema.Attribute{
			"username":           schema.StringAttribute{Required: true, Validators: usernameChecks(), MarkdownDescription: apiKeyDescriptions["username"]},
			"key_type":           schema.StringAttribute{Required: true, Validators: keyTypeChecks(), MarkdownDescription: apiKeyDescriptions["key_type"]},
			"allow_self_lockout": schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether to rotate even the key that the provider itself signs in with. Without it, that is an error."},
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
	username, kind := m.Username.ValueString(), m.KeyType.ValueString()
	id := keyID(username, kind)
	key, err := serviceUsers{a.Client}.key(ctx, username, kind)
	if err == nil && key == nil {
		err = fmt.Errorf("the service user %q has no API key of type %q", username, kind)
	}
	if err != nil {
		failAPIKey(&resp.Diagnostics, "rotate", id, err)
		return
	}
	if a.Client.RunsWith(username, key.Tail) && !m.AllowSelfLockout.ValueBool() {
		lockedOut(&resp.Diagnostics, path.Root("key_type"), "This action rotates the API key "+id+".")
		return
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: "rotating the API key " + id})
	issued, err := a.Client.APIKeys.Rotate(ctx, username, kind)
	if err != nil {
		failAPIKey(&resp.Diagnostics, "rotate", id, err)
		return
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: "the key " + id + " is dead; change a keeper of its resource and apply to have a new one"})
	if len(issued.AllowList) > 0 {
		resp.SendProgress(action.InvokeProgressEvent{Message: "the new one, which nobody knows, works from " + strings.Join(prefixesOf(issued.AllowList), ", ")})
	}
}
