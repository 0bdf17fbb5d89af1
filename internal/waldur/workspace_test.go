package waldur_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
)

// newWorkspace prepares a run of the CLI with the provider in a process of its own, as a user has it. It is for what
// terraform-plugin-testing can't do.
func newWorkspace(t *testing.T, w *acctest.Waldur, config string, env ...string) *cli.Workspace {
	t.Helper()
	tool := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if os.Getenv(resource.EnvTfAcc) == "" || tool == "" {
		t.Skip("an acceptance test: needs TF_ACC and TF_ACC_TERRAFORM_PATH")
	}
	t.Parallel()
	ctx := context.Background()
	provider := filepath.Join(t.TempDir(), "terraform-provider-svcacct")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", provider, "../..").CombinedOutput(); err != nil {
		t.Fatalf("%s: %s", err, out)
	}
	workspace, err := cli.New(t.TempDir(), tool, provider, append(env, "WALDUR_API_URL="+w.URL, "WALDUR_ACCESS_TOKEN="+w.Token)...)
	if err != nil {
		t.Fatal(err)
	}
	const preamble = "terraform {\n  required_providers {\n    svcacct = { source = \"svcacct/svcacct\" }\n  }\n}\n\n"
	if err := os.WriteFile(filepath.Join(workspace.Dir, "main.tf"), []byte(preamble+config), 0o600); err != nil {
		t.Fatal(err)
	}
	if output, code, err := workspace.Run(ctx, "init"); err != nil || code != 0 {
		t.Fatalf("init ended with %d (%v):\n%s", code, err, output)
	}
	return workspace
}
