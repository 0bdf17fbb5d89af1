package wavefront

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
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

// defaultLifetime is after which time a temporary token that is still there counts as left over.
const defaultLifetime = time.Hour

// tokenEphemeralResource hands out a token of a service account without a trace in state.
type tokenEphemeralResource struct{ ephemeralBase }

var (
	_ ephemeral.EphemeralResourceWithConfigure      = &tokenEphemeralResource{}
	_ ephemeral.EphemeralResourceWithClose          = &tokenEphemeralResource{}
	_ ephemeral.EphemeralResourceWithValidateConfig = &tokenEphemeralResource{}
)

func newTokenEphemeralResource(c *connection) ephemeral.EphemeralResource {
	return &tokenEphemeralResource{ephemeralBase{base{Connection: c}}}
}

type ephemeralToken struct {
	ServiceAccount types.String         `tfsdk:"service_account"`
	Name           types.String         `tfsdk:"name"`
	Temporary      types.Bool           `tfsdk:"temporary"`
	Lifetime       timetypes.GoDuration `tfsdk:"lifetime"`
	rotation.EphemeralKey
}

func (e *tokenEphemeralResource) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = tokenType
}

func (e *tokenEphemeralResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: shutDown + "The value of a token of a Wavefront service account, for as long as a run takes, and never in state or plan.\n\n" +
			"It reads the existing token of a name; or, with `temporary = true`, it has one generated and revokes it at the end of the run. A temporary token that a killed " +
			"run left behind is revoked by the next run that opens one in the same account, once its `lifetime` is over.",
		Attributes: rotation.WithEphemeral("Value of the token. "+tokenWords.Term, map[string]schema.Attribute{
			"service_account": schema.StringAttribute{
				Required: true, Validators: []validator.String{identifier{}}, MarkdownDescription: tokenDescriptions["service_account"],
			},
			"name": schema.StringAttribute{
				Required: true, Validators: tokenName,
				MarkdownDescription: "Name of the token to read: several of that name are an error that tells their dates. With `temporary`, the beginning of the name of the new one.",
			},
			"temporary": schema.BoolAttribute{
				Optional: true, MarkdownDescription: "Whether to generate a token and to revoke it at the end. Terraform opens it for the plan and once more for the apply. Default: `false`.",
			},
			"lifetime": schema.StringAttribute{
				CustomType: timetypes.GoDurationType{}, Optional: true, Validators: []validator.String{tfkit.DurationAtLeast(time.Minute)},
				MarkdownDescription: fmt.Sprintf("For a temporary token: how long the longest run takes. After that time it counts as left over. Default: `%s`.", defaultLifetime),
			},
		}),
	}
}

// ValidateConfig refuses a lifetime for a token that is not temporary.
func (e *tokenEphemeralResource) ValidateConfig(ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	var m ephemeralToken
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !m.Lifetime.IsNull() && !m.Temporary.IsUnknown() && !m.Temporary.ValueBool() {
		resp.Diagnostics.AddAttributeError(path.Root("lifetime"), "A lifetime without a temporary token", "lifetime is for temporary = true: a token that exists already is not touched.")
	}
}

func (e *tokenEphemeralResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m ephemeralToken
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	tokens := accountTokens{e.Client, m.ServiceAccount.ValueString()}
	if !m.Temporary.ValueBool() {
		token, err := tokens.only(ctx, m.Name.ValueString())
		if err != nil {
			fail(&resp.Diagnostics, "read Wavefront service account token", tokens.account, err)
			return
		}
		m.Set(token.ID)
		resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
		return
	}
	token, err := e.openTemporary(ctx, tokens, &m, &resp.Diagnostics)
	if err != nil {
		fail(&resp.Diagnostics, "generate temporary Wavefront service account token", tokens.account, err)
		return
	}
	m.Set(token.ID)
	privateOpened.Store(ctx, resp.Private, opened{tokens.account, token.ID.Reveal()}, &resp.Diagnostics) // in memory, for Close
	resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
}

// opened is what Close has to revoke.
type opened struct {
	Account string `json:"account"`
	Token   string `json:"token"`
}

var privateOpened = tfkit.Private[opened]{Key: "opened", About: "the temporary token"}

// openTemporary revokes what killed runs left behind, and generates a token whose name says until when it is needed.
func (e *tokenEphemeralResource) openTemporary(ctx context.Context, tokens accountTokens, m *ephemeralToken, diags *diag.Diagnostics) (*wavefrontapi.Token, error) {
	defer e.Data.Locks.Lock(tokenType + "/" + tokens.account)()

	live, err := tokens.list(ctx)
	if err != nil {
		return nil, err
	}
	now := e.Data.Clock().UTC()
	count := len(live)
	for i := range live {
		if leftOver(live[i].Name, now) {
			if err := tokens.revoke(ctx, &live[i]); err != nil { // it must not keep this run from its own, which Close would not revoke after an error
				diags.AddWarning("A temporary token is left behind", fmt.Sprintf("%s has a temporary token of another run, which was generated at %s and could not be revoked: %s.",
					tokens.account, live[i:i+1].dates(), err))
				continue
			}
			count--
		}
	}
	if count >= wavefrontapi.MaxTokens {
		return nil, errors.New(full(count))
	}
	token, _, err := tokens.generate(ctx, temporaryName(m.Name.ValueString(), now.Add(m.lifetime())), live.prints())
	return token, err
}

func (m *ephemeralToken) lifetime() time.Duration {
	if lifetime, diags := m.Lifetime.ValueGoDuration(); !m.Lifetime.IsNull() && !diags.HasError() {
		return lifetime
	}
	return defaultLifetime
}

// temporaryName returns a name that tells what the token is, until when it is needed, and which one it is.
func temporaryName(name string, end time.Time) string {
	return fmt.Sprintf("%s (temporary until %s, %s)", name, end.Format(time.RFC3339), rand.Text()[:8])
}

var temporaryForm = regexp.MustCompile(` \(temporary until ([^ ,]+), [A-Z2-7]{8}\)$`)

// leftOver tells whether a name is that of a temporary token whose time is over.
func leftOver(name string, now time.Time) bool {
	marked := temporaryForm.FindStringSubmatch(name)
	if marked == nil {
		return false
	}
	end, err := time.Parse(time.RFC3339, marked[1])
	return err == nil && now.After(end)
}

// Close revokes a temporary token.
func (e *tokenEphemeralResource) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	o := privateOpened.Load(ctx, req.Private, &resp.Diagnostics)
	if o.Token == "" {
		return
	}
	token := &wavefrontapi.Token{ID: transport.NewSecret(o.Token)}
	if err := (accountTokens{e.Client, o.Account}).revoke(ctx, token); err != nil {
		fail(&resp.Diagnostics, "revoke temporary Wavefront service account token", o.Account, err, "It is left over, and revoked by a later run.")
	}
}
