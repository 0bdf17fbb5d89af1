package wavefrontsim_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

const (
	servicePath = "/api/v2/account/serviceaccount"
	ci          = servicePath + "/sa::ci"
	account     = "/api/v2/account/"
	ciTokens    = "/api/v2/apitoken/serviceaccount/sa::ci"
	noSuchID    = "00000000-0000-4000-8000-000000000404"
	noSuchToken = "00000000-0000-4000-8000-000000000405"
	ownToken    = "5e0d7c1a-0f2b-4c1e-9a6d-1b2c3d4e5f60"
)

// clock moves only when a test says so.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a tenant with two roles, a group that brings one of them, and the account sa::ci without anything.
type world struct {
	t      *testing.T
	sim    *wavefrontsim.Sim
	server *httptest.Server
	clock  *clock
	token  string
	tap    http.Handler // stands before sim when set

	proxies, alerts, fleet string
}

func newWorld(t *testing.T, change ...func(*wavefrontsim.Options)) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: time.Date(2026, 3, 2, 8, 15, 30, 481207000, time.UTC)}}
	options := wavefrontsim.Options{Now: w.clock.Now}
	for _, f := range change {
		f(&options)
	}
	w.sim = wavefrontsim.New(options)
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.tap != nil {
			w.tap.ServeHTTP(rw, r)
			return
		}
		w.sim.ServeHTTP(rw, r)
	}))
	t.Cleanup(w.server.Close)
	w.token = w.sim.Token()
	w.proxies = w.sim.AddRole(wavefrontsim.Role{
		Name: "Proxy operators", Description: "May manage proxies", Permissions: []string{"ingestion", "agent_management"},
	})
	w.alerts = w.sim.AddRole(wavefrontsim.Role{Name: "Alert editors", Permissions: []string{"alerts_management"}})
	w.fleet = w.sim.AddUserGroup(wavefrontsim.UserGroup{
		Name: "Proxy fleet", Description: "Accounts that run proxies", Roles: []string{w.proxies},
	})
	w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
	return w
}

// reply is one answer.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

// send sends a body as it is when it is a string, else as JSON; nil is none.
func (w *world) send(method, path string, body any) reply {
	w.t.Helper()
	return w.sendAs(w.token, method, path, body)
}

func (w *world) sendAs(token, method, path string, body any) reply {
	w.t.Helper()
	r := w.request(method, path, body)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return w.do(r)
}

func (w *world) request(method, path string, body any) *http.Request {
	w.t.Helper()
	text, isText := body.(string)
	if body != nil && !isText {
		encoded, err := json.Marshal(body)
		if err != nil {
			w.t.Fatal(err)
		}
		text = string(encoded)
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+path, strings.NewReader(text))
	if err != nil {
		w.t.Fatal(err)
	}
	if text != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

func (w *world) do(r *http.Request) reply {
	w.t.Helper()
	answer, err := w.server.Client().Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return reply{w.t, answer.StatusCode, answer.Header, string(text)}
}

// at walks into the JSON of the body; what is missing is nil.
func (r reply) at(path ...any) any {
	r.t.Helper()
	var v any
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		r.t.Fatalf("%d with %q: %s", r.status, r.body, err)
	}
	return dig(v, path...)
}

func dig(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			o, _ := v.(map[string]any)
			v = o[step]
		case int:
			all, _ := v.([]any)
			if step < 0 {
				step += len(all)
			}
			if step < 0 || step >= len(all) {
				return nil
			}
			v = all[step]
		}
	}
	return v
}

// response is the payload of a plain success.
func (r reply) response(path ...any) any {
	r.t.Helper()
	if r.status != 200 || fmt.Sprint(r.at("status")) != "map[code:200 message: result:OK]" {
		r.t.Fatalf("got %d with %s, want plain success", r.status, r.body)
	}
	return r.at(append([]any{"response"}, path...)...)
}

// refused checks the status and the envelope of a failure, and gives its message.
func (r reply) refused(status int) string {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("got %d with %s, want %d", r.status, r.body, status)
	}
	message, _ := r.at("status", "message").(string)
	if r.at("status", "result") != "ERROR" || r.at("status", "code") != float64(status) || message == "" ||
		len(r.at().(map[string]any)) != 1 {
		r.t.Fatalf("not the envelope of a failure: %s", r.body)
	}
	if r.header.Get("Content-Type") != "application/json" {
		r.t.Fatalf("Content-Type is %q", r.header.Get("Content-Type"))
	}
	return message
}

// outcome is the HTTP status and the code of the envelope.
func (r reply) outcome() string {
	r.t.Helper()
	return fmt.Sprint(r.status, " ", r.at("status", "code"))
}

// pick gives one member of every element, sorted.
func pick(all any, key string) []string {
	var found []string
	items, _ := all.([]any)
	for _, one := range items {
		found = append(found, fmt.Sprint(dig(one, key)))
	}
	slices.Sort(found)
	return found
}

func texts(all any) []string {
	var found []string
	items, _ := all.([]any)
	for _, one := range items {
		found = append(found, fmt.Sprint(one))
	}
	slices.Sort(found)
	return found
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("%s: got %s, want %s", what, g, w)
	}
}

// body is a complete write with changes; a nil value takes a member out, null sends null.
type body map[string]any

type nullType struct{}

var null nullType

func (nullType) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

func write(identifier string, change body) body {
	b := body{
		"identifier": identifier, "active": true, "description": "",
		"tokens": []string{}, "userGroups": []string{}, "groups": []string{}, "roles": []string{},
	}
	for key, value := range change {
		if value == nil {
			delete(b, key)
			continue
		}
		b[key] = value
	}
	return b
}

func (w *world) create(identifier string, change body) reply {
	w.t.Helper()
	return w.send("POST", servicePath, write(identifier, change))
}

func (w *world) update(change body) reply {
	w.t.Helper()
	return w.send("PUT", ci, write("sa::ci", change))
}

func (w *world) groupNames() []string {
	w.t.Helper()
	return pick(w.send("GET", ci, nil).response("userGroups"), "name")
}
