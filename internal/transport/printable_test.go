package transport

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	tests := []struct{ name, give, want string }{
		{"plain", "grüße, 世界", "grüße, 世界"},
		{"escape of a terminal", "\x1b[31mred\x1b]0;title\a", " [31mred ]0;title "},
		{"escape in one character", "\u009b31m", " 31m"},
		{"lines", "a\r\nb\u2028c\u2029d\te", "a  b c d e"},
		{"direction", "a\u202eb\u2066c\u200fd", "a b c d"},
		{"delete and null", "a\x7f\x00", "a  "},
		{"not UTF-8", "a\xff", "a\ufffd"},
		{"longest", strings.Repeat("ä", 20), strings.Repeat("ä", 20)},
		{
			"longer", strings.Repeat("ä", 11) + strings.Repeat("b", 10),
			strings.Repeat("ä", 10) + "…" + strings.Repeat("b", 10),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Printable(test.give, 20); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func FuzzPrintable(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string, longest uint8) {
		got := Printable(text, int(longest))
		if strings.ContainsFunc(got, unicode.IsControl) || !utf8.ValidString(got) ||
			utf8.RuneCountInString(got) > int(longest)+1 {
			t.Errorf("%q became %q", text, got)
		}
	})
}
