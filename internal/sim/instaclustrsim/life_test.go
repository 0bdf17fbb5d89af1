package instaclustrsim_test

import (
	"net/url"
	"slices"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

// A client that is prepared for every reading gets along with all of them: a user is made, read, changed, given a key
// that is restricted, rotated and revoked.
func TestLife(t *testing.T) {
	for _, knob := range append(everyKnob(), instaclustrsim.Knob{Name: "default", Set: func(*instaclustrsim.Options) {}}) {
		t.Run(knob.Name, func(t *testing.T) {
			var options instaclustrsim.Options
			knob.Set(&options)
			life(newWorld(t, knob.Set), options.KeyParams == instaclustrsim.KeyParamsQuery)
		})
	}
}

func life(w *world, query bool) {
	t, name, kind := w.t, "blue/green", "PROVISIONING"
	escaped := url.PathEscape(name)
	rotatePath, restrictPath := rotate(escaped, kind), restrict(escaped, kind)
	if query {
		rotatePath, restrictPath = keysOf(escaped)+"/rotate?apiKeyType="+kind, keysOf(escaped)+"/ip-restrictions?apiKeyType="+kind
	}
	made := w.do(w.admin, "POST", usersPath, create(name, "CLUSTER_ADMIN")).want(201).object()
	equal[any](t, "administrators", made["administrators"], []any{w.admin.name})
	for _, entry := range keys(made) {
		equal(t, "a key in clear", w.sim.KeyAlive(name, entry["key"].(string)), true)
	}
	list := w.do(w.admin, "GET", usersPath, nil).want(200).list()
	at := slices.IndexFunc(list, func(user object) bool { return user["username"] == name })
	equal(t, "keys listed", types(list[at]), types(made))

	body := object{"displayName": "Blue", "profile": "CLUSTER_ADMIN", "administrators": []string{w.admin.name, w.owner.name}}
	changed := w.do(w.admin, "PUT", one(escaped), body).want(200).object()
	equal[any](t, "display name", changed["displayName"], "Blue")
	equal[any](t, "administrators", changed["administrators"], []any{w.admin.name, w.owner.name})

	if w.sim.Secret(name, kind) != "" {
		w.do(w.admin, "DELETE", keysOf(escaped), of(kind)).wantDone()
	}
	generated := w.do(w.admin, "POST", keysOf(escaped), of(kind)).wantDone().object()
	key := credential{name, generated["key"].(string)}
	w.do(key, "GET", probe+"?address=192.0.2.1", nil).want(200)
	equal[any](t, "open to all", generated["cidrAllowList"], []any{"0.0.0.0/0"})

	w.do(w.admin, "PUT", restrictPath, cidrs("203.0.113.0/24")).wantDone().wantEmpty()
	w.do(key, "GET", probe+"?address=192.0.2.1", nil).want(403)
	w.do(key, "GET", probe+"?address=203.0.113.9", nil).want(200)

	rotated := w.do(w.admin, "POST", rotatePath, nil).want(200).object()
	equal[any](t, "account", rotated["account"], w.sim.Account())
	w.do(key, "GET", probe+"?address=203.0.113.9", nil).want(401)
	key.key = rotated["key"].(string)
	w.do(key, "GET", probe+"?address=203.0.113.9", nil).want(200)

	for range w.sim.ServiceUsers()[0].Keys {
		left := w.sim.ServiceUsers()[0].Keys
		w.do(w.admin, "DELETE", keysOf(escaped), of(left[0])).wantDone().wantEmpty()
	}
	w.do(key, "GET", probe+"?address=203.0.113.9", nil).want(401)
	user, _ := w.sim.ServiceUser(name)
	equal(t, "keys left", len(user.Keys), 0)

	// There is no way back: the name is used up.
	w.do(w.admin, "POST", usersPath, create(name, "READ_ONLY")).wantNames("username", "email")
	for _, secret := range []string{generated["key"].(string), key.key} {
		equal(t, "key on record", slices.Contains(w.sim.Keys(), secret), true)
	}
}

// wantDone takes any success.
func (r reply) wantDone() reply {
	r.t.Helper()
	if r.status < 200 || r.status > 299 {
		r.t.Fatalf("status %d; body %s", r.status, r.body)
	}
	return r
}
