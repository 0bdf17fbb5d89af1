// Package faults runs each phase of the life of each resource (create, refresh, update, rotate, import,
// destroy) with one fault in one request, then the same without the fault, and then a plan: with a real CLI, the
// provider as a program, and simulators. It compares the state with the books of the simulators: every object
// and every key that works is in the state, or a message names the way to get it there, which is then followed.
package faults

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// Matrix has all cases.
type Matrix struct {
	benches  []*bench
	prepared map[*resource]prepared
	cases    []Case
}

// New prepares benches in an empty folder, creates each resource once, and runs each phase without a fault to
// learn its requests. Tool is a CLI, provider a program, which must be on the file system of the folder. Only
// phases of which wanted is true for the name, such as "wavefront_token/create", are run.
func New(ctx context.Context, dir, tool, provider string, benches int, wanted func(string) bool) (*Matrix, error) {
	m := &Matrix{prepared: map[*resource]prepared{}}
	err := m.addBenches(ctx, dir, tool, provider, benches)
	if err == nil {
		err = m.learn(ctx, wanted)
	}
	if err != nil {
		m.Close()
		return nil, err
	}
	return m, nil
}

func (m *Matrix) addBenches(ctx context.Context, dir, tool, provider string, benches int) error {
	for i := range benches {
		folder := filepath.Join(dir, fmt.Sprint(i))
		if err := os.Mkdir(folder, 0o700); err != nil {
			return err
		}
		b, err := newBench(ctx, folder, tool, provider)
		if err != nil {
			return err
		}
		m.benches = append(m.benches, b)
	}
	return nil
}

// learn finds the cases.
func (m *Matrix) learn(ctx context.Context, wanted func(string) bool) error {
	type pair struct {
		*resource
		*phase
	}
	var pairs []pair
	var used []*resource
	for _, r := range resources {
		for _, p := range phases {
			if (p.fits == nil || p.fits(r)) && wanted(r.name+"/"+p.name) {
				pairs = append(pairs, pair{r, p})
			}
		}
		if len(pairs) > 0 && pairs[len(pairs)-1].resource == r {
			used = append(used, r)
		}
	}
	var mu sync.Mutex
	err := m.each(len(used), func(b *bench, i int) error {
		p, err := b.prepare(ctx, used[i])
		mu.Lock()
		defer mu.Unlock()
		m.prepared[used[i]] = p
		return err
	})
	if err != nil {
		return err
	}
	found := make([][]Case, len(pairs))
	err = m.each(len(pairs), func(b *bench, i int) error {
		requests, err := b.undisturbed(ctx, pairs[i].resource, pairs[i].phase, m.prepared[pairs[i].resource])
		found[i] = casesOf(pairs[i].resource, pairs[i].phase, requests)
		return err
	})
	m.cases = slices.Concat(found...)
	return err
}

// Close stops the servers.
func (m *Matrix) Close() {
	for _, b := range m.benches {
		b.close()
	}
}

// each calls a function for 0 to n-1, on all benches at the same time.
func (m *Matrix) each(n int, do func(b *bench, i int) error) error {
	todo, results := make(chan int), make(chan error, len(m.benches))
	for _, b := range m.benches {
		go func() {
			var errs []error
			for i := range todo {
				if err := do(b, i); err != nil {
					errs = append(errs, err)
				}
			}
			results <- errors.Join(errs...)
		}()
	}
	for i := range n {
		todo <- i
	}
	close(todo)
	var errs []error
	for range m.benches {
		errs = append(errs, <-results)
	}
	return errors.Join(errs...)
}

// prepare creates a resource, and returns how to get there again.
func (b *bench) prepare(ctx context.Context, of *resource) (p prepared, err error) {
	r := &run{bench: b, ctx: ctx, c: Case{resource: of, phase: phases[0]}}
	if err := r.start(prepared{}); err != nil {
		return p, err
	}
	f := b.fronts[of.system]
	f.mu.Lock()
	f.record = func(s sent) { p.requests = append(p.requests, s) } // of one request after the other
	f.mu.Unlock()
	output, code, err := r.command(apply...)
	if err == nil && code != 0 {
		err = errors.New(output)
	}
	if err != nil {
		return p, fmt.Errorf("%s: %w", of.name, err)
	}
	p.state, err = os.ReadFile(b.statePath())
	return p, err
}

// undisturbed runs a phase without a fault, checks that it converges, and returns its requests.
func (b *bench) undisturbed(ctx context.Context, of *resource, in *phase, from prepared) ([]simkit.Request, error) {
	r := &run{bench: b, ctx: ctx, c: Case{resource: of, phase: in}}
	if err := r.start(from); err != nil {
		return nil, err
	}
	output, code, err := r.command(r.args...)
	if err != nil {
		return nil, err
	}
	requests := r.simulator(of.system).Requests()
	changes, err := r.planned(code)
	if err != nil {
		return nil, err
	}
	problems, err := r.check(of, in.gone, r.excepted)
	if err != nil {
		return nil, err
	}
	if code != 0 || changes != 0 || len(problems) > 0 {
		return nil, fmt.Errorf("%s/%s without a fault: code %d, plan %d, %q:\n%s",
			of.name, in.name, code, changes, problems, output)
	}
	return requests, nil
}

// Names returns the names of all cases, in a fixed order.
func (m *Matrix) Names() (names []string) {
	for _, c := range m.cases {
		names = append(names, c.Name())
	}
	return names
}

// Sample returns a number of cases that a seed chooses, in their order.
func Sample(names []string, n int, seed uint64) []string {
	shuffled := slices.Clone(names)
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // no secret
	random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	chosen := shuffled[:min(n, len(shuffled))]
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !slices.Contains(chosen, name) })
}

// Run runs the cases with these names, and calls done after each, one call at a time.
func (m *Matrix) Run(ctx context.Context, names []string, done func(name string, r Result)) error {
	var chosen []Case
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	for _, c := range m.cases {
		if wanted[c.Name()] {
			chosen = append(chosen, c)
		}
	}
	var mu sync.Mutex
	return m.each(len(chosen), func(b *bench, i int) error {
		c := chosen[i]
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r, err := b.Run(ctx, c, m.prepared[c.resource])
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name(), err)
		}
		mu.Lock()
		defer mu.Unlock()
		done(c.Name(), r)
		return nil
	})
}

// Table counts results by resource.
type Table struct{ rows map[string]map[Verdict]int }

// Add counts a result.
func (t *Table) Add(name string, v Verdict) {
	if t.rows == nil {
		t.rows = map[string]map[Verdict]int{}
	}
	resource, _, _ := strings.Cut(name, "/")
	for _, row := range []string{resource, "all"} {
		if t.rows[row] == nil {
			t.rows[row] = map[Verdict]int{}
		}
		t.rows[row][v]++
	}
}

// String is the table as Markdown.
func (t *Table) String() string {
	var b strings.Builder
	b.WriteString("| resource | cases | converged | after advice | violations |\n| --- | ---: | ---: | ---: | ---: |\n")
	names := []string{}
	for _, r := range resources {
		names = append(names, r.name)
	}
	for _, name := range append(names, "all") {
		row := t.rows[name]
		if sum := row[Converged] + row[Advised] + row[Violation]; sum > 0 {
			fmt.Fprintf(&b, "| %s | %d | %d | %d | %d |\n", name, sum, row[Converged], row[Advised], row[Violation])
		}
	}
	return b.String()
}
