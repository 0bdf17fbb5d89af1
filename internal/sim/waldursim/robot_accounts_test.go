package waldursim_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

var plainNames = []string{
	"url", "uuid", "created", "modified", "username", "description", "error_message", "error_traceback", "state",
	"resource", "type", "users", "keys", "backend_id", "fingerprints", "responsible_user",
}

var detailNames = append([]string{
	"user_keys", "resource_name", "resource_uuid", "project_name", "project_uuid", "customer_name", "customer_uuid",
	"provider_name", "provider_uuid", "offering_plugin_options",
}, plainNames...)

func TestRobotCreate(t *testing.T) {
	w := newRobots(t)
	r := w.do("provider", "POST", robots, object{
		"resource": w.server.URL + resourcePath(w.resource), "type": "cicd", "username": "r-deploy",
		"description": "Deploys", "users": w.userList("ada", "bo", "ada"), "keys": []string{keyTwo, keyOne, keyTwo},
		"responsible_user": w.user("bo"),
	}).want(201)
	made := r.object()
	wantNames(t, made, plainNames...)
	wantFields(t, made, object{
		"url":     w.server.URL + robots + made["uuid"].(string) + "/",
		"created": "2026-03-02T08:15:30.481207+00:00", "modified": "2026-03-02T08:15:30.481207+00:00",
		"username": "r-deploy", "description": "Deploys", "error_message": "", "error_traceback": "", "state": "OK",
		"resource": w.server.URL + resourcePath(w.resource), "type": "cicd", "backend_id": "",
		// Keys keep their order and repetitions, users are a set.
		"keys":         []any{keyTwo, keyOne, keyTwo},
		"fingerprints": []any{printTwo, printOne, printTwo},
	})
	w.wantPeople(made, "bo", "ada", "bo")
	wantMatch(t, made["uuid"], "[0-9a-f]{32}")
	if got := r.header.Get("Location"); got != made["url"] {
		t.Errorf("Location %q, want the url", got)
	}
}

func TestRobotDefaults(t *testing.T) {
	w := newRobots(t)
	made := w.do("provider", "POST", robots, object{"resource": resourcePath(w.resource), "type": "a"}).want(201).object()
	wantFields(t, made, object{
		"username": "", "description": "", "users": []any{}, "keys": []any{}, "fingerprints": []any{},
		"responsible_user": nil, "state": "OK", "backend_id": "",
	})
	read := w.do("provider", "GET", robots+made["uuid"].(string)+"/", nil).want(200).object()
	wantFields(t, read, object{
		"users": []any{}, "keys": []any{}, "fingerprints": []any{}, "responsible_user": nil, "user_keys": []any{},
	})
}

func TestRobotDetails(t *testing.T) {
	w := newRobots(t)
	key := w.sim.AddSSHKey(w.users["ada"], "laptop", keyOne)
	second := w.sim.AddSSHKey(w.users["ada"], "desk", keyTwo)
	w.sim.AddSSHKey(w.users["bo"], "not linked, only responsible", keyThree)
	path := w.robot(waldursim.RobotAccount{
		Users: w.uuids("ada"), ResponsibleUser: w.users["bo"], Keys: []string{keyOne}, Username: "r1",
		Description: "d", ErrorMessage: "e", BackendID: "b", State: "Creating",
	})
	person := func(name, username, fullName, email string) object {
		return object{
			"url": w.user(name), "uuid": w.users[name], "username": username, "full_name": fullName,
			"native_name": "", "email": email, "image": nil,
		}
	}
	userKey := func(uuid, name, text, kind string, digests object) object {
		return object{
			"url": w.server.URL + "/api/keys/" + uuid + "/", "uuid": uuid, "name": name, "public_key": text,
			"fingerprint_md5": digests["md5"], "fingerprint_sha256": digests["sha256"],
			"fingerprint_sha512": digests["sha512"], "user_uuid": w.users["ada"], "is_shared": false, "type": kind,
		}
	}
	want := object{
		"url": w.server.URL + path, "uuid": w.stored(path)["uuid"], "state": "Creating",
		"created": "2026-03-02T08:15:30.481207+00:00", "modified": "2026-03-02T08:15:30.481207+00:00",
		"username": "r1", "description": "d", "error_message": "e", "error_traceback": "", "backend_id": "b",
		"resource": w.server.URL + resourcePath(w.resource), "type": "cicd",
		"users":            []any{person("ada", "ada", "Ada Kask", "Ada@acme.example")},
		"responsible_user": person("bo", "bo", "Bo Tamm", "bo@acme.example"),
		"keys":             []any{keyOne}, "fingerprints": []any{printOne},
		"user_keys": []any{
			userKey(key, "laptop", keyOne, "ssh-ed25519", printOne),
			userKey(second, "desk", keyTwo, "ecdsa-sha2-nistp256", printTwo),
		},
		"resource_name": "allocation", "resource_uuid": w.resource,
		"project_name": "Climate models", "project_uuid": w.project,
		"customer_name": "ACME Research", "customer_uuid": w.customer,
		"provider_name": "Nordic HPC", "provider_uuid": w.provider, "offering_plugin_options": object{},
	}
	for _, caller := range []string{"provider", "staff", "ada"} {
		for _, got := range []object{
			w.do(caller, "GET", path, nil).want(200).object(),
			w.do(caller, "GET", robots, nil).want(200).list()[0],
		} {
			wantFields(t, got, want)
			wantNames(t, got, detailNames...)
		}
	}
	moved := w.do("provider", "POST", path+"set_state_ok/", nil).want(200).object()
	want["state"] = "OK"
	wantFields(t, moved, want)
	wantNames(t, moved, detailNames...)
}

// Writes answer with links where reads answer with objects.
func TestRobotFormsOfWrites(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{Users: w.uuids("ada"), ResponsibleUser: w.users["bo"]})
	whole := object{"resource": resourcePath(w.resource), "type": "cicd"}
	for method, body := range map[string]object{"PUT": whole, "PATCH": {}} {
		got := w.do("provider", method, path, body).want(200).object()
		wantNames(t, got, plainNames...)
		wantFields(t, got, object{"users": []any{w.user("ada")}, "responsible_user": w.user("bo")})
	}
}

func TestRobotProjection(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{State: "Requested"})
	w.robot(waldursim.RobotAccount{Type: "sync", State: "Error"})
	const query = "?field=state&field=type&field=nonsense"
	w.do("provider", "GET", robots+query, nil).want(200).
		wantBody(`[{"state": "Requested", "type": "cicd"}, {"state": "Error", "type": "sync"}]`)
	w.do("provider", "GET", path+query, nil).want(200).wantBody(`{"state": "Requested", "type": "cicd"}`)
	w.do("provider", "POST", path+"set_state_creating/"+query, nil).want(200).
		wantBody(`{"state": "Creating", "type": "cicd"}`)
	for _, r := range []reply{
		w.do("provider", "GET", path+"?field=nonsense", nil),
		w.do("provider", "POST", path+"set_state_ok/?field=nonsense", nil),
	} {
		wantNames(t, r.want(200).object(), detailNames...)
	}
	// Writes do not project.
	wantNames(t, w.do("provider", "PATCH", path+query, object{}).want(200).object(), plainNames...)
	// There is no ordering: any value of the parameter is ignored.
	for _, order := range []string{"-type", "nonsense"} {
		wantStrings(t, w.do("provider", "GET", robots+"?o="+order, nil).want(200).column("type"), "cicd", "sync")
	}
}

func TestRobotPaging(t *testing.T) {
	w := newRobots(t)
	for i := range 12 {
		w.robot(waldursim.RobotAccount{Type: "t" + string(rune('a'+i))})
	}
	got := w.do("provider", "GET", robots, nil).want(200)
	if len(got.list()) != 10 || got.header.Get("X-Result-Count") != "12" {
		t.Errorf("%d rows of %s", len(got.list()), got.header.Get("X-Result-Count"))
	}
	wantStrings(t, w.do("provider", "GET", robots+"?page=2", nil).want(200).column("type"), "tk", "tl")
	head := w.do("provider", "HEAD", robots, nil).want(200)
	for _, name := range []string{"X-Result-Count", "Link", "Allow"} {
		if head.header.Get(name) != got.header.Get(name) || head.header.Get(name) == "" {
			t.Errorf("%s is %q with HEAD, %q with GET", name, head.header.Get(name), got.header.Get(name))
		}
	}
	if head.body != "" {
		t.Errorf("body %q", head.body)
	}
	w.do("provider", "GET", robots+"?page=3", nil).want(404).wantBody(`{"detail": "Invalid page."}`)
}

func TestRobotUUIDForms(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{})
	uuid := strings.TrimSuffix(strings.TrimPrefix(path, robots), "/")
	for _, form := range []string{hyphened(uuid), strings.ToUpper(uuid)} {
		wantFields(t, w.do("provider", "GET", robots+form+"/", nil).want(200).object(), object{"uuid": uuid})
		wantFields(t, w.do("provider", "PATCH", robots+form+"/", object{}).want(200).object(), object{"uuid": uuid})
	}
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		w.do("staff", method, robots+w.project+"/", nil).want(404).wantBody(robotMissing)
		w.do("staff", method, robots+"nonsense/", nil).want(404).wantBody(`{"detail": "Not found."}`)
	}
	w.do("staff", "POST", robots+w.project+"/set_state_ok/", nil).want(404).wantBody(robotMissing)
	w.do("staff", "POST", robots+"nonsense/set_state_ok/", nil).want(404).wantBody(`{"detail": "Not found."}`)
}

func TestRobotPathsAndMethods(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{})
	for _, test := range []struct{ method, path, allow string }{
		{"DELETE", robots, "GET, HEAD, POST"},
		{"POST", path, "DELETE, GET, HEAD, PATCH, PUT"},
		{"GET", path + "set_state_erred/", "POST"},
	} {
		r := w.do("staff", test.method, test.path, nil).want(405)
		if got := r.header.Get("Allow"); got != test.allow {
			t.Errorf("Allow %q, want %q", got, test.allow)
		}
		w.do("", test.method, test.path, nil).want(401).wantBody(missingBody)
		w.do("staff", test.method, strings.TrimSuffix(test.path, "/"), nil).want(301)
	}
	w.do("staff", "POST", path+"set_state_requested/", nil).wantHTML(404)
	w.do("staff", "POST", path+"rotate_api_key/", nil).wantHTML(404)
}

func TestRobotDelete(t *testing.T) {
	for _, state := range []string{"Requested", "Creating", "OK", "Requested deletion", "Deleted", "Error"} {
		t.Run(state, func(t *testing.T) {
			w := newRobots(t)
			path := w.robot(waldursim.RobotAccount{State: state})
			kept := w.robot(waldursim.RobotAccount{Type: "kept"})
			if r := w.do("provider", "DELETE", path, nil).want(204); r.body != "" {
				t.Errorf("body %q", r.body)
			}
			for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
				w.do("staff", method, path, nil).want(404).wantBody(robotMissing)
			}
			wantStrings(t, w.do("staff", "GET", robots, nil).want(200).column("url"), w.server.URL+kept)
			if left := w.sim.RobotAccounts(); len(left) != 1 {
				t.Errorf("stored are %v", left)
			}
			// The pair is free again.
			w.do("provider", "POST", robots, object{"resource": resourcePath(w.resource), "type": "cicd"}).want(201)
		})
	}
}

func TestRobotReadsAgreeWithTheRecord(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{Users: w.uuids("bo", "ada"), Keys: []string{keyOne}, Description: "d"})
	read, record := w.do("provider", "GET", path, nil).want(200).object(), w.stored(path)
	for name, value := range record {
		switch name {
		case "users", "keys", "resource":
		default:
			if !reflect.DeepEqual(read[name], value) {
				t.Errorf("%s is read as %v and stored as %v", name, read[name], value)
			}
		}
	}
	wantSet(t, record["users"].([]string), w.uuids("ada", "bo")...)
}
