package tfkit

import (
	"strings"
	"unicode"
)

// Doing returns what an operation does, for Failure: its verb, and the object, in the plural for a list.
func Doing(verb, object string) string {
	if verb == "list" {
		object += "s"
	}
	return verb + " " + object
}

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
