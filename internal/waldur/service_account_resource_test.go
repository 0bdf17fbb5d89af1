package waldur_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestAccServiceAccount_life(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		name, key, uuid := acctest.Name(), "", ""
		has := func(attribute string, value knownvalue.Check) statecheck.StateCheck {
			return statecheck.ExpectKnownValue(k.address(), tfjsonpath.New(attribute), value)
		}
		w.Run(t,
			resource.TestStep{
				Config: k.resource(w, name),
				ConfigStateChecks: []statecheck.StateCheck{
					has("preferred_identifier", knownvalue.StringExact(name)), has("state", knownvalue.StringExact("OK")),
					has("description", knownvalue.Null()), has("email", knownvalue.Null()), has("error_message", knownvalue.Null()),
					has("username", knownvalue.NotNull()), has("created", knownvalue.NotNull()), has("rotated_at", knownvalue.NotNull()),
					has("uuid", knownvalue.StringRegexp(text32)), has("id", knownvalue.StringRegexp(text32)),
				},
				Check: resource.ComposeTestCheckFunc(
					keyWorks(w, k.address()),
					acctest.Remember(k.address(), "api_key", &key),
					acctest.Remember(k.address(), "uuid", &uuid),
					requests(w, k.operation+"_create", 1),
				),
			},
			resource.TestStep{
				Config:           k.resource(w, name, `description = "Nightly cost export"`, `email = "bot@acme.example"`),
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionUpdate, acctest.KnownAfter(k.address(), "api_key", "username", "rotated_at", "expires_at")),
				ConfigStateChecks: []statecheck.StateCheck{
					has("description", knownvalue.StringExact("Nightly cost export")), has("email", knownvalue.StringExact("bot@acme.example")),
				},
				Check: resource.ComposeTestCheckFunc(acctest.Unchanged(k.address(), "api_key", &key), acctest.Unchanged(k.address(), "uuid", &uuid)),
			},
			resource.TestStep{
				Config:            k.resource(w, name, `description = ""`, `email = "bots@acme.example"`),
				ConfigStateChecks: []statecheck.StateCheck{has("description", knownvalue.StringExact("")), has("email", knownvalue.StringExact("bots@acme.example"))},
			},
			resource.TestStep{
				Config:            k.resource(w, name, `description = "  padded\n"`, `email = "bots@acme.example"`),
				ConfigStateChecks: []statecheck.StateCheck{has("description", knownvalue.StringExact("  padded\n"))},
			},
			resource.TestStep{ // the same in another spelling
				Config:           k.resource(w, name, `description = "padded"`, `email = "bots@acme.example"`),
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionNoop),
			},
			resource.TestStep{
				Config:            k.resource(w, name, `email = "bots@acme.example"`),
				ConfigStateChecks: []statecheck.StateCheck{has("description", knownvalue.Null())},
				Check: resource.ComposeTestCheckFunc(acctest.Unchanged(k.address(), "api_key", &key),
					requests(w, k.operation+"_partial_update", 4), requests(w, k.operation+"_rotate_api_key", 0)),
			},
			resource.TestStep{
				Config:           k.resource(w, name+"2"), // a new account may be without an e-mail address
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionReplace),
				Check:            resource.ComposeTestCheckFunc(rotated(w, k.address(), &key), requests(w, k.operation+"_destroy", 1)),
			},
		)
		if w.Sim != nil {
			for _, account := range w.Sim.ServiceAccounts() {
				if account.State != "Closed" {
					t.Errorf("account %v is left behind in state %v", account.UUID, account.State)
				}
			}
		}
	})
}

func TestAccServiceAccount_spelling(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		name := acctest.Name()
		bare := k.resource(w, name)
		w.Customer, w.Project = hyphenated(w.Customer), hyphenated(w.Project)
		spelled := k.resource(w, name)
		w.Run(t,
			resource.TestStep{Config: spelled},
			resource.TestStep{Config: bare, ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionNoop)},
			resource.TestStep{Config: spelled, PlanOnly: true},
		)
	})
}

func TestAccServiceAccount_deletedOutside(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "another actor deletes the account")
		name, uuid := acctest.Name(), ""
		neighbour, _ := k.add(w.Sim, waldursim.ServiceAccount{Scope: k.scopeUUID(w), PreferredIdentifier: "neighbour", Username: "neighbour"})
		w.Run(t,
			resource.TestStep{Config: k.resource(w, name), Check: acctest.Remember(k.address(), "uuid", &uuid)},
			resource.TestStep{
				PreConfig:        func() { w.Sim.RemoveServiceAccount(uuid) },
				Config:           k.resource(w, name),
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionCreate),
				Check: resource.ComposeTestCheckFunc(keyWorks(w, k.address()), func(state *terraform.State) error {
					return requests(w, k.operation+"_create", 2)(state)
				}),
			},
			// Deleted between plan and destroy: nothing is left to do, and that is no error.
			resource.TestStep{
				Config: k.resource(w, name), Destroy: true,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{acctest.During(func() {
					for _, account := range w.Sim.ServiceAccounts() {
						if account.State != "Closed" && account.UUID != neighbour {
							w.Sim.RemoveServiceAccount(account.UUID)
						}
					}
				})}},
			},
		)
	})
}

func TestAccServiceAccount_erred(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "the account service fails")
		name, key := acctest.Name(), ""
		before := k.resource(w, name, `description = "one"`, `keepers = { v = "1" }`)
		after := k.resource(w, name, `description = "two"`, `keepers = { v = "1" }`)
		w.Run(t,
			resource.TestStep{Config: before, Check: acctest.Remember(k.address(), "api_key", &key)},
			resource.TestStep{
				PreConfig: func() {
					w.Sim.FailBackend("update", waldursim.BackendFault{Status: 503, Body: `{"code": "unavailable", "message": "directory is read-only"}`})
				},
				Config: after, ExpectError: acctest.Words("directory is read-only"),
			},
			// The refused update left the account in Erred: the refresh shows it, the plan heals it.
			resource.TestStep{Config: before, PlanOnly: true, ExpectNonEmptyPlan: true},
			resource.TestStep{
				Config: before,
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionUpdate,
					plancheck.ExpectKnownValue(k.address(), tfjsonpath.New("state"), knownvalue.StringExact("OK")),
					plancheck.ExpectKnownValue(k.address(), tfjsonpath.New("error_message"), knownvalue.Null())),
				Check: resource.ComposeTestCheckFunc(
					resource.TestCheckResourceAttr(k.address(), "state", "OK"),
					acctest.Unchanged(k.address(), "api_key", &key),
				),
			},
			// A rotation of an account in Erred heals first: Waldur would refuse it otherwise.
			resource.TestStep{
				PreConfig: func() {
					w.Sim.FailBackend("update", waldursim.BackendFault{Status: 500, Body: `{"message": "again"}`})
				},
				Config: after, ExpectError: acctest.Words("again"),
			},
			resource.TestStep{
				Config: k.resource(w, name, `description = "one"`, `keepers = { v = "2" }`),
				Check: resource.ComposeTestCheckFunc(
					resource.TestCheckResourceAttr(k.address(), "state", "OK"),
					rotated(w, k.address(), &key),
				),
			},
		)
	})
}

// In every setting of the server an empty plan follows every apply.
func TestAccServiceAccount_settings(t *testing.T) {
	for _, backend := range []waldursim.BackendMode{waldursim.BackendAPI, waldursim.BackendMock} {
		for _, dateTimeZ := range []bool{false, true} {
			for _, lifetime := range []time.Duration{0, -1} {
				options := waldursim.Options{Backend: backend, DateTimeZ: dateTimeZ, KeyLifetime: lifetime}
				t.Run(fmt.Sprintf("backend %s, Z %t, life %d", backend, dateTimeZ, lifetime), func(t *testing.T) {
					eachKind(t, options, func(t *testing.T, k kind, w *acctest.Waldur) {
						w.Simulated(t, "settings of the server are tried")
						name, key := acctest.Name(), ""
						w.Run(t,
							resource.TestStep{Config: k.resource(w, name, `keepers = { v = "1" }`), Check: acctest.Remember(k.address(), "api_key", &key)},
							resource.TestStep{
								Config: k.resource(w, name, `keepers = { v = "2" }`, `description = "changed"`), ConfigPlanChecks: k.rotates(),
								Check: resource.TestCheckResourceAttrWith(k.address(), "api_key", func(got string) error {
									if got == "" || got == key {
										return fmt.Errorf("the key was not rotated")
									}
									return nil
								}),
							},
							resource.TestStep{Config: k.resource(w, name, `keepers = { v = "2" }`), ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionUpdate)},
						)
					})
				})
			}
		}
	}
}
