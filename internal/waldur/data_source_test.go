package waldur_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func dataSource(typeName string, attributes ...string) string {
	return fmt.Sprintf("data %q \"test\" {\n  %s\n}\n", typeName, strings.Join(attributes, "\n  "))
}

func expect(address string, path tfjsonpath.Path, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, path, value)
}

func TestAccServiceAccountDataSource(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		name := acctest.Name()
		account := k.resource(w, name, `description = "d"`, `email = "bot@acme.example"`)
		scope := fmt.Sprintf("%s_uuid = %q", k.scope, hyphenated(k.scopeUUID(w)))
		address := "data." + k.typeName() + ".test"
		same := resource.ComposeTestCheckFunc(
			resource.TestCheckResourceAttrPair(address, "username", k.address(), "username"),
			resource.TestCheckResourceAttrPair(address, "description", k.address(), "description"),
			resource.TestCheckResourceAttrPair(address, "email", k.address(), "email"),
			resource.TestCheckResourceAttrPair(address, "state", k.address(), "state"),
			resource.TestCheckResourceAttrPair(address, "created", k.address(), "created"),
			resource.TestCheckResourceAttrPair(address, "preferred_identifier", k.address(), "preferred_identifier"),
			resource.TestCheckResourceAttrSet(address, k.scope+"_name"),
			resource.TestCheckResourceAttrSet(address, "customer_uuid"),
		)
		by := func(attributes ...string) resource.TestStep {
			return resource.TestStep{Config: account + dataSource(k.typeName(), attributes...), Check: same}
		}
		w.Run(t,
			by("uuid = "+k.address()+".uuid"),
			by(scope, "username = "+k.address()+".username"),
			by(scope, "preferred_identifier = "+k.address()+".preferred_identifier"),
			resource.TestStep{Config: account + dataSource(k.typeName(), scope, `username = "nobody"`), ExpectError: acctest.Words(`no service account with username "nobody"`)},
			resource.TestStep{Config: account + dataSource(k.typeName(), `username = "bot"`), ExpectError: acctest.Words(k.scope + "_uuid")},
			resource.TestStep{Config: account + dataSource(k.typeName(), scope), ExpectError: acctest.Words("Exactly one of these attributes must be configured")},
			resource.TestStep{Config: account + dataSource(k.typeName(), `uuid = "x"`), ExpectError: acctest.Words("uuid must be a UUID")},
			resource.TestStep{
				Config:      account + dataSource(k.typeName(), fmt.Sprintf("uuid = %q", strings.Repeat("0", 32))),
				ExpectError: acctest.Words("Waldur says this of what the token may not see, too"),
			},
		)
	})
}

func TestAccServiceAccountsDataSource(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "there are more accounts than fit on a page")
		for i := range 350 {
			erred := ""
			if i%100 == 7 {
				erred = "directory is read-only"
			}
			k.add(w.Sim, waldursim.ServiceAccount{
				Scope: k.scopeUUID(w), Username: fmt.Sprintf("svc-%03d", i), PreferredIdentifier: fmt.Sprintf("bot-%03d", i),
				Email: fmt.Sprintf("Team-%d@acme.example", i%2), ErrorMessage: erred,
			})
		}
		plural := k.typeName() + "s"
		address := "data." + plural + ".test"
		scope := fmt.Sprintf("%s_uuid = %q", k.scope, k.scopeUUID(w))
		all := tfjsonpath.New("service_accounts")
		size := func(n int, attributes ...string) resource.TestStep {
			return resource.TestStep{
				Config:            dataSource(plural, attributes...),
				ConfigStateChecks: []statecheck.StateCheck{expect(address, all, knownvalue.ListSizeExact(n))},
			}
		}
		w.Run(t,
			size(350),
			size(350, scope),
			size(0, fmt.Sprintf("%s_uuid = %q", k.scope, strings.Repeat("0", 32))),
			size(1, `username = "svc-349"`),
			size(0, `username = "SVC-349"`),
			size(175, `email = "team-1"`),
			size(4, `states = ["Erred"]`),
			size(350, `states = ["OK", "Erred"]`),
			size(346, scope, `states = ["OK"]`),
			resource.TestStep{Config: dataSource(plural, `states = ["Closed"]`), ExpectError: acctest.Words(`value must be one of: ["OK" "Erred"]`)},
			resource.TestStep{
				Config: dataSource(plural, `username = "svc-007"`),
				ConfigStateChecks: []statecheck.StateCheck{
					expect(address, all.AtSliceIndex(0).AtMapKey("state"), knownvalue.StringExact("Erred")),
					expect(address, all.AtSliceIndex(0).AtMapKey("error_message"), knownvalue.StringExact("directory is read-only")),
					expect(address, all.AtSliceIndex(0).AtMapKey("preferred_identifier"), knownvalue.StringExact("bot-007")),
					expect(address, all.AtSliceIndex(0).AtMapKey(k.scope+"_uuid"), knownvalue.StringExact(k.scopeUUID(w))),
				},
			},
		)
	})
}

func TestAccCustomerDataSource(t *testing.T) {
	w := acctest.NewWaldur(t, waldursim.Options{})
	w.Simulated(t, "customers are made")
	const typeName, address = "svcacct_waldur_customer", "data.svcacct_waldur_customer.test"
	for _, abbreviation := range []string{"ONE", "TWO"} {
		w.Sim.Grant(w.User, waldursim.CustomerOwner, w.Sim.AddCustomer(waldursim.Customer{Name: "Twins", Abbreviation: abbreviation}))
	}
	w.Run(t,
		resource.TestStep{Config: dataSource(typeName, `name = "ACME Research"`), ConfigStateChecks: []statecheck.StateCheck{
			expect(address, tfjsonpath.New("uuid"), knownvalue.StringExact(w.Customer)),
			expect(address, tfjsonpath.New("abbreviation"), knownvalue.StringExact("ACME")),
			expect(address, tfjsonpath.New("max_service_accounts"), knownvalue.Null()),
			expect(address, tfjsonpath.New("blocked"), knownvalue.Bool(false)),
		}},
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("uuid = %q", hyphenated(w.Customer))), ConfigStateChecks: []statecheck.StateCheck{
			expect(address, tfjsonpath.New("name"), knownvalue.StringExact("ACME Research")),
		}},
		resource.TestStep{Config: dataSource(typeName, `name = "ACME"`), ExpectError: acctest.Words(`no customer named "ACME" is visible`)},
		resource.TestStep{Config: dataSource(typeName, `name = "Twins"`), ExpectError: acctest.Words(`(abbreviation "TWO")`)},
		resource.TestStep{Config: dataSource(typeName), ExpectError: acctest.Words("Exactly one of these attributes must be configured")},
		resource.TestStep{Config: "# what is left must be valid"},
	)
}

func TestAccProjectDataSource(t *testing.T) {
	w := acctest.NewWaldur(t, waldursim.Options{})
	w.Simulated(t, "projects are made")
	const typeName, address = "svcacct_waldur_project", "data.svcacct_waldur_project.test"
	other := w.Sim.AddCustomer(waldursim.Customer{Name: "Other"})
	w.Sim.Grant(w.User, waldursim.CustomerOwner, other)
	namesake := w.Sim.AddProject(waldursim.Project{Name: "Climate models", Customer: other})
	w.Run(t,
		resource.TestStep{Config: dataSource(typeName, `name = "Climate models"`), ExpectError: acctest.Words(`(of customer "Other", ` + other + `)`)},
		resource.TestStep{
			Config: dataSource(typeName, `name = "Climate models"`, fmt.Sprintf("customer_uuid = %q", hyphenated(other))),
			ConfigStateChecks: []statecheck.StateCheck{
				expect(address, tfjsonpath.New("uuid"), knownvalue.StringExact(namesake)),
				expect(address, tfjsonpath.New("customer_name"), knownvalue.StringExact("Other")),
				expect(address, tfjsonpath.New("max_service_accounts"), knownvalue.Int64Exact(0)),
			},
		},
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("uuid = %q", w.Project)), ConfigStateChecks: []statecheck.StateCheck{
			expect(address, tfjsonpath.New("customer_uuid"), knownvalue.StringExact(w.Customer)),
		}},
		resource.TestStep{Config: dataSource(typeName, `name = "Nothing"`), ExpectError: acctest.Words(`no project named "Nothing" is visible`)},
		resource.TestStep{
			Config:      dataSource(typeName, fmt.Sprintf("uuid = %q", w.Project), fmt.Sprintf("customer_uuid = %q", w.Customer)),
			ExpectError: acctest.Words("These attributes cannot be configured together"),
		},
		resource.TestStep{Config: "# what is left must be valid"},
	)
}
