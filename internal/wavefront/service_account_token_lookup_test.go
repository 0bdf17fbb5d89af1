package wavefront

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

const (
	tokensPath = " /api/v2/apitoken/serviceaccount/sa::ci"
	secret     = "s3cret-0123456789" // long enough to be redacted
)

// listed returns a response with tokens, each given as "secret name", generated a second after one
// another.
func listed(texts ...string) string {
	tokens := make([]string, len(texts))
	for i, text := range texts {
		secret, name, _ := strings.Cut(text, " ")
		tokens[i] = fmt.Sprintf(`{"tokenID":%q,"tokenName":%q,"dateGenerated":%d}`, secret, name, generated+i*1000)
	}
	return "200 [" + strings.Join(tokens, ",") + "]"
}

func lookup(t *testing.T, server script) tokens { return tokens{server.client(t), "sa::ci"} }

func TestTokensGet(t *testing.T) {
	for name, test := range map[string]struct {
		server script
		want   int
		err    string
	}{
		"some":            {script{"GET " + listed("1 a", "2 b")}, 2, ""},
		"none":            {script{"GET " + listed()}, 0, ""},
		"404, no account": {script{"GET " + absent, "GET " + absent, noAccounts}, 0, errNoAccount.Error()},
		"400, no account": {script{"GET " + refusal, "GET " + absent, noAccounts}, 0, errNoAccount.Error()},
		"404, an account in the list": {
			script{"GET " + absent, "GET " + absent, `GET 200 [{"identifier":"sa::ci"}]`}, 0,
			"GET" + tokensPath + ": 404 Not Found: no such account",
		},
		"404, an account": {
			script{"GET " + absent, "GET " + active}, 0, "GET" + tokensPath + ": 404 Not Found: no such account",
		},
		"404, not known": {
			script{"GET " + absent, "GET " + failure}, 0, "GET" + tokensPath + ": 404 Not Found: no such account",
		},
		"404 of a gateway":                   {script{"GET 404 <html>"}, 0, "GET" + tokensPath + notJSON},
		"a failure: the account is not read": {script{"GET " + failure}, 0, "GET" + tokensPath + badGateway},
		"forbidden": {
			script{`GET 403 {"message":"no"}`}, 0, "GET" + tokensPath + ": 403 Forbidden: no",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := lookup(t, test.server).get(t.Context())
			wantError(t, err, test.err)
			if len(got) != test.want {
				t.Errorf("got %d tokens", len(got))
			}
		})
	}
}

// A refresh reads the tokens with the account.
func TestTokensRead(t *testing.T) {
	for name, test := range map[string]struct {
		server script
		want   int
		err    string
	}{
		"some":                          {script{"GET " + listed("1 a", "2 b")}, 2, ""},
		"none":                          {script{"GET " + listed()}, 0, ""},
		"an account that has no tokens": {script{"GET " + active, "GET " + listed("1 a")}, 1, ""},
		"no account":                    {script{"GET " + absent, noAccounts}, 0, errNoAccount.Error()},
		"404 of a gateway":              {script{"GET 404 <html>"}, 0, "GET" + account + "/sa::ci" + notJSON},
		"a failure":                     {script{"GET " + failure}, 0, "GET" + account + "/sa::ci" + badGateway},
		"a token of the account without": {script{`GET 200 [{"tokenName":"a"}]`}, 0,
			"GET" + account + "/sa::ci: 200 OK: the response " +
				"is not the expected JSON: tokens: entry 1: it has no tokenID"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := lookup(t, test.server).read(t.Context())
			wantError(t, err, test.err)
			if len(got) != test.want {
				t.Errorf("got %d tokens", len(got))
			}
		})
	}
}

// The accounts of a list in which none has a token may be shortened ones.
func TestTokensReadAfterList(t *testing.T) {
	for name, test := range map[string]struct {
		server script
		want   int
	}{
		"without tokens": {script{`GET 200 [{"identifier":"sa::ci","tokens":[]}]`, "GET " + listed("1 a")}, 1},
		"with tokens":    {script{`GET 200 [{"identifier":"sa::ci","tokens":[{"tokenID":"1"}]}]`}, 1},
		"another account has tokens": {script{`GET 200 [{"identifier":"sa::ci","tokens":[]},` +
			`{"identifier":"sa::other","tokens":[{"tokenID":"1"}]}]`}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			tokens := lookup(t, test.server)
			if _, err := tokens.client.accounts.All(t.Context()); err != nil {
				t.Fatal(err)
			}
			got, err := tokens.read(t.Context())
			wantError(t, err, "")
			if len(got) != test.want {
				t.Errorf("got %d tokens", len(got))
			}
		})
	}
}

// A token that the account does not show is looked for in the list of tokens.
func TestTokensRefresh(t *testing.T) {
	known := fingerprints{Current: fingerprint("c"), Previous: fingerprint("p")}
	for name, test := range map[string]struct {
		server script
		known  fingerprints
		want   int
	}{
		"both":                 {script{"GET " + listed("c x", "p y")}, known, 2},
		"current alone":        {script{"GET " + listed("c x")}, fingerprints{Current: known.Current}, 1},
		"the account lacks it": {script{"GET " + listed("o x"), "GET " + listed("c x", "p y")}, known, 2},
		"it lacks previous":    {script{"GET " + listed("c x"), "GET " + listed("c x", "p y")}, known, 2},
		"nothing is known":     {script{"GET " + listed("c x"), "GET " + listed("c x", "p y")}, fingerprints{}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := lookup(t, test.server).refresh(t.Context(), test.known)
			wantError(t, err, "")
			if len(got) != test.want {
				t.Errorf("got %d tokens", len(got))
			}
		})
	}
}

func TestTokenByName(t *testing.T) {
	for name, test := range map[string]struct {
		server    script
		want, err string
	}{
		"one":  {script{"GET " + listed("1 a", "2 x")}, "2", ""},
		"none": {script{"GET " + listed("1 a")}, "", `sa::ci has no token named "x"`},
		"two": {
			script{"GET " + listed("1 x", "2 x")}, "",
			`sa::ci has 2 tokens named "x"` + twoDates,
		},
		"a failure": {script{"GET " + failure}, "", "GET" + tokensPath + badGateway},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := lookup(t, test.server).byName(t.Context(), "x")
			wantError(t, err, test.err)
			if secretOf(got) != test.want {
				t.Errorf("got %q", secretOf(got))
			}
		})
	}
}

func TestTokenCreate(t *testing.T) {
	full := make([]string, wavefrontapi.MaxTokens)
	for i := range full {
		full[i] = fmt.Sprintf("%d a", i)
	}
	const lost = "POST" + tokensPath + ": EOF"
	for name, test := range map[string]struct {
		server      script
		want        string
		err, hint   string
		unconfirmed bool
	}{
		"created": {
			script{"GET " + listed("1 a"), "POST " + listed("1 a", "2 x")}, "2", "", "", false,
		},
		"created, not the last": {
			script{"GET " + listed("1 a"), "POST " + listed("2 x", "1 a")}, "2", "", "", false,
		},
		"created, and somebody else's": {
			script{"GET " + listed("1 a"), "POST " + listed("1 a", "2 x", "3 y")}, "2", "", "", false,
		},
		"the name exists": {
			script{"GET " + listed("1 x")}, "",
			"the account has a token of this name already, generated at 2026-03-01T12:00:00Z", `id = "sa::ci/x"`, false,
		},
		"a previous token is left": {
			script{"GET " + listed("1 x (previous)")}, "",
			`the account has a token named "x (previous)", generated at ` + then +
				", which a run that was killed during a rotation may have left",
			`id = "sa::ci/x (previous)"`, false,
		},
		"no place": {
			script{"GET " + listed(full...)}, "",
			"the account has 20 tokens, and no more than 20 are allowed at a time. Revoke a token that is not needed",
			"", false,
		},
		"one place": {
			script{"GET " + listed(full[1:]...), "POST " + listed(append(full[1:], "new x")...)}, "new", "", "", false,
		},
		"no account": {script{"GET " + absent, "GET " + absent, noAccounts}, "", errNoAccount.Error(), "", false},
		"refused": {
			script{"GET " + listed(), "POST " + refusal}, "", "POST" + tokensPath + ": 400 Bad Request: not now", "",
			false,
		},
		"lost, created": {
			script{"GET " + listed("1 a"), "POST 0", "GET " + listed("1 a", "2 x")}, "2", "", "", false,
		},
		"lost, not created": {
			script{"GET " + listed("1 a"), "POST 0", "GET " + listed("1 a")}, "",
			lost + ". No token was found afterwards. Then we see", "", true,
		},
		"lost, an older token of the name": {
			script{"GET " + listed("1 a"), "POST 0", fmt.Sprintf(
				`GET 200 [{"tokenID":"2","tokenName":"x","dateGenerated":%d}]`, generated-10_000)}, "",
			lost + ". No token was found afterwards. Then we see", "", true,
		},
		"lost, another name": {
			script{"GET " + listed("1 a"), "POST " + failure, "GET " + listed("1 a", "2 y")}, "",
			"POST" + tokensPath + badGateway + ". No token was found afterwards. Then we see", "", true,
		},
		"lost, not known": {
			script{"GET " + listed(), "POST 0", "GET " + failure}, "",
			lost + ". It is not known whether the token was created, since the search for it failed too: " +
				"GET" + tokensPath + badGateway + ". Then we see",
			"", true,
		},
		"success without a token": {
			script{"GET " + listed("1 a"), "POST " + listed("1 a")}, "",
			"the server returned success, but no new token. Then we see", "", true,
		},
		"unreadable success, created": {
			script{"GET " + listed("1 a"), "POST 200 {", "GET " + listed("1 a", "2 x")}, "2", "", "", false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := lookup(t, test.server).create(t.Context(), "x", "Then we see")
			wantError(t, err, test.err)
			wantHint(t, err, test.hint)
			if secretOf(got) != test.want || errors.Is(err, rotation.ErrUnconfirmed) != test.unconfirmed {
				t.Errorf("got %q, unconfirmed %t", secretOf(got), !test.unconfirmed)
			}
		})
	}
}

func TestTokenRename(t *testing.T) {
	const renamed = `PUT 200 {"tokenID":"` + secret + `","tokenName":"y"}`
	for name, test := range map[string]struct {
		server    script
		to, named string
		err       string
	}{
		"renamed":       {script{renamed}, "y", "y", ""},
		"the same name": {nil, "x", "x", ""},
		"refused": {
			script{"PUT " + refusal}, "y", "x", "PUT" + tokensPath + "/(redacted): 400 Bad Request: not now",
		},
		"nothing happened": {
			script{renamed}, "z", "x", `the server returned success for the new name, but the token's name is "y"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			token := &live(secret + " x")[0]
			wantError(t, lookup(t, test.server).rename(t.Context(), token, test.to), test.err)
			if token.Name != test.named {
				t.Errorf("the name is %q", token.Name)
			}
		})
	}
}

func TestTokenRevoke(t *testing.T) {
	const unauthorized = `401 {"message":"no"}`
	const refused = "DELETE" + tokensPath + "/(redacted): 400 Bad Request: not now"
	for name, test := range map[string]struct {
		server script
		token  string
		err    string
	}{
		"revoked": {script{"DELETE " + listed("2 y")}, secret, ""},
		"success, but it is valid": {
			script{"DELETE " + listed(secret+" x", "2 y")}, secret, errStillValid.Error(),
		},
		"refused, and it is valid": {script{"DELETE " + refusal, "GET " + listed(secret+" x")}, secret, refused},
		"refused, revoked already": {script{"DELETE " + refusal, "GET " + listed("2 y")}, secret, ""},
		"404, revoked already":     {script{"DELETE " + absent, "GET " + listed()}, secret, ""},
		"refused, not known":       {script{"DELETE " + refusal, "GET " + failure}, secret, refused},
		"lost, and revoked":        {script{"DELETE 0", "GET " + listed()}, secret, ""},
		"404, no account": {
			script{"DELETE " + absent, "GET " + absent, "GET " + absent, noAccounts}, secret, "",
		},
		"a failure, then a 404 that the list of accounts contradicts": {
			script{"DELETE " + failure, "GET " + absent, "GET " + absent, `GET 200 [{"identifier":"sa::ci"}]`}, secret,
			"DELETE" + tokensPath + "/(redacted)" + badGateway,
		},
		"its own token, and revoked":    {script{"DELETE 0", "GET " + unauthorized}, "own", ""},
		"another token, not authorized": {script{"DELETE " + refusal, "GET " + unauthorized}, secret, refused},
	} {
		t.Run(name, func(t *testing.T) {
			wantError(t, lookup(t, test.server).revoke(t.Context(), &live(test.token + " x")[0]), test.err)
		})
	}
}

func TestTokenRemove(t *testing.T) {
	known := fingerprints{Current: fingerprint("c"), Previous: fingerprint("p")}
	lost := fingerprints{
		Current: known.Current, Unconfirmed: &unconfirmedGeneration{Name: "x", At: time.UnixMilli(generated)},
	}
	both := listed("c x", "p x (previous)", "o other")
	const unauthorized = `401 {"message":"no"}`
	const lockout = "This apply would revoke the token. The provider itself signs in with it"
	for name, test := range map[string]struct {
		server    script
		known     fingerprints
		previous  bool // whether the state has a previous token
		permitted bool
		err       string
	}{
		"current and previous": {
			script{"GET " + both, "DELETE " + listed("c x"), "DELETE " + listed(), "GET " + listed("o other")}, known,
			true, false, "",
		},
		"by names, as tainted": {
			script{"GET " + both, "DELETE " + listed("c x"), "DELETE " + listed(), "GET " + listed("o other")},
			fingerprints{}, true, false, "",
		},
		"interrupted, by names": {
			script{
				"GET " + listed("c x", "p x (previous)"), "DELETE " + listed("p x (previous)"), "DELETE " + listed(),
				"GET " + listed(),
			},
			fingerprints{}, false, false, "",
		},
		"gone already": {script{"GET " + listed("o other")}, known, true, false, ""},
		"no account":   {script{"GET " + absent, noAccounts}, known, true, false, ""},
		"account gone meanwhile": {
			script{
				"GET " + both, "DELETE " + listed("c x"), "DELETE " + listed(), "GET " + absent, "GET " + absent,
				"GET " + absent, noAccounts,
			},
			known, true, false, "",
		},
		"unconfirmed generation": {
			script{"GET " + listed("c x", "n x"), "DELETE " + listed("c x"), "DELETE " + listed(), "GET " + listed()},
			lost, false, false, "",
		},
		"several of the name": {
			script{"GET " + listed("1 x", "2 x")}, fingerprints{}, false, false,
			`sa::ci has 2 tokens named "x"` + twoDates,
		},
		"several of the name, told apart": {
			script{"GET " + listed("1 x", "p y", "p y", "2 x")}, fingerprints{}, false, false,
			strings.Replace(`sa::ci has 2 tokens named "x"`+twoDates, "12:00:01", "12:00:03", 1),
		},
		"refused": {
			script{"GET " + listed(secret+" x"), "DELETE " + refusal, "GET " + listed(secret+" x")},
			fingerprints{Current: fingerprint(secret)}, false, false,
			"DELETE" + tokensPath + "/(redacted): 400 Bad Request: not now",
		},
		"valid again": {
			script{"GET " + listed("c x"), "DELETE " + listed(), "GET " + listed("c x")}, known, false, false,
			errStillValid.Error(),
		},
		"not known": {
			script{"GET " + listed("c x"), "DELETE " + listed(), "GET " + failure, "GET " + failure}, known, false,
			false, "GET" + tokensPath + badGateway,
		},
		"its own": {
			script{"GET " + listed("own x", "p x (previous)")},
			fingerprints{Current: fingerprint("own"), Previous: fingerprint("p")}, true, false, lockout,
		},
		"its own, permitted": {
			script{"GET " + listed("own x"), "DELETE " + listed(), "GET " + unauthorized},
			fingerprints{Current: fingerprint("own")}, false, true, "",
		},
		"its own previous is last": {
			script{
				"GET " + listed("c x", "own y"), "DELETE " + listed("own y"), "DELETE 0", "GET " + unauthorized,
				"GET " + unauthorized,
			},
			fingerprints{Current: known.Current, Previous: fingerprint("own")}, true, true, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := tokenResourceModel{
				ServiceAccount: types.StringValue("sa::ci"), Name: types.StringValue("x"),
				OverlappingKey: planned(then, ""),
			}
			if test.previous {
				m.OverlappingKey = planned(then, later)
			}
			m.AllowSelfLockout = types.BoolValue(test.permitted)
			err := lookup(t, test.server).remove(t.Context(), &m, test.known)
			if test.err == lockout && err != nil && strings.HasPrefix(err.Error(), lockout) {
				return
			}
			wantError(t, err, test.err)
		})
	}
}

// dated returns tokens named by their place, generated on these days after the first. -1: the
// server returns no date.
func dated(days ...int64) tokenList {
	all := tokenList{}
	for i, day := range days {
		token := wavefrontapi.Token{
			ID: transport.NewSecret(fmt.Sprint(i)), DateGenerated: generated + day*24*60*60*1000,
		}
		if day < 0 {
			token.DateGenerated = 0
		}
		all = append(all, token)
	}
	return all
}

func TestNewest(t *testing.T) {
	for name, test := range map[string]struct {
		given tokenList
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
			if got := secretOf(test.given.newest()); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
