package waldursim_test

import (
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

const (
	required  = "This field is required."
	isNull    = "This field may not be null."
	isBlank   = "This field may not be blank."
	noText    = "Not a valid string."
	noMatch   = "Invalid hyperlink - No URL match."
	badMatch  = "Invalid hyperlink - Incorrect URL match."
	noObject  = "Invalid hyperlink - Object does not exist."
	noKey     = "Invalid SSH public key."
	outsiders = " should belong to the same project or organization as the resource."
)

func notList(kind string) string { return `Expected a list of items but got type \"` + kind + `\".` }

func TestRobotFieldChecks(t *testing.T) {
	nowhere := strings.Repeat("0", 32)
	tests := []struct {
		name, field string
		value       any
		want        string // text of the fault; empty is success
	}{
		{"username of 32", "username", strings.Repeat("õ", 32), ""},
		{"username of 33", "username", strings.Repeat("õ", 33), "Ensure this field has no more than 32 characters."},
		{"username blank", "username", "", ""},
		{"username null", "username", nil, isNull},
		{"username list", "username", []string{"a"}, noText},
		{"description long", "description", strings.Repeat("text ", 1000), ""},
		{"description null", "description", nil, isNull},
		{"type of 5", "type", "õõõõõ", ""},
		{"type of 6", "type", "deploy", "Ensure this field has no more than 5 characters."},
		{"type trimmed", "type", " cicd5\n", ""},
		{"type blank", "type", " ", isBlank},
		{"type null", "type", nil, isNull},
		{"type number", "type", 12, ""},
		{"type true", "type", true, noText},
		{"resource null", "resource", nil, isNull},
		{"resource empty", "resource", "", isNull},
		{"resource number", "resource", 7, "Incorrect type. Expected URL string, received int."},
		{"resource list", "resource", []string{}, "Incorrect type. Expected URL string, received list."},
		{"resource bare", "resource", nowhere, noMatch},
		{"resource without a slash", "resource", strings.TrimSuffix(resourcePath(nowhere), "/"), noMatch},
		{"resource at no address", "resource", "http://%zz/", noMatch},
		{"resource of another scheme", "resource", "ftp://h" + resourcePath(nowhere), noMatch},
		{"resource of the provider", "resource", "/api/marketplace-provider-resources/" + nowhere + "/", badMatch},
		{"resource is a user", "resource", "https://h/api/users/" + nowhere + "/", badMatch},
		{"resource is a list", "resource", "/api/marketplace-resources/", badMatch},
		{"resource unknown", "resource", resourcePath(nowhere), noObject},
		{"resource with no UUID", "resource", resourcePath("abc"), noObject},
		{"users text", "users", "ada", notList("str")},
		{"users object", "users", object{}, notList("dict")},
		{"users number", "users", 1.5, notList("float")},
		{"users null", "users", nil, isNull},
		{"users with a bare UUID", "users", []string{nowhere}, noMatch},
		{"users with another kind", "users", []string{resourcePath(nowhere)}, badMatch},
		{"users with the caller's path", "users", []string{"/api/users/me/"}, badMatch},
		{"users with nobody", "users", []string{"/api/users/" + nowhere + "/"}, noObject},
		{"users with null", "users", []any{nil}, "Incorrect type. Expected URL string, received NoneType."},
		{"users stop at the first", "users", []any{nowhere, 1}, noMatch},
		{"responsible null", "responsible_user", nil, ""},
		{"responsible empty", "responsible_user", "", ""},
		{"responsible bare", "responsible_user", nowhere, noMatch},
		{"responsible of another kind", "responsible_user", resourcePath(nowhere), badMatch},
		{"responsible unknown", "responsible_user", "/api/users/" + nowhere + "/", noObject},
		{"keys text", "keys", keyOne, notList("str")},
		{"keys true", "keys", true, notList("bool")},
		{"keys null", "keys", nil, isNull},
		{"keys bad", "keys", []string{keyOne, "nonsense"}, noKey},
		{"keys number", "keys", []any{12}, noKey},
	}
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{Type: "old"})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := w.in(t)
			body := object{"resource": resourcePath(w.spare), "type": "new"}
			body[test.field] = test.value
			made := w.do("provider", "POST", robots, body)
			changed := w.do("provider", "PATCH", path, object{test.field: test.value})
			if test.want != "" {
				made.want(400).wantBody(only(test.field, test.want))
				changed.want(400).wantBody(only(test.field, test.want))
				return
			}
			w.do("provider", "DELETE", robots+made.want(201).object()["uuid"].(string)+"/", nil).want(204)
			changed.want(200)
		})
	}
}

func TestRobotFaultyFieldsAreReportedTogether(t *testing.T) {
	w := newRobots(t)
	missing := `{"resource": ["` + required + `"], "type": ["` + required + `"]}`
	w.do("provider", "POST", robots, object{"username": "x"}).want(400).wantBody(missing)
	w.do("provider", "POST", robots, nil).want(400).wantBody(missing)
	path := w.robot(waldursim.RobotAccount{})
	w.do("provider", "PUT", path, object{"username": "x"}).want(400).wantBody(missing)
	w.do("provider", "POST", robots, object{
		"resource": "x", "users": []string{"/api/users/me/"}, "keys": []any{keyOne, "", true},
		"responsible_user": 1, "username": nil,
	}).want(400).wantBody(`{"resource": ["` + noMatch + `"], "type": ["` + required + `"], "users": ["` + badMatch + `"],
		"keys": {"1": ["` + isBlank + `"], "2": ["` + noText + `"]}, "username": ["` + isNull + `"],
		"responsible_user": ["Incorrect type. Expected URL string, received int."]}`)
	w.do("provider", "POST", robots, "[]").want(400).
		wantBody(`{"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}`)
	w.do("provider", "PATCH", path, "{").want(400)
}

func TestRobotLinksAreTakenInManyForms(t *testing.T) {
	w := newRobots(t)
	for _, base := range []string{"", w.server.URL, "https://another.example:8443", "HTTP"} {
		for _, uuid := range []string{w.resource, hyphened(w.resource)} {
			if base == "HTTP" {
				w.do("provider", "POST", robots, object{"resource": "HTTP://h" + resourcePath(uuid), "type": "x"}).
					want(400).wantBody(only("resource", noMatch))
				continue
			}
			made := w.do("provider", "POST", robots, object{
				"resource": base + resourcePath(uuid), "type": "x",
				"users":            []string{base + "/api/users/" + hyphened(w.users["ada"]) + "/"},
				"responsible_user": base + "/api/users/" + w.users["bo"] + "/",
			}).want(201).object()
			wantFields(t, made, object{"resource": w.server.URL + resourcePath(w.resource)})
			w.wantPeople(made, "bo", "ada")
			w.do("provider", "DELETE", robots+made["uuid"].(string)+"/", nil).want(204)
		}
	}
}

func TestRobotTextIsTrimmed(t *testing.T) {
	w := newRobots(t)
	made := w.do("provider", "POST", robots, object{
		"resource": resourcePath(w.resource), "type": " ci ", "username": "\tr1 ", "description": 12,
		"keys": []string{"\n" + keyOne + " \n"},
	}).want(201).object()
	wantFields(t, made, object{
		"type": "ci", "username": "r1", "description": "12", "keys": []any{keyOne}, "fingerprints": []any{printOne},
	})
}

func TestRobotReadOnlyFieldsAreIgnored(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{})
	before := w.stored(path)
	w.anHourLater()
	got := w.do("provider", "PATCH", path, object{
		"state": "Error", "error_message": "x", "error_traceback": "x", "backend_id": "x", "uuid": w.project,
		"created": "x", "fingerprints": 1, "user_keys": 1, "url": 1, "provider_uuid": 1, "nonsense": 1,
	}).want(200).object()
	wantFields(t, got, object{
		"state": "OK", "error_message": "", "error_traceback": "", "backend_id": "", "uuid": before["uuid"],
		"created": before["created"], "modified": hourLater,
	})
}

func TestRobotUniqueness(t *testing.T) {
	for _, state := range []string{"Requested", "Creating", "OK", "Requested deletion", "Deleted", "Error"} {
		t.Run(state, func(t *testing.T) {
			w := newRobots(t)
			w.robot(waldursim.RobotAccount{State: state})
			other := w.robot(waldursim.RobotAccount{Type: "other"})
			spare := w.robot(waldursim.RobotAccount{Resource: w.spare})
			same := object{"resource": resourcePath(w.resource), "type": "cicd"}
			w.do("provider", "POST", robots, same).want(400).wantBody(notUnique)
			w.do("provider", "PUT", other, same).want(400).wantBody(notUnique)
			w.do("provider", "PATCH", other, object{"type": "cicd"}).want(400).wantBody(notUnique)
			w.do("provider", "PATCH", spare, object{"resource": resourcePath(w.resource)}).want(400).wantBody(notUnique)
			wantFields(t, w.stored(other), object{"type": "other"})
			wantFields(t, w.stored(spare), object{"resource": w.spare})
			// An account is not in its own way.
			w.do("provider", "PUT", spare, object{"resource": resourcePath(w.spare), "type": "cicd"}).want(200)
			same["type"] = "CICD"
			w.do("provider", "POST", robots, same).want(201)
		})
	}
}

// TestRobotOrderOfChecks takes one fault away at a time.
func TestRobotOrderOfChecks(t *testing.T) {
	w := newRobots(t, func(o *waldursim.Options) { o.ConsentRedaction = true })
	taken := w.robot(waldursim.RobotAccount{})
	body := object{
		"resource": resourcePath(w.resource), "type": "cicd", "username": nil,
		"users": w.userList("ada", "otto"), "responsible_user": w.user("otto"),
	}
	post := func(caller string) reply { return w.do(caller, "POST", robots, body) }
	post("stranger").want(400).wantBody(only("username", isNull))
	delete(body, "username")
	post("stranger").want(400).wantBody(notUnique)
	w.do("provider", "DELETE", taken, nil).want(204)
	post("stranger").want(403).wantBody(forbidden)
	post("provider").want(400).wantBody(only("non_field_errors", "Users Otto Out"+outsiders))
	body["users"] = w.userList("ada")
	post("provider").want(400).wantBody(only("non_field_errors", "The responsible user Otto Out"+outsiders))
	body["responsible_user"] = w.user("bo")
	const terms = " not accepted the Terms of Service for this offering."
	post("provider").want(400).wantBody(only("non_field_errors", "Users Ada Kask have"+terms))
	w.sim.SetConsent(w.users["ada"], w.resource, true)
	post("provider").want(400).wantBody(only("non_field_errors", "The responsible user Bo Tamm has"+terms))
	w.sim.SetConsent(w.users["bo"], w.resource, true)
	post("provider").want(201)
}

// TestRobotOrderOfChecksInUpdates has the permission before the body.
func TestRobotOrderOfChecksInUpdates(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{BackendID: "remote-1"})
	bad := object{"type": nil}
	for _, method := range []string{"PUT", "PATCH"} {
		w.do("stranger", method, path, bad).want(404).wantBody(robotMissing)
		w.do("ada", method, path, bad).want(403).wantBody(forbidden)
		w.do("provider", method, path, bad).want(403).wantBody(`{"detail": "Remote robot account is synchronized."}`)
	}
	w.sim.EditRobotAccount(w.stored(path)["uuid"].(string), func(f map[string]any) { f["backend_id"] = "" })
	w.do("provider", "PATCH", path, bad).want(400).wantBody(only("type", isNull))
}

func TestRobotRemoteCopies(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{BackendID: "remote-1", State: "Creating"})
	for _, caller := range []string{"provider", "staff"} {
		w.do(caller, "PATCH", path, object{}).want(403)
		w.do(caller, "PUT", path, object{"resource": resourcePath(w.resource), "type": "cicd"}).want(403)
	}
	got := w.do("provider", "POST", path+"set_state_ok/", nil).want(200).object()
	wantFields(t, got, object{"state": "OK", "backend_id": "remote-1"})
	w.do("provider", "DELETE", path, nil).want(204)
}
