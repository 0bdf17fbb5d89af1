package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
)

// trial is the life of the objects of one family, under one variant, in a new world.
type trial struct {
	*settings
	family  family
	size    size
	variant variant
	// existing refreshes objects that the simulators have, with a state that this program writes: the CLI
	// writes the whole state after each object.
	existing bool

	world     map[string]string // variables that the simulators printed
	workspace *cli.Workspace
	usage     string // file of the provider's usage
}

// controlVariable has the address of the control port.
const controlVariable = "SVCACCT_SIMULATORS_CONTROL"

// step is one run of the CLI.
type step struct {
	name      string
	arguments []string
}

// Steps are measured one after the other.
var (
	refresh = []step{
		{unrefreshed, []string{"plan", "-refresh=false", "-detailed-exitcode"}},
		{"refresh", []string{"plan", "-detailed-exitcode"}},
	}
	life = slices.Concat([]step{{"create", []string{"apply", "-auto-approve"}}}, refresh, []step{
		{"one change", []string{"apply", "-auto-approve", "-var=changed=changed"}},
		{"destroy", []string{"destroy", "-auto-approve"}},
	})
)

const unrefreshed = "plan -refresh=false"

func (c *trial) run(ctx context.Context, done func(measurement)) error {
	dir, err := os.MkdirTemp("", "svcacct-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	stop, err := c.start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	if err := c.prepare(ctx, dir); err != nil {
		return err
	}
	steps := life
	if c.existing {
		steps = refresh
		if err := c.adopt(ctx); err != nil {
			return err
		}
	}
	var base measurement
	for _, step := range steps {
		m, err := c.measure(ctx, step.arguments)
		if err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		m.step = step.name
		switch step.name {
		case unrefreshed:
			base = m
		case "refresh":
			m.unrefreshed, m.unrefreshedElapsed = base.cpu, base.wall
		}
		done(m)
	}
	return nil
}

// start starts the simulators and returns what stops them.
func (c *trial) start(ctx context.Context) (stop func(), err error) {
	accounts := c.family.accounts(c.size)
	if c.existing {
		accounts = max(c.size.objects, c.size.others)
	}
	simulators := exec.CommandContext(ctx, c.simulators, //nolint:gosec // the caller's program
		"-control", "127.0.0.1:0", "-latency", c.latency.String(), "-accounts", strconv.Itoa(accounts))
	simulators.Stderr = os.Stderr
	out, err := simulators.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := simulators.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = simulators.Process.Signal(os.Interrupt)
		_ = simulators.Wait()
	}
	c.world = map[string]string{}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() == "# ready" {
			return stop, nil
		}
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		c.world[name] = value
	}
	stop()
	return nil, errors.New("the simulators did not start")
}

// prepare writes the configuration and removes objects that must not exist.
func (c *trial) prepare(ctx context.Context, dir string) error {
	wrapper, err := os.Executable()
	if err != nil {
		return err
	}
	c.usage = filepath.Join(dir, ".usage")
	env := []string{
		providerVariable + "=" + c.variant.provider, usageVariable + "=" + c.usage,
		"TF_VAR_objects=" + strconv.Itoa(c.size.objects), "TF_VAR_customer=" + c.world["WALDUR_CUSTOMER_UUID"],
	}
	for name, value := range c.world {
		env = append(env, name+"="+value)
	}
	if c.workspace, err = cli.New(dir, c.cli, wrapper, env...); err != nil {
		return err
	}
	resources := c.family.resources
	if c.existing {
		resources = c.family.existing
	}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(root(resources, c.variant)), 0o600); err != nil {
		return err
	}
	if c.family.removed != "" && c.size.others == 0 && !c.existing {
		if err := c.remove(ctx); err != nil {
			return err
		}
	}
	return terraform(ctx, c.workspace, "init")
}

// measure runs the CLI once.
func (c *trial) measure(ctx context.Context, arguments []string) (m measurement, err error) {
	if err := c.control(ctx, http.MethodDelete, "/requests", nil); err != nil {
		return m, err
	}
	_ = os.Remove(c.usage) // of init
	begun, before := time.Now(), childrenCPU()
	err = terraform(ctx, c.workspace, append(slices.Clone(arguments), "-parallelism="+strconv.Itoa(c.parallelism))...)
	m.wall, m.cpu = time.Since(begun), childrenCPU()-before
	if err != nil {
		return m, err
	}
	var requests []struct{}
	if err := c.control(ctx, http.MethodGet, "/requests", &requests); err != nil {
		return m, err
	}
	m.requests = len(requests)
	m.provider, err = takeUsage(c.usage)
	return m, err
}

// control sends a request to the control port. Into gets the JSON of the response.
func (c *trial) control(ctx context.Context, method, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.world[controlVariable]+path, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	switch {
	case response.StatusCode >= http.StatusMultipleChoices:
		text, _ := io.ReadAll(response.Body)
		return fmt.Errorf("%s %s: %d %s", method, path, response.StatusCode, text)
	case into == nil:
		return nil
	}
	return json.NewDecoder(response.Body).Decode(into)
}

// remove removes objects of Waldur through its API.
func (c *trial) remove(ctx context.Context) error {
	var objects []struct {
		Kind   string
		Object struct{ URL string }
	}
	if err := c.control(ctx, http.MethodGet, "/objects?system=waldur", &objects); err != nil {
		return err
	}
	var wait sync.WaitGroup
	failed := make(chan error, len(objects))
	atOnce := make(chan struct{}, 50)
	for _, o := range objects {
		if o.Kind != c.family.removed {
			continue
		}
		atOnce <- struct{}{}
		wait.Go(func() {
			if err := c.removeOne(ctx, o.Object.URL); err != nil {
				failed <- err
			}
			<-atOnce
		})
	}
	wait.Wait()
	close(failed)
	return <-failed
}

func (c *trial) removeOne(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodDelete, url, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Token "+c.world["WALDUR_ACCESS_TOKEN"])
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if response.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("DELETE %s: %s", url, response.Status)
	}
	return nil
}
