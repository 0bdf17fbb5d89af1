package waldur_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// No key and no token is in anything that the CLI or the provider writes, at the most talkative log level, whether things go
// well or not.
func TestAccSecretsStayOut(t *testing.T) {
	w := acctest.NewWaldur(t, waldursim.Options{})
	w.Simulated(t, "all keys are known, and things go wrong")
	var config strings.Builder
	config.WriteString("variable \"release\" {}\n\n")
	for _, k := range kinds {
		config.WriteString(k.resource(w, "secret-"+k.scope, `description = var.release`, `keepers = { release = var.release }`))
	}
	workspace := w.NewWorkspace(t, config.String(), "TF_LOG=TRACE")
	ctx := context.Background()

	var written strings.Builder
	run := func(wantCode int, args ...string) {
		t.Helper()
		output, code, err := workspace.Run(ctx, args...)
		if err != nil || code != wantCode {
			t.Fatalf("%v ended with %d, want %d (%v):\n%s", args, code, wantCode, err, output)
		}
		written.WriteString(output)
	}
	run(0, "apply", "-auto-approve", "-var=release=1")
	run(0, "plan", "-var=release=2", "-out=saved")
	run(0, "apply", "saved")
	w.Sim.FailBackend("rotate", waldursim.BackendFault{Status: 400, Body: `{"message": "not now"}`})
	w.Sim.FailBackend("rotate", waldursim.BackendFault{NoToken: true})
	run(1, "apply", "-auto-approve", "-var=release=3")
	run(0, "apply", "-auto-approve", "-var=release=3")
	run(0, "show")
	run(0, "destroy", "-auto-approve", "-var=release=3")

	if !strings.Contains(written.String(), "rotate_api_key") {
		t.Fatal("the log does not even hold the requests: the search would find nothing")
	}
	secrets := append(w.Sim.Keys(), w.Settings["token"])
	if len(secrets) < 7 {
		t.Fatalf("%d keys were issued, want at least 6", len(secrets)-1)
	}
	for i, secret := range secrets {
		if at := strings.Index(written.String(), secret); at >= 0 {
			line := written.String()[max(0, at-200):at]
			t.Errorf("secret %d of %d is in the log, after: %s", i+1, len(secrets), fmt.Sprintf("%q", line))
		}
	}
}
