package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// The CLI starts this program in place of the provider. It runs the provider that the first variable
// names, and adds what the provider used to the file of the second.
const (
	providerVariable = "SVCACCT_BENCH_PROVIDER"
	usageVariable    = "SVCACCT_BENCH_USAGE"
)

// usage is what a process used. Peak is its memory in bytes.
type usage struct {
	CPU  time.Duration
	Peak int64
}

// wrap returns the exit code of the provider.
func wrap(provider, file string) int {
	command := exec.Command(provider) //nolint:gosec // the caller's program
	command.Env = append(os.Environ(), providerVariable+"=")
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := command.Run()
	if command.ProcessState == nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		return 1
	}
	text, _ := json.Marshal(processUsage(command.ProcessState))
	out, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = out.Write(append(text, '\n'))
		err = errors.Join(err, out.Close())
	}
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		return 1
	}
	return command.ProcessState.ExitCode()
}

// takeUsage adds up what a file has, and removes it. A CLI starts the provider several times, one after
// the other.
func takeUsage(file string) (sum usage, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return sum, err
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	for {
		var one usage
		err := decoder.Decode(&one)
		if errors.Is(err, io.EOF) {
			return sum, os.Remove(file)
		}
		if err != nil {
			return sum, err
		}
		sum.CPU, sum.Peak = sum.CPU+one.CPU, max(sum.Peak, one.Peak)
	}
}
