package waldur_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
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
					has("preferred_identifier", knownvalue.StringExact(name)), has("state",
						knownvalue.StringExact("OK")),
					has("description", knownvalue.Null()), has("email", knownvalue.Null()), has("error_message",
						knownvalue.Null()),
					has("username", knownvalue.NotNull()), has("created", knownvalue.NotNull()), has("rotated_at",
						knownvalue.NotNull()),
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
				Config: k.resource(w, name, `description = "Nightly cost export"`,
					`email = "bot@acme.example"`),
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionUpdate,
					acctest.KnownAfter(k.address(), "api_key", "username", "rotated_at", "expires_at")),
				ConfigStateChecks: []statecheck.StateCheck{
					has("description", knownvalue.StringExact("Nightly cost export")), has("email",
						knownvalue.StringExact("bot@acme.example")),
				},
				Check: resource.ComposeTestCheckFunc(acctest.Unchanged(k.address(), "api_key", &key),
					acctest.Unchanged(k.address(), "uuid", &uuid)),
			},
			resource.TestStep{
				Config: k.resource(w, name, `description = ""`, `email = "bots@acme.example"`),
				ConfigStateChecks: []statecheck.StateCheck{has("description", knownvalue.StringExact("")),
					has("email", knownvalue.StringExact("bots@acme.example"))},
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
				Config:           k.resource(w, acctest.Name()), // a new account may be without an e-mail address
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionReplace),
				Check: resource.ComposeTestCheckFunc(rotated(w, k.address(), &key),
					requests(w, k.operation+"_destroy", 1)),
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
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		name := acctest.Name()
		bare := k.resource(w, name)
		w.Customer, w.Project = hyphenated(w.Customer), hyphenated(w.Project)
		hyphens := k.resource(w, name)
		w.Run(t,
			resource.TestStep{Config: hyphens},
			resource.TestStep{Config: bare, ConfigPlanChecks: acctest.Planned(k.address(),
				plancheck.ResourceActionNoop)},
			resource.TestStep{Config: hyphens, PlanOnly: true},
		)
	})
}

func TestAccServiceAccount_deletedOutside(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "another actor deletes the account")
		name, uuid := acctest.Name(), ""
		neighbour, _ := k.add(w.Sim, waldursim.ServiceAccount{Scope: k.scopeUUID(w), PreferredIdentifier: "neighbour",
			Username: "neighbour"})
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
			// An account that was deleted between plan and destroy is no error.
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
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "the account service fails")
		name, key := acctest.Name(), ""
		before := k.resource(w, name, `description = "one"`, `keepers = { v = "1" }`)
		after := k.resource(w, name, `description = "two"`, `keepers = { v = "1" }`)
		w.Run(t,
			resource.TestStep{Config: before, Check: acctest.Remember(k.address(), "api_key", &key)},
			resource.TestStep{
				PreConfig: func() {
					w.Sim.FailBackend("update", waldursim.BackendFault{Status: 503,
						Body: `{"code": "unavailable", "message": "directory is read-only"}`})
				},
				Config: after, ExpectError: acctest.Words("directory is read-only"),
			},
			// The refused update left the account in Erred: the refresh shows it, the plan repairs it.
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
			// A rotation of an account in Erred repairs it first: Waldur would refuse the rotation
			// otherwise.
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

// A server that does not mark an account after a refused update, or returns no reason: the next apply sends
// the update again.
func TestAccServiceAccount_refusedUpdate(t *testing.T) {
	k := kinds[0]
	for name, options := range map[string]waldursim.Options{
		"state kept": {UpdatesKeepState: true}, "no reason": {EmptyErrors: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.NewWaldur(t, options)
			w.Simulated(t, "the account service refuses an update")
			var key string
			identifier := acctest.Name()
			changed := k.resource(w, identifier, `description = "new"`)
			w.Run(t,
				resource.TestStep{Config: k.resource(w, identifier, `description = "old"`),
					Check: acctest.Remember(k.address(), "api_key", &key)},
				resource.TestStep{
					PreConfig: func() {
						w.Sim.FailBackend("update", waldursim.BackendFault{Status: 500, Body: `{"error": "read-only"}`})
					},
					Config: changed, ExpectError: acctest.Words("Unable to update Waldur customer service account"),
				},
				resource.TestStep{Config: changed, Check: resource.ComposeTestCheckFunc(
					resource.TestCheckResourceAttr(k.address(), "description", "new"),
					resource.TestCheckResourceAttr(k.address(), "state", "OK"),
					acctest.Unchanged(k.address(), "api_key", &key), keyWorks(w, k.address()))},
			)
		})
	}
}

// An empty plan follows every apply, with every option of the server under which accounts can live.
func TestAccServiceAccount_settings(t *testing.T) {
	withoutAccounts := []string{"Backend off", "OldRobotAccounts true", "NoServiceAccounts true"}
	ofRobotAccounts := []string{"UntrimmedKeys", "FrozenResource", "LeaveRequested", "ConsentRedaction"}
	eachOption(t, func(option, value string) bool {
		return slices.Contains(withoutAccounts, option+" "+value) || slices.Contains(ofRobotAccounts, option)
	}, func(t *testing.T, options waldursim.Options) {
		aKind(t, options, func(t *testing.T, k kind, w *acctest.Waldur) {
			w.Simulated(t, "settings of the server are tried")
			name, key := acctest.Name(), ""
			w.Run(t,
				resource.TestStep{Config: k.resource(w, name, `keepers = { v = "1" }`),
					Check: acctest.Remember(k.address(), "api_key", &key)},
				resource.TestStep{
					Config: k.resource(w, name, `keepers = { v = "2" }`,
						`description = "changed"`), ConfigPlanChecks: k.rotates(),
					Check: resource.TestCheckResourceAttrWith(k.address(), "api_key", func(got string) error {
						if got == "" || got == key {
							return fmt.Errorf("the key was not rotated")
						}
						return nil
					}),
				},
				resource.TestStep{Config: k.resource(w, name, `keepers = { v = "2" }`),
					ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionUpdate)},
			)
		})
	})
}

func TestAccServiceAccount_exists(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "an account is made outside of Terraform")
		name := acctest.Name()
		uuid, _ := k.add(w.Sim, waldursim.ServiceAccount{Scope: k.scopeUUID(w), PreferredIdentifier: name,
			Username: "svc-" + name})
		w.Run(t,
			resource.TestStep{
				Config:      k.resource(w, name),
				ExpectError: acctest.Words(fmt.Sprintf(`import { to = %s.NAME id = %q }`, k.typeName(), uuid)),
			},
		)
		if got := w.Sim.Count(k.operation + "_create"); got != 0 {
			t.Errorf("%d accounts were asked for, want none", got)
		}
	})
}

// Two resources that would own one account: one of them wins, the other is an error, and there is
// one account.
func TestAccServiceAccount_twins(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "requests are counted")
		name := acctest.Name()
		twins := fmt.Sprintf("resource %q \"test\" {\n  count = 4\n  %s_uuid = %q\n  preferred_identifier = %q\n}\n",
			k.typeName(), k.scope, k.scopeUUID(w), name)
		w.Run(t, resource.TestStep{Config: twins,
			ExpectError: acctest.Words("already has an account with preferred_identifier")})
		if got := w.Sim.Count(k.operation + "_create"); got != 1 {
			t.Errorf("%d accounts were asked for, want 1", got)
		}
	})
}

func TestAccServiceAccount_lostCreate(t *testing.T) {
	cases := map[string]simkit.Fault{
		"connection cut after the work": {Drop: simkit.DropAfter},
	}
	for name, fault := range cases {
		t.Run(name, func(t *testing.T) {
			eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
				w.Simulated(t, "a response is lost")
				w.Sim.Inject(k.operation+"_create", fault)
				w.Run(t, resource.TestStep{
					Config: k.resource(w, acctest.Name(), `description = "mine"`, `email = "bot@acme.example"`),
					Check: resource.ComposeTestCheckFunc(keyWorks(w, k.address()), live(w, 1),
						requests(w, k.operation+"_create", 1), requests(w, k.operation+"_rotate_api_key", 1)),
				})
			})
		})
	}
}

func TestAccServiceAccount_createThatDidNothing(t *testing.T) {
	cases := map[string]simkit.Fault{
		"connection cut before the work": {Drop: simkit.DropBefore},
		"server error":                   {Status: http.StatusInternalServerError, Body: "<h1>Server Error (500)</h1>"},
	}
	for name, fault := range cases {
		t.Run(name, func(t *testing.T) {
			aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
				w.Simulated(t, "a request fails")
				w.Sim.Inject(k.operation+"_create", fault)
				config := k.resource(w, acctest.Name())
				w.Run(t,
					resource.TestStep{Config: config,
						ExpectError: acctest.Words("Unable to create Waldur " + k.scope + " service account")},
					resource.TestStep{Config: config,
						Check: resource.ComposeTestCheckFunc(keyWorks(w, k.address()), live(w, 1),
							requests(w, k.operation+"_create", 2), requests(w, k.operation+"_rotate_api_key", 0))},
				)
			})
		})
	}
}

// The responses to the create and to the search afterwards are lost: the next apply finds the
// account and says how to import it.
func TestAccServiceAccount_lostCreateUnresolved(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "responses are lost")
		w.Sim.Inject(k.operation+"_create", simkit.Fault{Drop: simkit.DropAfter})
		w.Sim.Inject(k.operation+"_list", simkit.Fault{Skip: 1, Times: 5, Status: http.StatusBadGateway})
		config := k.resource(w, acctest.Name())
		w.Run(t,
			resource.TestStep{
				Config: config, ExpectError: acctest.Words("It is not known whether the account was created"),
			},
			resource.TestStep{
				Config: config, ExpectError: acctest.Words("To manage an object that is in no state, import it"),
			},
		)
		if err := live(w, 1)(nil); err != nil {
			t.Error(err)
		}
	})
}

// The account is created, but no key is issued: the account is in the state, and the next apply
// completes it.
func TestAccServiceAccount_createdWithoutKey(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "a response is lost and the account service fails")
		w.Sim.Inject(k.operation+"_create", simkit.Fault{Drop: simkit.DropAfter})
		w.Sim.FailBackend("rotate", waldursim.BackendFault{Status: 400, Body: `{"message": "not now"}`})
		config := k.resource(w, acctest.Name())
		w.Run(t,
			resource.TestStep{Config: config, ExpectError: acctest.Words("not now")},
			resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(keyWorks(w, k.address()),
				live(w, 1))},
		)
	})
}

// A rotation whose response is lost, or that leaves open whether it was carried out, is not sent again
// in the same run, and is due at the next apply, even with the keepers set back.
func TestAccServiceAccount_unconfirmedRotation(t *testing.T) {
	lost := map[string]simkit.Fault{
		"response lost":     {Drop: simkit.DropAfter},
		"request lost":      {Drop: simkit.DropBefore},
		"bad gateway":       {Status: http.StatusBadGateway, Body: "<h1>Bad Gateway</h1>"},
		"finished too late": {Delay: 1200 * time.Millisecond, Late: true},
	}
	for name, fault := range cases(lost) {
		t.Run(name, func(t *testing.T) {
			aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
				testUnconfirmed(t, k, w, func() { w.Sim.Inject(k.operation+"_rotate_api_key", fault) })
			})
		})
	}
	for name, fault := range cases(map[string]waldursim.BackendFault{
		"refused by the account service": {Status: http.StatusBadRequest, Body: `{"message": "not now"}`},
		"timed out":                      {TimedOut: true},
		"disconnected":                   {Disconnected: true},
		"not JSON":                       {NotJSON: true},
		"no key":                         {NoToken: true},
		"no key, but issued":             {NoToken: true, Minted: true},
	}) {
		t.Run(name, func(t *testing.T) {
			aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
				testUnconfirmed(t, k, w, func() { w.Sim.FailBackend("rotate", fault) })
			})
		})
	}
}

// withTimeout puts a time limit of one second for a request on top of a configuration.
func withTimeout(w *acctest.Waldur, config string) string {
	return strings.Replace(w.Config(config), "provider \"svcacct\" {",
		"provider \"svcacct\" {\n  http = { request_timeout = \"1s\" }", 1)
}

func testUnconfirmed(t *testing.T, k kind, w *acctest.Waldur, fail func()) {
	t.Helper()
	w.Simulated(t, "rotations fail")
	name, key := acctest.Name(), ""
	operation := k.operation + "_rotate_api_key"
	config := func(release string, more ...string) string {
		more = append(more, fmt.Sprintf("keepers = { release = %q }", release))
		return withTimeout(w, k.resource(w, name, more...))
	}
	w.Run(t,
		resource.TestStep{Config: config("1"), Check: acctest.Remember(k.address(), "api_key", &key)},
		resource.TestStep{PreConfig: fail, Config: config("2", `description = "kept"`),
			ExpectError: acctest.Words("The next apply rotates again")},
		resource.TestStep{ // the fields of the failed update are saved, and the keepers are those of before
			PreConfig: func() { time.Sleep(300 * time.Millisecond) }, // what is late is finished
			Config:    config("1", `description = "kept"`), ConfigPlanChecks: k.rotates(),
			Check: resource.ComposeTestCheckFunc(rotated(w, k.address(), &key), live(w, 1), requests(w, operation, 2),
				requests(w, k.operation+"_partial_update", 1)),
		},
		resource.TestStep{Config: config("1", `description = "kept"`),
			ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop)},
	)
}

// The response to the rotation has no key: the key in the state may be revoked, so that the next
// apply rotates again.
func TestAccServiceAccount_rotationWithoutKey(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "a response lacks the key")
		name, key, uuid := acctest.Name(), "", ""
		config := func(release string) string {
			return k.resource(w, name, fmt.Sprintf("keepers = { release = %q }", release))
		}
		w.Run(t,
			resource.TestStep{Config: config("1"),
				Check: resource.ComposeTestCheckFunc(acctest.Remember(k.address(), "api_key", &key),
					acctest.Remember(k.address(), "uuid", &uuid))},
			resource.TestStep{
				PreConfig: func() {
					w.Sim.Inject(k.operation+"_rotate_api_key",
						simkit.Fault{Status: 200, Body: fmt.Sprintf(`{"uuid": %q, "token": null}`, uuid)})
				},
				Config: config("2"), ExpectError: acctest.Words("did not return the new key"),
			},
			resource.TestStep{Config: config("1"), ConfigPlanChecks: k.rotates(), Check: rotated(w, k.address(), &key)},
		)
	})
}

// If somebody else changes the account between plan and apply, the next plan shows the difference.
func TestAccServiceAccount_changedMeanwhile(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "another actor changes the account")
		name, uuid := acctest.Name(), ""
		w.Run(t,
			resource.TestStep{Config: k.resource(w, name, `email = "a@acme.example"`),
				Check: acctest.Remember(k.address(), "uuid", &uuid)},
			resource.TestStep{
				Config: k.resource(w, name, `email = "a@acme.example"`, `description = "mine"`),
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionUpdate, acctest.During(func() {
					w.Sim.EditServiceAccount(uuid, func(a *waldursim.ServiceAccount) { a.Email = "b@acme.example" })
				})),
				ExpectNonEmptyPlan: true,
			},
			resource.TestStep{Config: k.resource(w, name, `email = "a@acme.example"`, `description = "mine"`)},
		)
	})
}

// A refusal that comes before the account service is asked leaves the key as it is.
func TestAccServiceAccount_refusedRotation(t *testing.T) {
	for _, status := range cases(map[string]int{"401": 401, "403": 403, "404": 404, "409": 409}) {
		t.Run(http.StatusText(status), func(t *testing.T) {
			aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
				w.Simulated(t, "rotations are refused")
				name, key := acctest.Name(), ""
				before := k.resource(w, name, `keepers = { v = "1" }`)
				after := k.resource(w, name, `keepers = { v = "2" }`)
				w.Run(t,
					resource.TestStep{Config: before, Check: acctest.Remember(k.address(), "api_key", &key)},
					resource.TestStep{
						PreConfig: func() {
							w.Sim.Inject(k.operation+"_rotate_api_key",
								simkit.Fault{Status: status, Body: `{"detail": "No."}`})
						},
						Config: after, ExpectError: acctest.Words("Unable to rotate the API key of " +
							"Waldur " + k.scope + " service account"),
					},
					resource.TestStep{Config: before, ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop),
						Check: resource.ComposeTestCheckFunc(acctest.Unchanged(k.address(), "api_key", &key),
							live(w, 1))},
					resource.TestStep{Config: after, ConfigPlanChecks: k.rotates(),
						Check: resource.ComposeTestCheckFunc(rotated(w, k.address(), &key), live(w, 1))},
				)
			})
		})
	}
}

func TestAccServiceAccount_backendOff(t *testing.T) {
	eachKind(t, waldursim.Options{Backend: waldursim.BackendOff}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "the account service is switched off and on")
		config := k.resource(w, acctest.Name())
		w.Run(t,
			resource.TestStep{Config: config, ExpectError: acctest.Words("Service account creation is disabled")},
			resource.TestStep{PreConfig: func() { w.Sim.SetBackend(waldursim.BackendAPI) }, Config: config},
			resource.TestStep{
				PreConfig: func() { w.Sim.SetBackend(waldursim.BackendOff) },
				Config:    config, Destroy: true, ExpectError: acctest.Words("the account is still there"),
			},
			resource.TestStep{ // it is still in state, and its key has not changed
				PreConfig: func() { w.Sim.SetBackend(waldursim.BackendAPI) },
				Config:    config, ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop),
				Check: resource.ComposeTestCheckFunc(keyWorks(w, k.address()), live(w, 1)),
			},
		)
	})
}

func TestAccServiceAccount_limit(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "the limit is changed")
		w.Sim.SetLimit(k.scopeUUID(w), 0)
		config := k.resource(w, acctest.Name())
		w.Run(t,
			resource.TestStep{Config: config,
				ExpectError: acctest.Words("its max_service_accounts is 0. Zero is Waldur's default")},
			resource.TestStep{PreConfig: func() { w.Sim.SetLimit(k.scopeUUID(w), 1) },
				Config: config},
			resource.TestStep{
				Config:      config + k.other(w, acctest.Name()),
				ExpectError: acctest.Words("has 1 service accounts, and its max_service_accounts is 1."),
			},
		)
	})
}

func TestAccServiceAccount_forbidden(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "a user without rights is made")
		_, support := w.Sim.AddUser(waldursim.User{Username: "support", Support: true}) // sees all, writes nothing
		name := acctest.Name()
		reader := w.With("token", support)
		w.Run(t,
			resource.TestStep{Config: reader.Config(k.resource(w, name)),
				ExpectError: acctest.Words("needs the permission SERVICE_ACCOUNT.MANAGE")},
			resource.TestStep{Config: k.resource(w, name)},
			resource.TestStep{Config: reader.Config(k.resource(w, name)),
				ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop)},
			resource.TestStep{
				Config:      reader.Config(k.resource(w, name, `description = "not mine"`)),
				ExpectError: acctest.Words("You do not have permission to perform this action"),
			},
			resource.TestStep{
				Config: reader.Config(k.resource(w, name)), Destroy: true,
				ExpectError: acctest.Words("You do not have permission to perform this action"),
			},
			resource.TestStep{Config: k.resource(w, name), ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop),
				Check: live(w, 1)},
		)
	})
}

// Waldur also returns 404 for an account that the token may not see. This must not look like a
// deletion, even if the account is the last of its customer or project.
func TestAccServiceAccount_hidden(t *testing.T) {
	const unseen = "the token does not see the service accounts of the "
	lose := map[string]func(w *acctest.Waldur){
		"all roles":  (*acctest.Waldur).LoseRoles,
		"permission": losePermission,
	}
	for name, lose := range cases(lose) {
		t.Run(name, func(t *testing.T) {
			eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
				w.Simulated(t, "roles are taken away")
				config := k.resource(w, acctest.Name())
				w.Run(t,
					resource.TestStep{Config: config},
					resource.TestStep{PreConfig: func() { lose(w) }, Config: config,
						ExpectError: acctest.Words(unseen + k.scope)},
					resource.TestStep{Config: config, Destroy: true, ExpectError: acctest.Words(unseen + k.scope)},
					resource.TestStep{
						PreConfig: w.RegainRoles,
						Config:    config, ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop),
						Check: live(w, 1),
					},
				)
			})
		})
	}
}

// losePermission leaves the user with roles that do not show service accounts.
func losePermission(w *acctest.Waldur) {
	w.LoseRoles()
	w.Sim.Grant(w.User, waldursim.CustomerReader, w.Customer)
	w.Sim.Grant(w.User, waldursim.ProjectMember, w.Project)
}

// A role that is disabled still creates accounts, and does not show them. Releases differ in that, and so
// nobody knows what a 404 means then: no second account is created, and nothing leaves the state.
func TestAccServiceAccount_disabledRole(t *testing.T) {
	roles := map[string]waldursim.Role{"customer": waldursim.CustomerOwner, "project": waldursim.ProjectManager}
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "a role is disabled")
		const undecided = "it is not known what the token may see"
		config := k.resource(w, acctest.Name())
		_, staff := w.Sim.AddUser(waldursim.User{Username: "staff", Staff: true})
		w.Run(t,
			resource.TestStep{Config: config},
			resource.TestStep{PreConfig: func() { w.Sim.DisableRole(roles[k.scope]) }, Config: config,
				ExpectError: acctest.Words(undecided)},
			resource.TestStep{Config: config, Destroy: true, ExpectError: acctest.Words(undecided)},
			resource.TestStep{Config: w.With("token", staff).Config(config),
				ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop), Check: live(w, 1)},
			resource.TestStep{Config: w.With("token", staff).Config("# nothing is left")},
		)
	})
}

// A role may be lost between two destroys of a run: what the server said for the first account does not
// count for the second.
func TestAccServiceAccount_rightLostBetweenDestroys(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "roles are changed during a run")
		first, second := k.other(w, "first"), k.resource(w, "second")
		second = strings.Replace(second, "{\n", "{\n  depends_on = ["+k.typeName()+".other]\n", 1)
		var armed atomic.Bool
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			w.Sim.ServeHTTP(rw, r)
			if r.URL.Path == "/api/roles/" && armed.CompareAndSwap(true, false) {
				losePermission(w)
			}
		}))
		t.Cleanup(server.Close)
		workspace := w.With("endpoint", server.URL).NewWorkspace(t, first+second)
		// A staff user creates: the create in a project would read the roles.
		workspace.MustRun(t, 0, "apply", "-auto-approve")
		armed.Store(true)
		for _, account := range w.Sim.ServiceAccounts() {
			if account.PreferredIdentifier == "second" {
				w.Sim.RemoveServiceAccount(account.UUID)
			}
		}
		output := workspace.MustRun(t, 1, "destroy", "-auto-approve", "-refresh=false")
		if !acctest.Words("has lost a role").MatchString(output) {
			t.Errorf("another error:\n%s", output)
		}
		if err := live(w, 1)(nil); err != nil {
			t.Error(err)
		}
	})
}

// If the server does not say what the token may see, a 404 stays an error that names both explanations.
func TestAccServiceAccount_hiddenUndecided(t *testing.T) {
	for operation := range cases(map[string]bool{"users_me_retrieve": true, "roles_list": true}) {
		t.Run(operation, func(t *testing.T) {
			aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
				w.Simulated(t, "requests fail")
				config := k.resource(w, acctest.Name())
				var uuid string
				w.Run(t,
					resource.TestStep{Config: config, Check: acctest.Remember(k.address(), "uuid", &uuid)},
					resource.TestStep{
						PreConfig: func() {
							w.Sim.RemoveServiceAccount(uuid)
							w.Sim.Inject(operation, simkit.Fault{Times: -1, Status: http.StatusForbidden,
								Body: `{"detail": "No."}`})
						},
						Config: config, ExpectError: acctest.Words("Either the account was deleted, or the user of " +
							"the token has lost a role"),
					},
					resource.TestStep{PreConfig: w.Sim.ClearFaults, Config: config,
						ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionCreate),
						Check:            live(w, 1)},
				)
			})
		})
	}
}

// A role that is lost between plan and destroy must not look like a deletion, not even if a gateway
// failed before the server returned 404.
func TestAccServiceAccount_destroyWithoutRight(t *testing.T) {
	for name, gateway := range cases(map[string]bool{"404": false, "502, then 404": true}) {
		t.Run(name, func(t *testing.T) {
			aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
				w.Simulated(t, "roles are changed")
				config := k.resource(w, acctest.Name())
				w.Run(t,
					resource.TestStep{Config: config},
					resource.TestStep{
						Config: config, Destroy: true,
						ExpectError: acctest.Words("the token does not see the service accounts of the " + k.scope),
						ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
							acctest.During(func() {
								losePermission(w)
								if gateway {
									w.Sim.Inject(k.operation+"_destroy", simkit.Fault{Status: http.StatusBadGateway})
								}
							}),
						}},
					},
					resource.TestStep{
						PreConfig: w.RegainRoles,
						Config:    config, ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop),
						Check: live(w, 1),
					},
				)
			})
		})
	}
}

// A user whose only role is on the customer may create accounts in its projects, and does not see them.
func TestAccProjectServiceAccount_roleOnCustomerAlone(t *testing.T) {
	k := kinds[1]
	w := acctest.NewWaldur(t, waldursim.Options{})
	w.Simulated(t, "roles are taken away")
	w.LeaveProject()
	config := k.resource(w, acctest.Name()) + k.other(w, acctest.Name())
	w.Run(t,
		resource.TestStep{Config: config, ExpectError: acctest.Words("the user of the token needs a role on the " +
			"project itself")},
		resource.TestStep{PreConfig: w.RegainRoles, Config: config,
			Check: resource.ComposeTestCheckFunc(live(w, 2), requests(w, k.operation+"_create", 2),
				requests(w, k.operation+"_retrieve", 0))},
	)
}

// Without the two requests that say what the token may see, the first account of a run is read: what
// cannot be seen stays in the state, and no second account is created.
func TestAccProjectServiceAccount_unseenAfterCreate(t *testing.T) {
	k := kinds[1]
	w := acctest.NewWaldur(t, waldursim.Options{})
	w.Simulated(t, "roles are taken away, and requests fail")
	w.LeaveProject()
	silent := simkit.Fault{Times: -1, Status: http.StatusNotFound, Body: "<h1>Not Found</h1>"}
	w.Sim.Inject("users_me_retrieve", silent)
	config := k.resource(w, acctest.Name())
	w.Run(t,
		resource.TestStep{Config: config,
			ExpectError: acctest.Words("the user of the token needs a role on the project itself")},
		resource.TestStep{Config: config, ExpectError: acctest.Words("it is not known what the token may see")},
		resource.TestStep{PreConfig: func() { w.Sim.ClearFaults() }, Config: config,
			ExpectError: acctest.Words("the token does not see the service accounts of the project")},
		resource.TestStep{ // the failed create has tainted the account
			PreConfig: w.RegainRoles, Config: config,
			ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionReplace),
			Check:            resource.ComposeTestCheckFunc(keyWorks(w, k.address()), live(w, 1)),
		},
	)
}

func TestAccProjectServiceAccount_readOnceAfterCreate(t *testing.T) {
	k := kinds[1]
	w := acctest.NewWaldur(t, waldursim.Options{})
	w.Simulated(t, "requests are counted")
	w.Sim.Inject("users_me_retrieve", simkit.Fault{Times: -1, Status: http.StatusForbidden, Body: `{"detail": "No."}`})
	config := fmt.Sprintf("resource %q \"test\" {\n  count = 8\n  project_uuid = %q\n  preferred_identifier = "+
		"\"bot-${count.index}\"\n}\n", k.typeName(), w.Project)
	workspace := w.NewWorkspace(t, config)
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	for operation, want := range map[string]int{k.operation + "_retrieve": 1, "users_me_retrieve": 1} {
		if err := requests(w, operation, want)(nil); err != nil {
			t.Error(err)
		}
	}
}

// Accounts that return 404 at the same time share the two requests for what the token may see: Terraform
// reads twelve accounts in two turns, or three on a slow machine.
func TestAccServiceAccount_rightsAreShared(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "requests are counted")
		config := fmt.Sprintf("resource %q \"test\" {\n  count = 12\n  %s_uuid = %q\n  preferred_identifier = "+
			"\"bot-${count.index}\"\n}\n", k.typeName(), k.scope, k.scopeUUID(w))
		workspace := w.NewWorkspace(t, config)
		workspace.MustRun(t, 0, "apply", "-auto-approve")
		for _, account := range w.Sim.ServiceAccounts() {
			w.Sim.RemoveServiceAccount(account.UUID)
		}
		w.Sim.ResetRequests()
		workspace.MustRun(t, 2, "plan", "-detailed-exitcode")
		for _, operation := range []string{"users_me_retrieve", "roles_list"} {
			if got := w.Sim.Count(operation); got < 1 || got > 3 {
				t.Errorf("%s was requested %d times for 12 accounts", operation, got)
			}
		}
	})
}

// The account service creates an account of which Waldur knows nothing: the error says so, and the
// next create is a new one.
func TestAccServiceAccount_createdAtAccountServiceAlone(t *testing.T) {
	for name, fault := range cases(map[string]waldursim.BackendFault{
		"timed out": {TimedOut: true}, "no key": {NoToken: true, Minted: true}, "not JSON": {NotJSON: true},
	}) {
		for _, sources2025 := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%t", name, sources2025), func(t *testing.T) {
				options := waldursim.Options{Sources2025: sources2025}
				aKind(t, options, func(t *testing.T, k kind, w *acctest.Waldur) {
					w.Simulated(t, "the account service fails")
					w.Sim.FailBackend("create", fault)
					name := acctest.Name()
					w.Run(t,
						resource.TestStep{Config: k.resource(w, name),
							ExpectError: acctest.Words("The account service " +
								`behind Waldur may have created an account for the preferred_identifier "` + name +
								`", with a key that works`)},
						resource.TestStep{Config: k.resource(w, name),
							Check: resource.ComposeTestCheckFunc(keyWorks(w, k.address()), live(w, 1))},
					)
				})
			})
		}
	}
}

// Waldur runs the requests of a token one after the other, and its account service takes its time:
// each account still gets one key, each rotation one more.
func TestAccServiceAccount_slowAccountService(t *testing.T) {
	options := waldursim.Options{OneAtATime: true, ServiceTime: 400 * time.Millisecond}
	aKind(t, options, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "the account service is slow")
		config := func(release int) string {
			return withTimeout(w, fmt.Sprintf("resource %q \"test\" {\n  count = 8\n  %s_uuid = %q\n  "+
				"preferred_identifier = \"bot-${count.index}\"\n  description = \"%d\"\n  keepers = { release = %d "+
				"}\n}\n",
				k.typeName(), k.scope, k.scopeUUID(w), release, release))
		}
		issued := func(want int) resource.TestCheckFunc {
			return func(*terraform.State) error {
				if got := len(w.Sim.Keys()); got != want {
					return fmt.Errorf("%d keys were issued, want %d", got, want)
				}
				return nil
			}
		}
		w.Run(t,
			resource.TestStep{Config: config(1), Check: resource.ComposeTestCheckFunc(issued(8), live(w, 8))},
			resource.TestStep{Config: config(2), Check: resource.ComposeTestCheckFunc(issued(16), live(w, 8),
				requests(w, k.operation+"_partial_update", 8))},
			resource.TestStep{ // seven destroys, and a rotation beside them
				Config: strings.Replace(config(3), "count = 8", "count = 1", 1),
				Check: resource.ComposeTestCheckFunc(issued(17), live(w, 1),
					requests(w, k.operation+"_destroy", 7))},
		)
	})
}

// The account service takes longer than Waldur waits: nothing is repeated, every error says what may
// have been done, and when the account service is fast again, the next apply leads to a known key.
func TestAccServiceAccount_slowerThanWaldurWaits(t *testing.T) {
	const fast, slow = 0, 1400 * time.Millisecond
	if testing.Short() {
		t.Skip("the account service is slow: another CLI adds nothing")
	}
	for _, limit := range []string{"1s", "60s"} { // less and more than Waldur waits
		t.Run("time limit "+limit, func(t *testing.T) {
			options := waldursim.Options{OneAtATime: true, ServiceWait: 1200 * time.Millisecond}
			aKind(t, options, func(t *testing.T, k kind, w *acctest.Waldur) {
				w.Simulated(t, "the account service is slow")
				name, key := acctest.Name(), ""
				config := func(release string) string {
					return strings.Replace(withTimeout(w, k.resource(w, name, fmt.Sprintf("keepers = { release = %q }",
						release))), `"1s"`, fmt.Sprintf("%q", limit), 1)
				}
				takes := func(d time.Duration) func() { return func() { w.Sim.SetServiceTime(d) } }
				issued := func(want int) resource.TestCheckFunc {
					return func(*terraform.State) error {
						w.Sim.WaitForService()
						if got := len(w.Sim.Keys()); got != want {
							return fmt.Errorf("%d keys were issued, want %d", got, want)
						}
						return nil
					}
				}
				w.Run(t,
					resource.TestStep{PreConfig: takes(slow), Config: config("1"),
						ExpectError: acctest.Words("may have created an account for the preferred_identifier")},
					resource.TestStep{PreConfig: takes(fast), Config: config("1"), Check: resource.ComposeTestCheckFunc(
						issued(2), live(w, 1), acctest.Remember(k.address(), "api_key", &key))},
					resource.TestStep{PreConfig: takes(slow), Config: config("2"),
						ExpectError: acctest.Words("The next apply rotates again")},
					resource.TestStep{ // the same error, without a second rotation in the same run
						Config: config("1"), ExpectError: acctest.Words("The next apply rotates again")},
					resource.TestStep{PreConfig: func() { w.Sim.WaitForService(); w.Sim.SetServiceTime(fast) },
						Config: config("1"), ConfigPlanChecks: k.rotates(), Check: resource.ComposeTestCheckFunc(
							issued(5), live(w, 1), rotated(w, k.address(), &key))},
				)
			})
		})
	}
}

// A change for which the account service is too slow is sent once, and the error says what Waldur waits for.
func TestAccServiceAccount_updateTimedOut(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "the account service is slow")
		name, key := acctest.Name(), ""
		w.Run(t,
			resource.TestStep{Config: k.resource(w, name), Check: acctest.Remember(k.address(), "api_key", &key)},
			resource.TestStep{
				PreConfig: func() { w.Sim.FailBackend("update", waldursim.BackendFault{TimedOut: true}) },
				Config:    k.resource(w, name, `description = "two"`),
				ExpectError: acctest.Words("Waldur passes this request on to its account service, and waits 5 " +
					"seconds for it"),
			},
			resource.TestStep{Config: k.resource(w, name, `description = "two"`),
				Check: resource.ComposeTestCheckFunc(requests(w, k.operation+"_partial_update", 2),
					acctest.Unchanged(k.address(), "api_key", &key))},
		)
	})
}

// Some servers count closed accounts: a replacement at the limit then closes the account, and cannot
// create the new one.
func TestAccServiceAccount_replaceAtLimit(t *testing.T) {
	const warning = "Replacement at the limit of service accounts"
	eachKind(t, waldursim.Options{CountClosed: true}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "the limit is changed")
		w.Sim.SetLimit(k.scopeUUID(w), 1)
		workspace := w.NewWorkspace(t, k.resource(w, acctest.Name()))
		plan := func(warns bool, args ...string) {
			t.Helper()
			output := workspace.MustRun(t, 0, append([]string{"plan"}, args...)...)
			if acctest.Words(warning).MatchString(output) != warns {
				t.Errorf("plan %v: warning %t, want %t:\n%s", args, !warns, warns, output)
			}
		}
		plan(false) // a new account
		workspace.MustRun(t, 0, "apply", "-auto-approve")
		plan(false)
		workspace.Write(t, k.resource(w, acctest.Name()))
		w.Sim.SetLimit(k.scopeUUID(w), 2)
		plan(false)
		w.Sim.SetLimit(k.scopeUUID(w), 1)
		plan(true)
		output := workspace.MustRun(t, 1, "apply", "-auto-approve")
		if !acctest.Words("counts closed accounts").MatchString(output) {
			t.Errorf("the error does not say what counts:\n%s", output)
		}
		w.Sim.SetLimit(k.scopeUUID(w), 2)
		workspace.MustRun(t, 0, "apply", "-auto-approve")
		if err := live(w, 1)(nil); err != nil {
			t.Error(err)
		}
	})
}

// A refresh that fails in any other way does not change the state.
func TestAccServiceAccount_unreadable(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "requests fail")
		config := k.resource(w, acctest.Name())
		steps := []resource.TestStep{{Config: config}}
		for _, status := range []int{401, 403, 406, 429, 500, 503} {
			steps = append(steps,
				resource.TestStep{
					PreConfig: func() {
						w.Sim.Inject(k.operation+"_retrieve", simkit.Fault{Times: -1, Status: status})
					},
					Config:      config,
					ExpectError: acctest.Words(fmt.Sprintf("%d %s", status, http.StatusText(status))),
				},
				resource.TestStep{PreConfig: w.Sim.ClearFaults, Config: config,
					ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop)},
			)
		}
		w.Run(t, steps...)
	})
}

func TestAccServiceAccount_keepers(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		name, key := acctest.Name(), ""
		w.Run(t,
			resource.TestStep{Config: k.resource(w, name), Check: acctest.Remember(k.address(), "api_key", &key)},
			resource.TestStep{ // the first map
				Config:           k.resource(w, name, `keepers = { release = "1" }`),
				ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionUpdate),
				Check: resource.ComposeTestCheckFunc(acctest.Unchanged(k.address(), "api_key", &key),
					requests(w, k.operation+"_partial_update", 0), requests(w, k.operation+"_rotate_api_key", 0)),
			},
			resource.TestStep{ // changed
				Config:           k.resource(w, name, `keepers = { release = "2" }`),
				ConfigPlanChecks: k.rotates(),
				Check: resource.ComposeTestCheckFunc(rotated(w, k.address(), &key),
					requests(w, k.operation+"_rotate_api_key", 1)),
			},
			resource.TestStep{ // added, together with another change
				Config: k.resource(w, name, `keepers = { release = "2", incident = "7" }`,
					`description = "after the incident"`),
				ConfigPlanChecks: k.rotates(),
				Check:            rotated(w, k.address(), &key),
			},
			resource.TestStep{ // removed
				Config: k.resource(w, name, `keepers = { incident = "7" }`,
					`description = "after the incident"`),
				ConfigPlanChecks: k.rotates(),
				Check:            rotated(w, k.address(), &key),
			},
			resource.TestStep{ // the last map
				Config:           k.resource(w, name, `description = "after the incident"`),
				ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionUpdate),
				Check: resource.ComposeTestCheckFunc(acctest.Unchanged(k.address(), "api_key", &key),
					requests(w, k.operation+"_rotate_api_key", 3),
					requests(w, k.operation+"_partial_update", 1), requests(w, k.operation+"_create", 1)),
			},
		)
	})
}

// The version of a key rises with a rotation and with a replacement, and with nothing else.
func TestAccServiceAccount_keyVersion(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		name, last := acctest.Name(), 0
		raised := func(want bool) resource.TestCheckFunc {
			return resource.TestCheckResourceAttrWith(k.address(), "key_version", func(text string) error {
				version, err := strconv.Atoi(text)
				if err != nil || (version > last) != want || version < last {
					return fmt.Errorf("the version is %q, was %d", text, last)
				}
				last = version
				return nil
			})
		}
		keeper := func(name, release string, more ...string) string {
			return k.resource(w, name, append(more, fmt.Sprintf("keepers = { release = %q }", release))...)
		}
		w.Run(t,
			resource.TestStep{Config: keeper(name, "1"), Check: raised(true)},
			resource.TestStep{Config: keeper(name, "1", `description = "another"`), Check: raised(false),
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionUpdate,
					acctest.KnownAfter(k.address(), "key_version"))},
			resource.TestStep{Config: keeper(name, "2"), Check: raised(true)},
			resource.TestStep{Config: keeper(name, "3"), Check: raised(true)},
			resource.TestStep{ // the number of a new account's key is the second in which it was issued
				PreConfig: func() { w.Clock.Advance(time.Minute) },
				Config:    keeper(acctest.Name(), "3"), Check: raised(true),
			},
		)
	})
}

func TestAccServiceAccount_unknownKeepers(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		name, key := acctest.Name(), ""
		config := func(release, trigger string) string {
			return fmt.Sprintf("resource \"terraform_data\" \"release\" {\n  input = %q\n  triggers_replace = "+
				"%q\n}\n\n", release, trigger) +
				k.resource(w, name, `keepers = { release = terraform_data.release.output }`)
		}
		w.Run(t,
			resource.TestStep{Config: config("1", "a"), Check: acctest.Remember(k.address(), "api_key", &key)},
			resource.TestStep{ // turns out to have changed
				Config: config("2", "a"), ConfigPlanChecks: acctest.Planned(k.address(),
					plancheck.ResourceActionUpdate),
				Check: rotated(w, k.address(), &key),
			},
			resource.TestStep{ // turns out to be the same
				Config: config("2", "b"), ConfigPlanChecks: acctest.Planned(k.address(),
					plancheck.ResourceActionUpdate),
				Check: resource.ComposeTestCheckFunc(acctest.Unchanged(k.address(), "api_key", &key),
					requests(w, k.operation+"_rotate_api_key", 1)),
			},
		)
	})
}

// Values of other resources, which are not known before apply, are no error, and what is known
// stays known.
func TestAccServiceAccount_unknownValues(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		name, key, uuid := acctest.Name(), "", ""
		values := func(description, email, after string) string {
			config := ""
			for label, value := range map[string]string{
				"scope": k.scopeUUID(w), "identifier": name, "description": description, "email": email, "after": after,
			} {
				config += fmt.Sprintf("resource \"terraform_data\" %q {\n  input = %q\n}\n\n", label, value)
			}
			return config + fmt.Sprintf("resource %q \"test\" {\n  %s_uuid = terraform_data.scope.output\n"+
				"  preferred_identifier = terraform_data.identifier.output\n"+
				"  description = terraform_data.description.output\n  email = terraform_data.email.output\n"+
				"  rotate_after = terraform_data.after.output\n}\n", k.typeName(), k.scope)
		}
		has := func(description, email string) resource.TestCheckFunc {
			return resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr(k.address(), "preferred_identifier", name),
				resource.TestCheckResourceAttr(k.address(), "description", description),
				resource.TestCheckResourceAttr(k.address(), "email", email),
			)
		}
		w.Run(t,
			resource.TestStep{
				Config: values("one", "a@acme.example", "24h"),
				Check: resource.ComposeTestCheckFunc(has("one", "a@acme.example"), keyWorks(w, k.address()),
					acctest.Remember(k.address(), "api_key", &key), acctest.Remember(k.address(), "uuid", &uuid)),
			},
			resource.TestStep{
				Config: values("two", "b@acme.example", "24h"),
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionUpdate,
					acctest.UnknownAfter(k.address(), "description", "email")),
				Check: resource.ComposeTestCheckFunc(has("two", "b@acme.example"),
					acctest.Unchanged(k.address(), "api_key", &key), acctest.Unchanged(k.address(), "uuid", &uuid)),
			},
			resource.TestStep{ // the plan announces a rotation, which turns out not to be due
				Config: values("two", "b@acme.example", "48h"),
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionUpdate,
					acctest.UnknownAfter(k.address(), "rotate_after", "api_key", "expires_at", "key_version",
						"rotated_at")),
				Check: resource.ComposeTestCheckFunc(acctest.Unchanged(k.address(), "api_key", &key),
					requests(w, k.operation+"_rotate_api_key", 0), requests(w, k.operation+"_partial_update", 1)),
			},
		)
	})
}

// Without a refresh the state alone decides, also where the account has changed meanwhile.
func TestAccServiceAccount_withoutRefresh(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "the account is changed outside of Terraform")
		config := "variable \"description\" {}\n\nvariable \"release\" {}\n\n" + k.resource(w, acctest.Name(),
			`description = var.description`, `keepers = { release = var.release }`)
		workspace := w.NewWorkspace(t, config)
		run := func(command, description, release string) string {
			return workspace.MustRun(t, 0, command, "-auto-approve", "-refresh=false",
				"-var=description="+description, "-var=release="+release)
		}
		run("apply", "one", "1")
		var uuid string
		for _, account := range w.Sim.ServiceAccounts() {
			uuid = account.UUID
		}
		w.Sim.EditServiceAccount(uuid, func(a *waldursim.ServiceAccount) { a.Description = "by hand" })
		reads := w.Sim.Count(k.operation + "_retrieve")
		run("apply", "one", "1") // nothing to do
		run("apply", "two", "1")
		run("apply", "two", "2")
		if got := w.Sim.Count(k.operation + "_retrieve"); got != reads {
			t.Errorf("the account was read %d times", got-reads)
		}
		for operation, want := range map[string]int{"_create": 1, "_partial_update": 1, "_rotate_api_key": 1} {
			if err := requests(w, k.operation+operation, want)(nil); err != nil {
				t.Error(err)
			}
		}
		state := workspace.MustRun(t, 0, "show", "-json")
		if !holdsLiveKey(w, state) {
			t.Error("the state holds no key that works")
		}
		run("destroy", "two", "2")
		if err := live(w, 0)(nil); err != nil {
			t.Error(err)
		}
	})
}

func TestAccServiceAccount_rotateAfter(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		name, key := acctest.Name(), ""
		config := k.resource(w, name, `rotate_after = "24h"`)
		w.Run(t,
			resource.TestStep{Config: config, Check: acctest.Remember(k.address(), "api_key", &key)},
			resource.TestStep{
				PreConfig: func() { w.Clock.Advance(23 * time.Hour) },
				Config:    config, ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop),
			},
			resource.TestStep{
				PreConfig: func() { w.Clock.Advance(2 * time.Hour) },
				Config:    config, ConfigPlanChecks: k.rotates(),
				Check: resource.ComposeTestCheckFunc(rotated(w, k.address(), &key),
					requests(w, k.operation+"_rotate_api_key", 1)),
			},
			resource.TestStep{
				PreConfig: func() { w.Clock.Advance(25 * time.Hour) },
				Config:    k.resource(w, name), ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionUpdate),
				Check: acctest.Unchanged(k.address(), "api_key", &key),
			},
		)
	})
}

func TestAccServiceAccount_rotateBeforeExpiry(t *testing.T) {
	for _, backend := range []waldursim.BackendMode{waldursim.BackendAPI, waldursim.BackendMock} {
		life := map[waldursim.BackendMode]time.Duration{waldursim.BackendAPI: 30 * 24 * time.Hour,
			waldursim.BackendMock: 90 * 24 * time.Hour}[backend]
		t.Run(life.String(), func(t *testing.T) {
			aKind(t, waldursim.Options{Backend: backend}, func(t *testing.T, k kind, w *acctest.Waldur) {
				w.Simulated(t, "the life of its keys is known")
				name, key, rotatedAt := acctest.Name(), "", ""
				config := k.resource(w, name, `rotate_before_expiry = "168h"`)
				w.Run(t,
					resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(
						acctest.Remember(k.address(), "api_key", &key), acctest.Remember(k.address(), "rotated_at",
							&rotatedAt))},
					resource.TestStep{
						PreConfig: func() { w.Clock.Advance(life - 169*time.Hour) },
						Config:    config, ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop),
						Check: acctest.Unchanged(k.address(), "rotated_at", &rotatedAt),
					},
					resource.TestStep{
						PreConfig: func() { w.Clock.Advance(2 * time.Hour) },
						Config:    config, ConfigPlanChecks: k.rotates(),
						Check: resource.ComposeTestCheckFunc(requests(w, k.operation+"_rotate_api_key", 1),
							resource.TestCheckResourceAttrWith(k.address(), "api_key", func(got string) error {
								if got == key {
									return fmt.Errorf("the key is still the same")
								}
								return nil
							})),
					},
					resource.TestStep{ // a warning; the key is not rotated at every apply
						Config:           k.resource(w, name, fmt.Sprintf("rotate_before_expiry = %q", life)),
						ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionUpdate),
						Check:            requests(w, k.operation+"_rotate_api_key", 1),
					},
					resource.TestStep{ // the key has ended
						PreConfig: func() { w.Clock.Advance(life + time.Hour) },
						Config:    k.resource(w, name), ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionUpdate),
						Check: requests(w, k.operation+"_rotate_api_key", 1),
					},
					resource.TestStep{
						Config: k.resource(w, name, "rotate_when_dead = true"), ConfigPlanChecks: k.rotates(),
						Check: requests(w, k.operation+"_rotate_api_key", 2),
					},
				)
			})
		})
	}
}

// A plan that is saved today and applied after the key has become due does exactly what it showed.
func TestAccServiceAccount_savedPlan(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		name, key := acctest.Name(), ""
		sleep := acctest.During(func() { w.Clock.Advance(36 * time.Hour) })
		w.Run(t,
			resource.TestStep{Config: k.resource(w, name, `rotate_after = "24h"`),
				Check: acctest.Remember(k.address(), "api_key", &key)},
			resource.TestStep{ // not due when planned, due when applied
				Config: k.resource(w, name, `rotate_after = "24h"`, `description = "planned today"`),
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionUpdate,
					acctest.KnownAfter(k.address(), "api_key", "expires_at", "key_version", "rotated_at"), sleep),
				Check: resource.ComposeTestCheckFunc(acctest.Unchanged(k.address(), "api_key", &key),
					resource.TestCheckResourceAttr(k.address(), "description", "planned today"),
					requests(w, k.operation+"_rotate_api_key", 0)),
				ExpectNonEmptyPlan: true, // the next refresh finds it due
			},
			resource.TestStep{ // due when planned, applied much later: once
				Config: k.resource(w, name, `rotate_after = "24h"`, `description = "planned today"`),
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionUpdate,
					acctest.UnknownAfter(k.address(), "api_key", "expires_at", "key_version", "rotated_at"), sleep),
				Check: resource.ComposeTestCheckFunc(rotated(w, k.address(), &key),
					requests(w, k.operation+"_rotate_api_key", 1)),
			},
		)
	})
}

// The environment has the key of an import, which the server does not show. The update that follows stores it.
func TestAccServiceAccount_importWithKey(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		config, file := k.resource(w, acctest.Name()), "terraform.tfstate"
		workspace := w.NewWorkspace(t, config)
		workspace.MustRun(t, 0, "apply", "-auto-approve")
		attributes := func() map[string]any {
			var state struct {
				Resources []struct {
					Instances []struct{ Attributes map[string]any }
				}
			}
			text, err := os.ReadFile(filepath.Join(workspace.Dir, file))
			if err == nil {
				err = json.Unmarshal(text, &state)
			}
			if err != nil || len(state.Resources) != 1 {
				t.Fatalf("no resource in state: %v", err)
			}
			return state.Resources[0].Instances[0].Attributes
		}
		created := attributes()
		secret := fmt.Sprint(created["api_key"])
		workspace.MustRun(t, 0, "state", "rm", k.address())
		workspace.Write(t, fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", k.address(), created["uuid"])+config)
		workspace.Setenv(tfkit.ImportKeyVariable, secret)
		output := workspace.MustRun(t, 0, "apply", "-auto-approve", "-no-color")
		if !acctest.Words("The server does not show which key the object has").MatchString(output) {
			t.Errorf("no warning:\n%s", output)
		}
		if now := attributes(); now["api_key"] != secret || now["key_version"] == nil || now["rotated_at"] != nil {
			t.Errorf("the key is stored: %t, version %v, rotated_at %v", now["api_key"] == secret, now["key_version"],
				now["rotated_at"])
		}
		workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
		if err := requests(w, k.operation+"_rotate_api_key", 0)(nil); err != nil {
			t.Error(err)
		}
		workspace.MustRun(t, 0, "destroy", "-auto-approve")
	})
}

// notImported are the attributes that the server does not return.
var notImported = []string{"api_key", "expires_at", "key_version", "rotated_at", "keepers", "rotate_after"}

func TestAccServiceAccount_import(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		from := func(id func(attributes map[string]string) string) resource.TestStep {
			return resource.TestStep{
				ResourceName: k.address(), ImportState: true,
				ImportStateVerify: true, ImportStateVerifyIgnore: notImported,
				ImportStateIdFunc: func(state *terraform.State) (string, error) {
					return id(state.RootModule().Resources[k.address()].Primary.Attributes), nil
				},
			}
		}
		scope := k.scope + "_uuid"
		w.Run(t,
			resource.TestStep{Config: k.resource(w, acctest.Name(), `description = "d"`, `email = "bot@acme.example"`,
				`keepers = { v = "1" }`)},
			from(func(a map[string]string) string { return a["uuid"] }),
			from(func(a map[string]string) string { return hyphenated(a["uuid"]) }),
			from(func(a map[string]string) string { return strings.ToUpper(a["uuid"]) }),
			from(func(a map[string]string) string { return a[scope] + "/" + a["username"] }),
			from(func(a map[string]string) string { return hyphenated(a[scope]) + "/" + a["username"] }),
			from(func(a map[string]string) string { return a[scope] + "/" + a["preferred_identifier"] }),
		)
	})
}

func TestAccServiceAccount_importBlock(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		config := k.resource(w, acctest.Name())
		w.Run(t,
			resource.TestStep{Config: config},
			resource.TestStep{
				ResourceName: k.address(), ImportState: true, ImportStateKind: resource.ImportBlockWithID,
				ImportPlanChecks: resource.ImportPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(k.address(), plancheck.ResourceActionNoop)}},
			},
		)
	})
}

func TestAccServiceAccount_importByIdentity(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		config := k.resource(w, acctest.Name())
		w.RunFrom(t, tfversion.Version1_12_0,
			resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectIdentity(k.address(),
					map[string]knownvalue.Check{"uuid": knownvalue.StringRegexp(text32)}),
				statecheck.ExpectIdentityValueMatchesState(k.address(), tfjsonpath.New("uuid")),
			}},
			resource.TestStep{ResourceName: k.address(), ImportState: true,
				ImportStateKind: resource.ImportBlockWithResourceIdentity},
		)
	})
}

// The UUID of an identity may have hyphens.
func TestAccServiceAccount_importByHyphenatedIdentity(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "an account is made outside of Terraform")
		name := acctest.Name()
		uuid, key := k.add(w.Sim, waldursim.ServiceAccount{Scope: k.scopeUUID(w), PreferredIdentifier: name,
			Username: "svc-" + name})
		block := fmt.Sprintf("import {\n  to = %s\n  identity = {\n    uuid = %q\n  }\n}\n", k.address(),
			hyphenated(uuid))
		w.RunFrom(t, tfversion.Version1_12_0, resource.TestStep{
			Config: block + k.resource(w, name),
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr(k.address(), "uuid", uuid), resource.TestCheckNoResourceAttr(k.address(),
					"api_key"),
				func(*terraform.State) error {
					if !w.Sim.KeyAlive(key) {
						return fmt.Errorf("the import revoked the key")
					}
					return nil
				}),
		})
	})
}

// The key of an imported account stays unknown, and works, until a keeper is changed. Keepers at
// import are recorded.
func TestAccServiceAccount_importAndRotate(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "an account is made outside of Terraform")
		name := acctest.Name()
		uuid, key := k.add(w.Sim, waldursim.ServiceAccount{
			Scope: k.scopeUUID(w), PreferredIdentifier: name, Username: "svc-" + name,
			Description: "by hand", Email: "bot@acme.example",
		})
		config := func(release string) string {
			return k.resource(w, name, `description = "by hand"`, `email = "bot@acme.example"`,
				fmt.Sprintf("keepers = { release = %q }", release), `rotate_after = "24h"`)
		}
		w.Run(t,
			resource.TestStep{
				Config:           fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", k.address(), uuid) + config("1"),
				ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionUpdate),
				Check: resource.ComposeTestCheckFunc(resource.TestCheckNoResourceAttr(k.address(), "api_key"),
					resource.TestCheckNoResourceAttr(k.address(), "rotated_at"), requests(w,
						k.operation+"_partial_update", 0),
					requests(w, k.operation+"_rotate_api_key", 0)),
			},
			resource.TestStep{
				Config: config("2"), ConfigPlanChecks: k.rotates(),
				Check: rotated(w, k.address(), &key),
			},
		)
	})
}

func TestAccServiceAccount_importRefused(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "two accounts have one username")
		for _, username := range []string{"first", "second"} {
			uuid, _ := k.add(w.Sim, waldursim.ServiceAccount{Scope: k.scopeUUID(w), PreferredIdentifier: username,
				Username: username})
			w.Sim.EditServiceAccount(uuid, func(a *waldursim.ServiceAccount) { a.Username = "twin" })
		}
		refused := func(id, words string) resource.TestStep {
			t.Helper()
			block := fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", k.address(), id)
			return resource.TestStep{Config: block + k.resource(w, acctest.Name()), ExpectError: acctest.Words(words)}
		}
		nobody := strings.Repeat("0", 32)
		w.Run(t,
			refused("not-a-uuid", "or <"+k.scope+" UUID>/<username> or"),
			refused(k.scopeUUID(w)+"/", "the import id must be"),
			refused(nobody, "Waldur also returns 404 for an account that the token may not see"),
			refused(k.scopeUUID(w), "An account of this "+k.scope+" has the import id "+k.scopeUUID(w)+"/<username>"),
			refused(k.scopeUUID(w)+"/nobody", `the service account with username or preferred_identifier "nobody"`),
			refused(k.scopeUUID(w)+"/twin", "choose by uuid"),
			resource.TestStep{Config: "# what is left must be valid"},
		)
	})
}

// An address that the configuration does not have stays, whoever has set it: Waldur can't clear one.
func TestAccServiceAccount_emailStays(t *testing.T) {
	const address = "bot@acme.example"
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "somebody sets the address in Waldur")
		name := acctest.Name()
		has := resource.TestCheckResourceAttr(k.address(), "email", address)
		w.Run(t,
			resource.TestStep{Config: k.resource(w, name),
				Check: resource.TestCheckNoResourceAttr(k.address(), "email")},
			resource.TestStep{
				PreConfig: func() {
					w.Sim.EditServiceAccount(w.Sim.ServiceAccounts()[0].UUID,
						func(a *waldursim.ServiceAccount) { a.Email = "by-hand@acme.example" })
				},
				Config:           k.resource(w, name),
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionNoop),
				Check:            resource.TestCheckResourceAttr(k.address(), "email", "by-hand@acme.example"),
			},
			resource.TestStep{Config: k.resource(w, name, fmt.Sprintf("email = %q", address)), Check: has},
			resource.TestStep{Config: k.resource(w, name), Check: has,
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionNoop)},
			resource.TestStep{Config: k.resource(w, name, `description = "d"`), Check: has},
		)
	})
}
