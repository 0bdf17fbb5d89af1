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
	return &apiKeyEphemeralResource{ephemeralBase{base{Connection: c}}}
}

type apiKeyEphemeralModel struct {
	Username      types.String `tfsdk:"username"`
	KeyType       types.String `tfsdk:"key_type"`
	CIDRAllowList types.Set    `tfsdk:"cidr_allow_list"`
	rotation.EphemeralKey
}

func (e *apiKeyEphemeralResource) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = apiKeyType
}

func (e *apiKeyEphemeralResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	about := apiKeyDescriptions
	resp.Schema = schema.Schema{
		MarkdownDescription: "An API key of a service user of NetApp Instaclustr that is made when a run of Terraform or OpenTofu needs it, and revoked when the run has ended with it. It is in no " +
			"state and in no plan. Each plan and each apply makes one.\n\n" +
			"A service user has one key of a type: a key of the type that exists is an error, and two runs at a time get in each other's way. Give each use a service user of its own. A run " +
			"that crashes leaves its key behind, which has no name to tell it by: the next run says so, and the key must be revoked in the console.",
		Attributes: rotation.WithEphemeral("The key. `key` in the Instaclustr API.", map[string]schema.Attribute{
			"username": schema.StringAttribute{Required: true, Validators: usernameChecks(), MarkdownDescription: about["username"]},
			"key_type": schema.StringAttribute{Required: true, Validators: keyTypeChecks(), MarkdownDescription: about["key_type"]},
			"cidr_allow_list": schema.SetAttribute{
				ElementType: cidrType{}, Optional: true, Validators: allowListElements(),
				MarkdownDescription: about["cidr_allow_list"] + " Without it, the key is open to all addresses. " + about["window"] + " A key that can't be restricted is revoked, and an error.",
			},
		}),
	}
}

// openedKey is what Close needs to know.
type openedKey struct {
	Username string `json:"username"`
	KeyType  string `json:"key_type"`
}

var privateOpened = tfkit.Private[openedKey]{Key: "opened", About: "the open key"}

func (e *apiKeyEphemeralResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m apiKeyEphemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	opened := openedKey{m.Username.ValueString(), m.KeyType.ValueString()}
	defer lock(e.Data, opened.Username)()

	issued, err := e.open(ctx, opened, m.CIDRAllowList)
	if err != nil {
		failAPIKey(&resp.Diagnostics, "open", keyID(opened.Username, opened.KeyType), err, openHints(err)...)
		return
	}
	privateOpened.Store(ctx, resp.Private, opened, &resp.Diagnostics)
	m.Set(issued.Secret)
	resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
}

// open makes a key and restricts it. Of what fails nothing is left behind: Close is not called then.
func (e *apiKeyEphemeralResource) open(ctx context.Context, opened openedKey, allowList types.Set) (*instaclustrapi.IssuedKey, error) {
	users := serviceUsers{e.Client}
	issued, err := users.issue(ctx, opened.Username, opened.KeyType, false)
	if err == nil {
		if wanted := prefixes(allowList); !allowList.IsNull() && !holds(inForce(issued.AllowList), wanted) {
			err = users.restrict(ctx, opened.Username, opened.KeyType, wanted)
		}
		if err == nil {
			return issued, nil
		}
	} else if !errors.Is(err, errUnknown) {
		return nil, err
	}
	if _, revokeErr := users.revoke(ctx, opened.Username, []string{opened.KeyType}); revokeErr != nil {
		return nil, fmt.Errorf("%w. A key may be left behind, since revoking it failed, too: %w", err, revokeErr)
	}
	return nil, err
}

func openHints(err error) []string {
	if !errors.Is(err, errExists) {
		return nil
	}
	return []string{"It may be left from a run that crashed before it could revoke its key, belong to another run, be managed by " + apiKeyType + ", or have come with the user. Keys have no names " +
		"here, so nothing tells. If nobody needs it, revoke it in the console."}
}

// Close revokes the key.
func (e *apiKeyEphemeralResource) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	opened := privateOpened.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	defer lock(e.Data, opened.Username)()

	if _, err := (serviceUsers{e.Client}).revoke(ctx, opened.Username, []string{opened.KeyType}); err != nil {
		failAPIKey(&resp.Diagnostics, "revoke", keyID(opened.Username, opened.KeyType), err, "The key of this run is left behind, and works. Revoke it in the console.")
	}
}
