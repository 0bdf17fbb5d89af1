package transport_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// methodDoc is the doc comment of one exported client method that sends requests.
type methodDoc struct{ name, text string }

// requestMethods returns the methods of a client package that are exported and have a
// context.Context as the first parameter.
func requestMethods(t *testing.T, dir string) (methods []methodDoc) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if ok && f.Recv != nil && f.Name.IsExported() && takesContext(f) {
				methods = append(methods, methodDoc{filepath.Base(name) + ": " + f.Name.Name, f.Doc.Text()})
			}
		}
	}
	return methods
}

func takesContext(f *ast.FuncDecl) bool {
	if len(f.Type.Params.List) == 0 {
		return false
	}
	selector, ok := f.Type.Params.List[0].Type.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Context"
}

// operationLine is an HTTP operation as comments name it: method, one space, path with parameters in
// braces.
var operationLine = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE) (/([a-z0-9_-]+|\{[a-zA-Z]+\}))+/?$`)

// operationsOf returns the last paragraph of a doc comment if each of its lines is an operation.
func operationsOf(doc string) []string {
	paragraphs := strings.Split(strings.TrimSpace(doc), "\n\n")
	if len(paragraphs) < 2 {
		return nil
	}
	lines := strings.Split(paragraphs[len(paragraphs)-1], "\n")
	if slices.ContainsFunc(lines, func(line string) bool { return !operationLine.MatchString(line) }) {
		return nil
	}
	return lines
}

// documented returns the operations of an OpenAPI document as comments name them.
func documented(t *testing.T, system string) []string {
	t.Helper()
	dir := os.Getenv("SVCACCT_OPENAPI_DIR")
	if dir == "" {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(dir, system, "openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var operations []string
	path := ""
	lines := regexp.MustCompile(`(?m)^(?:  (/\S+)|    (get|post|put|patch|delete)):$`)
	for _, match := range lines.FindAllStringSubmatch(string(text), -1) {
		if match[1] != "" {
			path = match[1]
			continue
		}
		operations = append(operations, strings.ToUpper(match[2])+" "+path)
	}
	if operations == nil {
		t.Fatalf("%s: the OpenAPI document has no operations", system)
	}
	return operations
}

// areaOf is the first part of a path that names an area of the API, with all parts before it.
func areaOf(operation string) string {
	_, path, _ := strings.Cut(operation, " ")
	return regexp.MustCompile(`^/(api/)?(v\d/)?[^/]+`).FindString(path)
}

// The doc comment of each client method names its HTTP operations in its last lines. Where an OpenAPI
// document has the area of an operation, it has the operation.
func TestCommentsNameTheOperation(t *testing.T) {
	for _, system := range []string{"waldur", "wavefront", "instaclustr"} {
		known := documented(t, system)
		var areas []string
		for _, operation := range known {
			areas = append(areas, areaOf(operation))
		}
		methods := requestMethods(t, filepath.Join("..", system, system+"api"))
		if len(methods) == 0 {
			t.Errorf("%s: no methods were found", system)
		}
		for _, method := range methods {
			operations := operationsOf(method.text)
			if operations == nil {
				t.Errorf("%s/%s: the comment does not end in an empty line and lines such as "+
					"\"GET /api/customers/{uuid}/\"", system, method.name)
			}
			for _, operation := range operations {
				if slices.Contains(areas, areaOf(operation)) && !slices.Contains(known, operation) {
					t.Errorf("%s/%s: the OpenAPI document has no operation %s", system, method.name, operation)
				}
			}
		}
	}
}

func TestOperationsOf(t *testing.T) {
	for doc, want := range map[string]int{
		"Get reads.\n\nGET /api/customers/{uuid}/\n":            1,
		"Get reads.\n\nGET /a/{id}\nGET /a\n":                   2,
		"Get reads (GET /a/{id}).\n":                            0,
		"Get reads.\nGET /a/{id}\n":                             0,
		"Get reads.\n\nGET /a/{id}\n\nIt reads.\n":              0,
		"Get reads.\n\nGET  /a/{id}\n":                          0,
		"Get reads.\n\nGET a/{id}\n":                            0,
		"Get reads.\n\nGET /a/{id}, GET /a\n":                   0,
		"Get reads.\n\nGET /api/{customer,project}-a/{uuid}/\n": 0,
		"Get reads.\n\nHEAD /a\n":                               0,
		"Get reads.\n\nGET /a\nIt reads.\n":                     0,
		"":                                                      0,
	} {
		if got := len(operationsOf(doc)); got != want {
			t.Errorf("%q: %d operations, want %d", doc, got, want)
		}
	}
}
