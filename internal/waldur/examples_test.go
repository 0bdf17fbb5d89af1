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
		for _, name := range []string{"resource.tf", "data-source*.tf"} {
			found, err := filepath.Glob(filepath.Join("..", "..", "examples", kind, "svcacct_waldur_*", name))
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, found...)
		}
	}
	if len(files) < 9 {
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

// Examples about robot accounts need the token of one side alone: the provider of a resource does not
// see the customer and the project that use it, and these do not see the provider's view.
func TestAccExamplesOfOneSide(t *testing.T) {
	const provider, consumer = `view = "provider"`, `view = "consumer"`
	for _, test := range []struct {
		file  string
		token func(*acctest.Waldur) *acctest.Server
		view  string // in place of the example's view; "": the example as it is
	}{
		{"resources/svcacct_waldur_robot_account/resource.tf", providerOnly, ""},
		{"data-sources/svcacct_waldur_user/data-source.tf", providerOnly, ""},
		{"data-sources/svcacct_waldur_user/data-source.tf", consumerOnly, ""},
		{"data-sources/svcacct_waldur_resource/data-source.tf", providerOnly, ""},
		{"data-sources/svcacct_waldur_resource/data-source-consumer.tf", consumerOnly, ""},
		{"data-sources/svcacct_waldur_robot_account/data-source.tf", providerOnly, ""},
		{"data-sources/svcacct_waldur_robot_account/data-source.tf", consumerOnly, consumer},
		{"data-sources/svcacct_waldur_robot_accounts/data-source.tf", providerOnly, ""},
		{"data-sources/svcacct_waldur_robot_accounts/data-source.tf", consumerOnly, consumer},
	} {
		t.Run(test.file+" "+test.view, func(t *testing.T) {
			w := robotServer(t, waldursim.Options{})
			w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "bkup"})
			text, err := os.ReadFile(filepath.Join("..", "..", "examples", filepath.FromSlash(test.file)))
			if err != nil {
				t.Fatal(err)
			}
			config := string(text)
			if test.view != "" {
				config = strings.Replace(config, provider, test.view, 1)
			}
			test.token(w).Run(t, resource.TestStep{Config: config})
		})
	}
}

func TestAccFunctionExample(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "functions", "waldur_uuid", "function.tf"))
	if err != nil {
		t.Fatal(err)
	}
	w := acctest.NewWaldur(t, waldursim.Options{})
	const wrong = "output \"wrong\" {\n  value = provider::svcacct::waldur_uuid(\"ACME\")\n}\n"
	problem := acctest.Words(`Invalid value for "uuid_or_url" parameter: must be a UUID`)
	w.Run(t,
		resource.TestStep{Config: string(text), Check: resource.TestCheckOutput("same_customer", "true")},
		resource.TestStep{Config: wrong, ExpectError: problem},
	)
}
