package faults

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

// bench is a folder with a CLI and a provider of its own, and servers at fixed addresses. It runs one case
// after the other, each in a world of its own.
type bench struct {
	workspace      *cli.Workspace
	tool, provider string
	fronts         map[string]*front
	world          *world.World
	before         books        // of the world before all requests
	fixed          atomic.Int64 // the clock of the simulators in Unix nanoseconds; 0: the present
}

const program = "terraform-provider-svcacct"

// newBench prepares an empty folder.
func newBench(ctx context.Context, dir, tool, provider string) (*bench, error) {
	tool, err := filepath.EvalSymlinks(tool)
	if err != nil {
		return nil, err
	}
	b := &bench{tool: tool, provider: filepath.Join(dir, program), fronts: map[string]*front{}}
	if err := os.Link(provider, b.provider); err != nil {
		return nil, err
	}
	folder := filepath.Join(dir, "run")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return nil, err
	}
	if b.workspace, err = cli.New(folder, tool, b.provider); err != nil {
		return nil, err
	}
	if err := b.write(resources[0].config(nil, version{timeout: lateTimeout})); err != nil {
		return nil, err
	}
	if out, code, err := b.workspace.Run(ctx, "init", "-no-color"); err != nil || code != 0 {
		return nil, fmt.Errorf("init: %w: %s", err, out)
	}
	for _, system := range []string{"Waldur", "Wavefront", "Instaclustr"} {
		b.fronts[system] = &front{system: system}
		if err := b.fronts[system].open(); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *bench) close() {
	for _, f := range b.fronts {
		f.close()
	}
	if b.world != nil {
		b.world.Close()
	}
}

// now is the clock of the simulators.
func (b *bench) now() time.Time {
	if at := b.fixed.Load(); at != 0 {
		return time.Unix(0, at)
	}
	return time.Now()
}

// prepared is a state of a resource, and the requests that led to it.
type prepared struct {
	requests []sent
	state    []byte
}

// reset starts a new world, and sends it requests again. All worlds have the same ids and issue the same
// keys to the same requests.
func (b *bench) reset(requests []sent) error {
	if b.world != nil {
		b.world.Close()
	}
	w, err := world.New(world.Settings{MaxServiceAccounts: 1000})
	if err != nil {
		return err
	}
	b.world = w
	w.Waldur.SetNow(b.now)
	w.Wavefront.SetNow(b.now)
	w.Instaclustr.SetNow(b.now)
	addAccounts(w)
	w.Waldur.SetRandom(rand.NewChaCha8([32]byte{1}))
	w.Wavefront.SetRandom(rand.NewChaCha8([32]byte{2}))
	w.Instaclustr.SetRandom(rand.NewChaCha8([32]byte{3}))
	b.before = b.read()
	for _, r := range requests {
		b.fixed.Store(r.at.UnixNano())
		r.replay(b.simulator(r.system), b.fronts[r.system].address, b.authorization(r.system))
	}
	b.fixed.Store(0)
	w.ResetTraffic()
	b.environment(b.workspace)
	for system, f := range b.fronts {
		if err := f.reset(b.simulator(system)); err != nil {
			return err
		}
	}
	return nil
}

// environment gives a CLI the settings of the provider for this world.
func (b *bench) environment(of *cli.Workspace) {
	addresses := map[string]string{
		"WALDUR_API_URL": "Waldur", "WAVEFRONT_ADDRESS": "Wavefront", "IC_API_URL": "Instaclustr",
	}
	for _, variable := range b.world.Environment() {
		name, value, _ := strings.Cut(variable, "=")
		if system := addresses[name]; system != "" {
			value = "http://" + b.fronts[system].address
		}
		of.Setenv(name, value)
	}
}

func (b *bench) simulator(name string) *world.System {
	for _, s := range b.world.Systems() {
		if s.Name == name {
			return s
		}
	}
	panic("no system " + name)
}

// authorization is the header with the credential of the provider.
func (b *bench) authorization(system string) string {
	environment := b.world.Environment()
	switch system {
	case "Waldur":
		return "Token " + value(environment, "WALDUR_ACCESS_TOKEN")
	case "Wavefront":
		return "Bearer " + value(environment, "WAVEFRONT_TOKEN")
	}
	pair := value(environment, "IC_USERNAME") + ":" + value(environment, "IC_API_KEY")
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair))
}

func (b *bench) write(config string) error {
	return os.WriteFile(filepath.Join(b.workspace.Dir, "main.tf"), []byte(config), 0o600)
}

// statePath is the file with the state.
func (b *bench) statePath() string { return filepath.Join(b.workspace.Dir, "terraform.tfstate") }

// setState writes a state; nil: there is none.
func (b *bench) setState(state []byte) error {
	for _, name := range []string{".backup", ""} {
		if err := os.Remove(b.statePath() + name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if state == nil {
		return nil
	}
	return os.WriteFile(b.statePath(), state, 0o600)
}

// longest is the time limit of a command.
const longest = time.Minute

// run runs the CLI. The exit code is -1 if a signal ended it.
func (b *bench) run(ctx context.Context, args ...string) (output string, code int, err error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	output, code, err = b.workspace.Run(ctx, args...)
	if err == nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return output, code, err
}

// endProvider terminates the provider of this bench.
func (b *bench) endProvider() { cli.Signal(b.provider, b.workspace.Dir, os.Kill) }

// endCLI terminates the CLI of this bench.
func (b *bench) endCLI() { cli.Signal(b.tool, b.workspace.Dir, os.Kill) }
