package wavefront_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// The configuration that a query writes imports all found objects, and does not change them. Tokens that
// no configuration can name are not found.
func TestAccQuery_imports(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	p := newPlace(w)
	w.Sim.AddServiceAccount(
		wavefrontsim.ServiceAccount{
			Identifier: "sa::ci", Description: "builds", Permissions: []string{"ingestion"}, Roles: []string{p.role},
			UserGroups: []string{p.group},
		},
	)
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::backup", Inactive: true})
	w.Sim.AddToken("sa::ci", "deploy")
	w.Sim.AddToken("sa::ci", "night/ly")
	w.Sim.AddToken("sa::backup", "deploy")
	for _, unfit := range []string{
		"", " padded", "twice", "twice", "old (previous)", "run (temporary until 2026-03-01T12:00:00Z, ABCDEF27)",
	} {
		w.Sim.AddToken("sa::backup", unfit)
	}
	workspace := w.NewWorkspaceFor114(t, "provider \"svcacct\" {}\n")
	lists := `list "svcacct_wavefront_service_account" "all" {
  provider         = svcacct
  include_resource = true
}
list "svcacct_wavefront_service_account_token" "all" {
  provider         = svcacct
  include_resource = true
}
`
	if err := os.WriteFile(filepath.Join(workspace.Dir, "all.tfquery.hcl"), []byte(lists), 0o600); err != nil {
		t.Fatal(err)
	}
	output := workspace.MustRun(t, 0, "query", "-generate-config-out=generated.tf")
	generated, err := os.ReadFile(filepath.Join(workspace.Dir, "generated.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range w.Sim.Tokens() {
		if strings.Contains(output+string(generated), key) {
			t.Error("a token is in the output or the configuration")
		}
	}
	output = workspace.MustRun(t, 0, "apply", "-auto-approve")
	if want := "5 imported, 0 added, 0 changed, 0 destroyed"; !strings.Contains(output, want) {
		t.Errorf("not found in the output: %s\n%s", want, output[max(0, len(output)-2000):])
	}
	workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
}

func TestAccQuery_filters(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	for _, identifier := range []string{"sa::ci", "sa::backup"} {
		w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: identifier})
		w.Sim.AddToken(identifier, "deploy")
	}
	workspace := w.NewWorkspaceFor114(t, "provider \"svcacct\" {}\n")
	for _, test := range []struct {
		kind, config string
		want, not    string
	}{
		{
			"service_account", `search = [{ key = "identifier", values = ["ci"], matching_method = "CONTAINS" }]`,
			"sa::ci", "sa::backup",
		},
		{
			"service_account", `search = [{ key = "identifier", values = ["ci"], negated = true }]`, "sa::backup",
			"sa::ci",
		},
		{"service_account_token", `service_account = "sa::ci"`, "sa::ci/deploy", "sa::backup"},
		{"service_account_token", ``, "sa::backup/deploy", "nothing"},
	} {
		list := fmt.Sprintf(
			"list \"svcacct_wavefront_%s\" \"some\" {\n  provider = svcacct\n  config {\n    %s\n  }\n}\n", test.kind,
			test.config,
		)
		if err := os.WriteFile(filepath.Join(workspace.Dir, "some.tfquery.hcl"), []byte(list), 0o600); err != nil {
			t.Fatal(err)
		}
		output := workspace.MustRun(t, 0, "query")
		if !strings.Contains(output, test.want) || strings.Contains(output, test.not) {
			t.Errorf("%s %s:\n%s", test.kind, test.config, output)
		}
	}
}
