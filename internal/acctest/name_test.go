package acctest

import (
	"regexp"
	"testing"
	"time"
)

func TestNamed(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for name, want := range map[string]bool{
		nameAt(at): true, "sa::" + nameAt(at): true, "acc-260304050607-000001": true,
		"": false, "acc-": false, "acc-production": false, "acc-260304": false, "acc-260304050607": false,
		"acc-2603040506071234567": false, "acc-991399999999-000001": false,
		nameAt(at) + "2": false, nameAt(at) + "-production": false, "acc-260304050607-1": false,
		"x" + nameAt(at): false, "sa::x" + nameAt(at): false, "ACC-260304050607-000001": false, "sa::ci": false,
	} {
		got, ok := Named(name)
		if ok != want || ok && !got.Equal(at) {
			t.Errorf("%q: got %v, %t, want %t", name, got, ok, want)
		}
	}
	if name := Name(); len(name) != 23 {
		t.Errorf("%q has %d characters", name, len(name))
	}
	if name := ShortName(); !regexp.MustCompile(`^acc[0-9a-z]{2}$`).MatchString(name) {
		t.Errorf("got %q", name)
	}
}
