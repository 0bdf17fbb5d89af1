package acctest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
)

// A feature is a part of the configuration language that older CLIs do not have.
type feature struct {
	name     string         // how its row in the table of the overview begins
	pattern  *regexp.Regexp // finds it in a configuration
	minor    int            // of the first Terraform 1.x that has it
	openTofu int            // of the first OpenTofu 1.x that has it; never, if none has
}

const never = 1 << 20

var features = []feature{
	{"`import` blocks whose `id` is an expression",
		regexp.MustCompile(`(?ms)^import \{[^}]*\bid += +([^"\s]|"[^"\n]*\$\{)`), 6, 6},
	{"`terraform test`", regexp.MustCompile(`(?m)^run "`), 6, 6},
	// Terraform 1.5 has the option, and crashes on the import blocks of this provider.
	{"`plan -generate-config-out`", regexp.MustCompile(`-generate-config-out`), 6, 6},
	{"`mock_provider` in tests", regexp.MustCompile(`(?m)^mock_provider "`), 7, 8},
	{"`import` blocks with `for_each`", regexp.MustCompile(`(?ms)^import \{[^}]*for_each`), 7, 7},
	{"`removed` blocks", regexp.MustCompile(`(?m)^removed \{`), 7, 7},
	{"functions of a provider", regexp.MustCompile(`provider::`), 8, 7},
	{"`moved` between providers", regexp.MustCompile(`(?ms)^moved \{[^}]*from += wavefront_`), 8, 10},
	{"ephemeral resources", regexp.MustCompile(`(?m)^\s*ephemeral "|= ephemeralasnull\(|\bephemeral += true`), 10, 11},
	{"write-only arguments", regexp.MustCompile(`(?m)^\s*\w+_wo +=`), 11, 11},
	{"`import` blocks with `identity`", regexp.MustCompile(`(?ms)^import \{[^}]*identity`), 12, 12},
	{"list resources", regexp.MustCompile(`(?m)^list "`), 14, never},
	{"actions", regexp.MustCompile(`(?m)^\s*action "|action_trigger`), 14, never},
}

// lacks returns the name of a feature that a configuration uses and the CLI with this output of its command
// "version" does not have, and "" if there is none or the CLI is unknown.
func lacks(version, config string) string {
	var product string
	var minor int
	if _, err := fmt.Sscanf(version, "%s v1.%d.", &product, &minor); err != nil {
		return ""
	}
	for _, f := range features {
		oldest := f.minor
		if product == "OpenTofu" {
			oldest = f.openTofu
		}
		if minor < oldest && f.pattern.MatchString(config) {
			return f.name
		}
	}
	return ""
}

// cliVersion returns the first line that the CLI of the tests prints about its version.
var cliVersion = sync.OnceValue(func() string {
	output, err := exec.CommandContext(context.Background(), os.Getenv("TF_ACC_TERRAFORM_PATH"), "version").Output()
	if err != nil {
		return ""
	}
	version, _, _ := strings.Cut(string(output), "\n")
	return version
})

// ranFile is the environment variable with the name of a file to which a run of the tests adds a line for each feature
// that a test uses: the version of the CLI, a tab, and the name of the feature.
const ranFile = "SVCACCT_ACC_FEATURES"

// record adds the features of a configuration to the file of the features that have run.
func record(version, config string) error {
	path := os.Getenv(ranFile)
	if path == "" {
		return nil
	}
	var lines strings.Builder
	for _, f := range features {
		if f.pattern.MatchString(config) {
			_, _ = fmt.Fprintf(&lines, "%s\t%s\n", version, f.name)
		}
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(lines.String())
	return errors.Join(err, file.Close())
}

// NeedsFeatures skips a test whose configurations need a newer CLI.
func NeedsFeatures(t *testing.T, configs ...string) {
	t.Helper()
	if os.Getenv(resource.EnvTfAcc) == "" {
		return
	}
	for _, config := range configs {
		if name := lacks(cliVersion(), config); name != "" {
			t.Skipf("the CLI has no %s: %s", name, cliVersion())
		}
		if err := record(cliVersion(), config); err != nil {
			t.Fatal(err)
		}
	}
}

// WithLists returns steps with list resources, and none if the CLI has no list resources.
func WithLists(steps ...resource.TestStep) []resource.TestStep {
	if os.Getenv(resource.EnvTfAcc) == "" || lacks(cliVersion(), "list \"") != "" {
		return nil
	}
	return steps
}
