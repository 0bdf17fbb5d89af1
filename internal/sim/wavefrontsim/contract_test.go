package wavefrontsim_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// document gives the API document, or nil when none is at hand.
func document(t *testing.T) routers.Router {
	t.Helper()
	dir := os.Getenv("SVCACCT_OPENAPI_DIR")
	if dir == "" {
		t.Skip("SVCACCT_OPENAPI_DIR is not set")
	}
	loaded, err := openapi3.NewLoader().LoadFromFile(filepath.Join(dir, "wavefront", "openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	loaded.Servers = nil
	router, err := gorillamux.NewRouter(loaded)
	if err != nil {
		t.Fatal(err)
	}
	return router
}

// check holds all answers against the document and counts the operations that gave a success.
func (w *world) check(router routers.Router, seen map[string]bool) {
	w.tap = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		route, parameters, err := router.FindRoute(r)
		if err != nil {
			w.t.Errorf("%s %s: %s", r.Method, r.URL, err)
			return
		}
		answer := httptest.NewRecorder()
		w.sim.ServeHTTP(answer, r)
		text := answer.Body.Bytes()
		err = openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route},
			Status:                 answer.Code, Header: answer.Header(), Body: io.NopCloser(bytes.NewReader(text)),
			Options: &openapi3filter.Options{IncludeResponseStatus: true},
		})
		if err != nil {
			w.t.Errorf("%s %s: %s", r.Method, r.URL, err)
		}
		if answer.Code == http.StatusOK {
			seen[route.Operation.OperationID] = true
		}
		for key, values := range answer.Header() {
			rw.Header()[key] = values
		}
		rw.WriteHeader(answer.Code)
		_, _ = rw.Write(text)
	})
}

// TestContract drives every operation, under all switches but one that contradicts the document and one that takes away
// the token that the drive goes on with.
func TestContract(t *testing.T) {
	router := document(t)
	for name, set := range map[string]func(*wavefrontsim.Options){
		"by default": func(*wavefrontsim.Options) {},
		"switched": func(o *wavefrontsim.Options) {
			for _, s := range wavefrontsim.Switches() {
				if s.Name != "WrappedSubActions" && s.Name != "EmptyTokensRevoke" {
					s.Set(o)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, seen := newWorld(t, set), map[string]bool{}
			w.check(router, seen)
			w.drive()
			for _, operation := range []string{"createServiceAccount", "getAllAccounts", "deleteMultipleAccounts"} {
				same(t, operation, seen[operation], true)
			}
			same(t, "operations with a success", len(seen), 29)
		})
	}
}

// drive makes every operation succeed once and fail in many ways.
func (w *world) drive() {
	w.create("sa::x", body{
		"description": "d", "groups": []string{"ingestion"}, "roles": []string{w.alerts}, "userGroups": []string{w.fleet},
	})
	w.create("sa::y", body{"roles": []string{noSuchID}})
	w.create("sa::x", nil)
	w.send("GET", servicePath, nil)
	token := w.sim.AddToken("sa::ci", "blue")
	w.sendAs(token, "GET", servicePath, nil)
	w.sendAs("", "GET", servicePath, nil)
	w.send("PUT", ci, write("sa::ci", body{"userGroups": []string{w.fleet}}))
	for _, call := range [][2]string{
		{"GET", servicePath + "/sa::gone"}, {"GET", servicePath + "/sa::x"}, {"POST", ci + "/deactivate"}, {"GET", ci},
		{"POST", ci + "/activate"}, {"GET", "/api/v2/account"}, {"GET", "/api/v2/account?limit=0"},
		{"GET", account + "sa::x"}, {"GET", account + "sa::gone"}, {"POST", account + "sa::ci/grant/ingestion"},
		{"POST", account + "sa::ci/revoke/ingestion"}, {"POST", account + "sa::ci/grant/token_management"},
		{"GET", ciTokens}, {"POST", ciTokens}, {"GET", "/api/v2/role"}, {"GET", "/api/v2/role/" + w.alerts},
		{"GET", "/api/v2/role/" + noSuchID}, {"GET", "/api/v2/usergroup"}, {"GET", "/api/v2/usergroup/" + w.fleet},
		{"GET", "/api/v2/usergroup/" + wavefrontsim.EveryoneID}, {"POST", "/api/v2/search/serviceaccount"},
		{"POST", "/api/v2/search/role"}, {"POST", "/api/v2/search/usergroup"},
	} {
		w.send(call[0], call[1], nil)
	}
	w.send("PUT", ciTokens+"/"+token, body{"tokenName": "green"})
	w.send("DELETE", ciTokens+"/"+token, nil)
	w.send("DELETE", ciTokens+"/"+token, nil)
	w.send("POST", account+"sa::ci/addRoles", []string{w.alerts})
	w.send("POST", account+"sa::ci/removeRoles", []string{w.alerts})
	w.send("POST", account+"sa::ci/addUserGroups", []string{w.fleet})
	w.send("POST", account+"sa::ci/removeUserGroups", []string{noSuchID})
	w.send("POST", account+"sa::ci/removeUserGroups", []string{w.fleet})
	w.send("POST", account+"grant/ingestion", []string{"sa::x"})
	w.send("POST", account+"revoke/ingestion", []string{"sa::x"})
	w.search("serviceaccount", body{"sort": body{"field": "identifier", "ascending": true}})
	w.search("role", "[")
	w.send("DELETE", account+"sa::ci", nil)
	w.send("DELETE", account+"sa::ci", nil)
	w.send("POST", account+"deleteAccounts", []string{"sa::x"})
	w.send("POST", account+"deleteAccounts", []string{"sa::x"})
}
