package wavefrontsim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// Row 1.
func TestCredentials(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		header, value string
		status        int
	}{
		"bearer":              {"Authorization", "Bearer " + w.token, 200},
		"bearer, lower case":  {"Authorization", "bearer " + w.token, 200},
		"X-AUTH-TOKEN":        {"X-AUTH-TOKEN", w.token, 200},
		"x-auth-token":        {"x-auth-token", w.token, 200},
		"none":                {"Accept", "application/json", 401},
		"unknown":             {"Authorization", "Bearer " + noSuchToken, 401},
		"empty":               {"Authorization", "Bearer ", 401},
		"another scheme":      {"Authorization", "Token " + w.token, 401},
		"token alone":         {"Authorization", w.token, 401},
		"unknown in X header": {"X-AUTH-TOKEN", noSuchToken, 401},
	} {
		t.Run(name, func(t *testing.T) {
			r := w.request("GET", servicePath, nil)
			r.Header.Set(c.header, c.value)
			got := w.do(r)
			if c.status == 200 {
				got.response()
				return
			}
			got.refused(c.status)
		})
	}
}

// Row 2: the right counts wherever it comes from.
func TestRight(t *testing.T) {
	for name, c := range map[string]struct {
		account wavefrontsim.ServiceAccount
		role    []string
		inGroup bool
		status  int
	}{
		"direct":       {account: wavefrontsim.ServiceAccount{Permissions: []string{"user_management"}}, status: 200},
		"by a role":    {role: []string{"user_management"}, status: 200},
		"by a group":   {role: []string{"user_management"}, inGroup: true, status: 200},
		"without":      {status: 403},
		"other rights": {account: wavefrontsim.ServiceAccount{Permissions: []string{"ingestion"}}, status: 403},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.account.Identifier = "sa::caller"
			if c.role != nil {
				id := w.sim.AddRole(wavefrontsim.Role{Name: "Managers", Permissions: c.role})
				if c.inGroup {
					group := w.sim.AddUserGroup(wavefrontsim.UserGroup{Name: "Managers", Roles: []string{id}})
					c.account.UserGroups = []string{group}
				} else {
					c.account.Roles = []string{id}
				}
			}
			w.sim.AddServiceAccount(c.account)
			token := w.sim.AddToken("sa::caller", "t")
			same(t, "status", w.sendAs(token, "GET", ci, nil).status, c.status)
			same(t, "create", w.sendAs(token, "POST", servicePath, write("sa::made", nil)).status, c.status)
		})
	}
}

// Row 2 holds for every operation.
func TestRight_everywhere(t *testing.T) {
	w := newWorld(t)
	token := w.sim.AddUser(wavefrontsim.User{Identifier: "guest@acme.example", Permissions: []string{"ingestion"}})
	for _, call := range [][2]string{
		{"GET", servicePath}, {"POST", servicePath}, {"GET", ci}, {"PUT", ci}, {"POST", ci + "/activate"},
		{"POST", ci + "/deactivate"}, {"GET", "/api/v2/account"}, {"GET", account + "sa::ci"},
		{"DELETE", account + "sa::ci"}, {"POST", account + "deleteAccounts"}, {"POST", account + "sa::ci/addRoles"},
		{"POST", account + "sa::ci/removeRoles"}, {"POST", account + "sa::ci/addUserGroups"},
		{"POST", account + "sa::ci/removeUserGroups"}, {"POST", account + "sa::ci/grant/ingestion"},
		{"POST", account + "sa::ci/revoke/ingestion"}, {"POST", account + "grant/ingestion"},
		{"POST", account + "revoke/ingestion"}, {"GET", ciTokens}, {"POST", ciTokens},
		{"PUT", ciTokens + "/" + noSuchToken}, {"DELETE", ciTokens + "/" + noSuchToken},
		{"GET", "/api/v2/role"}, {"GET", "/api/v2/role/" + w.alerts}, {"GET", "/api/v2/usergroup"},
		{"GET", "/api/v2/usergroup/" + w.fleet}, {"POST", "/api/v2/search/serviceaccount"},
		{"POST", "/api/v2/search/role"}, {"POST", "/api/v2/search/usergroup"},
	} {
		w.sendAs(token, call[0], call[1], "[not JSON").refused(403)
		w.sendAs("", call[0], call[1], "[not JSON").refused(401)
	}
	if _, there := w.sim.Account("sa::ci"); !there || len(w.sim.Accounts()) != 1 {
		t.Error("a refused call did something")
	}
}

// Row 3: tokens made through the API work, until they are revoked or their account is off.
func TestMintedTokens(t *testing.T) {
	w := newWorld(t)
	w.send("POST", account+"sa::ci/grant/user_management", nil)
	a := w.send("POST", ciTokens, nil).response(0, "tokenID").(string)
	b := w.send("POST", ciTokens, nil).response(1, "tokenID").(string)
	use := func(token string, status int) {
		t.Helper()
		same(t, "status", w.sendAs(token, "GET", servicePath, nil).status, status)
		same(t, "alive", w.sim.TokenAlive(token), status != 401)
	}
	use(a, 200)
	w.send("DELETE", ciTokens+"/"+a, nil).response()
	use(a, 401)
	use(b, 200)
	w.send("POST", ci+"/deactivate", nil).response()
	use(b, 401)
	w.send("POST", ci+"/activate", nil).response()
	use(b, 200)
	w.update(body{"active": false}).response()
	use(b, 401)
	w.update(body{"active": true}).response()
	use(b, 403) // the PUT took the right away
	w.send("DELETE", account+"sa::ci", nil).response()
	use(b, 401)
	same(t, "minted", len(w.sim.Tokens()), 2)
}

// A provider that runs with a managed token can saw off its own branch.
func TestOwnBranch(t *testing.T) {
	w := newWorld(t)
	token := w.manager()
	w.sendAs(token, "POST", servicePath+"/sa::manager/deactivate", nil).response()
	w.sendAs(token, "GET", servicePath, nil).refused(401)
	w.sim.SetActive("sa::manager", true)
	w.sendAs(token, "DELETE", account+"sa::manager", nil).response()
	w.sendAs(token, "GET", servicePath, nil).refused(401)
}
