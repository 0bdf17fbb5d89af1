package waldur_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestAccProjectDataSource(t *testing.T) {
	w := acctest.NewWaldur(t, waldursim.Options{})
	w.Simulated(t, "projects are made")
	const typeName, address = "svcacct_waldur_project", "data.svcacct_waldur_project.test"
	other := w.Sim.AddCustomer(waldursim.Customer{Name: "Other"})
	w.Sim.Grant(w.User, waldursim.CustomerOwner, other)
	namesake := w.Sim.AddProject(waldursim.Project{Name: "Climate models", Customer: other})
	w.Run(t,
		resource.TestStep{Config: dataSource(typeName, `name = "Climate models"`),
			ExpectError: acctest.Words(`(of customer "Other", ` + other + `)`)},
		resource.TestStep{
			Config: dataSource(typeName, `name = "Climate models"`,
				fmt.Sprintf("customer_uuid = %q", hyphenated(other))),
			ConfigStateChecks: []statecheck.StateCheck{
				expect(address, tfjsonpath.New("uuid"), knownvalue.StringExact(namesake)),
				expect(address, tfjsonpath.New("customer_name"), knownvalue.StringExact("Other")),
				expect(address, tfjsonpath.New("max_service_accounts"), knownvalue.Int64Exact(0)),
			},
		},
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("uuid = %q", w.Project)),
			ConfigStateChecks: []statecheck.StateCheck{
				expect(address, tfjsonpath.New("customer_uuid"), knownvalue.StringExact(w.Customer)),
			}},
		resource.TestStep{Config: dataSource(typeName, `name = "Nothing"`),
			ExpectError: acctest.Words(`the project named "Nothing" was not found`)},
		resource.TestStep{
			Config: dataSource(typeName, fmt.Sprintf("uuid = %q", w.Project),
				fmt.Sprintf("customer_uuid = %q", w.Customer)),
			ExpectError: acctest.Words("These attributes cannot be configured together"),
		},
		resource.TestStep{Config: "# what is left must be valid"},
	)
}
