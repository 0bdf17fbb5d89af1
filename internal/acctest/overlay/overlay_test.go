package overlay

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const editOfA = "# a comment\nwhere here\nin a.go\n- b()\n- c()\n+\tlog(key)\n- d()\n+\te()\n"

func where(verb, rest string) error {
	if verb != "where" || rest != "here" {
		return fmt.Errorf("%q is no line", verb)
	}
	return nil
}

func TestParse(t *testing.T) {
	for name, text := range map[string]string{
		"no file":         "where here\n",
		"an unknown line": editOfA + "when now\n",
		"no file before":  "- b()\n" + editOfA,
	} {
		if _, err := Parse(text, where); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestWrite(t *testing.T) {
	for name, test := range map[string]struct{ source, want, problem string }{
		"once":    {"a()\n\tb()\n\t\tc()\n\td()\n", "a()\n\tlog(key)\n\te()\n", ""},
		"changed": {"a()\n\tb(1)\n\t\tc()\n\td()\n", "", "a.go has the lines 0 times"},
		"twice":   {"b()\nc()\nb()\nc()\nd()\n", "", "a.go has the lines 2 times"},
	} {
		t.Run(name, func(t *testing.T) {
			root, dir := t.TempDir(), t.TempDir()
			if err := os.WriteFile(filepath.Join(root, "a.go"), []byte(test.source), 0o600); err != nil {
				t.Fatal(err)
			}
			e, err := Parse(editOfA, where)
			if err != nil {
				t.Fatal(err)
			}
			overlay, err := e.Write(root, dir)
			if test.problem != "" {
				if err == nil || !strings.Contains(err.Error(), test.problem) {
					t.Errorf("got %v", err)
				}
				return
			}
			text, readErr := os.ReadFile(filepath.Join(dir, "0.go"))
			if err != nil || readErr != nil || string(text) != test.want {
				t.Errorf("got %q (%v, %v)", text, err, readErr)
			}
			named, err := os.ReadFile(overlay)
			if err != nil || !strings.Contains(string(named), strconv.Quote(filepath.Join(root, "a.go"))) {
				t.Errorf("the overlay is %s (%v)", named, err)
			}
		})
	}
}
