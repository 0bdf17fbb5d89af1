package waldursim_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestSeededRobotAccount(t *testing.T) {
	w := newRobots(t)
	uuid := w.sim.AddRobotAccount(waldursim.RobotAccount{
		Resource: hyphened(w.resource), Type: "cicd", Username: "r1", Description: "d", Keys: []string{keyOne + "\n"},
		Users:           []string{hyphened(w.users["ada"]), w.users["otto"], w.users["ada"]},
		ResponsibleUser: hyphened(w.users["olga"]), State: "Requested deletion", ErrorMessage: "e", BackendID: "b",
	})
	got, ok := w.sim.RobotAccount(hyphened(uuid))
	if !ok {
		t.Fatal("it is not stored")
	}
	wantFields(t, got, object{
		"uuid": uuid, "resource": w.resource, "type": "cicd", "username": "r1", "description": "d",
		"keys": []string{keyOne + "\n"}, "responsible_user": w.users["olga"], "state": "Requested deletion",
		"error_message": "e", "error_traceback": "", "backend_id": "b",
		"created": "2026-03-02T08:15:30.481207+00:00", "modified": "2026-03-02T08:15:30.481207+00:00",
	})
	wantSet(t, got["users"].([]string), w.uuids("ada", "otto")...)
	wantNames(t, got, without(plainNames, "url", "fingerprints")...)
	least, _ := w.sim.RobotAccount(w.sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.spare, Type: "a"}))
	wantFields(t, least, object{"state": "OK", "users": []string{}, "keys": []string{}, "responsible_user": nil})
	for _, unknown := range []string{w.project, "nonsense", ""} {
		if _, ok := w.sim.RobotAccount(unknown); ok {
			t.Errorf("%q is stored", unknown)
		}
	}
}

func TestRobotRecordsAreCopies(t *testing.T) {
	w := newRobots(t)
	if left := w.sim.RobotAccounts(); len(left) != 0 {
		t.Errorf("a new server has %v", left)
	}
	first := w.robot(waldursim.RobotAccount{Users: w.uuids("ada"), Keys: []string{keyOne}})
	w.robot(waldursim.RobotAccount{Type: "two", State: "Deleted"})
	for _, record := range append(w.sim.RobotAccounts(), w.stored(first)) {
		if record["type"] == "cicd" {
			record["users"].([]string)[0], record["keys"].([]string)[0] = "x", "x"
		}
		record["type"] = "x"
	}
	wantFields(t, w.stored(first), object{"users": w.uuids("ada"), "keys": []string{keyOne}, "type": "cicd"})
	list := w.sim.RobotAccounts()
	wantStrings(t, []string{list[0]["type"].(string), list[1]["type"].(string)}, "cicd", "two")
}

func TestEditRobotAccount(t *testing.T) {
	w := newRobots(t)
	tests := []struct {
		field string
		value any
		want  object // in what the API says
	}{
		{"username", "r-later", object{"username": "r-later"}},
		{"description", "d", object{"description": "d"}},
		{"type", "later", object{"type": "later"}},
		{"state", "Creating", object{"state": "Creating"}},
		{"error_message", "e", object{"error_message": "e"}},
		{"error_traceback", "t", object{"error_traceback": "t"}},
		{"backend_id", "b", object{"backend_id": "b"}},
		{"resource", hyphened(w.spare), object{"resource_uuid": w.spare}},
		{"keys", []string{keyTwo}, object{"keys": []any{keyTwo}, "fingerprints": []any{printTwo}}},
		{"keys", []string{}, object{"keys": []any{}}},
		{"users", []string{}, object{"users": []any{}, "user_keys": []any{}}},
		{"responsible_user", nil, object{"responsible_user": nil}},
		{"responsible_user", "", object{"responsible_user": nil}},
	}
	for _, test := range tests {
		t.Run(test.field, func(t *testing.T) {
			w := w.in(t)
			uuid := w.sim.AddRobotAccount(waldursim.RobotAccount{
				Resource: w.resource, Type: "cicd", Keys: []string{keyOne}, Users: w.uuids("ada"), ResponsibleUser: w.users["ada"],
			})
			defer w.sim.RemoveRobotAccount(uuid)
			before, _ := w.sim.RobotAccount(uuid)
			w.anHourLater()
			w.sim.EditRobotAccount(hyphened(uuid), func(f map[string]any) { f[test.field] = test.value })
			read := w.do("staff", "GET", robots+uuid+"/", nil).want(200).object()
			wantFields(t, read, test.want)
			after, _ := w.sim.RobotAccount(uuid)
			if after["modified"] == before["modified"] || after["created"] != before["created"] {
				t.Errorf("created %v and modified %v", after["created"], after["modified"])
			}
			for name := range before {
				if name != test.field && name != "modified" {
					wantFields(t, after, object{name: before[name]})
				}
			}
		})
	}
	// Somebody from outside can be put on an account.
	path := w.robot(waldursim.RobotAccount{})
	w.sim.EditRobotAccount(w.stored(path)["uuid"].(string), func(f map[string]any) {
		f["users"], f["responsible_user"] = w.uuids("otto"), w.users["otto"]
	})
	w.wantPeople(w.do("provider", "GET", path, nil).want(200).object(), "otto", "otto")
	w.do("provider", "PATCH", path, object{}).want(400)
}

func TestRobotEditsThatCannotBePanic(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{Users: w.uuids("ada"), Keys: []string{keyOne}})
	w.robot(waldursim.RobotAccount{Type: "two"})
	before := w.stored(path)
	uuid := before["uuid"].(string)
	for field, values := range map[string][]any{
		"uuid":             {w.project},
		"created":          {"2026-01-01"},
		"modified":         {nil},
		"nonsense":         {"x"},
		"state":            {"Erred", 3, nil},
		"type":             {"two", "", "sixsix"},
		"username":         {strings.Repeat("x", 33), nil},
		"resource":         {w.project, "x", nil},
		"keys":             {[]string{"x"}, []any{keyOne}, nil},
		"users":            {w.users["ada"], []string{w.project}, []any{}, nil},
		"responsible_user": {w.project, 1},
	} {
		for _, value := range values {
			t.Run(field, func(t *testing.T) {
				wantPanic(t, func() { w.sim.EditRobotAccount(uuid, func(f map[string]any) { f[field] = value }) })
				wantFields(t, w.stored(path), before)
			})
		}
	}
	wantPanic(t, func() { w.sim.EditRobotAccount(uuid, func(f map[string]any) { delete(f, "keys") }) })
	wantPanic(t, func() { w.sim.EditRobotAccount(w.project, func(map[string]any) {}) })
}

func TestRobotSeedingMistakesPanic(t *testing.T) {
	w := newRobots(t)
	w.robot(waldursim.RobotAccount{State: "Deleted"})
	for name, seed := range map[string]waldursim.RobotAccount{
		"no resource":         {Type: "a"},
		"unknown resource":    {Type: "a", Resource: w.project},
		"no type":             {Resource: w.spare},
		"long type":           {Resource: w.spare, Type: "deploy"},
		"long username":       {Resource: w.spare, Type: "a", Username: strings.Repeat("x", 33)},
		"pair taken":          {Resource: w.resource, Type: "cicd"},
		"unknown state":       {Resource: w.spare, Type: "a", State: "Erred"},
		"unknown user":        {Resource: w.spare, Type: "a", Users: []string{w.project}},
		"unknown responsible": {Resource: w.spare, Type: "a", ResponsibleUser: w.project},
	} {
		t.Run(name, func(t *testing.T) {
			wantPanic(t, func() { w.sim.AddRobotAccount(seed) })
			if n := len(w.sim.RobotAccounts()); n != 1 {
				t.Errorf("%d accounts are stored", n)
			}
		})
	}
	wantPanic(t, func() { w.sim.RemoveRobotAccount(w.project) })
	wantPanic(t, func() { w.sim.SetConsent(w.users["ada"], w.project, true) })
	wantPanic(t, func() { w.sim.SetConsent(w.project, w.resource, true) })
	wantPanic(t, func() { w.sim.RemoveUserFromProject(w.users["otto"], w.project) })
	wantPanic(t, func() { w.sim.RemoveUserFromProject(w.users["bo"], w.customer) })
	w.do("bo", "GET", robots, nil).want(200)
}

func TestRemoveRobotAccount(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{BackendID: "b"})
	w.sim.RemoveRobotAccount(hyphened(w.stored(path)["uuid"].(string)))
	w.do("staff", "GET", path, nil).want(404).wantBody(robotMissing)
	w.robot(waldursim.RobotAccount{})
}

func TestRemoveUserFromProject(t *testing.T) {
	w := newRobots(t)
	w.sim.Grant(w.users["ada"], waldursim.ProjectManager, w.project)
	w.sim.Grant(w.users["ada"], waldursim.ProjectMember, w.otherProject)
	seed := func(resource string, users []string, responsible string) string {
		return w.robot(waldursim.RobotAccount{Resource: resource, Users: users, ResponsibleUser: responsible})
	}
	both := seed(w.resource, w.uuids("ada", "bo"), w.users["ada"])
	other := seed(w.spare, w.uuids("bo"), w.users["bo"])
	elsewhere := seed(w.foreign, w.uuids("ada"), w.users["ada"])
	untouched := []object{w.stored(other), w.stored(elsewhere)}
	w.anHourLater()
	w.sim.RemoveUserFromProject(hyphened(w.users["ada"]), hyphened(w.project))
	read := w.do("provider", "GET", both, nil).want(200).object()
	w.wantPeople(read, "", "bo")
	wantFields(t, read, object{"modified": hourLater})
	wantFields(t, w.stored(other), untouched[0])
	wantFields(t, w.stored(elsewhere), untouched[1])
	// The roles are gone, all of them and those on this project only.
	w.do("ada", "GET", both, nil).want(404)
	w.do("ada", "GET", elsewhere, nil).want(200)
	w.do("provider", "PATCH", both, object{"description": "x"}).want(200)
	// A role on the customer does not keep a user whose last role on the project goes.
	w.sim.Grant(w.users["bo"], waldursim.ProjectMember, w.project)
	w.sim.RemoveUserFromProject(w.users["bo"], w.project)
	w.wantPeople(w.do("provider", "GET", other, nil).want(200).object(), "")
}

func TestRobotAccountsGoWithTheirSurroundings(t *testing.T) {
	tests := []struct {
		name   string
		remove func(w *robotWorld)
		left   []string
	}{
		{"project", func(w *robotWorld) { w.sim.RemoveProject(w.project) }, []string{"there"}},
		{"customer", func(w *robotWorld) { w.sim.RemoveCustomer(w.customer) }, []string{}},
		{"provider", func(w *robotWorld) { w.sim.RemoveCustomer(w.rival) }, []string{"here"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newRobots(t)
			w.robot(waldursim.RobotAccount{Type: "here"})
			w.robot(waldursim.RobotAccount{Type: "there", Resource: w.foreign})
			test.remove(w)
			wantStrings(t, w.do("staff", "GET", robots, nil).want(200).column("type"), test.left...)
			for resource, kind := range map[string]string{w.resource: "here", w.foreign: "there"} {
				r := w.do("staff", "POST", robots, object{"resource": resourcePath(resource), "type": "new"})
				if len(test.left) == 1 && test.left[0] == kind {
					r.want(201)
				} else {
					r.want(400).wantBody(only("resource", noObject))
				}
			}
		})
	}
}

// TestRobotDroppedCreate finds the account of a lost answer by its pair.
func TestRobotDroppedCreate(t *testing.T) {
	w := newRobots(t)
	body := object{"resource": resourcePath(w.resource), "type": "cicd"}
	w.sim.Inject("marketplace_robot_accounts_create", simkit.Fault{Drop: simkit.DropAfter})
	_, err := w.try("provider", "POST", robots, body)
	wantDropped(t, err)
	w.do("provider", "POST", robots, body).want(400).wantBody(notUnique)
	found := w.do("provider", "GET", robots+"?resource_uuid="+w.resource+"&type=cicd", nil).want(200)
	wantStrings(t, found.column("state"), "OK")
	if got := w.sim.Count("marketplace_robot_accounts_create"); got != 2 {
		t.Errorf("%d creates in the record, want 2", got)
	}
}

func TestRobotConcurrentUse(t *testing.T) {
	w := newRobots(t)
	body := object{"resource": resourcePath(w.resource), "type": "cicd"}
	var group sync.WaitGroup
	statuses := make(chan int, 8)
	for range 8 {
		group.Go(func() {
			r, err := w.try("provider", "POST", robots, body)
			if err != nil {
				t.Error(err)
				return
			}
			statuses <- r.status
			for _, record := range w.sim.RobotAccounts() {
				w.sim.EditRobotAccount(record["uuid"].(string), func(f map[string]any) { f["username"] = "x" })
			}
			w.sim.AddSSHKey(w.users["ada"], "k", keyOne)
			w.sim.SetConsent(w.users["ada"], w.resource, true)
		})
	}
	group.Wait()
	close(statuses)
	made := 0
	for status := range statuses {
		if status == 201 {
			made++
		}
	}
	if made != 1 {
		t.Errorf("%d accounts were made, want 1", made)
	}
}
