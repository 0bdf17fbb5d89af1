package guidetest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
)

// The steps of the README and of the guide on secrets lead to a rotated key in a write-only argument.
func TestAccWalkthrough(t *testing.T) {
	acctest.NeedsCLI(t)
	if testing.Short() {
		t.Skip("the guides are written for one CLI")
	}
	t.Parallel()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	const tool = "TF_ACC_TERRAFORM_PATH"
	var report strings.Builder
	if err := Walk(ctx, root, &report, tool+"="+os.Getenv(tool)); err != nil {
		t.Fatalf("%s%v", report.String(), err)
	}
	t.Logf("\n%s", report.String())
}
