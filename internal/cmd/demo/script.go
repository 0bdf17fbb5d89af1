package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
	"github.com/svcacct/terraform-provider-svcacct/internal/simulators"
)

// demo plays the scenes in order and stops at the first that fails.
type demo struct {
	world     *simulators.World
	workspace *cli.Workspace
	out       io.Writer
}

// keys are the outputs of the configuration that hold a key.
var keys = []string{"billing_key", "pipeline_key"}

func (d *demo) play(ctx context.Context) error {
	var before, after map[string]string
	return firstError(
		func() error { return d.add("main.tf") },
		func() error { return d.quiet(ctx, "init") },
		func() error {
			return d.scene(ctx, "Plan a customer and a project service account, and a robot account", 2, "plan", "-detailed-exitcode")
		},
		func() error { return d.scene(ctx, "Apply", 0, "apply", "-auto-approve") },
		func() error { return d.scene(ctx, "A second plan is empty", 0, "plan", "-detailed-exitcode") },
		func() (err error) { before, err = d.workspace.Outputs(ctx); return err },
		func() error { return d.probe(ctx, "The keys work", before, true) },
		func() error {
			return d.scene(ctx, "A changed keeper rotates the keys, in place", 0, "apply", "-auto-approve", "-var=release=2026.2")
		},
		func() (err error) { after, err = d.workspace.Outputs(ctx); return err },
		func() error { return d.probe(ctx, "The old keys are dead", before, false) },
		func() error { return d.probe(ctx, "The new keys work", after, true) },
		func() error { return d.add("import.tf") },
		func() error {
			return d.scene(ctx, "Import an account that was made by hand", 0, "apply", "-auto-approve", "-var=release=2026.2")
		},
		func() error {
			return d.scene(ctx, "The plan after it is empty", 0, "plan", "-detailed-exitcode", "-var=release=2026.2")
		},
		func() error {
			return d.scene(ctx, "The robot account goes to another state", 0, "apply", "-auto-approve", "-var=release=2026.2", "-var=robot_state=Error")
		},
		func() error {
			return d.scene(ctx, "There is no way back, and the plan says so", 1, "plan", "-var=release=2026.2", "-var=robot_state=OK")
		},
		func() error { return d.query(ctx) },
		func() error {
			return d.scene(ctx, "Destroy", 0, "destroy", "-auto-approve", "-var=release=2026.2", "-var=robot_state=Error")
		},
		func() error { return d.probe(ctx, "Nothing works any more", after, false) },
		d.nothingLeft,
	)
}

func firstError(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// add puts a file of examples/demo into the workspace.
func (d *demo) add(name string) error {
	text, err := os.ReadFile(filepath.Join("examples", "demo", name))
	if err != nil {
		return fmt.Errorf("run the demo from the top of the repository: %w", err)
	}
	return os.WriteFile(filepath.Join(d.workspace.Dir, name), text, 0o600)
}

// query lists all accounts, with a CLI that can: Terraform from 1.14.
func (d *demo) query(ctx context.Context) error {
	version, _, err := d.workspace.Run(ctx, "version")
	var minor int
	if _, scanErr := fmt.Sscanf(version, "Terraform v1.%d.", &minor); err != nil || scanErr != nil || minor < 14 {
		d.say("\n== Finding all accounts needs Terraform 1.14: left out\n")
		return err
	}
	if err := d.add("accounts.tfquery.hcl"); err != nil {
		return err
	}
	return d.scene(ctx, "Find all accounts", 0, "query")
}

func (d *demo) quiet(ctx context.Context, args ...string) error {
	output, code, err := d.workspace.Run(ctx, args...)
	if err == nil && code != 0 {
		err = fmt.Errorf("%s ended with %d:\n%s", args[0], code, output)
	}
	return err
}

// scene runs a command, shows what it wrote, and what it asked of the simulators.
func (d *demo) scene(ctx context.Context, title string, wantCode int, args ...string) error {
	d.world.Waldur.ResetRequests()
	d.say("\n== %s\n   $ %s %s\n", title, d.workspace.Name(), strings.Join(args, " "))
	output, code, err := d.workspace.Run(ctx, append(slices.Clone(args), "-no-color")...)
	if err != nil {
		return err
	}
	for line := range strings.Lines(output) {
		d.say("   | %s", line)
	}
	if code != wantCode {
		return fmt.Errorf("%s: exit code %d, want %d", title, code, wantCode)
	}
	d.cost()
	return nil
}

func (d *demo) cost() {
	requests := d.world.Waldur.Requests()
	byOperation := map[string]int{}
	var order []string
	for _, request := range requests {
		name := request.Method + " " + generic(request.Path)
		if byOperation[name]++; byOperation[name] == 1 {
			order = append(order, name)
		}
	}
	d.say("   requests to Waldur: %d\n", len(requests))
	for _, name := range order {
		d.say("     %2d x %s\n", byOperation[name], name)
	}
}

// generic puts {uuid} for the identifiers in a path.
func generic(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if len(part) == 32 && strings.Trim(part, "0123456789abcdef") == "" {
			parts[i] = "{uuid}"
		}
	}
	return strings.Join(parts, "/")
}

// probe shows keys to the account service, which says whether it takes them.
func (d *demo) probe(ctx context.Context, title string, outputs map[string]string, want bool) error {
	d.say("\n== %s\n", title)
	for _, name := range keys {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.world.WaldurProbe(), nil)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+outputs[name])
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			return err
		}
		d.say("   %-13s -> %d %s\n", name, resp.StatusCode, strings.TrimSpace(string(body)))
		if works := resp.StatusCode == http.StatusOK; outputs[name] == "" || works != want {
			return fmt.Errorf("%s: %s answered %d", title, name, resp.StatusCode)
		}
	}
	return nil
}

func (d *demo) nothingLeft() error {
	for _, account := range d.world.Waldur.ServiceAccounts() {
		if account["state"] != "Closed" {
			return fmt.Errorf("account %v is left behind", account["username"])
		}
	}
	if robots := d.world.Waldur.RobotAccounts(); len(robots) > 0 {
		return fmt.Errorf("%d robot accounts are left behind", len(robots))
	}
	d.say("\nAll accounts are closed. The demo is over.\n")
	return nil
}

func (d *demo) say(format string, args ...any) { _, _ = fmt.Fprintf(d.out, format, args...) }
