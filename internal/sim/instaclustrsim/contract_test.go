package instaclustrsim_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

// offContract are the knobs and assumptions whose answers the API document does not have.
var offContract = []string{"listWhenNone=404", "keyParams=query", "deleteUser=404", "getUser=405"}

func TestContract(t *testing.T) {
	dir := os.Getenv("SVCACCT_OPENAPI_DIR")
	if dir == "" {
		t.Skip("SVCACCT_OPENAPI_DIR is not set")
	}
	document, err := openapi3.NewLoader().LoadFromFile(filepath.Join(dir, "instaclustr", "openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{}
	for _, path := range document.Paths.Map() {
		for _, operation := range path.Operations() {
			ids = append(ids, operation.OperationID)
		}
	}
	equal(t, "operations", slices.Sorted(slices.Values(ids)), slices.Sorted(slices.Values(operations)))

	document.Servers = nil // any host
	router, err := gorillamux.NewRouter(document)
	if err != nil {
		t.Fatal(err)
	}
	for _, knob := range append(everyKnob(), instaclustrsim.Knob{Name: "default", Set: func(*instaclustrsim.Options) {}}) {
		if slices.Contains(offContract, knob.Name) {
			continue
		}
		t.Run(knob.Name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, knob.Set)
			c := &contract{t: t, router: router, next: w.sim, statuses: map[string]map[int]bool{}}
			w.server.Config.Handler = c
			broadRun(w)
			if knob.Name == "default" {
				for _, id := range operations {
					for _, status := range []int{200, 201, 400, 401, 403, 404} {
						checkSeen(t, c, document, id, status)
					}
				}
			}
		})
	}
}

// checkSeen wants the run to have brought every answer that the document has, but those of the knobs and faults.
func checkSeen(t *testing.T, c *contract, document *openapi3.T, id string, status int) {
	t.Helper()
	for _, path := range document.Paths.Map() {
		for _, operation := range path.Operations() {
			if operation.OperationID != id || operation.Responses.Status(status) == nil || c.statuses[id][status] {
				continue
			}
			if id == "generateServiceUserApiKey" && status == 201 {
				continue
			}
			t.Errorf("no answer %d of %s was checked", status, id)
		}
	}
}

// broadRun brings about every answer of the document, whatever the knobs make of the requests.
func broadRun(w *world) {
	robot := w.robot("robot", "OWNER", "MONITORING", "USER_MANAGEMENT")
	wrongType := credential{w.owner.name, w.sim.AddKey(w.owner.name, "PROVISIONING")}
	nobody := credential{"nobody", "x"}
	callers := []credential{
		nobody, wrongType, w.other, w.foreigner, w.admin, w.owner, {"robot", robot["USER_MANAGEMENT"]}, {"robot", robot["MONITORING"]},
	}
	full := object{"displayName": "CI", "profile": "READ_ONLY", "administrators": []string{"j.doe", "a.smith"}}
	for _, as := range callers {
		w.do(as, "GET", usersPath, nil)
		for _, role := range []string{"READ_ONLY", "CLUSTER_ADMIN", "OWNER"} {
			w.do(as, "POST", usersPath, create(as.name+role, role))
		}
		w.do(as, "POST", usersPath, object{})
		for _, name := range []string{"robot", "nobody", as.name + "OWNER"} {
			w.do(as, "GET", one(name), nil)
			w.do(as, "POST", keysOf(name), of("PROVISIONING"))
			w.do(as, "POST", keysOf(name), of("PROVISIONING"))
			w.do(as, "POST", keysOf(name), nil)
			for _, kind := range []string{"PROVISIONING", "PROVISIONING_READONLY", "ANY"} {
				w.do(as, "POST", rotate(name, kind), nil)
				w.do(as, "PUT", restrict(name, kind), cidrs("127.0.0.1/31", "203.0.113.7/32"))
				w.do(as, "PUT", restrict(name, kind), cidrs("nonsense"))
			}
			for _, body := range []any{of("PROVISIONING"), of("PROVISIONING"), of("ANY"), object{}, nil} {
				w.do(as, "DELETE", keysOf(name), body)
			}
		}
	}
	for _, name := range []string{"robot", "nobody"} {
		for _, as := range callers {
			for _, body := range []any{object{}, object{"administrators": []string{}}, object{"profile": "OWNER"}, full, full, nil} {
				w.do(as, "PUT", one(name), body)
			}
		}
	}
	w.do(w.owner, "GET", usersPath, nil)
}

// contract holds every answer against the API document, and the requests of those that were accepted.
type contract struct {
	t        *testing.T
	router   routers.Router
	next     http.Handler
	statuses map[string]map[int]bool // one request at a time
}

func (c *contract) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	again := func() *http.Request {
		copied := r.Clone(context.Background())
		copied.Body = io.NopCloser(bytes.NewReader(body))
		return copied
	}
	route, parameters, err := c.router.FindRoute(again())
	if err != nil {
		c.t.Errorf("%s %s: %s", r.Method, r.URL, err)
		return
	}
	answer := httptest.NewRecorder()
	c.next.ServeHTTP(answer, again())
	input := &openapi3filter.RequestValidationInput{
		Request: again(), PathParams: parameters, Route: route,
		Options: &openapi3filter.Options{
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, MultiError: true,
		},
	}
	if answer.Code < 300 {
		if err := openapi3filter.ValidateRequest(r.Context(), input); err != nil {
			c.t.Errorf("accepted, but outside of the API document: %s %s: %s", r.Method, r.URL, err)
		}
	}
	err = openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: answer.Code, Header: answer.Header(),
		Body: io.NopCloser(bytes.NewReader(answer.Body.Bytes())), Options: input.Options,
	})
	if err != nil {
		c.t.Errorf("answer outside of the API document: %s %s: %s", r.Method, r.URL, err)
	}
	if documented := route.Operation.Responses.Status(answer.Code); documented != nil && documented.Value.Content == nil && answer.Body.Len() > 0 {
		c.t.Errorf("%s %s: a body that no document has: %s", r.Method, r.URL, answer.Body)
	}
	id := route.Operation.OperationID
	if c.statuses[id] == nil {
		c.statuses[id] = map[int]bool{}
	}
	c.statuses[id][answer.Code] = true
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}
