package instaclustr

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// apiKeyEphemeralResource is an API key that lives as long as a run of Terraform.
type apiKeyEphemeralResource struct{ ephemeralBase }

var (
	_ ephemeral.EphemeralResourceWithConfigure = &apiKeyEphemeralResource{}
	_ ephemeral.EphemeralResourceWithClose     = &apiKeyEphemeralResource{}
)

func newAPIKeyEphemeralResource(c *connection) ephemeral.EphemeralResource {
	return &apiKeyEphemeralResource{ephemeralBase{Base: base{Connection: c}}}
}

type apiKeyEphemeralModel struct {
	Username      types.String `tfsdk:"username"`
	KeyType       types.String `tfsdk:"key_type"`
	CIDRAllowList types.Set    `tfsdk:"cidr_allow_list"`
	rotation.EphemeralKey
}

func (e *apiKeyEphemeralResource) Metadata(
	_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse,
) {
	resp.TypeName = apiKeyType
}

func (e *apiKeyEphemeralResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	about := apiKeyDescriptions
	resp.Schema = schema.Schema{
		MarkdownDescription: "Issues an API key of a service user of NetApp Instaclustr when a run of Terraform or " +
			"OpenTofu needs it, and revokes it when the run no longer needs it. The key is in no state and in no " +
			"plan. Each plan and each apply issues a key of its own.\n\nA service user has one key of each type. So " +
			"an existing key of the type is an error, and two runs at the same time disturb each other: give each " +
			"use a service user of its own. If the same configuration creates the user, take `username` from its " +
			"`id`, which is unknown until the user exists: the first key is issued after that. A run that crashes " +
			"leaves its key on the server. Keys have no names, so the provider can't recognize it: the next run " +
			"reports it, and somebody must revoke it in the console.",
		Attributes: rotation.WithEphemeral("The key. `key` in the Instaclustr API.", map[string]schema.Attribute{
			"username": schema.StringAttribute{
				Required: true, Validators: usernameValidators(), MarkdownDescription: about["username"],
			},
			"key_type": schema.StringAttribute{
				Required: true, Validators: keyTypeValidators(), MarkdownDescription: about["key_type"],
			},
			"cidr_allow_list": schema.SetAttribute{
				ElementType: cidrType{}, Optional: true, Validators: allowListValidators(),
				MarkdownDescription: about["cidr_allow_list"] + " If it is not set, the key works from all " +
					"addresses. " + openAtFirst + " A key that can't be restricted is revoked, and reported as an " +
					"error.",
			},
		}),
	}
}

// openKey has the values of an open key that Close needs.
type openKey struct {
	Username string `json:"username"`
	KeyType  string `json:"key_type"`
	Tail     string `json:"tail"` // its last characters
}

var privateOpenKey = tfkit.Private[openKey]{Key: "opened", About: "the open key"}

func (e *apiKeyEphemeralResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m apiKeyEphemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	key := openKey{Username: m.Username.ValueString(), KeyType: m.KeyType.ValueString()}
	defer lock(e.Data, key.Username)()

	issued, err := e.issue(ctx, key, prefixes(m.CIDRAllowList))
	if err != nil {
		failAPIKey(&resp.Diagnostics, "open", keyID(key.Username, key.KeyType), err, openHints(err)...)
		return
	}
	key.Tail = instaclustrapi.TailOf(issued.Secret.Reveal())
	privateOpenKey.Store(ctx, resp.Private, key, &resp.Diagnostics)
	m.Set(issued.Secret)
	resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
}

// issue issues a key and restricts it. If that fails, it revokes the key: Terraform does not call
// Close then.
func (e *apiKeyEphemeralResource) issue(
	ctx context.Context, key openKey, allowList []string,
) (*instaclustrapi.IssuedKey, error) {
	keys := e.Client.keys()
	issued, err := keys.create(ctx, key.Username, key.KeyType, false)
	switch {
	case err != nil && !errors.Is(err, rotation.ErrUnconfirmed):
		return nil, err
	case err == nil && len(allowList) > 0 && !isEffective(allowList, effectiveList(issued.AllowList)):
		err = keys.restrict(ctx, key.Username, key.KeyType, allowList)
	}
	if err == nil {
		return issued, nil
	}
	if issued != nil {
		key.Tail = instaclustrapi.TailOf(issued.Secret.Reveal())
	}
	if revokeErr := keys.removeIssued(ctx, key.Username, key.KeyType, key.Tail); revokeErr != nil &&
		!errors.Is(revokeErr, errKeyReplaced) {
		return nil, fmt.Errorf("%w. A key may be left behind, since revoking it failed too: %w", err, revokeErr)
	}
	return nil, err
}

func openHints(err error) []string {
	switch {
	case errors.Is(err, rotation.ErrUnconfirmed):
		return []string{"If the server is still processing the request, the key that it issues then is left behind, " +
			"and the next run reports it."}
	case errors.Is(err, instaclustrapi.ErrAbsent):
		return []string{"If a resource of the same configuration creates the user: take the user name from its id, " +
			"as in username = " + serviceUserType + ".NAME.id. The id is not known before the user exists, and so " +
			"the key is issued after that."}
	case !errors.Is(err, errKeyExists):
		return nil
	}
	return []string{"The key may be left from a run that crashed before it could revoke its key, belong to another " +
		"run, be managed by " + apiKeyType + ", or have come with the user. Keys have no names, so nothing says " +
		"which. If nobody needs it, revoke it in the console."}
}

// Close revokes the key. Another key of the same type, which ends with other characters, belongs to somebody
// else, and stays.
func (e *apiKeyEphemeralResource) Close(
	ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse,
) {
	key := privateOpenKey.Load(ctx, req.Private, &resp.Diagnostics)
	if key.Username == "" && !resp.Diagnostics.HasError() {
		resp.Diagnostics.AddError("Unable to revoke Instaclustr API key", "Terraform has lost the private data that "+
			"names the key of this run. The key is left behind, and works. Revoke it in the console.")
	}
	if resp.Diagnostics.HasError() {
		return
	}
	defer lock(e.Data, key.Username)()

	err := e.Client.keys().removeIssued(ctx, key.Username, key.KeyType, key.Tail)
	switch id := keyID(key.Username, key.KeyType); {
	case errors.Is(err, errKeyReplaced):
		resp.Diagnostics.AddWarning("API key replaced elsewhere", fmt.Sprintf("The API key %s that this run issued "+
			"does not exist any more: somebody rotated it, or revoked it and issued another key. The provider does "+
			"not revoke the other key.", id))
	case err != nil:
		failAPIKey(&resp.Diagnostics, "revoke", id, err,
			"The key of this run is left behind, and works. Revoke it in the console.")
	}
}
