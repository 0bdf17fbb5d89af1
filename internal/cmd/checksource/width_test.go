package main

import (
	"strings"
	"testing"
)

func TestCheckWidth(t *testing.T) {
	const (
		code     = "internal/a/a.go"
		test     = "internal/a/a_test.go"
		markdown = "templates/index.md.tmpl"
	)
	x := func(n int) string { return strings.Repeat("x", n) }
	page := func(text string) repository { return repository{markdown: "# Title\n\n" + text + "\n"} }
	wide := func(path string) []string { return []string{path + ":3: the line has 121 columns, more than 120"} }

	wantFindings(t, checkWidth, map[string]sample{
		"as wide as a line may be": {goFile(code, "// "+x(117)), none},
		"wider":                    {goFile(code, "// "+x(118)), wide(code)},
		"a tab has four columns":   {goFile(code, "\t// "+x(114)), wide(code)},
		"tabs anywhere":            {goFile(code, "//\t\t"+x(111)), wide(code)},
		"characters, not bytes":    {goFile(code, "// "+strings.Repeat("é", 117)), none},
		"a link in Go":             {goFile(code, "//https://"+x(111)), wide(code)},
		"a row in Go":              {repository{code: "package a\n/*\n| " + x(119) + "\n*/"}, wide(code)},
		"a test":                   {goFile(test, "// "+x(118)), wide(test)},
		"Markdown":                 {page(x(121)), wide(markdown)},
		"an item of a list":        {page("- " + x(119)), wide(markdown)},
		"a row of a table":         {page("  | " + x(121) + " |"), none},
		"a bar inside of a line":   {page(x(119) + " |"), wide(markdown)},
		"code":                     {page("```hcl\n" + x(121) + "\n```"), none},
		"code in an item":          {page("- a\n  ```hcl\n  " + x(121) + "\n  ```"), none},
		"after code":               {repository{markdown: "```\n```\n" + x(121)}, wide(markdown)},
		"an address":               {page("<https://" + x(120) + ">"), none},
		"a link":                   {page("- [what it is called](https://" + x(120) + ")"), none},
		"the target of a link":     {page("[label]: https://" + x(120)), none},
		"a script":                 {repository{"tools/a.sh": x(121)}, none},
		"words after a link":       {page("[a](https://" + x(106) + ") b"), wide(markdown)},
		"words before an address":  {page("see https://" + x(109)), wide(markdown)},
	})
}
