// Package cli runs a real Terraform or OpenTofu with a provider that was built on this machine,
// without any registry.
package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// version is the version under which the locally built provider is installed.
const version = "0.0.1"

// hosts are the registries whose names the CLIs put before a provider's address.
var hosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// Workspace is a folder with a configuration, and the CLI that runs there.
type Workspace struct {
	Dir string

	cli string
	env []string
}

// Setenv adds a variable to the environment of the runs that follow.
func (w *Workspace) Setenv(name, value string) { w.env = append(w.env, name+"="+value) }

// New prepares a folder: it gets the provider as if a registry had served it, and a CLI
// configuration that looks nowhere else. The environment of the process is passed on, except for
// settings of Terraform and of the systems; env is added.
func New(dir, cli, provider string, env ...string) (*Workspace, error) {
	mirror := filepath.Join(dir, ".mirror")
	for _, host := range hosts {
		to := filepath.Join(mirror, host, "svcacct", "svcacct", version, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(to, 0o755); err != nil {
			return nil, err
		}
		if err := os.Symlink(provider, filepath.Join(to, "terraform-provider-svcacct_v"+version)); err != nil {
			return nil, err
		}
	}
	config := filepath.Join(dir, ".tfrc")
	text := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	w := &Workspace{Dir: dir, cli: cli, env: Environment()}
	w.env = append(w.env, "TF_CLI_CONFIG_FILE="+config, "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1")
	w.env = append(w.env, env...)
	return w, nil
}

// Environment returns the environment of the process without settings of Terraform and of the systems.
func Environment() []string {
	return slices.DeleteFunc(os.Environ(), stripped)
}

// With returns a workspace in the same folder and environment that runs another program.
func (w *Workspace) With(program string) *Workspace {
	other := *w
	other.cli = program
	return &other
}

// Name returns the name of the CLI's program.
func (w *Workspace) Name() string { return filepath.Base(w.cli) }

// stripped reports whether the CLI does not get a variable of the environment: settings of
// Terraform and of the systems.
func stripped(setting string) bool {
	for _, prefix := range []string{"TF_", "WALDUR_", "WAVEFRONT_", "IC_", "SVCACCT_AGE_", "SVCACCT_IMPORT_"} {
		if strings.HasPrefix(setting, prefix) {
			return true
		}
	}
	return false
}

// Run runs a command of the CLI, and interrupts it as Ctrl-C does when the context ends. It returns
// everything that the CLI wrote, the exit code, and an error if it could not be run at all.
func (w *Workspace) Run(ctx context.Context, args ...string) (output string, exitCode int, err error) {
	var out bytes.Buffer
	err = w.run(ctx, &out, &out, args)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return out.String(), exit.ExitCode(), nil
	}
	return out.String(), 0, err
}

// Outputs returns the values of the root module's outputs, sensitive ones too.
func (w *Workspace) Outputs(ctx context.Context) (map[string]string, error) {
	var out, problems bytes.Buffer
	if err := w.run(ctx, &out, &problems, []string{"output", "-json"}); err != nil {
		return nil, fmt.Errorf("output -json: %w: %s", err, problems.String())
	}
	var outputs map[string]struct{ Value string }
	if err := json.Unmarshal(out.Bytes(), &outputs); err != nil {
		return nil, fmt.Errorf("output -json: %w", err)
	}
	values := map[string]string{}
	for name, output := range outputs {
		values[name] = output.Value
	}
	return values, nil
}

func (w *Workspace) run(ctx context.Context, stdout, stderr *bytes.Buffer, args []string) error {
	command := exec.CommandContext(ctx, w.cli, args...)
	// Terraform then finishes what it has begun
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = time.Minute
	command.Dir, command.Env = w.Dir, w.env
	command.Stdout, command.Stderr = stdout, stderr
	return command.Run()
}

// Signal sends a signal to all processes of a program, given by its path, that run in a folder; "": in any. It finds
// them in /proc.
func Signal(program, dir string, signal os.Signal) {
	links, _ := filepath.Glob("/proc/[0-9]*/exe") // a good pattern
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != program {
			continue
		}
		if cwd, err := os.Readlink(filepath.Join(filepath.Dir(link), "cwd")); dir != "" && (err != nil || cwd != dir) {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(link)))
		if process, err := os.FindProcess(pid); err == nil {
			_ = process.Signal(signal) // it may have ended
		}
	}
}
