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
			"use a service user of its own. A run that crashes leaves its key on the server. Keys have no names, so " +
			"the provider can't recognize it: the next run reports it, and somebody must revoke it in the console.",
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
}

var privateOpenKey = tfkit.Private[openKey]{Key: "opened", About: "the open key"}

func (e *apiKeyEphemeralResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m apiKeyEphemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	key := openKey{m.Username.ValueString(), m.KeyType.ValueString()}
	defer lock(e.Data, key.Username)()

	issued, err := e.issue(ctx, key, prefixes(m.CIDRAllowList))
	if err != nil {
		failAPIKey(&resp.Diagnostics, "open", keyID(key.Username, key.KeyType), err, openHints(err)...)
		return
	}
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
	if _, revokeErr := keys.remove(ctx, key.Username, key.KeyType); revokeErr != nil {
		return nil, fmt.Errorf("%w. A key may be left behind, since revoking it failed too: %w", err, revokeErr)
	}
	return nil, err
}

func openHints(err error) []string {
	if !errors.Is(err, errKeyExists) {
		return nil
	}
	return []string{"The key may be left from a run that crashed before it could revoke its key, belong to another " +
		"run, be managed by " + apiKeyType + ", or have come with the user. Keys have no names, so nothing says " +
		"which. If nobody needs it, revoke it in the console."}
}

// Close revokes the key.
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

	if _, err := e.Client.keys().remove(ctx, key.Username, key.KeyType); err != nil {
		failAPIKey(&resp.Diagnostics, "revoke", keyID(key.Username, key.KeyType), err,
			"The key of this run is left behind, and works. Revoke it in the console.")
	}
}
