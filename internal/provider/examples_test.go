package provider_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const examples = "../../examples"

// exampleFiles are the files that terraform-plugin-docs reads for a type of a kind, with the texts
// that they must contain. TYPE is the name of the type.
var exampleFiles = map[string]map[string][]string{
	"resources": {
		"resource.tf":            {`resource "TYPE" "`},
		"import.sh":              {"terraform import TYPE."},
		"import-by-string-id.tf": {"import {", "to = TYPE.", "id ="},
		"import-by-identity.tf":  {"import {", "to = TYPE.", "identity = {"},
	},
	"data-sources":        {"data-source.tf": {`data "TYPE" "`}},
	"ephemeral-resources": {"ephemeral-resource.tf": {`ephemeral "TYPE" "`}},
	"list-resources":      {"list-resource.tfquery.hcl": {`list "TYPE" "`}},
	"actions":             {"action.tf": {`action "TYPE" "`}},
	"functions":           {"function.tf": {"provider::svcacct::TYPE("}},
}

func TestEveryTypeHasItsExamples(t *testing.T) {
	types, _ := served(t)
	for kind, names := range types {
		for _, name := range names {
			for file, texts := range exampleFiles[kind] {
				t.Run(kind+"/"+name+"/"+file, func(t *testing.T) {
					content, err := os.ReadFile(filepath.Join(examples, kind, name, file))
					if err != nil {
						t.Fatal(err)
					}
					got := strings.Join(strings.Fields(string(content)), " ") // the formatter aligns "="
					for _, text := range texts {
						if text = strings.ReplaceAll(text, "TYPE", name); !strings.Contains(got, text) {
							t.Errorf("%q is missing", text)
						}
					}
				})
			}
		}
	}
}

func TestProviderHasItsExample(t *testing.T) {
	for file, texts := range map[string][]string{
		"provider.tf": {`provider "svcacct" {`}, "terraform.tf": {"required_providers", `"svcacct/svcacct"`},
	} {
		content, err := os.ReadFile(filepath.Join(examples, "provider", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			if !strings.Contains(string(content), text) {
				t.Errorf("%s: %s is missing", file, text)
			}
		}
	}
}

// documented reports whether the documentation reads a file: one of the files, or a further example
// beside it, such as data-source-consumer.tf beside data-source.tf.
func documented(files map[string][]string, name string) bool {
	for file := range files {
		start, end, _ := strings.Cut(file, ".")
		if matched, _ := filepath.Match(start+"-*."+end, name); matched || name == file {
			return true
		}
	}
	return false
}

// An example of a type that is not served, and a file that the documentation does not read, have a
// wrong name.
func TestEveryExampleIsUsed(t *testing.T) {
	types, _ := served(t)
	for kind, files := range exampleFiles {
		found, err := filepath.Glob(filepath.Join(examples, kind, "*", "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			if name := filepath.Base(filepath.Dir(path)); !slices.Contains(types[kind], name) {
				t.Errorf("%s: no such type is served", path)
			}
			if !documented(files, filepath.Base(path)) {
				t.Errorf("%s: the documentation does not read this file", path)
			}
		}
	}
	kinds, err := os.ReadDir(examples)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds {
		others := []string{"provider", "demo", "guides", "modules"}
		if _, ok := exampleFiles[kind.Name()]; !ok && !slices.Contains(others, kind.Name()) {
			t.Errorf("%s: not a kind of example", kind.Name())
		}
	}
}

// troubleshooting returns the guide on errors.
func troubleshooting(t *testing.T) string {
	t.Helper()
	guide, err := os.ReadFile("../../templates/guides/troubleshooting.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	return string(guide)
}

// joined returns Go source in which texts that are put together with "+" are one text.
func joined(source []byte) string {
	return regexp.MustCompile(`" ?\+\s*"`).ReplaceAllString(string(source), "")
}

// The guide on errors has the connection errors: each text that the transport gives to an error, up to its first
// value or punctuation. Texts that begin with one of the words of parts go on after another text.
func TestTroubleshootingHasTheErrors(t *testing.T) {
	guide := troubleshooting(t)
	files, err := filepath.Glob("../transport/*.go")
	if err != nil {
		t.Fatal(err)
	}
	texts, parts := 0, []string{"a", "an", "entry", "it", "no"}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		call := regexp.MustCompile(`\b(?:errors\.New|fmt\.Errorf|lasting|passing)\(["` + "`" + `]([^":;,%(]+)`)
		for _, found := range call.FindAllStringSubmatch(joined(source), -1) {
			text := strings.TrimSpace(found[1])
			if word, more, _ := strings.Cut(text, " "); more == "" || slices.Contains(parts, word) {
				continue
			}
			if texts++; !strings.Contains(guide, text) {
				t.Errorf("%s: the guide does not have %q", file, text)
			}
		}
	}
	if texts < 25 {
		t.Errorf("found %d texts, there are more", texts)
	}
}

// The guide on errors quotes the provider: each text in the first column of its tables is in the source, in
// which "..." is a value.
func TestTroubleshootingQuotesTheProvider(t *testing.T) {
	var source bytes.Buffer
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		source.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	messages := joined(source.Bytes())
	quotes := 0
	for _, row := range regexp.MustCompile("(?m)^\\| (`.*?) \\|").FindAllStringSubmatch(troubleshooting(t), -1) {
		for _, code := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[1], -1) {
			for _, quote := range strings.Split(code[1], "...") {
				quotes++
				if quote = strings.TrimSpace(quote); !strings.Contains(messages, quote) {
					t.Errorf("the provider does not say %q", quote)
				}
			}
		}
	}
	if quotes < 30 {
		t.Errorf("found %d texts, there are more", quotes)
	}
}
