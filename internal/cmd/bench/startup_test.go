package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestStartUp runs a shell script in place of the CLI, which is slow if there is a provider block.
func TestStartUp(t *testing.T) {
	if !measurable {
		t.Skip("bench measures on Unix systems alone")
	}
	tool := filepath.Join(t.TempDir(), "tool")
	write := func(body string) {
		if err := os.WriteFile(tool, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
	}
	s, v := settings{cli: tool}, variant{provider: "/bin/true"}
	write(`if [ "$1" = plan ] && grep -q '^provider' main.tf; then sleep 0.2; fi`)
	if took, err := s.startUp(t.Context(), v); err != nil || took.Milliseconds() < 150 || took.Milliseconds() > 1000 {
		t.Errorf("got %s, error %v", took, err)
	}
	write(`echo no "$1"; exit 3`)
	if _, err := s.startUp(t.Context(), v); err == nil || !strings.Contains(err.Error(), "init: exit code 3\nno init") {
		t.Errorf("error %v", err)
	}
}
