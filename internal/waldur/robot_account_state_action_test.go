package waldur_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// Every legal route, and an illegal one, through the action.
func TestAccSetRobotAccountStateAction(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	uuid := w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "x"})
	routes := []struct{ from, to string }{
		{"Requested", "Creating"}, {"Requested", "OK"}, {"Requested", "Error"}, {"Requested", "Deleted"}, {"Creating",
			"OK"}, {"Creating", "Requested deletion"},
		{"OK", "Error"}, {"OK", "Requested deletion"}, {"OK", "Deleted"}, {"Requested deletion", "Deleted"},
	}
	name := func(to string) string { return strings.ToLower(strings.ReplaceAll(to, " ", "_")) }
	var config strings.Builder
	for _, to := range []string{"Creating", "OK", "Error", "Requested deletion", "Deleted"} {
		message := ""
		if to == "Error" {
			message = `error_message = "no home"`
		}
		fmt.Fprintf(&config,
			"action \"svcacct_waldur_set_robot_account_state\" %q {\n  config {\n    uuid = %q\n    state = %q\n    "+
				"%s\n  }\n}\n", name(to), uuid, to, message)
	}
	invoke := func(to string) string { return "-invoke=action.svcacct_waldur_set_robot_account_state." + name(to) }
	place := func(state string) {
		w.Sim.EditRobotAccount(uuid, func(a *waldursim.RobotAccount) { a.State = state })
	}
	workspace := w.NewWorkspaceFor114(t, config.String())
	for _, route := range routes {
		place(route.from)
		output := workspace.MustRun(t, 0, "apply", "-auto-approve", invoke(route.to))
		account := w.Sim.RobotAccount(uuid)
		if account.State != route.to {
			t.Errorf("from %q to %q: the account is in state %v", route.from, route.to, account.State)
		}
		if !strings.Contains(output, "set_state_") {
			t.Errorf("from %q to %q: no progress in the output:\n%s", route.from, route.to, output)
		}
		if route.to == "Error" && account.ErrorMessage != "no home" {
			t.Errorf("the error message is %v", account.ErrorMessage)
		}
	}
	place("Deleted")
	output := workspace.MustRun(t, 1, "apply", "-auto-approve", invoke("OK"))
	if !acctest.Words(`Waldur does not allow a change from "Deleted" to "OK"`).MatchString(output) {
		t.Errorf("the reason is not in the output:\n%s", output)
	}
}
