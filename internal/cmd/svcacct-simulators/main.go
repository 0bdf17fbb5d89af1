// Command svcacct-simulators serves simulators of Waldur, Wavefront and Instaclustr on loopback,
// until it is interrupted or for the time that another command runs. README.md describes it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

const (
	exitFailure = 1
	exitUsage   = 2
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // very many accounts start a third faster
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// version is set at link time by releases.
var version string

// moduleVersion returns the version of a build by "go install", which sets it in the build's information.
func moduleVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && version == "" {
		return info.Main.Version
	}
	return version
}

// run returns the exit code: 0 after a signal, 1 if the simulators cannot start, 2 if the arguments
// are wrong; or the exit code of the command that it runs.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return exitUsage // the flag set has printed it
	case s.version:
		_, _ = fmt.Fprintln(stdout, "svcacct-simulators", moduleVersion())
		return 0
	}
	var exit *exec.ExitError
	switch err := serve(ctx, s, stdout, stderr); {
	case errors.As(err, &exit) && exit.Exited():
		return exit.ExitCode()
	case err != nil:
		_, _ = fmt.Fprintln(stderr, "svcacct-simulators:", err)
		return exitFailure
	}
	return 0
}

// settings are what the arguments say.
type settings struct {
	world.Settings
	control, envFile string
	version          bool
	command          []string // to run; empty: none
}

// moreServiceAccounts is how many service accounts can be created besides those of -accounts.
const moreServiceAccounts = 100_000

// parse prints an error and the usage to stderr.
func parse(args []string, stderr io.Writer) (s settings, err error) {
	flags := flag.NewFlagSet("svcacct-simulators", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	address := func(name, system string, target *string) {
		flags.StringVar(target, name, "", "`address` of "+system+", as host:port on loopback (default: a free port)")
	}
	address("waldur", "Waldur", &s.WaldurAddress)
	address("wavefront", "Wavefront", &s.WavefrontAddress)
	address("instaclustr", "Instaclustr", &s.InstaclustrAddress)
	flags.DurationVar(&s.Latency, "latency", 0, "`time` by which each response is delayed, such as 20ms")
	flags.IntVar(&s.Accounts, "accounts", 0, "create this `number` of accounts of each kind")
	flags.Func("option", "option of a simulator as `name=value`, such as waldur.ListsByCreation=true; can be "+
		"repeated;\nan unknown name is refused with the list of all options", func(text string) error {
		return setOption(&s.Settings, text)
	})
	flags.StringVar(&s.envFile, "env-file", "", "also write the variables to this `file`, as NAME=value lines")
	flags.StringVar(&s.control, "control", "", "`address` of the control port, on loopback (default: none)")
	flags.BoolVar(&s.version, "version", false, "print the version")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	s.command = flags.Args()
	if err := s.check(); err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		flags.Usage()
		return s, err
	}
	s.MaxServiceAccounts, s.Brief = s.Accounts+moreServiceAccounts, true
	return s, nil
}

func (s settings) check() error {
	switch {
	case s.Accounts < 0:
		return errors.New("-accounts must not be negative")
	case s.Latency < 0:
		return errors.New("-latency must not be negative")
	}
	for _, address := range []string{s.WaldurAddress, s.WavefrontAddress, s.InstaclustrAddress, s.control} {
		if err := world.CheckAddress(address); err != nil {
			return err
		}
	}
	return nil
}

// controlVariable has the address of the control port.
const controlVariable = "SVCACCT_SIMULATORS_CONTROL"

const usage = `Usage: svcacct-simulators [flags] [--] [command [arguments]]

Serves simulators of Waldur, Wavefront and Instaclustr on loopback, for the provider svcacct/svcacct.

With a command, runs it with the environment variables that connect the provider to the simulators, and
ends with its exit code:

    svcacct-simulators -control 127.0.0.1:0 -- terraform test

Without a command, prints the variables as export lines, and then the line "# ready". Stops at Ctrl-C.

Flags:

`

// serve returns after the end of the context, or of the command if there is one.
func serve(ctx context.Context, s settings, stdout, stderr io.Writer) error {
	w, err := world.New(s.Settings)
	if err != nil {
		return err
	}
	defer w.Close()
	variables := append(w.Environment(), w.IDs()...)
	if s.control != "" {
		listener, err := world.Listen(s.control)
		if err != nil {
			return fmt.Errorf("control: %w", err)
		}
		server := &http.Server{Handler: newControl(w.Systems())}
		defer func() { _ = server.Close() }()
		go func() { _ = server.Serve(listener) }() // until Close
		variables = append(variables, controlVariable+"=http://"+listener.Addr().String())
	}
	if s.envFile != "" {
		// It has credentials of the simulators.
		if err := os.WriteFile(s.envFile, []byte(strings.Join(variables, "\n")+"\n"), 0o600); err != nil {
			return err
		}
	}
	if len(s.command) > 0 {
		return runCommand(s.command, variables, stdout, stderr)
	}
	const about = "# Waldur has the customer %q with the project %q, Wavefront the role %q. Stop with Ctrl-C.\n"
	_, _ = fmt.Fprintf(stdout, about, world.CustomerName, world.ProjectName, world.RoleName)
	for _, variable := range variables {
		_, _ = fmt.Fprintln(stdout, "export "+variable)
	}
	_, _ = fmt.Fprintln(stdout, "# ready")
	<-ctx.Done()
	return nil
}

// runCommand runs a command with more variables in its environment. It does not end the command at
// Ctrl-C, which the terminal sends to the command too: Terraform takes a second interrupt as an order to
// end at once. A termination is sent to this process alone, and passed on.
func runCommand(arguments, variables []string, stdout, stderr io.Writer) error {
	command := exec.Command(arguments[0], arguments[1:]...)
	command.Env = append(os.Environ(), variables...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, stdout, stderr
	terminations := make(chan os.Signal, 1)
	signal.Notify(terminations, syscall.SIGTERM)
	defer signal.Stop(terminations)
	if err := command.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	for {
		select {
		case err := <-ended:
			return err
		case s := <-terminations:
			_ = command.Process.Signal(s) // it may have ended
		}
	}
}
