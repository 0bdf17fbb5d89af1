package waldursim_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestInjectedAnswer(t *testing.T) {
	for _, test := range []struct {
		name        string
		fault       simkit.Fault
		contentType string
	}{
		{"json", simkit.Fault{Status: 500, Body: "{\"detail\": \"a  b\"}\n"}, "application/json; charset=utf-8"},
		{"html", simkit.Fault{Status: 502, Body: "<h1>Bad Gateway</h1>"}, "text/html; charset=utf-8"},
		{"empty", simkit.Fault{Status: 503}, "text/html; charset=utf-8"},
		{"a good status", simkit.Fault{Status: 200, Body: "[]"}, "application/json; charset=utf-8"},
		{"header", simkit.Fault{Status: 429, Body: "{}", Header: http.Header{
			"Retry-After": {"7"}, "content-type": {"application/problem+json"},
		}}, "application/problem+json"},
	} {
		t.Run(test.name, func(t *testing.T) {
			eachKind(t, func(t *testing.T, w *world, k kind) {
				w.sim.Inject(k.operations+"create", test.fault)
				body := object{k.scope: w.scope(k), "preferred_identifier": "bot"}
				r := w.do(k.manager, "POST", k.path, body).want(test.fault.Status)
				if r.body != test.fault.Body {
					t.Errorf("body %q, want %q", r.body, test.fault.Body)
				}
				if got := r.header.Get("Content-Type"); got != test.contentType {
					t.Errorf("content type %q, want %q", got, test.contentType)
				}
				if got, want := r.header.Get("Retry-After"), test.fault.Header.Get("Retry-After"); got != want {
					t.Errorf("Retry-After %q, want %q", got, want)
				}
				if len(w.sim.ServiceAccounts()) != 0 || len(w.sim.Keys()) != 0 {
					t.Error("the work was done")
				}
				w.do(k.manager, "POST", k.path, body).want(201)
			})
		})
	}
}

func TestFaultsHitTheirOperationOnly(t *testing.T) {
	w := newWorld(t)
	account, _ := w.seed(kinds[0], waldursim.ServiceAccount{PreferredIdentifier: "bot"})
	resource := w.sim.AddResource(waldursim.Resource{Name: "alloc", Project: w.project})
	robot := robots + w.sim.AddRobotAccount(waldursim.RobotAccount{Resource: resource, Type: "cicd"}) + "/"
	c, p := kinds[0], kinds[1]
	requests := []struct{ operation, method, path string }{
		{"marketplace_robot_accounts_list", "GET", robots},
		{"marketplace_robot_accounts_count", "HEAD", robots},
		{"marketplace_robot_accounts_create", "POST", robots},
		{"marketplace_robot_accounts_retrieve", "GET", robot},
		{"marketplace_robot_accounts_update", "PUT", robot},
		{"marketplace_robot_accounts_partial_update", "PATCH", robot},
		{"marketplace_robot_accounts_destroy", "DELETE", robot},
		{"marketplace_robot_accounts_set_state_creating", "POST", robot + "set_state_creating/"},
		{"marketplace_robot_accounts_set_state_ok", "POST", robot + "set_state_ok/"},
		{"marketplace_robot_accounts_set_state_erred", "POST", robot + "set_state_erred/"},
		{"marketplace_robot_accounts_set_state_request_deletion", "POST", robot + "set_state_request_deletion/"},
		{"marketplace_robot_accounts_set_state_deleted", "POST", robot + "set_state_deleted/"},
		{c.operations + "list", "GET", c.path},
		{c.operations + "count", "HEAD", c.path},
		{c.operations + "create", "POST", c.path},
		{c.operations + "retrieve", "GET", c.one(account)},
		{c.operations + "retrieve", "HEAD", c.one(account)},
		{c.operations + "update", "PUT", c.one(account)},
		{c.operations + "partial_update", "PATCH", c.one(account)},
		{c.operations + "rotate_api_key", "POST", c.rotate(account)},
		{c.operations + "destroy", "DELETE", c.one(w.customer)},
		{p.operations + "list", "GET", p.path},
		{p.operations + "count", "HEAD", p.path},
		{p.operations + "create", "POST", p.path},
		{p.operations + "retrieve", "GET", p.one(account)},
		{p.operations + "update", "PUT", p.one(account)},
		{p.operations + "partial_update", "PATCH", p.one(account)},
		{p.operations + "rotate_api_key", "POST", p.rotate(account)},
		{p.operations + "destroy", "DELETE", p.one(w.customer)},
		{"customers_list", "GET", "/api/customers/"},
		{"customers_count", "HEAD", "/api/customers/"},
		{"customers_retrieve", "GET", "/api/customers/" + w.customer + "/"},
		{"projects_list", "GET", "/api/projects/"},
		{"projects_count", "HEAD", "/api/projects/"},
		{"projects_retrieve", "GET", "/api/projects/" + w.project + "/"},
		{"marketplace_resources_list", "GET", "/api/marketplace-resources/"},
		{"marketplace_resources_count", "HEAD", "/api/marketplace-resources/"},
		{"marketplace_resources_retrieve", "GET", "/api/marketplace-resources/" + resource + "/"},
		{"marketplace_provider_resources_list", "GET", "/api/marketplace-provider-resources/"},
		{"marketplace_provider_resources_count", "HEAD", "/api/marketplace-provider-resources/"},
		{"marketplace_provider_resources_retrieve", "GET", "/api/marketplace-provider-resources/" + resource + "/"},
		{"users_list", "GET", "/api/users/"},
		{"users_count", "HEAD", "/api/users/"},
		{"users_retrieve", "GET", "/api/users/" + w.users["owner"] + "/"},
		{"users_me_retrieve", "GET", "/api/users/me/"},
	}
	for _, armed := range requests {
		t.Run(armed.operation, func(t *testing.T) {
			w := w.in(t)
			w.sim.Inject(armed.operation, simkit.Fault{Status: 418, Times: -1})
			defer w.sim.ClearFaults()
			for _, r := range requests {
				hit := w.do("support", r.method, r.path, nil).status == 418
				if hit != (r.operation == armed.operation) {
					t.Errorf("%s %s: hit is %v", r.method, r.path, hit)
				}
			}
		})
	}
	t.Run("*", func(t *testing.T) {
		w := w.in(t)
		w.sim.Inject("*", simkit.Fault{Status: 418, Times: -1})
		for _, r := range requests {
			w.do("", r.method, r.path, nil).want(418)
		}
		// Nothing is disturbed where there is no operation.
		w.do("", "GET", "/api/nothing/", nil).want(404)
		w.do("", "GET", "/api/customers", nil).want(301)
		w.do("staff", "PUT", "/api/customers/", nil).want(405)
	})
}

func TestFaultCounts(t *testing.T) {
	const bad, worse = 502, 503
	for _, test := range []struct {
		name   string
		faults []simkit.Fault
		want   []int
	}{
		{"once by default", []simkit.Fault{{Status: bad}}, []int{bad, 200, 200}},
		{"twice", []simkit.Fault{{Status: bad, Times: 2}}, []int{bad, bad, 200}},
		{"for ever", []simkit.Fault{{Status: bad, Times: -1}}, []int{bad, bad, bad, bad, bad}},
		{"later", []simkit.Fault{{Status: bad, Skip: 2}}, []int{200, 200, bad, 200}},
		{"later for ever", []simkit.Fault{{Status: bad, Skip: 1, Times: -1}}, []int{200, bad, bad, bad}},
		{"in line", []simkit.Fault{{Status: bad}, {Status: worse}}, []int{bad, worse, 200}},
		{"second and third", []simkit.Fault{{Status: bad, Skip: 1}, {Status: worse, Skip: 2}}, []int{200, bad, worse, 200}},
		{"first and second", []simkit.Fault{{Status: bad}, {Status: worse, Skip: 1}}, []int{bad, worse, 200}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			for _, fault := range test.faults {
				w.sim.Inject("customers_list", fault)
			}
			for i, want := range test.want {
				// Other operations count for nothing.
				w.do("staff", "GET", "/api/projects/", nil).want(200)
				if got := w.do("staff", "GET", "/api/customers/", nil).status; got != want {
					t.Errorf("request %d: %d, want %d", i+1, got, want)
				}
			}
		})
	}
}

func TestClearFaults(t *testing.T) {
	w := newWorld(t)
	w.sim.Inject("*", simkit.Fault{Status: 500, Times: -1})
	w.do("staff", "GET", "/api/customers/", nil).want(500)
	w.sim.ClearFaults()
	w.do("staff", "GET", "/api/customers/", nil).want(200)
}

func TestFaultsThatCannotActPanic(t *testing.T) {
	sim := waldursim.New(waldursim.Options{})
	for _, test := range []struct {
		name, operation string
		fault           simkit.Fault
	}{
		{"typo", "marketplace_customer_service_account_create", simkit.Fault{Status: 500}},
		{"empty name", "", simkit.Fault{Status: 500}},
		{"users' keys are not served", "keys_list", simkit.Fault{Status: 500}},
		{"nothing", "*", simkit.Fault{}},
		{"a body without a status", "*", simkit.Fault{Body: "x", Times: 3}},
		{"answered and dropped", "*", simkit.Fault{Status: 500, Drop: simkit.DropAfter}},
	} {
		t.Run(test.name, func(t *testing.T) { wantPanic(t, func() { sim.Inject(test.operation, test.fault) }) })
	}
	wantPanic(t, func() { sim.Count("nonsense") })
}

func wantDropped(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, io.EOF) && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("error %v, want a closed connection", err)
	}
}

func TestDroppedCreate(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		body := object{k.scope: w.scope(k), "preferred_identifier": "bot"}
		w.sim.Inject(k.operations+"create", simkit.Fault{Drop: simkit.DropBefore})
		_, err := w.try(k.manager, "POST", k.path, body)
		wantDropped(t, err)
		if len(w.sim.ServiceAccounts()) != 0 || len(w.sim.Keys()) != 0 {
			t.Error("DropBefore did the work")
		}

		w.sim.Inject(k.operations+"create", simkit.Fault{Drop: simkit.DropAfter})
		_, err = w.try(k.manager, "POST", k.path, body)
		wantDropped(t, err)
		// The account is there with a key that nobody has.
		made := w.do(k.manager, "GET", k.path, nil).want(200).list()
		if len(made) != 1 {
			t.Fatalf("%d accounts, want 1", len(made))
		}
		wantFields(t, made[0], object{"preferred_identifier": "bot", "username": "svc-bot", "token": nil})
		if got := len(w.sim.LiveKeys("svc-bot")); got != 1 {
			t.Errorf("%d live keys, want 1", got)
		}
		if got := w.sim.Count(k.operations + "create"); got != 2 {
			t.Errorf("%d creates in the record, want 2", got)
		}
	})
}

func TestDroppedRotate(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
		w.sim.Inject(k.operations+"rotate_api_key", simkit.Fault{Drop: simkit.DropBefore})
		_, err := w.try(k.manager, "POST", k.rotate(uuid), nil)
		wantDropped(t, err)
		if !w.sim.KeyAlive(key) {
			t.Error("DropBefore rotated")
		}
		w.sim.Inject(k.operations+"rotate_api_key", simkit.Fault{Drop: simkit.DropAfter})
		_, err = w.try(k.manager, "POST", k.rotate(uuid), nil)
		wantDropped(t, err)
		if w.sim.KeyAlive(key) || len(w.sim.LiveKeys("svc-bot")) != 1 {
			t.Error("DropAfter did not rotate")
		}
	})
}

func TestDroppedDelete(t *testing.T) {
	w := newWorld(t)
	k := kinds[0]
	uuid, _ := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
	w.sim.Inject(k.operations+"destroy", simkit.Fault{Drop: simkit.DropBefore})
	w.sim.Inject(k.operations+"destroy", simkit.Fault{Drop: simkit.DropAfter})
	_, err := w.try("owner", "DELETE", k.one(uuid), nil)
	wantDropped(t, err)
	w.do("owner", "GET", k.one(uuid), nil).want(200)
	_, err = w.try("owner", "DELETE", k.one(uuid), nil)
	wantDropped(t, err)
	w.do("owner", "GET", k.one(uuid), nil).want(404)
	var statuses []int
	for _, r := range w.sim.Requests() {
		if r.Operation == k.operations+"destroy" {
			statuses = append(statuses, r.Status)
			if !r.Fault {
				t.Error("a dropped request is not marked")
			}
		}
	}
	if len(statuses) != 2 || statuses[0] != 0 || statuses[1] != 0 {
		t.Errorf("recorded statuses %v, want two zeros", statuses)
	}
}

// A response writer that cannot be hijacked, as with HTTP/2, is aborted.
func TestDropWithoutAConnection(t *testing.T) {
	w := newWorld(t)
	w.sim.Inject("customers_list", simkit.Fault{Drop: simkit.DropBefore})
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("panic %v, want ErrAbortHandler", err)
		}
	}()
	w.sim.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/api/customers/", nil))
}

func TestDelay(t *testing.T) {
	w := newWorld(t)
	k := kinds[0]
	const delay = 50 * time.Millisecond
	w.sim.Inject(k.operations+"create", simkit.Fault{Delay: delay})
	start := time.Now()
	w.create(k, "bot")
	if took := time.Since(start); took < delay {
		t.Errorf("it took %v, want at least %v", took, delay)
	}
	w.sim.Inject(k.operations+"create", simkit.Fault{Delay: delay, Status: 504})
	start = time.Now()
	w.do("owner", "POST", k.path, object{}).want(504)
	if took := time.Since(start); took < delay {
		t.Errorf("it took %v, want at least %v", took, delay)
	}
}

func TestDelayDoesNotHoldUpOthers(t *testing.T) {
	w := newWorld(t)
	w.sim.Inject("customers_list", simkit.Fault{Delay: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		request := httptest.NewRequest("GET", "/api/customers/", nil).WithContext(ctx)
		defer func() { _ = recover() }()
		w.sim.ServeHTTP(httptest.NewRecorder(), request)
	}()
	w.do("staff", "GET", "/api/projects/", nil).want(200)
	cancel()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Error("the delay outlived the request")
	}
}

func TestClientGivesUpDuringADelay(t *testing.T) {
	w := newWorld(t)
	k := kinds[0]
	w.sim.Inject(k.operations+"create", simkit.Fault{Delay: time.Minute})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	body := strings.NewReader(`{"customer": "` + w.customer + `", "preferred_identifier": "bot"}`)
	request, err := http.NewRequestWithContext(ctx, "POST", w.server.URL+k.path, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Token "+w.tokens["owner"])
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err == nil {
		response.Body.Close()
		t.Fatal("the delayed request was answered")
	}
	deadline := time.Now().Add(10 * time.Second)
	for w.sim.Count(k.operations+"create") == 0 && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
	recorded := w.sim.Requests()
	if len(recorded) != 1 || recorded[0].Status != 0 || !recorded[0].Fault {
		t.Errorf("record %+v", recorded)
	}
	if len(w.sim.ServiceAccounts()) != 0 {
		t.Error("the work was done for a client that had gone")
	}
}

func TestBrokenRequestBodyDoesNothing(t *testing.T) {
	w := newWorld(t)
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("panic %v, want ErrAbortHandler", err)
		}
		if len(w.sim.ServiceAccounts()) != 0 || w.sim.Count("*") != 0 {
			t.Error("half a request was taken for a whole one")
		}
	}()
	request := httptest.NewRequest("POST", kinds[0].path, io.MultiReader(
		strings.NewReader(`{"customer": "`+w.customer+`", "preferred_identifier": "x"}`), brokenReader{}))
	request.Header.Set("Authorization", "Token "+w.tokens["owner"])
	request.Header.Set("Content-Type", "application/json")
	w.sim.ServeHTTP(httptest.NewRecorder(), request)
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
