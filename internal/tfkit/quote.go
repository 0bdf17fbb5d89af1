package tfkit

import (
	"strings"
	"unicode"
)

// Quote returns a text in quotation marks, for errors. Nothing in it is escaped. Line breaks and other
// control characters become a space, and the middle of a long text is left out.
func Quote(text string) string {
	const longest = 200
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	if runes := []rune(clean); len(runes) > longest {
		clean = string(runes[:longest/2]) + "…" + string(runes[len(runes)-longest/2:])
	}
	return `"` + clean + `"`
}
