package instaclustr

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

type rotateAPIKeyModel struct {
	Username         types.String `tfsdk:"username"`
	KeyType          types.String `tfsdk:"key_type"`
	AllowSelfLockout types.Bool   `tfsdk:"allow_self_lockout"`
}

// rotateAPIKeyAction revokes an API key at once.
var rotateAPIKeyAction = tfkit.Action[client, rotateAPIKeyModel]{
	Type: "svcacct_instaclustr_rotate_api_key",
	Schema: schema.Schema{
		MarkdownDescription: "Revokes the current API key of a service user of NetApp Instaclustr at once, for " +
			"example after a leak. The service issues a new key, which nobody receives, since an action can't store " +
			"it. Then the key in the state of the resource no longer works, and a refresh warns about it. For a key " +
			"that works, change one of the `keepers` of the resource and apply. This also writes the allow list of " +
			"the resource again, if the service has dropped it.",
		Attributes: map[string]schema.Attribute{
			"username": schema.StringAttribute{
				Required: true, Validators: usernameValidators(), MarkdownDescription: apiKeyDescriptions["username"],
			},
			"key_type": schema.StringAttribute{
				Required: true, Validators: keyTypeValidators(), MarkdownDescription: apiKeyDescriptions["key_type"],
			},
			"allow_self_lockout": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to rotate even the key that the provider itself signs in with. " +
					"Default: `false`: such a rotation is an error.",
			},
		},
	},
	Invoke: rotateKeyAtOnce,
}

func rotateKeyAtOnce(
	ctx context.Context, client *client, m *rotateAPIKeyModel, progress func(string), diags *diag.Diagnostics,
) {
	username, keyType := m.Username.ValueString(), m.KeyType.ValueString()
	id, keys := keyID(username, keyType), client.keys()

	_, key, err := keys.get(ctx, username, keyType)
	if err != nil {
		failAPIKey(diags, "rotate", id, err)
		return
	}
	if client.RunsWith(username, key.Tail) && !m.AllowSelfLockout.ValueBool() {
		tfkit.RefuseLockout(diags, path.Root("key_type"), "This action rotates the API key "+id)
		return
	}
	progress("rotating the API key " + id)
	issued, err := keys.rotate(ctx, username, keyType)
	if err != nil {
		var hints []string
		if errors.Is(err, rotation.ErrUnconfirmed) {
			hints = append(hints, "It is not known whether the key still works. Invoke the action again.")
		}
		failAPIKey(diags, "rotate", id, err, hints...)
		return
	}
	progress("the key " + id + " no longer works; for a new key, change a keeper of its resource and apply")
	if len(issued.AllowList) > 0 {
		progress("the new key, which nobody knows, works from " + strings.Join(prefixesOf(issued.AllowList), ", "))
	}
}
