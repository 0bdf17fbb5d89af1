package waldur_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
)

// needs114 skips the test with a CLI that knows neither list resources nor actions: Terraform before 1.14, and OpenTofu.
func needs114(t *testing.T, workspace *cli.Workspace) {
	t.Helper()
	output, _, err := workspace.Run(context.Background(), "version")
	if err != nil {
		t.Fatal(err)
	}
	var minor int
	if _, err := fmt.Sscanf(output, "Terraform v1.%d.", &minor); err != nil || minor < 14 {
		t.Skipf("needs Terraform 1.14: %s", output)
	}
}

// mustRun runs a command of the CLI and checks its exit code.
func mustRun(t *testing.T, workspace *cli.Workspace, wantCode int, args ...string) (output string) {
	t.Helper()
	output, code, err := workspace.Run(context.Background(), args...)
	if err != nil || code != wantCode {
		t.Fatalf("%v ended with %d, want %d (%v):\n%s", args, code, wantCode, err, output)
	}
	return output
}

// newWorkspace prepares a run of the CLI with the provider in a process of its own, as a user has it. It is for what
// terraform-plugin-testing can't do.
func newWorkspace(t *testing.T, w *acctest.Waldur, config string, env ...string) *cli.Workspace {
	t.Helper()
	tool := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if os.Getenv(resource.EnvTfAcc) == "" || tool == "" {
		t.Skip("an acceptance test: needs TF_ACC and TF_ACC_TERRAFORM_PATH")
	}
	t.Parallel()
	return newWorkspaceAgain(t, w, config, env...)
}

// newWorkspaceAgain is newWorkspace in a test that has one already.
func newWorkspaceAgain(t *testing.T, w *acctest.Waldur, config string, env ...string) *cli.Workspace {
	t.Helper()
	tool, ctx := os.Getenv("TF_ACC_TERRAFORM_PATH"), context.Background()
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
