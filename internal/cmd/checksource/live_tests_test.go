package main

import "testing"

func TestCheckLiveTests(t *testing.T) {
	const tests = `package a_test

func TestAccLive(t *testing.T)      { acctest.NewWaldur(t, x{}).Run(t) }
func TestAccThrough(t *testing.T)   { each(t, func() {}) }
func TestAccPassed(t *testing.T)    { t.Run("x", inner) }
func TestAccGeneric(t *testing.T)   { generic[int](t) }
func TestAccSimulated(t *testing.T) { w := acctest.NewWaldur(t, x{}); w.Simulated(t, "why") }
func TestAccInSubtest(t *testing.T) { each(t, func() { w.Simulated(t, "why") }) }
func TestAccByHelper(t *testing.T)  { simulator(t) }
func TestAccWithout(t *testing.T)   { world.New() }
func TestUnit(t *testing.T)         { acctest.NewWaldur(t, x{}) }

func each(t *testing.T, f func()) { acctest.NewWaldur(t, x{}); each(t, f) }
func inner(t *testing.T)          { acctest.NewInstaclustr(t, x{}) }
func generic[T any](t *testing.T) { acctest.NewWavefront(t, x{}) }
func simulator(t *testing.T)      { acctest.NewWaldur(t, x{}).Simulated(t, "why") }
`
	const row = "| `internal/a` | `TestAccGeneric`, `TestAccLive`, `TestAccPassed`, `TestAccThrough` |"
	const table = "# Tests\n\n" + liveHead + "\n" + liveBorder + "\n"
	page := func(text string) repository {
		return repository{"internal/a/a_test.go": tests, livePage: text}
	}
	wantFindings(t, checkLiveTests, map[string]sample{
		"no page":  {repository{"internal/a/a_test.go": tests}, none},
		"no table": {page("# Tests\n"), []string{livePage + ":1: there is no table with the head " + liveHead}},
		"right":    {page(table + row + "\n\nMore.\n"), none},
		"empty":    {page(table), []string{livePage + ":4: " + missingRow + row}},
		"a new one": {page(table + "| `internal/a` | `TestAccLive` |\n"), []string{
			livePage + ":5: no package has exactly these tests on a real server",
			livePage + ":5: " + missingRow + row,
		}},
		"no such package": {page(table + row + "\n| `internal/b` | `TestAccB` |\n"), []string{
			livePage + ":6: no package has exactly these tests on a real server",
		}},
	})
}
