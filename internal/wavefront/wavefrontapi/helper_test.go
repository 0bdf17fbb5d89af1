package wavefrontapi

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

const (
	bearer = "00000000-1111-4222-8333-444444444444" // the credential of the client
	token  = "c0ffee00-5eed-4bad-8bad-0123456789ab" // a token of an account
)

// step is what the scripted server does with one request, after it has read the body.
type step func(http.ResponseWriter, *http.Request)

// script is a server that does one step for each request, and the last step for all further requests.
type script struct {
	*httptest.Server
	mu    sync.Mutex
	steps []step
	sent  []string // method, URI and body
}

func serve(t *testing.T, steps ...step) *script {
	t.Helper()
	s := &script{steps: steps}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.record(r)(w, r)
}

func (s *script) record(r *http.Request) step {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, strings.TrimSpace(r.Method+" "+r.RequestURI+" "+string(body)))
	return s.steps[min(len(s.sent), len(s.steps))-1]
}

// client returns a client of the server, with two retries and hardly a wait. If all requests are refused
// with 406, it sends two.
func (s *script) client(t *testing.T) *Client {
	t.Helper()
	return client(t, s.URL)
}

func client(t *testing.T, endpoint string) *Client {
	t.Helper()
	http, err := transport.New(Options(transport.Options{Endpoint: endpoint, MaxRetries: 2,
		RetryWait: time.Millisecond, MaxWait: time.Millisecond}, bearer))
	if err != nil {
		t.Fatal(err)
	}
	return New(http)
}

// wantSent checks the requests. The members of an object may stand in any order.
func (s *script) wantSent(t *testing.T, want ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.EqualFunc(s.sent, want, sameRequest) {
		t.Errorf("sent\n got %q\nwant %q", s.sent, want)
	}
}

func sameRequest(a, b string) bool {
	startA, bodyA, _ := strings.Cut(a, " {")
	startB, bodyB, _ := strings.Cut(b, " {")
	var membersA, membersB any
	_ = json.Unmarshal([]byte("{"+bodyA), &membersA)
	_ = json.Unmarshal([]byte("{"+bodyB), &membersB)
	return startA == startB && reflect.DeepEqual(membersA, membersB)
}

func (s *script) wantSends(t *testing.T, want int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sent) != want {
		t.Errorf("%d requests were sent, want %d: %q", len(s.sent), want, s.sent)
	}
}

// respond returns a status and a body.
func respond(status int, body string) step {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// good is a 200 with a payload in an envelope.
func good(payload string) step { return respond(200, wrapped(payload)) }

func wrapped(payload string) string {
	return `{"status":{"result":"OK","message":"","code":200},"response":` + payload + `}`
}

// cut closes the connection without a response.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// operation is one call of the client, of which only the error matters.
type operation struct {
	name       string
	call       func(context.Context, *Client) error
	request    string // method and path below /api/v2, for the identifier "sa::ci"
	response   string // a good payload
	repeatable bool   // whether it may be sent again although the server may have executed the first attempt
}

var operations = []operation{
	{"create account", func(ctx context.Context, c *Client) error {
		_, _, err := c.ServiceAccounts.Create(ctx, ServiceAccountWrite{Identifier: "sa::ci"})
		return err
	}, "POST /account/serviceaccount", `{"identifier":"sa::ci"}`, false},
	{"get account", func(ctx context.Context, c *Client) error {
		_, err := c.ServiceAccounts.Get(ctx, "sa::ci")
		return err
	}, "GET /account/serviceaccount/sa::ci", `{"identifier":"sa::ci"}`, true},
	{"list accounts", func(ctx context.Context, c *Client) error {
		_, err := c.ServiceAccounts.List(ctx)
		return err
	}, "GET /account/serviceaccount", `[]`, true},
	{"search accounts", func(ctx context.Context, c *Client) error {
		_, err := c.ServiceAccounts.Search(ctx, nameIs("ci"))
		return err
	}, "POST /search/serviceaccount", `{"items":[]}`, true},
	{"update account", func(ctx context.Context, c *Client) error {
		_, err := c.ServiceAccounts.Update(ctx, ServiceAccountWrite{Identifier: "sa::ci"})
		return err
	}, "PUT /account/serviceaccount/sa::ci", `{"identifier":"sa::ci"}`, true},
	{"activate account", func(ctx context.Context, c *Client) error {
		return c.ServiceAccounts.SetActive(ctx, "sa::ci",
			true)
	},
		"POST /account/serviceaccount/sa::ci/activate", `{}`, true},
	{"deactivate account", func(ctx context.Context, c *Client) error {
		return c.ServiceAccounts.SetActive(ctx,
			"sa::ci", false)
	},
		"POST /account/serviceaccount/sa::ci/deactivate", `{}`, true},
	{"delete account", func(ctx context.Context, c *Client) error { return c.ServiceAccounts.Delete(ctx, "sa::ci") },
		"DELETE /account/sa::ci", `{}`, true},
	{"list tokens", func(ctx context.Context, c *Client) error {
		_, err := c.Tokens.List(ctx, "sa::ci")
		return err
	}, "GET /apitoken/serviceaccount/sa::ci", `[]`, true},
	{"generate token", func(ctx context.Context, c *Client) error {
		_, err := c.Tokens.Generate(ctx, "sa::ci", "deploy")
		return err
	}, "POST /apitoken/serviceaccount/sa::ci", `[]`, false},
	{"rename token", func(ctx context.Context, c *Client) error {
		return drop(c.Tokens.Rename(ctx, "sa::ci", transport.NewSecret(token), "deploy"))
	}, "PUT /apitoken/serviceaccount/sa::ci/" + token, `{}`, true},
	{"revoke token", func(ctx context.Context, c *Client) error {
		return drop(c.Tokens.Revoke(ctx, "sa::ci", transport.NewSecret(token)))
	}, "DELETE /apitoken/serviceaccount/sa::ci/" + token, `[]`, true},
	{"get role", func(ctx context.Context, c *Client) error {
		_, err := c.Roles.Get(ctx, "r1")
		return err
	}, "GET /role/r1", `{"id":"r1"}`, true},
	{"search roles", func(ctx context.Context, c *Client) error {
		_, err := c.Roles.ByName(ctx, "ci")
		return err
	}, "POST /search/role", `{"items":[]}`, true},
	{"get user group", func(ctx context.Context, c *Client) error {
		_, err := c.UserGroups.Get(ctx, "g1")
		return err
	}, "GET /usergroup/g1", `{"id":"g1"}`, true},
	{"search user groups", func(ctx context.Context, c *Client) error {
		_, err := c.UserGroups.ByName(ctx, "ci")
		return err
	}, "POST /search/usergroup", `{"items":[]}`, true},
}

// wantError checks an error's whole text; want "" is no error.
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("error\n got %q\nwant %q", got, want)
	}
}

func wantLost(t *testing.T, err error, want bool) {
	t.Helper()
	if got := transport.Lost(err); got != want {
		t.Errorf("Lost(%v) = %t, want %t", err, got, want)
	}
}

func wantEqual(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// cutRequest returns method and path of the request of an operation.
func cutRequest(request string) (method, path string) {
	method, path, _ = strings.Cut(request, " ")
	return method, path
}

// drop returns the error alone.
func drop[T any](_ T, err error) error { return err }

func ptr[T any](value T) *T { return &value }
