// Command demo shows the provider at work: a real CLI, the provider as it ships, and simulators on
// loopback. It fails if a step does not have the result that it announces.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

func main() {
	provider := flag.String("provider", "", "path of the provider's binary")
	tool := flag.String("cli", "", "path of terraform or tofu")
	flag.Parse()

	if err := run(context.Background(), *provider, *tool); err != nil {
		fmt.Fprintln(os.Stderr, "demo failed:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, provider, tool string) error {
	dir, err := os.MkdirTemp("", "svcacct-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()

	simulators := world.Start()
	defer simulators.Close()
	workspace, err := cli.New(dir, tool, provider, simulators.Environment()...)
	if err != nil {
		return err
	}
	d := &demo{world: simulators, workspace: workspace, out: os.Stdout}
	return d.play(ctx)
}
