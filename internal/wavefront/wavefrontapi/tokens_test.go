package wavefrontapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// readers are the calls that return all tokens of an account.
var readers = map[string]func(context.Context, *Client) ([]Token, error){
	"list": func(ctx context.Context, c *Client) ([]Token, error) { return c.Tokens.List(ctx, "sa::ci") },
	"generate": func(ctx context.Context, c *Client) ([]Token,
		error) {
		return c.Tokens.Generate(ctx, "sa::ci", "new")
	},
}

func TestTokens(t *testing.T) {
	const notExpected = ": 200 OK: the response is not the expected JSON: "
	old := Token{ID: transport.NewSecret("t1")}
	full := Token{transport.NewSecret(token), "deploy", 1600000000456, 1700000000123, "SERVICE_ACCOUNT"}
	for name, test := range map[string]struct {
		body string
		want []Token
		err  string
	}{
		"none":           {wrapped(`[]`), []Token{}, ""},
		"none, bare":     {`[]`, []Token{}, ""},
		"as before 2022": {wrapped(`[{"tokenID":"t1"}]`), []Token{old}, ""},
		"nulls": {wrapped(`[{"tokenID":"t1","tokenName":null,"lastUsed":null,
			"dateGenerated":null,"accountType":null}]`), []Token{old}, ""},
		"further members": {wrapped(`[{"tokenID":"t1","customer":"acme","more":{}}]`), []Token{old}, ""},
		"two, bare": {
			`[{"tokenID":"t1"},{"tokenID":"` + token +
				`","tokenName":"deploy","account":"sa::ci","accountType":"SERVICE_ACCOUNT",
				"lastUsed":1700000000123,"dateGenerated":1600000000456}]`,
			[]Token{old, full}, "",
		},
		"no tokenID":       {wrapped(`[{"tokenID":"t1"},{"tokenName":"new"}]`), nil, "entry 2: it has no tokenID"},
		"null for one":     {wrapped(`[{"tokenID":null,"tokenName":"new"}]`), nil, "entry 1: it has no tokenID"},
		"an empty one":     {wrapped(`[{"tokenID":""}]`), nil, "entry 1: it has no tokenID"},
		"a number for one": {wrapped(`[{"tokenID":1234567}]`), nil, "a secret that is not a string"},
		"null for a token": {wrapped(`[null]`), nil, "entry 1: it has no tokenID"},
		"null":             {wrapped(`null`), nil, "it has no response"},
		"no response":      {`{"status":{"result":"OK","code":200}}`, nil, "it has no response"},
		"ERROR": {`{"status":{"result":"ERROR","message":"no more than 20","code":400}}`, nil,
			"no more than 20"},
		"one, no list": {wrapped(`{"tokenID":"t1"}`), nil,
			"it has the wrong type: expected a list"},
	} {
		for call, read := range readers {
			t.Run(call+": "+name, func(t *testing.T) {
				s := serve(t, respond(200, test.body))
				got, err := read(t.Context(), s.client(t))
				s.wantSends(t, 1)
				wantLost(t, err, test.err != "")
				if test.err == "" {
					wantEqual(t, got, test.want)
					return
				}
				method := map[string]string{"list": "GET", "generate": "POST"}[call]
				reason := notExpected
				if name == "ERROR" {
					reason = refusedAll
				}
				wantError(t, err, method+" /api/v2/apitoken/serviceaccount/sa::ci"+reason+test.err)
			})
		}
	}
}

func TestTokenBodies(t *testing.T) {
	s := serve(t, good(`[]`))
	c := s.client(t)
	for _, name := range []string{"deploy", "", `a "b" / c`} {
		if _, err := c.Tokens.Generate(t.Context(), "sa::ci", name); err != nil {
			t.Error(err)
		}
		_ = drop(c.Tokens.Rename(t.Context(), "sa::ci", transport.NewSecret(token), name)) // its response is not a list
	}
	const generate = "POST /api/v2/apitoken/serviceaccount/sa::ci "
	const rename = "PUT /api/v2/apitoken/serviceaccount/sa::ci/" + token + " "
	s.wantSent(t,
		generate+`{"tokenName":"deploy"}`, rename+`{"tokenID":"`+token+`","tokenName":"deploy"}`,
		generate+`{"tokenName":""}`, rename+`{"tokenID":"`+token+`","tokenName":""}`,
		generate+`{"tokenName":"a \"b\" / c"}`, rename+`{"tokenID":"`+token+`","tokenName":"a \"b\" / c"}`,
	)
}

// truncated announces more than it sends, and closes the connection.
func truncated(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"status":{"result":"OK"`)
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

// The server has a token whose response was lost, and a second request would create a second token.
func TestGenerateIsNotRepeated(t *testing.T) {
	for name, step := range map[string]step{
		"cut":       cut,
		"truncated": truncated,
		"408":       respond(408, ""),
		"500":       respond(500, `{"message":"oops"}`),
		"503 with a time to come again": func(w http.ResponseWriter,
			_ *http.Request) {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(503)
		},
		"an empty answer": respond(200, ""),
		"HTML":            respond(200, "<p>"),
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, step, good(`[{"tokenID":"second"}]`))
			got, err := s.client(t).Tokens.Generate(t.Context(), "sa::ci", "new")
			s.wantSends(t, 1)
			wantLost(t, err, true)
			if got != nil {
				t.Errorf("got %v", got)
			}
		})
	}
}

// The end of the context cuts off no write: the response may hold a token.
func TestInterruptCutsOffNoWrite(t *testing.T) {
	for _, op := range operations {
		if method, path := cutRequest(op.request); method == http.MethodGet || strings.HasPrefix(path, "/search/") {
			continue
		}
		t.Run(op.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				cancel()
				time.Sleep(20 * time.Millisecond)
				good(op.response)(w, r)
			})
			wantError(t, op.call(ctx, s.client(t)), "")
		})
	}
}

// closedPort returns an endpoint at which nothing listens.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return "http://" + listener.Addr().String()
}

// The path of a rename or a revocation contains the token. Neither errors nor the log contain it.
func TestNoErrorContainsAToken(t *testing.T) {
	raw := func(text string) step {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = io.WriteString(conn, text)
			_ = conn.Close()
		}
	}
	header := func(name, value string) step {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(name, value)
			w.WriteHeader(301)
		}
	}
	for name, step := range map[string]step{
		"refused": respond(400,
			`{"status":{"result":"ERROR","message":"no token `+token+`","code":400}}`),
		"refused, flat":       respond(400, `{"message":"no token `+token+`"}`),
		"refused, flat error": respond(403, `{"error":"`+token+` is not yours"}`),
		"not found": respond(404,
			`{"status":{"result":"ERROR","message":"`+token+` does not exist","code":404}}`),
		"not found, no JSON":      respond(404, `Cannot DELETE /api/v2/apitoken/serviceaccount/sa::ci/`+token),
		"throttled":               respond(406, `{"message":"`+token+`"}`),
		"the server's fault":      respond(500, `{"message":"`+token+`"}`),
		"the server's fault, HTM": respond(502, `<h1>`+token+`</h1>`),
		"redirected":              header("Location", "https://elsewhere.example/x/"+token),
		"redirected, no URL":      header("Location", "http://%zz/"+token),
		"cut":                     cut,
		"truncated":               truncated,
		"no HTTP":                 raw(token + "\r\n\r\n"),
		"an odd header":           raw("HTTP/1.1 200 OK\r\n" + token + "\r\n\r\n"),
		"an odd status":           raw("HTTP/1.1 " + token + "\r\n\r\n"),
	} {
		for _, op := range operations {
			if op.name != "rename token" && op.name != "revoke token" {
				continue
			}
			t.Run(op.name+", "+name, func(t *testing.T) {
				var log bytes.Buffer
				ctx := tflogtest.RootLogger(t.Context(), &log)
				expired, cancel := context.WithCancel(ctx)
				cancel()
				unavailable := New(transport.Unavailable(errors.New("no settings")))
				for _, err := range []error{
					op.call(ctx, serve(t, step).client(t)), op.call(ctx, client(t, closedPort(t))),
					op.call(expired, serve(t, step).client(t)), op.call(ctx, unavailable),
				} {
					wantNoToken(t, "the error", fmt.Sprintf("%v %+v %s %q", err, err, err, err))
					if err != nil &&
						!strings.Contains(err.Error(), "/api/v2/apitoken/serviceaccount/sa::ci/(redacted)") {
						t.Errorf("the error does not contain the path: %v", err)
					}
				}
				wantNoToken(t, "the log", log.String())
			})
		}
	}
}

func wantNoToken(t *testing.T, what, text string) {
	t.Helper()
	for _, form := range []string{token, fmt.Sprintf("%x", token), fmt.Sprintf("%X", token), token[24:]} {
		if strings.Contains(text, form) {
			t.Errorf("%s contains the token: %s", what, text)
			return
		}
	}
}

func TestNoTypePrintsAToken(t *testing.T) {
	one := Token{ID: transport.NewSecret(token), Name: "deploy"}
	account := ServiceAccount{Identifier: "sa::ci", Tokens: []Token{one}}
	for name, value := range map[string]any{
		"token":             one,
		"pointer to token":  &one,
		"slice":             []Token{one},
		"array":             [1]Token{one},
		"map":               map[string]Token{"x": one},
		"account":           account,
		"pointer, account":  &account,
		"accounts":          []ServiceAccount{account},
		"the secret":        one.ID,
		"struct of all":     struct{ A *ServiceAccount }{&account},
		"error of a wanted": fmt.Errorf("%v %+v", one, account),
	} {
		t.Run(name, func(t *testing.T) {
			for _, verb := range []string{"%v", "%+v", "%#v"} {
				wantNoToken(t, verb, fmt.Sprintf(verb, value))
			}
		})
	}
}
