package wavefront

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// tokenEphemeral returns a token of a service account that is neither in a state nor in a
// plan.
type tokenEphemeral struct{ ephemeralBase }

var (
	_ ephemeral.EphemeralResourceWithConfigure      = &tokenEphemeral{}
	_ ephemeral.EphemeralResourceWithClose          = &tokenEphemeral{}
	_ ephemeral.EphemeralResourceWithValidateConfig = &tokenEphemeral{}
)

func newTokenEphemeral(c *connection) ephemeral.EphemeralResource {
	return &tokenEphemeral{ephemeralBase{Base: base{Connection: c}}}
}

type tokenEphemeralModel struct {
	ServiceAccount types.String   `tfsdk:"service_account"`
	Name           types.String   `tfsdk:"name"`
	KeyVersion     types.Int64    `tfsdk:"key_version"`
	Temporary      types.Bool     `tfsdk:"temporary"`
	Lifetime       tfkit.Duration `tfsdk:"lifetime"`
	rotation.EphemeralKey
}

// defaultLifetime is the default of the attribute lifetime.
const defaultLifetime = time.Hour

func (m *tokenEphemeralModel) lifetime() time.Duration {
	if lifetime, ok := tfkit.DurationOf(m.Lifetime); ok {
		return lifetime
	}
	return defaultLifetime
}

func (e *tokenEphemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = tokenType
}

func (e *tokenEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: shutDown + "Reads the value of a token of a Wavefront service account. The value is " +
			"neither in the state nor in the plan.\n\nThe token exists already and is found by its name; or, with " +
			"`temporary = true`, it is generated for the run and revoked at its end. If the run is killed, a later " +
			"run that opens a temporary token of the same account revokes it, once its `lifetime` is over.",
		Attributes: rotation.WithEphemeral("Value of the token. "+tokenWords.Term, map[string]schema.Attribute{
			"service_account": schema.StringAttribute{
				Required: true, Validators: validAccount, MarkdownDescription: tokenDescriptions["service_account"],
			},
			"name": schema.StringAttribute{
				Required: true, Validators: validTokenName,
				MarkdownDescription: exactTokenName + " With `temporary`, the beginning of the new token's name.",
			},
			"key_version": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "`key_version` of the resource that manages the token, if the same " +
					"configuration has it. It is not known before apply while that resource creates or rotates the " +
					"token, and so the token is read after that. Without it, the read may return the token that the " +
					"apply revokes, or fail since there is no token yet. The provider does not use the value.",
			},
			"temporary": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to generate a token and to revoke it at the end of the run. Terraform " +
					"does so for the plan, and once more for the apply. Default: `false`.",
			},
			"lifetime": schema.StringAttribute{
				CustomType: tfkit.DurationType{}, Optional: true,
				Validators: []validator.String{tfkit.DurationAtLeast(time.Minute)},
				MarkdownDescription: "How long the run takes at most, with `temporary`. A Go duration such as `30m`. " +
					"After that time, another run may revoke the token. Default: `" + defaultLifetime.String() + "`.",
			},
		}),
	}
}

// ValidateConfig refuses a lifetime for a token that is not temporary.
func (e *tokenEphemeral) ValidateConfig(
	ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse,
) {
	var m tokenEphemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !m.Lifetime.IsNull() && !m.Temporary.IsUnknown() && !m.Temporary.ValueBool() {
		resp.Diagnostics.AddAttributeError(path.Root("lifetime"), "A lifetime without a temporary token",
			"lifetime applies only with temporary = true: a token that exists already is not revoked.")
	}
}

func (e *tokenEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m tokenEphemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var token *wavefrontapi.Token
	var err error
	doing, lookup := "read Wavefront service account token", tokens{e.Client, m.ServiceAccount.ValueString()}
	if m.Temporary.ValueBool() {
		doing = "generate temporary Wavefront service account token"
		token, err = e.openTemporary(ctx, lookup, &m, &resp.Diagnostics)
	} else {
		token, err = lookup.byName(ctx, m.Name.ValueString())
	}
	if err != nil {
		fail(&resp.Diagnostics, doing, lookup.account, err, openHints(err)...)
		return
	}
	if m.Temporary.ValueBool() {
		privateTemporary.Store(ctx, resp.Private, temporaryToken{lookup.account, token.ID.Reveal()}, &resp.Diagnostics)
	}
	m.Set(token.ID)
	resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
}

// openHints says how to read a token that a resource of the same configuration creates or renames.
func openHints(err error) []string {
	if !errors.Is(err, errNoToken) {
		return nil
	}
	return []string{"If a resource of the same configuration creates the token: set key_version = " + tokenType +
		".NAME.key_version, which is not known before the token exists. If the resource renames the token: first " +
		"apply that alone, with -target."}
}

// temporaryToken is a token that Close revokes. Terraform keeps it in memory.
type temporaryToken struct {
	Account string `json:"account"`
	Token   string `json:"token"`
}

var privateTemporary = tfkit.Private[temporaryToken]{Key: "opened", About: "the temporary token"}

// openTemporary revokes the tokens that killed runs left, and generates a token whose name says how
// long it is needed.
func (e *tokenEphemeral) openTemporary(
	ctx context.Context, lookup tokens, m *tokenEphemeralModel, diags *diag.Diagnostics,
) (*wavefrontapi.Token, error) {
	const next = "A later run revokes the token, if one was created"
	defer e.Data.Locks.Lock(tokenType + "/" + lookup.account)()

	live, err := lookup.get(ctx)
	if err != nil {
		return nil, err
	}
	now := e.Data.Clock().UTC()
	remaining := tokenList{}
	for i := range live {
		if hasExpired(live[i].Name, now) && !lookup.client.RunsWith(live[i].ID) {
			err := lookup.revoke(ctx, &live[i])
			if err == nil {
				continue
			}
			// An error would end the run before Close revokes the token of this run.
			diags.AddWarning("A temporary token of another run is still valid", fmt.Sprintf(
				"%s has a temporary token of another run, generated at %s, which could not be revoked: %s.",
				lookup.account, live[i:i+1].dates(), err))
		}
		remaining = append(remaining, live[i])
	}
	if err := remaining.full(); err != nil {
		return nil, err
	}
	return lookup.generate(ctx, temporaryName(m.Name.ValueString(), now.Add(m.lifetime())), live, next)
}

// Close revokes a temporary token.
func (e *tokenEphemeral) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	temporary := privateTemporary.Load(ctx, req.Private, &resp.Diagnostics)
	if temporary.Token == "" {
		return
	}
	token := &wavefrontapi.Token{ID: transport.NewSecret(temporary.Token)}
	if err := (tokens{e.Client, temporary.Account}).revoke(ctx, token); err != nil {
		fail(&resp.Diagnostics, "revoke temporary Wavefront service account token", temporary.Account, err,
			"A later run revokes it.")
	}
}
