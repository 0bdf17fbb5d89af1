package inventory_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
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
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "guides", "adopting", "inventory.tf"))
	if err != nil {
		t.Fatal(err)
	}
	w := start(t)
	acctest.NeedsFeatures(t, "-generate-config-out")
	workspace := acctest.NewWorkspace(t, string(text), w.Environment()...)
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	outputs, err := workspace.Outputs(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	imports := outputs["imports"]
	workspace.Write(t, imports)
	workspace.MustRun(t, 0, "plan", "-generate-config-out=generated.tf")
	workspace.Write(t, strings.ReplaceAll(imports, "  provider = svcacct\n", ""))
	want := fmt.Sprintf("%d imported, 0 added, 1 changed, 0 destroyed", strings.Count(imports, "import {"))
	if output := workspace.MustRun(t, 0, "apply", "-auto-approve", "-no-color"); !strings.Contains(output, want) {
		t.Errorf("%q is missing in:\n%s", want, output)
	}
	workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
}
