package wavefront

import "testing"

func TestIdentifierOf(t *testing.T) {
	for name, want := range map[string]string{
		"ci": "sa::ci", "CI pipeline": "sa::ci-pipeline", " sa::CI\n": "sa::ci", "sa:ci": "sa::ci", "sa::ci": "sa::ci",
	} {
		if got, err := identifierOf(name); err != nil || got != want {
			t.Errorf("%q: got %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"", " ", "sa::", "SA::", "a/b"} {
		if got, err := identifierOf(name); err == nil {
			t.Errorf("%q: got %q", name, got)
		}
	}
}
