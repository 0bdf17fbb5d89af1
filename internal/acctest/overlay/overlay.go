// Package overlay builds programs from changed sources, for tests that must see that something is broken.
package overlay

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Edit is a change of the sources. A file describes it:
//
//	in FILE              the source, from the root of the repository
//	- LINE               lines that stand together in the source, once
//	+LINE                the lines that take their place
//
// There can be several changes. Lines match without regard to their indent. The file can have lines that
// begin with another word, and comments, which begin with #.
type Edit struct{ changes []change }

type change struct {
	file     string
	old, new []string
}

// Parse reads the text of such a file. Other gets the lines that begin with another word.
func Parse(text string, other func(verb, rest string) error) (e Edit, err error) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		verb, rest, _ := strings.Cut(line, " ")
		if added, ok := strings.CutPrefix(line, "+"); ok {
			verb, rest = "+", added
		}
		last := len(e.changes) - 1
		switch {
		case verb == "" || verb == "#":
		case verb == "in":
			e.changes = append(e.changes, change{file: rest})
		case verb == "-" && last >= 0:
			if len(e.changes[last].new) > 0 { // another change of the same file
				e.changes = append(e.changes, change{file: e.changes[last].file})
				last++
			}
			e.changes[last].old = append(e.changes[last].old, strings.TrimSpace(rest))
		case verb == "+" && last >= 0:
			e.changes[last].new = append(e.changes[last].new, rest)
		default:
			err = other(verb, rest)
		}
		if err != nil {
			return e, err
		}
	}
	if len(e.changes) == 0 {
		return e, fmt.Errorf("an edit needs a line that begins with in")
	}
	return e, nil
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
		return "", fmt.Errorf("%s has the lines %d times, want once: the source has changed, so change the file of "+
			"the edit:\n%s", c.file, len(at), strings.Join(c.old, "\n"))
	}
	changed := append(append([]string{}, lines[:at[0]]...), c.new...)
	return strings.Join(append(changed, lines[at[0]+len(c.old):]...), "\n"), nil
}

// Write writes the changed sources, and a file for "go build -overlay" that names them, into an empty
// folder. It returns the path of the file. Root is the root of the repository.
func (e Edit) Write(root, dir string) (string, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return "", err
	}
	sources := map[string]string{}
	for _, c := range e.changes {
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
