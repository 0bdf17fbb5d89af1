package waldur_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// Every example of the documentation applies, and the plan after it is empty.
func TestAccExamples(t *testing.T) {
	var files []string
	for _, kind := range []string{"resources", "data-sources"} {
		found, err := filepath.Glob(filepath.Join("..", "..", "examples", kind, "svcacct_waldur_*", "*e.tf"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 8 {
		t.Fatalf("found %d examples, there are more: %v", len(files), files)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			w := acctest.NewWaldur(t, waldursim.Options{})
			w.Simulated(t, "the examples name what the simulator has")
			w.Sim.AddCustomerServiceAccount(waldursim.ServiceAccount{Scope: w.Customer, Username: "svc-legacy",
				PreferredIdentifier: "legacy"})
			w.Sim.AddProjectServiceAccount(waldursim.ServiceAccount{Scope: w.Project, Username: "svc-modelling",
				PreferredIdentifier: "modelling"})
			w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "bkup"})
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			w.Run(t, resource.TestStep{Config: string(text)})
			if len(w.Sim.Requests()) == 0 && os.Getenv(resource.EnvTfAcc) != "" {
				t.Errorf("the example asks nothing of Waldur:\n%s", strings.TrimSpace(string(text)))
			}
		})
	}
}
