package wavefrontsim_test

import (
	"fmt"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

func TestRoles(t *testing.T) {
	w := newWorld(t)
	w.update(body{"roles": []string{w.proxies}})
	r := w.send("GET", "/api/v2/role/"+w.proxies, nil)
	for key, want := range map[string]any{
		"id": w.proxies, "name": "Proxy operators", "description": "May manage proxies", "customer": wavefrontsim.Customer,
		"permissions": "[agent_management ingestion]", "linkedGroupsCount": 1, "linkedAccountsCount": 1,
		"sampleLinkedAccounts": "[sa::ci]", "lastUpdatedAccountId": wavefrontsim.AdminIdentifier,
	} {
		same(t, key, r.response(key), want)
	}
	same(t, "sample", pick(r.response("sampleLinkedGroups"), "id"), "["+w.fleet+"]")
	w.send("GET", "/api/v2/role/"+noSuchID, nil).refused(404)

	page := w.send("GET", "/api/v2/role?limit=1&offset=1", nil)
	same(t, "page", pick(page.response("items"), "name"), "[Alert editors]")
	same(t, "no description", page.response("items", 0, "description"), "<nil>")
	same(t, "more", w.send("GET", "/api/v2/role?limit=1", nil).response("moreItems"), true)
	same(t, "total", w.send("GET", "/api/v2/role", nil).response("totalItems"), 2)
	w.send("GET", "/api/v2/role?limit=x", nil).refused(400)
	w.send("GET", "/api/v2/role?offset=x", nil).refused(400)
}

func TestUserGroups(t *testing.T) {
	w := newWorld(t)
	w.update(body{"userGroups": []string{w.fleet}})
	r := w.send("GET", "/api/v2/usergroup/"+w.fleet, nil)
	for key, want := range map[string]any{
		"id": w.fleet, "name": "Proxy fleet", "description": "Accounts that run proxies", "customer": wavefrontsim.Customer,
		"userCount": 1, "roleCount": 1, "users": "[sa::ci]",
		"properties": "map[nameEditable:true rolesEditable:true usersEditable:true]",
	} {
		same(t, key, r.response(key), want)
	}
	same(t, "roles", pick(r.response("roles"), "id"), "["+w.proxies+"]")
	w.send("GET", "/api/v2/usergroup/"+noSuchID, nil).refused(404)

	for id, want := range map[string]string{
		wavefrontsim.EveryoneID:        "Everyone [" + wavefrontsim.AdminIdentifier + "] false",
		wavefrontsim.ServiceAccountsID: "Service Accounts [sa::ci] false",
	} {
		system := w.send("GET", "/api/v2/usergroup/"+id, nil)
		same(t, id, fmt.Sprint(system.response("name"), " ", system.response("users"), " ",
			system.response("properties", "nameEditable")), want)
	}
	page := w.send("GET", "/api/v2/usergroup?limit=2", nil)
	same(t, "page", pick(page.response("items"), "name"), "[Everyone Service Accounts]")
	same(t, "more", page.response("moreItems"), true)
}

// Samples stay samples; counts are whole.
func TestSamples(t *testing.T) {
	w := newWorld(t)
	for i := range 12 {
		w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{
			Identifier: fmt.Sprintf("sa::%d", i), Roles: []string{w.alerts}, UserGroups: []string{w.fleet},
		})
	}
	r := w.send("GET", "/api/v2/role/"+w.alerts, nil)
	linked := len(r.response("sampleLinkedAccounts").([]any))
	same(t, "role", fmt.Sprint(r.response("linkedAccountsCount"), linked), "12 10")
	g := w.send("GET", "/api/v2/usergroup/"+w.fleet, nil)
	same(t, "group", fmt.Sprint(g.response("userCount"), len(g.response("users").([]any))), "12 10")
}
