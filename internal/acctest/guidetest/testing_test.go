package guidetest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
)

const testingFolder = "../../../examples/guides/testing/"

// The guide is right: what gives a warning in a test with a mock provider is refused by a plan, all examples can be
// mocked, and its own tests pass.
func TestAccTestingGuide(t *testing.T) {
	acctest.NeedsFeatures(t, "mock_provider \"", "run \"")
	g := newTestingGuide(t)
	g.refusesInventedTexts()
	g.mocksExamples()

	for _, name := range []string{
		"main.tf", "tests/simulators.tftest.hcl", "tests/mocked.tftest.hcl", "tests/control/main.tf",
		"tests/remember/main.tf", "tests/failure.sh",
	} {
		g.writes(name, g.reads(testingFolder+name))
	}
	g.follows("terraform init")
	if output := g.follows("terraform test -filter=tests/mocked.tftest.hcl"); strings.Contains(output, "Warning: Inv") {
		t.Errorf("the mocked test warns:\n%s", output)
	}
	const simulate = "svcacct-simulators -control 127.0.0.1:0 -- "
	g.follows(simulate + "terraform test")
	if output := g.follows(simulate + "sh tests/failure.sh"); !strings.Contains(output, "Error: Unable to rotate") {
		t.Errorf("no apply of the script failed:\n%s", output)
	}
}

// refusesInventedTexts plans with texts of the form that a mock provider invents.
func (g testingGuide) refusesInventedTexts() {
	g.t.Helper()
	g.Write(g.t, `
resource "svcacct_waldur_customer_service_account" "a" {
  customer_uuid        = "acme"
  preferred_identifier = "a"
}

resource "svcacct_wavefront_service_account_token" "a" {
  service_account = "p6cbp9oz"
  name            = "a"
}

resource "svcacct_wavefront_service_account" "a" {
  identifier = "sa::a"
  roles      = ["Writer"]
}

data "svcacct_waldur_customer_service_accounts" "a" {
  customer_uuid = "acme"
}
`)
	g.MustRun(g.t, 0, "-c", "terraform validate")
	output := g.MustRun(g.t, 1, "-c", "svcacct-simulators terraform plan")
	for summary, want := range map[string]int{
		"Error: Invalid UUID": 2, "Error: Invalid identifier": 1, "Error: Invalid Attribute Value Match": 1,
	} {
		if got := strings.Count(output, summary); got != want {
			g.t.Errorf("%q: %d times, want %d:\n%s", summary, got, want, output)
		}
	}
}

// needDefaults are the examples that fail with the invented values of a mock.
var needDefaults = []string{
	"data-sources/svcacct_waldur_customer/data-source.tf",     // a customer with max_service_accounts = 0
	"data-sources/svcacct_inventory/data-source-resources.tf", // expires_at is not a time
}

// mocksExamples applies every example of a resource or a data source, with a plain mock provider, where invented ids
// give warnings, and with the defaults of the guide, without a warning.
func (g testingGuide) mocksExamples() {
	g.t.Helper()
	const examples = "../../../examples/"
	requirement, _, _ := strings.Cut(g.reads(testingFolder+"main.tf"), "variable ")
	calls, count := requirement+"variable \"plain\" {\n  type = bool\n}\n", 0
	for _, pattern := range []string{"resources/*/resource.tf", "data-sources/*/*.tf"} {
		paths, _ := filepath.Glob(examples + pattern) // a good pattern
		for _, path := range paths {
			name := fmt.Sprintf("example_%d", count)
			condition := "1"
			if slices.Contains(needDefaults, strings.TrimPrefix(path, examples)) {
				condition = "var.plain ? 0 : 1"
			}
			const call = "module %q { # %s\n  count  = %s\n  source = \"./%s\"\n}\n"
			calls += fmt.Sprintf(call, name, path, condition, name)
			g.writes("mocked/"+name+"/main.tf", requirement+g.reads(path))
			count++
		}
	}
	g.writes("mocked/main.tf", calls)
	mock := "source = \"./mocks\""
	g.writes("mocked/mocks/svcacct.tfmock.hcl", g.reads(testingFolder+"tests/mocks/svcacct.tfmock.hcl"))
	if strings.Contains(g.MustRun(g.t, 0, "-c", "terraform version"), "OpenTofu") { // it has no source
		mock = g.reads(testingFolder + "tests/mocks/svcacct.tfmock.hcl")
	}
	const file = "mock_provider \"svcacct\" {\n%s\n}\n\nrun \"all\" {\n  variables {\n    plain = %t\n  }\n}\n"
	g.writes("mocked/defaults.tftest.hcl", fmt.Sprintf(file, mock, false))
	g.writes("mocked/plain.tftest.hcl", fmt.Sprintf(file, "", true))
	output := g.MustRun(g.t, 0, "-c", "cd mocked && terraform init >init.txt && terraform test")
	withDefaults, plain, _ := strings.Cut(output, "plain.tftest.hcl")
	if count < 20 || strings.Contains(withDefaults, "Warning") || !strings.Contains(plain, "Warning: Invalid UUID") {
		g.t.Errorf("%d examples; only the plain mock is to give warnings:\n%s", count, output)
	}
}
