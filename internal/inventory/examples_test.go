package inventory_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// Each example warns of what it is made for. Together they are one configuration.
func TestAccExamples(t *testing.T) {
	w := start(t)
	folder := filepath.Join("..", "..", "examples", "data-sources", typeName)
	files, err := filepath.Glob(filepath.Join(folder, "*.tf"))
	if err != nil || len(files) != 4 {
		t.Fatalf("found %d examples: %v", len(files), err)
	}
	var config strings.Builder
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		config.Write(content)
	}
	workspace := acctest.NewWorkspace(t, config.String(), w.Environment()...)
	output, code, err := workspace.Run(context.Background(), "apply", "-auto-approve", "-no-color")
	if err != nil || code != 0 {
		t.Fatalf("%d, %v: %s", code, err, output)
	}
	for _, want := range []string{
		"wavefront: busy of sa::build, 2400h old", "wavefront: idle of sa::build, 4800h old", "idle of sa::build\n",
		"In state Erred: project_service_account svc-failed", "Not managed here: sa::build, sa::legacy",
		"Keys that end within two weeks: svc-",
	} {
		if !strings.Contains(output, want) {
			t.Errorf("%q is missing in:\n%s", want, output)
		}
	}
}

// The import blocks of the guide import all that there is. A plan writes the resource blocks. Only the account in
// state Erred is changed.
func TestAccGuide(t *testing.T) {
	w := start(t)
	workspace, imports, output := imported(t, w.Environment()...)
	want := fmt.Sprintf("%d imported, 0 added, 1 changed, 0 destroyed", imports)
	if !strings.Contains(output, want) {
		t.Errorf("%q is missing in:\n%s", want, output)
	}
	workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
}

// imported follows the guide up to the apply. It returns how many import blocks there were, and what the apply printed.
func imported(t *testing.T, env ...string) (workspace acctest.Workspace, imports int, output string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "guides", "adopting", "inventory.tf"))
	if err != nil {
		t.Fatal(err)
	}
	acctest.NeedsFeatures(t, "-generate-config-out")
	workspace = acctest.NewWorkspace(t, string(text), env...)
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	outputs, err := workspace.Outputs(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	blocks := outputs["imports"]
	workspace.Write(t, blocks)
	workspace.MustRun(t, 0, "plan", "-generate-config-out=generated.tf")
	workspace.Write(t, strings.ReplaceAll(blocks, "  provider = svcacct\n", ""))
	output = workspace.MustRun(t, 0, "apply", "-auto-approve", "-no-color")
	return workspace, strings.Count(blocks, "import {"), output
}

// Both ways of the guide adopt 400 accounts, and later plans cost a few requests.
func TestAccGuide_manyAccounts(t *testing.T) {
	const many = 400
	for name, adopt := range map[string]func(*testing.T, []string) (acctest.Workspace, string){
		"inventory": func(t *testing.T, env []string) (acctest.Workspace, string) {
			workspace, _, output := imported(t, env...)
			return workspace, output
		},
		"query": func(t *testing.T, env []string) (acctest.Workspace, string) {
			acctest.NeedsFeatures(t, "list \"")
			workspace := acctest.NewWorkspace(t, "provider \"svcacct\" {}\n", env...)
			const list = "list \"svcacct_wavefront_service_account\" \"all\" {\n" +
				"  provider = svcacct\n  limit    = 500\n}\n"
			if err := os.WriteFile(filepath.Join(workspace.Dir, "all.tfquery.hcl"), []byte(list), 0o600); err != nil {
				t.Fatal(err)
			}
			workspace.MustRun(t, 0, "query", "-generate-config-out=generated.tf")
			return workspace, workspace.MustRun(t, 0, "apply", "-auto-approve", "-no-color")
		},
	} {
		t.Run(name, func(t *testing.T) {
			sim := wavefrontsim.New(wavefrontsim.Options{})
			for i := range many {
				sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: fmt.Sprintf("sa::job-%03d", i)})
			}
			server := httptest.NewServer(sim)
			t.Cleanup(server.Close)
			workspace, output := adopt(t, []string{"WAVEFRONT_ADDRESS=" + server.URL, "WAVEFRONT_TOKEN=" + sim.Token()})
			want := fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", many)
			if !strings.Contains(output, want) {
				t.Errorf("%q is missing in:\n%.2000s", want, output)
			}
			sim.ResetRequests()
			workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
			if got := len(sim.Requests()); got > 10 {
				t.Errorf("the plan after it sent %d requests", got)
			}
		})
	}
}
