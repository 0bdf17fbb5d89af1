package main

import (
	"slices"
	"testing"
)

func TestChoose(t *testing.T) {
	all := []string{"a/create/1.get/500", "a/create/1.get/500/always", "a/refresh/all/503", "b/create/1.get/500"}
	for name, test := range map[string]struct {
		settings
		want []string
	}{
		"all":             {settings{all: true}, all},
		"a sample":        {settings{sample: 9}, all},
		"a resource":      {settings{names: "a"}, all[:3]},
		"a phase":         {settings{names: "*/create"}, []string{all[0], all[1], all[3]}},
		"a case":          {settings{names: "a/create/1.get/500/always"}, all[1:2]},
		"a kind of fault": {settings{names: "*/*/*/503"}, all[2:3]},
		"none":            {settings{names: "c"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.choose(all); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestMayHold(t *testing.T) {
	for names, want := range map[string]bool{
		"": true, "a": true, "a/create": true, "a/create/1.get/500": true, "*/*/all": true, "b": false,
		"a/refresh/all": false,
	} {
		if got := (settings{names: names}).mayHold("a/create"); got != want {
			t.Errorf("%q: %t, want %t", names, got, want)
		}
	}
}

func TestParse(t *testing.T) {
	if _, err := parse([]string{"-cli", "terraform"}); err == nil {
		t.Error("no error without -provider")
	}
	s, err := parse([]string{"-cli", "terraform", "-provider", "p", "-all", "-seed", "7"})
	if err != nil || !s.all || s.seed != 7 || s.sample != 150 {
		t.Errorf("got %+v, %v", s, err)
	}
}
