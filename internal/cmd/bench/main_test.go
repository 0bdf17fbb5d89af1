package main

import (
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if os.Getenv(providerVariable) != "" {
		main()
	}
	os.Exit(m.Run())
}

var programs = []string{"-cli=/bin/tofu", "-provider=/bin/p", "-simulators=/bin/s"}

func TestParse(t *testing.T) {
	absolute := func(path string) string {
		path, err := filepath.Abs(path) // it gets a drive on Windows
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	s, err := parse(append(programs, "-families=wavefront", "-objects=3,5/9", "-existing=", "-latency=1ms",
		"-variant=a:", "-variant=b@/bin/old:x = 1"), io.Discard)
	want := settings{
		cli: absolute("/bin/tofu"), provider: absolute("/bin/p"), simulators: absolute("/bin/s"),
		objects: []size{{3, 0}, {5, 9}}, parallelism: 10, latency: time.Millisecond,
		variants: []variant{{"a", absolute("/bin/p"), ""}, {"b", absolute("/bin/old"), "x = 1"}},
	}
	if err != nil || len(s.families) != 1 || s.families[0].name != "wavefront" {
		t.Errorf("got %+v, error %v", s, err)
	}
	if s.families = nil; !reflect.DeepEqual(s, want) {
		t.Errorf("got %+v, want %+v", s, want)
	}
	s, err = parse(programs, io.Discard)
	if err != nil || len(s.families) != len(families) || len(s.objects) != 4 || len(s.existing) != 2 ||
		len(s.variants) != 2 {
		t.Errorf("defaults: got %+v, error %v", s, err)
	}
}

func TestParseRefuses(t *testing.T) {
	noProgram := "no such file"
	if !measurable {
		noProgram = "on Unix systems alone"
	}
	for want, args := range map[string][]string{
		"is missing":           nil,
		"unexpected argument":  {"x"},
		"no family":            append(programs, "-families=aws"),
		"no number":            append(programs, "-objects=0"),
		"\"3/x\" is no number": append(programs, "-objects=3/x"),
		"form name:text":       append(programs, "-variant=x"),
		noProgram:              programs,
	} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", args, err, want)
		}
	}
}
