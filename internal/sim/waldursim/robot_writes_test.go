package waldursim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

const (
	noMatch   = "Invalid hyperlink - No URL match."
	badMatch  = "Invalid hyperlink - Incorrect URL match."
	noObject  = "Invalid hyperlink - Object does not exist."
	noKey     = "Invalid SSH public key."
	notUnique = `{"non_field_errors": ["The fields resource, type must make a unique set."]}`
	outsiders = " should belong to the same project or organization as the resource."
	terms     = " not accepted the Terms of Service for this offering."
)

func notList(kind string) string { return `Expected a list of items but got type \"` + kind + `\".` }

func TestRobotFields(t *testing.T) {
	tests := []struct {
		field string
		value any
		want  string // text of the fault; empty is success
	}{
		{"username", strings.Repeat("õ", 32), ""},
		{"username", strings.Repeat("õ", 33), "Ensure this field has no more than 32 characters."},
		{"description", nil, isNull},
		{"type", " õõõõõ\n", ""},
		{"type", "deploy", "Ensure this field has no more than 5 characters."},
		{"type", " ", isBlank},
		{"resource", nil, isNull},
		{"resource", 7, "Incorrect type. Expected URL string, received int."},
		{"resource", nobody, noMatch},
		{"resource", strings.TrimSuffix(resourcePath(nobody), "/"), noMatch},
		{"resource", "ftp://h" + resourcePath(nobody), noMatch},
		{"resource", "/api/marketplace-provider-resources/" + nobody + "/", badMatch},
		{"resource", "/api/marketplace-resources/", badMatch},
		{"resource", resourcePath(nobody), noObject},
		{"users", "ada", notList("str")},
		{"users", object{}, notList("dict")},
		{"users", nil, isNull},
		{"users", []string{nobody, "x"}, noMatch},
		{"users", []string{"https://h" + resourcePath(nobody)}, badMatch},
		{"users", []string{"/api/users/" + nobody + "/"}, noObject},
		{"users", []any{nil}, "Incorrect type. Expected URL string, received NoneType."},
		{"responsible_user", "", ""},
		{"responsible_user", nobody, noMatch},
		{"responsible_user", "/api/users/" + nobody + "/", noObject},
		{"keys", keyOne, notList("str")},
		{"keys", nil, isNull},
		{"keys", []string{keyOne, "nonsense"}, noKey},
		{"keys", []any{12}, noKey},
		// Read-only and unknown fields are ignored.
		{"state", "Error", ""},
		{"backend_id", "x", ""},
		{"nonsense", nil, ""},
	}
	w := newWorld(t)
	path := w.robot(waldursim.RobotAccount{Type: "old"})
	for _, test := range tests {
		body := w.robotBody(object{"resource": resourcePath(w.spare)}, object{test.field: test.value})
		r := w.do("provider", "POST", robots, body)
		changed := w.do("provider", "PATCH", path, object{test.field: test.value})
		if test.want != "" {
			r.Want(400).WantBody(only(test.field, test.want))
			changed.Want(400).WantBody(only(test.field, test.want))
			continue
		}
		changed.Want(200).WantFields(object{"state": "OK", "backend_id": ""})
		w.sim.RemoveRobotAccount(r.Want(201).Object()["uuid"].(string))
	}
	w.do("provider", "PUT", path, object{
		"keys": []any{keyOne, "", true}, "users": 1, "username": nil,
	}).Want(400).WantBody(`{"resource": ["` + required + `"], "type": ["` + required + `"],
		"keys": {"1": ["` + isBlank + `"], "2": ["` + noText + `"]}, "username": ["` + isNull + `"],
		"users": ["` + notList("int") + `"]}`)
}

// TestRobotLinks sends addresses in every form: the host does not matter.
func TestRobotLinks(t *testing.T) {
	w := newWorld(t)
	path := w.robot(waldursim.RobotAccount{})
	for _, base := range []string{"", w.URL, "https://another.example:8443"} {
		w.do("provider", "PATCH", path, object{
			"resource":         base + resourcePath(hyphened(w.spare)),
			"users":            []string{base + "/api/users/" + w.users["ada"] + "/"},
			"responsible_user": base + "/api/users/" + hyphened(w.users["bo"]) + "/",
			"keys":             []string{"\n" + keyOne + " \n"},
		}).Want(200).WantFields(object{
			"resource": w.URL + resourcePath(w.spare), "users": w.links("ada"), "responsible_user": w.user("bo"),
			"keys": []string{keyOne}, "fingerprints": []object{printOne},
		})
	}
}

// TestRobotUpdate changes one field at a time, in any state; what is left out stays, in a PUT too.
func TestRobotUpdate(t *testing.T) {
	for _, state := range []string{"OK", "Error", "Deleted"} {
		w := newWorld(t)
		path := w.robot(waldursim.RobotAccount{
			State: state, Username: "r1", Description: "d", Keys: []string{keyOne}, Users: w.uuids("ada"),
			ResponsibleUser: w.users["bo"],
		})
		want := object{
			"username": "r1", "description": "d", "keys": []string{keyOne}, "type": "cicd", "users": w.links("ada"),
			"responsible_user": w.user("bo"), "state": state, "created": made, "modified": hourLater,
		}
		w.clock.Advance(time.Hour)
		for _, change := range []object{
			{}, {"username": ""}, {"description": "e"}, {"keys": []string{keyTwo, keyOne}},
			{"users": w.links("ada", "bo")}, {"responsible_user": nil},
			{"responsible_user": w.user("ada")}, {"users": []string{}}, {"keys": []string{}},
		} {
			for name, value := range change {
				want[name] = value
			}
			w.do("provider", "PATCH", path, change).Want(200).WantFields(want)
			w.do("provider", "PUT", path, w.robotBody(nil)).Want(200).WantFields(want)
		}
		before := w.storedRobot(path)
		w.do("provider", "PATCH", path, object{"username": "r2", "keys": []string{"bad"}}).Want(400)
		w.do("provider", "PATCH", path, object{"username": "r2", "users": w.links("zed")}).Want(400)
		simtest.Equal(t, "after refused updates", w.storedRobot(path), before)
	}
}

func TestRobotUniqueness(t *testing.T) {
	w := newWorld(t)
	for _, state := range robotStates {
		taken := w.robot(waldursim.RobotAccount{State: state})
		other := w.robot(waldursim.RobotAccount{Type: "other"})
		spare := w.robot(waldursim.RobotAccount{Resource: w.spare})
		w.do("provider", "POST", robots, w.robotBody(nil)).Want(400).WantBody(notUnique)
		w.do("provider", "PUT", other, w.robotBody(nil)).Want(400).WantBody(notUnique)
		w.do("provider", "PATCH", other, object{"type": "cicd"}).Want(400).WantBody(notUnique)
		w.do("provider", "PATCH", spare, object{"resource": resourcePath(w.resource)}).Want(400).WantBody(notUnique)
		for _, path := range []string{taken, other, spare} {
			w.do("provider", "DELETE", path, nil).Want(204)
		}
		w.sim.RemoveRobotAccount(w.do("provider", "POST", robots, w.robotBody(nil)).Want(201).Object()["uuid"].(string))
	}
}

// TestRobotMove moves an account to a resource of another provider, on which the caller has no
// rights: the rights count on the old resource, and people must belong to the new resource.
func TestRobotMove(t *testing.T) {
	w := newWorld(t)
	path := w.robot(waldursim.RobotAccount{Users: w.uuids("ada", "bo")})
	move := object{"resource": resourcePath(w.rivals)}
	w.do("provider", "PATCH", path, move).Want(400).WantBody(only("non_field_errors", "Users Ada Kask"+outsiders))
	move["users"] = w.links("bo", "olga")
	w.do("provider", "PATCH", path, move).Want(200).WantFields(object{"resource": w.URL + resourcePath(w.rivals)})
	w.do("provider", "GET", path, nil).Want(404)
	w.do("rival", "GET", path, nil).Want(200).WantFields(object{"provider_uuid": w.rival})
}

func TestFrozenResource(t *testing.T) {
	for name, change := range map[string]func(*waldursim.Options){
		"frozen": func(o *waldursim.Options) { o.FrozenResource = true }, "old": old,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, change)
			path := w.robot(waldursim.RobotAccount{})
			stays := object{"resource": w.URL + resourcePath(w.resource), "username": "x"}
			for _, value := range []any{resourcePath(w.spare), "nonsense", nil} {
				w.do("provider", "PATCH", path, object{"resource": value, "username": "x"}).Want(200).WantFields(stays)
			}
			w.do("provider", "PUT", path, object{"type": "cicd"}).Want(200).WantFields(stays)
			w.do("provider", "POST", robots, object{"type": "a"}).Want(400).WantBody(only("resource", required))
		})
	}
}

func TestUntrimmedKeys(t *testing.T) {
	for name, change := range map[string]func(*waldursim.Options){
		"before 8.0.9": func(o *waldursim.Options) { o.UntrimmedKeys = true }, "old": old,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, change)
			path := w.robot(waldursim.RobotAccount{})
			keys := []string{keyOne + "\n", keyTwo + " \t"}
			w.do("provider", "PATCH", path, object{"keys": keys, "type": " ci "}).Want(200).
				WantFields(object{"keys": keys, "fingerprints": []object{printOne, printTwo}, "type": "ci"})
			// The response has nothing about a single item.
			for _, item := range []any{"", " " + keyOne} {
				body := object{"keys": []any{keyOne, item}}
				w.do("provider", "PATCH", path, body).Want(400).WantBody(only("keys", noKey))
			}
			for _, item := range []any{nil, true} {
				wantHTML(w.do("provider", "PATCH", path, object{"keys": []any{keyOne, item}}).Want(500))
			}
			w.do("provider", "PATCH", path, object{"keys": object{}}).Want(400).
				WantBody(only("keys", "JSON list of SSH public keys is expected."))
		})
	}
}

// TestOldRobotWrites has what a server of October 2024 does not check, and what it does not expect.
func TestOldRobotWrites(t *testing.T) {
	for name, test := range map[string]struct {
		change object
		status int
		body   string // of a refusal
	}{
		"type that is taken":     {object{"type": "b"}, 500, ""},
		"object for a list":      {object{"users": object{}}, 200, ""},
		"address of no form":     {object{"responsible_user": "http://[/x"}, 500, ""},
		"person who has left":    {object{"users": []string{"/api/users/{zed}/"}}, 400, "User" + outsiders},
		"responsible has left":   {object{"responsible_user": "/api/users/{zed}/"}, 400, "User" + outsiders},
		"resource of no meaning": {object{"resource": "x"}, 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, old)
			path := w.robot(waldursim.RobotAccount{Type: "a"})
			w.robot(waldursim.RobotAccount{Type: "b"})
			body := strings.ReplaceAll(string(simkit.Encode(test.change)), "{zed}", w.users["zed"])
			r := w.do("provider", "PATCH", path, body).Want(test.status)
			switch test.status {
			case 400:
				r.WantBody(only("non_field_errors", test.body))
			case 500:
				wantHTML(r)
			}
			simtest.Equal(t, "type", w.storedRobot(path).Type, "a")
		})
	}
}

// TestOldRobotWithAPersonWhoHasLeft cannot be changed, not even its keys.
func TestOldRobotWithAPersonWhoHasLeft(t *testing.T) {
	w := newWorld(t, old)
	path := w.robot(waldursim.RobotAccount{Users: []string{w.users["ada"], w.users["bo"]}})
	w.sim.Revoke(w.users["ada"], w.project)
	w.do("provider", "PATCH", path, object{"keys": []string{}}).Want(400).
		WantBody(only("non_field_errors", "User"+outsiders))
	w.do("provider", "PATCH", path, object{"keys": []string{}, "users": w.links("bo")}).Want(200)
}

func TestRobotPeopleMustBelong(t *testing.T) {
	for _, test := range []struct {
		users       []string
		responsible string
		want        string
	}{
		{[]string{"ada"}, "bo", ""}, // a project member and a reader of the customer
		{[]string{"bo"}, "ada", ""},
		{[]string{"olga"}, "", "Users Olga Out" + outsiders},
		{[]string{"ada", "zed"}, "", "Users Zed Out" + outsiders},
		{[]string{"provider"}, "", "Users provider" + outsiders},
		{[]string{"ada"}, "zed", "The responsible user Zed Out" + outsiders},
		{[]string{"olga"}, "zed", "Users Olga Out" + outsiders},
	} {
		w := newWorld(t)
		other := w.robot(waldursim.RobotAccount{Type: "other"})
		people := object{"users": w.links(test.users...), "responsible_user": nil}
		if test.responsible != "" {
			people["responsible_user"] = w.user(test.responsible)
		}
		for _, caller := range []string{"provider", "staff"} {
			for _, r := range []simtest.Reply{
				w.do(caller, "POST", robots, w.robotBody(people, object{"type": caller[:5]})),
				w.do(caller, "PATCH", other, people),
			} {
				if test.want != "" {
					r.Want(400).WantBody(only("non_field_errors", test.want))
				} else {
					r.WantFields(people)
				}
			}
		}
	}
}

// TestRobotUserWhoLeft has a user who lost the role on the project and is still on the account.
func TestRobotUserWhoLeft(t *testing.T) {
	w := newWorld(t)
	path := w.robot(waldursim.RobotAccount{Users: w.uuids("ada", "bo"), ResponsibleUser: w.users["ada"]})
	w.sim.Revoke(w.users["ada"], w.project)
	refusal := only("non_field_errors", "Users Ada Kask"+outsiders)
	for _, caller := range []string{"provider", "staff"} {
		w.do(caller, "PATCH", path, object{}).Want(400).WantBody(refusal)
		w.do(caller, "PUT", path, w.robotBody(nil)).Want(400).WantBody(refusal)
	}
	// The state actions do not look at people, and the responsible user is checked if sent.
	w.do("provider", "POST", path+"set_state_erred/", nil).Want(200)
	w.do("provider", "PATCH", path, object{"users": w.links("bo"), "description": "x"}).Want(200).
		WantFields(object{"users": w.links("bo"), "responsible_user": w.user("ada"), "description": "x"})
	w.do("provider", "PATCH", path, object{"responsible_user": w.user("ada")}).Want(400)
}

// TestRobotOrderOfChecks removes one fault at a time.
func TestRobotOrderOfChecks(t *testing.T) {
	w := newWorld(t, withConsent)
	taken := w.robot(waldursim.RobotAccount{BackendID: "remote-1"})
	body := w.robotBody(object{"username": nil, "users": w.links("ada", "zed"), "responsible_user": w.user("zed")})
	post := func(caller string) simtest.Reply { return w.do(caller, "POST", robots, body) }
	post("zed").Want(400).WantBody(only("username", isNull))
	delete(body, "username")
	post("zed").Want(400).WantBody(notUnique)
	for caller, want := range map[string]string{
		"zed": missing("RobotAccount"), "ada": only("type", isNull),
		"provider": `{"detail": "Remote robot account is synchronized."}`,
	} {
		w.do(caller, "PATCH", taken, object{"type": nil}).WantBody(want)
	}
	w.do("ada", "PATCH", taken, object{}).Want(403).WantBody(forbidden)
	w.do("provider", "DELETE", taken, nil).Want(204) // a remote copy too
	post("zed").Want(403).WantBody(forbidden)
	for _, step := range []struct {
		want string
		next func()
	}{
		{"Users Zed Out" + outsiders, func() { body["users"] = w.links("ada") }},
		{"The responsible user Zed Out" + outsiders, func() { body["responsible_user"] = w.user("bo") }},
		{"Users Ada Kask have" + terms, func() { w.sim.SetConsent(w.users["ada"], w.resource, true) }},
		{"The responsible user Bo Tamm has" + terms, func() { w.sim.SetConsent(w.users["bo"], w.resource, true) }},
	} {
		post("provider").Want(400).WantBody(only("non_field_errors", step.want))
		step.next()
	}
	post("provider").Want(201)
}

// TestRobotHiddenPeopleStay writes what a caller on the provider's side sees: hidden people are not
// removed.
func TestRobotHiddenPeopleStay(t *testing.T) {
	for _, test := range []struct {
		caller      string
		users       []string // nil: not sent
		responsible any      // as sent
		want        []string
		wanted      string // the responsible user
	}{
		{"provider", []string{"ada"}, nil, []string{"ada", "bo"}, "bo"},
		{"provider", []string{}, "", []string{"bo"}, "bo"},
		{"provider", []string{"ada", "bo"}, "bo", []string{"ada", "bo"}, "bo"},
		{"provider", nil, "ada", []string{"ada", "bo"}, "ada"},
		{"staff", []string{"ada"}, nil, []string{"ada"}, ""},
	} {
		w, path := newRedacted(t)
		body := object{"responsible_user": test.responsible}
		if name, ok := test.responsible.(string); ok && name != "" {
			body["responsible_user"] = w.user(name)
		}
		if test.users != nil {
			body["users"] = w.links(test.users...)
		}
		w.do(test.caller, "PATCH", path, body).Want(200)
		stored := w.storedRobot(path)
		simtest.Equal(t, "users", stored.Users, w.uuids(test.want...))
		simtest.Equal(t, "responsible user", stored.ResponsibleUser, w.users[test.wanted])
		// Newly linked people need to have consented, whoever links them.
		w.do(test.caller, "PATCH", path, object{"users": w.links("member")}).Want(400).
			WantBody(only("non_field_errors", "Users member have"+terms))
	}
}
