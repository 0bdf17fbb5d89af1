package waldur_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// rotates checks that a plan rotates the key in place and leaves nothing else unknown.
func (k kind) rotates() resource.ConfigPlanChecks {
	return acctest.Planned(k.address(), plancheck.ResourceActionUpdate, acctest.UnknownAfter(k.address(), "api_key", "expires_at", "rotated_at"))
}

// keepsKey checks that a plan leaves the key alone, whatever else it does.
func (k kind) keepsKey(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return acctest.Planned(k.address(), action, acctest.KnownAfter(k.address(), "api_key", "expires_at", "rotated_at"))
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
				Check:            resource.ComposeTestCheckFunc(rotated(w, k.address(), &key), requests(w, k.operation+"_rotate_api_key", 1)),
			},
			resource.TestStep{ // added, together with another change
				Config:           k.resource(w, name, `keepers = { release = "2", incident = "7" }`, `description = "after the incident"`),
				ConfigPlanChecks: k.rotates(),
				Check:            rotated(w, k.address(), &key),
			},
			resource.TestStep{ // removed
				Config:           k.resource(w, name, `keepers = { incident = "7" }`, `description = "after the incident"`),
				ConfigPlanChecks: k.rotates(),
				Check:            rotated(w, k.address(), &key),
			},
			resource.TestStep{ // the last map
				Config:           k.resource(w, name, `description = "after the incident"`),
				ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionUpdate),
				Check: resource.ComposeTestCheckFunc(acctest.Unchanged(k.address(), "api_key", &key), requests(w, k.operation+"_rotate_api_key", 3),
					requests(w, k.operation+"_partial_update", 1), requests(w, k.operation+"_create", 1)),
			},
		)
	})
}

func TestAccServiceAccount_unknownKeepers(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		name, key := acctest.Name(), ""
		config := func(release, trigger string) string {
			return fmt.Sprintf("resource \"terraform_data\" \"release\" {\n  input = %q\n  triggers_replace = %q\n}\n\n", release, trigger) +
				k.resource(w, name, `keepers = { release = terraform_data.release.output }`)
		}
		w.Run(t,
			resource.TestStep{Config: config("1", "a"), Check: acctest.Remember(k.address(), "api_key", &key)},
			resource.TestStep{ // turns out to have changed
				Config: config("2", "a"), ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionUpdate),
				Check: rotated(w, k.address(), &key),
			},
			resource.TestStep{ // turns out to be the same
				Config: config("2", "b"), ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionUpdate),
				Check: resource.ComposeTestCheckFunc(acctest.Unchanged(k.address(), "api_key", &key), requests(w, k.operation+"_rotate_api_key", 1)),
			},
		)
	})
}

func TestAccServiceAccount_rotateAfter(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
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
				Check: resource.ComposeTestCheckFunc(rotated(w, k.address(), &key), requests(w, k.operation+"_rotate_api_key", 1)),
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
		life := map[waldursim.BackendMode]time.Duration{waldursim.BackendAPI: 30 * 24 * time.Hour, waldursim.BackendMock: 90 * 24 * time.Hour}[backend]
		t.Run(life.String(), func(t *testing.T) {
			eachKind(t, waldursim.Options{Backend: backend}, func(t *testing.T, k kind, w *acctest.Waldur) {
				w.Simulated(t, "the life of its keys is known")
				name, key, rotatedAt := acctest.Name(), "", ""
				config := k.resource(w, name, `rotate_before_expiry = "168h"`)
				w.Run(t,
					resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(
						acctest.Remember(k.address(), "api_key", &key), acctest.Remember(k.address(), "rotated_at", &rotatedAt))},
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
					resource.TestStep{
						Config:      k.resource(w, name, fmt.Sprintf("rotate_before_expiry = %q", life)),
						ExpectError: acctest.Words("would rotate it at every apply"),
					},
				)
			})
		})
	}
}

// A plan that is saved today and applied when the key has become due does what it said, and neither more nor less.
func TestAccServiceAccount_savedPlan(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		name, key := acctest.Name(), ""
		sleep := acctest.During(func() { w.Clock.Advance(36 * time.Hour) })
		w.Run(t,
			resource.TestStep{Config: k.resource(w, name, `rotate_after = "24h"`), Check: acctest.Remember(k.address(), "api_key", &key)},
			resource.TestStep{ // not due when planned, due when applied
				Config: k.resource(w, name, `rotate_after = "24h"`, `description = "planned today"`),
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionUpdate,
					acctest.KnownAfter(k.address(), "api_key", "expires_at", "rotated_at"), sleep),
				Check: resource.ComposeTestCheckFunc(acctest.Unchanged(k.address(), "api_key", &key),
					resource.TestCheckResourceAttr(k.address(), "description", "planned today"),
					requests(w, k.operation+"_rotate_api_key", 0)),
				ExpectNonEmptyPlan: true, // the next refresh finds it due
			},
			resource.TestStep{ // due when planned, applied much later: once
				Config: k.resource(w, name, `rotate_after = "24h"`, `description = "planned today"`),
				ConfigPlanChecks: acctest.Planned(k.address(), plancheck.ResourceActionUpdate,
					acctest.UnknownAfter(k.address(), "api_key", "expires_at", "rotated_at"), sleep),
				Check: resource.ComposeTestCheckFunc(rotated(w, k.address(), &key), requests(w, k.operation+"_rotate_api_key", 1)),
			},
		)
	})
}
