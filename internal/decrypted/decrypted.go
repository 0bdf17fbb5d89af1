// Package decrypted is the ephemeral resource that opens a key which the state holds encrypted. It needs no
// system.
package decrypted

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/sealed"
)

// The environment variables that have identities, and the name of a file with identities.
const (
	identityVariable = "SVCACCT_AGE_IDENTITY"
	fileVariable     = "SVCACCT_AGE_IDENTITY_FILE"
)

// keyEphemeral opens one key. Terraform does not open it while an attribute of its configuration is not
// known.
type keyEphemeral struct{ getenv func(string) string }

// New returns the constructor. Getenv returns the value of an environment variable.
func New(getenv func(string) string) func() ephemeral.EphemeralResource {
	return func() ephemeral.EphemeralResource { return &keyEphemeral{getenv} }
}

type model struct {
	Encrypted  types.String `tfsdk:"encrypted_api_key"`
	Identity   types.String `tfsdk:"identity"`
	Recipients types.List   `tfsdk:"age_recipients"`
	rotation.EphemeralKey
}

func (e *keyEphemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "svcacct_decrypted_api_key"
}

func (e *keyEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Decrypts the API key that a resource with `age_recipients` holds as " +
			"`encrypted_api_key`, for write-only arguments of other providers. The key is neither in the state nor " +
			"in the plan. No request is sent.\n\nWhile the encrypted key is not known, as in a plan that rotates it, " +
			"nothing is decrypted. Every other plan, and every apply, decrypts the key and needs the identity, also " +
			"if nothing changes.",
		Attributes: rotation.WithEphemeral("The key. Null if `encrypted_api_key` is null.",
			map[string]schema.Attribute{
				"encrypted_api_key": schema.StringAttribute{
					Optional: true,
					MarkdownDescription: "The encrypted key, as the resource returns it. Null, as after an import, " +
						"gives a warning.",
				},
				"identity": schema.StringAttribute{
					Optional: true, Sensitive: true,
					MarkdownDescription: "Private keys, one of which opens the key: lines `AGE-SECRET-KEY-1...`, as " +
						"`age-keygen` writes them, and SSH keys in PEM without a passphrase. All of them are tried. " +
						"Take it from an ephemeral variable. Default: the environment variable `" + identityVariable +
						"`, else the file that `" + fileVariable + "` names.",
				},
				"age_recipients": schema.ListAttribute{
					ElementType: types.StringType, Optional: true,
					MarkdownDescription: "`age_recipients` of the resource. If no identity opens the key, the error " +
						"names them.",
				},
			}),
	}
}

// Open decrypts the key. Errors never have the encrypted key or an identity.
func (e *keyEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if m.Encrypted.IsNull() {
		resp.Diagnostics.AddAttributeWarning(encryptedPath, "No key to decrypt", "encrypted_api_key is null, and so "+
			"api_key is null. The state has no encrypted key: age_recipients are not set, or the resource was "+
			"imported without its key, which the next rotation issues.")
		resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
		return
	}
	identities, source := e.identities(&m, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	secret, err := sealed.Open(m.Encrypted.ValueString(), identities)
	if err != nil {
		resp.Diagnostics.AddError("Unable to decrypt the API key", m.explain(err, identities, source))
		return
	}
	m.Set(secret)
	resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
}

var encryptedPath = path.Root("encrypted_api_key")

// identities returns the identities of the configuration, else those of the environment, and where they come
// from; "" if there are none.
func (e *keyEphemeral) identities(m *model, diags *diag.Diagnostics) (found sealed.Identities, source string) {
	text, source := m.Identity.ValueString(), "identity"
	if text == "" {
		text, source = e.getenv(identityVariable), identityVariable
	}
	if file := e.getenv(fileVariable); text == "" && file != "" {
		content, err := os.ReadFile(file) //nolint:gosec // the user names the file
		if err != nil {
			diags.AddError("Unable to read the identity", fmt.Sprintf("%s: %v.", fileVariable, err))
			return found, ""
		}
		text, source = string(content), "the file that "+fileVariable+" names"
	}
	if text == "" {
		return found, ""
	}
	found, err := sealed.ParseIdentities(text)
	if err != nil {
		diags.AddError("Invalid identity", fmt.Sprintf("The value of %s is not valid: %v.", source, err))
	}
	return found, source
}

// explain says why no identity opens the key.
func (m *model) explain(err error, identities sealed.Identities, source string) string {
	var noMatch *sealed.NoMatchError
	if !errors.As(err, &noMatch) {
		return "encrypted_api_key can't be read: " + err.Error() + "."
	}
	parts := []string{"No identity is set. Set identity, " + identityVariable + " or " + fileVariable + "."}
	if source != "" {
		parts[0] = fmt.Sprintf("None of the identities in %s opens the key. Their recipients are: %s.", source,
			strings.Join(identities.Recipients(), ", "))
	}
	parts = append(parts, fmt.Sprintf("The key is encrypted to recipients of the kinds: %s.",
		strings.Join(noMatch.Kinds, ", ")))
	if recipients := m.publicKeys(); len(recipients) > 0 {
		parts = append(parts, "According to age_recipients, these are: "+strings.Join(recipients, ", ")+".")
	}
	return strings.Join(parts, "\n\n")
}

// publicKeys returns the elements of age_recipients that are public keys: others must not be shown.
func (m *model) publicKeys() []string {
	var keys []string
	for _, element := range m.Recipients.Elements() {
		text, _ := element.(types.String)
		if recipient, err := sealed.ParseRecipient(text.ValueString()); err == nil {
			keys = append(keys, recipient.String())
		}
	}
	return keys
}
