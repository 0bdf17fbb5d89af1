package waldursim_test

import (
	"slices"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// TestRobotForms has a create and everything that later responses say of the account.
func TestRobotForms(t *testing.T) {
	w := newWorld(t)
	w.sim.AddSSHKey(w.users["ada"], "laptop", keyTwo)
	w.sim.AddSSHKey(w.users["bo"], "not linked, only responsible", keyOne)
	r := w.do("provider", "POST", robots, object{
		"resource": resourcePath(w.resource), "type": "cicd", "username": "r-deploy", "description": "Deploys",
		"users": w.links("ada", "ada"), "keys": []string{keyTwo, keyOne, keyTwo}, "responsible_user": w.user("bo"),
	}).Want(201)
	plain := r.Object()
	uuid := plain["uuid"].(string)
	want := object{
		"url": w.URL + robots + uuid + "/", "uuid": uuid, "created": made, "modified": made,
		"username": "r-deploy", "description": "Deploys", "error_message": "", "error_traceback": "", "state": "OK",
		"resource": w.URL + resourcePath(w.resource), "type": "cicd", "backend_id": "",
		// Keys keep their order and repetitions, users are a set.
		"keys": []any{keyTwo, keyOne, keyTwo}, "fingerprints": []any{printTwo, printOne, printTwo},
		"users": []any{w.user("ada")}, "responsible_user": w.user("bo"),
	}
	simtest.Equal(t, "create", plain, want)
	simtest.Equal(t, "Location", r.Header.Get("Location"), w.URL+robots+uuid+"/")
	path := robots + uuid + "/"
	simtest.Equal(t, "PATCH", w.do("provider", "PATCH", path, object{}).Want(200).Object(), want)

	person := func(name, fullName, email string) object {
		return object{
			"url": w.user(name), "uuid": w.users[name], "username": name, "full_name": fullName,
			"native_name": "", "email": email, "image": nil,
		}
	}
	details := w.do("provider", "GET", path, nil).Want(200).Object()
	userKey := details["user_keys"].([]any)[0].(object)
	for name, value := range (object{
		"users":            []any{person("ada", "Ada Kask", "Ada@acme.example")},
		"responsible_user": person("bo", "Bo Tamm", "bo@acme.example"),
		"user_keys": []any{object{
			"url": w.URL + "/api/keys/" + userKey["uuid"].(string) + "/", "uuid": userKey["uuid"], "name": "laptop",
			"public_key": keyTwo, "fingerprint_md5": printTwo["md5"], "fingerprint_sha256": printTwo["sha256"],
			"fingerprint_sha512": printTwo["sha512"], "user_uuid": w.users["ada"], "is_shared": false,
			"type": "ecdsa-sha2-nistp256",
		}},
		"resource_name": "allocation", "resource_uuid": w.resource,
		"project_name": "Climate models", "project_uuid": w.project,
		"customer_name": "ACME Research", "customer_uuid": w.customer,
		"provider_name": "Nordic HPC", "provider_uuid": w.provider, "offering_plugin_options": object{},
	}) {
		want[name] = value
	}
	simtest.Equal(t, "read", details, want)
	simtest.Equal(t, "list", w.do("ada", "GET", robots, nil).Want(200).List(), []object{want})
	want["state"] = "Error"
	simtest.Equal(t, "action", w.do("provider", "POST", path+"set_state_erred/", nil).Want(200).Object(), want)
	w.do("provider", "POST", robots, w.robotBody(object{"type": "a"})).Want(201).WantFields(object{
		"username": "", "description": "", "users": []any{}, "keys": []any{}, "fingerprints": []any{},
		"responsible_user": nil,
	})
}

// TestOldRobotForms are those of October 2024.
func TestOldRobotForms(t *testing.T) {
	w := newWorld(t, old)
	later := []string{"state", "description", "error_message", "error_traceback", "provider_uuid", "provider_name"}
	r := w.do("provider", "POST", robots, w.robotBody(object{"description": 1})).Want(201).
		WantFields(object{"created": "2026-03-02T08:15:30.481207Z"})
	path := robots + r.Object()["uuid"].(string) + "/"
	details := w.do("provider", "GET", path, nil).Want(200).WantFields(object{"offering_customer_uuid": w.provider})
	for _, name := range later {
		for _, got := range []object{r.Object(), details.Object()} {
			if _, ok := got[name]; ok {
				t.Errorf("%s is there", name)
			}
		}
	}
	w.do("staff", "POST", path+"set_state_erred/", nil).Want(404)
	for _, k := range kinds {
		wantHTML(w.do("staff", "GET", k.path, nil).Want(404))
	}
	simtest.Equal(t, "row", w.do("provider", "GET", robots+"?field=uuid&state=5", nil).See("0.type"), "200 cicd")
}

func TestRobotRights(t *testing.T) {
	type right struct{ read, write, create int }
	all, sees, none := right{200, 200, 201}, right{200, 403, 403}, right{404, 404, 403}
	for _, test := range []struct {
		caller string
		role   waldursim.Role
		on     func(w *world) string
		want   right
	}{
		{caller: "staff", want: all},
		{caller: "support", want: sees},
		{caller: "provider", want: all},
		{caller: "rival", want: none},
		{caller: "owner", want: sees},
		{caller: "reader", want: sees},
		{caller: "manager", want: sees},
		{caller: "member", want: sees},
		{caller: "olga", want: none},
		{caller: "zed", want: none},
		{"zed", waldursim.CustomerOwner, func(w *world) string { return w.provider }, sees},
		{"zed", waldursim.ProviderOwner, func(w *world) string { return w.customer }, sees},
		{"support", waldursim.ProviderOwner, func(w *world) string { return w.provider }, all},
	} {
		t.Run(test.caller+" "+string(test.role), func(t *testing.T) {
			w := newWorld(t)
			if test.on != nil {
				w.sim.Grant(w.users[test.caller], test.role, test.on(w))
			}
			path := w.robot(waldursim.RobotAccount{State: "Requested"})
			rows := len(w.do(test.caller, "GET", robots, nil).Want(200).List())
			simtest.Equal(t, "rows", rows, map[int]int{200: 1, 404: 0}[test.want.read])
			w.do(test.caller, "GET", path, nil).Want(test.want.read)
			w.do(test.caller, "POST", robots, w.robotBody(object{"type": "new"})).Want(test.want.create)
			w.do(test.caller, "PUT", path, w.robotBody(nil)).Want(test.want.write)
			w.do(test.caller, "PATCH", path, object{}).Want(test.want.write)
			w.do(test.caller, "POST", path+"set_state_creating/", nil).Want(test.want.write)
			deleted := w.do(test.caller, "DELETE", path, nil)
			switch test.want {
			case all:
				deleted.Want(204)
			case sees:
				deleted.Want(403).WantBody(forbidden)
			case none:
				deleted.Want(404).WantBody(missing("RobotAccount"))
			}
		})
	}
}

var robotStates = []string{"Requested", "Creating", "OK", "Requested deletion", "Deleted", "Error"}

func TestRobotTransitions(t *testing.T) {
	for action, move := range map[string]struct{ from, to string }{
		"set_state_creating":         {"Requested", "Creating"},
		"set_state_ok":               {"Creating", "OK"},
		"set_state_erred":            {"OK", "Error"},
		"set_state_request_deletion": {"OK", "Requested deletion"},
		"set_state_deleted":          {"Requested deletion", "Deleted"},
	} {
		t.Run(action, func(t *testing.T) {
			w := newWorld(t)
			for _, from := range robotStates {
				path := w.robot(waldursim.RobotAccount{State: from, ErrorMessage: "former"})
				r := w.do("provider", "POST", path+action+"/", nil)
				if from == move.from {
					r.Want(200).WantFields(object{"state": move.to, "error_message": "former"})
				} else {
					r.Want(409).WantBody(`{"detail": "Valid states for operation: ` + move.from + `."}`)
					simtest.Equal(t, "state", w.storedRobot(path).State, from)
				}
				// An account is deleted in any state, for good.
				w.do("provider", "DELETE", path, nil).Want(204)
				w.do("staff", "GET", path, nil).Want(404).WantBody(missing("RobotAccount"))
			}
			simtest.Equal(t, "accounts", len(w.sim.RobotAccounts()), 0)
		})
	}
}

func TestRobotErrorMessage(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct {
		body  any
		want  string
		fault string
	}{
		{object{"error_message": " quota\n"}, "quota", ""},
		{nil, "former", ""},
		{object{"state": "OK"}, "former", ""},
		{object{"error_message": " "}, "former", isBlank},
		{object{"error_message": nil}, "former", isNull},
	} {
		path := w.robot(waldursim.RobotAccount{ErrorMessage: "former"})
		if r := w.do("provider", "POST", path+"set_state_erred/", test.body); test.fault == "" {
			r.Want(200)
		} else {
			r.Want(400).WantBody(only("error_message", test.fault))
		}
		stored := w.storedRobot(path)
		simtest.Equal(t, "message", stored.ErrorMessage, test.want)
		simtest.Equal(t, "in Error", stored.State == "Error", test.fault == "")
		w.sim.RemoveRobotAccount(stored.UUID)
	}
	// The state is checked before the body, and no other action reads a body.
	path := w.robot(waldursim.RobotAccount{State: "Creating"})
	w.do("provider", "POST", path+"set_state_erred/", object{"error_message": ""}).Want(409)
	w.do("provider", "POST", path+"set_state_ok/", "{").Want(200)
}

func TestLeaveRequested(t *testing.T) {
	w := newWorld(t, func(o *waldursim.Options) { o.LeaveRequested = true })
	w.do("provider", "POST", robots, w.robotBody(nil)).Want(201).WantFields(object{"state": "Requested"})
}

// newRedacted has an account with ada, who has consented, and bo, who has not and is responsible.
func newRedacted(t *testing.T) (*world, string) {
	t.Helper()
	w := newWorld(t, withConsent)
	w.sim.AddSSHKey(w.users["bo"], "b", keyTwo)
	w.sim.SetConsent(w.users["ada"], w.resource, true)
	return w, w.robot(waldursim.RobotAccount{Users: w.uuids("ada", "bo"), ResponsibleUser: w.users["bo"]})
}

func TestRobotRedaction(t *testing.T) {
	for caller, full := range map[string]bool{
		"provider": false, "staff": true, "support": true, "ada": true, "owner": true,
	} {
		t.Run(caller, func(t *testing.T) {
			w, path := newRedacted(t)
			read := w.do(caller, "GET", path, nil).Want(200).Object()
			var shown []string
			for _, user := range read["users"].([]any) {
				shown = append(shown, user.(object)["uuid"].(string))
			}
			want := map[bool][]string{true: w.uuids("ada", "bo"), false: w.uuids("ada")}[full]
			simtest.Equal(t, "users", shown, want)
			simtest.Equal(t, "responsible user", read["responsible_user"] != nil, full)
			simtest.Equal(t, "keys of users", len(read["user_keys"].([]any)) == 1, full)
			listed := w.do(caller, "GET", robots, nil).Want(200).List()[0]
			simtest.Equal(t, "list", listed, read)
			if !full {
				w.do(caller, "PATCH", path, object{}).Want(200).
					WantFields(object{"users": w.links("ada"), "responsible_user": nil})
			}
			simtest.Equal(t, "stored", slices.Clone(w.storedRobot(path).Users), w.uuids("ada", "bo"))
		})
	}
}
