// Command faults runs the matrix of faults: see the package faults. It prints a table, and ends with 1 if
// there is a violation.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest/faults"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		_, _ = fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(1)
	}
}

// settings are what the arguments say.
type settings struct {
	cli, provider string
	all, list     bool
	names         string
	seed          uint64
	sample        int
	parallel      int
	verbose       bool
}

func parse(args []string) (s settings, err error) {
	flags := flag.NewFlagSet("faults", flag.ContinueOnError)
	today, _ := time.Parse(time.DateOnly, time.Now().UTC().Format(time.DateOnly)) // its own format
	flags.StringVar(&s.cli, "cli", "", "`program` of the CLI")
	flags.StringVar(&s.provider, "provider", "", "`program` of internal/cmd/faults/provider")
	flags.BoolVar(&s.all, "all", false, "run all cases")
	flags.BoolVar(&s.list, "list", false, "print the names of the cases, and run none")
	flags.StringVar(&s.names, "case", "", "run the cases with this `name`; * is any text within a part of the name,\n"+
		"and a name of fewer parts has all cases below it")
	flags.Uint64Var(&s.seed, "seed", uint64(today.Unix()/86400), "`number` that chooses the sample; by default the day")
	flags.IntVar(&s.sample, "sample", 150, "`number` of cases of the sample")
	flags.IntVar(&s.parallel, "parallel", 2, "`number` of cases at the same time")
	flags.BoolVar(&s.verbose, "v", false, "print each case with all output of the CLI")
	if err = flags.Parse(args); err == nil && (s.cli == "" || s.provider == "") {
		err = errors.New("-cli and -provider are needed")
	}
	return s, err
}

func run(ctx context.Context, args []string, out io.Writer) error {
	s, err := parse(args)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(s.provider), "faults-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	started := time.Now()
	provider, err := filepath.Abs(s.provider)
	if err != nil {
		return err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return err
	}
	m, err := faults.New(ctx, dir, s.cli, provider, s.parallel, s.mayHold)
	if err != nil {
		return err
	}
	defer m.Close()
	all := m.Names()
	chosen := s.choose(all)
	_, _ = fmt.Fprintf(out, "%d of %d cases", len(chosen), len(all))
	if s.names == "" && !s.all {
		_, _ = fmt.Fprintf(out, ", chosen by SEED=%d", s.seed)
	}
	_, _ = fmt.Fprintf(out, "; prepared in %d s\n", int(time.Since(started).Seconds()))
	if s.list {
		_, _ = fmt.Fprintln(out, strings.Join(chosen, "\n"))
		return nil
	}
	return report(ctx, m, chosen, s.verbose, out)
}

// choose returns the cases that are to run.
func (s settings) choose(all []string) []string {
	switch {
	case s.names != "":
		return slices.DeleteFunc(slices.Clone(all), func(name string) bool { return !matches(s.names, name) })
	case s.all:
		return all
	}
	return faults.Sample(all, s.sample, s.seed)
}

// matches reports whether a pattern has a case.
func matches(pattern, name string) bool {
	parts, want := strings.Split(name, "/"), strings.Split(pattern, "/")
	if len(want) > len(parts) {
		return false
	}
	ok, err := path.Match(pattern, strings.Join(parts[:len(want)], "/"))
	return ok && err == nil
}

// mayHold reports whether a phase can have chosen cases.
func (s settings) mayHold(phase string) bool {
	if s.names == "" {
		return true
	}
	want := strings.Split(s.names, "/")
	return matches(strings.Join(want[:min(2, len(want))], "/"), phase)
}

// progress is after how many cases the report says how many have run.
const progress = 500

// report runs cases, prints those that are violations, and then the table.
func report(ctx context.Context, m *faults.Matrix, names []string, verbose bool, out io.Writer) error {
	var table faults.Table
	var violations []string
	started, ran := time.Now(), 0
	err := m.Run(ctx, names, func(name string, r faults.Result) {
		table.Add(name, r.Verdict)
		if ran++; ran%progress == 0 {
			_, _ = fmt.Fprintf(out, "%d of %d cases in %d s\n", ran, len(names), int(time.Since(started).Seconds()))
		}
		if r.Verdict == faults.Violation {
			violations = append(violations, name)
		}
		if verbose || r.Verdict == faults.Violation {
			_, _ = fmt.Fprintf(out, "%s: %s (%d ms) %s\n", r.Verdict, name, r.Took.Milliseconds(),
				strings.Join(r.Followed, ", "))
			for _, problem := range r.Problems {
				_, _ = fmt.Fprintf(out, "    %s\n", problem)
			}
		}
		if verbose {
			_, _ = fmt.Fprintln(out, r.Output)
		}
	})
	_, _ = fmt.Fprintf(out, "\n%s\n%d s\n", &table, int(time.Since(started).Seconds()))
	if err == nil && len(violations) > 0 {
		err = fmt.Errorf("%d violations; repeat one with make faults CASE=%s", len(violations), violations[0])
	}
	return err
}
