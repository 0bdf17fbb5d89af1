package wavefront_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// Every example of the documentation applies, and the plan after it is empty.
func TestAccExamples(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "examples", "*", "svcacct_wavefront_*", "*e.tf"))
	if err != nil || len(files) < 9 {
		t.Fatalf("found %d examples, there are more: %v (%v)", len(files), files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			w := simulator(t, wavefrontsim.Options{})
			w.Sim.AddRole(wavefrontsim.Role{Name: "Metrics writer", Permissions: []string{"ingestion"}})
			w.Sim.AddUserGroup(wavefrontsim.UserGroup{Name: "CI"})
			w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::legacy"})
			deploy := w.Sim.AddToken("sa::legacy", "deploy")
			use(t, w, deploy)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			w.Sim.ResetRequests()
			w.Run(t, resource.TestStep{Config: string(text)})
			if w.Sim.Count("*") == 0 && os.Getenv(resource.EnvTfAcc) != "" {
				t.Errorf("the example asks nothing of Wavefront:\n%s", strings.TrimSpace(string(text)))
			}
		})
	}
}

func TestAccFunctionExample(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "functions", "wavefront_identifier", "function.tf"))
	if err != nil {
		t.Fatal(err)
	}
	simulator(t, wavefrontsim.Options{}).Run(t, resource.TestStep{
		Config: string(text), Check: resource.TestCheckOutput("identifier", "sa::ci-pipeline"),
	})
}
