package wavefront

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// generated is when the tokens of the tests were generated, in ms since 1970.
const generated = 1_772_366_400_000 // 2026-03-01T12:00:00Z

// twoDates is how errors end on two tokens that live returned.
const twoDates = ", generated at 2026-03-01T12:00:00Z, 2026-03-01T12:00:01Z. Rename or revoke all but one in Wavefront"

// live returns tokens, each given as "secret name". The first was generated first, a second before
// the next one.
func live(texts ...string) tokenList {
	all := tokenList{}
	for i, text := range texts {
		secret, name, _ := strings.Cut(text, " ")
		all = append(
			all,
			wavefrontapi.Token{ID: transport.NewSecret(secret), Name: name, DateGenerated: generated + int64(i)*1000},
		)
	}
	return all
}

func fingerprint(secret string) string {
	if secret == "" {
		return ""
	}
	return transport.NewSecret(secret).Fingerprint()
}

// secretOf returns the secret of a token; "": there is none.
func secretOf(token *wavefrontapi.Token) string {
	if token == nil {
		return ""
	}
	return token.ID.Reveal()
}

func secretsOf(all tokenList) []string {
	secrets := []string{}
	for i := range all {
		secrets = append(secrets, secretOf(&all[i]))
	}
	return secrets
}

func TestAtMostOne(t *testing.T) {
	undated := live("secret-1 a", "secret-2 a")
	undated[0].DateGenerated = 0
	for name, test := range map[string]struct {
		tokens    tokenList
		want, err string
	}{
		"none":             {nil, "", ""},
		"none of the name": {live("secret-1 b", "secret-2 A", "secret-3 ", "secret-4 a (previous)"), "", ""},
		"one":              {live("secret-1 a"), "secret-1", ""},
		"one among others": {live("secret-1 b", "secret-2 a", "secret-3 c"), "secret-2", ""},
		"two of the name": {
			live("secret-1 a", "secret-2 b", "secret-3 a"), "",
			`sa::ci has 2 tokens named "a"` + strings.Replace(twoDates, "01Z", "02Z", 1),
		},
		"one without a date": {
			undated, "",
			`sa::ci has 2 tokens named "a"` + strings.Replace(twoDates, then, "an unknown time", 1),
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := test.tokens.atMostOne("sa::ci", "a")
			wantError(t, err, test.err)
			if secretOf(got) != test.want {
				t.Errorf("got %q, want %q", secretOf(got), test.want)
			}
		})
	}
}

func TestFindTokens(t *testing.T) {
	for name, test := range map[string]struct {
		tokens            tokenList
		current, previous string // secrets whose fingerprints private state has
		want              [2]string
	}{
		"both":                       {live("c x", "p x"), "c", "p", [2]string{"c", "p"}},
		"renamed outside":            {live("c y", "p z"), "c", "p", [2]string{"c", "p"}},
		"no previous":                {live("c x"), "c", "", [2]string{"c", ""}},
		"the previous token is gone": {live("c x"), "c", "p", [2]string{"c", ""}},
		"the current token is gone":  {live("p x"), "c", "p", [2]string{"", "p"}},
		"gone, another of its name":  {live("other x"), "c", "", [2]string{"", ""}},
		"all are gone":               {nil, "c", "p", [2]string{"", ""}},
		"nothing is known":           {live("c x"), "", "", [2]string{"", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			known := fingerprints{Current: fingerprint(test.current), Previous: fingerprint(test.previous)}
			pair := test.tokens.find(known)
			if got := [2]string{secretOf(pair.current), secretOf(pair.previous)}; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestTokensSinceAndNamed(t *testing.T) {
	all := live("1 a", "2 b", "3 a", "4 ")
	for name, test := range map[string]struct {
		got, want []string
	}{
		"since nothing":              {secretsOf(all.since(nil)), []string{"1", "2", "3", "4"}},
		"since some":                 {secretsOf(all.since(live("1 a", "3 b").fingerprints())), []string{"2", "4"}},
		"since all":                  {secretsOf(all.since(all.fingerprints())), []string{}},
		"since what is gone":         {secretsOf(all.since([]string{fingerprint("0")})), []string{"1", "2", "3", "4"}},
		"a secret is no fingerprint": {secretsOf(all.since([]string{"1"})), []string{"1", "2", "3", "4"}},
		"named":                      {secretsOf(all.named("a")), []string{"1", "3"}},
		"named otherwise":            {secretsOf(all.named("c")), []string{}},
		"without a name":             {secretsOf(all.named("")), []string{"4"}},
		"fingerprints": {
			all.fingerprints(), []string{fingerprint("1"), fingerprint("2"), fingerprint("3"), fingerprint("4")},
		},
		"fingerprints of none":    {tokenList(nil).fingerprints(), []string{}},
		"since, of none":          {secretsOf(tokenList(nil).since(nil)), []string{}},
		"named, of none":          {secretsOf(tokenList(nil).named("a")), []string{}},
		"and all are there still": {secretsOf(all), []string{"1", "2", "3", "4"}},
	} {
		t.Run(name, func(t *testing.T) {
			if test.got == nil || !slices.Equal(test.got, test.want) {
				t.Errorf("got %q, want %q", test.got, test.want)
			}
		})
	}
	if secretsOf(all)[0] != "1" || all[3].ID.Reveal() != "4" {
		t.Errorf("the tokens are %q now", secretsOf(all))
	}
}

func TestByFingerprint(t *testing.T) {
	all := live("1 a", "2 a")
	for secret, want := range map[string]string{"1": "1", "2": "2", "3": ""} {
		if got := secretOf(all.byFingerprint(fingerprint(secret))); got != want {
			t.Errorf("%s: got %q", secret, got)
		}
	}
	if all.byFingerprint("") != nil || tokenList(nil).byFingerprint(
		fingerprint("1"),
	) != nil || (tokenList{{}}).byFingerprint("") != nil {
		t.Error("something was found by nothing")
	}
	if got := all.byFingerprint(fingerprint("2")); got != &all[1] {
		t.Error("a copy was found")
	}
}

func TestDates(t *testing.T) {
	late := live("1 a", "2 a", "3 a")
	late[1].DateGenerated, late[2].DateGenerated = 0, generated+999
	for want, given := range map[string]tokenList{
		"":                     nil,
		"2026-03-01T12:00:00Z": live("1 a"),
		"2026-03-01T12:00:00Z, an unknown time, 2026-03-01T12:00:00Z": late,
	} {
		if got := given.dates(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestFingerprintsOfPair(t *testing.T) {
	c, p := &live("c x")[0], &live("p x")[0]
	for name, test := range map[string]struct {
		pair tokenPair
		want fingerprints
	}{
		"none": {tokenPair{}, fingerprints{}},
		"one":  {tokenPair{current: c}, fingerprints{Current: fingerprint("c")}},
		"both": {
			tokenPair{c, p}, fingerprints{Current: fingerprint("c"), Previous: fingerprint("p")},
		},
		"the previous one alone": {tokenPair{previous: p}, fingerprints{Previous: fingerprint("p")}},
	} {
		t.Run(name, func(t *testing.T) {
			wantEqual(t, test.pair.fingerprints(), test.want)
			for secret, wanted := range map[string]string{"c": test.want.Current, "p": test.want.Previous, "x": ""} {
				if got := test.pair.has(live(secret + " x")[0]); got != (wanted != "") {
					t.Errorf("has %s: %t", secret, got)
				}
			}
		})
	}
}

// What private state does not have comes from the state, if that holds keys.
func TestFingerprintsOrOfState(t *testing.T) {
	var none, stored tokenResourceModel
	stored.SetValues(transport.NewSecret("c"), transport.NewSecret("p"), planned(then, later), &diag.Diagnostics{})
	lost := fingerprints{Unconfirmed: &unconfirmedGeneration{Name: "x"}}
	for name, test := range map[string]struct {
		known fingerprints
		m     tokenResourceModel
		want  fingerprints
	}{
		"nothing":       {fingerprints{}, none, fingerprints{}},
		"state alone":   {fingerprints{}, stored, fingerprints{Current: fingerprint("c"), Previous: fingerprint("p")}},
		"private alone": {fingerprints{Current: "1"}, none, fingerprints{Current: "1"}},
		"both":          {fingerprints{Current: "1", Previous: "2"}, stored, fingerprints{Current: "1", Previous: "2"}},
		"half of it":    {fingerprints{Current: "1"}, stored, fingerprints{Current: "1", Previous: fingerprint("p")}},
		"unconfirmed":   {lost, none, lost},
	} {
		t.Run(name, func(t *testing.T) { wantEqual(t, test.known.orOfState(&test.m), test.want) })
	}
}

// The only token that a request can have generated is the created one.
func TestUnconfirmedGeneration(t *testing.T) {
	at := time.UnixMilli(dated(0)[0].DateGenerated)
	token := func(secret, name string, off time.Duration) wavefrontapi.Token {
		return wavefrontapi.Token{ID: transport.NewSecret(secret), Name: name, DateGenerated: at.Add(off).UnixMilli()}
	}
	undated := wavefrontapi.Token{ID: transport.NewSecret("u"), Name: "x"}
	old, created := token("old", "x", 0), token("new", "x", time.Second)
	for name, test := range map[string]struct {
		live  tokenList
		known tokenPair
		want  string
	}{
		"nothing new":              {tokenList{old}, tokenPair{}, ""},
		"one":                      {tokenList{old, created}, tokenPair{}, "new"},
		"one without a date":       {tokenList{old, undated}, tokenPair{}, "u"},
		"of another name":          {tokenList{old, token("n", "y", 0)}, tokenPair{}, ""},
		"long after":               {tokenList{old, token("n", "x", 2*time.Hour)}, tokenPair{}, ""},
		"long before":              {tokenList{old, token("n", "x", -2*time.Hour)}, tokenPair{}, ""},
		"two":                      {tokenList{old, created, token("n", "x", 2*time.Second)}, tokenPair{}, ""},
		"the current one":          {tokenList{old, created}, tokenPair{current: &created}, ""},
		"the previous one":         {tokenList{old, created}, tokenPair{previous: &created}, ""},
		"one besides the current":  {tokenList{old, created}, tokenPair{current: &old}, "new"},
		"none, and an empty world": {nil, tokenPair{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := &unconfirmedGeneration{Name: "x", At: at, Before: tokenList{old}.fingerprints()}
			if got := secretOf(a.created(test.live, test.known)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if (*unconfirmedGeneration)(nil).created(test.live, test.known) != nil {
				t.Error("no request generated something")
			}
		})
	}
}

// Private states of users have these names and this form, and no secret.
func TestFingerprintsInPrivateState(t *testing.T) {
	at := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]fingerprints{
		`{}`:              {},
		`{"current":"1"}`: {Current: "1"},
		`{"current":"1","previous":"2","unsettled":{"name":"x","at":"2026-03-01T12:00:00Z","before":["3"]}}`: {
			Current: "1", Previous: "2", Unconfirmed: &unconfirmedGeneration{Name: "x", At: at, Before: []string{"3"}},
		},
	} {
		state := private{"fingerprints": `{"current":"0"}`}
		var diags diag.Diagnostics
		privateFingerprints.Store(t.Context(), state, want, &diags)
		wantEqual(t, state, private{"fingerprints": text})
		got := privateFingerprints.Load(t.Context(), state, &diags)
		wantMessages(t, diags)
		wantEqual(t, got, want)
	}
}

func TestTemporaryNames(t *testing.T) {
	end := time.Date(2026, time.March, 1, 12, 0, 0, 500, time.UTC)
	marked := func(text string) string { return "ci (temporary until " + text + ")" }
	for name, test := range map[string]struct {
		name string
		now  time.Time
		want bool
	}{
		"long before":    {temporaryName("ci", end), end.Add(-time.Hour), false},
		"at the second":  {temporaryName("ci", end), end.Truncate(time.Second), false},
		"a second late":  {temporaryName("ci", end), end.Add(time.Second), true},
		"long after":     {temporaryName("ci", end), end.Add(1000 * time.Hour), true},
		"of no name":     {temporaryName("", end), end.Add(time.Hour), true},
		"of an odd name": {temporaryName("a (b), c", end), end.Add(time.Hour), true},
		"of a temporary name": {
			temporaryName(temporaryName("ci", end), end.Add(2*time.Hour)), end.Add(time.Hour), false,
		},
		"written by hand":            {marked("2026-03-01T12:00:00Z, ABCDEF27"), end.Add(time.Second), true},
		"in another zone":            {marked("2026-03-01T14:00:00+02:00, ABCDEF27"), end.Add(time.Second), true},
		"in another zone, too early": {marked("2026-03-01T10:00:00-02:00, ABCDEF27"), end.Add(-time.Hour), false},
		"another name":               {"ci", end.Add(time.Hour), false},
		"a previous one":             {"ci (previous)", end.Add(time.Hour), false},
		"no date":                    {marked("Friday, ABCDEF27"), end.Add(time.Hour), false},
		"no marker":                  {marked("2026-03-01T12:00:00Z"), end.Add(time.Hour), false},
		"a short marker":             {marked("2026-03-01T12:00:00Z, ABCDEF2"), end.Add(time.Hour), false},
		"a long marker":              {marked("2026-03-01T12:00:00Z, ABCDEF272"), end.Add(time.Hour), false},
		"a marker of other letters":  {marked("2026-03-01T12:00:00Z, abcdef27"), end.Add(time.Hour), false},
		"something behind it": {
			marked("2026-03-01T12:00:00Z, ABCDEF27") + " (previous)", end.Add(time.Hour), false,
		},
		"a line's end behind it": {marked("2026-03-01T12:00:00Z, ABCDEF27") + "\n", end.Add(time.Hour), false},
		"nothing before it":      {"(temporary until 2026-03-01T12:00:00Z, ABCDEF27)", end.Add(time.Hour), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := hasExpired(test.name, test.now); got != test.want {
				t.Errorf("%q has expired: %t", test.name, got)
			}
		})
	}
	first, second := temporaryName("ci", end), temporaryName("ci", end)
	if first == second || !strings.HasPrefix(
		first, "ci (temporary until 2026-03-01T12:00:00Z, ",
	) || len(first) != len(marked("2026-03-01T12:00:00Z, ABCDEF27")) {
		t.Errorf("names %q, %q", first, second)
	}
}

func TestTokenID(t *testing.T) {
	text, unknown := types.StringValue, types.StringUnknown()
	for name, test := range map[string]struct{ account, name, want types.String }{
		"both":             {text("sa::ci"), text("deploy"), text("sa::ci/deploy")},
		"a slash":          {text("sa::ci"), text("a/b"), text("sa::ci/a/b")},
		"an unknown one":   {unknown, text("deploy"), unknown},
		"an unknown name":  {text("sa::ci"), unknown, unknown},
		"both are unknown": {unknown, unknown, unknown},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tokenID(test.account, test.name); !got.Equal(test.want) {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestSetTokens(t *testing.T) {
	prior := planned(then, later)
	current, previous := &live("c deploy")[0], &live("p deploy (previous)")[0]
	for name, test := range map[string]struct {
		stores        types.Bool
		valid         tokenPair
		known, former string // values of the keys; "": not in state
		hasPrevious   bool
	}{
		"one":              {types.BoolValue(true), tokenPair{current: current}, "c", "", false},
		"both":             {types.BoolValue(true), tokenPair{current, previous}, "c", "p", true},
		"by default":       {types.BoolNull(), tokenPair{current, previous}, "c", "p", true},
		"not stored":       {types.BoolValue(false), tokenPair{current, previous}, "", "", true},
		"not stored, one":  {types.BoolValue(false), tokenPair{current: current}, "", "", false},
		"the other's gone": {types.BoolValue(true), tokenPair{current: previous}, "p", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			m := tokenResourceModel{
				ServiceAccount: types.StringValue("sa::ci"), Name: types.StringValue("old"), OverlappingKey: prior,
			}
			m.StoreAPIKey = test.stores
			m.setTokens(test.valid, prior, &diag.Diagnostics{})
			known, _ := m.Known()
			former, _ := m.KnownPrevious()
			if known.Reveal() != test.known || former.Reveal() != test.former || m.HasPrevious() != test.hasPrevious {
				t.Errorf("got %q, %q, %t", known.Reveal(), former.Reveal(), m.HasPrevious())
			}
			wantEqual(
				t, [2]string{m.Name.ValueString(), m.ID.ValueString()},
				[2]string{test.valid.current.Name, "sa::ci/" + test.valid.current.Name},
			)
		})
	}
}

// A token without a name in the response keeps its name in state: that is no change.
func TestSetTokensWithoutName(t *testing.T) {
	m := tokenResourceModel{ServiceAccount: types.StringValue("sa::ci"), Name: types.StringValue("deploy")}
	m.setTokens(tokenPair{current: &live("c ")[0]}, planned(then, later), &diag.Diagnostics{})
	wantEqual(t, [2]string{m.Name.ValueString(), m.ID.ValueString()}, [2]string{"deploy", "sa::ci/deploy"})
}

func TestTokenDataFromAPI(t *testing.T) {
	account := types.StringValue("sa::ci")
	for name, test := range map[string]struct {
		body string
		want tokenDataModel
	}{
		"everything": {
			`{"tokenID":"s","tokenName":"deploy","dateGenerated":1000,"lastUsed":2000,"accountType":"SERVICE_ACCOUNT"}`,
			tokenDataModel{
				ServiceAccount: account, Name: types.StringValue("deploy"), DateGenerated: tfkit.MillisOrNull(1000),
				LastUsed: tfkit.MillisOrNull(2000), AccountType: types.StringValue("SERVICE_ACCOUNT"),
			},
		},
		"of an old server": {`{"tokenID":"s"}`, tokenDataModel{ServiceAccount: account}},
		"null": {
			`{"tokenID":"s","tokenName":null,"dateGenerated":null,"lastUsed":null,"accountType":null}`,
			tokenDataModel{ServiceAccount: account},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var m tokenDataModel
			m.fromAPI("sa::ci", decoded[wavefrontapi.Token](t, test.body))
			wantEqual(t, m, test.want)
		})
	}
}

// Neither errors nor what is printed of tokens has a secret.
func TestTokensAreNotPrinted(t *testing.T) {
	all := live("s3cret-1 a", "s3cret-2 a")
	_, err := all.atMostOne("sa::ci", "a")
	pair := tokenPair{&all[0], &all[1]}
	for name, value := range map[string]any{
		"tokens": all, "pair": pair, "pointer to the pair": &pair, "fingerprints": pair.fingerprints(), "error": err,
		"dates": all.dates(), "list of fingerprints": all.fingerprints(), "look-up": tokens{account: "sa::ci"},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v"} {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, "s3cret") {
				t.Errorf("%s, %s: %s", name, verb, text)
			}
		}
	}
}

func TestAfterRevocation(t *testing.T) {
	const summary = "Warning: A token was revoked outside of Terraform: The token sa::ci/x was revoked"
	const none = "Warning: A token does not exist: The token sa::ci/x does not exist. "
	previous := &live("p x (previous)")[0]
	for name, test := range map[string]struct {
		tokens    tokenList
		previous  *wavefrontapi.Token
		want      [2]string
		rotatedAt string
		warning   string
	}{
		"nothing is left": {
			live("a y"), nil, [2]string{}, then, summary + ". The next apply generates a new token",
		},
		"it never was": {live("a y"), nil, [2]string{}, "", none + "The next apply generates a new token"},
		"another took over": {
			live("n x"), nil, [2]string{"n", ""}, "2026-03-01T12:00:00Z",
			summary + ". Another token of its name, generated at 2026-03-01T12:00:00Z",
		},
		"another took over, one before": {live("a y", "n x"), previous, [2]string{"n", "p"}, "2026-03-01T12:00:01Z",
			summary + ". Another token of its name, generated at 2026-03-01T12:00:01Z"},
		"the one before is valid still": {
			live("p y"), previous, [2]string{"p", ""}, "2026-03-01T12:00:00Z",
			summary + ". The previous token is still valid",
		},
		"several of the name": {
			live("m x", "n x"), nil, [2]string{}, then,
			summary + `. None of the others can take its place: sa::ci has 2 tokens named "x"` + twoDates,
		},
		"several of the name, one before": {
			live("m x", "n x"), previous, [2]string{"p", ""}, then, summary + ". The previous token is still valid",
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := tokenResourceModel{
				ServiceAccount: types.StringValue("sa::ci"), Name: types.StringValue("x"),
				OverlappingKey: planned(then, later),
			}
			if test.rotatedAt == "" {
				m.OverlappingKey = planned("", "")
			}
			var diags diag.Diagnostics
			valid := m.afterRevoke(test.tokens, tokenPair{previous: test.previous}, &diags)
			if got := [2]string{secretOf(valid.current), secretOf(valid.previous)}; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if m.RotatedAt.ValueString() != test.rotatedAt {
				t.Errorf("rotated_at is %s", m.RotatedAt)
			}
			wantMessages(t, diags, test.warning)
		})
	}
}
