package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest/overlay"
)

const root = "../../.."

// broken is a build that breaks a promise on purpose. A file describes it: see overlay.Edit. It has two more
// lines:
//
//	case NAME        the case that must be a violation
//	problem TEXT     a regular expression for the problem
type broken struct {
	overlay.Edit
	name    string
	problem *regexp.Regexp
}

func parseBroken(text string) (b broken, err error) {
	b.Edit, err = overlay.Parse(text, func(verb, rest string) (err error) {
		switch verb {
		case "case":
			b.name = rest
		case "problem":
			b.problem, err = regexp.Compile(rest)
		default:
			err = errors.New(verb + " is no line of a broken build")
		}
		return err
	})
	return b, err
}

func TestSample(t *testing.T) {
	var names []string
	for i := range 100 {
		names = append(names, fmt.Sprintf("%02d", i))
	}
	first, again, other := Sample(names, 10, 1), Sample(names, 10, 1), Sample(names, 10, 2)
	switch {
	case len(first) != 10 || !slices.IsSorted(first) || len(slices.Compact(slices.Clone(first))) != 10:
		t.Errorf("the sample is %v", first)
	case !slices.Equal(first, again) || slices.Equal(first, other):
		t.Errorf("not by the seed alone: %v, %v, %v", first, again, other)
	case len(Sample(names, 1000, 1)) != 100:
		t.Error("a large sample lacks cases")
	}
}

func TestTable(t *testing.T) {
	var table Table
	table.Add("wavefront_token/create/all/503", Converged)
	table.Add("waldur_robot/create/all/503", Advised)
	table.Add("wavefront_token/create/all/502", Violation)
	want := "| resource | cases | converged | after advice | violations |\n| --- | ---: | ---: | ---: | ---: |\n" +
		"| waldur_robot | 1 | 0 | 1 | 0 |\n| wavefront_token | 2 | 1 | 0 | 1 |\n| all | 3 | 1 | 1 | 1 |\n"
	if got := table.String(); got != want {
		t.Errorf("got\n%s", got)
	}
}

// Each build that breaks a promise is a violation in its place.
func TestAccFaults_broken(t *testing.T) {
	builds, err := filepath.Glob("testdata/broken/*.txt")
	if err != nil || len(builds) == 0 {
		t.Fatal("no broken builds", err)
	}
	for _, path := range builds {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			b, err := parseBroken(string(text))
			if err != nil {
				t.Fatal(err)
			}
			r := runBroken(t, b)
			if r.Verdict != Violation || !slices.ContainsFunc(r.Problems, b.problem.MatchString) {
				t.Errorf("%s: %s, problems %q\n%s", b.name, r.Verdict, r.Problems, r.Output)
			}
		})
	}
}

func runBroken(t *testing.T, b broken) (result Result) {
	t.Helper()
	changed, err := b.Write(root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	tool, dir, provider := build(t, "-overlay", changed)
	ctx := context.WithoutCancel(t.Context())
	phase := strings.Join(strings.Split(b.name, "/")[:2], "/")
	m, err := New(ctx, dir, tool, provider, 1, func(name string) bool { return name == phase })
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	err = m.Run(ctx, []string{b.name}, func(_ string, r Result) { result = r })
	if err != nil || result.Verdict == "" {
		t.Fatalf("%s: %v", b.name, err)
	}
	return result
}
