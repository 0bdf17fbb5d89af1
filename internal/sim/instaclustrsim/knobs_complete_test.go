package instaclustrsim_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

// The lists hold every constant of every type of a knob that is not the default, and set one field each.
func TestKnobsAreComplete(t *testing.T) {
	listed := map[string][]string{} // values by type
	for _, knob := range everyKnob() {
		var options instaclustrsim.Options
		knob.Set(&options)
		changed := []reflect.Value{}
		for _, field := range reflect.ValueOf(options).Fields() {
			if !field.IsZero() {
				changed = append(changed, field)
			}
		}
		if len(changed) != 1 {
			t.Fatalf("%s sets %d fields", knob.Name, len(changed))
		}
		kind := changed[0].Type().Name()
		if name, value, _ := strings.Cut(knob.Name, "="); !strings.EqualFold(name, kind) || value != changed[0].String() {
			t.Errorf("%s sets %s to %s", knob.Name, kind, changed[0])
		}
		listed[kind] = append(listed[kind], changed[0].String())
	}
	declared := constants(t)
	for field := range reflect.TypeFor[instaclustrsim.Options]().Fields() {
		values, ok := declared[field.Type.Name()]
		switch field.Name {
		case "Now", "Random", "CallerAddress", "RequestsPerMinute":
			continue
		}
		if !ok || field.Type.Name() != field.Name {
			t.Errorf("%s has no type of its own with constants", field.Name)
		}
		equal(t, field.Name, slices.Sorted(slices.Values(append(listed[field.Name], ""))), slices.Sorted(slices.Values(values)))
	}
}

// constants reads the package's typed text constants from its source: values by type.
func constants(t *testing.T) map[string][]string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			kind, typed := spec.Type.(*ast.Ident)
			text, literal := spec.Values[0].(*ast.BasicLit)
			if typed && literal && text.Kind == token.STRING {
				value, _ := strconv.Unquote(text.Value)
				found[kind.Name] = append(found[kind.Name], value)
			}
			return true
		})
	}
	return found
}

func TestKnobListsApart(t *testing.T) {
	count := func(knobs []instaclustrsim.Knob) (names int) {
		seen := map[string]bool{}
		for _, knob := range knobs {
			name, _, _ := strings.Cut(knob.Name, "=")
			seen[name] = true
		}
		return len(seen)
	}
	equal(t, "knobs of the API document", count(instaclustrsim.Knobs()), 12)
	equal(t, "assumptions", count(instaclustrsim.Assumptions()), 12)
}
