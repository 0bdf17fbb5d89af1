package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
)

// repetitions of a plan whose shortest time counts.
const repetitions = 5

// startUp returns how much longer a plan of an empty provider block takes than a plan of nothing.
func (s *settings) startUp(ctx context.Context, v variant) (time.Duration, error) {
	with, err := s.emptyPlan(ctx, v, variables+"\nprovider \"svcacct\" {\n}\n")
	if err != nil {
		return 0, err
	}
	without, err := s.emptyPlan(ctx, v, "terraform {\n}\n")
	return with - without, err
}

// emptyPlan returns the shortest time of a plan without resources.
func (s *settings) emptyPlan(ctx context.Context, v variant, configuration string) (shortest time.Duration, err error) {
	dir, err := os.MkdirTemp("", "svcacct-bench-")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	// Not through this program, which would add its own start-up.
	workspace, err := cli.New(dir, s.cli, v.provider, "TF_VAR_objects=0", "TF_VAR_customer=")
	if err != nil {
		return 0, err
	}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(configuration), 0o600); err != nil {
		return 0, err
	}
	for i := range repetitions + 1 {
		argument := "plan"
		if i == 0 {
			argument = "init"
		}
		begun := time.Now()
		if err := terraform(ctx, workspace, argument); err != nil {
			return 0, err
		}
		if took := time.Since(begun); i == 1 || i > 1 && took < shortest {
			shortest = took
		}
	}
	return shortest, nil
}

// longestOutput is how much of a failed run an error has, in bytes.
const longestOutput = 3000

// terraform runs the CLI, and returns an error if it fails.
func terraform(ctx context.Context, workspace *cli.Workspace, arguments ...string) error {
	output, code, err := workspace.Run(ctx, append(arguments, "-no-color")...)
	if err == nil && code != 0 {
		err = fmt.Errorf("%s: exit code %d\n%s", arguments[0], code, output[:min(len(output), longestOutput)])
	}
	return err
}
