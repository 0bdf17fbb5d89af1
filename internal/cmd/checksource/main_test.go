package main

import (
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	wide := strings.Repeat("x", maxWidth+1)
	tests := map[string]struct {
		files repository
		want  string
		ok    bool
		fails bool
	}{
		"nothing to say": {repository{"main.go": "package main\n"}, "", true, false},
		"no Go":          {repository{"main.go": "package\n"}, "", false, true},
		"sorted in each check": {
			repository{
				"internal/b/b.go":      "package b\n\nvar APIKey int // the far side\n",
				"internal/a/a.go":      "package a\n\n// " + wide + "\n//\n// " + wide + "\n",
				"internal/a/b_test.go": "package a\n",
			},
			"internal/a/a.go:3: the line has 124 columns, more than 120 (width)\n" +
				"internal/a/a.go:5: the line has 124 columns, more than 120 (width)\n" +
				"internal/b/b.go:3: \"far side\" is not plain English: write server (words)\n" +
				"internal/b/b.go:3: only internal/rotation may use the name APIKey (key door)\n" +
				"internal/a/b_test.go:1: there is no b.go beside this test (test files)\n",
			false, false,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			ok, err := run(test.files.tree(), printFindings, &out)
			if ok != test.ok || (err != nil) != test.fails || out.String() != test.want {
				t.Errorf("got %t, %v:\n%s\nwant %t:\n%s", ok, err, out.String(), test.ok, test.want)
			}
		})
	}
}
