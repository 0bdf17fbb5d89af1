package leaktest

import (
	"reflect"
	"testing"
)

func TestParseScript(t *testing.T) {
	const script = "# a life\nuse main.tf\n\n[terraform 14] ok query\nfails apply -auto-approve\nclear\n"
	use := step{2, "use", []string{"main.tf"}}
	query := step{4, "ok", []string{"query"}}
	rest := []step{{5, "fails", []string{"apply", "-auto-approve"}}, {6, "clear", []string{}}}
	for minor, want := range map[int][]step{
		0:  append([]step{use}, rest...),
		13: append([]step{use}, rest...),
		14: append([]step{use, query}, rest...),
	} {
		if got, err := parseScript(script, minor); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%d: got %v (%v)", minor, got, err)
		}
	}
	for _, wrong := range []string{"run apply", "ok", "use", "fault 1 lost POST", "request GET"} {
		if steps, err := parseScript(wrong, 14); err == nil {
			t.Errorf("%q: got %v", wrong, steps)
		}
	}
}
