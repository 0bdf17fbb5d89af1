package instaclustr_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// No key is in anything that the CLI or the provider writes, at the most talkative log level, through a whole life with its failures; in a saved
// plan it is in sensitive values alone.
func TestAccSecretsStayOut(t *testing.T) {
	w := acctest.NewInstaclustr(t, instaclustrsim.Options{InitialKeys: "all", RotateKeepsAllowList: "false", OnDowngrade: "keep"})
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "idle", Role: "OWNER"})
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "old", Role: "OWNER", Keys: []string{"MONITORING"}})
	config := func(role string) string {
		return "variable \"release\" {}\n\n" + serviceUser("ci", role, `display_name = var.release`) +
			apiKey("MONITORING", `keepers = { release = var.release }`, allow("198.51.100.0/24")) +
			strings.Replace(apiKeyOf("old", "MONITORING", "adopt_by_rotation = true", `keepers = { release = var.release }`), `"test"`, `"old"`, 1) +
			fmt.Sprintf("data %q \"all\" {\n  depends_on = [%s]\n}\n", keyType+"s", key)
	}
	workspace := w.NewWorkspace(t, config("CLUSTER_ADMIN"), "TF_LOG=TRACE")
	var written strings.Builder
	run := func(wantCode int, args ...string) string {
		t.Helper()
		output := workspace.MustRun(t, wantCode, args...)
		written.WriteString(output)
		return output
	}
	lost := func(operation string, times int) {
		w.Sim.Inject(operation, simkit.Fault{Drop: simkit.DropAfter, Times: times})
	}
	refuse := func(operation string) { w.Sim.Inject(operation, broken) }
	release := func(n int) string { return fmt.Sprintf("-var=release=%d", n) }

	lost(createOp, 1) // made, and looked up
	refuse(revokeOp)  // an initial key stays, and is in the way
	run(1, "apply", "-auto-approve", release(1))
	lost(generateOp, 1) // rotated
	refuse(restrictOp)  // stays open
	run(0, "apply", "-auto-approve", release(1))
	run(0, "apply", "-auto-approve", release(1))
	run(0, "plan", release(2), "-out=saved")
	plan := acctest.PlanIn(t, workspace.MustRun(t, 0, "show", "-json", "saved"))
	run(0, "apply", "saved")
	lost(rotateOp, 10)
	run(1, "apply", "-auto-approve", release(3)) // in doubt
	w.Sim.ClearFaults()
	run(0, "apply", "-auto-approve", release(3))
	w.Sim.Inject(rotateOp, times(2, broken)) // both
	run(1, "apply", "-auto-approve", release(4))
	w.Sim.Inject(restrictOp, simkit.Fault{Status: http.StatusBadRequest, Body: `{"cidrAllowList":"not now"}`})
	run(1, "apply", "-auto-approve", release(4)) // rotated, not restricted
	w.Sim.RotateKey("ci", "MONITORING")
	run(0, "apply", "-auto-approve", release(4)) // with the warning that it was rotated elsewhere
	w.Sim.Inject(rotateOp, simkit.Fault{Status: http.StatusOK, Body: `{"key": 12}`})
	run(1, "apply", "-auto-approve", release(5)) // not of the documented shape
	run(0, "apply", "-auto-approve", release(5))
	w.Sim.AddKey("ci", "PROVISIONING")
	workspace.Write(t, config("READ_ONLY"))
	refuse(revokeOp)
	run(1, "apply", "-auto-approve", release(5)) // a stranded key stays
	run(0, "apply", "-auto-approve", release(5))
	run(0, "state", "rm", key)
	run(1, "apply", "-auto-approve", release(5)) // exists
	run(0, "import", release(5), key, "ci/MONITORING")
	run(0, "apply", "-auto-approve", release(6))
	run(0, "show")
	temporary := fmt.Sprintf("\nephemeral %q \"run\" {\n  username = \"idle\"\n  key_type = \"MONITORING\"\n}\n\nlocals {\n  key = ephemeral.%s.run.api_key\n}\n", keyType, keyType)
	workspace.Write(t, config("READ_ONLY")+temporary)
	lost(generateOp, 1)
	refuse(revokeOp)
	run(1, "plan", release(6)) // closing fails
	w.Sim.RevokeKey("idle", "MONITORING")
	run(0, "plan", release(6))
	workspace.Write(t, config("READ_ONLY"))
	refuse(revokeOp)
	run(1, "destroy", "-auto-approve", release(6))
	run(0, "destroy", "-auto-approve", release(6))

	if !strings.Contains(written.String(), "/api-keys/MONITORING/rotate") {
		t.Fatal("the log does not even hold the requests: the search would find nothing")
	}
	secrets := w.Sim.Keys()
	if len(secrets) < 25 {
		t.Fatalf("%d keys were issued, want more", len(secrets))
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
