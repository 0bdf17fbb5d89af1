package waldursim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestRobotUpdate(t *testing.T) {
	full := waldursim.RobotAccount{Username: "r1", Description: "d", Keys: []string{keyOne}}
	kept := object{"username": "r1", "description": "d", "keys": []any{keyOne}, "type": "cicd"}
	tests := []struct {
		name   string
		change object
		want   object
	}{
		{"nothing", object{}, object{}},
		{"username", object{"username": "r2"}, object{"username": "r2"}},
		{"username cleared", object{"username": ""}, object{"username": ""}},
		{"description", object{"description": ""}, object{"description": ""}},
		{"keys", object{"keys": []string{keyTwo, keyOne}}, object{"keys": []any{keyTwo, keyOne}, "fingerprints": []any{printTwo, printOne}}},
		{"no keys", object{"keys": []string{}}, object{"keys": []any{}, "fingerprints": []any{}}},
		{"type", object{"type": "sync"}, object{"type": "sync"}},
	}
	for _, state := range []string{"OK", "Error", "Deleted"} {
		for _, method := range []string{"PUT", "PATCH"} {
			for _, test := range tests {
				t.Run(state+" "+method+" "+test.name, func(t *testing.T) {
					w := newRobots(t)
					seed := full
					seed.State, seed.Users, seed.ResponsibleUser = state, w.uuids("ada"), w.users["bo"]
					path := w.robot(seed)
					w.anHourLater()
					body := object{}
					if method == "PUT" {
						body = object{"resource": resourcePath(w.resource), "type": "cicd"}
					}
					for name, value := range test.change {
						body[name] = value
					}
					got := w.do("provider", method, path, body).want(200).object()
					want := object{"state": state, "modified": hourLater, "created": "2026-03-02T08:15:30.481207+00:00"}
					// A PUT resets nothing that is left out.
					for name, value := range kept {
						want[name] = value
					}
					for name, value := range test.want {
						want[name] = value
					}
					wantFields(t, got, want)
					w.wantPeople(got, "bo", "ada")
					w.wantPeople(w.do("provider", "GET", path, nil).want(200).object(), "bo", "ada")
				})
			}
		}
	}
}

// TestRobotMove moves an account to a resource whose provider the caller has no
// right with: only the old one is asked.
func TestRobotMove(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{Users: w.uuids("bo")})
	got := w.do("provider", "PATCH", path, object{"resource": resourcePath(w.foreign)}).want(200).object()
	wantFields(t, got, object{"resource": w.server.URL + resourcePath(w.foreign)})
	wantFields(t, w.stored(path), object{"resource": w.foreign})
	w.do("provider", "GET", path, nil).want(404)
	read := w.do("rival", "GET", path, nil).want(200).object()
	wantFields(t, read, object{"provider_uuid": w.rival, "project_uuid": w.otherProject})
}

func TestRobotRefusedUpdateChangesNothing(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{Username: "r1", Keys: []string{keyOne}, Users: w.uuids("ada")})
	before := w.stored(path)
	w.anHourLater()
	for _, body := range []object{
		{"username": "r2", "keys": []string{"bad"}},
		{"username": "r2", "keys": []string{}, "users": w.userList("otto")},
		{"username": "r2", "users": []string{}, "responsible_user": w.user("otto")},
	} {
		w.do("provider", "PATCH", path, body).want(400)
		wantFields(t, w.stored(path), before)
	}
}
