package wavefrontsim_test

import (
	"fmt"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

func TestGenericView(t *testing.T) {
	w := newWorld(t)
	w.update(body{"groups": []string{"events_management"}, "userGroups": []string{w.fleet}, "description": "d"})
	o := w.send("GET", account+"sa::ci", nil).response().(map[string]any)
	same(t, "members", len(o), 6)
	same(t, "permissions", o["groups"], "[events_management]")
	same(t, "roles", o["roles"], "[]")
	same(t, "united roles", o["unitedRoles"], "["+w.proxies+"]")
	same(t, "united permissions", o["unitedPermissions"], "[agent_management events_management ingestion]")
	same(t, "groups", len(texts(o["userGroups"])), 2)

	admin := w.send("GET", account+wavefrontsim.AdminIdentifier, nil)
	same(t, "admin", admin.response("groups"), "[user_management]")
	same(t, "admin's groups", admin.response("userGroups"), "["+wavefrontsim.EveryoneID+"]")
	w.send("GET", servicePath+"/"+wavefrontsim.AdminIdentifier, nil).refused(404)
	w.send("GET", account+"sa::gone", nil).refused(404)
}

func TestAccountPages(t *testing.T) {
	w := newWorld(t)
	for i := range 4 {
		w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: fmt.Sprintf("sa::%d", i)})
	}
	for query, want := range map[string]string{
		"":                  "6 0 100 6 false",
		"?limit=2":          "2 0 2 6 true",
		"?offset=4&limit=2": "2 4 2 6 false",
		"?offset=5&limit=2": "1 5 2 6 false",
		"?offset=9":         "0 9 100 6 false",
		"?limit=5000":       "6 0 5000 6 false",
	} {
		r := w.send("GET", "/api/v2/account"+query, nil)
		same(t, query, fmt.Sprint(len(r.response("items").([]any)), r.response("offset"), r.response("limit"),
			r.response("totalItems"), r.response("moreItems")), want)
		same(t, query, r.response("sort"), "map[ascending:false default:true field:default]")
	}
	for _, query := range []string{"?limit=0", "?limit=-1", "?offset=-1", "?limit=x", "?offset=99999999999"} {
		w.send("GET", "/api/v2/account"+query, nil).refused(400)
	}
}

// Row 24; row 4 with all sorts of bodies.
func TestDelete(t *testing.T) {
	w := newWorld(t)
	token := w.sim.AddToken("sa::ci", "blue")
	for i, text := range []string{"", "null", "{}"} {
		id := fmt.Sprintf("sa::%d", i)
		w.create(id, nil).response()
		same(t, "gone", w.send("DELETE", account+id, text).response("identifier"), id)
		w.send("DELETE", account+id, text).refused(404)
	}
	r := w.send("DELETE", account+"sa::ci", nil)
	same(t, "members", len(r.response().(map[string]any)), 6)
	same(t, "token", w.sim.TokenAlive(token), false)
	w.send("GET", ci, nil).refused(404)
	w.send("GET", ciTokens, nil).refused(404)
	same(t, "again", w.create("sa::ci", nil).response("tokens"), "[]")
}

// Row 25.
func TestDeleteAccounts(t *testing.T) {
	w := newWorld(t)
	w.create("sa::b", nil).response()
	w.create("sa::c", nil).response()
	r := w.send("POST", account+"deleteAccounts", []string{"sa::gone", "SA::C", "sa::ci", "sa::c"})
	same(t, "deleted", r.response(), "[sa::c sa::ci]")
	same(t, "left", len(w.sim.Accounts()), 1)
	for _, text := range []string{`["sa::gone"]`, `[]`, ``, `null`, `{}`, `{"a":1}`, `"sa::b"`, `[1]`, `[`} {
		w.send("POST", account+"deleteAccounts", text).refused(400)
	}
	same(t, "left", len(w.sim.Accounts()), 1)
}

// Row 20: the bare form.
func TestSubActions(t *testing.T) {
	w := newWorld(t)
	r := w.send("POST", account+"sa::ci/addRoles", []string{w.alerts, w.alerts})
	o := r.at().(map[string]any)
	same(t, "members", len(o), 5)
	same(t, "customer", o["customer"], wavefrontsim.Customer)
	same(t, "roles", pick(o["roles"], "id"), "["+w.alerts+"]")
	r = w.send("POST", account+"sa%3A%3Aci/addUserGroups", []string{w.fleet})
	same(t, "groups", pick(r.at("userGroups"), "name"), "[Proxy fleet Service Accounts]")
	same(t, "grant", w.send("POST", account+"sa::ci/grant/ingestion", "null").at("groups"), "[ingestion]")
	same(t, "grant again", w.send("POST", account+"sa::ci/grant/ingestion", "{}").at("groups"), "[ingestion]")

	read := w.send("GET", ci, nil)
	same(t, "roles", pick(read.response("roles"), "id"), "["+w.alerts+"]")
	same(t, "permissions", read.response("groups"), "[ingestion]")

	r = w.send("POST", account+"sa::ci/removeRoles", []string{w.alerts, w.proxies})
	same(t, "roles", r.at("roles"), "[]")
	r = w.send("POST", account+"sa::ci/removeUserGroups", []string{w.fleet})
	same(t, "groups", pick(r.at("userGroups"), "name"), "[Service Accounts]")
	same(t, "revoke", w.send("POST", account+"sa::ci/revoke/ingestion", nil).at("groups"), "[]")
	same(t, "revoke again", w.send("POST", account+"sa::ci/revoke/ingestion", nil).status, 200)
}

func TestSubActions_badIDs(t *testing.T) {
	w := newWorld(t)
	for verb, good := range map[string]string{
		"addRoles": w.alerts, "removeRoles": w.alerts, "addUserGroups": w.fleet, "removeUserGroups": w.fleet,
	} {
		path := account + "sa::ci/" + verb
		same(t, verb, w.send("POST", path, []string{noSuchID, good}).status, 200)
		w.send("POST", path, []string{noSuchID}).refused(400)
		w.send("POST", path, "[").refused(400)
		w.send("POST", path, `{"roles":[]}`).refused(400)
		for _, text := range []string{"", "null", "{}", "[]"} {
			same(t, verb, w.send("POST", path, text).status, 200)
		}
		w.send("POST", account+"sa::gone/"+verb, []string{good}).refused(404)
	}
	for _, verb := range []string{"grant", "revoke"} {
		w.send("POST", account+"sa::ci/"+verb+"/no_such_right", nil).refused(400)
		w.send("POST", account+"sa::gone/"+verb+"/ingestion", nil).refused(404)
		w.send("POST", account+verb+"/no_such_right", []string{"sa::ci"}).refused(400)
		w.send("POST", account+verb+"/ingestion", []string{"sa::gone"}).refused(400)
	}
}

func TestManyAccounts(t *testing.T) {
	w := newWorld(t)
	w.create("sa::b", nil).response()
	r := w.send("POST", account+"grant/events_management", []string{"sa::b", "sa::gone", "sa::ci"})
	same(t, "answer", fmt.Sprint(r.at("identifier"), " ", r.at("groups")), "sa::b [events_management]")
	for _, a := range w.sim.Accounts() {
		same(t, a.Identifier, a.Permissions, "[events_management]")
	}
	w.send("POST", account+"revoke/events_management", []string{"sa::ci"})
	a, _ := w.sim.Account("sa::ci")
	b, _ := w.sim.Account("sa::b")
	same(t, "revoked", fmt.Sprint(a.Permissions, b.Permissions), "[] [events_management]")
}

// A sub-action on a user stays bare: a user has no service account to wrap.
func TestSubActions_user(t *testing.T) {
	w := newWorld(t, func(o *wavefrontsim.Options) { o.WrappedSubActions = true })
	r := w.send("POST", account+wavefrontsim.AdminIdentifier+"/grant/ingestion", nil)
	same(t, "identifier", r.at("identifier"), wavefrontsim.AdminIdentifier)
	same(t, "permissions", r.at("groups"), "[ingestion user_management]")
}
