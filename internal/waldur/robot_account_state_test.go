package waldur

import (
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

var robotStates = []string{robotRequested, robotCreating, robotOK, robotRequestedDeletion, robotDeleted, robotError}

func TestRoute(t *testing.T) {
	const no = "none"
	// The columns are the states above, in their order.
	for from, want := range map[string][6]string{
		"Requested": {"", "creating", "creating ok", "creating ok request_deletion",
			"creating ok request_deletion deleted", "creating ok erred"},
		"Creating":           {no, "", "ok", "ok request_deletion", "ok request_deletion deleted", "ok erred"},
		"OK":                 {no, no, "", "request_deletion", "request_deletion deleted", "erred"},
		"Requested deletion": {no, no, no, "", "deleted", no},
		"Deleted":            {no, no, no, no, "", no},
		"Error":              {no, no, no, no, no, ""},
		"Later":              {no, no, no, no, no, no},
	} {
		for i, to := range robotStates {
			t.Run(from+" to "+to, func(t *testing.T) {
				steps, ok := route(from, to)
				var got []string
				for _, step := range steps {
					got = append(got, strings.TrimPrefix(step.operation, "set_state_"))
				}
				if len(steps) > 0 && steps[len(steps)-1].to != to {
					t.Errorf("%v leads elsewhere", steps)
				}
				text := strings.Join(got, " ")
				if ok != (want[i] != no) || ok && text != want[i] || !ok && steps != nil {
					t.Errorf("got %q, %v; want %q", text, ok, want[i])
				}
			})
		}
	}
	steps, _ := route("Requested", "Deleted")
	wantEqual(t, steps, []transition{
		{"set_state_creating", "Creating"}, {"set_state_ok", "OK"}, {"set_state_request_deletion",
			"Requested deletion"}, {"set_state_deleted", "Deleted"},
	})
	steps, _ = route("OK", "Error")
	wantEqual(t, steps, []transition{{"set_state_erred", "Error"}})
	wantEqual(t, robotStates, waldurapi.RobotAccountStates)
}

func TestUnreachable(t *testing.T) {
	const ending = ". To get a new account, run terraform taint (or tofu taint) for this resource, and apply. A " +
		"robot account with deletion_mode = \"request_deletion\" needs \"delete\" applied before."
	only := func(text string) string { return ", only to " + text + ending }
	for _, test := range []struct{ from, to, want string }{
		{"Creating", "Requested", only(`"OK" or "Requested deletion" or "Deleted" or "Error"`)},
		{"OK", "Requested", only(`"Requested deletion" or "Deleted" or "Error"`)},
		{"OK", "Creating", only(`"Requested deletion" or "Deleted" or "Error"`)},
		{"Requested deletion", "OK", only(`"Deleted"`)},
		{"Requested deletion", "Error", only(`"Deleted"`)},
		{"Deleted", "OK", ", or to any other state" + ending},
		{"Error", "OK", ", or to any other state" + ending},
	} {
		t.Run(test.from+" to "+test.to, func(t *testing.T) {
			want := `Waldur does not allow a change from "` + test.from + `" to "` + test.to + `"` + test.want
			wantEqual(t, unreachable(test.from, test.to), want)
		})
	}
}
