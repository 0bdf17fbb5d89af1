package waldursim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestRobotPeopleMustBelong(t *testing.T) {
	tests := []struct {
		name        string
		users       []string
		responsible string
		want        string
	}{
		{"project member", []string{"ada"}, "ada", ""},
		{"customer reader", []string{"bo"}, "bo", ""},
		{"responsible need not be a user", []string{"ada"}, "bo", ""},
		{"member of another project", []string{"olga"}, "", "Users Olga Out" + outsiders},
		{"without a full name", []string{"stranger"}, "", "Users " + outsiders},
		{"nobody's", []string{"ada", "otto"}, "", "Users Otto Out" + outsiders},
		{"two", []string{"otto", "ada", "olga"}, "", "Users Otto Out, Olga Out" + outsiders},
		{"one twice", []string{"otto", "otto"}, "", "Users Otto Out" + outsiders},
		{"the provider's people", []string{"provider"}, "", "Users Pia Provider" + outsiders},
		{"responsible", []string{"ada"}, "otto", "The responsible user Otto Out" + outsiders},
		{"users come first", []string{"olga"}, "otto", "Users Olga Out" + outsiders},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newRobots(t)
			body := object{"resource": resourcePath(w.resource), "type": "cicd", "users": w.userList(test.users...)}
			if test.responsible != "" {
				body["responsible_user"] = w.user(test.responsible)
			}
			other := w.robot(waldursim.RobotAccount{Type: "other"})
			body["type"] = "cicd"
			// Staff is bound too.
			for _, caller := range []string{"provider", "staff"} {
				made := w.do(caller, "POST", robots, body)
				delete(body, "type")
				changed := w.do(caller, "PATCH", other, body)
				body["type"] = "cicd"
				if test.want != "" {
					made.want(400).wantBody(only("non_field_errors", test.want))
					changed.want(400).wantBody(only("non_field_errors", test.want))
					continue
				}
				w.wantPeople(made.want(201).object(), test.responsible, test.users...)
				w.wantPeople(changed.want(200).object(), test.responsible, test.users...)
				w.do(caller, "DELETE", robots+made.object()["uuid"].(string)+"/", nil).want(204)
			}
		})
	}
}

func TestRobotPeopleAreReplaced(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{Users: w.uuids("ada"), ResponsibleUser: w.users["ada"]})
	for _, test := range []struct {
		change      object
		responsible string
		users       []string
	}{
		{object{"users": w.userList("bo")}, "ada", []string{"bo"}},
		{object{"responsible_user": w.user("bo")}, "bo", []string{"bo"}},
		{object{"users": w.userList("bo", "ada")}, "bo", []string{"ada", "bo"}},
		{object{"responsible_user": nil}, "", []string{"ada", "bo"}},
		{object{"responsible_user": w.user("ada"), "users": []string{}}, "ada", nil},
		{object{"responsible_user": ""}, "", nil},
	} {
		w.wantPeople(w.do("provider", "PATCH", path, test.change).want(200).object(), test.responsible, test.users...)
		w.wantPeople(w.do("provider", "GET", path, nil).want(200).object(), test.responsible, test.users...)
	}
}

// TestRobotStraggler has a user who lost the project and is on the account still.
func TestRobotStraggler(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{Users: w.uuids("ada", "bo"), ResponsibleUser: w.users["ada"]})
	w.sim.Revoke(w.users["ada"], w.project)
	w.wantPeople(w.do("provider", "GET", path, nil).want(200).object(), "ada", "ada", "bo")
	refusal := only("non_field_errors", "Users Ada Kask"+outsiders)
	whole := object{"resource": resourcePath(w.resource), "type": "cicd"}
	for _, caller := range []string{"provider", "staff"} {
		w.do(caller, "PATCH", path, object{}).want(400).wantBody(refusal)
		w.do(caller, "PATCH", path, object{"description": "x"}).want(400).wantBody(refusal)
		w.do(caller, "PUT", path, whole).want(400).wantBody(refusal)
		w.do(caller, "PATCH", path, object{"users": w.userList("ada")}).want(400).wantBody(refusal)
	}
	// The state actions do not look at people.
	w.do("provider", "POST", path+"set_state_erred/", nil).want(200)
	got := w.do("provider", "PATCH", path, object{"users": w.userList("bo"), "description": "x"}).want(200).object()
	wantFields(t, got, object{"description": "x"})
	// The responsible user is checked when sent.
	w.wantPeople(got, "ada", "bo")
	w.do("provider", "PATCH", path, object{"responsible_user": w.user("ada")}).want(400)
	w.do("provider", "PATCH", path, object{"description": "y"}).want(200)
}

// TestRobotMoveChecksPeople asks about the new resource.
func TestRobotMoveChecksPeople(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{Users: w.uuids("ada", "bo")})
	move := object{"resource": resourcePath(w.foreign)}
	w.do("provider", "PATCH", path, move).want(400).wantBody(only("non_field_errors", "Users Ada Kask"+outsiders))
	wantFields(t, w.stored(path), object{"resource": w.resource})
	move["users"] = w.userList("bo", "olga")
	w.wantPeople(w.do("staff", "PATCH", path, move).want(200).object(), "", "bo", "olga")
}

func withConsent(o *waldursim.Options) { o.ConsentRedaction = true }

// newRedacted has an account with ada, who has consented, and bo, who has not and
// is responsible.
func newRedacted(t *testing.T) (*robotWorld, string) {
	t.Helper()
	w := newRobots(t, withConsent)
	w.sim.AddSSHKey(w.users["ada"], "a", keyOne)
	w.sim.AddSSHKey(w.users["bo"], "b", keyTwo)
	w.sim.SetConsent(w.users["ada"], w.resource, true)
	return w, w.robot(waldursim.RobotAccount{Users: w.uuids("ada", "bo"), ResponsibleUser: w.users["bo"], State: "Requested"})
}

func TestRobotRedaction(t *testing.T) {
	for _, test := range []struct {
		caller string
		full   bool
	}{
		{"provider", false}, {"staff", true}, {"support", true}, {"ada", true}, {"bo", true}, {"owner", true},
	} {
		t.Run(test.caller, func(t *testing.T) {
			w, path := newRedacted(t)
			check := func(got object, details bool) {
				t.Helper()
				keys := 2
				if test.full {
					w.wantPeople(got, "bo", "ada", "bo")
				} else {
					keys = 1
					w.wantPeople(got, "", "ada")
				}
				if details && len(got["user_keys"].([]any)) != keys {
					t.Errorf("user_keys are %v", got["user_keys"])
				}
			}
			check(w.do(test.caller, "GET", path, nil).want(200).object(), true)
			check(w.do(test.caller, "GET", robots, nil).want(200).list()[0], true)
			if test.caller == "provider" || test.caller == "staff" {
				check(w.do(test.caller, "PATCH", path, object{"username": "x"}).want(200).object(), false)
				check(w.do(test.caller, "POST", path+"set_state_creating/", nil).want(200).object(), true)
			}
			wantSet(t, w.stored(path)["users"].([]string), w.uuids("ada", "bo")...)
			wantFields(t, w.stored(path), object{"responsible_user": w.users["bo"]})
		})
	}
}

func TestRobotRedactionEndsWithARoleOfTheConsumer(t *testing.T) {
	w, path := newRedacted(t)
	w.sim.Grant(w.users["provider"], waldursim.ProjectMember, w.project)
	w.wantPeople(w.do("provider", "GET", path, nil).want(200).object(), "bo", "ada", "bo")
	got := w.do("provider", "PATCH", path, object{"users": []string{}, "responsible_user": nil}).want(200).object()
	w.wantPeople(got, "")
	wantFields(t, w.stored(path), object{"users": []string{}, "responsible_user": nil})
}

func TestRobotCutListsDoNotRemoveTheHidden(t *testing.T) {
	tests := []struct {
		name, caller string
		change       func(w *robotWorld) object
		users        []string
		responsible  string
	}{
		{"what was read", "provider", func(w *robotWorld) object {
			return object{"users": w.userList("ada"), "responsible_user": nil}
		}, []string{"ada", "bo"}, "bo"},
		{"responsible as empty text", "provider", func(*robotWorld) object {
			return object{"responsible_user": ""}
		}, []string{"ada", "bo"}, "bo"},
		{"the visible one removed", "provider", func(*robotWorld) object {
			return object{"users": []string{}}
		}, []string{"bo"}, "bo"},
		{"the hidden one sent again", "provider", func(w *robotWorld) object {
			return object{"users": w.userList("ada", "bo"), "responsible_user": w.user("bo")}
		}, []string{"ada", "bo"}, "bo"},
		{"another responsible", "provider", func(w *robotWorld) object {
			return object{"responsible_user": w.user("ada")}
		}, []string{"ada", "bo"}, "ada"},
		{"staff removes the hidden", "staff", func(w *robotWorld) object {
			return object{"users": w.userList("ada"), "responsible_user": nil}
		}, []string{"ada"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w, path := newRedacted(t)
			w.do(test.caller, "PATCH", path, test.change(w)).want(200)
			w.sim.SetConsent(w.users["bo"], w.resource, true)
			w.wantPeople(w.do("provider", "GET", path, nil).want(200).object(), test.responsible, test.users...)
		})
	}
}

func TestRobotConsentOfTheNewlyLinked(t *testing.T) {
	w, path := newRedacted(t)
	const terms = " not accepted the Terms of Service for this offering."
	for _, caller := range []string{"provider", "staff"} {
		mia := object{"users": append(w.userList("ada", "bo"), w.user("member"))}
		w.do(caller, "PATCH", path, mia).want(400).wantBody(only("non_field_errors", "Users  have"+terms))
		w.do(caller, "PATCH", path, object{"responsible_user": w.user("owner")}).want(400).
			wantBody(only("non_field_errors", "The responsible user  has"+terms))
	}
	// Taking the consent back hides a user and leaves the link.
	w.sim.SetConsent(w.users["ada"], w.resource, false)
	w.wantPeople(w.do("provider", "GET", path, nil).want(200).object(), "")
	w.do("provider", "PATCH", path, object{"description": "x"}).want(200)
	wantSet(t, w.stored(path)["users"].([]string), w.uuids("ada", "bo")...)
}

func TestRobotConsentIsForAnOffering(t *testing.T) {
	w := newRobots(t, withConsent)
	twin := w.sim.AddResource(waldursim.Resource{
		Name: "twin", Project: w.project, Provider: w.provider, Offering: w.offeringOf(w.resource),
	})
	w.sim.SetConsent(w.users["ada"], twin, true)
	body := object{"resource": resourcePath(w.resource), "type": "cicd", "users": w.userList("ada")}
	w.do("provider", "POST", robots, body).want(201)
	body["resource"] = resourcePath(w.spare)
	w.do("provider", "POST", robots, body).want(400)
}

func (w *robotWorld) offeringOf(resource string) string {
	w.t.Helper()
	return w.do("staff", "GET", resourcePath(resource), nil).want(200).object()["offering_uuid"].(string)
}

func TestRobotConsentIsNotAskedByDefault(t *testing.T) {
	w := newRobots(t)
	w.sim.SetConsent(w.users["ada"], w.resource, false)
	body := object{
		"resource": resourcePath(w.resource), "type": "cicd",
		"users": w.userList("ada"), "responsible_user": w.user("ada"),
	}
	w.wantPeople(w.do("provider", "POST", robots, body).want(201).object(), "ada", "ada")
}
