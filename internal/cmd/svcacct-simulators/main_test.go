package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if os.Getenv("SVCACCT_RUN_SIMULATORS") != "" {
		main()
	}
	if os.Getenv("SVCACCT_RUN_ASK") != "" {
		os.Exit(ask())
	}
	os.Exit(m.Run())
}

func TestArguments(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for name, test := range map[string]struct {
		args   []string
		code   int
		stderr string
	}{
		"none":                {nil, 0, ""},
		"help":                {[]string{"-h"}, 0, "Usage: svcacct-simulators"},
		"unknown flag":        {[]string{"-x"}, 2, "not defined: -x"},
		"version":             {[]string{"-version"}, 0, ""},
		"no such command":     {[]string{"no-such-command"}, 1, "executable file not found"},
		"negative accounts":   {[]string{"-accounts=-1"}, 2, "must not be negative"},
		"negative latency":    {[]string{"-latency=-1s"}, 2, "must not be negative"},
		"no port":             {[]string{"-waldur", "localhost"}, 2, "host:port"},
		"all interfaces":      {[]string{"-wavefront", ":0"}, 2, "not on loopback"},
		"another machine":     {[]string{"-instaclustr", "192.0.2.1:80"}, 2, "not on loopback"},
		"remote control":      {[]string{"-control", "0.0.0.0:0"}, 2, "not on loopback"},
		"loopback":            {[]string{"-waldur", "localhost:0", "-wavefront", "127.0.0.1:0"}, 0, ""},
		"a taken port":        {[]string{"-waldur", taken.Addr().String()}, 1, "bind: "},
		"a taken control":     {[]string{"-control", taken.Addr().String()}, 1, "bind: "},
		"no folder":           {[]string{"-env-file", filepath.Join(t.TempDir(), "no", "file")}, 1, "open "},
		"unknown option":      {[]string{"-option", "waldur.X=true"}, 2, "waldur.ListsByCreation: true or false"},
		"accounts and option": {[]string{"-accounts=3", "-option", "waldur.NoServiceAccounts=true"}, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			var stderr strings.Builder
			if code := run(ctx, test.args, io.Discard, &stderr); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if got := stderr.String(); !strings.Contains(got, test.stderr) || (got == "") != (test.stderr == "") {
				t.Errorf("stderr %q, want %q", got, test.stderr)
			}
		})
	}
}

// ask is a command that needs the variables of the simulators. It prints its argument, and returns 7.
func ask() int {
	address := os.Getenv("WAVEFRONT_ADDRESS") + "/api/v2/account/serviceaccount"
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	if err != nil || os.Getenv(controlVariable) == "" {
		return 1
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("WAVEFRONT_TOKEN"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 2
	}
	_ = response.Body.Close()
	fmt.Println(response.StatusCode, os.Args[1])
	return 7
}

// TestCommand runs a command with the variables of the simulators.
func TestCommand(t *testing.T) {
	t.Setenv("SVCACCT_RUN_ASK", "1")
	var stdout, stderr strings.Builder
	code := run(t.Context(), []string{"-control", "127.0.0.1:0", "--", os.Args[0], "-x"}, &stdout, &stderr)
	if code != 7 || stdout.String() != "200 -x\n" || stderr.String() != "" {
		t.Errorf("exit code %d, stdout %q, stderr %q", code, stdout.String(), stderr.String())
	}
}

func TestVersion(t *testing.T) {
	version = "1.2.3"
	defer func() { version = "" }()
	var stdout strings.Builder
	if run(t.Context(), []string{"-version"}, &stdout, t.Output()); stdout.String() != "svcacct-simulators 1.2.3\n" {
		t.Errorf("got %q", stdout.String())
	}
}

// TestCommandTerminated checks that a termination reaches the command, which then decides when to end, and that
// an interrupt does not: the terminal sends it to the command too.
func TestCommandTerminated(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such signals")
	}
	const script = `trap 'echo interrupted' INT; trap 'echo terminated; exit 3' TERM; echo up
		while :; do sleep 0.1; done`
	command := exec.CommandContext(t.Context(), os.Args[0], "sh", "-c", script)
	command.Env = append(os.Environ(), "SVCACCT_RUN_SIMULATORS=1")
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	lines.Scan()
	_ = command.Process.Signal(os.Interrupt)
	time.Sleep(200 * time.Millisecond) // the interrupt is not passed on meanwhile
	_ = command.Process.Signal(syscall.SIGTERM)
	lines.Scan()
	if got := lines.Text(); got != "terminated" {
		t.Errorf("the command wrote %q", got)
	}
	if _ = command.Wait(); command.ProcessState.ExitCode() != 3 {
		t.Errorf("exit code %d", command.ProcessState.ExitCode())
	}
}

// TestProcess starts the command, and checks that the servers are up when it says so, what the file
// has, and that a signal ends it with exit code 0.
func TestProcess(t *testing.T) {
	file := filepath.Join(t.TempDir(), "env")
	command := exec.CommandContext(t.Context(), os.Args[0], "-env-file", file, "-accounts=2", "-control", "127.0.0.1:0")
	command.Env = append(os.Environ(), "SVCACCT_RUN_SIMULATORS=1")
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	exports, variables := untilReady(stdout)
	if got, _ := os.ReadFile(file); string(got) != strings.Join(exports, "\n")+"\n" {
		t.Errorf("the file has %q, printed were %q", got, exports)
	}
	for _, name := range []string{
		"WALDUR_API_URL", "WALDUR_ACCESS_TOKEN", "WALDUR_CUSTOMER_UUID", "WALDUR_PROJECT_UUID", "WALDUR_RESOURCE_UUID",
		"WAVEFRONT_ADDRESS", "WAVEFRONT_TOKEN", "WAVEFRONT_ROLE_ID", "IC_API_URL", "IC_USERNAME", "IC_API_KEY",
		controlVariable,
	} {
		if variables[name] == "" {
			t.Errorf("no %s in %q", name, exports)
		}
	}
	for name, path := range map[string]string{
		"WALDUR_API_URL": "/api/users/me/", "WAVEFRONT_ADDRESS": "/api/v2/account/serviceaccount",
		"IC_API_URL": "/v1/service-users",
	} {
		response, err := http.Get(variables[name] + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s without a token: status %d", path, response.StatusCode)
		}
	}
	if runtime.GOOS == "windows" { // a process can't be sent any signal but a kill
		_ = command.Process.Kill()
		_ = command.Wait()
		return
	}
	_ = command.Process.Signal(syscall.SIGTERM)
	if err := command.Wait(); err != nil {
		t.Error(err)
	}
}
