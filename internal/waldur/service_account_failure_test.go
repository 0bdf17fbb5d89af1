package waldur_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// live checks how many accounts the server has that are not closed, and that each has exactly one key that works.
func live(w *acctest.Waldur, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got := 0
		for _, account := range w.Sim.ServiceAccounts() {
			if account.State == "Closed" {
				continue
			}
			got++
			if keys := w.Sim.LiveKeys(account.Username); len(keys) != 1 {
				return fmt.Errorf("account %v has %d keys that work", account.Username, len(keys))
			}
		}
		if got != want {
			return fmt.Errorf("the server has %d accounts, want %d", got, want)
		}
		return nil
	}
}

func TestAccServiceAccount_exists(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "an account is made outside of Terraform")
		name := acctest.Name()
		uuid, _ := k.add(w.Sim, waldursim.ServiceAccount{Scope: k.scopeUUID(w), PreferredIdentifier: name, Username: "svc-" + name})
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

// Two resources that would own one account: one of them wins, the other is an error, and there is one account.
func TestAccServiceAccount_twins(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "requests are counted")
		name := acctest.Name()
		twins := fmt.Sprintf("resource %q \"test\" {\n  count = 4\n  %s_uuid = %q\n  preferred_identifier = %q\n}\n",
			k.typeName(), k.scope, k.scopeUUID(w), name)
		w.Run(t, resource.TestStep{Config: twins, ExpectError: acctest.Words("already has an account with preferred_identifier")})
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
				w.Simulated(t, "an answer gets lost")
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
			eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
				w.Simulated(t, "a request fails")
				w.Sim.Inject(k.operation+"_create", fault)
				config := k.resource(w, acctest.Name())
				w.Run(t,
					resource.TestStep{Config: config, ExpectError: acctest.Words("Unable to create Waldur " + k.scope + " service account")},
					resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(keyWorks(w, k.address()), live(w, 1),
						requests(w, k.operation+"_create", 2), requests(w, k.operation+"_rotate_api_key", 0))},
				)
			})
		})
	}
}

// The create is carried out, its answer is lost, and so is every look at what became of it: the next apply finds the account and
// says how to import it.
func TestAccServiceAccount_lostCreateUnresolved(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "answers get lost")
		w.Sim.Inject(k.operation+"_create", simkit.Fault{Drop: simkit.DropAfter})
		w.Sim.Inject(k.operation+"_list", simkit.Fault{Skip: 1, Times: 5, Status: http.StatusBadGateway})
		config := k.resource(w, acctest.Name())
		w.Run(t,
			resource.TestStep{Config: config, ExpectError: acctest.Words("Whether the account was made is not known")},
			resource.TestStep{Config: config, ExpectError: acctest.Words("To manage the existing one, import it")},
		)
		if err := live(w, 1)(nil); err != nil {
			t.Error(err)
		}
	})
}

// The account is made, but its key can't be had: the account is in state, and the next apply completes it.
func TestAccServiceAccount_createdWithoutKey(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "an answer gets lost and the account service fails")
		w.Sim.Inject(k.operation+"_create", simkit.Fault{Drop: simkit.DropAfter})
		w.Sim.FailBackend("rotate", waldursim.BackendFault{Status: 400, Body: `{"message": "not now"}`})
		config := k.resource(w, acctest.Name())
		w.Run(t,
			resource.TestStep{Config: config, ExpectError: acctest.Words("not now")},
			resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(keyWorks(w, k.address()), live(w, 1))},
		)
	})
}

func TestAccServiceAccount_lostRotation(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "answers get lost")
		name, key := acctest.Name(), ""
		operation := k.operation + "_rotate_api_key"
		config := func(release string) string {
			return k.resource(w, name, fmt.Sprintf("keepers = { release = %q }", release))
		}
		lose := func(times int) func() {
			return func() { w.Sim.Inject(operation, simkit.Fault{Times: times, Drop: simkit.DropAfter}) }
		}
		w.Run(t,
			resource.TestStep{Config: config("1"), Check: acctest.Remember(k.address(), "api_key", &key)},
			resource.TestStep{ // lost once: rotated again at once, which kills the unknown key
				PreConfig: lose(1), Config: config("2"),
				Check: resource.ComposeTestCheckFunc(rotated(w, k.address(), &key), live(w, 1), requests(w, operation, 2)),
			},
			resource.TestStep{PreConfig: lose(5), Config: config("3"), ExpectError: acctest.Words("The next apply rotates again")},
			resource.TestStep{ // even with the keepers as they were: the key in state is dead
				Config: config("2"), ConfigPlanChecks: k.rotates(),
				Check: resource.ComposeTestCheckFunc(rotated(w, k.address(), &key), live(w, 1), requests(w, operation, 8)),
			},
			resource.TestStep{Config: config("2"), ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop)},
		)
	})
}

// The rotation is answered, but without a key: the key in state may be dead, whatever the keepers say afterwards.
func TestAccServiceAccount_rotationWithoutKey(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "an answer lacks the key")
		name, key, uuid := acctest.Name(), "", ""
		config := func(release string) string {
			return k.resource(w, name, fmt.Sprintf("keepers = { release = %q }", release))
		}
		w.Run(t,
			resource.TestStep{Config: config("1"), Check: resource.ComposeTestCheckFunc(acctest.Remember(k.address(), "api_key", &key), acctest.Remember(k.address(), "uuid", &uuid))},
			resource.TestStep{
				PreConfig: func() {
					w.Sim.Inject(k.operation+"_rotate_api_key", simkit.Fault{Status: 200, Body: fmt.Sprintf(`{"uuid": %q, "token": null}`, uuid)})
				},
				Config: config("2"), ExpectError: acctest.Words("did not tell the new one"),
			},
			resource.TestStep{Config: config("1"), ConfigPlanChecks: k.rotates(), Check: rotated(w, k.address(), &key)},
		)
	})
}

// Somebody else changes the account between plan and apply: that is a difference for the next plan, not a fault of the provider.
func TestAccServiceAccount_changedMeanwhile(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "another actor changes the account")
		name, uuid := acctest.Name(), ""
		w.Run(t,
			resource.TestStep{Config: k.resource(w, name, `email = "a@acme.example"`), Check: acctest.Remember(k.address(), "uuid", &uuid)},
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

func TestAccServiceAccount_refusedRotation(t *testing.T) {
	cases := map[string]waldursim.BackendFault{
		"refused":           {Status: http.StatusBadRequest, Body: `{"message": "not now"}`},
		"answer has no key": {NoToken: true},
	}
	for name, fault := range cases {
		t.Run(name, func(t *testing.T) {
			eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
				w.Simulated(t, "the account service fails")
				name, key := acctest.Name(), ""
				before, after := k.resource(w, name, `keepers = { v = "1" }`), k.resource(w, name, `keepers = { v = "2" }`, `description = "kept"`)
				w.Run(t,
					resource.TestStep{Config: before, Check: acctest.Remember(k.address(), "api_key", &key)},
					resource.TestStep{
						PreConfig: func() { w.Sim.FailBackend("rotate", fault) },
						Config:    after, ExpectError: acctest.Words("Unable to rotate the API key of Waldur " + k.scope + " service account"),
					},
					// The fields of the failed update are saved: what is left is the rotation.
					resource.TestStep{Config: after, ConfigPlanChecks: k.rotates(), Check: resource.ComposeTestCheckFunc(
						rotated(w, k.address(), &key), live(w, 1), requests(w, k.operation+"_partial_update", 1))},
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
			resource.TestStep{Config: config, ExpectError: acctest.Words("its max_service_accounts is 0. Zero is Waldur's default")},
			resource.TestStep{PreConfig: func() { w.Sim.SetLimit(k.scopeUUID(w), 1) }, Config: config},
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
			resource.TestStep{Config: reader.Config(k.resource(w, name)), ExpectError: acctest.Words("needs the permission SERVICE_ACCOUNT.MANAGE")},
			resource.TestStep{Config: k.resource(w, name)},
			resource.TestStep{Config: reader.Config(k.resource(w, name)), ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop)},
			resource.TestStep{
				Config:      reader.Config(k.resource(w, name, `description = "not mine"`)),
				ExpectError: acctest.Words("You do not have permission to perform this action"),
			},
			resource.TestStep{
				Config: reader.Config(k.resource(w, name)), Destroy: true,
				ExpectError: acctest.Words("You do not have permission to perform this action"),
			},
			resource.TestStep{Config: k.resource(w, name), ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop), Check: live(w, 1)},
		)
	})
}

// Waldur answers 404 for what the token may not see. That must not look like a deletion.
func TestAccServiceAccount_hidden(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "roles are taken away")
		name := acctest.Name()
		config := k.resource(w, name)
		w.Run(t,
			resource.TestStep{Config: config},
			resource.TestStep{
				PreConfig: func() { w.Sim.Revoke(w.User, w.Customer) },
				Config:    config, ExpectError: acctest.Words("neither the account nor its " + k.scope),
			},
			resource.TestStep{Config: config, Destroy: true, ExpectError: acctest.Words("neither the account nor its " + k.scope)},
			resource.TestStep{
				PreConfig: func() { w.Sim.Grant(w.User, waldursim.CustomerOwner, w.Customer) },
				Config:    config, ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop), Check: live(w, 1),
			},
		)
	})
}

// A token that still sees the customer but may not manage its accounts any more gets a 404, too, and Waldur's answers don't tell that
// from a deletion. No second account comes of it: the same missing right refuses the create, and with the right back the account
// is found.
func TestAccServiceAccount_hiddenUnderVisibleCustomer(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "roles are changed")
		config := k.resource(w, acctest.Name())
		w.Run(t,
			resource.TestStep{Config: config},
			resource.TestStep{
				PreConfig: func() {
					w.Sim.Revoke(w.User, w.Customer)
					w.Sim.Grant(w.User, waldursim.CustomerReader, w.Customer)
				},
				Config: config, ExpectError: acctest.Words("needs the permission SERVICE_ACCOUNT.MANAGE on the " + k.scope),
			},
			resource.TestStep{
				PreConfig: func() { w.Sim.Grant(w.User, waldursim.CustomerOwner, w.Customer) },
				Config:    config, ExpectError: acctest.Words("To manage the existing one, import it"),
			},
		)
		if err := live(w, 1)(nil); err != nil {
			t.Error(err)
		}
	})
}

// A right that is lost between plan and destroy must not look like a deletion that somebody else has done.
func TestAccServiceAccount_destroyWithoutRight(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "roles are changed")
		config := k.resource(w, acctest.Name())
		w.Run(t,
			resource.TestStep{Config: config},
			resource.TestStep{
				Config: config, Destroy: true, ExpectError: acctest.Words("the account is still there, and so is its key"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{acctest.During(func() {
					w.Sim.Revoke(w.User, w.Customer)
					w.Sim.Grant(w.User, waldursim.CustomerReader, w.Customer)
				})}},
			},
			resource.TestStep{
				PreConfig: func() { w.Sim.Grant(w.User, waldursim.CustomerOwner, w.Customer) },
				Config:    config, ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop), Check: live(w, 1),
			},
		)
	})
}

// A gateway's 404 is no word of Waldur's: neither a refresh nor a destroy takes it for an absence.
func TestAccServiceAccount_notFoundByGateway(t *testing.T) {
	for name, body := range map[string]string{"empty": "", "page": "<h1>Not Found</h1>", "object": `{"message": "no Route matched with those values"}`} {
		t.Run(name, func(t *testing.T) {
			eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
				w.Simulated(t, "a gateway answers")
				config := k.resource(w, acctest.Name())
				gone := simkit.Fault{Times: -1, Status: http.StatusNotFound, Body: body}
				w.Run(t,
					resource.TestStep{Config: config},
					resource.TestStep{
						PreConfig: func() { w.Sim.Inject(k.operation+"_retrieve", gone) },
						Config:    config, ExpectError: acctest.Words("404 Not Found"),
					},
					resource.TestStep{
						PreConfig: w.Sim.ClearFaults,
						Config:    config, Destroy: true, ExpectError: acctest.Words("404 Not Found"),
						ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{acctest.During(func() {
							w.Sim.Inject(k.operation+"_destroy", gone)
						})}},
					},
					resource.TestStep{PreConfig: w.Sim.ClearFaults, Config: config, ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop), Check: live(w, 1)},
				)
			})
		})
	}
}

// A refresh that fails in any other way leaves the state alone.
func TestAccServiceAccount_unreadable(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "requests fail")
		config := k.resource(w, acctest.Name())
		steps := []resource.TestStep{{Config: config}}
		for _, status := range []int{401, 403, 406, 429, 500, 503} {
			steps = append(steps,
				resource.TestStep{
					PreConfig: func() { w.Sim.Inject(k.operation+"_retrieve", simkit.Fault{Times: -1, Status: status}) },
					Config:    config, ExpectError: acctest.Words(fmt.Sprintf("%d %s", status, http.StatusText(status))),
				},
				resource.TestStep{PreConfig: w.Sim.ClearFaults, Config: config, ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop)},
			)
		}
		w.Run(t, steps...)
	})
}

// Failures that pass are not the user's business: requests that can be sent again are.
func TestAccServiceAccount_retries(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "requests fail")
		for _, operation := range []string{"_list", "_retrieve", "_partial_update", "_destroy"} {
			w.Sim.Inject(k.operation+operation, simkit.Fault{Times: 1, Status: http.StatusBadGateway})
			w.Sim.Inject(k.operation+operation, simkit.Fault{Times: 1, Drop: simkit.DropAfter})
		}
		w.Sim.Inject(k.operation+"_create", simkit.Fault{Times: 2, Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"0"}}})
		name, key := acctest.Name(), ""
		w.Run(t,
			resource.TestStep{Config: k.resource(w, name), Check: resource.ComposeTestCheckFunc(
				acctest.Remember(k.address(), "api_key", &key), requests(w, k.operation+"_create", 3), requests(w, k.operation+"_rotate_api_key", 0))},
			resource.TestStep{Config: k.resource(w, name, `description = "two"`), Check: acctest.Unchanged(k.address(), "api_key", &key)},
		)
		if err := live(w, 0)(nil); err != nil {
			t.Error(err)
		}
	})
}

func TestAccServiceAccount_expiredToken(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "a token expires")
		config := k.resource(w, acctest.Name())
		personal := w.With("token", w.Sim.AddPersonalAccessToken(w.User))
		w.Run(t,
			resource.TestStep{Config: personal.Config(config)},
			resource.TestStep{PreConfig: func() { w.Sim.ExpireToken(w.Settings["token"]) }, Config: config, ExpectError: acctest.Words("Token has expired")},
			resource.TestStep{Config: personal.Config(config), ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop)},
			resource.TestStep{Config: personal.Config(config), Check: func(*terraform.State) error {
				if len(w.Sim.Keys()) != 1 {
					return errors.New("a key was issued that nobody asked for")
				}
				return nil
			}},
		)
	})
}
