package main

import "testing"

func TestCheckTestFiles(t *testing.T) {
	const text = "package a\n"
	missing := func(name string) []string {
		return []string{"internal/a/" + name + "_test.go:1: there is no " + name + ".go beside this test"}
	}
	wantFindings(t, checkTestFiles, map[string]sample{
		"beside":             {repository{"internal/a/b.go": text, "internal/a/b_test.go": text}, none},
		"elsewhere":          {repository{"internal/b.go": text, "internal/a/b_test.go": text}, missing("b")},
		"no test":            {repository{"internal/a/b.go": text}, none},
		"helpers":            {repository{"internal/a/helper_test.go": text}, none},
		"helpers, by a name": {repository{"internal/a/b_helper_test.go": text}, missing("b_helper")},
		"examples":           {repository{"internal/a/examples_test.go": text}, none},
	})
}
