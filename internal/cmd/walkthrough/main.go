// Command walkthrough follows the README and the guides of the repository in the current folder to a rotated key in a
// write-only argument, and prints how long each stage took.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest/guidetest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := walk(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "walkthrough failed:", err)
		os.Exit(1)
	}
}

func walk(ctx context.Context) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	return guidetest.Walk(ctx, root, os.Stdout)
}
