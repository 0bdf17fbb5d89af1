package wavefront

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// previousSuffix is at the end of a token's name from the rotation on that gave it a successor.
const previousSuffix = " (previous)"

// managedToken is the state of the resource.
type managedToken struct {
	ID             types.String `tfsdk:"id"`
	ServiceAccount types.String `tfsdk:"service_account"`
	Name           types.String `tfsdk:"name"`
	rotation.OverlappingKey
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

// setHeld records the values of the valid tokens. The prior key has the end of an overlap that the plan has ended already.
func (m *managedToken) setHeld(h held, prior rotation.OverlappingKey) {
	value := func(token *wavefrontapi.Token) (secret transport.Secret) {
		if token != nil {
			secret = token.ID
		}
		return secret
	}
	m.SetValues(value(h.current), value(h.previous), prior)
}

// Identity implements tfkit.ResourceModel.
func (m *managedToken) Identity() any { return tokenIdentity{m.ServiceAccount, m.Name} }

// prints are the fingerprints of the tokens of one resource. They find a token whatever its name is by now, without the secret being in
// state.
type prints struct {
	Current  string `json:"current,omitempty"`
	Previous string `json:"previous,omitempty"`
	// Unsettled is a generation of which it is not known whether it made a token. Nil: there is none.
	Unsettled *attempt `json:"unsettled,omitempty"`
}

// attempt is a generation whose outcome is not known.
type attempt struct {
	Name   string    `json:"name"`
	At     time.Time `json:"at"`
	Before []string  `json:"before"` // fingerprints of all tokens of the account before it
}

// attemptWindow is how far the time at which a server says that it generated a token may be from that of the attempt.
const attemptWindow = time.Hour

// made returns the token that an attempt made: the only one of its name that is new since, was generated at about that time, and is not known
// already.
func (a *attempt) made(live tokens, known held) *wavefrontapi.Token {
	if a == nil {
		return nil
	}
	candidates := slices.DeleteFunc(live.since(a.Before).named(a.Name), func(token wavefrontapi.Token) bool {
		off := time.UnixMilli(token.DateGenerated).Sub(a.At).Abs()
		return known.has(token) || token.DateGenerated != 0 && off > attemptWindow
	})
	if len(candidates) != 1 {
		return nil
	}
	return &candidates[0]
}

var privatePrints = tfkit.Private[prints]{Key: "fingerprints", About: "the fingerprints of tokens"}

// orState fills in what private state does not have: the CLI hands none to the destruction of a tainted resource.
func (p prints) orState(m *managedToken) prints {
	if secret, known := m.Known(); p.Current == "" && known {
		p.Current = secret.Fingerprint()
	}
	if secret, known := m.KnownPrevious(); p.Previous == "" && known {
		p.Previous = secret.Fingerprint()
	}
	return p
}

// held are the valid tokens of one resource; nil: none.
type held struct{ current, previous *wavefrontapi.Token }

func (h held) prints() prints {
	var p prints
	if h.current != nil {
		p.Current = h.current.ID.Fingerprint()
	}
	if h.previous != nil {
		p.Previous = h.previous.ID.Fingerprint()
	}
	return p
}

func (h held) has(token wavefrontapi.Token) bool {
	p, one := h.prints(), token.ID.Fingerprint()
	return one == p.Current || one == p.Previous
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
