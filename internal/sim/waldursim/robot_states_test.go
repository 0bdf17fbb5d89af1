package waldursim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

var robotStates = []string{"Requested", "Creating", "OK", "Requested deletion", "Deleted", "Error"}

func TestRobotTransitions(t *testing.T) {
	for action, move := range map[string]struct{ from, to string }{
		"set_state_creating":         {"Requested", "Creating"},
		"set_state_ok":               {"Creating", "OK"},
		"set_state_erred":            {"OK", "Error"},
		"set_state_request_deletion": {"OK", "Requested deletion"},
		"set_state_deleted":          {"Requested deletion", "Deleted"},
	} {
		for _, from := range robotStates {
			t.Run(action+" from "+from, func(t *testing.T) {
				w := newRobots(t)
				path := w.robot(waldursim.RobotAccount{State: from, ErrorMessage: "former", Users: w.uuids("ada")})
				before := w.stored(path)
				w.anHourLater()
				r := w.do("provider", "POST", path+action+"/", nil)
				if from != move.from {
					r.want(409).wantBody(`{"detail": "Valid states for operation: ` + move.from + `."}`)
					wantFields(t, w.stored(path), before)
					return
				}
				want := object{"state": move.to, "error_message": "former", "modified": hourLater}
				wantFields(t, r.want(200).object(), want)
				wantFields(t, w.do("provider", "GET", path, nil).want(200).object(), want)
				w.wantPeople(r.object(), "", "ada")
			})
		}
	}
}

func TestRobotErrorMessage(t *testing.T) {
	tests := []struct {
		name string
		body any
		text string // of the fault
		want string // error_message afterwards
	}{
		{"text", object{"error_message": "quota"}, "", "quota"},
		{"trimmed", object{"error_message": " quota\n"}, "", "quota"},
		{"number", object{"error_message": 12}, "", "12"},
		{"no body", nil, "", "former"},
		{"empty body", object{}, "", "former"},
		{"other fields", object{"state": "OK", "error_traceback": "x", "username": "x"}, "", "former"},
		{"blank", object{"error_message": ""}, isBlank, "former"},
		{"white space", object{"error_message": " \n"}, isBlank, "former"},
		{"null", object{"error_message": nil}, isNull, "former"},
		{"list", object{"error_message": []string{"x"}}, noText, "former"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newRobots(t)
			path := w.robot(waldursim.RobotAccount{ErrorMessage: "former"})
			r := w.do("provider", "POST", path+"set_state_erred/", test.body)
			want := object{"error_message": test.want, "error_traceback": "", "username": "", "state": "Error"}
			if test.text != "" {
				r.want(400).wantBody(only("error_message", test.text))
				want["state"] = "OK"
			} else {
				wantFields(t, r.want(200).object(), want)
			}
			wantFields(t, w.do("provider", "GET", path, nil).want(200).object(), want)
		})
	}
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{State: "Creating"})
	// The state is looked at before the body, and no other action reads one.
	w.do("provider", "POST", path+"set_state_erred/", object{"error_message": ""}).want(409)
	w.do("provider", "POST", path+"set_state_ok/", object{"error_message": ""}).want(200)
	w.do("provider", "POST", path+"set_state_erred/", "{").want(400)
}

// TestRobotLife takes an account through its states and leaves its pair taken.
func TestRobotLife(t *testing.T) {
	w := newRobots(t, func(o *waldursim.Options) { o.LeaveRequested = true })
	body := object{"resource": resourcePath(w.resource), "type": "cicd"}
	made := w.do("provider", "POST", robots, body).want(201).object()
	wantFields(t, made, object{"state": "Requested"})
	path := robots + made["uuid"].(string) + "/"
	for _, step := range []struct{ action, state string }{
		{"creating", "Creating"}, {"ok", "OK"}, {"request_deletion", "Requested deletion"}, {"deleted", "Deleted"},
	} {
		got := w.do("provider", "POST", path+"set_state_"+step.action+"/", nil).want(200).object()
		wantFields(t, got, object{"state": step.state})
		changed := w.do("provider", "PATCH", path, object{"username": step.action}).want(200).object()
		wantFields(t, changed, object{"state": step.state, "username": step.action})
	}
	wantStrings(t, w.do("provider", "GET", robots, nil).want(200).column("state"), "Deleted")
	w.do("provider", "POST", robots, body).want(400).wantBody(notUnique)
}
