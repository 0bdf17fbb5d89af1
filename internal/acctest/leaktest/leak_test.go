package leaktest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const leakOfA = "find ^log$\nafter a: $\nin a.go\n- b()\n- c()\n+\tlog(key)\n- d()\n+\te()\n"

func TestParseLeak(t *testing.T) {
	for name, text := range map[string]string{
		"no place":       strings.Replace(leakOfA, "find ^log$\n", "", 1),
		"no change":      "find x\nafter y\n",
		"no file":        "find x\nafter y\n- b()\n",
		"an expression":  strings.Replace(leakOfA, "^log$", "(", 1),
		"an unknown one": leakOfA + "where else\n",
	} {
		if _, err := parseLeak(text); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestOverlay(t *testing.T) {
	for name, test := range map[string]struct{ source, want, problem string }{
		"once":    {"a()\n\tb()\n\t\tc()\n\td()\n", "a()\n\tlog(key)\n\te()\n", ""},
		"changed": {"a()\n\tb(1)\n\t\tc()\n\td()\n", "", "a.go has the lines 0 times"},
		"twice":   {"b()\nc()\nb()\nc()\nd()\n", "", "a.go has the lines 2 times"},
	} {
		t.Run(name, func(t *testing.T) {
			root, dir := t.TempDir(), t.TempDir()
			if err := os.WriteFile(filepath.Join(root, "a.go"), []byte(test.source), 0o600); err != nil {
				t.Fatal(err)
			}
			l, err := parseLeak(leakOfA)
			if err != nil {
				t.Fatal(err)
			}
			overlay, err := l.overlay(root, dir)
			if test.problem != "" {
				if err == nil || !strings.Contains(err.Error(), test.problem) {
					t.Errorf("got %v", err)
				}
				return
			}
			text, readErr := os.ReadFile(filepath.Join(dir, "0.go"))
			if err != nil || readErr != nil || string(text) != test.want {
				t.Errorf("got %q (%v, %v)", text, err, readErr)
			}
			named, err := os.ReadFile(overlay)
			if err != nil || !strings.Contains(string(named), filepath.Join(root, "a.go")) {
				t.Errorf("the overlay is %s (%v)", named, err)
			}
		})
	}
}

func TestFoundIn(t *testing.T) {
	l, err := parseLeak(leakOfA)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		findings []Finding
		want     bool
	}{
		{nil, false},
		{[]Finding{{Place: "state", Before: "a: "}}, false},
		{[]Finding{{Place: "log", Before: "b: "}}, false},
		{[]Finding{{Place: "state"}, {Place: "log", Before: "at a: "}}, true},
	} {
		if got := l.foundIn(test.findings); got != test.want {
			t.Errorf("%v: got %t", test.findings, got)
		}
	}
}
