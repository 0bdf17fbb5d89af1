package main

import "testing"

func TestCheckPages(t *testing.T) {
	const (
		readme = "README.md"
		page   = "docs/guides/a.md"
		index  = "docs/index.md"
		front  = "---\nsubcategory: \"Guides\"\n---\n"
	)
	at := func(path, line, problem string) []string { return []string{path + ":" + line + ": " + problem} }
	missing := func(path, line, file string) []string {
		return at(path, line, `there is no "`+file+`", to which a link leads`)
	}
	noHeading := func(line, file, name string) []string {
		return at(readme, line, `"`+file+`" has no heading "`+name+`", to which a link leads`)
	}
	const relative = `the registry can't follow the relative link "guides/b.md" from this page: write ` + registry +
		"..."
	text := func(text string) repository {
		return repository{
			readme: text, "b/c.md": "# B & `c_d`: one, two\n\n```\n# no\n```\n\n## x\n## x\n<a id=\"y\"></a>\n",
			"d/e.svg": "", index: "# Index\n", "docs/guides/b.md": front + "# B\n",
		}
	}
	on := func(path, content string) repository {
		files := text("")
		files[path] = content
		return files
	}
	wantFindings(t, checkPages, map[string]sample{
		"a file, a folder, a site":  {text("[a](b/c.md) ![b](d/e.svg) [c](d) [d](https://a/b) [e](mailto:a@b)"), none},
		"no file":                   {text("\n[a](b/d.md)"), missing(readme, "2", "b/d.md")},
		"a link on two lines":       {text("[a\nb](b/d.md)"), missing(readme, "2", "b/d.md")},
		"a heading":                 {text("[a](b/c.md#b--c_d-one-two) [b](b/c.md#x-1) [c](b/c.md#y)"), none},
		"a comment in code":         {text("[a](b/c.md#no)"), noHeading("1", "b/c.md", "no")},
		"the third of two headings": {text("[a](b/c.md#x-2)"), noHeading("1", "b/c.md", "x-2")},
		"its own heading":           {text("# One\n\n[a](#one)"), none},
		"not its own heading":       {text("# One\n\n[a](#two)"), noHeading("3", "README.md", "two")},
		"code":                      {text("`[a](b)`\n```\n[a](b)\n```"), none},
		"a template":                {repository{"templates/a.md.tmpl": "[a](b)"}, none},

		"from page to page":  {on(page, front+"[a](b.md#b) [b](../index.md)"), none},
		"without the suffix": {on(page, front+"[a](b)"), missing(page, "4", "docs/guides/b")},
		"out of the pages": {
			on(page, front+"[a](../../README.md)"),
			at(page, "4", `the registry does not have "README.md", to which a link leads`),
		},
		"no subcategory":         {on(page, "subcategory: \"\""), at(page, "1", "the page has no subcategory")},
		"to the registry":        {on(index, "[a]("+registry+"guides/b#b) [b](#c)\n# C"), none},
		"below the text":         {text("[a][b]\n\n[b]: b/d.md#d"), missing(readme, "3", "b/d.md")},
		"to nothing there":       {on(index, "[a]("+registry+"guides/c)"), missing(index, "1", "docs/guides/c.md")},
		"relative, in the index": {on(index, "[a](guides/b.md)"), at(index, "1", relative)},
	})
}
