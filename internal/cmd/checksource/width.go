package main

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

const maxWidth = 120

// unbreakable matches the Markdown lines that a writer can't break: rows of tables, and links that
// stand alone.
var unbreakable = regexp.MustCompile(`^\s*(\|.*|([-*] )?(<?https?://\S+|\[[^]]*\](\(\S*\)|: \S+))\s*)$`)

// checkWidth finds lines of Go and Markdown wider than maxWidth. Code and unbreakable lines in
// Markdown may be wider.
func checkWidth(files []*source) []finding {
	var found []finding
	for _, s := range files {
		if s.syntax == nil && !s.isMarkdown() {
			continue
		}
		fenced := s.fenced()
		for i, line := range s.lines {
			if s.syntax == nil && (fenced[i] || unbreakable.MatchString(line)) {
				continue
			}
			if n := width(line); n > maxWidth {
				message := fmt.Sprintf("the line has %d columns, more than %d", n, maxWidth)
				found = append(found, finding{s.path, i + 1, message})
			}
		}
	}
	return found
}

// width returns the columns of a line: one for each character, four for a tab.
func width(line string) int {
	return utf8.RuneCountInString(line) + 3*strings.Count(line, "\t")
}
