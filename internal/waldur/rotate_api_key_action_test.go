package waldur_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestAccRotateAPIKeyAction(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "an account is created outside of Terraform")
		uuid, key := k.add(w.Sim, waldursim.ServiceAccount{
			Scope: k.scopeUUID(w), Username: "leaky", PreferredIdentifier: "leaky",
		})
		workspace := w.NewWorkspaceFor114(t, fmt.Sprintf("action \"svcacct_waldur_rotate_api_key\" \"leak\" {\n"+
			"  config {\n    %s_service_account = %q\n  }\n}\n", k.scope, hyphenated(uuid)))
		output := workspace.MustRun(t, 0, "apply", "-auto-approve", "-invoke=action.svcacct_waldur_rotate_api_key.leak")
		if w.Sim.KeyAlive(key) || len(w.Sim.LiveKeys("leaky")) != 1 {
			t.Error("the leaked key is not revoked, or there are more keys")
		}
		if !acctest.Words("the key of leaky is revoked").MatchString(output) {
			t.Errorf("the revocation is not in the output:\n%s", output)
		}
		for _, issued := range w.Sim.Keys() {
			if strings.Contains(output, issued) {
				t.Error("a key is in the output")
			}
		}
	})
}

// A refusal after which the key may be rotated says so: the plan of the resource can't know it.
func TestAccRotateAPIKeyAction_unconfirmed(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "the account service fails")
		uuid, key := k.add(w.Sim, waldursim.ServiceAccount{
			Scope: k.scopeUUID(w), Username: "leaky", PreferredIdentifier: "leaky",
		})
		w.Sim.FailBackend("rotate", waldursim.BackendFault{TimedOut: true})
		workspace := w.NewWorkspaceFor114(t, fmt.Sprintf("action \"svcacct_waldur_rotate_api_key\" \"leak\" {\n"+
			"  config {\n    %s_service_account = %q\n  }\n}\n", k.scope, uuid))
		output := workspace.MustRun(t, 1, "apply", "-auto-approve", "-invoke=action.svcacct_waldur_rotate_api_key.leak")
		if !acctest.Words("may no longer work").MatchString(output) {
			t.Errorf("the error does not say that the key may be revoked:\n%s", output)
		}
		if w.Sim.KeyAlive(key) || len(w.Sim.Keys()) != 2 {
			t.Errorf("%d keys were issued, want the first one and a second one", len(w.Sim.Keys()))
		}
	})
}
