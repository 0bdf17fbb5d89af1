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

func TestAccAPIKeyDataSources(t *testing.T) {
	w := inhabited(t)
	monitoring, all := shownKey(w, "grafana_reader", "MONITORING"), tfjsonpath.New("api_keys")
	w.Run(t,
		resource.TestStep{
			Config: dataSource(keyType, `username = "grafana_reader"`, `key_type = "MONITORING"`),
			ConfigStateChecks: []statecheck.StateCheck{
				hasData(keyType, tfjsonpath.New("masked_key"), mask(w, "grafana_reader", "MONITORING")),
			},
		},
		resource.TestStep{
			Config:            dataSource(keyType + "s"),
			ConfigStateChecks: []statecheck.StateCheck{hasData(keyType+"s", all, knownvalue.ListSizeExact(3))},
		},
		resource.TestStep{
			Config: dataSource(keyType+"s", `username = "grafana_reader"`, `key_type = "MONITORING"`),
			ConfigStateChecks: []statecheck.StateCheck{
				hasData(keyType+"s", all, knownvalue.ListExact([]knownvalue.Check{monitoring})),
			},
		},
		resource.TestStep{
			Config:            dataSource(keyType+"s", `username = "nobody"`),
			ConfigStateChecks: []statecheck.StateCheck{hasData(keyType+"s", all, knownvalue.ListSizeExact(0))},
		},
		resource.TestStep{
			Config:      dataSource(keyType, `username = "idle"`, `key_type = "MONITORING"`),
			ExpectError: acctest.Words(`the service user "idle" has no API key of type "MONITORING"`),
		},
		resource.TestStep{
			PreConfig: func() {
				w.Sim.Inject(
					listOp, simkit.Fault{Status: 403, Body: `{"message": "You shall not look."}`},
				)
			},
			Config: dataSource(keyType + "s"), ExpectError: acctest.Words("You shall not look."),
		},
		resource.TestStep{Config: "# nothing"},
	)
}
