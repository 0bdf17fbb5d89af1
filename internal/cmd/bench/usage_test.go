package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestWrap runs this test program as the wrapper of a shell.
func TestWrap(t *testing.T) {
	if !measurable {
		t.Skip("bench measures on Unix systems alone")
	}
	file := filepath.Join(t.TempDir(), "usage")
	provider := filepath.Join(t.TempDir(), "provider")
	const script = "#!/bin/sh\nread line\necho \"$line, $" + providerVariable + "\"\nexit 3\n"
	if err := os.WriteFile(provider, []byte(script), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	for range 2 {
		command := exec.CommandContext(t.Context(), "/bin/sh", "-c", `echo hello | "$0"`, os.Args[0])
		command.Env = append(os.Environ(), providerVariable+"="+provider, usageVariable+"="+file)
		out, err := command.Output()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 3 || string(out) != "hello, \n" {
			t.Errorf("output %q, error %v", out, err)
		}
	}
	one, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if u, err := takeUsage(file); err != nil || u.Peak < 1e5 || u.Peak > 1e9 {
		t.Errorf("usage %+v of %s, error %v", u, one, err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the file is still there")
	}
	if err := os.WriteFile(file, []byte(`{"CPU":3,"Peak":7}`+"\n"+`{"CPU":4,"Peak":5}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if u, err := takeUsage(file); err != nil || u != (usage{7, 7}) {
		t.Errorf("the sum is %+v, error %v", u, err)
	}
}
