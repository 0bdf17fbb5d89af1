package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// The names of the attributes that hold a key, of the fields behind them, and of the fields that
// decide when a key is rotated and where it is held.
var (
	keyFields     = []string{"APIKey", "PreviousAPIKey"}
	ruleFields    = []string{"RotatedAt", "PreviousExpiresAt", "StoreAPIKey"}
	keyAttributes = []string{"api_key", "previous_api_key"}
)

// The package that alone reads and writes the key, and the file where a setting of the provider
// block has its name.
const (
	keyPackage = "internal/rotation"
	keySetting = "internal/instaclustr/settings.go"
)

// checkKeyDoor finds code that accesses a key, outside of the package that alone may access keys.
// Outside of what ships an attribute may be named, since configurations and settings are written
// there.
func checkKeyDoor(files []*source) []finding {
	var found []finding
	for _, s := range files {
		if s.syntax == nil || s.below(keyPackage) {
			continue
		}
		ast.Inspect(s.syntax, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.Ident:
				if slices.Contains(keyFields, n.Name) || s.ships() && slices.Contains(ruleFields, n.Name) {
					found = append(found, s.at(n, fmt.Sprintf("only %s may use the name %s", keyPackage, n.Name)))
				}
			case *ast.BasicLit:
				if name := keyAttribute(n); name != "" && s.ships() && s.path != keySetting {
					found = append(found, s.at(n, fmt.Sprintf("only %s may name the attribute %s", keyPackage, name)))
				}
			}
			return true
		})
	}
	return found
}

// keyAttribute returns the attribute that a string literal or the tag of a struct's field names, or "".
func keyAttribute(literal *ast.BasicLit) string {
	if literal.Kind != token.STRING {
		return ""
	}
	value, _ := strconv.Unquote(literal.Value)
	for _, name := range keyAttributes {
		if value == name || strings.Contains(value, `tfsdk:"`+name+`"`) {
			return name
		}
	}
	return ""
}
