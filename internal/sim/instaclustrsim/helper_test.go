package instaclustrsim_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

const (
	usersPath = "/v1/service-users"
	hidden    = "\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022" +
		"\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022"
)

type object = map[string]any

// credential is who sends a request.
type credential struct{ name, key string }

// world is a service with callers of every sort.
type world struct {
	t       *testing.T
	sim     *instaclustrsim.Sim
	server  *httptest.Server
	now     *clock
	address *address

	owner, admin, other, reader, billing, foreigner credential
	foreign                                         string // the account of the last
}

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

// address is where requests come from.
type address struct {
	mu   sync.Mutex
	from netip.Addr
}

func (a *address) of(*http.Request) netip.Addr {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.from
}

func (a *address) set(text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.from = netip.MustParseAddr(text)
}

func newWorld(t *testing.T, change ...func(*instaclustrsim.Options)) *world {
	t.Helper()
	w := &world{t: t, now: &clock{now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}, address: &address{}}
	w.address.set("198.51.100.20")
	options := instaclustrsim.Options{Now: w.now.Now, CallerAddress: w.address.of}
	for _, f := range change {
		f(&options)
	}
	w.sim = instaclustrsim.New(options)
	w.server = httptest.NewServer(w.sim)
	t.Cleanup(w.server.Close)
	w.owner.name, w.owner.key = w.sim.Owner()
	w.admin = w.person("a.smith", instaclustrsim.ClusterAdmin, "")
	w.other = w.person("o.brown", instaclustrsim.ClusterAdmin, "")
	w.reader = w.person("r.white", instaclustrsim.ReadOnly, "")
	w.billing = w.person("b.green", instaclustrsim.Billing, "")
	w.foreign = w.sim.AddAccount()
	w.foreigner = w.person("x.black", instaclustrsim.Owner, w.foreign)
	return w
}

func (w *world) person(name, role, account string) credential {
	return credential{name, w.sim.AddUser(instaclustrsim.HumanUser{Account: account, Username: name, Role: role})}
}

// in is the same world for a subtest, which fails by itself.
func (w *world) in(t *testing.T) *world {
	t.Helper()
	same := *w
	same.t = t
	return &same
}

// robot makes a service user that the Cluster Admin a.smith administers, with keys of the given types.
func (w *world) robot(name, role string, keys ...string) map[string]string {
	w.t.Helper()
	return w.sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: name, Role: role, Administrators: []string{w.admin.name}, Keys: keys,
	})
}

type reply struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

// do sends one request; a body that is not text is sent as JSON, and text as it is, both under the type of JSON.
func (w *world) do(as credential, method, path string, body any) reply {
	w.t.Helper()
	r, err := w.try(as, method, path, body)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (w *world) try(as credential, method, path string, body any) (reply, error) {
	w.t.Helper()
	var text []byte
	header := http.Header{}
	switch body := body.(type) {
	case nil:
	case string:
		text = []byte(body)
		header.Set("Content-Type", "application/json")
	default:
		text, _ = json.Marshal(body)
		header.Set("Content-Type", "application/json; charset=utf-8")
	}
	return w.send(as, method, path, header, text)
}

func (w *world) send(as credential, method, path string, header http.Header, body []byte) (reply, error) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+path, bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header = header
	if as != (credential{}) {
		request.SetBasicAuth(as.name, as.key)
	}
	response, err := w.server.Client().Do(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return reply{}, err
	}
	return reply{w.t, response.StatusCode, response.Header, string(text)}, nil
}

func (r reply) want(status int) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d; body %s", r.status, status, r.body)
	}
	if r.body != "" && r.header.Get("Content-Type") != "application/json" {
		r.t.Errorf("content type %q", r.header.Get("Content-Type"))
	}
	return r
}

// wantBody compares with JSON text, whatever the order of names.
func (r reply) wantBody(want string) {
	r.t.Helper()
	var got, expected any
	if err := json.Unmarshal([]byte(want), &expected); err != nil {
		r.t.Fatalf("the test's own JSON: %v", err)
	}
	if err := json.Unmarshal([]byte(r.body), &got); err != nil {
		r.t.Fatalf("the body is no JSON: %s", r.body)
	}
	if !reflect.DeepEqual(got, expected) {
		r.t.Fatalf("body %s\nwant %s", r.body, want)
	}
}

func (r reply) wantEmpty() {
	r.t.Helper()
	if r.body != "" || r.header.Get("Content-Type") != "" {
		r.t.Errorf("body %q of type %q, want none", r.body, r.header.Get("Content-Type"))
	}
}

// wantNames checks which fields a 400 is about.
func (r reply) wantNames(names ...string) {
	r.t.Helper()
	var problems map[string]string
	if err := json.Unmarshal([]byte(r.want(400).body), &problems); err != nil {
		r.t.Fatalf("not a flat map of texts: %s", r.body)
	}
	for name := range problems {
		if !slices.Contains(names, name) {
			r.t.Errorf("unexpected %s in %s", name, r.body)
		}
	}
	if len(problems) != len(names) {
		r.t.Errorf("got %s, want %v", r.body, names)
	}
}

func (r reply) object() object {
	r.t.Helper()
	var o object
	if err := json.Unmarshal([]byte(r.body), &o); err != nil {
		r.t.Fatalf("not an object: %s", r.body)
	}
	return o
}

func (r reply) list() []object {
	r.t.Helper()
	var list []object
	if err := json.Unmarshal([]byte(r.body), &list); err != nil || list == nil {
		r.t.Fatalf("not a list: %s", r.body)
	}
	return list
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %#v, want %#v", what, got, want)
	}
}

func wantPanic(t *testing.T, run func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if recover() == nil {
			t.Error("it passed")
		}
	}()
	run()
}
