package wavefront_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// No token is in anything that the CLI or the provider writes, at the most talkative log level, whether things go well or not; in a saved plan
// it is in sensitive values alone.
func TestAccSecretsStayOut(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	config := "variable \"release\" {}\n" + serviceAccount("sa::ci", `description = var.release`) + tokenOf("deploy", `keepers = { v = var.release }`, `overlap = "1h"`) +
		strings.Replace(tokenOf("hidden", `keepers = { v = var.release }`, `store_api_key = false`), `"test"`, `"hidden"`, 1) +
		"data \"svcacct_wavefront_service_account_tokens\" \"all\" {\n  service_account = " + account + ".identifier\n  depends_on = [" + token + "]\n}\n" +
		"ephemeral \"svcacct_wavefront_service_account_token\" \"run\" {\n  service_account = " + account + ".id\n  name = \"run\"\n  temporary = true\n}\n"
	workspace := w.NewWorkspace(t, config, "TF_LOG=TRACE")

	var written strings.Builder
	run := func(wantCode int, args ...string) string {
		t.Helper()
		output := workspace.MustRun(t, wantCode, args...)
		written.WriteString(output)
		return output
	}
	refuse := func(operation string) {
		w.Sim.Inject(operation, simkit.Fault{Status: 400, Body: `{"status":{"result":"ERROR","message":"not now","code":400}}`})
	}
	run(0, "apply", "-auto-approve", "-var=release=1")
	run(0, "plan", "-var=release=2", "-out=saved")
	plan := acctest.PlanIn(t, workspace.MustRun(t, 0, "show", "-json", "saved"))
	run(0, "apply", "saved")
	for i, operation := range []string{"generateTokenServiceAccount", "updateTokenNameServiceAccount", "deleteTokenServiceAccount"} {
		refuse(operation)
		run(1, "apply", "-auto-approve", fmt.Sprintf("-var=release=%d", 3+i))
	}
	run(0, "apply", "-auto-approve", "-var=release=9")
	run(0, "show")
	run(0, "destroy", "-auto-approve", "-var=release=9")

	if !strings.Contains(written.String(), "/apitoken/serviceaccount/sa::ci/(redacted)") {
		t.Fatal("the log does not even hold the requests that name a token: the search would find nothing")
	}
	secrets := append(w.Sim.Tokens(), w.Settings["token"])
	if len(secrets) < 12 {
		t.Fatalf("%d tokens were generated", len(secrets)-1)
	}
	text := written.String() + acctest.WithoutSensitive(t, plan)
	for i, secret := range secrets {
		if at := strings.Index(text, secret); at >= 0 {
			t.Errorf("secret %d of %d is in the output, after: %q", i+1, len(secrets), text[max(0, at-300):at])
		}
	}
	if left, err := os.ReadFile(filepath.Join(workspace.Dir, "terraform.tfstate")); err != nil || strings.Contains(string(left), "api_key") {
		t.Errorf("the state holds something still (%v)", err)
	}
}
