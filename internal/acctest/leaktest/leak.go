package leaktest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// leak is a change of the provider's source that lets a secret out. A file describes it:
//
//	find PLACE           a regular expression for the place of the finding
//	after TEXT           a regular expression for the text before the secret
//	in FILE              the source, from the root of the repository
//	- LINE               lines that stand together in the source, once
//	+LINE                the lines that take their place
//
// There can be several changes. Lines match without regard to their indent.
type leak struct {
	place, after *regexp.Regexp
	changes      []change
}

type change struct {
	file     string
	old, new []string
}

func parseLeak(text string) (l leak, err error) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		verb, rest, _ := strings.Cut(line, " ")
		if added, ok := strings.CutPrefix(line, "+"); ok {
			verb, rest = "+", added
		}
		last := len(l.changes) - 1
		switch {
		case verb == "" || verb == "#":
		case verb == "find":
			l.place, err = regexp.Compile(rest)
		case verb == "after":
			l.after, err = regexp.Compile(rest)
		case verb == "in":
			l.changes = append(l.changes, change{file: rest})
		case verb == "-" && last >= 0:
			if len(l.changes[last].new) > 0 { // another change of the same file
				l.changes = append(l.changes, change{file: l.changes[last].file})
				last++
			}
			l.changes[last].old = append(l.changes[last].old, strings.TrimSpace(rest))
		case verb == "+" && last >= 0:
			l.changes[last].new = append(l.changes[last].new, rest)
		default:
			err = fmt.Errorf("%q is no line of a leak", line)
		}
		if err != nil {
			return l, err
		}
	}
	if l.place == nil || l.after == nil || len(l.changes) == 0 {
		return l, fmt.Errorf("a leak needs find, after and in")
	}
	return l, nil
}

// apply returns the source with the change. It is an error if the old lines do not stand there once.
func (c change) apply(source string) (string, error) {
	lines := strings.Split(source, "\n")
	var at []int
	for i := range len(lines) - len(c.old) + 1 {
		same := true
		for j, old := range c.old {
			same = same && strings.TrimSpace(lines[i+j]) == old
		}
		if same {
			at = append(at, i)
		}
	}
	if len(c.old) == 0 || len(at) != 1 {
		return "", fmt.Errorf("%s has the lines %d times, want once: the source has changed, so change the leak:\n%s",
			c.file, len(at), strings.Join(c.old, "\n"))
	}
	changed := append(append([]string{}, lines[:at[0]]...), c.new...)
	return strings.Join(append(changed, lines[at[0]+len(c.old):]...), "\n"), nil
}

// overlay writes the changed sources, and a file for "go build -overlay" that names them, into an empty
// folder. It returns the path of the file. Root is the root of the repository.
func (l leak) overlay(root, dir string) (string, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return "", err
	}
	sources := map[string]string{}
	for _, c := range l.changes {
		path := filepath.Join(root, c.file)
		if _, known := sources[path]; !known {
			text, err := os.ReadFile(path)
			if err != nil {
				return "", err
			}
			sources[path] = string(text)
		}
		changed, err := c.apply(sources[path])
		if err != nil {
			return "", err
		}
		sources[path] = changed
	}
	replace := map[string]string{}
	for path, text := range sources {
		replace[path] = filepath.Join(dir, fmt.Sprintf("%d.go", len(replace)))
		if err := os.WriteFile(replace[path], []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, text, 0o600)
}

// foundIn reports whether a finding is the one that a leak must bring.
func (l leak) foundIn(findings []Finding) bool {
	for _, f := range findings {
		if l.place.MatchString(f.Place) && l.after.MatchString(f.Before) {
			return true
		}
	}
	return false
}
