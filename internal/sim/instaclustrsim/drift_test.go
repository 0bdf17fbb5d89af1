package instaclustrsim_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestStart(t *testing.T) {
	s := instaclustrsim.New(instaclustrsim.Options{})
	name, key := s.Owner()
	equal(t, "alive", s.KeyAlive(name, key), true)
	equal(t, "secret", s.Secret(name, "USER_MANAGEMENT"), key)
	equal(t, "keys", s.Keys(), []string{key})
	equal(t, "list", s.AllowList(name, "USER_MANAGEMENT"), []string{"0.0.0.0/0"})
	equal(t, "users", len(s.ServiceUsers()), 0)
	if !hexKey.MatchString(key) || !uuid.MatchString(s.Account()) {
		t.Errorf("key %q, account %q", key, s.Account())
	}
}

func TestRandomIsInjected(t *testing.T) {
	text := bytes.Repeat([]byte{0xab}, 16)
	s := instaclustrsim.New(instaclustrsim.Options{Random: bytes.NewReader(append(make([]byte, 16), text...))})
	equal(t, "account", s.Account(), "00000000-0000-4000-8000-000000000000")
	_, key := s.Owner()
	equal(t, "key", key, strings.Repeat("ab", 16))
	wantPanic(t, func() { s.AddKey("j.doe", "MONITORING") })
}

func TestSeeds(t *testing.T) {
	w := newWorld(t)
	keys := w.sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: "ci", Email: "ci@example.com", DisplayName: "CI", Role: "CLUSTER_ADMIN",
		Administrators: []string{"a.smith", "j.doe"}, Keys: []string{"USER_MANAGEMENT", "MONITORING"},
	})
	equal(t, "keys", len(keys), 2)
	equal(t, "alive", w.sim.KeyAlive("ci", keys["MONITORING"]) && w.sim.KeyAlive("ci", keys["USER_MANAGEMENT"]), true)
	w.sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "bare"})
	w.sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "far", Account: w.foreign})
	w.sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "lone", Account: w.sim.AddAccount()})
	users := w.sim.ServiceUsers()
	equal(t, "users", users[:3], []instaclustrsim.ServiceUser{
		{
			Account: w.sim.Account(), Username: "bare", Email: "bare@service.example.com", DisplayName: "bare", Role: "READ_ONLY",
			Administrators: []string{"j.doe"}, Keys: []string{},
		},
		{
			Account: w.sim.Account(), Username: "ci", Email: "ci@example.com", DisplayName: "CI", Role: "CLUSTER_ADMIN",
			Administrators: []string{"a.smith", "j.doe"}, Keys: []string{"MONITORING", "USER_MANAGEMENT"},
		},
		{
			Account: w.foreign, Username: "far", Email: "far@service.example.com", DisplayName: "far", Role: "READ_ONLY",
			Administrators: []string{"x.black"}, Keys: []string{},
		},
	})
	equal(t, "no administrators", len(users[3].Administrators), 0)
	users[1].Administrators[0] = "changed"
	ci, ok := w.sim.ServiceUser("ci")
	equal(t, "a copy", ci.Administrators[0], "a.smith")
	equal(t, "there", ok, true)
	_, ok = w.sim.ServiceUser("a.smith")
	equal(t, "a human", ok, false)
}

func TestDrift(t *testing.T) {
	w := newWorld(t)
	robot := w.robot("ci", "CLUSTER_ADMIN", "MONITORING", "PROVISIONING")
	get := func() object { return w.do(w.owner, "GET", one("ci"), nil).want(200).object() }

	w.sim.SetAllowList("ci", "MONITORING", "10.0.0.0/8")
	fresh := w.sim.RotateKey("ci", "MONITORING")
	equal(t, "rotated", w.sim.KeyAlive("ci", robot["MONITORING"]), false)
	equal(t, "fresh", w.sim.KeyAlive("ci", fresh) && w.sim.Secret("ci", "MONITORING") == fresh, true)
	equal(t, "list kept", w.sim.AllowList("ci", "MONITORING"), []string{"10.0.0.0/8"})
	equal[any](t, "masked", keys(get())[0]["key"], hidden+fresh[27:])

	w.sim.RevokeKey("ci", "MONITORING")
	equal(t, "revoked", types(get()), "PROVISIONING")
	equal(t, "no list", w.sim.AllowList("ci", "MONITORING") == nil && w.sim.Secret("ci", "MONITORING") == "", true)
	equal(t, "added", w.sim.KeyAlive("ci", w.sim.AddKey("ci", "USER_MANAGEMENT")), true)
	equal(t, "keys", types(get()), "PROVISIONING USER_MANAGEMENT")

	w.sim.SetDisplayName("ci", "By hand")
	w.sim.SetAdministrators("ci", "o.brown", "gone")
	w.sim.SetRole("ci", "READ_ONLY")
	user := get()
	equal[any](t, "display name", user["displayName"], "By hand")
	equal[any](t, "administrators", user["administrators"], []any{"o.brown", "gone"})
	equal[any](t, "role", user["role"], "READ_ONLY")
	equal(t, "keys of the lower role", types(user), "")
	w.do(w.other, "GET", one("ci"), nil).want(200)
	w.sim.SetAdministrators("ci")
	equal[any](t, "nobody", get()["administrators"], []any{})

	for _, secret := range []string{w.owner.key, robot["MONITORING"], robot["PROVISIONING"], fresh} {
		if !slices.Contains(w.sim.Keys(), secret) {
			t.Errorf("a key is missing among %d", len(w.sim.Keys()))
		}
	}
}

func TestDriftOfPeople(t *testing.T) {
	w := newWorld(t)
	robot := w.sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: "ci", Administrators: []string{"a.smith", "o.brown"}, Keys: []string{"MONITORING"},
	})
	w.sim.SetRole(w.admin.name, "READ_ONLY")
	w.do(w.admin, "GET", usersPath, nil).want(403)
	w.sim.SetRole(w.admin.name, "OWNER")
	w.do(w.admin, "POST", usersPath, create("big", "OWNER")).want(201)
	w.sim.SetRole(w.reader.name, "BILLING")

	w.sim.RemoveHuman(w.admin.name)
	w.do(w.admin, "GET", usersPath, nil).want(401)
	user := w.do(w.owner, "GET", one("ci"), nil).want(200).object()
	equal[any](t, "administrators", user["administrators"], []any{"o.brown"})

	w.sim.RemoveServiceUser("ci")
	equal(t, "alive", w.sim.KeyAlive("ci", robot["MONITORING"]), false)
	w.do(w.owner, "GET", one("ci"), nil).want(404)
	w.do(w.owner, "POST", usersPath, object{"username": "ci", "email": "ci@service.example.com", "profile": "OWNER"}).want(201)
}

func TestHooksKeepKeysOfLowerRole(t *testing.T) {
	for _, value := range []instaclustrsim.OnDowngrade{instaclustrsim.DowngradeKeeps, instaclustrsim.DowngradeRefused} {
		w := newWorld(t, func(o *instaclustrsim.Options) { o.OnDowngrade = value })
		robot := w.robot("ci", "OWNER", "PROVISIONING")
		w.sim.SetRole("ci", "READ_ONLY")
		equal(t, "alive", w.sim.KeyAlive("ci", robot["PROVISIONING"]), true)
		// An update that leaves the role alone is not about those keys.
		w.do(w.owner, "PUT", one("ci"), object{"profile": "READ_ONLY", "displayName": "x"}).want(200)
		equal(t, "still", w.sim.KeyAlive("ci", robot["PROVISIONING"]), true)
	}
}

func TestHooksPanic(t *testing.T) {
	s := instaclustrsim.New(instaclustrsim.Options{})
	s.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci", Email: "ci@example.com", Keys: []string{"MONITORING"}})
	for name, run := range map[string]func(){
		"taken name":            func() { s.AddUser(instaclustrsim.HumanUser{Username: "ci"}) },
		"taken e-mail":          func() { s.AddServiceUser(instaclustrsim.ServiceUser{Username: "x", Email: "CI@example.com"}) },
		"no name":               func() { s.AddServiceUser(instaclustrsim.ServiceUser{}) },
		"no account":            func() { s.AddUser(instaclustrsim.HumanUser{Username: "x", Account: "x"}) },
		"no role":               func() { s.AddUser(instaclustrsim.HumanUser{Username: "x", Role: "KING"}) },
		"no service user role":  func() { s.AddServiceUser(instaclustrsim.ServiceUser{Username: "x", Role: "BILLING"}) },
		"no key type":           func() { s.AddServiceUser(instaclustrsim.ServiceUser{Username: "x", Keys: []string{"ANY"}}) },
		"key exists":            func() { s.AddKey("ci", "MONITORING") },
		"no such type":          func() { s.AddKey("ci", "ANY") },
		"rotate nothing":        func() { s.RotateKey("ci", "PROVISIONING") },
		"revoke nothing":        func() { s.RevokeKey("ci", "PROVISIONING") },
		"restrict nothing":      func() { s.SetAllowList("ci", "PROVISIONING") },
		"role of nobody":        func() { s.SetRole("x", "OWNER") },
		"service user's role":   func() { s.SetRole("ci", "BILLING") },
		"human's name":          func() { s.SetDisplayName("j.doe", "x") },
		"human's admins":        func() { s.SetAdministrators("j.doe") },
		"human as service user": func() { s.RemoveServiceUser("j.doe") },
		"service user as human": func() { s.RemoveHuman("ci") },
		"nobody's list":         func() { s.AllowList("x", "MONITORING") },
		"nobody's secret":       func() { s.Secret("x", "MONITORING") },
	} {
		t.Run(name, func(t *testing.T) { wantPanic(t, run) })
	}
	equal(t, "nobody's key", s.KeyAlive("x", "x"), false)
}
