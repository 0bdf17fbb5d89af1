package wavefront

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// generated is when the tokens of the tests were generated, in ms since 1970.
const generated = 1_772_366_400_000 // 2026-03-01T12:00:00Z

// live returns tokens, each given as "secret name". The first was generated first, a second before the next one.
func live(texts ...string) tokens {
	all := tokens{}
	for i, text := range texts {
		secret, name, _ := strings.Cut(text, " ")
		all = append(all, wavefrontapi.Token{ID: transport.NewSecret(secret), Name: name, DateGenerated: generated + int64(i)*1000})
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

func secretsOf(all tokens) []string {
	secrets := []string{}
	for i := range all {
		secrets = append(secrets, secretOf(&all[i]))
	}
	return secrets
}

func wantText(t *testing.T, err error, want string) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("error\n got %q\nwant %q", got, want)
	}
}

func TestOnlyToken(t *testing.T) {
	undated := live("secret-1 a", "secret-2 a")
	undated[0].DateGenerated = 0
	for name, test := range map[string]struct {
		tokens    tokens
		want, err string
	}{
		"none":               {nil, "", `sa::ci has no token named "a"`},
		"none of the name":   {live("secret-1 b", "secret-2 A", "secret-3 ", "secret-4 a (previous)"), "", `sa::ci has no token named "a"`},
		"one":                {live("secret-1 a"), "secret-1", ""},
		"one among others":   {live("secret-1 b", "secret-2 a", "secret-3 c"), "secret-2", ""},
		"two of the name":    {live("secret-1 a", "secret-2 b", "secret-3 a"), "", `sa::ci has 2 tokens named "a", generated at 2026-03-01T12:00:00Z, 2026-03-01T12:00:02Z. Rename or revoke all but one in Wavefront`},
		"one without a date": {undated, "", `sa::ci has 2 tokens named "a", generated at an unknown time, 2026-03-01T12:00:01Z. Rename or revoke all but one in Wavefront`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := test.tokens.only("sa::ci", "a")
			wantText(t, err, test.err)
			if secretOf(got) != test.want {
				t.Errorf("got %q, want %q", secretOf(got), test.want)
			}
		})
	}
}

func TestFindTokens(t *testing.T) {
	for name, test := range map[string]struct {
		tokens            tokens
		current, previous string // secrets whose fingerprints are remembered
		want              [2]string
		err               string
	}{
		"both":                        {live("c x", "p x"), "c", "p", [2]string{"c", "p"}, ""},
		"renamed outside":             {live("c y", "p z"), "c", "p", [2]string{"c", "p"}, ""},
		"no previous":                 {live("c x"), "c", "", [2]string{"c", ""}, ""},
		"the previous one is gone":    {live("c x"), "c", "p", [2]string{"c", ""}, ""},
		"the current one is gone":     {live("p x"), "c", "p", [2]string{"", "p"}, ""},
		"gone, another of its name":   {live("other x"), "c", "", [2]string{"", ""}, ""},
		"all are gone":                {nil, "c", "p", [2]string{"", ""}, ""},
		"imported":                    {live("a y", "c x"), "", "", [2]string{"c", ""}, ""},
		"imported, no such name":      {live("a y"), "", "", [2]string{"", ""}, `sa::ci has no token named "x"`},
		"imported, several":           {live("a x", "b x"), "", "", [2]string{"", ""}, `sa::ci has 2 tokens named "x", generated at 2026-03-01T12:00:00Z, 2026-03-01T12:00:01Z. Rename or revoke all but one in Wavefront`},
		"current and previous differ": {live("p x", "c x"), "c", "p", [2]string{"c", "p"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h, err := test.tokens.find(prints{Current: fingerprint(test.current), Previous: fingerprint(test.previous)}, "sa::ci", "x")
			wantText(t, err, test.err)
			if got := [2]string{secretOf(h.current), secretOf(h.previous)}; got != test.want {
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
		"since nothing":           {secretsOf(all.since(nil)), []string{"1", "2", "3", "4"}},
		"since some":              {secretsOf(all.since(live("1 a", "3 b").prints())), []string{"2", "4"}},
		"since all":               {secretsOf(all.since(all.prints())), []string{}},
		"since what is gone":      {secretsOf(all.since([]string{fingerprint("0")})), []string{"1", "2", "3", "4"}},
		"a secret is no print":    {secretsOf(all.since([]string{"1"})), []string{"1", "2", "3", "4"}},
		"named":                   {secretsOf(all.named("a")), []string{"1", "3"}},
		"named otherwise":         {secretsOf(all.named("c")), []string{}},
		"without a name":          {secretsOf(all.named("")), []string{"4"}},
		"prints":                  {all.prints(), []string{fingerprint("1"), fingerprint("2"), fingerprint("3"), fingerprint("4")}},
		"prints of none":          {tokens(nil).prints(), []string{}},
		"since, of none":          {secretsOf(tokens(nil).since(nil)), []string{}},
		"named, of none":          {secretsOf(tokens(nil).named("a")), []string{}},
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

func TestByPrint(t *testing.T) {
	all := live("1 a", "2 a")
	for secret, want := range map[string]string{"1": "1", "2": "2", "3": ""} {
		if got := secretOf(all.byPrint(fingerprint(secret))); got != want {
			t.Errorf("%s: got %q", secret, got)
		}
	}
	if all.byPrint("") != nil || tokens(nil).byPrint(fingerprint("1")) != nil || (tokens{{}}).byPrint("") != nil {
		t.Error("something was found by nothing")
	}
	if got := all.byPrint(fingerprint("2")); got != &all[1] {
		t.Error("a copy was found")
	}
}

func TestDates(t *testing.T) {
	late := live("1 a", "2 a", "3 a")
	late[1].DateGenerated, late[2].DateGenerated = 0, generated+999
	for want, given := range map[string]tokens{
		"":                     nil,
		"2026-03-01T12:00:00Z": live("1 a"),
		"2026-03-01T12:00:00Z, an unknown time, 2026-03-01T12:00:00Z": late,
	} {
		if got := given.dates(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// dated returns tokens named by their place, generated on these days after the first. -1: no date is told.
func dated(days ...int64) tokens {
	all := tokens{}
	for i, day := range days {
		token := wavefrontapi.Token{ID: transport.NewSecret(fmt.Sprint(i)), DateGenerated: generated + day*24*60*60*1000}
		if day < 0 {
			token.DateGenerated = 0
		}
		all = append(all, token)
	}
	return all
}

func TestNewest(t *testing.T) {
	for name, test := range map[string]struct {
		given tokens
		want  string // "": none
	}{
		"none":                       {nil, ""},
		"one":                        {dated(0), "0"},
		"the last":                   {dated(0, 1, 2), "2"},
		"the first":                  {dated(2, 0, 1), "0"},
		"in between":                 {dated(0, 2, 1), "1"},
		"at the same time, the last": {dated(1, 1, 0), "1"},
		"no dates, the last":         {dated(-1, -1, -1), "2"},
		"some dates":                 {dated(-1, 5, -1), "1"},
		"more days than a small int": {dated(0, 30, 3), "1"},
		"months, the other way":      {dated(300, 0), "0"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := secretOf(newest(test.given)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestPrintsOfHeld(t *testing.T) {
	c, p := &live("c x")[0], &live("p x")[0]
	for name, test := range map[string]struct {
		held held
		want prints
	}{
		"none":                   {held{}, prints{}},
		"one":                    {held{current: c}, prints{Current: fingerprint("c")}},
		"both":                   {held{c, p}, prints{Current: fingerprint("c"), Previous: fingerprint("p")}},
		"the previous one alone": {held{previous: p}, prints{Previous: fingerprint("p")}},
	} {
		t.Run(name, func(t *testing.T) {
			wantEqual(t, test.held.prints(), test.want)
			for secret, wanted := range map[string]string{"c": test.want.Current, "p": test.want.Previous, "x": ""} {
				if got := test.held.has(live(secret + " x")[0]); got != (wanted != "") {
					t.Errorf("has %s: %t", secret, got)
				}
			}
		})
	}
}

// What private state lacks comes from the state, if that holds keys.
func TestPrintsOrState(t *testing.T) {
	stored, none := managedToken{}, managedToken{}
	stored.APIKey, stored.PreviousAPIKey = types.StringValue("c"), types.StringValue("p")
	for name, test := range map[string]struct {
		p    prints
		m    managedToken
		want prints
	}{
		"nothing":        {prints{}, none, prints{}},
		"state alone":    {prints{}, stored, prints{Current: fingerprint("c"), Previous: fingerprint("p")}},
		"private alone":  {prints{Current: "1"}, none, prints{Current: "1"}},
		"both":           {prints{Current: "1", Previous: "2"}, stored, prints{Current: "1", Previous: "2"}},
		"half of it":     {prints{Current: "1"}, stored, prints{Current: "1", Previous: fingerprint("p")}},
		"with a trouble": {prints{Unsettled: &attempt{Name: "x"}}, none, prints{Unsettled: &attempt{Name: "x"}}},
	} {
		t.Run(name, func(t *testing.T) { wantEqual(t, test.p.orState(&test.m), test.want) })
	}
}

// An attempt is settled by the one token that it can have made.
func TestAttempt(t *testing.T) {
	at := time.UnixMilli(dated(0)[0].DateGenerated)
	token := func(secret, name string, off time.Duration) wavefrontapi.Token {
		return wavefrontapi.Token{ID: transport.NewSecret(secret), Name: name, DateGenerated: at.Add(off).UnixMilli()}
	}
	undated := wavefrontapi.Token{ID: transport.NewSecret("u"), Name: "x"}
	old, made := token("old", "x", 0), token("new", "x", time.Second)
	for name, test := range map[string]struct {
		live  tokens
		known held
		want  string
	}{
		"nothing new":              {tokens{old}, held{}, ""},
		"one":                      {tokens{old, made}, held{}, "new"},
		"one without a date":       {tokens{old, undated}, held{}, "u"},
		"of another name":          {tokens{old, token("n", "y", 0)}, held{}, ""},
		"long after":               {tokens{old, token("n", "x", 2*time.Hour)}, held{}, ""},
		"long before":              {tokens{old, token("n", "x", -2*time.Hour)}, held{}, ""},
		"two":                      {tokens{old, made, token("n", "x", 2*time.Second)}, held{}, ""},
		"the current one":          {tokens{old, made}, held{current: &made}, ""},
		"the previous one":         {tokens{old, made}, held{previous: &made}, ""},
		"one besides the current":  {tokens{old, made}, held{current: &old}, "new"},
		"none, and an empty world": {nil, held{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := &attempt{Name: "x", At: at, Before: tokens{old}.prints()}
			if got := secretOf(a.made(test.live, test.known)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if (*attempt)(nil).made(test.live, test.known) != nil {
				t.Error("no attempt made something")
			}
		})
	}
}

// These names are in the private state of users: another version must read them. No secret is among them.
func TestPrintsInPrivateState(t *testing.T) {
	for text, p := range map[string]prints{
		`{}`:              {},
		`{"current":"1"}`: {Current: "1"},
		`{"current":"1","previous":"2","unsettled":{"name":"x","at":"2026-03-01T12:00:00Z","before":["3"]}}`: {
			Current: "1", Previous: "2", Unsettled: &attempt{Name: "x", At: time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC), Before: []string{"3"}},
		},
	} {
		held := private{}
		wantMessages(t, p.store(t.Context(), held))
		wantEqual(t, held, private{"fingerprints": text})
		got, diags := loadPrints(t.Context(), held)
		wantMessages(t, diags)
		wantEqual(t, got, p)
	}
	if p, diags := loadPrints(t.Context(), private{}); len(diags) > 0 || p.Unsettled != nil || p.Current != "" {
		t.Errorf("of nothing: %+v, %v", p, diags)
	}
	if _, diags := loadPrints(t.Context(), private{"fingerprints": "[]"}); !diags.HasError() {
		t.Error("what can't be read is no error")
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
		"long before":                {temporaryName("ci", end), end.Add(-time.Hour), false},
		"at the second":              {temporaryName("ci", end), end.Truncate(time.Second), false},
		"a second late":              {temporaryName("ci", end), end.Add(time.Second), true},
		"long after":                 {temporaryName("ci", end), end.Add(1000 * time.Hour), true},
		"of no name":                 {temporaryName("", end), end.Add(time.Hour), true},
		"of an odd name":             {temporaryName("a (b), c", end), end.Add(time.Hour), true},
		"of a temporary name":        {temporaryName(temporaryName("ci", end), end.Add(2*time.Hour)), end.Add(time.Hour), false},
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
		"something behind it":        {marked("2026-03-01T12:00:00Z, ABCDEF27") + " (previous)", end.Add(time.Hour), false},
		"a line's end behind it":     {marked("2026-03-01T12:00:00Z, ABCDEF27") + "\n", end.Add(time.Hour), false},
		"nothing before it":          {"(temporary until 2026-03-01T12:00:00Z, ABCDEF27)", end.Add(time.Hour), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := leftOver(test.name, test.now); got != test.want {
				t.Errorf("%q is left over: %t", test.name, got)
			}
		})
	}
	first, second := temporaryName("ci", end), temporaryName("ci", end)
	if first == second || !strings.HasPrefix(first, "ci (temporary until 2026-03-01T12:00:00Z, ") || len(first) != len(marked("2026-03-01T12:00:00Z, ABCDEF27")) {
		t.Errorf("names %q, %q", first, second)
	}
}

func TestLifetime(t *testing.T) {
	for want, given := range map[time.Duration]timetypes.GoDuration{
		time.Hour:       timetypes.NewGoDurationNull(),
		5 * time.Minute: timetypes.NewGoDurationValue(5 * time.Minute),
	} {
		if got := (&ephemeralToken{Lifetime: given}).lifetime(); got != want {
			t.Errorf("%s: got %s, want %s", given, got, want)
		}
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

// keys returns the part of a token that planning changes, with values that state may have. "": null, "?": unknown.
func keys(current, previous, rotatedAt, previousEnds string) rotation.Overlapping {
	text := func(value string) types.String {
		switch value {
		case "":
			return types.StringNull()
		case "?":
			return types.StringUnknown()
		}
		return types.StringValue(value)
	}
	k := rotation.Overlapping{Key: rotation.NoKey()}
	k.APIKey, k.PreviousAPIKey = text(current), text(previous)
	k.RotatedAt, k.PreviousExpiresAt = timetypes.RFC3339{StringValue: text(rotatedAt)}, timetypes.RFC3339{StringValue: text(previousEnds)}
	return k
}

const (
	then  = "2026-03-01T12:00:00Z"
	later = "2026-03-03T12:00:00Z"
)

func TestPlanStored(t *testing.T) {
	null, yes, no, unknown := types.BoolNull(), types.BoolValue(true), types.BoolValue(false), types.BoolUnknown()
	for name, test := range map[string]struct {
		stores      types.Bool
		state, plan rotation.Overlapping
		want        rotation.Overlapping
	}{
		"stored, nothing happens":         {yes, keys("c", "", then, ""), keys("c", "", then, ""), keys("c", "", then, "")},
		"stored by default":               {null, keys("c", "", then, ""), keys("c", "", then, ""), keys("c", "", then, "")},
		"stored, both":                    {yes, keys("c", "p", then, later), keys("c", "p", then, later), keys("c", "p", then, later)},
		"stored, rotates":                 {yes, keys("c", "", then, ""), keys("?", "?", "?", "?"), keys("?", "?", "?", "?")},
		"stored, rotates, no overlap":     {yes, keys("c", "", then, ""), keys("?", "", "?", ""), keys("?", "", "?", "")},
		"stored from now on":              {yes, keys("", "", then, ""), keys("", "", then, ""), keys("?", "", then, "")},
		"stored from now on, by default":  {null, keys("", "", then, ""), keys("", "", then, ""), keys("?", "", then, "")},
		"stored from now on, both":        {yes, keys("", "", then, later), keys("", "", then, later), keys("?", "?", then, later)},
		"stored from now on, rotates":     {yes, keys("", "", then, ""), keys("?", "?", "?", "?"), keys("?", "?", "?", "?")},
		"stored from now on, overlap end": {yes, keys("", "", then, later), keys("", "", then, ""), keys("?", "", then, "")},
		"not stored any more":             {no, keys("c", "", then, ""), keys("c", "", then, ""), keys("", "", then, "")},
		"not stored any more, both":       {no, keys("c", "p", then, later), keys("c", "p", then, later), keys("", "", then, later)},
		"not stored":                      {no, keys("", "", then, later), keys("", "", then, later), keys("", "", then, later)},
		"not stored, rotates":             {no, keys("", "", then, ""), keys("?", "?", "?", "?"), keys("", "", "?", "?")},
		"not known yet":                   {unknown, keys("c", "", then, ""), keys("c", "", then, ""), keys("?", "?", then, "")},
		"not known yet, both":             {unknown, keys("c", "p", then, later), keys("c", "p", then, later), keys("?", "?", then, later)},
		"not known yet, rotates":          {unknown, keys("", "", then, ""), keys("?", "", "?", ""), keys("?", "?", "?", "")},
	} {
		t.Run(name, func(t *testing.T) {
			state, got := managedToken{Overlapping: test.state}, managedToken{StoreAPIKey: test.stores, Overlapping: test.plan}
			got.planStored(&state)
			wantEqual(t, got, managedToken{StoreAPIKey: test.stores, Overlapping: test.want})
			wantEqual(t, state, managedToken{Overlapping: test.state})
		})
	}
}

func TestPlanRevocation(t *testing.T) {
	const (
		refused  = "Error keepers: The provider would lock itself out: The provider itself runs with a token of this account. This plan rotates that token without an overlap, which revokes it. "
		previous = "Error overlap: The provider would lock itself out: The provider itself runs with a token of this account. This plan revokes that token, which is the previous one by now. "
	)
	var (
		own     = transport.NewSecret("own").Fingerprint()
		current = prints{Current: own, Previous: "2"}
		second  = prints{Current: "1", Previous: own}
		neither = prints{Current: "1", Previous: "2"}

		idle, rotates = keys("c", "p", then, later), keys("?", "?", "?", "?")
		ends, cuts    = keys("c", "", then, ""), keys("?", "", "?", "")
	)
	overlap, none := timetypes.NewGoDurationValue(time.Hour), timetypes.NewGoDurationNull()
	for name, test := range map[string]struct {
		own     prints
		plan    rotation.Overlapping
		overlap timetypes.GoDuration
		want    []string
	}{
		"its current one, idle":                           {current, idle, overlap, nil},
		"its current one, the overlap ends":               {current, ends, overlap, nil},
		"its current one rotates with an overlap":         {current, rotates, overlap, nil},
		"its current one rotates without":                 {current, cuts, none, []string{refused}},
		"its previous one, idle":                          {second, idle, overlap, nil},
		"its previous one, the overlap ends":              {second, ends, overlap, []string{previous}},
		"its previous one, the overlap is removed":        {second, ends, none, []string{previous}},
		"its previous one, a rotation with an overlap":    {second, rotates, overlap, []string{previous}},
		"its previous one, a rotation without an overlap": {second, cuts, none, []string{previous}},
		"neither, rotates":                                {neither, cuts, none, nil},
		"neither, the overlap ends":                       {neither, ends, none, nil},
		"its current one, not yet known how":              {current, rotates, timetypes.NewGoDurationUnknown(), nil},
		"nothing is known":                                {prints{}, cuts, none, nil},
	} {
		t.Run(name, func(t *testing.T) {
			m := managedToken{Overlapping: test.plan}
			m.Overlap = test.overlap
			var diags diag.Diagnostics
			r := tokenResource{resourceBase{Client: wavefrontapi.New(nil, "own")}}
			r.planRevocation(test.own, &m, &diags)
			wantMessages(t, diags, test.want...)
			if got := messages(diags); len(got) > 0 && !strings.Contains(got[0], "allow_self_lockout = true") {
				t.Errorf("no way out is told: %q", got)
			}
		})
	}
}

func TestHold(t *testing.T) {
	c, p := &live("c x")[0], &live("p x")[0]
	for name, test := range map[string]struct {
		stores types.Bool
		held   held
		want   rotation.Overlapping
	}{
		"one":              {types.BoolValue(true), held{current: c}, keys("c", "", then, "")},
		"both":             {types.BoolValue(true), held{c, p}, keys("c", "p", then, later)},
		"by default":       {types.BoolNull(), held{c, p}, keys("c", "p", then, later)},
		"not stored":       {types.BoolValue(false), held{c, p}, keys("", "", then, later)},
		"not stored, one":  {types.BoolValue(false), held{current: c}, keys("", "", then, "")},
		"the other's gone": {types.BoolValue(true), held{previous: p}, keys("", "p", then, later)},
		"neither":          {types.BoolValue(true), held{}, keys("", "", then, "")},
	} {
		t.Run(name, func(t *testing.T) {
			got := managedToken{StoreAPIKey: test.stores, Overlapping: keys("old", "older", then, later)}
			got.hold(test.held, rotation.Overlapping{})
			wantEqual(t, got.Overlapping, test.want)
		})
	}
}

func TestAfterRevocation(t *testing.T) {
	const summary = "Warning: A token was revoked outside Terraform: The token sa::ci/x was revoked"
	previous := &live("p x (previous)")[0]
	for name, test := range map[string]struct {
		tokens    tokens
		previous  *wavefrontapi.Token
		want      [2]string
		rotatedAt string
		warning   string
		err       string
	}{
		"nothing is left":   {live("a y"), nil, [2]string{}, then, summary + ". The next apply generates a new one; consumers need it.", ""},
		"another took over": {live("n x"), nil, [2]string{"n", ""}, "2026-03-01T12:00:00Z", summary + ", and another one of its name was generated at 2026-03-01T12:00:00Z", ""},
		"another took over, one before": {live("a y", "n x"), previous, [2]string{"n", "p"}, "2026-03-01T12:00:01Z",
			summary + ", and another one of its name was generated at 2026-03-01T12:00:01Z", ""},
		"the one before is valid still": {live("p y"), previous, [2]string{"p", ""}, "2026-03-01T12:00:00Z", summary + ", while its predecessor is valid still", ""},
		"several took over": {live("m x", "n x"), previous, [2]string{}, then, "",
			`sa::ci has 2 tokens named "x", generated at 2026-03-01T12:00:00Z, 2026-03-01T12:00:01Z. Rename or revoke all but one in Wavefront`},
	} {
		t.Run(name, func(t *testing.T) {
			m := managedToken{ServiceAccount: types.StringValue("sa::ci"), Name: types.StringValue("x"), Overlapping: keys("c", "p", then, later)}
			var diags diag.Diagnostics
			h, err := m.afterRevocation(test.tokens, held{previous: test.previous}, &diags)
			wantText(t, err, test.err)
			if got := [2]string{secretOf(h.current), secretOf(h.previous)}; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if m.RotatedAt.ValueString() != test.rotatedAt {
				t.Errorf("rotated_at is %s", m.RotatedAt)
			}
			if test.warning == "" {
				wantMessages(t, diags)
			} else {
				wantMessages(t, diags, test.warning)
			}
		})
	}
}

// Neither errors nor what is printed of tokens tells a secret.
func TestTokensAreNotPrinted(t *testing.T) {
	all := live("s3cret-1 a", "s3cret-2 a")
	_, err := all.only("sa::ci", "a")
	_, unfound := all.only("sa::ci", "b")
	h := held{&all[0], &all[1]}
	for name, value := range map[string]any{
		"tokens": all, "held": h, "pointer to held": &h, "prints": h.prints(), "error": err, "not found": unfound,
		"dates": all.dates(), "list of prints": all.prints(), "operations": accountTokens{account: "sa::ci"},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v"} {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, "s3cret") {
				t.Errorf("%s, %s: %s", name, verb, text)
			}
		}
	}
}
