package instaclustr_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func TestAccServiceUserList(t *testing.T) {
	w := inhabited(t)
	identity := map[string]knownvalue.Check{"username": knownvalue.StringExact("grafana_reader")}
	named := querycheck.ExpectResourceDisplayName(
		user, queryfilter.ByResourceIdentity(identity), knownvalue.StringExact("grafana_reader (Grafana reader)"),
	)
	failing := query(userType, 100, -1)
	failing.PreConfig = func() {
		w.Sim.Inject(
			listOp, simkit.Fault{Status: 403, Body: `{"message": "You shall not look."}`},
		)
	}
	failing.ExpectError = acctest.Words("You shall not look.")
	found := query(userType, 100, 3)
	found.QueryResultChecks = append(found.QueryResultChecks, querycheck.ExpectIdentity(user, identity), named)
	w.RunFrom(t, tfversion.Version1_14_0,
		resource.TestStep{Config: "# a state to begin with"}, found, query(userType, 2, 2), failing,
	)
}

// What a query finds can be imported with the configuration that it generates, and the plan after
// that is empty.
func TestAccQueryGeneratedConfig(t *testing.T) {
	w := inhabited(t)
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: "alone", DisplayName: " spaces ", Administrators: []string{},
	})
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "bot@acme.example", Email: "Bot@acme.example"})
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "local@host", Email: "local@host"})
	workspace := w.NewWorkspaceFor114(t, "provider \"svcacct\" {}\n")
	const block = "list %q \"all\" {\n  provider = svcacct\n}\n"
	lists := fmt.Sprintf(block+"\n"+block, userType, keyType)
	if err := os.WriteFile(filepath.Join(workspace.Dir, "all.tfquery.hcl"), []byte(lists), 0o600); err != nil {
		t.Fatal(err)
	}
	workspace.MustRun(t, 0, "query", "-generate-config-out=generated.tf")
	output := workspace.MustRun(t, 0, "apply", "-auto-approve")
	if want := "9 imported, 0 added, 0 changed, 0 destroyed"; !strings.Contains(output, want) {
		t.Errorf("not found in the output: %s\n%s", want, output)
	}
	workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
	writes := map[string]int{createOp: 0, updateOp: 0, generateOp: 0, revokeOp: 0, rotateOp: 0, restrictOp: 0}
	if err := requests(w, writes)(nil); err != nil {
		t.Error(err)
	}
}
