package leaktest

import (
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
