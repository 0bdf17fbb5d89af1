package waldur_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// notImported are the attributes that no server tells: the key, and what Terraform alone keeps of it.
var notImported = []string{"api_key", "expires_at", "rotated_at", "keepers", "rotate_after"}

func TestAccServiceAccount_import(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		from := func(id func(attributes map[string]string) string) resource.TestStep {
			return resource.TestStep{
				ResourceName: k.address(), ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: notImported,
				ImportStateIdFunc: func(state *terraform.State) (string, error) {
					return id(state.RootModule().Resources[k.address()].Primary.Attributes), nil
				},
			}
		}
		scope := k.scope + "_uuid"
		w.Run(t,
			resource.TestStep{Config: k.resource(w, acctest.Name(), `description = "d"`, `email = "bot@acme.example"`, `keepers = { v = "1" }`)},
			from(func(a map[string]string) string { return a["uuid"] }),
			from(func(a map[string]string) string { return hyphenated(a["uuid"]) }),
			from(func(a map[string]string) string { return strings.ToUpper(a["uuid"]) }),
			from(func(a map[string]string) string { return a[scope] + "/" + a["username"] }),
			from(func(a map[string]string) string { return hyphenated(a[scope]) + "/" + a["username"] }),
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
				statecheck.ExpectIdentity(k.address(), map[string]knownvalue.Check{"uuid": knownvalue.StringRegexp(text32)}),
				statecheck.ExpectIdentityValueMatchesState(k.address(), tfjsonpath.New("uuid")),
			}},
			resource.TestStep{ResourceName: k.address(), ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		)
	})
}

// An identity that a person wrote, with hyphens, is as good as the canonical one.
func TestAccServiceAccount_importByHyphenatedIdentity(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "an account is made outside of Terraform")
		name := acctest.Name()
		uuid, key := k.add(w.Sim, waldursim.ServiceAccount{Scope: k.scopeUUID(w), PreferredIdentifier: name, Username: "svc-" + name})
		block := fmt.Sprintf("import {\n  to = %s\n  identity = {\n    uuid = %q\n  }\n}\n", k.address(), hyphenated(uuid))
		w.RunFrom(t, tfversion.Version1_12_0, resource.TestStep{
			Config: block + k.resource(w, name),
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr(k.address(), "uuid", uuid), resource.TestCheckNoResourceAttr(k.address(), "api_key"),
				func(*terraform.State) error {
					if !w.Sim.KeyAlive(key) {
						return fmt.Errorf("the import killed the key")
					}
					return nil
				}),
		})
	})
}

// The key of an imported account stays unknown, and alive, until a keeper is changed. Keepers at import are recorded.
func TestAccServiceAccount_importAndRotate(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "an account is made outside of Terraform")
		name := acctest.Name()
		uuid, key := k.add(w.Sim, waldursim.ServiceAccount{
			Scope: k.scopeUUID(w), PreferredIdentifier: name, Username: "svc-" + name, Description: "by hand", Email: "bot@acme.example",
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
					resource.TestCheckNoResourceAttr(k.address(), "rotated_at"), requests(w, k.operation+"_partial_update", 0),
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
			uuid, _ := k.add(w.Sim, waldursim.ServiceAccount{Scope: k.scopeUUID(w), PreferredIdentifier: username, Username: username})
			w.Sim.EditServiceAccount(uuid, func(a *waldursim.ServiceAccount) { a.Username = "twin" })
		}
		refused := func(id, words string) resource.TestStep {
			block := fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", k.address(), id)
			return resource.TestStep{Config: block + k.resource(w, acctest.Name()), ExpectError: acctest.Words(words)}
		}
		nobody := strings.Repeat("0", 32)
		w.Run(t,
			refused("not-a-uuid", "the import id must be the account's UUID, or <"+k.scope+" UUID>/<username>"),
			refused(k.scopeUUID(w)+"/", "the import id must be"),
			refused(nobody, "Waldur says this of what the token may not see, too"),
			refused(k.scopeUUID(w)+"/nobody", `no service account with username "nobody"`),
			refused(k.scopeUUID(w)+"/twin", "choose by uuid"),
			resource.TestStep{Config: "# what is left must be valid"},
		)
	})
}
