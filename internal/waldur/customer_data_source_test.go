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

func TestAccCustomerDataSource(t *testing.T) {
	w := acctest.NewWaldur(t, waldursim.Options{})
	w.Simulated(t, "customers are made")
	const typeName, address = "svcacct_waldur_customer", "data.svcacct_waldur_customer.test"
	for _, abbreviation := range []string{"ONE", "TWO"} {
		w.Sim.Grant(w.User, waldursim.CustomerOwner,
			w.Sim.AddCustomer(waldursim.Customer{Name: "Twins", Abbreviation: abbreviation}))
	}
	w.Run(t,
		resource.TestStep{Config: dataSource(typeName, `name = "ACME Research"`),
			ConfigStateChecks: []statecheck.StateCheck{
				expect(address, tfjsonpath.New("uuid"), knownvalue.StringExact(w.Customer)),
				expect(address, tfjsonpath.New("abbreviation"), knownvalue.StringExact("ACME")),
				expect(address, tfjsonpath.New("max_service_accounts"), knownvalue.Null()),
				expect(address, tfjsonpath.New("blocked"), knownvalue.Bool(false)),
			}},
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("uuid = %q", hyphenated(w.Customer))),
			ConfigStateChecks: []statecheck.StateCheck{
				expect(address, tfjsonpath.New("name"), knownvalue.StringExact("ACME Research")),
			}},
		resource.TestStep{Config: dataSource(typeName, `name = "ACME"`),
			ExpectError: acctest.Words(`the customer named "ACME" was not found`)},
		resource.TestStep{Config: dataSource(typeName, `name = "Twins"`),
			ExpectError: acctest.Words(`(abbreviation "TWO")`)},
		resource.TestStep{Config: dataSource(typeName),
			ExpectError: acctest.Words("Exactly one of these attributes must be configured")},
		resource.TestStep{Config: "# what is left must be valid"},
	)
}
