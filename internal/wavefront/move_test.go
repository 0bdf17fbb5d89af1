package wavefront_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// olderState is what version 5.1 of the provider vmware/wavefront has in state for an account.
func olderState(t *testing.T, host string, attributes map[string]any) []byte {
	t.Helper()
	state, err := json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.5.7", "serial": 7, "lineage": "4f4c1c55-6f0c-2f5e-8d3a-1f1e4a3b0c11", "outputs": map[string]any{},
		"resources": []any{map[string]any{
			"mode": "managed", "type": "wavefront_service_account", "name": "ci", "provider": fmt.Sprintf("provider[%q]", host+"/vmware/wavefront"),
			"instances": []any{map[string]any{"schema_version": 0, "attributes": attributes, "sensitive_attributes": []any{}, "private": "bnVsbA=="}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// olderProvider puts something where the CLI looks for the older provider: it wants to have every provider of a state, but asks
// only the new one about a move.
func olderProvider(t *testing.T, workspace acctest.Workspace, host string) {
	t.Helper()
	platform := runtime.GOOS + "_" + runtime.GOARCH
	dir := filepath.Join(workspace.Dir, ".mirror", host, "vmware", "wavefront", "5.1.0", platform)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	ours, err := filepath.Glob(filepath.Join(workspace.Dir, ".mirror", host, "svcacct", "svcacct", "*", platform, "terraform-provider-*"))
	if err != nil || len(ours) != 1 {
		t.Fatal(ours, err)
	}
	if err := os.Symlink(ours[0], filepath.Join(dir, "terraform-provider-wavefront_v5.1.0")); err != nil {
		t.Fatal(err)
	}
}

// An account of the older provider is taken over without being touched, and the token that it hides is told of.
func TestAccServiceAccount_moved(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	group := w.Sim.AddUserGroup(wavefrontsim.UserGroup{Name: "ci"})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci", Description: "builds", Permissions: []string{"ingestion"}, UserGroups: []string{group}})
	hidden := w.Sim.AddToken("sa::ci", "main")
	workspace := w.NewWorkspace(t, serviceAccount("sa::unused"))
	host := "registry.terraform.io"
	if os.Getenv("TF_ACC_PROVIDER_HOST") != "" {
		host = os.Getenv("TF_ACC_PROVIDER_HOST")
	}
	olderProvider(t, workspace, host)
	state := olderState(t, host, map[string]any{
		"id": "sa::CI", "identifier": "sa::CI", "active": true, "description": "builds", "permissions": []string{"ingestion"},
		"user_groups": []string{wavefrontsim.ServiceAccountsID, group}, "ingestion_policy": nil,
	})
	if err := os.WriteFile(filepath.Join(workspace.Dir, "terraform.tfstate"), state, 0o600); err != nil {
		t.Fatal(err)
	}
	workspace.Write(t, serviceAccount("sa::ci", `description = "builds"`, `permissions = ["ingestion"]`, "user_groups = "+quoted(group))+
		"\nmoved {\n  from = wavefront_service_account.ci\n  to   = svcacct_wavefront_service_account.test\n}\n")
	workspace.MustRun(t, 0, "init")

	output := workspace.MustRun(t, 0, "plan", "-out=saved")
	for _, words := range []string{"moved", "An unused token of sa::ci", "0 to add, 0 to change, 0 to destroy"} {
		if !acctest.Words(words).MatchString(output) {
			t.Errorf("not in the output: %s\n%s", words, output)
		}
	}
	if strings.Contains(output, hidden) {
		t.Error("the hidden token is in the output")
	}
	workspace.MustRun(t, 0, "apply", "saved")
	output = workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
	if strings.Contains(output, "unused token") {
		t.Error("the hidden token is told of again")
	}
	for _, operation := range []string{"createServiceAccount", "updateServiceAccount", "deleteAccount"} {
		if got := w.Sim.Count(operation); got != 0 {
			t.Errorf("%s was requested %d times", operation, got)
		}
	}
	if !w.Sim.TokenAlive(hidden) {
		t.Error("the hidden token was revoked")
	}
}
