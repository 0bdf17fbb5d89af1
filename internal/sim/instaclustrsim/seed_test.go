package instaclustrsim_test

import (
	"slices"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

func TestStart(t *testing.T) {
	s := instaclustrsim.New(instaclustrsim.Options{})
	name, key := s.Owner()
	simtest.Equal(t, "alive", s.KeyAlive(name, key), true)
	simtest.Equal(t, "keys", s.Keys(), []string{key})
	simtest.Panics(t, func() { instaclustrsim.New(instaclustrsim.Options{OnDowngrade: "unknown"}) })
}

// The simulator returns the values that the Add methods got, so that a known set of objects can be
// built again.
func TestSeed(t *testing.T) {
	w := newWorld(t)
	given := instaclustrsim.ServiceUser{
		Account: elsewhere, Username: "new", Email: "new@example.com", DisplayName: "New", Role: "CLUSTER_ADMIN",
		Administrators: []string{admin, owner}, Keys: []string{"MONITORING", "USER_MANAGEMENT"},
		Secrets: map[string]string{"MONITORING": "secret-m"},
	}
	keys := w.sim.AddServiceUser(given)
	simtest.Equal(t, "keys", []string{keys["MONITORING"], keys["USER_MANAGEMENT"]},
		[]string{"secret-m", w.sim.Secret("new", "USER_MANAGEMENT")})
	given.Secrets = nil
	got, _ := w.sim.ServiceUser("new")
	simtest.Equal(t, "user", got, given)
	simtest.Equal(t, "given key", w.sim.AddKey("new", "PROVISIONING", "secret-p"), "secret-p")
	simtest.Equal(t, "list", w.sim.AllowList("new", "PROVISIONING"), []string{"0.0.0.0/0"})
	for _, secret := range []string{"secret-m", "secret-p", keyOf(owner)} {
		simtest.Equal(t, secret, slices.Contains(w.sim.Keys(), secret), true)
	}

	w.sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "bare", Account: w.sim.AddAccount()})
	bare, _ := w.sim.ServiceUser("bare")
	bare.Account = ""
	simtest.Equal(t, "bare", bare, instaclustrsim.ServiceUser{
		Username: "bare", Email: "bare@service.example.com", DisplayName: "bare", Role: "READ_ONLY",
		Administrators: []string{}, Keys: []string{},
	})
	_, ok := w.sim.ServiceUser(admin)
	simtest.Equal(t, "a human is a service user", ok, false)
}

func TestSeed_panics(t *testing.T) {
	s := newWorld(t).sim
	human := func(h instaclustrsim.HumanUser) func() { return func() { s.AddUser(h) } }
	service := func(a instaclustrsim.ServiceUser) func() { return func() { s.AddServiceUser(a) } }
	for name, run := range map[string]func(){
		"taken name":           human(instaclustrsim.HumanUser{Username: robot}),
		"taken e-mail address": service(instaclustrsim.ServiceUser{Username: "x", Email: "OPS@example.com"}),
		"no name":              service(instaclustrsim.ServiceUser{}),
		"no account":           human(instaclustrsim.HumanUser{Username: "x", Account: "x"}),
		"no role":              human(instaclustrsim.HumanUser{Username: "x", Role: "KING"}),
		"no role of a service": service(instaclustrsim.ServiceUser{Username: "x", Role: "BILLING"}),
		"no key type":          service(instaclustrsim.ServiceUser{Username: "x", Keys: []string{"ANY"}}),
		"secret without a key": service(instaclustrsim.ServiceUser{
			Username: "x", Secrets: map[string]string{"MONITORING": "s"},
		}),
		"taken account":     func() { s.AddAccount(elsewhere) },
		"key exists":        func() { s.AddKey(robot, "MONITORING") },
		"no such type":      func() { s.AddKey(robot, "ANY") },
		"rotate nothing":    func() { s.RotateKey(robot, "USER_MANAGEMENT") },
		"revoke nothing":    func() { s.RevokeKey(robot, "USER_MANAGEMENT") },
		"restrict nothing":  func() { s.SetAllowList(robot, "USER_MANAGEMENT") },
		"a human's name":    func() { s.SetDisplayName(owner, "x") },
		"a human's removal": func() { s.RemoveServiceUser(owner) },
		"nobody's list":     func() { s.AllowList("x", "MONITORING") },
	} {
		t.Run(name, func(t *testing.T) { simtest.Panics(t, run) })
	}
	simtest.Equal(t, "nobody's key", s.KeyAlive("x", "x"), false)
}
