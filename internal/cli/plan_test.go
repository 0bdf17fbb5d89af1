package cli

import (
	"archive/zip"
	"bytes"
	"testing"
)

func TestPlanFiles(t *testing.T) {
	var plan bytes.Buffer
	archive := zip.NewWriter(&plan)
	for _, name := range []string{"tfplan", "tfstate"} {
		file, err := archive.Create(name)
		if err == nil {
			_, err = file.Write([]byte("in " + name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := PlanFiles(plan.Bytes())
	if err != nil || len(files) != 2 {
		t.Fatalf("got %q, %v", files, err)
	}
	for name, content := range files {
		if string(content) != "in "+name {
			t.Errorf("%s has %q", name, content)
		}
	}
	if _, err := PlanFiles([]byte("{}")); err == nil {
		t.Error("no error for a text that is no plan")
	}
}
