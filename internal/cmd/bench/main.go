// Command bench measures what plans cost: a real CLI, the provider as it ships, and the simulators'
// command with a latency. It prints a Markdown table with a row for each step: requests to the
// system, time, CPU and memory.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	if provider := os.Getenv(providerVariable); provider != "" {
		os.Exit(wrap(provider, os.Getenv(usageVariable)))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// settings are what the arguments say.
type settings struct {
	cli, provider, simulators string // paths
	families                  []family
	objects, existing         []size
	variants                  []variant
	parallelism               int
	latency                   time.Duration
	guide, chart              string // files to write
}

// The variants that the guide and the chart compare.
const bulkOn, bulkOff = "bulk on", "bulk off"

// variant is a provider and its settings. HTTP is the text of the http block of the provider.
type variant struct{ name, provider, http string }

// size is a number of objects, and of accounts that exist besides them.
type size struct{ objects, others int }

// parse prints an error and the usage to stderr.
func parse(args []string, stderr io.Writer) (s settings, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.cli, "cli", "", "`path` of terraform or tofu")
	flags.StringVar(&s.provider, "provider", "", "`path` of the provider's program")
	flags.StringVar(&s.simulators, "simulators", "", "`path` of the program of internal/cmd/svcacct-simulators")
	names := flags.String("families", strings.Join(familyNames(), ","), "`names` of what is measured")
	objects := flags.String("objects", "100,1000,20/3000,3/100000", "`numbers` of objects; 20/3000 is 20 objects "+
		"where\n3000 other accounts exist")
	existing := flags.String("existing", "10000,3/100000", "`numbers` of objects that exist before the CLI runs, to "+
		"measure a\nrefresh alone; waldur-service-accounts and instaclustr only")
	flags.IntVar(&s.parallelism, "parallelism", 10, "the CLI's `number` of operations at a time")
	flags.DurationVar(&s.latency, "latency", 20*time.Millisecond, "`time` by which each response is delayed")
	flags.Func("variant", "what to measure, as `name:text` of the provider's http block, or name@path:text for\n"+
		"another program of the provider; can be repeated (default \"bulk on:\" and \"bulk off:bulk_reads = false\")",
		func(text string) error {
			name, http, ok := strings.Cut(text, ":")
			name, provider, _ := strings.Cut(name, "@")
			if !ok || name == "" {
				return errors.New("it is not of the form name:text")
			}
			s.variants = append(s.variants, variant{name, provider, http})
			return nil
		})
	flags.StringVar(&s.guide, "guide", "", "`file` for the guide with the requests at the largest number of -objects")
	flags.StringVar(&s.chart, "chart", "", "`file` for the chart of refreshes of the first family, an SVG image")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if s.variants == nil {
		s.variants = []variant{{name: bulkOn}, {name: bulkOff, http: "bulk_reads = false"}}
	}
	if len(flags.Args()) > 0 {
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if s.objects, err = sizes(*objects); err != nil {
		return s, err
	}
	if s.existing, err = sizes(*existing); err != nil {
		return s, err
	}
	return s, s.read(*names)
}

func (s *settings) read(names string) error {
	if s.cli == "" || s.provider == "" || s.simulators == "" {
		return errors.New("-cli, -provider or -simulators is missing")
	}
	paths := []*string{&s.cli, &s.provider, &s.simulators}
	for i := range s.variants {
		v := &s.variants[i]
		v.provider = cmp.Or(v.provider, s.provider)
		paths = append(paths, &v.provider)
	}
	for _, path := range paths {
		absolute, err := filepath.Abs(*path) // the CLI runs in another folder
		if err != nil {
			return err
		}
		*path = absolute
	}
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(families, func(f family) bool { return f.name == name })
		if i < 0 {
			return fmt.Errorf("no family %q; there are %s", name, strings.Join(familyNames(), ", "))
		}
		s.families = append(s.families, families[i])
	}
	return nil
}

// sizes reads a list that may be empty.
func sizes(text string) (all []size, err error) {
	if text == "" {
		return nil, nil
	}
	for one := range strings.SplitSeq(text, ",") {
		objects, others, besides := strings.Cut(one, "/")
		var n size
		if n.objects, err = strconv.Atoi(objects); err == nil && besides {
			n.others, err = strconv.Atoi(others)
		}
		if err != nil || n.objects < 1 || n.others < 0 {
			return nil, fmt.Errorf("%q is no number of objects", one)
		}
		all = append(all, n)
	}
	return all, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if !measurable {
		return errors.New("CPU and memory are measured on Unix systems alone")
	}
	_, _ = fmt.Fprintf(stdout, "Latency: %s. Parallelism: %d.\n\n%s", s.latency, s.parallelism, startHeader)
	var checks checks
	for _, v := range s.variants {
		program, err := os.Stat(v.provider)
		if err != nil {
			return err
		}
		started, err := s.startUp(ctx, v)
		if err != nil {
			return fmt.Errorf("start-up, %s: %w", v.name, err)
		}
		_, _ = fmt.Fprintf(stdout, "| %s | %.1f | %d |\n", v.name, float64(program.Size())/1e6, started.Milliseconds())
		checks.program(v, program.Size(), started)
	}
	_, _ = io.WriteString(stdout, header)
	var all results
	for _, c := range s.trials() {
		done := func(m measurement) {
			_, _ = io.WriteString(stdout, m.row(c))
			checks.step(c, m)
			all = append(all, result{c, m})
		}
		if err := c.run(ctx, done); err != nil {
			return fmt.Errorf("%s, %d objects, %s: %w", c.family.name, c.size.objects, c.variant.name, err)
		}
	}
	_, _ = io.WriteString(stdout, checks.table())
	return errors.Join(s.write(all), checks.err())
}

func (s *settings) trials() (all []*trial) {
	add := func(f family, sizes []size, existing bool) {
		for _, n := range sizes {
			if !existing && f.mostOthers > 0 && n.others > f.mostOthers {
				continue
			}
			for _, v := range s.variants {
				all = append(all, &trial{settings: s, family: f, size: n, variant: v, existing: existing})
			}
		}
	}
	for _, f := range s.families {
		add(f, s.objects, false)
		if f.existing != "" {
			add(f, s.existing, true)
		}
	}
	return all
}
