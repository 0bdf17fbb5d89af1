package main

import (
	"slices"
	"testing"
	"testing/fstest"
)

// repository maps the paths of files to their text.
type repository map[string]string

// goFile returns a repository of one Go file with a line of declarations after the clause of its
// package.
func goFile(path, declarations string) repository {
	return repository{path: "package a\n\n" + declarations + "\n"}
}

func (r repository) tree() fstest.MapFS {
	tree := fstest.MapFS{}
	for path, text := range r {
		tree[path] = &fstest.MapFile{Data: []byte(text)}
	}
	return tree
}

func (r repository) load(t *testing.T) []*source {
	t.Helper()
	files, err := load(r.tree())
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A sample is a repository and what a check finds in it, as path:line: message.
type sample struct {
	files repository
	want  []string
}

// wantFindings runs a check on samples.
func wantFindings(t *testing.T, run func([]*source) []finding, samples map[string]sample) {
	for name, sample := range samples {
		t.Run(name, func(t *testing.T) {
			found := run(sample.files.load(t))
			slices.SortFunc(found, finding.compare)
			got := []string{}
			for _, f := range found {
				got = append(got, f.String())
			}
			if !slices.Equal(got, sample.want) {
				t.Errorf("got  %q\nwant %q", got, sample.want)
			}
		})
	}
}

// none is the result of a check that finds nothing.
var none = []string{}
