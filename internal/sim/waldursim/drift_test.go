package waldursim_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestSeededAccount(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		// Neither the limit nor the mode stands in the way.
		w.sim.SetLimit(w.scope(k), waldursim.LimitOf(0))
		w.sim.SetBackend(waldursim.BackendOff)
		uuid, key := w.seed(k, waldursim.ServiceAccount{
			Scope: hyphened(w.scope(k)), Username: "chosen", PreferredIdentifier: "bot",
			Description: "by hand", Email: "hand@acme.example",
		})
		wantFields(t, w.do(k.manager, "GET", k.one(uuid), nil).want(200).object(), object{
			"uuid": uuid, "username": "chosen", "preferred_identifier": "bot", "description": "by hand",
			"email": "hand@acme.example", "state": "OK", "error_message": "", k.scope: w.scope(k), "token": nil,
		})
		wantStrings(t, w.sim.LiveKeys("chosen"), key)
		held, _ := w.sim.BackendAccount("chosen")
		wantFields(t, held, object{"email": "hand@acme.example", "description": "by hand", "closed": false})

		named, _ := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
		record, _ := w.sim.ServiceAccount(named)
		wantFields(t, record, object{"username": "svc-bot"})
		wantPanic(t, func() { w.seed(k, waldursim.ServiceAccount{Username: "chosen"}) })
	})
}

func TestStoredRecord(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		uuid, _ := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
		record, ok := w.sim.ServiceAccount(hyphened(uuid))
		if !ok {
			t.Fatal("not found")
		}
		wantNames(t, record, "uuid", "created", "modified", "username", "description", "email", "state",
			"error_message", "error_traceback", "preferred_identifier", k.scope)
		record["username"] = "changed"
		again, _ := w.sim.ServiceAccount(uuid)
		wantFields(t, again, object{"username": "svc-bot"})
		for _, unknown := range []string{w.customer, "nonsense", ""} {
			if _, ok := w.sim.ServiceAccount(unknown); ok {
				t.Errorf("%q was found", unknown)
			}
		}
	})
}

func TestStoredRecordsOfBothKinds(t *testing.T) {
	w := newWorld(t)
	if got := w.sim.ServiceAccounts(); len(got) != 0 {
		t.Errorf("records %v", got)
	}
	first, _ := w.seed(kinds[1], waldursim.ServiceAccount{PreferredIdentifier: "a"})
	second, _ := w.seed(kinds[0], waldursim.ServiceAccount{PreferredIdentifier: "b"})
	w.sim.RemoveServiceAccount(first)
	var got []string
	for _, record := range w.sim.ServiceAccounts() {
		got = append(got, record["uuid"].(string)+" "+record["state"].(string))
	}
	wantStrings(t, got, first+" Closed", second+" OK")
}

func TestEditServiceAccount(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot", Description: "old"})
		w.clock.advance(time.Minute)
		w.sim.EditServiceAccount(uuid, func(fields map[string]any) {
			wantFields(t, fields, object{"description": "old", "state": "OK", k.scope: w.scope(k)})
			fields["description"] = "edited"
			fields["email"] = ""
			fields["state"] = "Erred"
			fields["error_message"] = "by hand"
		})
		read := w.do(k.manager, "GET", k.one(uuid), nil).want(200).object()
		wantFields(t, read, object{
			"description": "edited", "email": "", "state": "Erred", "error_message": "by hand",
			"modified": "2026-03-02T08:16:30.481207+00:00", "created": "2026-03-02T08:15:30.481207+00:00",
		})
		// The account service is not told.
		held, _ := w.sim.BackendAccount("svc-bot")
		wantFields(t, held, object{"description": "old"})

		w.sim.EditServiceAccount(uuid, func(fields map[string]any) { fields[k.scope] = nil })
		w.do(k.manager, "GET", k.one(uuid), nil).want(404)
		w.sim.EditServiceAccount(uuid, func(fields map[string]any) { fields[k.scope] = hyphened(w.scope(k)) })
		w.do(k.manager, "GET", k.one(uuid), nil).want(200)

		w.sim.EditServiceAccount(uuid, func(fields map[string]any) { fields["state"] = "Closed" })
		w.do(k.manager, "GET", k.one(uuid), nil).want(404)
		if !w.sim.KeyAlive(key) {
			t.Error("the edit killed the key")
		}
	})
}

func TestEditsThatCannotBePanic(t *testing.T) {
	w := newWorld(t)
	uuid, _ := w.seed(kinds[0], waldursim.ServiceAccount{PreferredIdentifier: "bot"})
	for name, change := range map[string]func(map[string]any){
		"unknown field":  func(f map[string]any) { f["token"] = "x" },
		"removed field":  func(f map[string]any) { delete(f, "email") },
		"number":         func(f map[string]any) { f["description"] = 1 },
		"null text":      func(f map[string]any) { f["description"] = nil },
		"uuid":           func(f map[string]any) { f["uuid"] = w.project },
		"created":        func(f map[string]any) { f["created"] = "today" },
		"unknown state":  func(f map[string]any) { f["state"] = "ok" },
		"unknown scope":  func(f map[string]any) { f["customer"] = w.project },
		"scope as bytes": func(f map[string]any) { f["customer"] = 5 },
	} {
		t.Run(name, func(t *testing.T) { wantPanic(t, func() { w.sim.EditServiceAccount(uuid, change) }) })
	}
	wantPanic(t, func() { w.sim.EditServiceAccount(w.customer, func(map[string]any) {}) })
	wantPanic(t, func() { w.sim.EditServiceAccount("nonsense", func(map[string]any) {}) })
	// The lock is free again.
	w.do("owner", "GET", kinds[0].path, nil).want(200)
}

func TestRemoveServiceAccount(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
		// An armed failure is for requests and does not stop it.
		w.sim.FailBackend("close", waldursim.BackendFault{Status: 500})
		w.sim.RemoveServiceAccount(uuid)
		w.do("staff", "GET", k.one(uuid), nil).want(404)
		if w.sim.KeyAlive(key) {
			t.Error("the key lives")
		}
		record, _ := w.sim.ServiceAccount(uuid)
		wantFields(t, record, object{"state": "Closed"})
		wantPanic(t, func() { w.sim.RemoveServiceAccount(w.scope(k)) })
	})
}

func TestRemoveProject(t *testing.T) {
	w := newWorld(t)
	c, p := kinds[0], kinds[1]
	twin := w.sim.AddProject(waldursim.Project{Name: "Aerosols", Customer: w.customer})
	inside, insideKey := w.seed(p, waldursim.ServiceAccount{PreferredIdentifier: "in"})
	beside, besideKey := w.seed(p, waldursim.ServiceAccount{PreferredIdentifier: "beside", Scope: twin})
	above, aboveKey := w.seed(c, waldursim.ServiceAccount{PreferredIdentifier: "above"})
	w.sim.RemoveProject(w.project)

	w.do("staff", "GET", p.one(inside), nil).want(404)
	w.do("staff", "GET", p.one(beside), nil).want(200)
	w.do("staff", "GET", c.one(above), nil).want(200)
	if w.sim.KeyAlive(insideKey) || !w.sim.KeyAlive(besideKey) || !w.sim.KeyAlive(aboveKey) {
		t.Error("the wrong keys died")
	}
	w.do("staff", "GET", "/api/projects/"+w.project+"/", nil).want(404).
		wantBody(`{"detail": "No Project matches the given query."}`)
	wantStrings(t, w.do("staff", "GET", "/api/projects/?field=uuid", nil).want(200).column("uuid"), twin)
	// A role on a removed project shows nothing any more.
	wantStrings(t, w.do("manager", "GET", "/api/customers/?field=name", nil).want(200).column("name"))
	w.do("staff", "POST", p.path, object{"project": w.project, "preferred_identifier": "x"}).want(400).
		wantBody(`{"project": ["Object with uuid=` + w.project + ` does not exist."]}`)
	wantPanic(t, func() { w.sim.RemoveProject(w.project) })
	wantPanic(t, func() { w.sim.SetLimit(w.project, waldursim.Unlimited) })
	wantPanic(t, func() { w.sim.Grant(w.users["member"], waldursim.ProjectMember, w.project) })
}

func TestRemoveCustomer(t *testing.T) {
	w := newWorld(t)
	beta := w.sim.AddCustomer(waldursim.Customer{Name: "Beta"})
	other, otherKey := w.seed(kinds[0], waldursim.ServiceAccount{PreferredIdentifier: "other", Scope: beta})
	var uuids, keys []string
	for _, k := range kinds {
		uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: k.scope})
		uuids, keys = append(uuids, uuid), append(keys, key)
	}
	w.sim.RemoveCustomer(hyphened(w.customer))
	for i, k := range kinds {
		w.do("staff", "GET", k.one(uuids[i]), nil).want(404)
		record, _ := w.sim.ServiceAccount(uuids[i])
		wantFields(t, record, object{"state": "Closed", k.scope: w.scope(k)})
		if w.sim.KeyAlive(keys[i]) {
			t.Errorf("the key of the %s account lives", k.scope)
		}
	}
	w.do("staff", "GET", kinds[0].one(other), nil).want(200)
	if !w.sim.KeyAlive(otherKey) {
		t.Error("a key of another customer died")
	}
	w.do("staff", "GET", "/api/customers/"+w.customer+"/", nil).want(404)
	wantStrings(t, w.do("staff", "GET", "/api/customers/?field=uuid", nil).want(200).column("uuid"), beta)
	wantStrings(t, w.do("staff", "GET", "/api/projects/?field=uuid", nil).want(200).column("uuid"))
	wantStrings(t, w.do("owner", "GET", "/api/customers/?field=uuid", nil).want(200).column("uuid"))
	w.do("staff", "POST", kinds[0].path, object{"customer": w.customer, "preferred_identifier": "x"}).want(400)
	wantPanic(t, func() { w.sim.RemoveCustomer(w.customer) })
}

func TestSeedingMistakesPanic(t *testing.T) {
	w := newWorld(t)
	unknown := strings.Repeat("0", 32)
	for name, run := range map[string]func(){
		"project of nobody":       func() { w.sim.AddProject(waldursim.Project{Name: "x"}) },
		"project of a project":    func() { w.sim.AddProject(waldursim.Project{Name: "x", Customer: w.project}) },
		"resource of nobody":      func() { w.sim.AddResource(waldursim.Resource{Name: "x"}) },
		"unknown provider":        func() { w.sim.AddResource(waldursim.Resource{Project: w.project, Provider: unknown}) },
		"malformed offering":      func() { w.sim.AddResource(waldursim.Resource{Project: w.project, Offering: "x"}) },
		"account of nobody":       func() { w.sim.AddCustomerServiceAccount(waldursim.ServiceAccount{}) },
		"account in wrong scope":  func() { w.sim.AddCustomerServiceAccount(waldursim.ServiceAccount{Scope: w.project}) },
		"customer role elsewhere": func() { w.sim.Grant(w.users["stranger"], waldursim.CustomerOwner, w.project) },
		"project role elsewhere":  func() { w.sim.Grant(w.users["stranger"], waldursim.ProjectMember, w.customer) },
		"unknown role":            func() { w.sim.Grant(w.users["stranger"], "boss", w.customer) },
		"role of nobody":          func() { w.sim.Grant(unknown, waldursim.CustomerOwner, w.customer) },
		"no role to revoke":       func() { w.sim.Revoke(w.users["stranger"], w.customer) },
		"token of nobody":         func() { w.sim.AddPersonalAccessToken(unknown) },
		"limit of nothing":        func() { w.sim.SetLimit(unknown, waldursim.Unlimited) },
	} {
		t.Run(name, func(t *testing.T) { wantPanic(t, run) })
	}
}

func TestGrantAndRevoke(t *testing.T) {
	w := newWorld(t)
	names := func() []string {
		return w.do("stranger", "GET", "/api/projects/?field=name", nil).want(200).column("name")
	}
	w.sim.Grant(hyphened(w.users["stranger"]), waldursim.ProjectMember, hyphened(w.project))
	w.sim.Grant(w.users["stranger"], waldursim.ProjectManager, w.project)
	if got := names(); !slices.Equal(got, []string{"Climate models"}) {
		t.Errorf("projects %v", got)
	}
	w.do("stranger", "POST", kinds[1].path, object{"project": w.project, "preferred_identifier": "bot"}).want(201)
	// All roles on the scope go, and those of others stay.
	w.sim.Revoke(w.users["stranger"], w.project)
	if got := names(); len(got) != 0 {
		t.Errorf("projects %v", got)
	}
	w.do("manager", "GET", "/api/projects/"+w.project+"/", nil).want(200)
}

func TestLimits(t *testing.T) {
	w := newWorld(t)
	for name, test := range map[string]struct {
		limit waldursim.Limit
		want  any
	}{
		"zero value": {waldursim.Limit{}, 0.0},
		"of three":   {waldursim.LimitOf(3), 3.0},
		"unlimited":  {waldursim.Unlimited, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			w.sim.SetLimit(hyphened(w.customer), test.limit)
			w.sim.SetLimit(w.project, test.limit)
			for _, path := range []string{"/api/customers/" + w.customer + "/", "/api/projects/" + w.project + "/"} {
				wantFields(t, w.do("staff", "GET", path, nil).want(200).object(), object{"max_service_accounts": test.want})
			}
		})
	}
}
