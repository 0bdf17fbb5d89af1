package transport

import (
	"strings"
	"unicode"
)

// Printable returns a text of a server for errors: a character that controls a terminal, ends a line, or
// changes the direction of the text becomes a space. Of a text with more characters than longest, the middle
// is left out.
func Printable(text string, longest int) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, text)
	if len(clean) <= longest { // bytes, which are at least as many as the characters
		return clean
	}
	if runes := []rune(clean); len(runes) > longest {
		return string(runes[:longest/2]) + "…" + string(runes[len(runes)-longest/2:])
	}
	return clean
}
