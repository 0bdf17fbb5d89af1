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

func TestAccServiceAccountsDataSource(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "there are more accounts than fit on a page")
		for i := range 350 {
			erred := ""
			if i%100 == 7 {
				erred = "directory is read-only"
			}
			k.add(w.Sim, waldursim.ServiceAccount{
				Scope: k.scopeUUID(w), Username: fmt.Sprintf("svc-%03d", i), ErrorMessage: erred,
				PreferredIdentifier: fmt.Sprintf("bot-%03d", i), Email: fmt.Sprintf("Team-%d@acme.example", i%2),
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
			resource.TestStep{Config: dataSource(plural, `states = []`),
				ExpectError: acctest.Words(`set must contain at least 1 elements`)},
			resource.TestStep{Config: dataSource(plural, `states = [null]`),
				ExpectError: acctest.Words(`Null Set Value`)},
			resource.TestStep{Config: dataSource(plural, `states = ["Closed"]`),
				ExpectError: acctest.Words(`value must be one of: ["OK" "Erred"]`)},
			resource.TestStep{
				Config: dataSource(plural, `username = "svc-007"`),
				ConfigStateChecks: []statecheck.StateCheck{
					expect(address, all.AtSliceIndex(0).AtMapKey("state"), knownvalue.StringExact("Erred")),
					expect(address, all.AtSliceIndex(0).AtMapKey("error_message"),
						knownvalue.StringExact("directory is read-only")),
					expect(address, all.AtSliceIndex(0).AtMapKey("preferred_identifier"),
						knownvalue.StringExact("bot-007")),
					expect(address, all.AtSliceIndex(0).AtMapKey(k.scope+"_uuid"),
						knownvalue.StringExact(k.scopeUUID(w))),
				},
			},
		)
	})
}

// An update moves an account to another place in the server's list, and to no other place here.
func TestAccServiceAccountsDataSource_order(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "accounts are changed by others")
		var uuids []string
		var inOrder []knownvalue.Check
		for i := range 4 {
			uuid, _ := k.add(w.Sim, waldursim.ServiceAccount{
				Scope: k.scopeUUID(w), Username: fmt.Sprintf("svc-%d", i),
				PreferredIdentifier: fmt.Sprintf("bot-%d", i),
			})
			uuids = append(uuids, uuid)
			inOrder = append(inOrder, knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"uuid": knownvalue.StringExact(uuid),
			}))
		}
		edit := func() {
			for _, i := range []int{1, 0} {
				w.Sim.EditServiceAccount(uuids[i], func(a *waldursim.ServiceAccount) { a.Description = "Changed" })
			}
		}
		plural := k.typeName() + "s"
		check := []statecheck.StateCheck{
			expect("data."+plural+".test", tfjsonpath.New("service_accounts"), knownvalue.ListExact(inOrder)),
		}
		w.Run(t,
			resource.TestStep{Config: dataSource(plural), ConfigStateChecks: check},
			resource.TestStep{PreConfig: edit, Config: dataSource(plural), ConfigStateChecks: check},
		)
	})
}
