package wavefront_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

func TestAccSetServiceAccountActiveAction(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
	key := w.Sim.AddToken("sa::ci", "deploy")
	var config strings.Builder
	for _, active := range []bool{true, false} {
		fmt.Fprintf(
			&config,
			"action \"svcacct_wavefront_set_service_account_active\" \"is_%t\" {\n  config {\n    identifier = "+
				"\"sa::ci\"\n    active = %t\n  }\n}\n",
			active, active,
		)
	}
	workspace := w.NewWorkspaceFor114(t, config.String())
	for _, test := range []struct {
		active bool
		words  string
	}{
		{false, "active of sa::ci is false now"}, {false, "active of sa::ci was false already"},
		{true, "active of sa::ci is true now"},
	} {
		output := workspace.MustRun(
			t, 0, "apply", "-auto-approve",
			fmt.Sprintf("-invoke=action.svcacct_wavefront_set_service_account_active.is_%t", test.active),
		)
		if !strings.Contains(output, test.words) || w.Sim.TokenAlive(key) != test.active {
			t.Errorf("active %t: token works: %t\n%s", test.active, w.Sim.TokenAlive(key), output)
		}
	}
}
