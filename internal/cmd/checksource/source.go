package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// A source is a file that is written by hand: Go, Markdown, or a script or the settings of a tool; or a
// page of docs/.
type source struct {
	root   fs.FS  // the repository
	path   string // from the root of the repository, with slashes
	lines  []string
	fset   *token.FileSet
	syntax *ast.File // nil if it is not Go
}

// A finding is a line that breaks a rule.
type finding struct {
	path    string
	line    int // from 1
	message string
}

func (f finding) String() string {
	return fmt.Sprintf("%s:%d: %s", f.path, f.line, f.message)
}

func (f finding) compare(other finding) int {
	return cmp.Or(
		cmp.Compare(f.path, other.path),
		cmp.Compare(f.line, other.line),
		cmp.Compare(f.message, other.message),
	)
}

// load reads the files below root that are written by hand, and the pages of docs/. It leaves out the Go
// files that say that they are generated, and folders that no Go build reads, except for those of the
// continuous integration.
func load(root fs.FS) ([]*source, error) {
	var files []*source
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			hidden := strings.HasPrefix(name, ".") && path != "." && path != ".ci" && path != ".github"
			if hidden || name == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		if !byHand(path) {
			return nil
		}
		text, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		file, err := parse(path, string(text))
		if err != nil {
			return err
		}
		file.root = root
		if file.syntax == nil || !ast.IsGenerated(file.syntax) {
			files = append(files, file)
		}
		return nil
	})
	return files, err
}

// byHand reports whether a path is that of a Go or Markdown file, or of a script or the settings of
// a tool.
func byHand(path string) bool {
	if path == "GNUmakefile" || path == ".ci/run" {
		return true
	}
	return slices.ContainsFunc([]string{".go", ".md", ".md.tmpl", ".sh", ".yml"}, func(suffix string) bool {
		return strings.HasSuffix(path, suffix)
	})
}

func parse(path, text string) (*source, error) {
	s := &source{path: path, lines: strings.Split(text, "\n"), fset: token.NewFileSet()}
	if !strings.HasSuffix(path, ".go") {
		return s, nil
	}
	var err error
	s.syntax, err = parser.ParseFile(s.fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
	return s, err
}

func (s *source) at(node ast.Node, message string) finding {
	return finding{s.path, s.line(node), message}
}

func (s *source) line(node ast.Node) int {
	return s.fset.Position(node.Pos()).Line
}

func (s *source) below(folder string) bool {
	return strings.HasPrefix(s.path, folder+"/")
}

// generated reports whether the file is a page of docs/.
func (s *source) generated() bool { return s.below(pagesFolder) }

func (s *source) isMarkdown() bool {
	return strings.HasSuffix(s.path, ".md") || strings.HasSuffix(s.path, ".md.tmpl")
}

func (s *source) isTest() bool {
	return strings.HasSuffix(s.path, "_test.go")
}

// ships reports whether a Go file is a part of the provider. Tests are not, nor is what only tests
// and tools use.
func (s *source) ships() bool {
	return s.syntax != nil && !s.isTest() && area(s.path) != ""
}

// fenced reports for each line of a Markdown file whether it belongs to a fenced block of code.
func (s *source) fenced() []bool {
	inside := false
	fenced := make([]bool, len(s.lines))
	for i, line := range s.lines {
		fence := strings.HasPrefix(strings.TrimSpace(line), "```")
		fenced[i] = fence || inside
		inside = inside != fence
	}
	return fenced
}

var inlineCode = regexp.MustCompile("`[^`]*`")

// prose returns the text that people read, each line at its place in the file: Markdown without
// code, the comments of a Go file and, in what ships, its string literals, since messages and
// descriptions are made of those. Of a script it returns all: names and messages are words too.
func (s *source) prose() string {
	prose := make([]string, len(s.lines))
	if s.syntax == nil && !s.isMarkdown() {
		return strings.Join(s.lines, "\n")
	}
	if s.syntax == nil {
		for i, fenced := range s.fenced() {
			if !fenced {
				prose[i] = inlineCode.ReplaceAllString(s.lines[i], "``")
			}
		}
		return strings.Join(prose, "\n")
	}

	add := func(node ast.Node, text string) {
		for i, line := range strings.Split(text, "\n") {
			prose[s.line(node)-1+i] += " " + line
		}
	}
	for _, group := range s.syntax.Comments {
		for _, comment := range group.List {
			add(comment, strings.TrimLeft(comment.Text, "/*"))
		}
	}
	if s.ships() {
		ast.Inspect(s.syntax, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				add(literal, strings.ReplaceAll(strings.Trim(literal.Value, "\"`"), `\n`, " "))
			}
			return true
		})
	}
	return strings.Join(prose, "\n")
}

// declared returns the identifiers that a Go file declares. All others are uses, and some of those
// are names that other modules have chosen.
func (s *source) declared() []*ast.Ident {
	names := []*ast.Ident{s.syntax.Name}
	add := func(expressions ...ast.Expr) {
		for _, expression := range expressions {
			if name, ok := expression.(*ast.Ident); ok && name != nil {
				names = append(names, name)
			}
		}
	}
	ast.Inspect(s.syntax, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.ImportSpec:
			add(n.Name)
		case *ast.FuncDecl:
			add(n.Name)
		case *ast.TypeSpec:
			add(n.Name)
		case *ast.ValueSpec:
			names = append(names, n.Names...)
		case *ast.Field:
			names = append(names, n.Names...)
		case *ast.LabeledStmt:
			add(n.Label)
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				add(n.Lhs...)
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				add(n.Key, n.Value)
			}
		}
		return true
	})
	return names
}
