package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Each area needs at least as many tenths of a line of test for a line of code.
const minTenths = 12

// area returns the part of the provider that a Go file belongs to: a system, or core for all that
// the systems share. It returns "" for what does not ship: simulators, helpers of tests, commands.
func area(path string) string {
	folder, _, _ := strings.Cut(strings.TrimPrefix(path, "internal/"), "/")
	switch {
	case path == "main.go":
		return "core"
	case !strings.HasPrefix(path, "internal/"):
		return ""
	}
	switch folder {
	case "sim", "acctest", "cmd", "cli":
		return ""
	case "instaclustr", "waldur", "wavefront":
		return folder
	}
	return "core"
}

// lineCount counts the lines of an area that are not blank.
type lineCount struct {
	code, tests int
}

func countLines(files []*source) map[string]lineCount {
	counts := map[string]lineCount{}
	for _, s := range files {
		name := area(s.path)
		if s.syntax == nil || name == "" {
			continue
		}
		n := 0
		for _, line := range s.lines {
			if strings.TrimSpace(line) != "" {
				n++
			}
		}
		count := counts[name]
		if s.isTest() {
			count.tests += n
		} else {
			count.code += n
		}
		counts[name] = count
	}
	return counts
}

// printTestLines returns true if each area has enough lines of test.
func printTestLines(files []*source, out io.Writer) bool {
	ok := true
	counts := countLines(files)
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		c := counts[name]
		_, _ = fmt.Fprintf(out, "%s: %d lines of code, %d lines of test: %.2f",
			name, c.code, c.tests, float64(c.tests)/float64(max(c.code, 1)))
		if due := (c.code*minTenths + 9) / 10; c.tests < due {
			ok = false
			_, _ = fmt.Fprintf(out, "; at least %d lines of test are due", due)
		}
		_, _ = fmt.Fprintln(out)
	}
	return ok
}
