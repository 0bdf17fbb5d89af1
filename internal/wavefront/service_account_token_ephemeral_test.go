package wavefront_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

func TestAccTokenEphemeral_read(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
	key := w.Sim.AddToken("sa::ci", "deploy")
	w.Sim.AddToken("sa::ci", "two")
	w.Sim.AddToken("sa::ci", "two")
	acctest.Run(t, w.Clock, echoing(w,
		resource.TestStep{
			Config: opened(`name = "nobody"`), ExpectError: acctest.Words(`sa::ci has no token named "nobody"`),
		},
		resource.TestStep{
			Config: opened(`name = "two"`), ExpectError: acctest.Words(`sa::ci has 2 tokens named "two", generated at`),
		},
		resource.TestStep{
			Config:      opened(`name = "deploy"`, `lifetime = "1h"`),
			ExpectError: acctest.Words("lifetime applies only with temporary = true"),
		},
		resource.TestStep{
			Config: opened(`name = "deploy"`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data"), knownvalue.StringExact(key)),
			},
			Check: resource.ComposeTestCheckFunc(
				named(w, "sa::ci", "deploy", "two", "two"),
				requests(w, map[string]int{"generateTokenServiceAccount": 0}),
			),
		},
	))
}

// A temporary token works while the run lasts, and is revoked afterwards.
func TestAccTokenEphemeral_temporary(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
	w.Sim.AddToken("sa::ci", "deploy")
	config := opened(`name = "deploy"`, `temporary = true`)
	shown := func(state *terraform.State) error {
		key, err := acctest.Attribute(state, "echo.test", "data")
		if err != nil || len(key) != 36 || w.Sim.TokenAlive(key) {
			return fmt.Errorf("no token was handed over, or it lives on (%w)", err)
		}
		return nil
	}
	acctest.Run(t, w.Clock, echoing(w,
		resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(shown, named(w, "sa::ci", "deploy"))},
		resource.TestStep{ // a lost response
			PreConfig: func() { w.Sim.Inject("generateTokenServiceAccount", simkit.Fault{Drop: simkit.DropAfter}) },
			Config:    config, Check: named(w, "sa::ci", "deploy"),
		},
		resource.TestStep{ // a revocation that fails leaves a token on the server, and reports it
			PreConfig: func() { w.Sim.Inject("deleteTokenServiceAccount", simkit.Fault{Status: 502, Times: 5}) },
			Config:    config, ExpectError: acctest.Words("A later run revokes it"),
		},
		resource.TestStep{ // which is not revoked as long as the run may last
			PreConfig: func() { w.Clock.Advance(50 * time.Minute) },
			Config:    config, Check: func(*terraform.State) error {
				if got := len(w.Sim.LiveTokens("sa::ci")); got != 2 {
					return fmt.Errorf("%d tokens, want deploy and the one left behind", got)
				}
				return nil
			},
		},
		resource.TestStep{
			PreConfig: func() { w.Clock.Advance(20 * time.Minute) }, Config: config,
			Check: named(w, "sa::ci", "deploy"),
		},
	))
	if len(w.Sim.Tokens()) < 6 {
		t.Errorf("%d tokens were generated: the steps generated none", len(w.Sim.Tokens()))
	}
}

// A run that is killed leaves a token on the server, and the next run revokes it after its time is
// over.
func TestAccTokenEphemeral_killed(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
	// The CLI terminates the provider and then itself, as the kernel would: it finds the provider
	// among its children.
	const killed = `resource "terraform_data" "killed" {
  provisioner "local-exec" {
    environment = { KEY = ephemeral.svcacct_wavefront_service_account_token.test.api_key }
    command     = <<-EOT
      test -n "$KEY" || exit 1
      for c in $(cat /proc/$PPID/task/*/children); do test $c = $$ || kill -9 $c; done
      kill -9 $PPID
    EOT
  }
}
`
	if _, err := os.Stat("/proc/self/task"); err != nil {
		t.Skip("finds the provider's process in /proc, which this machine does not have")
	}
	config, _, _ := strings.Cut(opened(`name = "run"`, `temporary = true`, `lifetime = "5m"`), "provider \"echo\"")
	workspace := w.NewWorkspace(t, config+killed)
	if output, code, err := workspace.Run(context.Background(), "apply", "-auto-approve"); err != nil || code == 0 {
		t.Fatalf("the CLI survived (%d, %v):\n%s", code, err, output)
	}
	if left := w.Sim.LiveTokens("sa::ci"); len(left) != 1 || !strings.HasPrefix(left[0].Name, "run (temporary until ") {
		t.Fatalf("left behind: %d tokens", len(left))
	}
	w.Clock.Advance(6 * time.Minute)
	resource.Test(
		t,
		echoing(w, resource.TestStep{Config: opened(`name = "other"`, `temporary = true`), Check: named(w, "sa::ci")}),
	)
}

// A left-over that can't be revoked does not keep a run from its own temporary token, nor that from
// being revoked.
func TestAccTokenEphemeral_leftOverStays(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
	const left = "run (temporary until 2020-01-01T00:00:00Z, ABCDEFGH)"
	w.Sim.AddToken("sa::ci", left)
	acctest.Run(t, w.Clock, echoing(w, resource.TestStep{
		PreConfig: func() { w.Sim.Inject("deleteTokenServiceAccount", simkit.Fault{Status: 400, Body: notNow}) },
		Config:    opened(`name = "run"`, `temporary = true`), Check: named(w, "sa::ci"),
	}))
}

// The example of the documentation, which starts without anything: a token that is in no state is handed
// over in the apply that creates it, and in the apply that rotates it, also by a literal name.
func TestAccTokenEphemeral_keyVersion(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	const directory, resourceName = "../../examples/ephemeral-resources/svcacct_wavefront_service_account_token",
		"svcacct_wavefront_service_account_token.deploy"
	example, err := os.ReadFile(filepath.Join(directory, "ephemeral-resource.tf"))
	if err != nil {
		t.Fatal(err)
	}
	replaced := func(keeper, command string, more ...string) string {
		const original = `test -n \"$DEPLOY\"`
		if !strings.Contains(string(example), original) || !strings.Contains(string(example), "2026-03") {
			t.Fatal("the example has changed: adapt the test")
		}
		return strings.NewReplacer(append(more, "2026-03", keeper, original, command)...).Replace(string(example))
	}
	literal := []string{
		"= " + resourceName + ".service_account", `= "sa::ci"`, "= " + resourceName + ".name", `= "deploy"`,
	}
	const handOver = `printf %s \"$DEPLOY\" > handed`
	workspace := w.NewWorkspace(t, "# an example follows")
	for i, config := range []string{
		replaced("1", handOver), replaced("2", handOver), replaced("3", handOver, literal...),
		replaced("4", handOver, literal...),
	} {
		workspace.Write(t, config)
		workspace.MustRun(t, 0, "apply", "-auto-approve")
		handed, err := os.ReadFile(filepath.Join(workspace.Dir, "handed"))
		if live := w.Sim.LiveTokens("sa::ci"); err != nil || len(live) != 1 || live[0].ID != string(handed) {
			t.Errorf("apply %d: the token that was handed over is not the only one that works (%v)", i+1, err)
		}
		workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
	}
	workspace.MustRun(t, 0, "destroy", "-auto-approve")
	workspace.Write(t, replaced("1", handOver, literal...))
	workspace.MustRun(t, 0, "apply", "-auto-approve") // a create by literal names
	workspace.MustRun(t, 0, "destroy", "-auto-approve")
}
