package wavefront

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// previousSuffix is at the end of a token's name from the rotation on that gave it a successor.
const previousSuffix = " (previous)"

// managedToken is the state of the resource.
type managedToken struct {
	ID             types.String `tfsdk:"id"`
	ServiceAccount types.String `tfsdk:"service_account"`
	Name           types.String `tfsdk:"name"`
	StoreAPIKey    types.Bool   `tfsdk:"store_api_key"`
	rotation.Overlapping
	AllowSelfLockout types.Bool `tfsdk:"allow_self_lockout"`
}

// key tells which token of which account this is, for errors.
func (m *managedToken) key() string { return tokenID(m.ServiceAccount, m.Name).ValueString() }

func tokenID(serviceAccount, name types.String) types.String {
	if serviceAccount.IsUnknown() || name.IsUnknown() {
		return types.StringUnknown()
	}
	return types.StringValue(serviceAccount.ValueString() + "/" + name.ValueString())
}

// stores tells whether keys are to be in state; by default they are.
func (m *managedToken) stores() bool {
	return m.StoreAPIKey.IsNull() || m.StoreAPIKey.ValueBool()
}

// hold puts the values of the tokens that are valid into the model, or keeps them out of it.
func (m *managedToken) hold(h held) {
	value := func(token *wavefrontapi.Token) types.String {
		if token == nil || !m.stores() {
			return types.StringNull()
		}
		return types.StringValue(token.ID.Reveal())
	}
	m.APIKey, m.PreviousAPIKey = value(h.current), value(h.previous)
	if h.previous == nil {
		m.ForgetPrevious()
	}
}

func (m *managedToken) save(ctx context.Context, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	m.ID = tokenID(m.ServiceAccount, m.Name)
	diags.Append(state.Set(ctx, m)...)
	m.identify(ctx, identity, diags)
}

func (m *managedToken) identify(ctx context.Context, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	diags.Append(identity.SetAttribute(ctx, path.Root("service_account"), m.ServiceAccount)...)
	diags.Append(identity.SetAttribute(ctx, path.Root("name"), m.Name)...)
}

// prints are the fingerprints of the tokens of one resource. They find a token whatever its name is by now, without the secret being in
// state.
type prints struct {
	Current  string `json:"current,omitempty"`
	Previous string `json:"previous,omitempty"`
	// Before are those of all tokens there were before a generation whose outcome is not known. Nil: there is none.
	Before []string `json:"before,omitempty"`
	// Own is the fingerprint of the one that the provider runs with. Empty: with neither.
	Own string `json:"own,omitempty"`
}

const printsKey = "fingerprints"

func (p prints) store(ctx context.Context, private rotation.Private) diag.Diagnostics {
	return rotation.Store(ctx, private, printsKey, "the fingerprints of tokens", p)
}

// ownsCurrent tells whether the provider runs with the current token, ownsPrevious whether with the previous one.
func (p prints) ownsCurrent() bool  { return p.Own != "" && p.Own == p.Current }
func (p prints) ownsPrevious() bool { return p.Own != "" && p.Own == p.Previous }

func loadPrints(ctx context.Context, private rotation.Private) (p prints, diags diag.Diagnostics) {
	diags = rotation.Load(ctx, private, printsKey, "the fingerprints of tokens", &p)
	return p, diags
}

// held are the valid tokens of one resource; nil: none.
type held struct{ current, previous *wavefrontapi.Token }

// prints returns the fingerprints.
func (h held) prints(runsWith func(wavefrontapi.Token) bool) prints {
	var p prints
	for token, at := range map[*wavefrontapi.Token]*string{h.current: &p.Current, h.previous: &p.Previous} {
		if token != nil {
			*at = token.ID.Fingerprint()
			if runsWith(*token) {
				p.Own = *at
			}
		}
	}
	return p
}

// tokens are the live tokens of one account.
type tokens []wavefrontapi.Token

func (t tokens) byPrint(wanted string) *wavefrontapi.Token {
	for i := range t {
		if wanted != "" && t[i].ID.Fingerprint() == wanted {
			return &t[i]
		}
	}
	return nil
}

func (t tokens) named(name string) tokens {
	return slices.DeleteFunc(slices.Clone(t), func(token wavefrontapi.Token) bool { return token.Name != name })
}

// since returns the tokens that were not there before.
func (t tokens) since(before []string) tokens {
	return slices.DeleteFunc(slices.Clone(t), func(token wavefrontapi.Token) bool { return slices.Contains(before, token.ID.Fingerprint()) })
}

func (t tokens) prints() []string {
	all := []string{}
	for _, token := range t {
		all = append(all, token.ID.Fingerprint())
	}
	return all
}

// only returns the token with a name, which the API does not keep unique.
func (t tokens) only(account, name string) (*wavefrontapi.Token, error) {
	found := t.named(name)
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("%s has no token named %q", account, name)
	case 1:
		return &found[0], nil
	}
	return nil, fmt.Errorf("%s has %d tokens named %q, generated at %s. Rename or revoke all but one in Wavefront", account, len(found), name, found.dates())
}

// dates tell tokens apart for people, without the secrets that they are.
func (t tokens) dates() string {
	texts := make([]string, len(t))
	for i, token := range t {
		texts[i] = "an unknown time"
		if token.DateGenerated != 0 {
			texts[i] = time.UnixMilli(token.DateGenerated).UTC().Format(time.RFC3339)
		}
	}
	return strings.Join(texts, ", ")
}

// find returns the tokens of a resource among the live ones. One that was imported has no fingerprint yet, and goes by its name.
func (t tokens) find(p prints, account, name string) (held, error) {
	h := held{t.byPrint(p.Current), t.byPrint(p.Previous)}
	if p.Current != "" {
		return h, nil
	}
	var err error
	h.current, err = t.only(account, name)
	return h, err
}
