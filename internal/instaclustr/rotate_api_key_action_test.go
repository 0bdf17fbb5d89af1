package instaclustr_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
)

func TestAccRotateAPIKeyAction(t *testing.T) {
	w := inhabited(t)
	secret := w.Sim.Secret("backup", "PROVISIONING")
	action := func(name, username, kind string) string {
		return fmt.Sprintf("action \"svcacct_instaclustr_rotate_api_key\" %q {\n  config {\n    username = %q\n    key_type = %q\n  }\n}\n", name, username, kind)
	}
	workspace := w.NewWorkspaceFor114(t, action("leak", "backup", "PROVISIONING")+action("none", "idle", "PROVISIONING"))
	output := workspace.MustRun(t, 0, "apply", "-auto-approve", "-invoke=action.svcacct_instaclustr_rotate_api_key.leak")
	if w.Sim.KeyAlive("backup", secret) || w.Sim.Secret("backup", "PROVISIONING") == "" {
		t.Error("the leaked key was not replaced by another one")
	}
	if !acctest.Words("the key backup/PROVISIONING is dead").MatchString(output) {
		t.Errorf("no word of it in the output:\n%s", output)
	}
	for _, issued := range w.Sim.Keys() {
		if strings.Contains(output, issued) {
			t.Error("a key is in the output")
		}
	}
	output = workspace.MustRun(t, 1, "apply", "-no-color", "-auto-approve", "-invoke=action.svcacct_instaclustr_rotate_api_key.none")
	if !acctest.Words(`the service user "idle" has no API key of type "PROVISIONING"`).MatchString(output) {
		t.Errorf("the reason is not in the output:\n%s", output)
	}
}
