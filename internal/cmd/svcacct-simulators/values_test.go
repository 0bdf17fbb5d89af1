package main

import "testing"

func TestGlob(t *testing.T) {
	for _, test := range []struct {
		glob, path string
		matches    bool
	}{
		{"", "/a/b", true},
		{"*", "/a/b", true},
		{"**", "/a/b", true},
		{"/a/b", "/a/b", true},
		{"/a/b", "/a/b/", false},
		{"/a/b", "/x/a/b", false},
		{"/a/*", "/a/b", true},
		{"/a/*", "/a/", true},
		{"/a/*", "/a/b/", false},
		{"/a/*/", "/a/b/", true},
		{"/a/*/", "/a/b/c/", false},
		{"/a/**", "/a/b/c/", true},
		{"/**/c/", "/a/b/c/", true},
		{"**/c/", "/a/b/c/", true},
		{"/a/b?", "/a/bc", true},
		{"/a?b", "/a/b", false},
		{"/a.b", "/a-b", false},
		{"/[ab]", "/[ab]", true},
		{"/a/*", "/a/b\nc", true},
		{"/sa::x*", "/sa::x y", true},
	} {
		expression, err := glob(test.glob)
		if err != nil || expression.MatchString(test.path) != test.matches {
			t.Errorf("%q and %q: error %v, want %t", test.glob, test.path, err, test.matches)
		}
	}
}
