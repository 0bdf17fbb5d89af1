package wavefrontsim_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// Row 1.
func TestCredentials(t *testing.T) {
	w := newWorld(t)
	for name, test := range map[string]struct {
		header, value, want string
	}{
		"bearer":              {"Authorization", "Bearer " + w.token, "200 OK 200"},
		"bearer, lower case":  {"Authorization", "bearer " + w.token, "200 OK 200"},
		"X-AUTH-TOKEN":        {"X-AUTH-TOKEN", w.token, "200 OK 200"},
		"none":                {"Accept", "application/json", "401 ERROR 401"},
		"unknown":             {"Authorization", "Bearer " + fresh, "401 ERROR 401"},
		"another scheme":      {"Authorization", "Token " + w.token, "401 ERROR 401"},
		"unknown in X header": {"X-AUTH-TOKEN", fresh, "401 ERROR 401"},
	} {
		got := w.Send("GET", "/api/v2/"+ci, http.Header{test.header: {test.value}}, nil)
		simtest.Equal(t, name, got.See("status.result", "status.code"), test.want)
	}
}

// Row 2: the permission counts wherever it comes from.
func TestRight(t *testing.T) {
	for name, test := range map[string]struct {
		account wavefrontsim.ServiceAccount
		status  int
	}{
		"direct":   {wavefrontsim.ServiceAccount{Permissions: []string{"user_management"}}, 200},
		"a role":   {wavefrontsim.ServiceAccount{Roles: []string{"managers"}}, 200},
		"a group":  {wavefrontsim.ServiceAccount{UserGroups: []string{"managers"}}, 200},
		"others":   {wavefrontsim.ServiceAccount{Permissions: []string{"ingestion"}, Roles: []string{alerts}}, 403},
		"inactive": {wavefrontsim.ServiceAccount{Permissions: []string{"user_management"}, Inactive: true}, 401},
	} {
		w := newWorld(t)
		w.sim.AddRole(wavefrontsim.Role{ID: "managers", Permissions: []string{"user_management"}})
		w.sim.AddUserGroup(wavefrontsim.UserGroup{ID: "managers", Roles: []string{"managers"}})
		test.account.Identifier = "sa::caller"
		w.sim.AddServiceAccount(test.account)
		token := w.sim.AddToken("sa::caller", "")
		simtest.Equal(t, name, w.as(token, "GET "+ci, nil).Status, test.status)
		simtest.Equal(t, name, w.as(token, "POST "+accounts, write("sa::x")).Status, test.status)
	}
}

// Rows 1 and 2 hold for every operation, before anything else is checked.
func TestRight_everywhere(t *testing.T) {
	w := newWorld(t)
	for _, s := range drive() {
		w.as(blue, s.request, "[not JSON").Want(403)
		w.as("", s.request, "[not JSON").Want(401)
	}
	simtest.Equal(t, "accounts", len(w.sim.Accounts()), 1)
}

// Row 3: tokens work until they are revoked or their account is inactive. The account's own calls
// may end its token.
func TestIssuedTokens(t *testing.T) {
	w := newWorld(t)
	w.sim.SetPermissions("sa::ci", "user_management")
	use := func(status int) {
		t.Helper()
		w.as(blue, "GET "+accounts, nil).Want(status)
		simtest.Equal(t, "alive", w.sim.TokenAlive(blue), status != 401)
	}
	use(200)
	w.as(blue, "POST "+ci+"/deactivate", nil).Want(200)
	use(401)
	w.send("POST "+ci+"/activate", nil).Want(200)
	use(200)
	w.send("PUT "+ci, write("sa::ci")).Want(200)
	use(403)
	w.send("PUT "+ci, write("sa::ci", object{"active": false})).Want(200)
	use(401)
	w.sim.SetActive("sa::ci", true)
	w.send("DELETE "+ciTokens+"/"+blue, nil).Want(200)
	use(401)
	simtest.Equal(t, "issued", w.sim.Tokens(), []string{blue})
}

// Row 28: lastUsed moves at once, by refused calls too, and only that of the token and its account.
func TestLastUsed(t *testing.T) {
	w := newWorld(t)
	w.sim.AddToken("sa::ci", "idle", fresh)
	seen := func() []bool {
		a := w.sim.Accounts()[0]
		now := w.clock.Now()
		return []bool{a.LastUsed.Equal(now), a.Tokens[0].LastUsed.Equal(now), !a.Tokens[1].LastUsed.IsZero()}
	}
	w.as(blue, "GET "+accounts, nil).Want(403)
	simtest.Equal(t, "own call", seen(), []bool{true, true, false})
	w.clock.Advance(time.Hour)
	w.send("GET "+ci, nil).Want(200)
	simtest.Equal(t, "another's call", seen(), []bool{false, false, false})
	w.sim.SetActive("sa::ci", false)
	w.as(blue, "GET "+accounts, nil).Want(401)
	simtest.Equal(t, "a token that does not work", seen(), []bool{false, false, false})
}
