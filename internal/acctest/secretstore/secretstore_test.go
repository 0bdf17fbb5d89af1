package secretstore

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "store")
	s := &Store{Folder: folder}
	for _, value := range []string{"one", "two"} {
		if err := s.write("name", types.StringValue(value)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(folder, "name")); err != nil || string(got) != value {
			t.Errorf("the file has %q, want %q (%v)", got, value, err)
		}
	}
	for range 2 { // what is not there is removed as well
		if err := s.write("name", types.StringNull()); err != nil {
			t.Fatal(err)
		}
		if files, err := os.ReadDir(folder); err != nil || len(files) != 0 {
			t.Errorf("left are %v (%v)", files, err)
		}
	}
	for _, name := range []string{"../name", "a/b", "..", ""} {
		if err := s.write(name, types.StringValue("one")); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
}
