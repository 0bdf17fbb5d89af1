package instaclustr_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// Without display name and administrators, the values that the service chooses stay, and changes
// made elsewhere are not undone.
func TestAccServiceUser_minimal(t *testing.T) {
	w := server(t)
	w.Sim.AddUser(instaclustrsim.HumanUser{Username: "a.smith", Role: instaclustrsim.ClusterAdmin})
	w.Run(t,
		resource.TestStep{
			Config: serviceUser("ci", "READ_ONLY"),
			ConfigStateChecks: []statecheck.StateCheck{
				has(user, "display_name", knownvalue.StringExact("ci")), has(user, "administrators", texts("j.doe")),
				has(user, "key_types", texts()), has(user, "initial_api_keys", knownvalue.StringExact("revoke")),
			},
			Check: requests(w, map[string]int{createOp: 1, revokeOp: 2, updateOp: 0}),
		},
		resource.TestStep{
			PreConfig: func() {
				w.Sim.SetDisplayName("ci", "by hand")
				w.Sim.SetAdministrators("ci", "j.doe", "a.smith")
			},
			Config:           serviceUser("ci", "READ_ONLY"),
			ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionNoop),
			ConfigStateChecks: []statecheck.StateCheck{
				has(user, "display_name", knownvalue.StringExact("by hand")),
				has(user, "administrators", texts("a.smith", "j.doe")),
			},
		},
		resource.TestStep{ // another spelling of the address is no change
			Config:           strings.Replace(serviceUser("ci", "READ_ONLY"), "ci@acme.example", "CI@acme.example", 1),
			ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionNoop),
		},
	)
}

// A server that demands every field of an update, and has no display name for the user.
func TestAccServiceUser_fieldsDemanded(t *testing.T) {
	w := simulator(t, instaclustrsim.Options{
		UpdateOmitted: "refuse", DisplayNameDefault: "null", EmptyAdministrators: "accept",
	})
	w.Run(t,
		resource.TestStep{Config: serviceUser("ci", "READ_ONLY")},
		resource.TestStep{
			Config: serviceUser("ci", "CLUSTER_ADMIN"),
			Check: func(*terraform.State) error {
				if found, _ := w.Sim.ServiceUser("ci"); found.DisplayName != "ci" || found.Role != "CLUSTER_ADMIN" {
					return fmt.Errorf("the server has %+v", found)
				}
				return nil
			},
		},
		resource.TestStep{
			PreConfig:         func() { w.Sim.SetAdministrators("ci") },
			Config:            serviceUser("ci", "OWNER"),
			ConfigStateChecks: []statecheck.StateCheck{has(user, "administrators", knownvalue.Null())},
		},
	)
}

// The person who created the user stays an administrator, unless it is to be removed; drift of the
// others shows.
func TestAccServiceUser_administrators(t *testing.T) {
	w := server(t)
	for _, name := range []string{"a.smith", "b.jones"} {
		w.Sim.AddUser(instaclustrsim.HumanUser{Username: name, Role: instaclustrsim.ClusterAdmin})
	}
	administered := func(want ...string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			if found, _ := w.Sim.ServiceUser("ci"); strings.Join(found.Administrators, " ") != strings.Join(want, " ") {
				return fmt.Errorf("the administrators are %q, want %q", found.Administrators, want)
			}
			return nil
		}
	}
	config := func(more ...string) string { return serviceUser("ci", "READ_ONLY", more...) }
	w.Run(t,
		resource.TestStep{Config: config(`administrators = ["a.smith"]`), Check: administered("a.smith", "j.doe")},
		resource.TestStep{
			PreConfig:        func() { w.Sim.SetAdministrators("ci", "j.doe", "b.jones") },
			Config:           config(`administrators = ["a.smith"]`),
			ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionUpdate),
			Check:            administered("a.smith", "j.doe"),
		},
		resource.TestStep{
			Config: config(`administrators = ["a.smith", "b.jones"]`),
			Check:  administered("a.smith", "b.jones", "j.doe"),
		},
		resource.TestStep{
			Config: config(`administrators = ["a.smith"]`, `allow_self_lockout = true`), Check: administered("a.smith"),
		},
		resource.TestStep{
			Config: config(`administrators = ["a.smith", "j.doe"]`), Check: administered("a.smith", "j.doe"),
		},
		resource.TestStep{ // now listed, and not known as the creator any more
			Config: config(`administrators = ["a.smith"]`), PlanOnly: true,
			ExpectError: acctest.Words(`The administrators would not include "j.doe" any more`),
		},
		resource.TestStep{
			Config: config(), ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionNoop),
			Check: administered("a.smith", "j.doe"),
		},
	)
}

// Values that are not known before the apply: the apply never contradicts the plan.
func TestAccServiceUser_unknown(t *testing.T) {
	w := server(t)
	w.Sim.AddUser(instaclustrsim.HumanUser{Username: "a.smith", Role: instaclustrsim.ClusterAdmin})
	config := func(role, administrator string) string {
		return fmt.Sprintf(`
			resource "terraform_data" "place" {
				input = { username = "ci", email = "ci@acme.example", key_type = "MONITORING" }
			}
			resource "terraform_data" "fields" {
				input = { role = %[3]q, display_name = "CI of %[3]s", administrators = [%[4]q] }
			}
			resource %[1]q "test" {
				username       = terraform_data.place.output.username
				email          = terraform_data.place.output.email
				role           = terraform_data.fields.output.role
				display_name   = terraform_data.fields.output.display_name
				administrators = terraform_data.fields.output.administrators
			}
			resource %[2]q "test" {
				username = %[1]s.test.username
				key_type = terraform_data.place.output.key_type
			}
		`, userType, keyType, role, administrator)
	}
	unknown := []string{"role", "display_name", "administrators", "allowed_key_types", "key_types"}
	secret := ""
	w.Run(t,
		resource.TestStep{
			Config: config("CLUSTER_ADMIN", "j.doe"),
			ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionCreate,
				acctest.UnknownAfter(user, append(unknown, "id", "username", "email")...)),
			Check: resource.ComposeTestCheckFunc(
				works(w), keysOf(w, "ci", "MONITORING"), acctest.Remember(key, "api_key", &secret),
			),
		},
		resource.TestStep{
			PreConfig: func() { w.Sim.AddKey("ci", "PROVISIONING") },
			Config:    config("READ_ONLY", "a.smith"),
			ConfigPlanChecks: acctest.Planned(
				user, plancheck.ResourceActionUpdate, acctest.UnknownAfter(user, unknown...),
			),
			Check: resource.ComposeTestCheckFunc(
				keysOf(w, "ci", "MONITORING"), acctest.Unchanged(key, "api_key", &secret),
			),
			ConfigStateChecks: []statecheck.StateCheck{
				has(user, "role", knownvalue.StringExact("READ_ONLY")), has(user, "administrators", texts("a.smith")),
				has(user, "display_name", knownvalue.StringExact("CI of READ_ONLY")),
			},
		},
	)
}

// A plan without a refresh knows the state alone. The apply revokes the keys that the role does not
// allow, also a key that the state does not know.
func TestAccServiceUser_withoutRefresh(t *testing.T) {
	w := server(t)
	workspace := w.NewWorkspace(t, serviceUser("ci", "CLUSTER_ADMIN"))
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	reads := w.Sim.Count(getOp)
	w.Sim.AddKey("ci", "PROVISIONING")
	w.Sim.SetDisplayName("ci", "by hand")
	workspace.MustRun(t, 0, "plan", "-refresh=false", "-detailed-exitcode")
	if got := w.Sim.Count(getOp); got != reads {
		t.Errorf("%d reads without a refresh", got-reads)
	}
	workspace.Write(t, serviceUser("ci", "READ_ONLY"))
	workspace.MustRun(t, 0, "apply", "-refresh=false", "-auto-approve")
	if err := keysOf(w, "ci")(nil); err != nil {
		t.Error(err)
	}
	workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
}

func TestAccServiceUser_import(t *testing.T) {
	w := server(t)
	keys := w.Sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: "ci", Email: "CI@acme.example", DisplayName: "CI", Role: "CLUSTER_ADMIN",
		Keys: []string{"MONITORING"},
	})
	block := "import {\n  to = " + user + "\n  id = \"ci\"\n}\n"
	address := w.Settings["endpoint"] + "/v1/service-users/ci"
	alive := func(*terraform.State) error {
		if !w.Sim.KeyAlive("ci", keys["MONITORING"]) {
			return fmt.Errorf("the import killed a key")
		}
		return nil
	}
	w.Run(t,
		resource.TestStep{
			Config:      strings.Replace(block, `"ci"`, `"nobody"`, 1) + serviceUser("nobody", "READ_ONLY"),
			ExpectError: acctest.Words("It is not in the list of service users either"),
		},
		resource.TestStep{
			Config: strings.Replace(block, `"ci"`, `" `+address+`\n"`, 1) +
				serviceUser("ci", "CLUSTER_ADMIN"),
			ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionNoop), Check: alive,
			ConfigStateChecks: []statecheck.StateCheck{
				has(user, "key_types", texts("MONITORING")), has(user, "administrators", texts("j.doe")),
			},
		},
		resource.TestStep{ResourceName: user, ImportState: true, ImportStateId: "ci", ImportStateVerify: true},
		resource.TestStep{Config: serviceUser("ci", "CLUSTER_ADMIN", `display_name = "Builds"`), Check: alive},
	)
}

func TestAccImport_identity(t *testing.T) {
	w := server(t)
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: "ci", Email: "ci@acme.example", Role: "CLUSTER_ADMIN", Keys: []string{"MONITORING"},
	})
	w.RunFrom(t, tfversion.Version1_12_0, resource.TestStep{
		Config: "import {\n  to = " + user + "\n  identity = { username = \"ci\" }\n}\nimport {\n  to = " + key +
			"\n  identity = {\n    username = \"ci\"\n    key_type = \"MONITORING\"\n  }\n}\n" +
			serviceUser("ci", "CLUSTER_ADMIN") + apiKey("MONITORING"),
		ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionNoop),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectIdentity(user, map[string]knownvalue.Check{"username": knownvalue.StringExact("ci")}),
			statecheck.ExpectIdentity(key, map[string]knownvalue.Check{
				"username": knownvalue.StringExact("ci"), "key_type": knownvalue.StringExact("MONITORING"),
			}),
		},
	})
}

// The name exists, or the address does: nothing is sent, and the error says how to import it.
func TestAccServiceUser_exists(t *testing.T) {
	w := server(t)
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: "ci", Email: "CI@acme.example", Keys: []string{"MONITORING"},
	})
	elsewhere := w.Sim.AddAccount()
	w.Sim.AddUser(instaclustrsim.HumanUser{Account: elsewhere, Username: "elsewhere"})
	w.Run(t,
		resource.TestStep{
			Config:      serviceUser("ci", "READ_ONLY"),
			ExpectError: acctest.Words(`import { to = ` + userType + `.NAME id = "ci" }`),
		},
		resource.TestStep{
			Config:      strings.Replace(serviceUser("ci2", "READ_ONLY"), "ci2@", "ci@", 1),
			ExpectError: acctest.Words(`belongs to the service user "ci"`),
		},
		resource.TestStep{
			Config:      serviceUser("elsewhere", "READ_ONLY"),
			ExpectError: acctest.Words("of a service user can never be used again"),
		},
		resource.TestStep{Config: "# nothing", Check: requests(w, map[string]int{createOp: 1, revokeOp: 0})},
	)
}

// A user that was destroyed is adopted by the next create, with the values of the configuration, and its key
// resource gets a new key. Its other keys are revoked.
func TestAccServiceUser_adoptExisting(t *testing.T) {
	w := server(t)
	const adopts = "adopt_existing = true"
	w.Run(t,
		resource.TestStep{Config: serviceUser("ci", "READ_ONLY", adopts) + apiKey("MONITORING")},
		resource.TestStep{Config: "# nothing", Check: keysOf(w, "ci")},
		resource.TestStep{
			PreConfig: func() { w.Sim.AddKey("ci", "PROVISIONING_READONLY") },
			Config:    serviceUser("ci", "CLUSTER_ADMIN", adopts, `display_name = "New"`) + apiKey("MONITORING"),
			ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionCreate,
				acctest.KnownAfter(user, "id")),
			ConfigStateChecks: []statecheck.StateCheck{
				has(user, "role", knownvalue.StringExact("CLUSTER_ADMIN")),
				has(user, "display_name", knownvalue.StringExact("New")),
			},
			Check: resource.ComposeTestCheckFunc(keysOf(w, "ci", "MONITORING"),
				requests(w, map[string]int{createOp: 1})),
		},
		resource.TestStep{ // it is an ordinary resource afterwards
			Config:           serviceUser("ci", "CLUSTER_ADMIN", `display_name = "New"`) + apiKey("MONITORING"),
			ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionUpdate),
			Check:            keysOf(w, "ci", "MONITORING"),
		},
		resource.TestStep{
			Taint:  []string{user},
			Config: serviceUser("ci", "CLUSTER_ADMIN", adopts), Check: keysOf(w, "ci"),
			ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionDestroyBeforeCreate),
		},
	)
}

// A key that stays in the configuration is an error; a key that nobody manages is revoked with the
// role, as the plan says.
func TestAccServiceUser_disallowedKeys(t *testing.T) {
	for _, value := range []string{"", "keep", "refuse"} {
		t.Run("OnDowngrade="+value, func(t *testing.T) {
			w := simulator(t, instaclustrsim.Options{OnDowngrade: value})
			w.Run(t,
				resource.TestStep{Config: serviceUser("ci", "CLUSTER_ADMIN") + apiKey("PROVISIONING")},
				resource.TestStep{
					Config: serviceUser("ci", "READ_ONLY") + apiKey("PROVISIONING"), PlanOnly: true,
					ExpectError: acctest.Words("API key type not allowed"),
				},
				resource.TestStep{
					PreConfig: func() { w.Sim.AddKey("ci", "USER_MANAGEMENT"); w.Sim.AddKey("ci", "MONITORING") },
					Config:    serviceUser("ci", "READ_ONLY"),
					ConfigPlanChecks: acctest.Planned(
						user, plancheck.ResourceActionUpdate,
						acctest.UnknownAfter(user, "allowed_key_types", "key_types"),
					),
					Check: keysOf(w, "ci", "MONITORING"),
				},
			)
		})
	}
}

// The role of one user is lowered, which ends its key, and the role of another one is raised, which
// allows a key, in one apply, whatever the service does about the keys.
func TestAccServiceUser_rolesDownAndUp(t *testing.T) {
	other := func(config string) string {
		return strings.NewReplacer(`"test"`, `"other"`, userType+".test", userType+".other").Replace(config)
	}
	for _, value := range []string{"", "keep", "refuse"} {
		t.Run("OnDowngrade="+value, func(t *testing.T) {
			w := simulator(t, instaclustrsim.Options{OnDowngrade: value})
			up := other(serviceUser("up", "CLUSTER_ADMIN") + apiKey("PROVISIONING"))
			w.Run(t,
				resource.TestStep{
					Config: serviceUser("down", "CLUSTER_ADMIN") + apiKey("PROVISIONING") +
						other(serviceUser("up", "READ_ONLY")),
					Check: resource.ComposeTestCheckFunc(keysOf(w, "down", "PROVISIONING"), keysOf(w, "up")),
				},
				resource.TestStep{
					Config: serviceUser("down", "READ_ONLY") + up,
					Check:  resource.ComposeTestCheckFunc(keysOf(w, "down"), keysOf(w, "up", "PROVISIONING")),
				},
			)
		})
	}
}

// The revocation of a key that a lowered role leaves fails: the next apply revokes it.
func TestAccServiceUser_disallowedKeyStays(t *testing.T) {
	w := simulator(t, instaclustrsim.Options{OnDowngrade: "keep"})
	w.Run(t,
		resource.TestStep{Config: serviceUser("ci", "CLUSTER_ADMIN")},
		resource.TestStep{
			PreConfig:   func() { w.Sim.AddKey("ci", "PROVISIONING"); w.Sim.Inject(revokeOp, broken) },
			Config:      serviceUser("ci", "READ_ONLY"),
			ExpectError: acctest.Words("keys of the types PROVISIONING are still there"),
		},
		resource.TestStep{
			Config:           serviceUser("ci", "READ_ONLY"),
			ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionUpdate), Check: keysOf(w, "ci"),
		},
	)
}

// Changing an attribute that can't be changed creates another user, and leaves the old user without
// keys.
func TestAccServiceUser_replaced(t *testing.T) {
	w := server(t)
	w.Run(t,
		resource.TestStep{
			Config: serviceUser("ci", "READ_ONLY", `initial_api_keys = "keep"`),
			Check:  keysOf(w, "ci", "MONITORING", "PROVISIONING_READONLY"),
		},
		resource.TestStep{
			Config:           serviceUser("ci2", "READ_ONLY"),
			ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionReplace),
			Check:            resource.ComposeTestCheckFunc(keysOf(w, "ci"), keysOf(w, "ci2")),
		},
	)
}

func TestAccServiceUser_lostCreate(t *testing.T) {
	for name, fault := range map[string]simkit.Fault{
		"after the work": {Drop: simkit.DropAfter}, "no JSON": {Status: http.StatusOK, Body: "<html>"},
	} {
		t.Run(name, func(t *testing.T) {
			w := server(t)
			w.Sim.Inject(createOp, fault)
			config := serviceUser("ci", "READ_ONLY", `display_name = "CI"`) + apiKey("MONITORING")
			if fault.Drop == simkit.DropNone { // nothing was created
				w.Run(t,
					resource.TestStep{
						Config: config, ExpectError: acctest.Words("No service user was found afterwards"),
					},
					resource.TestStep{Config: config, Check: works(w)},
				)
				return
			}
			w.Run(t, resource.TestStep{
				Config: config, Check: resource.ComposeTestCheckFunc(
					works(w), keysOf(w, "ci", "MONITORING"), requests(w, map[string]int{createOp: 1}),
				),
			})
		})
	}
}

func TestAccServiceUser_lostCreateUnresolved(t *testing.T) {
	w := server(t)
	w.Sim.Inject(createOp, simkit.Fault{Drop: simkit.DropAfter})
	// The lists of two plans come first, and without shared reads the list before the create.
	w.Sim.Inject(listOp, simkit.Fault{Skip: readsOf(2, 3), Times: 5, Status: http.StatusBadGateway})
	w.Run(t,
		resource.TestStep{
			Config:      serviceUser("ci", "READ_ONLY"),
			ExpectError: acctest.Words("It is not known whether the service user was created"),
		},
		resource.TestStep{
			Config:      serviceUser("ci", "READ_ONLY"),
			ExpectError: acctest.Words("nobody knows the API keys that came with it"),
		},
		resource.TestStep{
			Config:      serviceUser("ci", "READ_ONLY"),
			ExpectError: acctest.Words(`import { to = ` + userType + `.NAME id = "ci" }`),
		},
		resource.TestStep{
			Config: "import {\n  to = " + user + "\n  id = \"ci\"\n}\n" + serviceUser("ci", "READ_ONLY"),
			Check:  keysOf(w, "ci", "MONITORING", "PROVISIONING_READONLY"),
		},
		resource.TestStep{
			Config: serviceUser("ci", "READ_ONLY", `initial_api_keys = "revoke"`), Check: keysOf(w, "ci"),
			ConfigPlanChecks: acctest.Planned(
				user, plancheck.ResourceActionUpdate, acctest.UnknownAfter(user, "key_types"),
			),
		},
	)
}

// After an import the plan warns of keys that may have come with the user, until the configuration decides
// on them; a key that was rotated since then is another key.
func TestAccServiceUser_importedKeys(t *testing.T) {
	w := server(t)
	for _, name := range []string{"ci", "old"} {
		w.Sim.AddServiceUser(instaclustrsim.ServiceUser{
			Username: name, Email: name + "@acme.example", Keys: []string{"MONITORING", "PROVISIONING_READONLY"},
		})
	}
	old := strings.NewReplacer(`"test"`, `"old"`, "ci", "old")
	config := func(more ...string) string {
		return serviceUser("ci", "READ_ONLY", more...) + old.Replace(serviceUser("ci", "READ_ONLY", more...))
	}
	workspace := w.NewWorkspace(t, config())
	workspace.MustRun(t, 0, "import", user, "ci")
	workspace.MustRun(t, 0, "import", userType+".old", "old")
	expect := func(code int, words string) {
		t.Helper()
		output := workspace.MustRun(t, code, "plan", "-no-color", "-detailed-exitcode")
		if (words == "") == strings.Contains(output, "API keys of an imported") ||
			!acctest.Words(words).MatchString(output) {
			t.Errorf("not found: %s\n%s", words, output)
		}
	}
	expect(0, `"ci" was imported with API keys of the types MONITORING, PROVISIONING_READONLY, which still exist.`)
	w.Sim.RotateKey("ci", "MONITORING")
	workspace.Write(t, config(`initial_api_keys = "revoke"`))
	expect(2, "of the types PROVISIONING_READONLY, which still exist. Applying this plan revokes them")
	workspace.Write(t, strings.Replace(config(`initial_api_keys = "revoke"`), "revoke", "keep", 1))
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
	for name, want := range map[string][]string{"ci": {"MONITORING", "PROVISIONING_READONLY"}, "old": nil} {
		if err := keysOf(w, name, want...)(nil); err != nil {
			t.Error(err)
		}
	}
	workspace.Write(t, config())
	expect(0, "")
}

// The keys that came with the user can't be revoked at first: the user stays, and the next apply
// revokes them, but not a key that was adopted meanwhile.
func TestAccServiceUser_initialKeysStay(t *testing.T) {
	w := server(t)
	w.Sim.Inject(revokeOp, times(2, broken))
	w.Sim.Inject(revokeOp, times(1, simkit.Fault{StripBody: true}))
	config := serviceUser("ci", "CLUSTER_ADMIN") + apiKey("MONITORING", `adopt_by_rotation = true`)
	w.Run(t,
		resource.TestStep{
			Config: config, ExpectNonEmptyPlan: true,
			Check: resource.ComposeTestCheckFunc(
				works(w), keysOf(w, "ci", "MONITORING", "PROVISIONING", "PROVISIONING_READONLY"),
			),
		},
		resource.TestStep{
			Config: config,
			ConfigPlanChecks: acctest.Planned(
				user, plancheck.ResourceActionUpdate, acctest.UnknownAfter(user, "key_types"),
			),
			Check: resource.ComposeTestCheckFunc(
				works(w), keysOf(w, "ci", "MONITORING"), requests(w, map[string]int{revokeOp: 5}),
			),
		},
	)
}

// Other administrators are refused: the user stays, and the next apply says what is wrong with them.
func TestAccServiceUser_administratorsRefused(t *testing.T) {
	w := server(t)
	w.Sim.AddUser(instaclustrsim.HumanUser{Username: "a.smith", Role: instaclustrsim.ClusterAdmin})
	w.Run(t,
		resource.TestStep{
			Config: serviceUser("ci", "READ_ONLY", `administrators = ["nobody"]`), ExpectNonEmptyPlan: true,
			Check: keysOf(w, "ci"),
		},
		resource.TestStep{
			Config:      serviceUser("ci", "READ_ONLY", `administrators = ["nobody"]`),
			ExpectError: acctest.Words("administrators must be Owners or Cluster Admins of the account"),
		},
		resource.TestStep{
			Config: serviceUser("ci", "READ_ONLY", `administrators = ["a.smith"]`),
			Check:  requests(w, map[string]int{createOp: 1}),
		},
	)
}

// A key that can't be revoked keeps user and key in state.
func TestAccDestroy_fails(t *testing.T) {
	w, secret := server(t), ""
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "other"})
	config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING")
	w.Run(t,
		resource.TestStep{Config: config, Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{
			PreConfig: func() { w.Sim.Inject(revokeOp, simkit.Fault{StripBody: true}) },
			Config:    serviceUser("ci", "READ_ONLY"), ExpectError: acctest.Words("which some proxies drop"),
		},
		resource.TestStep{ // reported, but not done
			PreConfig:   func() { w.Sim.Inject(revokeOp, simkit.Fault{Status: http.StatusOK}) },
			Config:      serviceUser("ci", "READ_ONLY"),
			ExpectError: acctest.Words("the user still has keys of the types MONITORING"),
		},
		resource.TestStep{ // a key that nobody manages goes with the user, and nobody else's
			PreConfig: func() { w.Sim.AddKey("ci", "PROVISIONING_READONLY"); w.Sim.AddKey("other", "MONITORING") },
			Config:    "# nothing is left",
			Check: resource.ComposeTestCheckFunc(
				dead(w, "ci", &secret), keysOf(w, "ci"), keysOf(w, "other", "MONITORING"),
			),
		},
	)
}

// Absences: a key that does not exist is removed from the state; a user is never removed by itself.
func TestAccGone(t *testing.T) {
	w := server(t)
	config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING")
	w.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() { w.Sim.RevokeKey("ci", "MONITORING") },
			Config:    config, ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionCreate), Check: works(w),
		},
		resource.TestStep{ // a gateway's 404 is no absence
			PreConfig: func() {
				w.Sim.Inject(getOp, simkit.Fault{Status: http.StatusNotFound, Body: "<html>"})
				w.Sim.Inject(listOp, simkit.Fault{Status: http.StatusNotFound, Body: "<html>"})
			},
			Config: config, ExpectError: acctest.Words("the response is not JSON"),
		},
		resource.TestStep{
			PreConfig: func() { w.Sim.RemoveServiceUser("ci") },
			Config:    config,
			ExpectError: acctest.Words(
				"Instaclustr can't delete service users, so most likely the provider signs in to another account",
			),
		},
		resource.TestStep{
			PreConfig: func() {
				w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci", Email: "ci@acme.example"})
			},
			Config: serviceUser("ci", "READ_ONLY"),
		},
	)
}

// Only the e-mail address changes: must fail at plan, with all keys alive.
func TestAccServiceUser_replaceEmailAlone(t *testing.T) {
	w := server(t)
	config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING")
	workspace := w.NewWorkspace(t, config)
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	workspace.Write(t, strings.Replace(config, "ci@acme.example", "new@acme.example", 1))
	output, code, err := workspace.Run(t.Context(), "apply", "-no-color", "-auto-approve")
	t.Logf("%d %v\n%s", code, err, output)
	if err := keysOf(w, "ci", "MONITORING")(nil); err != nil {
		t.Error(err)
	}
	state := workspace.MustRun(t, 0, "state", "list")
	t.Logf("state list: %q", state)
	if !strings.Contains(state, user) {
		t.Error("the user has left the state")
	}
}

func TestAccServiceUser_replaceUsernameAlone(t *testing.T) {
	w := server(t)
	config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING")
	workspace := w.NewWorkspace(t, config)
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	workspace.Write(t, strings.Replace(config, `username = "ci"`, `username = "ci2"`, 1))
	output, code, err := workspace.Run(t.Context(), "apply", "-no-color", "-auto-approve")
	t.Logf("%d %v\n%s", code, err, output)
	if err := keysOf(w, "ci", "MONITORING")(nil); err != nil {
		t.Error(err)
	}
}

// The role is lowered, the service leaves the keys, and then there is an outage: the keys must
// still be revoked.
func TestAccServiceUser_disallowedKeysInOutage(t *testing.T) {
	w := simulator(t, instaclustrsim.Options{OnDowngrade: "keep"})
	w.Run(t,
		resource.TestStep{Config: serviceUser("ci", "CLUSTER_ADMIN")},
		resource.TestStep{
			PreConfig: func() {
				w.Sim.AddKey("ci", "PROVISIONING")
				w.Sim.Inject(revokeOp, simkit.Fault{Times: 5, Status: 503})
				w.Sim.Inject(getOp, simkit.Fault{Skip: 1, Times: 5, Status: 503}) // the refresh passes
			},
			Config: serviceUser("ci", "READ_ONLY"), ExpectError: acctest.Words("503"),
		},
		resource.TestStep{
			PreConfig: w.Sim.ClearFaults, Config: serviceUser("ci", "READ_ONLY"),
			ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionUpdate), Check: keysOf(w, "ci"),
		},
	)
}

func TestAccServiceUser_disallowedKeysAfterLostUpdate(t *testing.T) {
	w := simulator(t, instaclustrsim.Options{OnDowngrade: "keep"})
	w.Run(t,
		resource.TestStep{Config: serviceUser("ci", "CLUSTER_ADMIN")},
		resource.TestStep{
			PreConfig: func() {
				w.Sim.AddKey("ci", "PROVISIONING")
				w.Sim.Inject(updateOp, simkit.Fault{Times: 5, Drop: simkit.DropAfter})
				w.Sim.Inject(getOp, simkit.Fault{Skip: 1, Times: 5, Status: 503}) // the refresh passes
			},
			Config: serviceUser("ci", "READ_ONLY"), ExpectError: acctest.Words("Unable to update"),
		},
		resource.TestStep{
			PreConfig: w.Sim.ClearFaults, Config: serviceUser("ci", "READ_ONLY"),
			ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionUpdate), Check: keysOf(w, "ci"),
		},
	)
}

// Administrators are not configured; one is added between plan and apply; an update of the display
// name keeps them.
func TestAccServiceUser_administratorsAddedMeanwhile(t *testing.T) {
	w := server(t)
	w.Sim.AddUser(instaclustrsim.HumanUser{Username: "bob", Role: instaclustrsim.ClusterAdmin})
	workspace := w.NewWorkspace(t, serviceUser("ci", "READ_ONLY", `display_name = "a"`))
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	workspace.Write(t, serviceUser("ci", "READ_ONLY", `display_name = "b"`))
	workspace.MustRun(t, 0, "plan", "-out=saved")
	owner, _ := w.Sim.Owner()
	w.Sim.SetAdministrators("ci", owner, "bob")
	workspace.MustRun(t, 0, "apply", "saved")
	found, _ := w.Sim.ServiceUser("ci")
	if !slices.Contains(found.Administrators, "bob") {
		t.Errorf("administrators are now %q", found.Administrators)
	}
}

// A user can't be replaced by a user of the same name: the plan says so before any key is revoked.
func TestAccServiceUser_replaceFlag(t *testing.T) {
	w := server(t)
	workspace := w.NewWorkspace(t, serviceUser("ci", "READ_ONLY")+apiKey("MONITORING"))
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	output := workspace.MustRun(t, 1, "apply", "-no-color", "-auto-approve", "-replace="+user)
	if !acctest.Words("can't be replaced by a service user of the same name").MatchString(output) {
		t.Errorf("the reason is not in the output:\n%s", output)
	}
	workspace.MustRun(t, 0, "taint", user)
	output = workspace.MustRun(t, 2, "plan", "-no-color", "-detailed-exitcode")
	if !acctest.Words("Run terraform untaint").MatchString(output) {
		t.Errorf("no warning of the taint:\n%s", output)
	}
	if err := keysOf(w, "ci", "MONITORING")(nil); err != nil {
		t.Error(err)
	}
}
