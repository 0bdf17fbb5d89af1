package waldursim_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// TestOperations sends one request to each operation, and compares its name with that of the API
// document.
func TestOperations(t *testing.T) {
	w := newWorld(t)
	robot := w.robot(waldursim.RobotAccount{})
	type request struct{ method, path, operation string }
	tests := []request{
		{"GET", "/api/customers/", "customers_list"},
		{"GET", "/api/customers/x/", "customers_retrieve"},
		{"GET", "/api/projects/", "projects_list"},
		{"GET", "/api/projects/x/", "projects_retrieve"},
		{"GET", "/api/marketplace-resources/", "marketplace_resources_list"},
		{"GET", "/api/marketplace-resources/x/", "marketplace_resources_retrieve"},
		{"GET", "/api/marketplace-provider-resources/", "marketplace_provider_resources_list"},
		{"GET", "/api/marketplace-provider-resources/x/", "marketplace_provider_resources_retrieve"},
		{"GET", "/api/users/", "users_list"},
		{"GET", "/api/users/x/", "users_retrieve"},
		{"GET", "/api/users/me/", "users_me_retrieve"},
		{"GET", robots, "marketplace_robot_accounts_list"},
		{"POST", robots, "marketplace_robot_accounts_create"},
		{"GET", robot, "marketplace_robot_accounts_retrieve"},
		{"PUT", robot, "marketplace_robot_accounts_update"},
		{"PATCH", robot, "marketplace_robot_accounts_partial_update"},
		{"DELETE", robot, "marketplace_robot_accounts_destroy"},
		{"POST", robot + "set_state_creating/", "marketplace_robot_accounts_set_state_creating"},
		{"POST", robot + "set_state_ok/", "marketplace_robot_accounts_set_state_ok"},
		{"POST", robot + "set_state_erred/", "marketplace_robot_accounts_set_state_erred"},
		{"POST", robot + "set_state_request_deletion/", "marketplace_robot_accounts_set_state_request_deletion"},
		{"POST", robot + "set_state_deleted/", "marketplace_robot_accounts_set_state_deleted"},
	}
	for _, k := range kinds {
		prefix := "marketplace_" + k.scope + "_service_accounts_"
		for _, test := range []request{
			{"GET", k.path, "list"}, {"POST", k.path, "create"}, {"GET", k.one("x"), "retrieve"},
			{"PUT", k.one("x"), "update"}, {"PATCH", k.one("x"), "partial_update"}, {"DELETE", k.one("x"), "destroy"},
			{"POST", k.rotate("x"), "rotate_api_key"},
		} {
			tests = append(tests, request{test.method, test.path, prefix + test.operation})
		}
	}
	for _, test := range tests {
		w.sim.ResetRequests()
		w.do("", test.method, test.path, nil).Want(401)
		simtest.Equal(t, test.method+" "+test.path, w.sim.Requests()[0].Operation, test.operation)
	}
}

func TestPathsThatAreNotServed(t *testing.T) {
	w := newWorld(t)
	account, _ := w.seed(kinds[0], waldursim.ServiceAccount{})
	for _, test := range []struct {
		caller, method, path string
		status               int
		header, value        string
	}{
		{"", "GET", "/", 404, "Content-Type", "text/html; charset=utf-8"},
		{"staff", "GET", "/api/nothing/", 404, "Content-Type", "text/html; charset=utf-8"},
		{"staff", "POST", "/api/customers/" + w.customer + "/users/", 404, "Content-Type", "text/html; charset=utf-8"},
		{"", "GET", "/api/customers?name=x&page=2", 301, "Location", "/api/customers/?name=x&page=2"},
		{"owner", "POST", strings.TrimSuffix(kinds[0].path, "/"), 301, "Location", kinds[0].path},
		{"owner", "DELETE", strings.TrimSuffix(kinds[0].one(account), "/"), 301, "Location", kinds[0].one(account)},
		{"staff", "DELETE", kinds[0].path, 405, "Allow", "GET, POST"},
		{"staff", "POST", kinds[0].one(account), 405, "Allow", "DELETE, GET, PATCH, PUT"},
		{"staff", "GET", kinds[0].rotate(account), 405, "Allow", "POST"},
		{"staff", "POST", "/api/customers/", 405, "Allow", "GET"},
		{"", "POST", "/api/customers/", 401, "WWW-Authenticate", "Token"},
	} {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			r := w.in(t).do(test.caller, test.method, test.path, nil).Want(test.status)
			simtest.Equal(t, test.header, r.Header.Get(test.header), test.value)
			if test.status == 405 {
				r.WantBody(`{"detail": "Method \"` + test.method + `\" not allowed."}`)
			}
		})
	}
	simtest.Equal(t, "state after a DELETE without a slash", w.stored(account).State, "OK")
}

func TestCommonHeaders(t *testing.T) {
	w := newWorld(t)
	account, _ := w.seed(kinds[0], waldursim.ServiceAccount{})
	const json = "application/json; charset=utf-8"
	for _, test := range []struct {
		method, path, kind, allow string
		status                    int
	}{
		{"GET", kinds[0].path, json, "GET, POST", 200},
		{"GET", kinds[0].one(nobody), json, "DELETE, GET, PATCH, PUT", 404},
		{"GET", "/api/no/", "text/html; charset=utf-8", "", 404},
		{"DELETE", kinds[0].one(account), "", "DELETE, GET, PATCH, PUT", 204},
	} {
		r := w.do("owner", test.method, test.path, nil).Want(test.status)
		for name, want := range map[string]string{
			"Content-Type": test.kind, "Allow": test.allow, "Content-Language": "en", "X-Frame-Options": "DENY",
			"Vary": "Accept, Accept-Language, Cookie, origin",
		} {
			simtest.Equal(t, test.path+" "+name, r.Header.Get(name), want)
		}
	}
}

func TestDateTimes(t *testing.T) {
	for _, test := range []struct {
		z    bool
		nano int
		want string
	}{
		{false, 481207999, made},
		{false, 7000, "2026-03-02T08:15:30.000007+00:00"},
		{false, 999, "2026-03-02T08:15:30+00:00"},
		{true, 481207000, "2026-03-02T08:15:30.481207Z"},
		{true, 0, "2026-03-02T08:15:30Z"},
	} {
		t.Run(test.want, func(t *testing.T) {
			w := newWorld(t, func(o *waldursim.Options) { o.DateTimeZ = test.z })
			w.clock.Advance(time.Duration(test.nano - w.clock.Now().Nanosecond()))
			w.create(kinds[0], "bot").WantFields(object{"created": test.want, "modified": test.want})
		})
	}
}

func TestLinksFollowTheHostOfTheRequest(t *testing.T) {
	w := newWorld(t)
	for _, base := range []string{"http://waldur.example.com", "https://waldur.example.com", "http://10.0.0.1:8080"} {
		request := httptest.NewRequest("GET", base+"/api/projects/"+w.project+"/", nil)
		request.Header.Set("Authorization", "Token "+w.tokens["staff"])
		recorder := httptest.NewRecorder()
		w.sim.ServeHTTP(recorder, request)
		simtest.Reply{T: t, Status: recorder.Code, Body: recorder.Body.String()}.Want(200).WantFields(object{
			"url": base + "/api/projects/" + w.project + "/", "customer": base + "/api/customers/" + w.customer + "/",
		})
	}
}

// TestUUIDForms sends UUIDs in every form: the server writes hex without hyphens.
func TestUUIDForms(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		body := object{k.scope: hyphened(w.scope(k)), "preferred_identifier": "bot"}
		r := w.do(k.manager, "POST", k.path, body).Want(201).WantFields(object{
			k.scope: w.scope(k), k.scope + "_uuid": w.scope(k),
		})
		uuid := r.Object()["uuid"].(string)
		for _, form := range []string{uuid, hyphened(uuid), strings.ToUpper(uuid), strings.ToLower(hyphened(uuid))} {
			w.do(k.manager, "GET", k.one(form), nil).Want(200).WantFields(object{"uuid": uuid})
			w.do(k.manager, "PATCH", k.one(form), object{}).Want(200)
			w.do(k.manager, "POST", k.rotate(form), nil).Want(200)
		}
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			w.do("staff", method, k.one(nobody), nil).Want(404).WantBody(missing(k.model))
			w.do("staff", method, k.one("nonsense"), nil).Want(404).WantBody(missing(k.model))
		}
	})
}
