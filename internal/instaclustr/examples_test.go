package instaclustr_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
)

// Every example of the documentation applies, and the plan after it is empty.
func TestAccExamples(t *testing.T) {
	var files []string
	for _, kind := range []string{"resources", "data-sources"} {
		found, err := filepath.Glob(filepath.Join("..", "..", "examples", kind, "svcacct_instaclustr_*", "*e.tf"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) != 6 {
		t.Fatalf("found %d examples, want 6: %v", len(files), files)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			w := inhabited(t)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			w.Run(t, resource.TestStep{Config: string(text)})
			if len(w.Sim.Requests()) == 0 && os.Getenv(resource.EnvTfAcc) != "" {
				t.Errorf("the example asks nothing of Instaclustr:\n%s", strings.TrimSpace(string(text)))
			}
		})
	}
}
