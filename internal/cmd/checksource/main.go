// Command checksource checks the rules of the source that no linter knows. It runs in the root of
// the repository, prints each finding as file:line: message and exits with status 1 if there is
// any.
//
// With -test-lines it counts lines of test against lines of code instead.
package main

import (
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
)

// A check returns what it finds in the files of the repository.
type check struct {
	name string
	run  func([]*source) []finding
	// generated says that the check also looks at the pages of docs/.
	generated bool
}

var checks = []check{
	{"width", checkWidth, false},
	{"words", checkWords, false},
	{"key door", checkKeyDoor, false},
	{"test files", checkTestFiles, false},
	{"tests on real servers", checkLiveTests, false},
	{"pages", checkPages, true},
}

func main() {
	testLines := flag.Bool("test-lines", false, "count lines of test against lines of code, area by area")
	flag.Parse()

	report := printFindings
	if *testLines {
		report = printTestLines
	}
	ok, err := run(os.DirFS("."), report, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "checksource:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

func run(root fs.FS, report func([]*source, io.Writer) bool, out io.Writer) (bool, error) {
	files, err := load(root)
	if err != nil {
		return false, err
	}
	return report(files, out), nil
}

// printFindings returns true if there is no finding.
func printFindings(files []*source, out io.Writer) bool {
	ok := true
	written := slices.DeleteFunc(slices.Clone(files), (*source).generated)
	for _, c := range checks {
		looked := written
		if c.generated {
			looked = files
		}
		found := c.run(looked)
		slices.SortFunc(found, finding.compare)
		for _, f := range found {
			ok = false
			_, _ = fmt.Fprintf(out, "%s (%s)\n", f, c.name)
		}
	}
	return ok
}
