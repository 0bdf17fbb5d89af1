package guidetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
)

// testingGuide is a workspace for the commands of the guide "Testing your modules without an account". In them,
// terraform is the CLI of the tests.
type testingGuide struct {
	acctest.Workspace
	t    *testing.T
	text string // of the guide
}

func newTestingGuide(t *testing.T) testingGuide {
	t.Helper()
	g := testingGuide{acctest.NewWorkspace(t, ""), t, ""}
	g.text = g.reads("../../../docs/guides/testing.md")
	bin := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", bin,
		"github.com/svcacct/terraform-provider-svcacct/internal/cmd/svcacct-simulators")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s: %s", err, output)
	}
	if err := os.Symlink(os.Getenv("TF_ACC_TERRAFORM_PATH"), filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	g.Workspace.Workspace = g.With("sh")
	g.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	g.Setenv("TF_CLI_ARGS", "-no-color")
	return g
}

// follows runs a command that the guide prints, and returns its output.
func (g testingGuide) follows(command string) (output string) {
	g.t.Helper()
	if !strings.Contains(g.text, "\n"+command+"\n") {
		g.t.Errorf("the guide does not print %q", command)
	}
	return g.MustRun(g.t, 0, "-c", command)
}

func (g testingGuide) reads(path string) string {
	g.t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		g.t.Fatal(err)
	}
	return string(text)
}

// writes writes a file of the workspace.
func (g testingGuide) writes(name, text string) {
	g.t.Helper()
	path := filepath.Join(g.Dir, name)
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o600)
	}
	if err != nil {
		g.t.Fatal(err)
	}
}
