package acctest

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// Server is one system that a test runs against, as the provider's settings name it. Tests may
// change the settings.
type Server struct {
	Clock    *Clock
	System   tfkit.System
	Settings map[string]string // by their names in the block
	// Real says that it is the server that the environment of the tests names.
	Real bool
}

// Simulated skips a test on a real server, with the reason why it needs a simulator.
func (s *Server) Simulated(t *testing.T, why string) {
	t.Helper()
	if s.Real {
		t.Skipf("needs the simulator: %s", why)
	}
}

// RealOnly skips a test on a simulator: the test repeats what tests of the simulator show in more detail.
func (s *Server) RealOnly(t *testing.T) {
	t.Helper()
	if !s.Real {
		t.Skipf("%s does not name %s", liveVariable, s.System.Block)
	}
}

// With returns the same server with another setting.
func (s *Server) With(name, value string) *Server {
	other := *s
	other.Settings = maps.Clone(s.Settings)
	other.Settings[name] = value
	return &other
}

// Config puts the provider block for this server on top of a configuration. For a real server the block
// is empty: its settings are in the environment of the provider, and its credential is in no file.
func (s *Server) Config(body string) string {
	if s.Real {
		return "provider \"svcacct\" {}\n\n" + body
	}
	var block strings.Builder
	for _, setting := range s.System.Settings {
		fmt.Fprintf(&block, "    %s = %q\n", setting.Name, s.Settings[setting.Name])
	}
	return fmt.Sprintf("provider \"svcacct\" {\n  %s = {\n%s  }\n}\n\n%s", s.System.Block, block.String(), body)
}

// Run runs the steps against this server.
func (s *Server) Run(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	s.RunFrom(t, nil, steps...)
}

// RunFrom is Run, skipped with a CLI that is older than a feature needs.
func (s *Server) RunFrom(t *testing.T, oldest *version.Version, steps ...resource.TestStep) {
	t.Helper()
	c := resource.TestCase{Steps: steps}
	if oldest != nil {
		c.TerraformVersionChecks = []tfversion.TerraformVersionCheck{tfversion.SkipBelow(oldest)}
	}
	for i := range steps {
		if steps[i].Config != "" && !steps[i].Query && !strings.Contains(steps[i].Config, "provider \"svcacct\"") {
			steps[i].Config = s.Config(steps[i].Config)
		}
	}
	Run(t, s.Clock, c)
}

// Workspace is a run of the CLI with the provider in a process of its own, as a user has it. It is
// for tests that terraform-plugin-testing can't run.
type Workspace struct {
	*cli.Workspace
	provider string // the program
}

// NewWorkspace prepares a workspace for this server in a test of its own.
func (s *Server) NewWorkspace(t *testing.T, config string, env ...string) Workspace {
	t.Helper()
	return NewWorkspace(t, config, append(env, s.environment()...)...)
}

// NewWorkspaceFor114 is NewWorkspace, skipped with a CLI that has neither list resources nor
// actions: Terraform before 1.14, and OpenTofu.
func (s *Server) NewWorkspaceFor114(t *testing.T, config string, env ...string) Workspace {
	t.Helper()
	NeedsFeatures(t, "list \"", "action \"")
	return s.NewWorkspace(t, config, env...)
}

// environment returns the settings of the provider for this server, as NAME=value.
func (s *Server) environment() []string {
	var env []string
	for _, setting := range s.System.Settings {
		env = append(env, setting.Variable+"="+s.Settings[setting.Name])
	}
	return env
}

// NewWorkspace prepares a workspace in a test of its own. The environment has the settings of the
// servers.
func NewWorkspace(t *testing.T, config string, env ...string) Workspace {
	t.Helper()
	NeedsCLI(t)
	t.Parallel()
	return newWorkspace(t, config, env...)
}

// NeedsCLI skips a test unless a real CLI is given.
func NeedsCLI(t *testing.T) {
	t.Helper()
	if os.Getenv(resource.EnvTfAcc) == "" || os.Getenv("TF_ACC_TERRAFORM_PATH") == "" {
		t.Skip("an acceptance test: needs TF_ACC and TF_ACC_TERRAFORM_PATH")
	}
}

// providerProgram builds the provider once for all workspaces of a package: to link it takes seconds. Each workspace
// has a copy under a path of its own, by which Killer finds the process.
var providerProgram = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "svcacct-provider-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	program := filepath.Join(folder, "terraform-provider-svcacct")
	if out, err := exec.CommandContext(context.Background(), "go", "build", "-o", program,
		"github.com/svcacct/terraform-provider-svcacct").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return os.ReadFile(program)
})

func newWorkspace(t *testing.T, config string, env ...string) Workspace {
	t.Helper()
	program, err := providerProgram()
	if err != nil {
		t.Fatal(err)
	}
	provider := filepath.Join(t.TempDir(), "terraform-provider-svcacct")
	if err := os.WriteFile(provider, program, 0o700); err != nil {
		t.Fatal(err)
	}
	made, err := cli.New(t.TempDir(), os.Getenv("TF_ACC_TERRAFORM_PATH"), provider, env...)
	if err != nil {
		t.Fatal(err)
	}
	w := Workspace{made, provider}
	w.Write(t, config)
	w.MustRun(t, 0, "init")
	return w
}

// Write replaces the configuration. It skips the test if the configuration needs a newer CLI.
func (w Workspace) Write(t *testing.T, config string) {
	t.Helper()
	NeedsFeatures(t, config)
	const preamble = "terraform {\n  required_providers {\n    svcacct = { source = \"svcacct/svcacct\" }\n  }\n}\n\n"
	if err := os.WriteFile(filepath.Join(w.Dir, "main.tf"), []byte(preamble+config), 0o600); err != nil {
		t.Fatal(err)
	}
}

// MustRun runs a command of the CLI and checks its exit code.
func (w Workspace) MustRun(t *testing.T, wantCode int, args ...string) (output string) {
	t.Helper()
	output, code, err := w.Run(context.Background(), args...)
	if err != nil || code != wantCode {
		t.Fatalf("%v ended with %d, want %d (%v):\n%s", args, code, wantCode, err, output)
	}
	return output
}
