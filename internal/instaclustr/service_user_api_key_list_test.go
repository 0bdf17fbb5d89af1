package instaclustr_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func TestAccAPIKeyList(t *testing.T) {
	w := inhabited(t)
	ofType := query(keyType, 100, 1, `key_type = "PROVISIONING"`)
	identity := map[string]knownvalue.Check{
		"username": knownvalue.StringExact("backup"), "key_type": knownvalue.StringExact("PROVISIONING"),
	}
	ofType.QueryResultChecks = append(ofType.QueryResultChecks, querycheck.ExpectIdentity(key, identity))
	failing := query(keyType, 100, -1) // an error of the API is an error of the query, not an empty list
	failing.PreConfig = func() {
		w.Sim.Inject(
			listOp, simkit.Fault{Status: 403, Body: `{"message": "You shall not look."}`},
		)
	}
	failing.ExpectError = acctest.Words("You shall not look.")
	w.RunFrom(t, tfversion.Version1_14_0,
		resource.TestStep{Config: "# a state to begin with"}, query(keyType, 100, 3),
		query(keyType, 100, 2, `username = "grafana_reader"`), query(keyType, 1, 1), ofType, failing,
	)
}
