package wavefrontapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport/transporttest"
)

func TestOptionsEndpoint(t *testing.T) {
	for give, want := range map[string]string{
		"https://h":                    "https://h",
		"https://h/":                   "https://h",
		"https://h/api":                "https://h",
		"https://h/api/":               "https://h",
		"https://h/api/v2":             "https://h",
		"https://h/api/v2/":            "https://h",
		"https://h/api/v2//":           "https://h",
		"https://h:8443/api/v2":        "https://h:8443",
		"https://h/wavefront":          "https://h/wavefront",
		"https://h/wavefront/api/v2/":  "https://h/wavefront",
		"https://h/rapi":               "https://h/rapi",
		"https://h/api/v1":             "https://h/api/v1",
		"https://h/api/v2/account":     "https://h/api/v2/account",
		"https://api.wavefront.com":    "https://api.wavefront.com",
		"http://127.0.0.1:8080":        "http://127.0.0.1:8080",
		"http://api":                   "http://api",
		"http://v2":                    "http://v2",
		"https://h/api/v2\n":           "https://h",
		"acme.wavefront.com":           "https://acme.wavefront.com",
		"acme.wavefront.com/":          "https://acme.wavefront.com",
		"acme.wavefront.com/api":       "https://acme.wavefront.com",
		"acme.wavefront.com/api/v2/":   "https://acme.wavefront.com",
		"acme.wavefront.com:8443":      "https://acme.wavefront.com:8443",
		"acme.wavefront.com:8443/api/": "https://acme.wavefront.com:8443",
		"localhost":                    "https://localhost",
	} {
		t.Run(give, func(t *testing.T) {
			if got := Options(transport.Options{Endpoint: give}, bearer).Endpoint; got != want {
				t.Errorf("endpoint %q, want %q", got, want)
			}
		})
	}
}

// The transport refuses an endpoint that is not valid.
func TestOptionsBadEndpoint(t *testing.T) {
	for _, give := range []string{"", "/", "ftp://h", "https://", "https://user:pass@h/api", "user:pass@h",
		"https://h/api?x=y", "h?x=y"} {
		t.Run(give, func(t *testing.T) {
			if _, err := transport.New(Options(transport.Options{Endpoint: give}, bearer)); err == nil {
				t.Error("it was accepted")
			}
		})
	}
}

func TestOptionsKeepTheRest(t *testing.T) {
	given := transport.Options{
		Endpoint: "https://h", UserAgent: "agent", Header: http.Header{"X": {"y"}}, MaxRetries: 7,
		RequestTimeout: time.Second, MaxRequestsPerSecond: 3,
		CACertificate: "pem", RetryWait: time.Minute,
	}
	got := Options(given, bearer)
	wantEqual(t, got.Credential, transport.Credential{Header: "Bearer " + bearer, Secret: bearer})
	wantEqual(t, got.Throttled, []int{406})
	if got.DecodeProblem == nil || got.Refused == nil || got.OwnNotFound == nil {
		t.Error("no error body would be read")
	}
	got.Credential, got.Throttled, got.DecodeProblem, got.Refused = transport.Credential{}, nil, nil, nil
	got.OwnNotFound, got.CredentialOf = nil, nil
	if !reflect.DeepEqual(got, given) {
		t.Errorf("options %+v, want %+v", got, given)
	}
}

func TestRunsWith(t *testing.T) {
	c := client(t, "http://127.0.0.1")
	for text, want := range map[string]bool{bearer: true, token: false, "": false, "Bearer " + bearer: false} {
		secret := transport.NewSecret(text)
		if got := c.RunsWith(secret); got != want {
			t.Errorf("RunsWith(%q) = %t", text, got)
		}
		if got := c.RunsWithFingerprint(secret.Fingerprint()); got != want {
			t.Errorf("RunsWithFingerprint of %q = %t", text, got)
		}
	}
	if (&Client{}).RunsWith(transport.NewSecret(bearer)) ||
		New(transport.Unavailable(nil)).RunsWith(transport.NewSecret("")) {
		t.Error("a client without a token runs with one")
	}
}

func TestHeadersOfRequests(t *testing.T) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			var got http.Header
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				got = r.Header
				good(op.response)(w, r)
			})
			if err := op.call(t.Context(), s.client(t)); err != nil {
				t.Fatal(err)
			}
			if got.Get("Authorization") != "Bearer "+bearer || got.Get("Accept") != "application/json" {
				t.Errorf("headers %v", got)
			}
		})
	}
}

func TestRequests(t *testing.T) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			s := serve(t, good(op.response))
			if err := op.call(t.Context(), s.client(t)); err != nil {
				t.Fatal(err)
			}
			method, path := cutRequest(op.request)
			if line, _, _ := strings.Cut(s.sent[0], " {"); len(s.sent) != 1 || line != method+" /api/v2"+path {
				t.Errorf("sent %q", s.sent)
			}
		})
	}
}

// An identifier is always one part of the path, whatever characters it has.
func TestEscapedIdentifiers(t *testing.T) {
	for identifier, escaped := range map[string]string{
		"sa::ci":       "sa::ci",
		"sa::a/b":      "sa::a%2Fb",
		"sa::a/../b":   "sa::a%2F..%2Fb",
		"sa::100%":     "sa::100%25",
		"sa::a%2Fb":    "sa::a%252Fb",
		"sa::a?b=c#d":  "sa::a%3Fb=c%23d",
		"sa::ä b":      "sa::%C3%A4%20b",
		"sa::a\nb":     "sa::a%0Ab",
		"sa::a;b,c&d+": "sa::a%3Bb%2Cc&d+",
	} {
		t.Run(identifier, func(t *testing.T) {
			s := serve(t, good(`{"identifier":"x"}`))
			c := s.client(t)
			_, err := c.ServiceAccounts.Get(t.Context(), identifier)
			_, updated := c.ServiceAccounts.Update(t.Context(), ServiceAccountWrite{Identifier: identifier})
			for _, err := range []error{
				err, updated, c.ServiceAccounts.SetActive(t.Context(), identifier, true),
				c.ServiceAccounts.Delete(t.Context(), identifier),
			} {
				if err != nil {
					t.Error(err)
				}
			}
			_ = drop(c.Tokens.Revoke(t.Context(), identifier,
				transport.NewSecret(token))) // its response is not a list of tokens
			paths := []string{}
			for _, line := range s.sent {
				paths = append(paths, strings.Fields(line)[1])
			}
			want := []string{
				"/api/v2/account/serviceaccount/" + escaped, "/api/v2/account/serviceaccount/" + escaped,
				"/api/v2/account/serviceaccount/" + escaped + "/activate",
				"/api/v2/account/" + escaped, "/api/v2/apitoken/serviceaccount/" + escaped + "/" + token,
			}
			if !slices.Equal(paths, want) {
				t.Errorf("paths\n got %q\nwant %q", paths, want)
			}
		})
	}
}

// An identifier that would disappear from the path is not sent: it would be another request.
func TestIdentifiersThatVanish(t *testing.T) {
	for _, identifier := range []string{".", ".."} {
		s := serve(t, good(`{"identifier":"x"}`))
		if s.client(t).ServiceAccounts.Delete(t.Context(), identifier) == nil {
			t.Errorf("%q: no error", identifier)
		}
		s.wantSends(t, 0)
	}
}

func TestResponses(t *testing.T) {
	const notExpected = "GET /api/v2/role/r1: 200 OK: the response is not the expected JSON: "
	for name, test := range map[string]struct{ body, err string }{
		"wrapped":      {wrapped(`{"id":"r1","name":"ci"}`), ""},
		"bare":         {`{"id":"r1","name":"ci"}`, ""},
		"bare, padded": {"\n {\"id\":\"r1\",\"name\":\"ci\"}\n", ""},
		"response first": {`{"response":{"id":"r1","name":"ci"},"status":{"result":"OK","code":200}}`,
			""},
		"further members": {`{"debugInfo":["a"],"status":{"result":"OK","code":200,"more":{}},` +
			`"response":{"id":"r1","name":"ci","more":1}}`, ""},
		"a status without members":       {`{"status":{},"response":{"id":"r1","name":"ci"}}`, ""},
		"bare, with a status of its own": {`{"id":"r1","name":"ci","status":"ACTIVE"}`, ""},
		"bare, with a null status":       {`{"id":"r1","name":"ci","status":null}`, ""},
		"bare, with a response":          {`{"id":"r1","name":"ci","response":{"id":"r2"}}`, ""},
		"ERROR, with words": {`{"status":{"result":"ERROR","message":"no such role","code":404}}`,
			"GET /api/v2/role/r1" + refusedAll + "no such role"},
		"ERROR, without words": {`{"status":{"result":"ERROR","code":500}}`,
			"GET /api/v2/role/r1" + refusedAll + "the server gave no reason"},
		"ERROR, with a response": {`{"status":{"result":"ERROR","message":"no","code":400},"response":{"id":"r1"}}`,
			"GET /api/v2/role/r1" + refusedAll + "no"},
		"null for a response": {wrapped(`null`), notExpected + "it has no response"},
		"no response": {`{"status":{"result":"OK","message":"","code":200}}`,
			notExpected + "it has no response"},
		"a response without the id": {wrapped(`{"name":"ci"}`), notExpected + "it has no id"},
		"an empty response":         {wrapped(`{}`), notExpected + "it has no id"},
		"bare, without the id":      {`{"name":"ci"}`, notExpected + "it has no id"},
		"null":                      {`null`, notExpected + "it is null"},
		"nothing":                   {``, notExpected + "it is empty"},
		"HTML": {`<h1>Sign in</h1>`,
			"GET /api/v2/role/r1: 200 OK: " + notJSON},
		"a list for an object": {wrapped(`[]`),
			notExpected + "it has the wrong type: expected an object"},
		"a text for an object": {`"r1"`,
			notExpected + "it has the wrong type: expected an object"},
		"a member of another type": {wrapped(`{"id":7}`),
			notExpected + "the member id has the wrong type: expected a string"},
		"cut off within the JSON": {`{"status":{"result":"OK"},"respon`,
			notExpected + "it is malformed, or not complete"},
		"an envelope with a blank around": {" " + wrapped(` {"id":"r1","name":"ci"} `) + "\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := serve(t, respond(200, test.body)).client(t).Roles.Get(t.Context(), "r1")
			wantError(t, err, test.err)
			wantLost(t, err, test.err != "")
			if test.err == "" {
				wantEqual(t, *got, Role{ID: "r1", Name: "ci"})
			} else if got != nil {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestLists(t *testing.T) {
	const accounts = `[{"identifier":"sa::a"},{"identifier":"sa::b"}]`
	for name, test := range map[string]struct {
		body string
		want []string // nil: an error
	}{
		"wrapped":             {wrapped(accounts), []string{"sa::a", "sa::b"}},
		"bare":                {accounts, []string{"sa::a", "sa::b"}},
		"wrapped, empty":      {wrapped(`[]`), []string{}},
		"bare, empty":         {`[]`, []string{}},
		"null":                {wrapped(`null`), nil},
		"no response":         {`{"status":{"result":"OK","code":200}}`, nil},
		"ERROR":               {`{"status":{"result":"ERROR","message":"no","code":403}}`, nil},
		"an object":           {wrapped(`{"identifier":"sa::a"}`), nil},
		"an object, bare":     {`{}`, nil},
		"a text for a member": {wrapped(`["sa::a"]`), nil},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := serve(t, respond(200, test.body)).client(t).ServiceAccounts.List(t.Context())
			if test.want == nil {
				if err == nil || all != nil {
					t.Errorf("got %+v, %v", all, err)
				}
				return
			}
			got := []string{}
			for _, account := range all {
				got = append(got, account.Identifier)
			}
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	const account = `"response":{"identifier":"sa::ci"}}`
	for name, test := range map[string]struct{ body, want string }{
		"200":             {`{"status":{"result":"OK","message":"","code":200},` + account, ""},
		"200, with words": {`{"status":{"result":"OK","message":"done","code":200},` + account, ""},
		"no code":         {`{"status":{"result":"OK","message":"done"},` + account, ""},
		"202": {`{"status":{"result":"OK","message":"ignored: g1","code":202},` + account,
			"ignored: g1"},
		"202, without words": {`{"status":{"result":"OK","code":202},` + account,
			"the status code in the response is 202"},
		"another code": {`{"status":{"result":"OK","message":"","code":207},` + account,
			"the status code in the response is 207"},
		"202, result in another case": {`{"status":{"result":"ok","message":"ignored: g1","code":202},` + account,
			"ignored: g1"},
		"bare":                         {`{"identifier":"sa::ci"}`, ""},
		"bare, with members of a kind": {`{"identifier":"sa::ci","message":"x","code":202}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, respond(200, test.body)).client(t)
			made, created, err := c.ServiceAccounts.Create(t.Context(), ServiceAccountWrite{Identifier: "sa::ci"})
			if err != nil || made.Identifier != "sa::ci" || created != test.want {
				t.Errorf("create: got %+v, %q, %v, want %q", made, created, err, test.want)
			}
			updated, err := c.ServiceAccounts.Update(t.Context(), ServiceAccountWrite{Identifier: "sa::ci"})
			if err != nil || updated != test.want {
				t.Errorf("update: got %q, %v, want %q", updated, err, test.want)
			}
		})
	}
	t.Run("with the HTTP status", func(t *testing.T) {
		_, warning,
			err := serve(t,
			respond(202, `{"status":{"result":"OK","message":"ignored: g1","code":202},`+account)).client(t).
			ServiceAccounts.Create(t.Context(), ServiceAccountWrite{Identifier: "sa::ci"})
		if err != nil || warning != "ignored: g1" {
			t.Errorf("got %q, %v", warning, err)
		}
	})
}

// A warning hides the credential, has no control characters, and is not longer than an error.
func TestWarningsAreClean(t *testing.T) {
	message := `ignored: \u001b]0;x ` + bearer + strings.Repeat("x", 100_000)
	body := `{"status":{"message":"` + message + `","code":202},"response":{"identifier":"sa::ci"}}`
	_, warning, err := serve(t, respond(200, body)).client(t).ServiceAccounts.Create(t.Context(),
		ServiceAccountWrite{Identifier: "sa::ci"})
	if err != nil || !strings.HasPrefix(warning, "ignored:  ]0;x (redacted)") || len(warning) > 2100 {
		t.Errorf("got %d bytes, %.60q, %v", len(warning), warning, err)
	}
}

const notJSON = "the response is not JSON: the server or a proxy failed, or the endpoint is not the address of the API"

func TestErrorBodies(t *testing.T) {
	for name, test := range map[string]struct {
		status   int
		body     string
		want     string
		notFound bool
	}{
		"envelope": {400, `{"status":{"result":"ERROR","message":"bad id","code":400}}`,
			"400 Bad Request: bad id", false},
		"envelope, not found": {404, `{"status":{"result":"ERROR","message":"no such role","code":404}}`,
			"404 Not Found: no such role", true},
		"envelope, padded": {400, "\n" + `{"status":{"result":"ERROR","message":"bad id","code":400}}` +
			"\n", "400 Bad Request: bad id", false},
		"envelope, code as a text": {400, `{"status":{"result":"ERROR","message":"bad id","code":"400"}}`,
			"400 Bad Request: bad id", false},
		"envelope, null response": {403, `{"status":{"result":"ERROR","message":"no","code":403},"response":null}`,
			"403 Forbidden: no", false},
		"envelope before flat members": {400, `{"status":{"message":"first"},"message":"second","error":"third"}`,
			"400 Bad Request: first", false},
		"flat, message and code": {400, `{"message":"bad id","code":400}`, "400 Bad Request: bad id", false},
		"flat, not found": {404, `{"message":"no such role","code":404}`, "404 Not Found: no such role",
			false},
		"flat, error": {401, `{"error":"bad token"}`, "401 Unauthorized: bad token", false},
		"flat, message before error": {400, `{"error":"Bad Request","message":"bad id"}`, "400 Bad Request: bad id",
			false},
		"flat, a number for a status": {400, `{"status":400,"error":"Bad Request","message":"bad id"}`,
			"400 Bad Request: bad id", false},
		"flat, an object for an error": {400, `{"error":{"text":"x"},"message":"bad id"}`, "400 Bad Request: bad id",
			false},
		"an empty object":            {400, `{}`, "400 Bad Request", false},
		"an empty object, not found": {404, `{}`, "404 Not Found", false},
		"nothing":                    {400, ``, "400 Bad Request", false},
		"nothing, not found":         {404, ``, "404 Not Found", false},
		"HTML":                       {404, `<h1>Not Found</h1>`, "404 Not Found: " + notJSON, false},
		"a text, no JSON": {403, `forbidden`,
			"403 Forbidden: " + notJSON,
			false},
		"the client's token in it": {401, `{"message":"bad token ` + bearer + `"}`,
			"401 Unauthorized: bad token (redacted)", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, respond(test.status, test.body))
			_, err := s.client(t).Roles.Get(t.Context(), "r1")
			wantError(t, err, "GET /api/v2/role/r1: "+test.want)
			if transport.NotFound(err) != test.notFound {
				t.Errorf("NotFound is %t", !test.notFound)
			}
			s.wantSends(t, 1)
		})
	}
}

// 406 says that the server did nothing: every request is sent again, and 406 never means "not found".
func TestThrottled(t *testing.T) {
	throttled := respond(406, `{"status":{"result":"ERROR","message":"Too many requests","code":406}}`)
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			s := serve(t, throttled, good(op.response))
			if err := op.call(t.Context(), s.client(t)); err != nil {
				t.Error(err)
			}
			s.wantSends(t, 2)
			if s.sent[0] != s.sent[1] {
				t.Errorf("sent %q", s.sent)
			}

			s = serve(t, throttled)
			err := op.call(t.Context(), s.client(t))
			s.wantSends(t, 2)
			wantLost(t, err, false)
			if err == nil || transport.NotFound(err) ||
				!strings.Contains(err.Error(), ": 406 Not Acceptable: Too many requests; the server limits the rate") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A request that may have created an account or a token is not sent again. All other requests are.
func TestRepeats(t *testing.T) {
	for fault, step := range map[string]step{
		"cut": cut,
		"500": respond(500, `{"status":{"result":"ERROR","message":"oops","code":500}}`),
		"502": respond(502, "<h1>Bad Gateway</h1>"),
		"503": respond(503, ""),
	} {
		for _, op := range operations {
			t.Run(fault+", "+op.name, func(t *testing.T) {
				s := serve(t, step, good(op.response))
				err := op.call(t.Context(), s.client(t))
				if op.repeatable {
					s.wantSends(t, 2)
					wantError(t, err, "")
					return
				}
				s.wantSends(t, 1)
				wantLost(t, err, true)
			})
		}
	}
}

func TestRefusalsAreNotRepeated(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 409} {
		for _, op := range operations {
			s := serve(t, respond(status, `{"status":{"result":"ERROR","message":"no","code":400}}`))
			err := op.call(t.Context(), s.client(t))
			if err == nil {
				t.Errorf("%s, %d: no error", op.name, status)
			}
			s.wantSends(t, 1)
			wantLost(t, err, false)
		}
	}
}

// The credential is not sent to the server to which another server redirects.
func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := serve(t, good(`{"id":"r1"}`))
	s := httptest.NewServer(http.RedirectHandler(elsewhere.URL+"/api/v2/role/r1", http.StatusFound))
	t.Cleanup(s.Close)
	if _, err := client(t, s.URL).Roles.Get(t.Context(), "r1"); err == nil {
		t.Error("no error")
	}
	elsewhere.wantSends(t, 0)
}

// Only the envelope of the API is its own 404. Gateways and other servers have bodies of their own.
func TestOwnNotFound(t *testing.T) {
	for body, want := range map[string]bool{
		`{"status":{"result":"ERROR","message":"no such account","code":404}}`:                         true,
		`{"status":{"result":"ERROR","code":404},"debugInfo":["x"]}`:                                   true,
		`{"status":{"result":"ERROR","message":"no such account","code":404},"response":null}`:         true,
		`{"status":{"result":"ERROR","message":"no such account","code":404},"response":{"items":[]}}`: false,
		`{"status":{"result":"ERROR","message":"no such account","code":400}}`:                         false,
		`{"status":{"result":"ERROR","message":"no such account"}}`:                                    false,
		`{"status":{"result":"ERROR","message":"no such account","code":"404"}}`:                       false,
		`{"status":{"result":"OK","message":"no such account","code":404}}`:                            false,
		`{"status":{"message":"no such account","code":404}}`:                                          false,
		`{"message":"no Route matched with those values"}`:                                             false,
		`{"message":"no such account","code":404}`:                                                     false,
		`{"status":404,"error":"Not Found"}`:                                                           false,
		`{"timestamp":"2026-03-01","status":404,"error":"Not Found","path":"/api/v2"}`:                 false,
		`{"message":"Not Found"}`:                                                                      false,
		`{"error":"not found"}`:                                                                        false,
		`{"code":404}`:                                                                                 false,
		`{}`:                                                                                           false,
		`[]`:                                                                                           false,
		`null`:                                                                                         false,
		`"not found"`:                                                                                  false,
		``:                                                                                             false,
		`<h1>Not Found</h1>`:                                                                           false,
	} {
		_, err := serve(t, respond(404, body)).client(t).ServiceAccounts.Get(t.Context(), "sa::ci")
		if err == nil || transport.NotFound(err) != want {
			t.Errorf("%s: NotFound is %t", body, !want)
		}
	}
}

// The message of an envelope is optional. The code shows that the response is not from a gateway.
func TestNotFoundWithoutWords(t *testing.T) {
	for _, body := range []string{`{"status":{"result":"ERROR","code":404}}`,
		`{"status":{"result":"ERROR","message":"","code":404}}`} {
		if _, err := serve(t, respond(404, body)).client(t).ServiceAccounts.Get(t.Context(),
			"sa::ci"); !transport.NotFound(err) {
			t.Errorf("%s: NotFound is false of %v", body, err)
		}
	}
}

// refusedAll precedes the message of a 200 response with the result ERROR.
const refusedAll = ": 200 OK: "

// The result ERROR is read even where no other part of the response is.
func TestErrorInsideSuccess(t *testing.T) {
	for name, send := range map[string]func(*Client) error{
		"activate": func(c *Client) error { return c.ServiceAccounts.SetActive(t.Context(), "sa::ci", true) },
		"delete":   func(c *Client) error { return c.ServiceAccounts.Delete(t.Context(), "sa::ci") },
	} {
		t.Run(name, func(t *testing.T) {
			err := send(serve(t,
				respond(200, `{"status":{"result":"ERROR","message":"not now","code":400}}`)).client(t))
			if err == nil || !strings.Contains(err.Error(), "200 OK: not now") {
				t.Errorf("got %v", err)
			}
			for _, fine := range []string{``, `{}`, `null`, `<p>`, wrapped(`{}`)} {
				if err := send(serve(t, respond(200, fine)).client(t)); err != nil {
					t.Errorf("%s: %v", fine, err)
				}
			}
		})
	}
}

// searchPage returns the items from an offset on, no more than size.
func searchPage(items []string, offset, size int) step {
	objects := []string{}
	for _, id := range items[offset:min(offset+size, len(items))] {
		objects = append(objects, fmt.Sprintf(`{"id":%q}`, id))
	}
	return good(fmt.Sprintf(`{"items":[%s],"offset":%d,"moreItems":%t}`, strings.Join(objects, ","), offset,
		offset+size < len(items)))
}

// numbered returns the ids "1" to "n".
func numbered(n int) []string {
	ids := []string{}
	for i := range n {
		ids = append(ids, fmt.Sprint(i+1))
	}
	return ids
}

func idsOf(roles []Role) []string {
	ids := []string{}
	for _, role := range roles {
		ids = append(ids, role.ID)
	}
	return ids
}

func TestSearchPages(t *testing.T) {
	for name, test := range map[string]struct {
		items, size int // the number of items, and the server's own largest page
		offsets     []int
	}{
		"none":                      {0, 1000, []int{0}},
		"one":                       {1, 1000, []int{0}},
		"a full page":               {1000, 1000, []int{0}},
		"one more":                  {1001, 1000, []int{0, 999}},
		"three pages":               {2500, 1000, []int{0, 999, 1998}},
		"a server of smaller pages": {250, 100, []int{0, 99, 198}},
	} {
		t.Run(name, func(t *testing.T) {
			items := numbered(test.items)
			s, want := serve(t), []string{}
			for _, offset := range test.offsets {
				want = append(want,
					fmt.Sprintf(`POST /api/v2/search/role {"limit":1000,"offset":%d,`+
						`"query":[{"key":"name","values":["ci"],"matchingMethod":"EXACT"}]}`, offset))
				s.steps = append(s.steps, searchPage(items, offset, test.size))
			}
			got, err := s.client(t).Roles.ByName(t.Context(), "ci")
			if err != nil || !slices.Equal(idsOf(got), items) {
				t.Errorf("got %d items, %v", len(got), err)
			}
			s.wantSent(t, want...)
		})
	}
}

func TestSearchResponses(t *testing.T) {
	const first = `{"items":[{"id":"1"}],"moreItems":true}`
	for name, test := range map[string]struct {
		steps    []step
		want     []string // nil: an error
		attempts int
	}{
		"no items":                       {[]step{good(`{"items":[],"moreItems":false}`)}, []string{}, 1},
		"null items":                     {[]step{good(`{"items":null}`)}, nil, 1},
		"missing items":                  {[]step{good(`{}`)}, nil, 1},
		"null items of none":             {[]step{good(`{"items":null,"totalItems":0}`)}, []string{}, 1},
		"missing items of none":          {[]step{good(`{"totalItems":0,"moreItems":false}`)}, []string{}, 1},
		"missing items of some":          {[]step{good(`{"totalItems":3,"moreItems":false}`)}, nil, 1},
		"not said whether there is more": {[]step{good(`{"items":[{"id":"1"}]}`)}, []string{"1"}, 1},
		"bare":                           {[]step{respond(200, `{"items":[{"id":"1"}]}`)}, []string{"1"}, 1},
		"more is said, and there is not": {[]step{good(first), good(first)}, nil, 2},
		"further members": {
			[]step{good(`{"items":[{"id":"1"}],"totalItems":7,"moreItems":false,"cursor":"x"}`)}, []string{"1"}, 1,
		},
		"the second page is refused": {[]step{good(first), respond(403, `{"message":"no"}`)}, nil, 2},
		"the second page is an ERROR": {[]step{good(first),
			respond(200, `{"status":{"result":"ERROR","message":"no","code":400}}`)}, nil, 2},
		"the second page has no response": {[]step{good(first), good(`null`)}, nil, 2},
		"the second page breaks off once": {[]step{good(first), cut, good(`{"items":[{"id":"1"},{"id":"2"}]}`)},
			[]string{"1", "2"}, 3},
		"a list where a page should be": {[]step{good(`[{"id":"1"}]`)}, nil, 1},
		"the second page is throttled at once": {
			[]step{good(first), respond(406, ""), good(`{"items":[{"id":"1"},{"id":"2"}]}`)},
			[]string{"1", "2"}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, test.steps...)
			got, err := s.client(t).Roles.ByName(t.Context(), "ci")
			s.wantSends(t, test.attempts)
			if test.want == nil {
				if err == nil || got != nil {
					t.Errorf("got %v, %v", got, err)
				}
				return
			}
			if err != nil || got == nil || !slices.Equal(idsOf(got), test.want) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

// A list that changes while its pages are read is read again.
func TestSearchMoves(t *testing.T) {
	page := func(more bool, ids ...string) step {
		objects := make([]string, len(ids))
		for i, id := range ids {
			objects[i] = fmt.Sprintf(`{"id":%q}`, id)
		}
		return good(fmt.Sprintf(`{"items":[%s],"moreItems":%t}`, strings.Join(objects, ","), more))
	}
	abc := []string{"a", "b", "c"}
	for name, test := range map[string]struct {
		steps    []step
		want     []string // nil: an error
		attempts int
	}{
		"it does not": {[]step{page(true, "a", "b"), page(false, "b", "c")}, abc, 2},
		"one was deleted before": {
			[]step{page(true, "x", "a"), page(false, "b", "c"), page(true, "a", "b"), page(false, "b", "c")}, abc, 4,
		},
		"one was created before": {
			[]step{page(true, "b", "c"), page(false, "a", "b"), page(true, "a", "b"), page(false, "b", "c")}, abc, 4,
		},
		"all that follow were deleted": {[]step{page(true, "a", "x"), page(false), page(false, abc...)}, abc, 3},
		"one moved to the end": {
			[]step{page(true, "a", "b"), page(false, "b", "a"), page(false, abc...)}, abc, 3,
		},
		"again and again": {[]step{page(true, "a"), page(true, "b")}, nil, 2 * maxReadings},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, test.steps...)
			if test.want == nil { // the pages alternate
				s.steps = slices.Repeat(s.steps, maxReadings)
			}
			got, err := s.client(t).Roles.ByName(t.Context(), "ci")
			if (err == nil) != (test.want != nil) || test.want != nil && !slices.Equal(idsOf(got), test.want) {
				t.Errorf("got %q, %v", idsOf(got), err)
			}
			s.wantSends(t, test.attempts)
		})
	}
}

// Without a word on further items, a full page may have a successor.
func TestSearchFullPageWithoutMoreItems(t *testing.T) {
	items := numbered(1001)
	page := func(ids []string) step {
		var rows []map[string]string
		for _, id := range ids {
			rows = append(rows, map[string]string{"id": id})
		}
		text, _ := json.Marshal(map[string]any{"items": rows})
		return good(string(text))
	}
	got, err := serve(t, page(items[:1000]), page(items[999:])).client(t).Roles.ByName(t.Context(), "ci")
	if err != nil || !slices.Equal(idsOf(got), items) {
		t.Errorf("got %d items, %v", len(got), err)
	}
}

func TestSearchConditions(t *testing.T) {
	const start, end = `{"limit":1000,"offset":0,"query":[`, `]}`
	for name, test := range map[string]struct {
		conditions []Condition
		want       string
	}{
		"one": {[]Condition{{Key: "identifier", Values: []string{"ci"}}},
			`{"key":"identifier","values":["ci"]}`},
		"all members": {[]Condition{{"description", []string{"a", "b"}, StartsWith, true}},
			`{"key":"description","values":["a","b"],"matchingMethod":"STARTSWITH","negated":true}`},
		"contains": {[]Condition{{Key: "k", Values: []string{"v"}, MatchingMethod: Contains}},
			`{"key":"k","values":["v"],"matchingMethod":"CONTAINS"}`},
		"odd texts": {[]Condition{{Key: "k", Values: []string{`"<&>`}}}, `{"key":"k","values":["\"<&>"]}`},
		"two, in turn": {[]Condition{{Key: "b", Values: []string{"1"}}, {Key: "a", Values: []string{"2"}}},
			`{"key":"b","values":["1"]},{"key":"a","values":["2"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, good(`{"items":[{"identifier":"sa::ci"}]}`))
			got, err := s.client(t).ServiceAccounts.Search(t.Context(), test.conditions)
			if err != nil || len(got) != 1 || got[0].Identifier != "sa::ci" {
				t.Errorf("got %v, %v", got, err)
			}
			s.wantSent(t, "POST /api/v2/search/serviceaccount "+start+test.want+end)
		})
	}
}

// A server that has one new item on each page, and always more, is read up to a limit.
func TestSearchOfSmallPages(t *testing.T) {
	var offset atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		next := offset.Add(1)
		good(fmt.Sprintf(`{"items":[{"id":"%d"},{"id":"%d"}],"moreItems":true}`, next-1, next))(w, r)
	})
	_, err := s.client(t).Roles.ByName(t.Context(), "ci")
	if err == nil || !strings.Contains(err.Error(), "the server has more items after 302; the provider reads at most") {
		t.Error(err)
	}
	s.wantSends(t, 301)
}

// If a server or cache ignores "offset", the client stops reading.
func TestSearchWithoutEnd(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	s := serve(t, good(`{"items":[{"id":"1"}],"moreItems":true}`))
	_, err := s.client(t).Roles.ByName(ctx, "ci")
	if ctx.Err() != nil {
		t.Errorf("still reading after %d pages: %v", len(s.sent), err)
	}
}

func FuzzResponses(f *testing.F) {
	transporttest.FuzzResponses(f, bearer, func(endpoint string) (transporttest.Operations, func([]byte)) {
		http, err := transport.New(Options(transport.Options{Endpoint: endpoint, RetryWait: time.Millisecond}, bearer))
		if err != nil {
			f.Fatal(err)
		}
		c, all := New(http), transporttest.Operations{}
		for _, op := range operations {
			all[op.name] = func(ctx context.Context) error { return op.call(ctx, c) }
		}
		return all, func(body []byte) {
			decodeProblem(body)
			ownNotFound(body)
		}
	})
}
