package wavefrontsim_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

func TestDrift(t *testing.T) {
	for name, c := range map[string]struct {
		change func(w *world, token string)
		path   []any
		want   func(w *world) any
	}{
		"active":      {func(w *world, _ string) { w.sim.SetActive("SA::CI", false) }, []any{"active"}, is(false)},
		"description": {func(w *world, _ string) { w.sim.SetDescription("sa::ci", "d") }, []any{"description"}, is("d")},
		"permissions": {
			func(w *world, _ string) { w.sim.SetPermissions("sa::ci", "b", "a", "b") }, []any{"groups"}, is("[a b]"),
		},
		"roles": {func(w *world, _ string) { w.sim.SetRoles("sa::ci", w.alerts) }, []any{"roles", 0, "id"}, alerts},
		"groups": {
			func(w *world, _ string) { w.sim.SetUserGroups("sa::ci", w.fleet) }, []any{"unitedRoles"}, fleetRole,
		},
		"rename token": {
			func(w *world, id string) { w.sim.RenameToken(id, "green") }, []any{"tokens", 0, "tokenName"}, is("green"),
		},
		"remove token": {func(w *world, id string) { w.sim.RemoveToken(id) }, []any{"tokens"}, is("[]")},
		"role's permissions": {func(w *world, _ string) {
			w.sim.SetRoles("sa::ci", w.alerts)
			w.sim.SetRolePermissions(w.alerts, "ingestion")
		}, []any{"unitedPermissions"}, is("[ingestion]")},
		"remove role": {func(w *world, _ string) {
			w.sim.SetRoles("sa::ci", w.alerts)
			w.sim.SetUserGroups("sa::ci", w.fleet)
			w.sim.RemoveRole(w.alerts)
			w.sim.RemoveRole(w.proxies)
		}, []any{"unitedRoles"}, is("<nil>")},
		"remove group": {func(w *world, _ string) {
			w.sim.SetUserGroups("sa::ci", w.fleet)
			w.sim.SetDefaultUserGroups(w.fleet)
			w.sim.RemoveUserGroup(w.fleet)
		}, []any{"userGroups", 1}, is("<nil>")},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.change(w, w.sim.AddToken("sa::ci", "blue"))
			same(t, "seen", w.send("GET", ci, nil).response(c.path...), c.want(w))
			same(t, "system group", slices.Contains(w.groupNames(), "Service Accounts"), true)
			same(t, "next create", w.create("sa::next", nil).outcome(), "200 200")
		})
	}
}

// What is removed leaves no trace in counts and in the ids of the generic view.
func TestDrift_traces(t *testing.T) {
	w := newWorld(t)
	w.sim.SetDefaultUserGroups(w.fleet)
	w.sim.SetRoles("sa::ci", w.proxies, w.alerts)
	w.sim.RemoveRole(w.proxies)
	same(t, "roles of the group", w.send("GET", "/api/v2/usergroup/"+w.fleet, nil).response("roleCount"), 0)
	same(t, "roles of the account", w.send("GET", account+"sa::ci", nil).response("roles"), "["+w.alerts+"]")
	w.sim.RemoveUserGroup(w.fleet)
	w.create("sa::x", nil).response()
	same(t, "groups", w.send("GET", account+"sa::x", nil).response("userGroups"), "["+wavefrontsim.ServiceAccountsID+"]")
	same(t, "a search", w.found("usergroup", "id", w.fleet)+w.found("role", "id", w.proxies), 0)
}

// Lists come sorted and without repetition, however an account was made.
func TestSeeding(t *testing.T) {
	w := newWorld(t)
	w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{
		Identifier: "SA::Seed", Description: "d", Inactive: true, Permissions: []string{"b", "a", "b"},
		Roles: []string{w.alerts, w.alerts}, UserGroups: []string{w.fleet, wavefrontsim.ServiceAccountsID},
	})
	r := w.send("GET", account+"sa::seed", nil)
	same(t, "permissions", r.response("groups"), "[a b]")
	same(t, "roles", r.response("roles"), "["+w.alerts+"]")
	same(t, "groups", len(r.response("userGroups").([]any)), 2)
	same(t, "united", texts(r.response("unitedPermissions")), "[a agent_management alerts_management b ingestion]")
	full := w.send("GET", servicePath+"/sa::seed", nil)
	same(t, "active", full.response("active"), false)
	same(t, "description", full.response("description"), "d")
	id := w.sim.AddToken("sa::seed", "blue")
	token := w.send("GET", "/api/v2/apitoken/serviceaccount/sa::seed", nil)
	same(t, "token", []any{token.response(0, "tokenID"), token.response(0, "accountType")},
		[]any{id, "INACTIVE_SERVICE_ACCOUNT"})

	user := w.sim.AddUser(wavefrontsim.User{
		Identifier: "op@acme.example", Permissions: []string{"user_management"}, Roles: []string{w.alerts},
		UserGroups: []string{w.fleet},
	})
	same(t, "user", w.sendAs(user, "GET", servicePath, nil).status, 200)
	same(t, "user's groups", len(w.send("GET", account+"op@acme.example", nil).response("userGroups").([]any)), 2)
	same(t, "no token of a service account", slices.Contains(w.sim.Tokens(), user), false)
}

func is(v any) func(*world) any { return func(*world) any { return v } }

func alerts(w *world) any    { return w.alerts }
func fleetRole(w *world) any { return "[" + w.proxies + "]" }

func TestRemoveServiceAccount(t *testing.T) {
	w := newWorld(t)
	token := w.sim.AddToken("sa::ci", "blue")
	w.sim.RemoveServiceAccount("sa::ci")
	w.send("GET", ci, nil).refused(404)
	same(t, "alive", w.sim.TokenAlive(token), false)
	same(t, "minted", w.sim.Tokens(), "["+token+"]")
	same(t, "live", len(w.sim.LiveTokens("sa::ci")), 0)
}

func TestLook(t *testing.T) {
	w := newWorld(t)
	token := w.sim.AddToken("SA::CI", "blue")
	w.update(body{"description": "d", "groups": []string{"ingestion"}, "roles": []string{w.alerts}})
	a, known := w.sim.Account("SA::CI")
	same(t, "account", []any{known, a.Identifier, a.Description, a.Active}, "[true sa::ci d true]")
	same(t, "references", [][]string{a.Permissions, a.Roles, a.UserGroups},
		[][]string{{"ingestion"}, {w.alerts}, {wavefrontsim.ServiceAccountsID}})
	same(t, "token", []any{a.Tokens[0].ID, a.Tokens[0].Name, a.Tokens[0].Generated.Equal(w.clock.Now())},
		[]any{token, "blue", true})
	same(t, "in all", fmt.Sprint(w.sim.Accounts()), fmt.Sprint([]wavefrontsim.Account{a}))
	a.Permissions[0] = "changed"
	same(t, "copied", w.send("GET", ci, nil).response("groups"), "[ingestion]")
	_, known = w.sim.Account("sa::gone")
	same(t, "unknown", known, false)
	same(t, "unknown token", w.sim.TokenAlive(noSuchToken), false)
	w.sim.SetActive("sa::ci", false)
	same(t, "inactive", fmt.Sprint(w.sim.TokenAlive(token), len(w.sim.LiveTokens("sa::ci"))), "false 1")
}

func TestSeeding_panics(t *testing.T) {
	w := newWorld(t)
	sa := func(change wavefrontsim.ServiceAccount) func() { return func() { w.sim.AddServiceAccount(change) } }
	for name, f := range map[string]func(){
		"known account":      sa(wavefrontsim.ServiceAccount{Identifier: "SA::CI"}),
		"no prefix":          sa(wavefrontsim.ServiceAccount{Identifier: "ci"}),
		"unknown role":       sa(wavefrontsim.ServiceAccount{Identifier: "sa::x", Roles: []string{noSuchID}}),
		"unknown group":      sa(wavefrontsim.ServiceAccount{Identifier: "sa::x", UserGroups: []string{noSuchID}}),
		"role of a group":    func() { w.sim.AddUserGroup(wavefrontsim.UserGroup{Roles: []string{noSuchID}}) },
		"default group":      func() { w.sim.SetDefaultUserGroups(noSuchID) },
		"known user":         func() { w.sim.AddUser(wavefrontsim.User{Identifier: wavefrontsim.AdminIdentifier}) },
		"token of nobody":    func() { w.sim.AddToken("sa::gone", "") },
		"drift of nobody":    func() { w.sim.SetActive("sa::gone", true) },
		"drift of a user":    func() { w.sim.SetActive(wavefrontsim.AdminIdentifier, false) },
		"drift of no token":  func() { w.sim.RemoveToken(noSuchToken) },
		"the admin's token":  func() { w.sim.RemoveToken(w.token) },
		"remove no role":     func() { w.sim.RemoveRole(noSuchID) },
		"change no role":     func() { w.sim.SetRolePermissions(noSuchID) },
		"set unknown role":   func() { w.sim.SetRoles("sa::ci", noSuchID) },
		"set unknown group":  func() { w.sim.SetUserGroups("sa::ci", noSuchID) },
		"remove no group":    func() { w.sim.RemoveUserGroup(noSuchID) },
		"remove the system":  func() { w.sim.RemoveUserGroup(wavefrontsim.ServiceAccountsID) },
		"one token too many": func() { addTokens(w, wavefrontsim.TokenLimit+1) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
	w.send("GET", ci, nil).response() // no lock is left behind
}

func addTokens(w *world, count int) {
	for range count {
		w.sim.AddToken("sa::ci", "")
	}
}

// The zero Options have a clock.
func TestDefaultClock(t *testing.T) {
	sim := wavefrontsim.New(wavefrontsim.Options{})
	sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::x"})
	sim.AddToken("sa::x", "")
	if sim.LiveTokens("sa::x")[0].Generated.IsZero() {
		t.Error("the token has no date")
	}
	if a, b := sim.Token(), wavefrontsim.New(wavefrontsim.Options{}).Token(); a == b || a == "" {
		t.Error("tokens are not drawn")
	}
}
