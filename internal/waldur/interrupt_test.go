package waldur_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// Ctrl-C between a request and its answer loses neither the account nor its key.
func TestAccServiceAccount_interrupted(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "answers take their time")
		config := "variable \"release\" {}\n\n" + k.resource(w, acctest.Name(), `keepers = { release = var.release }`)
		workspace := w.NewWorkspace(t, config)

		for i, operation := range []string{"_create", "_rotate_api_key"} {
			release := fmt.Sprintf("-var=release=%d", i)
			w.Sim.Inject(k.operation+operation, simkit.Fault{Delay: 2 * time.Second})
			ctx, interrupt := context.WithCancel(context.Background())
			go interruptAfter(w, w.Sim.Count("*"), interrupt)
			output, _, err := workspace.Run(ctx, "apply", "-auto-approve", release)
			interrupt()
			if !strings.Contains(output, "Interrupt received") {
				t.Fatalf("the CLI was not interrupted (%v):\n%s", err, output)
			}
			if state, _, err := workspace.Run(context.Background(), "show", "-json"); err != nil || !holdsLiveKey(w, state) {
				t.Fatalf("%s: the state holds no key that works (%v)", operation, err)
			}
			if err := live(w, 1)(nil); err != nil {
				t.Error(err)
			}
			if output, code, err := workspace.Run(context.Background(), "plan", "-detailed-exitcode", release); err != nil || code != 0 {
				t.Errorf("%s: the next plan is not empty (%d, %v):\n%s", operation, code, err, output)
			}
		}
	})
}

// interruptAfter waits for the answer to the request before the slow one, and then until the slow one must be under way.
func interruptAfter(w *acctest.Waldur, count int, interrupt func()) {
	for w.Sim.Count("*") == count {
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(700 * time.Millisecond)
	interrupt()
}

func holdsLiveKey(w *acctest.Waldur, text string) bool {
	for _, key := range w.Sim.Keys() {
		if w.Sim.KeyAlive(key) && strings.Contains(text, key) {
			return true
		}
	}
	return false
}
