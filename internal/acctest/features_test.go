package acctest

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestLacks(t *testing.T) {
	for name, test := range map[string]struct{ version, config, want string }{
		"a resource":      {"Terraform v1.5.7\n", "resource \"x\" \"y\" {\n}\n", ""},
		"an import block": {"Terraform v1.5.7\n", "import {\n  to = x.y\n  id = \"1\"\n}\n", ""},
		"an import block of 1.6": {"Terraform v1.5.7\n", "import {\n  to = x.y\n  id = \"${data.x.y.id}/1\"\n}\n",
			"`import` blocks with an expression as `id`"},
		"the same with a name": {"Terraform v1.5.7\n", "import {\n  id = x.y.id\n}\n",
			"`import` blocks with an expression as `id`"},
		"a write-only attribute":     {"Terraform v1.10.5\n", "  api_key_wo = 1\n", "write-only arguments"},
		"a version of such a one":    {"Terraform v1.10.5\n", "  api_key_wo_version = 1\n", ""},
		"a CLI that is new enough":   {"Terraform v1.11.0\n", "  api_key_wo = 1\n", ""},
		"the same number, other CLI": {"OpenTofu v1.10.6\n", "ephemeral \"x\" \"y\" {\n", "ephemeral resources"},
		"Terraform of that number":   {"Terraform v1.10.5\n", "ephemeral \"x\" \"y\" {\n", ""},
		"an identity": {"Terraform v1.11.4\n", "import {\n  identity = {}\n}\n",
			"`import` blocks with `identity`"},
		"an action":               {"OpenTofu v1.99.0\n", "action \"x\" \"y\" {\n", "actions"},
		"a function":              {"Terraform v1.5.7\n", "provider::svcacct::f(1)", "functions of a provider"},
		"a CLI without a version": {"", "action \"x\" \"y\" {\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := lacks(test.version, test.config); got != test.want {
				t.Errorf("lacks %q, want %q", got, test.want)
			}
		})
	}
}

// The overview has the versions by which tests are skipped.
func TestFeaturesInTheOverview(t *testing.T) {
	page, err := os.ReadFile("../../docs/guides/overview.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range features {
		openTofu := "not yet"
		if f.openTofu < never {
			openTofu = fmt.Sprintf("1.%d", f.openTofu)
		}
		_, row, found := strings.Cut(string(page), "\n| "+f.name)
		row, _, _ = strings.Cut(row, "\n")
		if want := fmt.Sprintf("| 1.%d | %s |", f.minor, openTofu); !found || !strings.Contains(row, want) {
			t.Errorf("the row of %q has not %q: %s", f.name, want, row)
		}
	}
}
