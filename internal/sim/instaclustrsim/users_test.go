package instaclustrsim_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

const (
	allowed = "apiKeys.allowedApiKeyTypes.*.name"
	types   = "apiKeys.apiKeys.*.apiKeyType"
	kinds   = "apiKeys.apiKeys.*.keyType"
	bullets = "•••••••••••••••••••••••••••"
)

// 9.3 and 9.5.
func TestCreate(t *testing.T) {
	w := newWorld(t)
	r := w.send(owner, "POST ", `{"username":"new","email":"new@example.com","profile":"CLUSTER_ADMIN",
		"displayName":"CI <new>","validationMessages":{"a":"b"},"role":"OWNER"}`).Want(201)
	key := func(kind string) string {
		secret := w.sim.Secret("new", kind)
		if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(secret) {
			t.Errorf("%s is %q", kind, secret)
		}
		return `{"account":"` + instaclustrsim.Account + `","key":"` + secret + `","apiKeyType":"` + kind + `",` +
			`"username":"new"}`
	}
	r.WantBody(`{"administrators":["j.owner"],"apiKeys":{
		"allowedApiKeyTypes":[{"displayName":"Monitoring","name":"MONITORING"},
			{"displayName":"Read Only Provisioning","name":"PROVISIONING_READONLY"},
			{"displayName":"Provisioning","name":"PROVISIONING"},
			{"displayName":"User Management","name":"USER_MANAGEMENT"}],
		"apiKeys":[` + key("MONITORING") + `,` + key("PROVISIONING") + `,` + key("PROVISIONING_READONLY") + `]},
		"displayName":"CI <new>","email":"new@example.com","role":"CLUSTER_ADMIN","username":"new"}`)
	const all = "[MONITORING PROVISIONING_READONLY PROVISIONING USER_MANAGEMENT]"
	w.run(
		step{owner, "POST ", `{"username":"a","email":"a","profile":"READ_ONLY"}`,
			"displayName " + allowed + " " + types,
			"201 a [MONITORING PROVISIONING_READONLY] [MONITORING PROVISIONING_READONLY]"},
		step{owner, "POST ", `{"username":"b","email":"b","profile":"OWNER"}`, "role " + allowed + " " + types,
			"201 OWNER " + all + " [MONITORING PROVISIONING PROVISIONING_READONLY]"},
		step{admin, "POST ", `{"username":"c","email":"c","profile":"READ_ONLY"}`, "administrators", "201 [a.smith]"},
	)
}

func TestCreate_refused(t *testing.T) {
	w := newWorld(t)
	w.sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "far", Email: "far@example.com", Account: elsewhere})
	const username, email = `"username":"username must be unique."`, `"email":"email must be unique."`
	const above = `"profile":"profile must not be above the role of the caller."`
	for _, test := range []struct{ as, name, email, want string }{
		{owner, "ci", "x", username},
		{owner, admin, "x", username},
		{owner, "far", "x", username},
		{owner, "x", "ops@EXAMPLE.com", email},
		{owner, "ci", "far@example.com", email + "," + username},
		{admin, "x", "x", above},
		{admin, "ci", "x", above + "," + username},
	} {
		body := simtest.Object{"username": test.name, "email": test.email, "profile": "OWNER"}
		w.run(step{test.as, "POST ", body, "", "400 {" + test.want + "}"})
	}
	simtest.Equal(t, "users", len(w.sim.ServiceUsers()), 2)
	w.send(owner, "POST ", `{"username":"CI","email":"ops+2@example.com","profile":"OWNER"}`).Want(201)
}

// 9.4: keys are masked, with the length in characters.
func TestMask(t *testing.T) {
	w := newWorld(t)
	want := bullets + keyOf(robot)[len(keyOf(robot))-5:]
	simtest.Equal(t, "characters", utf8.RuneCountInString(want), 32)
	w.run(
		step{owner, "GET ", nil, "0.apiKeys.apiKeys.0.key", "200 " + want},
		step{owner, "GET /ci", nil, "apiKeys.apiKeys.0.key", "200 " + want},
		step{owner, "PUT /ci", `{}`, "apiKeys.apiKeys.0.key", "200 " + want},
	)
}

// 9.4: one object has two names for the type of a key.
func TestList(t *testing.T) {
	w := newWorld(t)
	w.run(
		step{owner, "GET ", nil, "0." + types + " 0." + kinds, "200 [<nil> <nil>] [MONITORING PROVISIONING]"},
		step{owner, "GET /ci", nil, types + " " + kinds, "200 [MONITORING <nil>] [<nil> PROVISIONING]"},
		step{outsider, "GET ", nil, "", "200 []"},
	)
	for _, name := range []string{"b", "c", "a"} {
		w.sim.AddServiceUser(instaclustrsim.ServiceUser{Username: name})
	}
	for _, as := range []string{owner, admin, other} {
		simtest.Equal(t, as, strings.Join(w.send(as, "GET ", nil).Column("username"), " "), "a b c ci")
	}
}

func TestUpdate(t *testing.T) {
	const places = "displayName role administrators username email " + types
	newWorld(t).run(
		step{owner, "PUT /ci", `{"displayName":"Blue","profile":"OWNER",
			"administrators":["j.owner","o.brown","j.owner"],"username":"new","email":"new@example.com"}`, places,
			"200 Blue OWNER [j.owner o.brown] ci Ops@example.com [MONITORING <nil>]"},
		step{admin, "GET /ci", nil, "", notAdministrator},
		step{other, "PUT /ci", `{"profile":"OWNER","displayName":""}`, "role displayName", "200 OWNER "},
		step{other, "PUT /ci", `{"administrators":["a.smith"]}`, "administrators", "200 [a.smith]"},
		step{other, "GET /ci", nil, "", notAdministrator},
	)
}

// A refused request changes nothing.
func TestUpdate_refused(t *testing.T) {
	w := newWorld(t)
	before := w.user()
	const unknown = `{"administrators":"administrators must be Owners or Cluster Admins of the account."}`
	const above = `{"profile":"profile must not be above the role of the caller."}`
	for body, want := range map[string]string{
		`{"displayName":"x","administrators":[]}`:       `{"administrators":"administrators cannot be empty."}`,
		`{"administrators":["j.owner","gone"]}`:         unknown,
		`{"administrators":["ci"]}`:                     unknown,
		`{"administrators":["r.white"]}`:                unknown,
		`{"administrators":["b.green"]}`:                unknown,
		`{"administrators":["x.black"]}`:                unknown,
		`{"displayName":"x","profile":"OWNER"}`:         above,
		`{"profile":"READ_ONLY","administrators":[""]}`: unknown,
	} {
		w.run(step{admin, "PUT /ci", body, "", "400 " + want})
		simtest.Equal(t, body, w.user(), before)
	}
}

// Keys that a lowered role does not allow end; raising it creates none. A key that was never
// allowed ends only with a change of the role.
func TestDowngrade(t *testing.T) {
	w := newWorld(t)
	w.run(
		step{owner, "PUT /ci", `{"profile":"READ_ONLY"}`, types + " " + allowed,
			"200 [MONITORING] [MONITORING PROVISIONING_READONLY]"},
		step{owner, "PUT /ci", `{"profile":"OWNER"}`, types, "200 [MONITORING]"},
	)
	simtest.Equal(t, "alive", w.sim.KeyAlive(robot, keyOf(robot)), true)
	w.send(owner, "PUT /ci", `{"profile":"READ_ONLY"}`).Want(200)
	w.sim.AddKey(robot, "PROVISIONING")
	w.run(step{
		owner, "PUT /ci", `{"profile":"READ_ONLY","displayName":"x"}`, types + " displayName",
		"200 [MONITORING <nil>] x",
	})
}

func TestUpdateOmitted(t *testing.T) {
	for _, test := range []struct{ value, body, want string }{
		{"", `{}`, "200 CI CLUSTER_ADMIN [a.smith]"},
		{"", `{"displayName":null,"profile":null,"administrators":null}`, "200 CI CLUSTER_ADMIN [a.smith]"},
		{"clear", `{"profile":"CLUSTER_ADMIN"}`, "200 ci CLUSTER_ADMIN [j.owner]"},
		{"clear", `{"profile":"OWNER","displayName":"x"}`, "200 x OWNER [j.owner]"},
		{"clear", `{}`, "400 <nil> <nil> <nil>"},
		{"refuse", `{"profile":"OWNER","displayName":"x"}`, "400 <nil> <nil> administrators cannot be null."},
		{"refuse", `{"profile":"OWNER","displayName":"x","administrators":["o.brown"]}`, "200 x OWNER [o.brown]"},
	} {
		w := newWorld(t, func(o *instaclustrsim.Options) { o.UpdateOmitted = test.value })
		w.run(step{owner, "PUT /ci", test.body, "displayName role administrators", test.want})
	}
}
