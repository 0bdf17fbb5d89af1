package waldursim_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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
		{"GET", "/api/roles/", "roles_list"},
		{"GET", "/api/roles/x/", "roles_retrieve"},
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
			{"GET", k.path, "list"}, {"HEAD", k.path, "count"}, {"POST", k.path, "create"},
			{"GET", k.one("x"), "retrieve"}, {"HEAD", k.one("x"), "retrieve"},
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
		{"staff", "DELETE", kinds[0].path, 405, "Allow", "GET, POST, HEAD, OPTIONS"},
		{"staff", "POST", kinds[0].one(account), 405, "Allow", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"},
		{"staff", "GET", kinds[0].rotate(account), 405, "Allow", "POST, OPTIONS"},
		{"staff", "POST", "/api/customers/", 405, "Allow", "GET, POST, HEAD, OPTIONS"},
		{"owner", "POST", "/api/customers/", 403, "Allow", "GET, POST, HEAD, OPTIONS"},
		{"staff", "POST", "/api/users/me/", 405, "Allow", "GET, HEAD, OPTIONS"},
		{"owner", "OPTIONS", kinds[0].rotate(account), 200, "Allow", "POST, OPTIONS"},
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
		{"GET", kinds[0].path, json, "GET, POST, HEAD, OPTIONS", 200},
		{"HEAD", kinds[0].path, json, "GET, POST, HEAD, OPTIONS", 200},
		{"HEAD", kinds[0].one(account), json, "GET, PUT, PATCH, DELETE, HEAD, OPTIONS", 200},
		{"GET", kinds[0].one(nobody), json, "GET, PUT, PATCH, DELETE, HEAD, OPTIONS", 404},
		{"GET", "/api/no/", "text/html; charset=utf-8", "", 404},
		{"DELETE", kinds[0].one(account), "", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS", 204},
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

// recorded is a world as the README of the recordings describes it.
type recorded struct {
	*simtest.Client
	sim            *waldursim.Sim
	values, tokens map[string]string
}

func newRecorded(t *testing.T, options waldursim.Options) *recorded {
	sim := waldursim.New(options)
	return &recorded{simtest.Serve(t, sim), sim, map[string]string{}, map[string]string{}}
}

// add creates a user with roles by their scopes. The name is that of the token.
func (w *recorded) add(name, username string, roles map[string]waldursim.Role) (uuid string) {
	number := strconv.Itoa(len(w.tokens))
	user := waldursim.User{
		Username: username, FullName: "John" + number + " Doe" + number, NativeName: "Jean", Email: username + "@x.org",
		Staff: name == "staff", Support: name == "support",
	}
	uuid, w.tokens[name] = w.sim.AddUser(user)
	for _, scope := range slices.Sorted(maps.Keys(roles)) {
		w.sim.Grant(uuid, roles[scope], w.values[scope])
	}
	return uuid
}

// newWorld2025 is a server of 2024 with the service accounts of 2025.
func newWorld2025(t *testing.T) *recorded {
	w := newRecorded(t, waldursim.Options{
		NoPersonalTokens: true, UntrimmedKeys: true, Sources2025: true, CountClosed: true,
	})
	customer := func(name string, limit int) string {
		return w.sim.AddCustomer(waldursim.Customer{Name: name, Abbreviation: "DO", MaxServiceAccounts: limit})
	}
	w.values["c"], w.values["z"] = customer("Diff Org", waldursim.Unlimited), customer("Zero", 0)
	w.values["f"] = customer("Foreign", waldursim.Unlimited)
	w.values["p"] = w.sim.AddProject(waldursim.Project{
		Name: "Diff P", Customer: w.values["c"], MaxServiceAccounts: waldursim.Unlimited,
	})
	w.values["p0"] = w.sim.AddProject(waldursim.Project{Name: "P0", Customer: w.values["c"]})
	w.values["res"] = w.sim.AddResource(waldursim.Resource{
		Name: "res", Project: w.values["p"], Provider: w.values["f"],
	})
	w.add("staff", "dstaff", nil)
	w.add("support", "dsupport", nil)
	w.add("owner", "downer", map[string]waldursim.Role{
		"c": waldursim.CustomerOwner, "z": waldursim.CustomerOwner,
		"p": waldursim.ProjectManager, "p0": waldursim.ProjectManager,
	})
	w.add("cowner", "dcowner", map[string]waldursim.Role{"c": waldursim.CustomerOwner})
	w.values["mu"] = w.add("member", "dmember", map[string]waldursim.Role{"p": waldursim.ProjectMember})
	w.values["pou"] = w.add("powner", "dpowner", map[string]waldursim.Role{"f": waldursim.ProviderOwner})
	return w
}

// newWorld2024 is a server of October 2024.
func newWorld2024(t *testing.T) *recorded {
	w := newRecorded(t, waldursim.Options{OldRobotAccounts: true})
	w.values["customer"] = w.sim.AddCustomer(waldursim.Customer{Name: "Consumer Org", Abbreviation: "CO"})
	w.values["provider"] = w.sim.AddCustomer(waldursim.Customer{Name: "Provider Org"})
	w.values["project"] = w.sim.AddProject(waldursim.Project{Name: "Alpha", Customer: w.values["customer"]})
	w.sim.AddProject(waldursim.Project{Name: "Alpha", Customer: w.values["customer"]})
	for i := range 25 {
		number := strconv.Itoa(i)
		w.values["r"+number] = w.sim.AddResource(waldursim.Resource{
			Name: "alloc-" + number, Project: w.values["project"], Provider: w.values["provider"], OfferingName: "HPC",
		})
	}
	member := map[string]waldursim.Role{"project": waldursim.ProjectMember}
	w.add("staff", "staff", nil)
	w.add("support", "support", nil)
	w.values["owner_uuid"] = w.add("owner", "owner", map[string]waldursim.Role{"customer": waldursim.CustomerOwner})
	w.add("powner", "powner", map[string]waldursim.Role{"provider": waldursim.ProviderOwner})
	w.values["mgr_uuid"] = w.add("manager", "manager", map[string]waldursim.Role{"project": waldursim.ProjectManager})
	w.values["m0"] = w.add("member", "member0", member)
	w.values["m1"], w.values["m2"] = w.add("m1", "member1", member), w.add("m2", "member2", member)
	return w
}

// exceptions are recorded requests, by file and case, whose body is not compared, with the reason.
var exceptions = map[string]string{
	"service-accounts: bad json":         "the words of Python's parser",
	"robot-accounts-2024: bad json":      "the words of Python's parser",
	"robot-accounts-2024: options":       "the description of each field of a body",
	"robot-accounts-2024: full customer": "the fields of a customer that are not about accounts",
}

// TestRecorded sends every request that was recorded on real servers.
func TestRecorded(t *testing.T) {
	folder := os.Getenv("SVCACCT_OPENAPI_DIR")
	if folder == "" {
		t.Skip("SVCACCT_OPENAPI_DIR does not name the folder with the recordings")
	}
	for file, world := range map[string]func(*testing.T) *recorded{
		"service-accounts": newWorld2025, "robot-accounts": newWorld2025, "robot-accounts-2024": newWorld2024,
	} {
		t.Run(file, func(t *testing.T) {
			w := world(t)
			for i, r := range simtest.ReadRecorded(t, filepath.Join(folder, "waldur", "recorded", file+".jsonl")) {
				differences := r.Differences(r.Replay(w.Client, w.values, w.tokens))
				if reason := exceptions[file+": "+r.Case]; reason != "" {
					if len(differences) != 1 || !strings.HasPrefix(differences[0], "body: ") {
						t.Errorf("line %d (%s) does not differ in the body alone: %s", i+1, r.Case, reason)
					}
				} else if len(differences) > 0 {
					t.Errorf("line %d (%s): %s %s\n%s", i+1, r.Case, r.Method, r.Path, strings.Join(differences, "\n"))
				}
			}
		})
	}
}
