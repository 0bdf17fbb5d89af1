package wavefrontsim_test

import (
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// The simulator returns the values that the Add methods got, so that a known set of objects can be
// built again.
func TestSeed(t *testing.T) {
	w := newWorld(t)
	day := time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
	given := wavefrontsim.ServiceAccount{
		Identifier: "sa::seed", Description: "d", Inactive: true, Permissions: []string{"a", "b"},
		Roles: []string{alerts}, UserGroups: []string{wavefrontsim.ServiceAccountsID, fleet},
		Tokens: []wavefrontsim.Token{{ID: fresh, Name: "x", Generated: day, LastUsed: day}}, LastUsed: day,
	}
	w.sim.AddServiceAccount(given)
	simtest.Equal(t, "account", w.sim.Accounts()[1], given)
	w.sim.Accounts()[1].Tokens[0].Name = "changed" // in a copy
	simtest.Equal(t, "tokens", w.sim.LiveTokens("SA::SEED"), given.Tokens)
	simtest.Equal(t, "given token", w.sim.AddToken("sa::ci", "green", "token"), "token")
	for token, alive := range map[string]bool{blue: true, fresh: false, "none": false} {
		simtest.Equal(t, token, w.sim.TokenAlive(token), alive)
	}
	simtest.Equal(t, "issued", w.sim.Tokens(), []string{blue, fresh, "token"})
	simtest.Equal(t, "role", w.sim.AddRole(wavefrontsim.Role{ID: "r"}), "r")

	w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "SA::B", Permissions: []string{"b", "a", "b"}})
	simtest.Equal(t, "permissions", w.sim.Accounts()[2].Permissions, []string{"a", "b"})
	generated := map[string]bool{"": true, w.sim.AddRole(wavefrontsim.Role{}): true, w.sim.AddToken("sa::b", ""): true}
	generated[w.sim.AddUserGroup(wavefrontsim.UserGroup{})] = true
	simtest.Equal(t, "generated ids, and none", len(generated), 4)
	simtest.Equal(t, "present", w.sim.LiveTokens("sa::b")[0].Generated, w.clock.Now())
}

func TestSeed_panics(t *testing.T) {
	w := newWorld(t)
	add := func(a wavefrontsim.ServiceAccount) func() { return func() { w.sim.AddServiceAccount(a) } }
	for name, run := range map[string]func(){
		"known account":   add(wavefrontsim.ServiceAccount{Identifier: "SA::CI"}),
		"no prefix":       add(wavefrontsim.ServiceAccount{Identifier: "ci"}),
		"unknown role":    add(wavefrontsim.ServiceAccount{Identifier: "sa::x", Roles: []string{"gone"}}),
		"unknown group":   add(wavefrontsim.ServiceAccount{Identifier: "sa::x", UserGroups: []string{"gone"}}),
		"known role":      func() { w.sim.AddRole(wavefrontsim.Role{ID: alerts}) },
		"known group":     func() { w.sim.AddUserGroup(wavefrontsim.UserGroup{ID: fleet}) },
		"role of a group": func() { w.sim.AddUserGroup(wavefrontsim.UserGroup{Roles: []string{"gone"}}) },
		"default group":   func() { w.sim.SetDefaultUserGroups("gone") },
		"token of nobody": func() { w.sim.AddToken("sa::gone", "") },
		"known token":     func() { w.sim.AddToken("sa::ci", "", blue) },
		"21st token": func() {
			for range wavefrontsim.TokenLimit {
				w.sim.AddToken("sa::ci", "")
			}
		},
		"drift of nobody":   func() { w.sim.SetActive("sa::gone", true) },
		"drift of a user":   func() { w.sim.SetActive(wavefrontsim.AdminIdentifier, false) },
		"a user's token":    func() { w.sim.RemoveToken(w.token) },
		"set unknown role":  func() { w.sim.SetRoles("sa::ci", "gone") },
		"set unknown group": func() { w.sim.SetUserGroups("sa::ci", "gone") },
		"remove no group":   func() { w.sim.RemoveUserGroup("gone") },
		"the system group":  func() { w.sim.RemoveUserGroup(wavefrontsim.ServiceAccountsID) },
	} {
		t.Run(name, func(t *testing.T) { simtest.Panics(t, run) })
	}
	w.send("GET "+ci, nil).Want(200) // the lock is free
}
