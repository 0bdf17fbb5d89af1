package wavefront

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

const tokenType = serviceAccountType + "_token"

// previousSuffix ends the name of a token that has a successor.
const previousSuffix = " (previous)"

// temporaryForm ends the name of a temporary token.
var temporaryForm = regexp.MustCompile(` \(temporary until ([^ ,]+), [A-Z2-7]{8}\)$`)

// temporaryName returns the name of a temporary token: its purpose, until when it is needed, and a
// random text.
func temporaryName(name string, end time.Time) string {
	return fmt.Sprintf("%s (temporary until %s, %s)", name, end.Format(time.RFC3339), rand.Text()[:8])
}

// hasExpired reports whether a name is that of a temporary token that is not needed any more.
func hasExpired(name string, now time.Time) bool {
	parts := temporaryForm.FindStringSubmatch(name)
	if parts == nil {
		return false
	}
	end, err := time.Parse(time.RFC3339, parts[1])
	return err == nil && now.After(end)
}

// tokenResourceModel is the model that the resource manages.
type tokenResourceModel struct {
	ID             types.String `tfsdk:"id"`
	ServiceAccount types.String `tfsdk:"service_account"`
	Name           types.String `tfsdk:"name"`
	rotation.OverlappingKey
	AllowSelfLockout types.Bool `tfsdk:"allow_self_lockout"`
}

type tokenIdentity struct {
	ServiceAccount types.String `tfsdk:"service_account"`
	Name           types.String `tfsdk:"name"`
}

// Identity implements tfkit.ResourceModel.
func (m *tokenResourceModel) Identity() any { return tokenIdentity{m.ServiceAccount, m.Name} }

// subject names the token in errors.
func (m *tokenResourceModel) subject() string { return tokenID(m.ServiceAccount, m.Name).ValueString() }

func tokenID(serviceAccount, name types.String) types.String {
	if serviceAccount.IsUnknown() || name.IsUnknown() {
		return types.StringUnknown()
	}
	return types.StringValue(serviceAccount.ValueString() + "/" + name.ValueString())
}

// setTokens sets name, id and key values from the valid tokens. The prior key has the end of an
// overlap that the plan has ended already.
func (m *tokenResourceModel) setTokens(valid tokenPair, prior rotation.OverlappingKey, diags *diag.Diagnostics) {
	secret := func(token *wavefrontapi.Token) (secret transport.Secret) {
		if token != nil {
			secret = token.ID
		}
		return secret
	}
	m.Name = tfkit.OrPrior(tfkit.StringOrNull(valid.current.Name), m.Name)
	m.ID = tokenID(m.ServiceAccount, m.Name)
	m.SetValues(secret(valid.current), secret(valid.previous), prior, diags)
}

// tokenDataModel is a token in the data sources: all but its value.
type tokenDataModel struct {
	ServiceAccount types.String      `tfsdk:"service_account"`
	Name           types.String      `tfsdk:"name"`
	DateGenerated  timetypes.RFC3339 `tfsdk:"date_generated"`
	LastUsed       timetypes.RFC3339 `tfsdk:"last_used"`
	AccountType    types.String      `tfsdk:"account_type"`
}

func (m *tokenDataModel) fromAPI(account string, in *wavefrontapi.Token) {
	m.ServiceAccount = types.StringValue(account)
	m.Name = tfkit.OrPrior(tfkit.StringOrNull(in.Name), m.Name)
	m.DateGenerated = tfkit.MillisOrNull(in.DateGenerated)
	m.LastUsed = tfkit.MillisOrNull(in.LastUsed)
	m.AccountType = tfkit.StringOrNull(in.AccountType)
}

// fingerprints identify the tokens of one resource, whatever their names are. They are in private
// state, where the tokens themselves must not be.
type fingerprints struct {
	Current     string                 `json:"current,omitempty"`
	Previous    string                 `json:"previous,omitempty"`
	Unconfirmed *unconfirmedGeneration `json:"unsettled,omitempty"` // nil: none
}

var privateFingerprints = tfkit.Private[fingerprints]{Key: "fingerprints", About: "the fingerprints of tokens"}

// orOfState adds the fingerprints of the keys in state where private state has none: Terraform
// passes no private state to the destruction of a tainted resource.
func (f fingerprints) orOfState(m *tokenResourceModel) fingerprints {
	if secret, known := m.Known(); f.Current == "" && known {
		f.Current = secret.Fingerprint()
	}
	if secret, known := m.KnownPrevious(); f.Previous == "" && known {
		f.Previous = secret.Fingerprint()
	}
	return f
}

// unconfirmedGeneration is a request that may have generated a token although no response with the
// token was received.
type unconfirmedGeneration struct {
	Name   string    `json:"name"`
	At     time.Time `json:"at"`
	Before []string  `json:"before"` // fingerprints of all tokens of the account before it
}

// generationWindow is how far the server's time of a generation may be from that of the request: the
// clocks differ, and a server may finish a request long after the client has given up.
const generationWindow = time.Hour

// open reports whether the server may still generate the token of the request.
func (g *unconfirmedGeneration) open(now time.Time) bool {
	return g != nil && now.Sub(g.At) < generationWindow
}

// created returns the token that the request generated: the only token of its name that did not
// exist before, was generated at about that time, and is not known already.
func (g *unconfirmedGeneration) created(live tokenList, known tokenPair) *wavefrontapi.Token {
	if g == nil {
		return nil
	}
	candidates := slices.DeleteFunc(live.since(g.Before).named(g.Name), func(token wavefrontapi.Token) bool {
		off := time.UnixMilli(token.DateGenerated).Sub(g.At).Abs()
		return known.has(token) || token.DateGenerated != 0 && off > generationWindow
	})
	if len(candidates) != 1 {
		return nil
	}
	return &candidates[0]
}

// tokenPair are the valid tokens of one resource; nil: none.
type tokenPair struct{ current, previous *wavefrontapi.Token }

func (p tokenPair) fingerprints() (f fingerprints) {
	if p.current != nil {
		f.Current = p.current.ID.Fingerprint()
	}
	if p.previous != nil {
		f.Previous = p.previous.ID.Fingerprint()
	}
	return f
}

func (p tokenPair) has(token wavefrontapi.Token) bool {
	of, fingerprint := p.fingerprints(), token.ID.Fingerprint()
	return fingerprint == of.Current || fingerprint == of.Previous
}

// tokenList are the live tokens of one account.
type tokenList []wavefrontapi.Token

// byFingerprint returns nil if there is none.
func (l tokenList) byFingerprint(wanted string) *wavefrontapi.Token {
	for i := range l {
		if wanted != "" && l[i].ID.Fingerprint() == wanted {
			return &l[i]
		}
	}
	return nil
}

func (l tokenList) named(name string) tokenList {
	return slices.DeleteFunc(slices.Clone(l), func(token wavefrontapi.Token) bool { return token.Name != name })
}

// since returns the tokens that are not among those before, which are given by their fingerprints.
func (l tokenList) since(before []string) tokenList {
	return slices.DeleteFunc(slices.Clone(l), func(token wavefrontapi.Token) bool {
		return slices.Contains(before, token.ID.Fingerprint())
	})
}

func (l tokenList) without(token *wavefrontapi.Token) tokenList {
	return l.since([]string{token.ID.Fingerprint()})
}

func (l tokenList) fingerprints() []string {
	all := []string{}
	for _, token := range l {
		all = append(all, token.ID.Fingerprint())
	}
	return all
}

// atMostOne returns the token with a name; nil: there is none. The server does not keep names unique.
func (l tokenList) atMostOne(account, name string) (*wavefrontapi.Token, error) {
	found := l.named(name)
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return &found[0], nil
	}
	return nil, fmt.Errorf("%s has %d tokens named %q, generated at %s. Rename or revoke all but one in Wavefront",
		account, len(found), name, found.dates())
}

// dates distinguish tokens for people, without the values of the tokens.
func (l tokenList) dates() string {
	texts := make([]string, len(l))
	for i, token := range l {
		texts[i] = "an unknown time"
		if token.DateGenerated != 0 {
			texts[i] = time.UnixMilli(token.DateGenerated).UTC().Format(time.RFC3339)
		}
	}
	return strings.Join(texts, ", ")
}

// find returns the tokens of a resource.
func (l tokenList) find(known fingerprints) tokenPair {
	return tokenPair{l.byFingerprint(known.Current), l.byFingerprint(known.Previous)}
}

// warnOfSameName warns of other tokens of the same name: somebody else generated them, or a run
// that was killed. Created is the token of an unconfirmed generation; nil: none.
func (m *tokenResourceModel) warnOfSameName(
	live tokenList, valid tokenPair, created *wavefrontapi.Token, diags *diag.Diagnostics,
) {
	known := valid.has
	others := slices.DeleteFunc(live.named(m.Name.ValueString()), func(token wavefrontapi.Token) bool {
		return known(token) || created != nil && created.ID.Fingerprint() == token.ID.Fingerprint()
	})
	if len(others) > 0 {
		diags.AddWarning("Another token of the same name", fmt.Sprintf("The account has other tokens with the name "+
			"of %s, generated at %s by somebody else, or by a run that was killed. They are valid. Rename or revoke "+
			"them in Wavefront; until then, this token cannot be found by its name.", m.subject(), others.dates()))
	}
}

// afterRevoke returns what is left of a resource whose token was revoked outside of Terraform:
// another token of its name, or its previous token, or nothing.
func (m *tokenResourceModel) afterRevoke(live tokenList, valid tokenPair, diags *diag.Diagnostics) tokenPair {
	summary, fact := "A token was revoked outside of Terraform", " was revoked. "
	if !m.Held() { // the request that was to generate it generated nothing, or an import names no token
		summary, fact = "A token does not exist", " does not exist. "
	}
	warn := func(what string) { diags.AddWarning(summary, "The token "+m.subject()+fact+what) }
	sameName, several := live.atMostOne(m.ServiceAccount.ValueString(), m.Name.ValueString())
	switch {
	case sameName != nil:
		valid.current = sameName
		warn("Another token of its name, generated at " + tokenList{*sameName}.dates() + ", takes its place from now " +
			"on. If nobody intended this, change a keeper to rotate it.")
	case valid.previous != nil:
		valid = tokenPair{current: valid.previous}
		warn("The previous token is still valid, and takes its place from now on. Change a keeper to rotate it.")
	case several != nil:
		warn("None of the others can take its place: " + several.Error() + ".")
		return tokenPair{}
	default:
		warn("The next apply generates a new token, which its consumers need. If nobody needs it any more, remove " +
			"the resource from the configuration.")
		return tokenPair{}
	}
	m.Replace(tfkit.MillisOrNull(valid.current.DateGenerated))
	return valid
}
