package waldursim_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
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

// world is a server with one customer, one project in it, and callers of every
// sort.
type world struct {
	t      *testing.T
	sim    *waldursim.Sim
	server *httptest.Server
	clock  *clock

	customer, project string
	tokens            map[string]string
	users             map[string]string
}

func newWorld(t *testing.T, change ...func(*waldursim.Options)) *world {
	t.Helper()
	w := &world{
		t:      t,
		clock:  &clock{now: time.Date(2026, 3, 2, 8, 15, 30, 481207000, time.UTC)},
		tokens: map[string]string{},
		users:  map[string]string{},
	}
	options := waldursim.Options{Now: w.clock.Now}
	for _, f := range change {
		f(&options)
	}
	w.sim = waldursim.New(options)
	w.server = httptest.NewServer(w.sim)
	t.Cleanup(w.server.Close)

	w.customer = w.sim.AddCustomer(waldursim.Customer{
		Name: "ACME Research", Abbreviation: "ACME", Email: "office@acme.example",
		MaxServiceAccounts: waldursim.LimitOf(5),
	})
	w.project = w.sim.AddProject(waldursim.Project{
		Name: "Climate models", Customer: w.customer, MaxServiceAccounts: waldursim.LimitOf(5),
	})
	w.addUser("staff", waldursim.User{Username: "root", Staff: true})
	w.addUser("support", waldursim.User{Username: "helpdesk", Support: true})
	w.addUser("owner", waldursim.User{Username: "ada.kask"}, grant{waldursim.CustomerOwner, w.customer})
	w.addUser("reader", waldursim.User{Username: "rita"}, grant{waldursim.CustomerReader, w.customer})
	w.addUser("manager", waldursim.User{Username: "mart"}, grant{waldursim.ProjectManager, w.project})
	w.addUser("member", waldursim.User{Username: "mia"}, grant{waldursim.ProjectMember, w.project})
	w.addUser("stranger", waldursim.User{Username: "zed"})
	return w
}

// in is the same world for a subtest, which fails by itself.
func (w *world) in(t *testing.T) *world {
	t.Helper()
	same := *w
	same.t = t
	return &same
}

type grant struct {
	role  waldursim.Role
	scope string
}

func (w *world) addUser(name string, user waldursim.User, grants ...grant) {
	w.users[name], w.tokens[name] = w.sim.AddUser(user)
	for _, g := range grants {
		w.sim.Grant(w.users[name], g.role, g.scope)
	}
}

// kind is one of the two kinds of service accounts as a client sees it.
type kind struct {
	scope, other string
	path         string
	operations   string
	model        string
	manager      string // a caller who may write
}

var kinds = []kind{
	{
		scope: "customer", other: "project", path: "/api/marketplace-customer-service-accounts/",
		operations: "marketplace_customer_service_accounts_", model: "CustomerServiceAccount", manager: "owner",
	},
	{
		scope: "project", other: "customer", path: "/api/marketplace-project-service-accounts/",
		operations: "marketplace_project_service_accounts_", model: "ProjectServiceAccount", manager: "manager",
	},
}

func (w *world) scope(k kind) string {
	if k.scope == "customer" {
		return w.customer
	}
	return w.project
}

// eachKind runs a test against a fresh world for both kinds.
func eachKind(t *testing.T, run func(t *testing.T, w *world, k kind)) {
	t.Helper()
	for _, k := range kinds {
		t.Run(k.scope, func(t *testing.T) { run(t, newWorld(t), k) })
	}
}

func (w *world) seed(k kind, a waldursim.ServiceAccount) (uuid, key string) {
	if a.Scope == "" {
		a.Scope = w.scope(k)
	}
	if k.scope == "customer" {
		return w.sim.AddCustomerServiceAccount(a)
	}
	return w.sim.AddProjectServiceAccount(a)
}

type object = map[string]any

type reply struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

// noRedirects shows a redirect as it is.
var noRedirects = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
	return http.ErrUseLastResponse
}}

// do sends one request as a caller of the world; a body that is not text is sent
// as JSON.
func (w *world) do(caller, method, path string, body any) reply {
	w.t.Helper()
	r, err := w.try(caller, method, path, body)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (w *world) try(caller, method, path string, body any) (reply, error) {
	w.t.Helper()
	header := http.Header{}
	if caller != "" {
		if w.tokens[caller] == "" {
			w.t.Fatalf("no caller %s", caller)
		}
		header.Set("Authorization", "Token "+w.tokens[caller])
	}
	var text []byte
	switch body := body.(type) {
	case nil:
	case string:
		text = []byte(body)
		header.Set("Content-Type", "application/json")
	default:
		text, _ = json.Marshal(body)
		header.Set("Content-Type", "application/json")
	}
	return w.send(method, path, header, text)
}

func (w *world) send(method, path string, header http.Header, body []byte) (reply, error) {
	w.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = w.server.URL + path
	}
	request, err := http.NewRequestWithContext(w.t.Context(), method, path, bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header = header
	response, err := noRedirects.Do(request)
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

func (r reply) wantHTML(status int) {
	r.t.Helper()
	r.want(status)
	if kind := r.header.Get("Content-Type"); kind != "text/html; charset=utf-8" {
		r.t.Errorf("content type %q, want HTML", kind)
	}
	if json.Valid([]byte(r.body)) {
		r.t.Errorf("the body is JSON: %s", r.body)
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
	list := []object{}
	if err := json.Unmarshal([]byte(r.body), &list); err != nil || list == nil {
		r.t.Fatalf("not a list: %s", r.body)
	}
	return list
}

// column reads one field of all rows.
func (r reply) column(name string) []string {
	r.t.Helper()
	values := []string{}
	for _, row := range r.list() {
		text, ok := row[name].(string)
		if !ok {
			r.t.Fatalf("no text %s in %v", name, row)
		}
		values = append(values, text)
	}
	return values
}

func wantFields(t *testing.T, got object, want object) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		value, ok := got[name]
		if !ok {
			t.Errorf("%s is missing", name)
		} else if !reflect.DeepEqual(value, want[name]) {
			t.Errorf("%s is %#v, want %#v", name, value, want[name])
		}
	}
}

func wantNames(t *testing.T, got object, want ...string) {
	t.Helper()
	slices.Sort(want)
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, want) {
		t.Errorf("fields %v\nwant   %v", names, want)
	}
}

func wantStrings(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
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

// create makes an account over the API and returns the answer's object.
func (w *world) create(k kind, identifier string) object {
	w.t.Helper()
	body := object{k.scope: w.scope(k), "preferred_identifier": identifier}
	return w.do(k.manager, "POST", k.path, body).want(201).object()
}

func (k kind) one(uuid any) string { return k.path + uuid.(string) + "/" }

func (k kind) rotate(uuid any) string { return k.one(uuid) + "rotate_api_key/" }

func hyphened(uuid string) string {
	return strings.ToUpper(uuid[:8] + "-" + uuid[8:12] + "-" + uuid[12:16] + "-" + uuid[16:20] + "-" + uuid[20:])
}
