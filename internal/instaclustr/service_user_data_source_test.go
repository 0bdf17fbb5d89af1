package instaclustr_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func TestAccServiceUserDataSources(t *testing.T) {
	w := inhabited(t)
	second := tfjsonpath.New("service_users").AtSliceIndex(1)
	w.Run(t,
		resource.TestStep{
			Config: dataSource(userType, `username = "grafana_reader"`),
			ConfigStateChecks: []statecheck.StateCheck{
				hasData(userType, tfjsonpath.New("id"), knownvalue.StringExact("grafana_reader")),
				hasData(userType, tfjsonpath.New("email"), knownvalue.StringExact("ops+grafana@example.com")),
				hasData(userType, tfjsonpath.New("allowed_key_types"), texts("MONITORING", "PROVISIONING_READONLY")),
				hasData(userType, tfjsonpath.New("key_types"), texts("MONITORING", "PROVISIONING_READONLY")),
				hasData(
					userType, tfjsonpath.New("api_keys").AtSliceIndex(0), shownKey(w, "grafana_reader", "MONITORING"),
				),
			},
		},
		resource.TestStep{
			Config: dataSource(userType + "s"),
			ConfigStateChecks: []statecheck.StateCheck{
				hasData(userType+"s", tfjsonpath.New("service_users"), knownvalue.ListSizeExact(3)),
				hasData(userType+"s", second.AtMapKey("username"), knownvalue.StringExact("grafana_reader")),
			},
		},
		resource.TestStep{
			Config:      dataSource(userType, `username = "nobody"`),
			ExpectError: acctest.Words("It is not in the list of service users either"),
		},
		resource.TestStep{
			PreConfig: func() {
				w.Sim.Inject(
					listOp, simkit.Fault{Status: 403, Body: `{"message": "You shall not look."}`},
				)
			},
			Config: dataSource(userType + "s"), ExpectError: acctest.Words("You shall not look."),
		},
		resource.TestStep{Config: "# nothing"},
	)
}
