package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

// demo plays the scenes in order and stops at the first that fails.
type demo struct {
	world     *world.World
	workspace *cli.Workspace
	out       io.Writer
}

// key is an output of the configuration that holds a key.
type key struct {
	output, system string
	user           string // the user of the key, for a system that needs it
	address        string // an address from which the key works, if it is restricted
}

var keys = []key{
	{output: "billing_key", system: "Waldur"},
	{output: "pipeline_key", system: "Waldur"},
	{output: "deploy_key", system: "Wavefront"},
	{output: "provisioning_key", system: "Instaclustr", user: "backup", address: "198.51.100.7"},
}

func (d *demo) play(ctx context.Context) error {
	var before, after map[string]string
	return firstError(
		func() error { return d.add("main.tf", "waldur.tf", "wavefront.tf", "instaclustr.tf") },
		func() error { return d.quiet(ctx, "init") },
		func() error { return d.scene(ctx, "Plan accounts in all systems", 2, "plan", "-detailed-exitcode") },
		func() error { return d.scene(ctx, "Apply", 0, "apply", "-auto-approve") },
		func() error { return d.scene(ctx, "A second plan is empty", 0, "plan", "-detailed-exitcode") },
		func() (err error) { before, err = d.workspace.Outputs(ctx); return err },
		func() error { return d.probe(ctx, "The keys work", before, true, "Waldur", "Wavefront", "Instaclustr") },
		func() error {
			return d.probeElsewhere(ctx, "The restricted key does not work from another address", before)
		},
		func() error {
			return d.scene(ctx, "A changed keeper rotates the keys, in place", 0, "apply", "-auto-approve",
				"-var=release=2026.2")
		},
		func() (err error) { after, err = d.workspace.Outputs(ctx); return err },
		func() error {
			return d.probe(ctx, "The old keys no longer work", before, false, "Waldur", "Instaclustr")
		},
		func() error {
			return d.probe(ctx, "Except for the old token, which overlaps with the new token", before, true,
				"Wavefront")
		},
		func() error {
			return d.probe(ctx, "The new keys work", after, true, "Waldur", "Wavefront", "Instaclustr")
		},
		func() error {
			return d.probeElsewhere(ctx, "The restriction is still in force after the rotation", after)
		},
		func() error {
			return d.scene(ctx, "The overlap ends", 0, "apply", "-auto-approve", "-var=release=2026.2",
				"-var=overlapping=false")
		},
		func() error { return d.probe(ctx, "The old token no longer works", before, false, "Wavefront") },
		func() error { return d.add("import.tf") },
		func() error {
			return d.later(ctx, "Import accounts that were made by hand", 0, "apply", "-auto-approve")
		},
		func() error { return d.later(ctx, "The plan after it is empty", 0, "plan", "-detailed-exitcode") },
		func() error {
			return d.later(ctx, "The robot account changes to another state", 0, "apply", "-auto-approve",
				"-var=robot_state=Error")
		},
		func() error {
			return d.later(ctx, "The change cannot be undone, and the plan says so", 1, "plan", "-var=robot_state=OK")
		},
		func() error { return d.query(ctx) },
		func() error { return d.later(ctx, "Destroy", 0, "destroy", "-auto-approve", "-var=robot_state=Error") },
		func() error {
			return d.probe(ctx, "No key works any more", after, false, "Waldur", "Wavefront", "Instaclustr")
		},
		d.nothingLeft,
	)
}

// later is scene after the rotation and the end of the overlap.
func (d *demo) later(ctx context.Context, title string, wantCode int, args ...string) error {
	return d.scene(ctx, title, wantCode, append(args, "-var=release=2026.2", "-var=overlapping=false")...)
}

func firstError(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// add puts files of examples/demo into the workspace.
func (d *demo) add(names ...string) error {
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join("examples", "demo", name))
		if err != nil {
			return fmt.Errorf("run the demo from the top of the repository: %w", err)
		}
		if err := os.WriteFile(filepath.Join(d.workspace.Dir, name), text, 0o600); err != nil {
			return err
		}
	}
	return nil
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

// scene runs a command, shows its output, and the requests that the simulators received.
func (d *demo) scene(ctx context.Context, title string, wantCode int, args ...string) error {
	d.world.ResetTraffic()
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
	for _, traffic := range d.world.Traffic() {
		byOperation := map[string]int{}
		var order []string
		for _, request := range traffic.Requests {
			name := request.Method + " " + generic(request.Path)
			if byOperation[name]++; byOperation[name] == 1 {
				order = append(order, name)
			}
		}
		d.say("   requests to %s: %d\n", traffic.System, len(traffic.Requests))
		for _, name := range order {
			d.say("     %2d x %s\n", byOperation[name], name)
		}
	}
}

var uuid = regexp.MustCompile(`\b[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\b`)

// generic puts {uuid} for the identifiers in a path, some of which are tokens.
func generic(path string) string { return uuid.ReplaceAllString(path, "{uuid}") }

// probe sends the keys of some systems to them, and shows whether the systems accept the keys.
func (d *demo) probe(ctx context.Context, title string, outputs map[string]string, want bool, systems ...string) error {
	d.say("\n== %s\n", title)
	for _, key := range keys {
		if !slices.Contains(systems, key.system) {
			continue
		}
		status, err := d.ask(ctx, key, outputs[key.output], key.address)
		if err != nil {
			return err
		}
		works := status != http.StatusUnauthorized
		d.say("   %-17s -> %d, %s\n", key.output, status, map[bool]string{true: "works", false: "dead"}[works])
		if outputs[key.output] == "" || works != want {
			return fmt.Errorf("%s: %s answered %d", title, key.output, status)
		}
	}
	return nil
}

// probeElsewhere sends the restricted keys from an address from which they don't work.
func (d *demo) probeElsewhere(ctx context.Context, title string, outputs map[string]string) error {
	const elsewhere = "203.0.113.7"
	d.say("\n== %s\n", title)
	for _, key := range keys {
		if key.address == "" {
			continue
		}
		status, err := d.ask(ctx, key, outputs[key.output], elsewhere)
		if err != nil {
			return err
		}
		d.say("   %-17s from %s -> %d\n", key.output, elsewhere, status)
		if status != http.StatusForbidden {
			return fmt.Errorf("%s: %s answered %d", title, key.output, status)
		}
	}
	return nil
}

func (d *demo) ask(ctx context.Context, key key, value, address string) (status int, err error) {
	resp, err := http.DefaultClient.Do(d.world.Probe(key.system, key.user, value, address).WithContext(ctx))
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

func (d *demo) nothingLeft() error {
	for _, account := range d.world.Waldur.ServiceAccounts() {
		if account.State != "Closed" {
			return fmt.Errorf("account %v is left behind", account.Username)
		}
	}
	if robots := d.world.Waldur.RobotAccounts(); len(robots) > 0 {
		return fmt.Errorf("%d robot accounts are left behind", len(robots))
	}
	if left := d.world.Wavefront.Accounts(); len(left) > 0 {
		return fmt.Errorf("%d Wavefront accounts are left behind", len(left))
	}
	for _, user := range d.world.Instaclustr.ServiceUsers() {
		if len(user.Keys) > 0 {
			return fmt.Errorf("the service user %s still has keys", user.Username)
		}
	}
	d.say("\nAll accounts are closed, except for the service users of Instaclustr, which cannot be deleted: their " +
		"keys are revoked. The demo is over.\n")
	return nil
}

func (d *demo) say(format string, args ...any) { _, _ = fmt.Fprintf(d.out, format, args...) }
