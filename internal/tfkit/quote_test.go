package tfkit

import (
	"strings"
	"testing"
)

func TestDoing(t *testing.T) {
	for verb, want := range map[string]string{"read": "read key", "list": "list keys"} {
		if got := Doing(verb, "key"); got != want {
			t.Errorf("got %q", got)
		}
	}
}

func TestQuote(t *testing.T) {
	half := strings.Repeat("ä", 100)
	for name, test := range map[string]struct{ text, want string }{
		"empty":               {"", `""`},
		"plain":               {"sa::ci", `"sa::ci"`},
		"lines":               {"a\nb\r\nc\td\x00", `"a b  c d "`},
		"marks and backslash": {`a "b" \n`, `"a "b" \n"`},
		"other scripts":       {"Zoë \u00a0", "\"Zoë \u00a0\""},
		"long":                {half + "ä" + half, `"` + half + "…" + half + `"`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Quote(test.text); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
