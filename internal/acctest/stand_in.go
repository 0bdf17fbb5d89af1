package acctest

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

// OnStandIn runs a test of this package in another process, on simulators that it takes for the real server
// of a system, and returns them: tests that need a real server stay in order without it.
func OnStandIn(t *testing.T, block, test string) *world.World {
	t.Helper()
	NeedsCLI(t)
	if on := live(os.Getenv); len(on) > 0 {
		t.Skipf("the tests run on the real servers of %s", on)
	}
	t.Parallel()
	simulators, err := world.New(world.Settings{MaxServiceAccounts: 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(simulators.Close)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), program, "-test.run=^"+test+"$", "-test.v", "-test.timeout=5m")
	run.Env = append(os.Environ(), standInEnvironment(simulators, block)...)
	output, err := run.CombinedOutput()
	if err != nil || !strings.Contains(string(output), "--- PASS: "+test) {
		t.Fatalf("%s on a stand-in for the real server: %v\n%s", test, err, output)
	}
	return simulators
}

// standInEnvironment names the simulators as the real server of a system.
func standInEnvironment(simulators *world.World, block string) []string {
	environment := append(simulators.Environment(), liveVariable+"="+block,
		usernameVariable+"="+namePrefix+"terraform", emailVariable+"=acc-terraform@acme.example",
		allowListVariable+"=198.51.100.0/24,203.0.113.7/32")
	for _, id := range simulators.IDs() {
		environment = append(environment, "SVCACCT_ACC_"+id)
	}
	return environment
}
