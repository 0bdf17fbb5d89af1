package main

import (
	"fmt"
	"testing"
)

func TestCheckWords(t *testing.T) {
	const (
		shipped   = "internal/a/a.go"
		test      = "internal/a/a_test.go"
		simulator = "internal/sim/a/a.go"
		markdown  = "README.md"
		script    = "tools/a.sh"
	)
	at := func(path string, line int, word, instead string) string {
		return finding{path, line, fmt.Sprintf("%q is not plain English: write %s", word, instead)}.String()
	}
	hit := func(path, word, instead string) []string { return []string{at(path, 3, word, instead)} }
	page := func(text string) repository { return repository{markdown: "# Title\n\n" + text + "\n"} }

	wantFindings(t, checkWords, map[string]sample{
		"a comment":             {goFile(shipped, "// The far side."), hit(shipped, "far side", "server")},
		"upper case, two lines": {goFile(shipped, "// Far\n// side."), hit(shipped, "Far side", "server")},
		"a comment in a test":   {goFile(test, "// the far side"), hit(test, "far side", "server")},
		"Markdown":              {page("The far\nside."), hit(markdown, "far side", "server")},
		"code in Markdown":      {page("`far side`\n```\nfar side\n```"), none},
		"a script":              {repository{script: "#\n\n# the far side\n"}, hit(script, "far side", "server")},
		"longer words":          {page("A far sideboard, afar side, doomsday."), none},
		"forms of a word": {page("Saw off, sawing off, sawed off."), []string{
			at(markdown, 3, "Saw off", "what happens"), at(markdown, 3, "sawing off", "what happens"),
		}},
		"a noun, and a verb": {page("Two sends. It sends two."), hit(markdown, "Two sends", "attempt")},

		"a message":               {goFile(shipped, "var s = `the far side`"), hit(shipped, "far side", "server")},
		"two parts of a message":  {goFile(shipped, "var s = `far ` +\n\t`side`"), hit(shipped, "far side", "server")},
		"a string in a test":      {goFile(test, "var s = `the far side`"), none},
		"a string in a simulator": {goFile(simulator, "var s = `the far side`"), none},
		"a name on disk":          {goFile(shipped, "var s = \"doomed_keys\""), none},

		"first word of a name": {goFile(shipped, "func factsOf() {}"), hit(shipped, "factsOf", "attributes")},
		"after an acronym":     {goFile(shipped, "type HTTPFacts int"), hit(shipped, "HTTPFacts", "attributes")},
		"before a number":      {goFile(shipped, "var a_facts2 int"), hit(shipped, "a_facts2", "attributes")},
		"inside of a word":     {goFile(shipped, "var artefacts int"), none},
		"a name in a sentence": {goFile(shipped, "// straight facts told"), none},
		"two words of a name":  {goFile(test, "var KeepSpelling int"), hit(test, "KeepSpelling", "KeepEquivalent")},
		"not these two words":  {goFile(test, "var KeepSpellings int"), none},

		"a whole name":          {goFile(shipped, "var told, Told, wasTold int"), hit(shipped, "told", "returned")},
		"one word of two":       {goFile(shipped, "var prints, printsOf int"), hit(shipped, "prints", "fingerprints")},
		"a name of another one": {goFile(shipped, "var a = other.Observe"), none},
		"a key of JSON":         {goFile(shipped, "type a struct {\n\tB int `json:\"facts\"`\n}"), none},

		"in what ships":        {goFile(shipped, "var Planned int"), hit(shipped, "Planned", "WillRotate")},
		"in a helper of tests": {goFile("internal/acctest/a.go", "var Planned int"), none},
		"in a simulator":       {goFile(simulator, "// an assumption"), hit(simulator, "assumption", "option")},
		"in the provider":      {goFile(shipped, "// an assumption"), none},

		"a path of the workplace":    {goFile(shipped, "// see /work/main"), []string{unclear(shipped, "/work/")}},
		"an issue on two lines":      {goFile(test, "// see Issue\n// #7"), []string{unclear(test, "Issue #7")}},
		"an issue on one line":       {goFile(test, "// see Issue #7"), []string{unclear(test, "Issue #7")}},
		"a path of an address":       {page("https://a/work/b"), none},
		"an issue in Markdown":       {page("issue 10"), []string{unclear(markdown, "issue 10")}},
		"what an API does with keys": {page("They issue keys, 2 of them; tissue 10."), none},
	})
}

func unclear(path, text string) string {
	return finding{path, 3, fmt.Sprintf("%q means nothing to a reader: write the reason", text)}.String()
}
