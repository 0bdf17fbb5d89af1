package instaclustr

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// apiKeyResource manages API keys of service users.
type apiKeyResource struct{ tfkit.Resource[client] }

var (
	_ resource.ResourceWithConfigure   = &apiKeyResource{}
	_ resource.ResourceWithIdentity    = &apiKeyResource{}
	_ resource.ResourceWithImportState = &apiKeyResource{}
	_ resource.ResourceWithModifyPlan  = &apiKeyResource{}
)

func newAPIKeyResource(c *connection) resource.Resource {
	return &apiKeyResource{tfkit.ResourceType[client]{
		Name: apiKeyType, Schema: apiKeySchema,
		Identity: []tfkit.IdentityAttribute{
			{Name: "username", Description: "Name of the service user."},
			{Name: "key_type", Description: "Type of the key."},
		},
		Resolve: resolveAPIKey,
	}.Bind(c)}
}

func resolveAPIKey(ctx context.Context, client *client, id string, diags *diag.Diagnostics) []string {
	username, keyType, err := parseKeyID(importID(id))
	var user *instaclustrapi.ServiceUser
	if err == nil {
		user, _, err = client.keys().get(ctx, username, keyType)
	}
	if err != nil {
		failAPIKey(diags, "import", id, err)
		return nil
	}
	return []string{user.Username, keyType} // the user name in the spelling of the service
}

// ImportState also marks a key that the environment has, if it ends with the characters that the service shows.
func (r *apiKeyResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	r.Resource.ImportState(ctx, req, resp)
	var identity apiKeyIdentity
	if _, given := r.Data.ImportSettings().Key(); !given || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Identity.Get(ctx, &identity)...)
	_, found, err := r.Client.keys().get(ctx, identity.Username.ValueString(), identity.KeyType.ValueString())
	if err != nil {
		failAPIKey(&resp.Diagnostics, "import", identity.Username.ValueString(), err)
		return
	}
	rotation.MarkImport(ctx, r.Data.Imports, checkOf(found.Tail), resp.Private, &resp.Diagnostics)
}

// checkOf returns the check of an imported key, given the characters that the service shows of the key; nil if it
// shows none.
func checkOf(tail string) func(transport.Secret) error {
	if tail == "" {
		return nil
	}
	return func(key transport.Secret) error {
		if !strings.HasSuffix(key.Reveal(), tail) {
			return errors.New("it does not end with the characters that the service shows of the key")
		}
		return nil
	}
}

// replacedElsewhere is why a key no longer works whose last characters are not those that the service shows.
const replacedElsewhere = "the service shows other last characters than those of the key in state. Somebody has " +
	"rotated it, or revoked it and issued another key, which may be in use, and may have another allow list: a " +
	"rotation revokes that key, and writes the allow list in state again"

func (r *apiKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m apiKeyResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	at := rotation.LoadPlanContext(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	save := tfkit.BeginRead(ctx, &m, resp)

	username, keyType, id := m.key()
	key, err := r.Client.keys().read(ctx, username, keyType)
	if errors.Is(err, tfkit.ErrAbsent) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		failAPIKey(&resp.Diagnostics, "read", id, err)
		return
	}
	invalid, held := "", privateHeldTail.Load(ctx, req.Private, &resp.Diagnostics)
	if m.rotatedElsewhere(held, key.Tail) && !at.Unconfirmed {
		invalid = replacedElsewhere
	}
	lists := privateLists.Load(ctx, req.Private, &resp.Diagnostics)
	if lists.Returned != nil {
		m.EffectiveCIDRAllowList, lists.Returned = tfkit.StringSetOf(lists.Returned), nil
		privateLists.Store(ctx, resp.Private, lists, &resp.Diagnostics)
	}
	m.ID = types.StringValue(id)
	privateKeyTail.Store(ctx, resp.Private, key.Tail, &resp.Diagnostics)
	m.FinishRead(ctx, invalid, resp.Private, r.Data.Clock, &resp.Diagnostics)
	save()
}

func (r *apiKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m apiKeyResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	tail := privateKeyTail.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	username, keyType, id := m.key()
	defer lock(r.Data, username)()

	// The plan has refused this already, except for a tainted key, whose private state Terraform
	// does not pass.
	r.refuseOwnAtApply(ctx, m, tail, m.AllowSelfLockout, "This revokes", &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, err := r.Client.keys().remove(ctx, username, keyType); err != nil {
		failAPIKey(&resp.Diagnostics, "revoke", id, err)
	}
}
