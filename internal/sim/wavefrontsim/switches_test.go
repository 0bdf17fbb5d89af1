package wavefrontsim_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// observation is what a client sees of one row, by default and with its switch.
type observation struct {
	name     string // of the switch
	see      func(w *world) any
	standard string
	switched string
}

var observations = []observation{
	{"UnauthorizedWithoutRight", func(w *world) any {
		token := w.sim.AddUser(wavefrontsim.User{Identifier: "guest@acme.example"})
		return w.sendAs(token, "GET", servicePath, nil).outcome()
	}, "403 403", "401 401"},
	{"ExactCase", func(w *world) any {
		return w.send("GET", servicePath+"/SA::CI", nil).outcome()
	}, "200 200", "404 404"},
	{"AddPrefix", func(w *world) any {
		r := w.create("Robot", nil)
		return fmt.Sprint(r.outcome(), " ", r.at("response", "identifier"))
	}, "400 400 <nil>", "200 200 sa::robot"},
	{"DuplicateConflict", func(w *world) any {
		return w.create("sa::ci", nil).outcome()
	}, "400 400", "409 409"},
	{"ActiveByDefault", func(w *world) any {
		created := w.create("sa::x", body{"active": nil}).response("active")
		nulled := w.create("sa::y", body{"active": null}).response("active")
		return []any{created, nulled, w.update(body{"active": nil}).response("active")}
	}, "[false false false]", "[true true true]"},
	{"AcceptNullTokens", func(w *world) any {
		return []string{w.create("sa::x", body{"tokens": null}).outcome(), w.update(body{"tokens": null}).outcome()}
	}, "[500 500 500 500]", "[200 200 200 200]"},
	{"IgnoreTokens", func(w *world) any {
		with := w.create("sa::x", body{"tokens": []string{ownToken}}).response("tokens", 0, "tokenID")
		bad := w.create("sa::y", body{"tokens": []string{"blue"}}).outcome()
		return []any{with, bad, w.sim.TokenAlive(ownToken)}
	}, "[" + ownToken + " 400 400 true]", "[<nil> 200 200 false]"},
	{"MissingListKeeps", seeMissingLists,
		"[<nil> 0 0 1 1]", "[<nil> 1 1 2 1]"},
	{"EmptyTokensRevoke", func(w *world) any {
		token := w.sim.AddToken("sa::ci", "blue")
		empty := len(w.update(nil).response("tokens").([]any))
		return []any{empty, w.sim.TokenAlive(token)}
	}, "[1 true]", "[0 false]"},
	{"IgnoreBodyIdentifier", func(w *world) any {
		other := w.send("PUT", ci, write("sa::other", nil))
		missing := w.send("PUT", ci, write("", body{"identifier": nil}))
		return []any{other.outcome(), missing.outcome()}
	}, "[400 400 400 400]", "[200 200 200 200]"},
	{"LegacyEveryone", func(w *world) any {
		created := pick(w.create("sa::x", nil).response("userGroups"), "name")
		return []any{created, pick(w.update(nil).response("userGroups"), "name")}
	}, "[[Service Accounts] [Service Accounts]]", "[[Everyone] [Everyone]]"},
	{"RefuseUnknownReferences", func(w *world) any {
		return []string{
			w.update(body{"userGroups": []string{noSuchID, w.fleet}}).outcome(),
			w.update(body{"roles": []string{noSuchID, w.alerts}}).outcome(),
			fmt.Sprint(w.send("POST", account+"sa::ci/addRoles", []string{noSuchID, w.alerts}).status),
		}
	}, "[200 202 200 202 200]", "[400 400 400 400 400]"},
	{"IgnoreUnknownPermissions", func(w *world) any {
		r := w.update(body{"groups": []string{"ingestion", "no_such_right"}})
		granted := w.send("POST", account+"sa::ci/grant/no_such_right", nil).status
		return []any{r.outcome(), r.at("response", "groups"), granted}
	}, "[400 400 <nil> 400]", "[200 202 [ingestion] 200]"},
	{"EmptyMembers", func(w *world) any {
		w.sim.AddToken("sa::ci", "blue")
		r := w.send("GET", ci, nil)
		seen := []any{r.response("tokens", 0, "lastUsed")}
		for _, key := range []string{"description", "lastUsed", "unitedRoles", "unitedPermissions"} {
			seen = append(seen, r.response(key))
		}
		return seen
	}, "[<nil> <nil> <nil> <nil> <nil>]", "[0  0 [] []]"},
	{"UnitedRoleNames", func(w *world) any {
		w.update(body{"roles": []string{w.alerts}})
		full := w.send("GET", ci, nil).response("unitedRoles")
		generic := w.send("GET", account+"sa::ci", nil).response("unitedRoles")
		return strings.ReplaceAll(fmt.Sprint(full, generic), w.alerts, "id")
	}, "[id] [id]", "[Alert editors] [Alert editors]"},
	{"WrappedSubActions", func(w *world) any {
		r := w.send("POST", account+"sa::ci/addRoles", []string{w.alerts, noSuchID})
		wrapped := []any{r.at("response", "identifier"), r.at("response", "active"), r.at("status", "code")}
		return append([]any{r.at("customer"), r.at("identifier")}, wrapped...)
	}, "[" + wavefrontsim.Customer + " sa::ci <nil> <nil> <nil>]", "[<nil> <nil> sa::ci true 202]"},
	{"UnknownTokenBadRequest", func(w *world) any {
		path := ciTokens + "/" + noSuchToken
		return []string{w.send("DELETE", path, nil).outcome(), w.send("PUT", path, body{"tokenName": "x"}).outcome()}
	}, "[404 404 404 404]", "[400 400 400 400]"},
	{"DeleteUnknownOK", func(w *world) any {
		r := w.send("DELETE", account+"sa::gone", nil)
		return []any{r.outcome(), r.at("response")}
	}, "[404 404 <nil>]", "[200 200 <nil>]"},
	{"SearchLag", func(w *world) any {
		w.create("sa::late", nil)
		first := w.found("serviceaccount", "identifier", "sa::late")
		w.clock.advance(time.Hour)
		return []int{first, w.found("serviceaccount", "identifier", "sa::late")}
	}, "[1 1]", "[0 1]"},
	{"NeverLastUsed", func(w *world) any {
		token := w.manager()
		w.sendAs(token, "GET", servicePath, nil)
		a, _ := w.sim.Account("sa::manager")
		return []bool{a.LastUsed.IsZero(), a.Tokens[0].LastUsed.IsZero()}
	}, "[false false]", "[true true]"},
}

func seeMissingLists(w *world) any {
	w.sim.AddToken("sa::ci", "blue")
	w.update(body{
		"groups": []string{"ingestion"}, "roles": []string{w.alerts}, "userGroups": []string{w.fleet}, "description": "d",
	})
	r := w.update(body{"groups": nil, "roles": nil, "userGroups": nil, "description": nil, "tokens": nil})
	seen := []any{r.response("description")}
	for _, key := range []string{"groups", "roles", "userGroups", "tokens"} {
		seen = append(seen, len(r.response(key).([]any)))
	}
	return seen
}

// manager gives a token of a service account that may manage accounts.
func (w *world) manager() string {
	w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{
		Identifier: "sa::manager", Permissions: []string{"user_management"},
	})
	return w.sim.AddToken("sa::manager", "provider")
}

// found counts what an EXACT search finds.
func (w *world) found(kind, key, value string) int {
	w.t.Helper()
	r := w.send("POST", "/api/v2/search/"+kind, body{"query": []body{
		{"key": key, "value": value, "matchingMethod": "EXACT"},
	}})
	return len(r.response("items").([]any))
}

// TestSwitches sees every row with a switch under both settings.
func TestSwitches(t *testing.T) {
	switches := map[string]wavefrontsim.Switch{}
	for _, s := range wavefrontsim.Switches() {
		switches[s.Name] = s
	}
	for _, o := range observations {
		if o.standard == o.switched {
			t.Errorf("%s: the observation does not tell the settings apart", o.name)
		}
		s, known := switches[o.name]
		if !known {
			t.Fatalf("no switch %s", o.name)
		}
		delete(switches, o.name)
		t.Run(o.name, func(t *testing.T) {
			same(t, "by default", o.see(newWorld(t)), o.standard)
			same(t, "switched", o.see(newWorld(t, s.Set)), o.switched)
		})
	}
	for name := range switches {
		t.Errorf("switch %s is not observed", name)
	}
}

// TestSwitches_complete holds the list against the fields of Options.
func TestSwitches_complete(t *testing.T) {
	fields := map[string]bool{}
	for field := range reflect.TypeFor[wavefrontsim.Options]().Fields() {
		fields[field.Name] = field.Name == "Now"
	}
	last := 0
	for _, s := range wavefrontsim.Switches() {
		if seen, known := fields[s.Name]; seen || !known {
			t.Errorf("switch %s: field known %t, seen before %t", s.Name, known, seen)
		}
		fields[s.Name] = true
		if s.Row < last || s.Row > 29 {
			t.Errorf("switch %s: row %d is out of order", s.Name, s.Row)
		}
		last = s.Row
		var options wavefrontsim.Options
		s.Set(&options)
		v := reflect.ValueOf(options)
		for i := range v.NumField() {
			if changed := !v.Field(i).IsZero(); changed != (v.Type().Field(i).Name == s.Name) {
				t.Errorf("switch %s: %s changed %t", s.Name, v.Type().Field(i).Name, changed)
			}
		}
	}
	for name, seen := range fields {
		if !seen {
			t.Errorf("Options.%s is in no switch", name)
		}
	}
}

// TestSwitches_together turns everything on: the life of an account goes on working.
func TestSwitches_together(t *testing.T) {
	w := newWorld(t, func(o *wavefrontsim.Options) {
		for _, s := range wavefrontsim.Switches() {
			s.Set(o)
		}
	})
	same(t, "created", w.create("new", body{"groups": []string{"ingestion"}}).response("identifier"), "sa::new")
	id := w.send("POST", "/api/v2/apitoken/serviceaccount/sa::new", nil).response(0, "tokenID").(string)
	same(t, "read", w.send("GET", servicePath+"/sa::new", nil).response("tokens", 0, "tokenID"), id)
	same(t, "deleted", w.send("DELETE", account+"sa::new", nil).response("identifier"), "sa::new")
	same(t, "deleted again", w.send("DELETE", account+"sa::new", nil).outcome(), "200 200")
}
