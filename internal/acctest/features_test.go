package acctest

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestLacks(t *testing.T) {
	for name, test := range map[string]struct{ version, config, want string }{
		"a resource":                 {"Terraform v1.5.7\n", "resource \"x\" \"y\" {\n}\n", ""},
		"an import block":            {"Terraform v1.5.7\n", "import {\n  to = x.y\n  id = \"1\"\n}\n", ""},
		"a write-only attribute":     {"Terraform v1.10.5\n", "  api_key_wo = 1\n", "write-only arguments"},
		"a version of such a one":    {"Terraform v1.10.5\n", "  api_key_wo_version = 1\n", ""},
		"a CLI that is new enough":   {"Terraform v1.11.0\n", "  api_key_wo = 1\n", ""},
		"the same number, other CLI": {"OpenTofu v1.10.6\n", "ephemeral \"x\" \"y\" {\n", "ephemeral resources"},
		"Terraform of that number":   {"Terraform v1.10.5\n", "ephemeral \"x\" \"y\" {\n", ""},
		"an identity": {"Terraform v1.11.4\n", "import {\n  identity = {}\n}\n",
			"`import` blocks with `identity`"},
		"an id with a value in it": {"Terraform v1.5.7\n", "import {\n  to = x.y\n  id = \"${x.u}/1\"\n}\n",
			"`import` blocks whose `id` is an expression"},
		"an id of another object": {"Terraform v1.5.7\n", "import {\n  id = x.y.id\n}\n",
			"`import` blocks whose `id` is an expression"},
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

// row returns the row of a feature in the table of a page, without its name.
func row(page, feature string) (text string, found bool) {
	_, text, found = strings.Cut(page, "\n| "+feature)
	text, _, _ = strings.Cut(text, "\n")
	return text, found
}

// overview is the page with the table of the features.
func overview(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/guides/overview.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// The overview has the versions by which tests are skipped.
func TestFeaturesInTheOverview(t *testing.T) {
	page := overview(t)
	for _, f := range features {
		openTofu := "not yet"
		if f.openTofu < never {
			openTofu = fmt.Sprintf("1.%d", f.openTofu)
		}
		text, found := row(page, f.name)
		if want := fmt.Sprintf("| 1.%d | %s |", f.minor, openTofu); !found || !strings.Contains(text, want) {
			t.Errorf("the row of %q has not %q: %s", f.name, want, text)
		}
	}
}

// The last column of the overview has what ran: each feature that a run has used is there with the version of the CLI,
// and after a run of all tests no other feature is.
func TestFeaturesThatRan(t *testing.T) {
	path := os.Getenv(ranFile)
	if path == "" {
		t.Skip("after a run of the acceptance tests: needs " + ranFile)
	}
	lines, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all := os.Getenv("SVCACCT_ACC_PART") == ""
	for _, problem := range unlike(overview(t), string(lines), all) {
		t.Error(problem)
	}
}

// unlike compares the table of a page with lines of features that ran. All says that all tests have run.
func unlike(page, lines string, all bool) (problems []string) {
	ran := map[string]bool{}
	var product string
	var minor int
	for line := range strings.Lines(lines) {
		version, name, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if _, err := fmt.Sscanf(version, "%s v1.%d.", &product, &minor); err != nil {
			return []string{err.Error()}
		}
		ran[name] = true
	}
	version := fmt.Sprintf("%s 1.%d", product, minor)
	if !strings.Contains(page, "with "+version) && !strings.Contains(page, "| "+version) &&
		!strings.Contains(page, ", "+version+" |") {
		return nil // a version that the table leaves out
	}
	for _, f := range features {
		text, _ := row(page, f.name)
		switch stated := strings.Contains(text, version+" ") || strings.Contains(text, version+","); {
		case ran[f.name] && !stated:
			problems = append(problems, fmt.Sprintf("%s: %s ran it, and the table does not say so", f.name, version))
		case !ran[f.name] && stated && all:
			problems = append(problems, fmt.Sprintf("%s: the table has %s, and no test has run it", f.name, version))
		}
	}
	return problems
}

func TestUnlike(t *testing.T) {
	const page = "\n| `removed` blocks | x | 1.7 | 1.7 | Terraform 1.16, OpenTofu 1.12 |\n" +
		"| actions | x | 1.14 | not yet | Terraform 1.16 |\n"
	for name, test := range map[string]struct {
		lines string
		all   bool
		want  int
	}{
		"all of them":              {"Terraform v1.16.0\tactions\nTerraform v1.16.0\t`removed` blocks\n", true, 0},
		"a part":                   {"Terraform v1.16.0\tactions\n", false, 0},
		"one is missing":           {"Terraform v1.16.0\tactions\n", true, 1},
		"more than the table says": {"OpenTofu v1.12.6\tactions\nOpenTofu v1.12.6\t`removed` blocks\n", true, 1},
		"another version":          {"OpenTofu v1.10.7\tactions\n", true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := unlike(page, test.lines, test.all); len(got) != test.want {
				t.Errorf("got %q, want %d", got, test.want)
			}
		})
	}
}
