package main

import (
	"strings"
	"testing"
)

func TestPrintTestLines(t *testing.T) {
	// lines returns a Go file with as many lines, and blank ones, which do not count.
	lines := func(n int) string { return "package a\n\n" + strings.Repeat("// x\n\t\n", n-1) }
	tests := map[string]struct {
		files repository
		want  string
		ok    bool
	}{
		"enough": {
			repository{"internal/waldur/a.go": lines(10), "internal/waldur/a_test.go": lines(12)},
			"waldur: 10 lines of code, 12 lines of test: 1.20\n", true,
		},
		"one line less": {
			repository{"internal/waldur/a.go": lines(10), "internal/waldur/a_test.go": lines(11)},
			"waldur: 10 lines of code, 11 lines of test: 1.10; at least 12 lines of test are due\n", false,
		},
		"rounded up": {
			repository{"internal/waldur/a.go": lines(11), "internal/waldur/a_test.go": lines(13)},
			"waldur: 11 lines of code, 13 lines of test: 1.18; at least 14 lines of test are due\n", false,
		},
		"tests alone": {
			repository{"internal/waldur/a_test.go": lines(2)},
			"waldur: 0 lines of code, 2 lines of test: 2.00\n", true,
		},
		"an area can't lend to another one": {
			repository{
				"main.go":                               lines(2),
				"internal/tfkit/a.go":                   lines(3),
				"internal/new/a_test.go":                lines(4),
				"internal/rotation/a_test.go":           lines(5),
				"internal/instaclustr/a.go":             lines(1),
				"internal/instaclustr/instaclustrapi/a": "",
				"internal/wavefront/wavefrontapi/a.go":  lines(1),
				"internal/wavefront/a_test.go":          lines(2),
			},
			"core: 5 lines of code, 9 lines of test: 1.80\n" +
				"instaclustr: 1 lines of code, 0 lines of test: 0.00; at least 2 lines of test are due\n" +
				"wavefront: 1 lines of code, 2 lines of test: 2.00\n",
			false,
		},
		"what does not ship": {
			repository{
				"internal/sim/waldursim/a.go":      lines(9),
				"internal/sim/waldursim/a_test.go": lines(1),
				"internal/acctest/a.go":            lines(9),
				"internal/cmd/demo/a.go":           lines(9),
				"internal/cli/a.go":                lines(9),
				"tools/stub/a.go":                  lines(9),
				"README.md":                        "a\n",
			},
			"", true,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			if ok := printTestLines(test.files.load(t), &out); ok != test.ok || out.String() != test.want {
				t.Errorf("got %t:\n%s\nwant %t:\n%s", ok, out.String(), test.ok, test.want)
			}
		})
	}
}
