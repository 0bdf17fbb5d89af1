package instaclustr_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// The key lives as long as the run, is restricted, and is in no state; whatever fails leaves none behind.
func TestAccEphemeral(t *testing.T) {
	w := inhabited(t)
	config := func(username, kind string) string {
		return fmt.Sprintf("ephemeral %q \"test\" {\n  username = %q\n  key_type = %q\n  %s\n}\n\nlocals {\n  key = ephemeral.%s.test.api_key\n}\n", keyType, username, kind, allow("198.51.100.0/24"), keyType)
	}
	workspace := w.NewWorkspace(t, config("idle", "MONITORING"))
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	if err := requests(w, map[string]int{generateOp: w.Sim.Count(revokeOp), restrictOp: w.Sim.Count(revokeOp)})(nil); err != nil || w.Sim.Count(generateOp) == 0 {
		t.Errorf("%d keys were made: %v", w.Sim.Count(generateOp), err)
	}
	fails := func(words string) {
		t.Helper()
		if output := workspace.MustRun(t, 1, "apply", "-no-color", "-auto-approve"); !acctest.Words(words).MatchString(output) {
			t.Errorf("not found: %s\n%s", words, output)
		}
		if err := keysOf(w, "idle")(nil); err != nil {
			t.Error(err)
		}
	}
	w.Sim.Inject(restrictOp, broken)
	fails("not now")
	w.Sim.Inject(generateOp, simkit.Fault{Drop: simkit.DropAfter})
	w.Sim.Inject(getOp, simkit.Fault{Skip: 1, Times: 5, Status: 502})
	fails("Whether the key was made is not known")
	w.Sim.Inject(generateOp, simkit.Fault{Drop: simkit.DropAfter}) // its answer is lost: rotated, used, revoked
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	if err := keysOf(w, "idle")(nil); err != nil {
		t.Error(err)
	}
	workspace.Write(t, config("grafana_reader", "MONITORING"))
	fails("It may be left from a run that crashed before it could revoke its key")
	workspace.Write(t, config("grafana_reader", "PROVISIONING"))
	fails("the role READ_ONLY of grafana_reader allows no API key of type PROVISIONING")
	state, err := os.ReadFile(filepath.Join(workspace.Dir, "terraform.tfstate"))
	for _, issued := range w.Sim.Keys() {
		if strings.Contains(string(state), issued) || err != nil {
			t.Fatalf("a key is in state (%v)", err)
		}
	}
}

func TestAccHazard_EphemeralLostGenerateNoRotate(t *testing.T) {
	w := inhabited(t)
	workspace := w.NewWorkspace(t, "ephemeral \""+keyType+"\" \"test\" {\n  username = \"idle\"\n  key_type = \"MONITORING\"\n}\n\nlocals {\n  key = ephemeral."+keyType+".test.api_key\n}\n")
	w.Sim.Inject(generateOp, simkit.Fault{Drop: simkit.DropAfter})
	w.Sim.Inject(rotateOp, simkit.Fault{Times: -1, Status: http.StatusNotFound, Body: `{"status":404,"message":"HTTP 404 Not Found"}`})
	output, code, _ := workspace.Run(t.Context(), "apply", "-no-color", "-auto-approve")
	t.Logf("%d\n%s", code, output)
	if err := keysOf(w, "idle")(nil); err != nil {
		t.Error(err)
	}
}
