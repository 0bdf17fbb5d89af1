package main

import (
	"path"
	"slices"
	"strings"
)

// notBeside names the test files that do not test a single Go file, with the reason.
var notBeside = map[string]string{
	"helper_test.go":     "holds what the tests of its folder share",
	"examples_test.go":   "tests the configurations in examples/",
	"operations_test.go": "tests one rule over the methods of all clients",
	"state_test.go":      "tests the states that earlier versions wrote",
}

// checkTestFiles finds test files that are not beside the file that they test.
func checkTestFiles(files []*source) []finding {
	var found []finding
	for _, s := range files {
		if !s.isTest() || notBeside[path.Base(s.path)] != "" {
			continue
		}
		tested := strings.TrimSuffix(s.path, "_test.go") + ".go"
		if !slices.ContainsFunc(files, func(other *source) bool { return other.path == tested }) {
			found = append(found, finding{s.path, 1, "there is no " + path.Base(tested) + " beside this test"})
		}
	}
	return found
}
