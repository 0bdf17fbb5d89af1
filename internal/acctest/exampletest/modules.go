package exampletest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

var (
	configurations = regexp.MustCompile("(?s)```terraform\n(.*?)```")
	address        = regexp.MustCompile(`"github\.com/svcacct/terraform-provider-svcacct//([^"]+)"`)
)

// Usage returns the configurations that the README of a module prints. The module's address on the code host is
// replaced by its folder below root, which is the folder of the repository.
func Usage(root, module string) (blocks []string, err error) {
	if root, err = filepath.Abs(root); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(root, "examples", "modules", module, "README.md"))
	if err != nil {
		return nil, err
	}
	for _, found := range configurations.FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, address.ReplaceAllString(found[1], fmt.Sprintf("%q", filepath.ToSlash(root)+"/$1")))
	}
	return blocks, nil
}
