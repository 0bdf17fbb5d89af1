package waldursim_test

import (
	"slices"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func old(o *waldursim.Options) { o.OldRobotAccounts = true }

func without(names []string, gone ...string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(gone, name) })
}

func TestOldRobotForms(t *testing.T) {
	w := newRobots(t, old)
	later := []string{"state", "description", "error_message", "error_traceback"}
	plain := without(plainNames, later...)
	details := append(without(detailNames, append(later, "provider_uuid", "provider_name")...), "offering_customer_uuid")
	whole := object{"resource": resourcePath(w.resource), "type": "cicd", "users": w.userList("ada"), "description": "d"}
	made := w.do("provider", "POST", robots, whole).want(201).object()
	wantNames(t, made, plain...)
	wantFields(t, made, object{
		"created": "2026-03-02T08:15:30.481207Z", "modified": "2026-03-02T08:15:30.481207Z",
		"users": []any{w.user("ada")},
	})
	path := robots + made["uuid"].(string) + "/"
	wantFields(t, w.stored(path), object{"description": "", "state": "OK"})
	wantNames(t, w.do("provider", "PUT", path, whole).want(200).object(), plain...)
	wantNames(t, w.do("provider", "PATCH", path, object{}).want(200).object(), plain...)
	read := w.do("provider", "GET", path, nil).want(200).object()
	wantNames(t, read, details...)
	wantFields(t, read, object{"offering_customer_uuid": w.provider, "customer_uuid": w.customer})
	wantNames(t, w.do("provider", "GET", robots, nil).want(200).list()[0], details...)
	// A field of today is an unknown name in a projection.
	got := w.do("provider", "GET", path+"?field=state&field=type", nil).want(200)
	got.wantBody(`{"type": "cicd"}`)
	// An unknown field in a body is not even checked.
	w.do("provider", "PATCH", path, object{"description": nil}).want(200)
	w.do("provider", "DELETE", path, nil).want(204)
}

func TestOldRobotsHaveNoStateActions(t *testing.T) {
	w := newRobots(t, old)
	path := w.robot(waldursim.RobotAccount{State: "Requested"})
	for _, action := range []string{"creating", "ok", "erred", "request_deletion", "deleted"} {
		w.do("staff", "POST", path+"set_state_"+action+"/", nil).wantHTML(404)
		operation := "marketplace_robot_accounts_set_state_" + action
		wantPanic(t, func() { w.sim.Inject(operation, simkit.Fault{Status: 500}) })
	}
	wantFields(t, w.stored(path), object{"state": "Requested"})
}

func TestOldRobotFilters(t *testing.T) {
	w := newFiltered(t, old)
	tests := []struct{ query, want string }{
		{"resource=" + resourcePath(w.spare), "b"},
		{"resource_uuid=" + w.spare, "b"},
		{"project_uuid=" + w.otherProject, "c"},
		{"customer_uuid=" + w.customer, "abc"},
		{"provider_uuid=" + w.rival, "c"},
		{"type=a", "a"},
		{"state=3", "abc"}, {"state=OK", "abc"},
		{"created=2030-01-01", "abc"}, {"created=x", "abc"}, {"created_before=2000-01-01", "abc"},
		{"modified=2030-01-01", "abc"}, {"modified_before=2000-01-01", "abc"},
		{"username=x", "abc"}, {"user_email=x", "abc"}, {"responsible_user_uuid=x", "abc"},
	}
	for _, test := range tests {
		r := w.do("staff", "GET", robots+"?"+test.query, nil).want(200)
		if got := r.column("type"); !slices.Equal(got, split(test.want)) {
			t.Errorf("%s finds %q, want %q", test.query, got, test.want)
		}
	}
}

func split(text string) []string {
	letters := []string{}
	for _, letter := range text {
		letters = append(letters, string(letter))
	}
	return letters
}

// TestFrozenResource moves no account, whatever is sent for the resource.
func TestFrozenResource(t *testing.T) {
	frozen := func(o *waldursim.Options) { o.FrozenResource = true }
	for name, change := range map[string]func(*waldursim.Options){"frozen": frozen, "old": old} {
		t.Run(name, func(t *testing.T) {
			w := newRobots(t, change)
			path := w.robot(waldursim.RobotAccount{})
			w.robot(waldursim.RobotAccount{Type: "two"})
			stays := object{"resource": w.server.URL + resourcePath(w.resource)}
			for _, value := range []any{resourcePath(w.spare), resourcePath(w.foreign), "nonsense", nil, 7} {
				got := w.do("provider", "PATCH", path, object{"resource": value, "username": "x"}).want(200).object()
				wantFields(t, got, stays)
			}
			wantFields(t, w.do("provider", "PUT", path, object{"resource": "x", "type": "cicd"}).want(200).object(), stays)
			wantFields(t, w.do("provider", "PUT", path, object{"type": "cicd"}).want(200).object(), stays)
			w.do("provider", "PUT", path, object{}).want(400).wantBody(only("type", required))
			w.do("provider", "PATCH", path, object{"type": "two"}).want(400).wantBody(notUnique)
			w.do("provider", "POST", robots, object{"resource": "x", "type": "a"}).want(400).wantBody(only("resource", noMatch))
			w.do("provider", "POST", robots, object{"type": "a"}).want(400).wantBody(only("resource", required))
			made := w.do("provider", "POST", robots, object{"resource": resourcePath(w.spare), "type": "a"}).want(201).object()
			wantFields(t, made, object{"resource": w.server.URL + resourcePath(w.spare)})
		})
	}
}

func TestUntrimmedKeys(t *testing.T) {
	untrimmed := func(o *waldursim.Options) { o.UntrimmedKeys = true }
	for name, change := range map[string]func(*waldursim.Options){"before 8.0.9": untrimmed, "old": old} {
		t.Run(name, func(t *testing.T) {
			w := newRobots(t, change)
			keys := []string{keyOne + "\n", "\t " + keyTwo}
			body := object{"resource": resourcePath(w.resource), "type": " cicd ", "keys": keys}
			made := w.do("provider", "POST", robots, body).want(201).object()
			want := object{"keys": []any{keys[0], keys[1]}, "fingerprints": []any{printOne, printTwo}, "type": "cicd"}
			wantFields(t, made, want)
			path := robots + made["uuid"].(string) + "/"
			wantFields(t, w.do("provider", "GET", path, nil).want(200).object(), want)
			got := w.do("provider", "PATCH", path, object{"keys": []string{keyOne + "\n"}}).want(200).object()
			wantFields(t, got, object{"keys": []any{keyOne + "\n"}})
			// Nothing is said about a single item.
			for _, item := range []any{"", " ", nil, true, 12, "nonsense", object{}} {
				w.do("provider", "PATCH", path, object{"keys": []any{keyOne, item}}).want(400).wantBody(only("keys", noKey))
			}
			w.do("provider", "PATCH", path, object{"keys": keyOne}).want(400).wantBody(only("keys", notList("str")))
			w.do("provider", "PATCH", path, object{"keys": nil}).want(400).wantBody(only("keys", isNull))
		})
	}
}

func TestSettingsOfRobotAccountsAreApart(t *testing.T) {
	body := func(w *robotWorld) object {
		return object{"resource": resourcePath(w.resource), "type": "cicd", "keys": []string{keyOne + "\n"}}
	}
	tests := []struct {
		name   string
		change func(*waldursim.Options)
		want   object
	}{
		{"none", func(*waldursim.Options) {}, object{"state": "OK", "keys": []any{keyOne}}},
		{"LeaveRequested", func(o *waldursim.Options) { o.LeaveRequested = true }, object{"state": "Requested", "keys": []any{keyOne}}},
		{"UntrimmedKeys", func(o *waldursim.Options) { o.UntrimmedKeys = true }, object{"state": "OK", "keys": []any{keyOne + "\n"}}},
		{"FrozenResource", func(o *waldursim.Options) { o.FrozenResource = true }, object{"state": "OK", "keys": []any{keyOne}}},
		{"ConsentRedaction", withConsent, object{"state": "OK", "keys": []any{keyOne}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newRobots(t, test.change)
			made := w.do("provider", "POST", robots, body(w)).want(201).object()
			wantFields(t, made, test.want)
			wantFields(t, made, object{"created": "2026-03-02T08:15:30.481207+00:00"})
			moved := w.do("provider", "PATCH", robots+made["uuid"].(string)+"/", object{"resource": resourcePath(w.spare)}).want(200).object()
			place := w.spare
			if test.name == "FrozenResource" {
				place = w.resource
			}
			wantFields(t, moved, object{"resource": w.server.URL + resourcePath(place)})
		})
	}
}

// TestOldRobotServerKeepsServiceAccounts although a real one has none.
func TestOldRobotServerKeepsServiceAccounts(t *testing.T) {
	w := newRobots(t, old)
	wantFields(t, w.create(kinds[0], "bot"), object{"created": "2026-03-02T08:15:30.481207Z"})
}
