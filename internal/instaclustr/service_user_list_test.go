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
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func TestAccLists(t *testing.T) {
	w := inhabited(t)
	query := func(typeName string, limit int, checks []querycheck.QueryResultCheck, config ...string) resource.TestStep {
		return resource.TestStep{
			Query: true, QueryResultChecks: checks,
			Config: fmt.Sprintf("list %q \"test\" {\n  provider = svcacct\n  limit = %d\n  include_resource = true\n  config {\n    %s\n  }\n}\n", typeName, limit, strings.Join(config, "\n    ")),
		}
	}
	found := func(typeName string, n int) []querycheck.QueryResultCheck {
		return []querycheck.QueryResultCheck{querycheck.ExpectLength(typeName+".test", n)}
	}
	identity := map[string]knownvalue.Check{"username": knownvalue.StringExact("grafana_reader")}
	w.RunFrom(t, tfversion.Version1_14_0,
		resource.TestStep{Config: "# a state to begin with"},
		query(userType, 100, append(found(userType, 3), querycheck.ExpectIdentity(user, identity),
			querycheck.ExpectResourceDisplayName(user, queryfilter.ByResourceIdentity(identity), knownvalue.StringExact("grafana_reader (Grafana reader)")))),
		query(userType, 2, found(userType, 2)),
		query(keyType, 100, found(keyType, 3)),
		query(keyType, 100, found(keyType, 2), `username = "grafana_reader"`),
		query(keyType, 100, append(found(keyType, 1), querycheck.ExpectIdentity(key, map[string]knownvalue.Check{
			"username": knownvalue.StringExact("backup"), "key_type": knownvalue.StringExact("PROVISIONING")})), `key_type = "PROVISIONING"`),
		func() resource.TestStep { // an error of the API is one of the query, not an empty list
			step := query(keyType, 100, nil)
			step.PreConfig = func() {
				w.Sim.Inject(listOp, simkit.Fault{Status: 403, Body: `{"message": "You shall not look."}`})
			}
			step.ExpectError = acctest.Words("You shall not look.")
			return step
		}(),
	)
}

// What a query finds can be imported with the configuration that it generates, and the plan after that is empty.
func TestAccQueryGeneratedConfig(t *testing.T) {
	w := inhabited(t)
	workspace := w.NewWorkspaceFor114(t, "provider \"svcacct\" {}\n")
	lists := fmt.Sprintf("list %q \"users\" {\n  provider = svcacct\n}\n\nlist %q \"keys\" {\n  provider = svcacct\n}\n", userType, keyType)
	if err := os.WriteFile(filepath.Join(workspace.Dir, "all.tfquery.hcl"), []byte(lists), 0o600); err != nil {
		t.Fatal(err)
	}
	workspace.MustRun(t, 0, "query", "-generate-config-out=generated.tf")
	output := workspace.MustRun(t, 0, "apply", "-auto-approve")
	if want := "6 imported, 0 added, 0 changed, 0 destroyed"; !strings.Contains(output, want) {
		t.Errorf("not found in the output: %s\n%s", want, output)
	}
	workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
	if err := requests(w, map[string]int{createOp: 0, updateOp: 0, generateOp: 0, revokeOp: 0, rotateOp: 0, restrictOp: 0})(nil); err != nil {
		t.Error(err)
	}
}
