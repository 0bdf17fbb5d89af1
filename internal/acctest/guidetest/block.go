package guidetest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A Block is a fenced block of a page.
type Block struct {
	Page     string // from the root of the repository, with slashes
	Section  string // the heading above it; "" above the first heading of a section
	Number   int    // in its section, from 1
	Language string
	Text     string // without the indent of a block in a list
}

// Name says where the block is, such as "docs/guides/waldur.md: Getting started 2".
func (b Block) Name() string { return fmt.Sprintf("%s: %s %d", b.Page, b.Section, b.Number) }

// IsHCL reports whether the block is a configuration.
func (b Block) IsHCL() bool { return b.Language == "terraform" || b.Language == "hcl" }

// Blocks returns the blocks of the README, of the index and of all guides. Root is the repository.
func Blocks(root string) ([]Block, error) {
	pages, err := filepath.Glob(filepath.Join(root, "docs", "guides", "*.md"))
	if err != nil {
		return nil, err
	}
	var all []Block
	for _, file := range append([]string{filepath.Join(root, "README.md"), filepath.Join(root, "docs", "index.md")},
		pages...) {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		page, err := filepath.Rel(root, file)
		if err != nil {
			return nil, err
		}
		all = append(all, parse(filepath.ToSlash(page), string(text))...)
	}
	return all, nil
}

var (
	fence = regexp.MustCompile("^( *)```(\\w*)\\s*$")
	title = regexp.MustCompile(`^##+ +(.*?) *$`)
)

// parse returns the blocks of a page.
func parse(page, text string) []Block {
	var blocks []Block
	var section, indent string
	var open *Block
	number := 0
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		whole := strings.TrimSuffix(line, "\n")
		mark := fence.FindStringSubmatch(whole)
		switch {
		case open == nil && mark != nil:
			number++
			indent, open = mark[1], &Block{Page: page, Section: section, Number: number, Language: mark[2]}
		case open != nil && mark != nil && mark[2] == "" && mark[1] == indent:
			blocks, open = append(blocks, *open), nil
		case open != nil:
			open.Text += strings.TrimPrefix(line, indent)
		default:
			if heading := title.FindStringSubmatch(whole); heading != nil {
				section, number = heading[1], 0
			}
		}
	}
	return blocks
}
