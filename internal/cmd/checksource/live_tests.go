package main

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"
)

// The page with the table of tests that run on real servers, and the first two lines of the table.
const (
	livePage   = "CONTRIBUTING.md"
	liveHead   = "| Package | Tests that also run on a real server |"
	liveBorder = "| --- | --- |"
)

const missingRow = "this row is missing (a test that needs a simulator calls Simulated): "

// serverMakers are the functions of package acctest that return the real server, if there is one.
var serverMakers = []string{"NewWaldur", "NewWavefront", "NewInstaclustr"}

// checkLiveTests finds rows that the table of tests on real servers lacks, and rows that are wrong. Such a
// test takes its server from one of serverMakers, and neither the test nor a function that it calls skips it by
// Simulated.
func checkLiveTests(files []*source) []finding {
	want := liveRows(files)
	page := slices.IndexFunc(files, func(s *source) bool { return s.path == livePage })
	if page < 0 {
		return nil // the repository of another check's test
	}
	lines := files[page].lines
	head := slices.Index(lines, liveHead)
	if head < 0 || head+1 >= len(lines) || lines[head+1] != liveBorder {
		return []finding{{livePage, 1, "there is no table with the head " + liveHead}}
	}
	var found []finding
	next := head + 2
	for ; next < len(lines) && strings.HasPrefix(lines[next], "|"); next++ {
		if !slices.Contains(want, lines[next]) {
			found = append(found, finding{livePage, next + 1, "no package has exactly these tests on a real server"})
		}
	}
	for _, row := range want {
		if !slices.Contains(lines[head+2:next], row) {
			found = append(found, finding{livePage, next, missingRow + row})
		}
	}
	return found
}

// liveRows returns the rows of the table, one for each package that has such tests.
func liveRows(files []*source) (rows []string) {
	type place struct{ folder, name string } // a folder has a package and the package of its outer tests
	packages := map[place]map[string]*ast.FuncDecl{}
	for _, s := range files {
		if s.syntax == nil || !s.isTest() {
			continue
		}
		in := place{path.Dir(s.path), s.syntax.Name.Name}
		if packages[in] == nil {
			packages[in] = map[string]*ast.FuncDecl{}
		}
		for _, declaration := range s.syntax.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && f.Recv == nil && f.Body != nil {
				packages[in][f.Name.Name] = f
			}
		}
	}
	for in, functions := range packages {
		tests := []string{}
		for _, name := range slices.Sorted(maps.Keys(functions)) {
			called := map[string]bool{}
			collectCalls(functions, functions[name], called)
			live := slices.ContainsFunc(serverMakers, func(maker string) bool { return called["acctest."+maker] })
			if strings.HasPrefix(name, "TestAcc") && live && !called[".Simulated"] {
				tests = append(tests, "`"+name+"`")
			}
		}
		if len(tests) > 0 {
			rows = append(rows, fmt.Sprintf("| `%s` | %s |", in.folder, strings.Join(tests, ", ")))
		}
	}
	slices.Sort(rows)
	return rows
}

// collectCalls collects what a function calls, or passes on, by itself and through the functions of its
// package: acctest.X for a function of acctest, .X for a method.
func collectCalls(functions map[string]*ast.FuncDecl, f *ast.FuncDecl, called map[string]bool) {
	follow := func(expression ast.Expr) {
		name, ok := expression.(*ast.Ident)
		if !ok || functions[name.Name] == nil || called[name.Name] {
			return
		}
		called[name.Name] = true
		collectCalls(functions, functions[name.Name], called)
	}
	ast.Inspect(f.Body, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		for _, argument := range call.Args {
			follow(argument)
		}
		switch function := call.Fun.(type) {
		case *ast.Ident:
			follow(function)
		case *ast.SelectorExpr:
			called["."+function.Sel.Name] = true
			if of, ok := function.X.(*ast.Ident); ok {
				called[of.Name+"."+function.Sel.Name] = true
			}
		case *ast.IndexExpr: // a generic function with its type
			follow(function.X)
		}
		return true
	})
}
