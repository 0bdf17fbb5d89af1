package guidetest

import (
	"slices"
	"testing"
)

func TestParse(t *testing.T) {
	const page = "# Page\n\n```sh\na\n```\n\n## One\n\n1. b\n\n   ```terraform\n   c {\n     d\n   }\n   \n   ```\n\n" +
		"```\n# no heading\n   ```\n```\n\n### Two `x`\n\n```text\ne\n```\n\n```sh\nnot closed\n"
	got := parse("p.md", page)
	want := []Block{
		{"p.md", "", 1, "sh", "a\n"},
		{"p.md", "One", 1, "terraform", "c {\n  d\n}\n\n"},
		{"p.md", "One", 2, "", "# no heading\n   ```\n"},
		{"p.md", "Two `x`", 1, "text", "e\n"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if name := got[1].Name(); name != "p.md: One 1" || !got[1].IsHCL() || got[0].IsHCL() {
		t.Errorf("%s is of the wrong kind", name)
	}
}

func TestBlocks(t *testing.T) {
	blocks, err := Blocks("../../..")
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]int{}
	for _, block := range blocks {
		pages[block.Page]++
	}
	for page, least := range map[string]int{"README.md": 3, "docs/index.md": 1, "docs/guides/secrets.md": 10} {
		if pages[page] < least {
			t.Errorf("%s has %d blocks, want at least %d", page, pages[page], least)
		}
	}
	if _, err := Blocks(t.TempDir()); err == nil {
		t.Error("there is no README")
	}
}
