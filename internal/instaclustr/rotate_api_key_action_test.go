package instaclustr_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
)

func TestAccRotateAPIKeyAction(t *testing.T) {
	w := inhabited(t)
	owner, own := w.Sim.Owner()
	secret := w.Sim.Secret("backup", "PROVISIONING")
	action := func(name, username, kind string) string {
		const block = "action %q %q {\n  config {\n    username = %q\n    key_type = %q\n  }\n}\n"
		return fmt.Sprintf(block, "svcacct_instaclustr_rotate_api_key", name, username, kind)
	}
	all := action("leak", "backup", "PROVISIONING") + action("none", "idle", "PROVISIONING") +
		action("own", owner, "USER_MANAGEMENT")
	workspace := w.NewWorkspaceFor114(t, all)
	invoke := func(wantCode int, name, words string) {
		t.Helper()
		invoked := "-invoke=action.svcacct_instaclustr_rotate_api_key." + name
		output := workspace.MustRun(t, wantCode, "apply", "-no-color", "-auto-approve", invoked)
		if !acctest.Words(words).MatchString(output) {
			t.Errorf("not found: %s\n%s", words, output)
		}
		for _, issued := range w.Sim.Keys() {
			if strings.Contains(output, issued) {
				t.Error("a key is in the output")
			}
		}
	}
	invoke(0, "leak", "the key backup/PROVISIONING no longer works")
	if w.Sim.KeyAlive("backup", secret) || w.Sim.Secret("backup", "PROVISIONING") == "" {
		t.Error("the leaked key was not replaced by another one")
	}
	invoke(1, "none", `the service user "idle" has no API key of type "PROVISIONING"`)
	invoke(1, "own", "It is not in the list of service users either")
	w.Sim.Inject(rotateOp, broken)
	invoke(1, "leak", "not now")
	if !w.Sim.KeyAlive(owner, own) {
		t.Error("the key of the provider was rotated")
	}
}
