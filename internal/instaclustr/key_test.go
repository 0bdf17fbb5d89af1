package instaclustr_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

// A key that exists is an error that says what to do, and nobody is cut off; taking it over is asked for.
func TestAccAPIKey_exists(t *testing.T) {
	w := server(t)
	secret := w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci", Keys: []string{"MONITORING"}})["MONITORING"]
	w.Run(t,
		resource.TestStep{Config: apiKeyOf("ci", "MONITORING"), ExpectError: acctest.Words(`import { to = ` + keyType + `.NAME id = "ci/MONITORING" }`)},
		resource.TestStep{Config: apiKeyOf("ci", "MONITORING"), ExpectError: acctest.Words(`Or set adopt_by_rotation = true`)},
		resource.TestStep{
			PreConfig: func() {
				if !w.Sim.KeyAlive("ci", secret) || w.Sim.Count(generateOp) > 0 {
					t.Error("the key was touched")
				}
			},
			Config: apiKeyOf("ci", "MONITORING", `adopt_by_rotation = true`, allow("198.51.100.0/24")),
			Check:  resource.ComposeTestCheckFunc(restricted(w), dead(w, "ci", &secret), requests(w, map[string]int{generateOp: 0, rotateOp: 1})),
		},
		resource.TestStep{Config: apiKeyOf("ci", "MONITORING", allow("198.51.100.0/24")), Check: restricted(w)},
	)
}

// The keys that come with the user may stay, and one be taken over.
func TestAccAPIKey_initialKept(t *testing.T) {
	w := server(t)
	kept := serviceUser("ci", "READ_ONLY", `initial_api_keys = "keep"`)
	w.Run(t,
		resource.TestStep{Config: kept, Check: requests(w, map[string]int{revokeOp: 0})},
		resource.TestStep{Config: kept + apiKey("MONITORING"), ExpectError: acctest.Words("there is an API key of this type already")},
		resource.TestStep{
			Config: kept + apiKey("MONITORING", `adopt_by_rotation = true`),
			Check:  resource.ComposeTestCheckFunc(works(w), keysOf(w, "ci", "MONITORING", "PROVISIONING_READONLY")),
		},
	)
}

// Two resources that would own one key: one of them wins, the other is an error, and there is one key.
func TestAccAPIKey_twins(t *testing.T) {
	w := server(t)
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci"})
	w.Run(t, resource.TestStep{Config: apiKeyOf("ci", "MONITORING", "count = 4"), ExpectError: acctest.Words("there is an API key of this type already")})
	if got := w.Sim.Count(generateOp); got != 1 {
		t.Errorf("%d keys were asked for, want 1", got)
	}
}

// Rotated elsewhere: nothing is planned, the state keeps the dead key, and a keeper brings a new one with the allow list of the state.
func TestAccAPIKey_rotatedElsewhere(t *testing.T) {
	w, secret := server(t), ""
	config := func(release string) string {
		return serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", keepers(release), allow("198.51.100.0/24"))
	}
	w.Run(t,
		resource.TestStep{Config: config("1"), Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{
			PreConfig: func() { w.Sim.RotateKey("ci", "MONITORING"); w.Sim.SetAllowList("ci", "MONITORING", "0.0.0.0/0") },
			Config:    config("1"), ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionNoop),
			Check: resource.ComposeTestCheckFunc(acctest.Unchanged(key, "api_key", &secret), answers(w, inside, http.StatusUnauthorized), requests(w, map[string]int{rotateOp: 0})),
		},
		resource.TestStep{Config: config("2"), ConfigPlanChecks: rotates(), Check: resource.ComposeTestCheckFunc(restricted(w), requests(w, map[string]int{rotateOp: 1}))},
	)
}

// The warning of it, which only the output of a CLI shows, and that of an unknown type; and what is said when a user is destroyed.
func TestAccWarnings(t *testing.T) {
	w := server(t)
	config := serviceUser("ci", "CLUSTER_ADMIN") + apiKey("MONITORING")
	workspace := w.NewWorkspace(t, config)
	expect := func(output, words string) {
		t.Helper()
		if !acctest.Words(words).MatchString(output) {
			t.Errorf("not found: %s\n%s", words, output)
		}
	}
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	w.Sim.RotateKey("ci", "MONITORING")
	expect(workspace.MustRun(t, 0, "plan", "-no-color", "-detailed-exitcode"), "API key rotated elsewhere")
	w.Sim.AddKey("ci", "PROVISIONING")

	workspace.Write(t, serviceUser("ci", "READ_ONLY")+apiKey("MONITORING"))
	expect(workspace.MustRun(t, 2, "plan", "-no-color", "-detailed-exitcode"), "The role READ_ONLY of \"ci\" does not allow API keys of the types PROVISIONING. Applying this plan ends those keys")
	workspace.Write(t, serviceUser("ci", "CLUSTER_ADMIN")+apiKey("MONITORING")+
		"resource \""+keyType+"\" \"other\" {\n  username = \"nobody\"\n  key_type = \"PROMETHEUS\"\n}\n")
	expect(workspace.MustRun(t, 0, "validate", "-no-color"), "key_type is \"PROMETHEUS\", which the documentation of Instaclustr does not name")
	workspace.Write(t, config)
	expect(workspace.MustRun(t, 0, "destroy", "-no-color", "-auto-approve"), "Instaclustr has no way to delete a service user. All API keys of ci (ci@acme.example) are revoked")
	if err := keysOf(w, "ci")(nil); err != nil {
		t.Error(err)
	}
}

func TestAccAPIKey_import(t *testing.T) {
	w := server(t)
	secret := w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "team/ci", Keys: []string{"MONITORING"}})["MONITORING"]
	block := func(id string) string { return fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", key, id) }
	config := func(more ...string) string { return apiKeyOf("team/ci", "MONITORING", more...) }
	refused := func(id, words string) resource.TestStep {
		return resource.TestStep{Config: block(id) + config(), ExpectError: acctest.Words(words)}
	}
	open := func(*terraform.State) error {
		if got := w.Sim.AllowList("team/ci", "MONITORING"); !slices.Equal(got, []string{"0.0.0.0/0"}) || !w.Sim.KeyAlive("team/ci", secret) {
			return fmt.Errorf("the key was touched: %v", got)
		}
		return nil
	}
	w.Run(t,
		refused("MONITORING", "the import id must be <username>/<KEY_TYPE>"),
		refused("team/ci/", "the import id must be <username>/<KEY_TYPE>"),
		refused("team/ci/PROVISIONING", `the service user "team/ci" has no API key of type "PROVISIONING"`),
		refused("nobody/MONITORING", "It is not in the list of service users either"),
		resource.TestStep{
			Config: block("team/ci/MONITORING") + config(keepers("1"), `rotate_after = "24h"`), Check: open,
			ConfigStateChecks: []statecheck.StateCheck{has(key, "api_key", knownvalue.Null()), has(key, "rotated_at", knownvalue.Null()),
				has(key, "effective_cidr_allow_list", knownvalue.Null())},
		},
		resource.TestStep{ResourceName: key, ImportState: true, ImportStateId: "team/ci/MONITORING", ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"keepers", "rotate_after"}},
		resource.TestStep{ // the list is written when it is first configured
			Config: config(keepers("1"), allow("198.51.100.0/24")), ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionUpdate, acctest.KnownAfter(key, "api_key")),
			Check: requests(w, map[string]int{restrictOp: 1, rotateOp: 0}),
		},
		resource.TestStep{Config: config(keepers("2"), allow("198.51.100.0/24")), ConfigPlanChecks: rotates(), Check: resource.ComposeTestCheckFunc(restricted(w), dead(w, "team/ci", &secret))},
	)
}

// An imported key without a list is rotated without one.
func TestAccAPIKey_importAndRotate(t *testing.T) {
	w := server(t)
	secret := w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci", Keys: []string{"MONITORING"}})["MONITORING"]
	w.Sim.SetAllowList("ci", "MONITORING", "198.51.100.0/24")
	w.Run(t,
		resource.TestStep{Config: "import {\n  to = " + key + "\n  id = \"ci/MONITORING\"\n}\n" + apiKeyOf("ci", "MONITORING", keepers("1"))},
		resource.TestStep{Config: apiKeyOf("ci", "MONITORING", keepers("2")), ConfigPlanChecks: rotates("effective_cidr_allow_list"),
			Check: resource.ComposeTestCheckFunc(restricted(w), dead(w, "ci", &secret), requests(w, map[string]int{restrictOp: 0}))},
	)
}

// What counts of a list is what it means; leaving it out leaves it in force, even over a rotation that drops it.
func TestAccAPIKey_allowList(t *testing.T) {
	w := acctest.NewInstaclustr(t, instaclustrsim.Options{RotateKeepsAllowList: "false", IPv6: "accept"})
	config := func(more ...string) string { return serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", more...) }
	written := func(n int) resource.TestCheckFunc { return requests(w, map[string]int{restrictOp: n}) }
	w.Run(t,
		resource.TestStep{Config: config(), Check: resource.ComposeTestCheckFunc(works(w), written(0))},
		resource.TestStep{Config: config(allow("0.0.0.0/0")), Check: written(0)},
		resource.TestStep{Config: config(allow("198.51.100.77/24", "2001:db8::1/32")), Check: resource.ComposeTestCheckFunc(restricted(w), written(1))},
		resource.TestStep{ // another spelling, twice
			Config: config(allow("198.51.100.0/24", "198.51.100.9/24", "2001:0db8::/32")), Check: written(1),
			ConfigStateChecks: []statecheck.StateCheck{has(key, "cidr_allow_list", texts("198.51.100.0/24", "198.51.100.9/24", "2001:0db8::/32"))},
		},
		resource.TestStep{Config: config(keepers("1")), Check: resource.ComposeTestCheckFunc(restricted(w), written(1))},
		resource.TestStep{Config: config(keepers("2")), ConfigPlanChecks: rotates("effective_cidr_allow_list"), Check: resource.ComposeTestCheckFunc(restricted(w), written(2))},
		resource.TestStep{ // list and key at once
			Config: config(keepers("3"), allow("203.0.113.0/24")),
			Check:  resource.ComposeTestCheckFunc(answers(w, inside, http.StatusForbidden), answers(w, "203.0.113.7", http.StatusOK), written(4)),
		},
	)
}

// Elements that are not known at plan, and a list that the server refuses.
func TestAccAPIKey_unknownAllowList(t *testing.T) {
	w := server(t)
	config := func(prefix string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"net\" {\n  input = %q\n}\n", prefix) + serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", `cidr_allow_list = [terraform_data.net.output]`)
	}
	w.Run(t,
		resource.TestStep{Config: config("198.51.100.0/24"), Check: restricted(w)},
		resource.TestStep{Config: config("198.51.100.1/24"), Check: resource.ComposeTestCheckFunc(restricted(w), requests(w, map[string]int{restrictOp: 1}))},
		resource.TestStep{Config: config("2001:db8::/32"), ExpectError: acctest.Words("which is not IPv4")},
		resource.TestStep{Config: config("198.51.100.0/24"), Check: restricted(w)},
	)
}

func TestAccAPIKey_rotateAfter(t *testing.T) {
	w, secret := server(t), ""
	config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", `rotate_after = "24h"`)
	w.Run(t,
		resource.TestStep{Config: config, Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{PreConfig: func() { w.Clock.Advance(23 * time.Hour) }, Config: config, ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionNoop)},
		resource.TestStep{PreConfig: func() { w.Clock.Advance(2 * time.Hour) }, Config: config, ConfigPlanChecks: rotates("effective_cidr_allow_list"), Check: resource.ComposeTestCheckFunc(works(w), dead(w, "ci", &secret))},
	)
}

// Should the service let a service user manage service users, the provider does not saw off the branch that it sits on.
func TestAccSelfLockout(t *testing.T) {
	w := server(t)
	config := serviceUser("ci", "CLUSTER_ADMIN") + apiKey("USER_MANAGEMENT", keepers("1"))
	workspace := w.NewWorkspace(t, config)
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	secret := w.Sim.Secret("ci", "USER_MANAGEMENT")
	as := func(body string) string { return w.With("username", "ci").With("api_key", secret).Config(body) }
	for _, test := range []struct{ what, body, words string }{
		{"rotate", serviceUser("ci", "CLUSTER_ADMIN") + apiKey("USER_MANAGEMENT", keepers("2")), "Applying this plan rotates the API key ci/USER_MANAGEMENT."},
		{"restrict", serviceUser("ci", "CLUSTER_ADMIN") + apiKey("USER_MANAGEMENT", keepers("1"), allow("192.0.2.0/24")), "Applying this plan restricts the API key ci/USER_MANAGEMENT."},
		{"revoke", serviceUser("ci", "CLUSTER_ADMIN"), "Destroying this resource revokes the API key ci/USER_MANAGEMENT."},
		{"replace", serviceUser("ci2", "CLUSTER_ADMIN"), "Replacing this service user revokes all API keys of \"ci\"."},
	} {
		workspace.Write(t, as(test.body))
		output := workspace.MustRun(t, 1, "plan", "-no-color", "-refresh=false")
		if !acctest.Words(test.words).MatchString(output) || !acctest.Words("The provider would lock itself out").MatchString(output) {
			t.Errorf("%s: not found: %s\n%s", test.what, test.words, output)
		}
	}
	workspace.Write(t, as(serviceUser("ci", "CLUSTER_ADMIN")+apiKey("USER_MANAGEMENT", keepers("2"), `allow_self_lockout = true`)))
	workspace.MustRun(t, 0, "plan", "-refresh=false")
	workspace.MustRun(t, 0, "state", "rm", key)
	workspace.Write(t, as(""))
	output := workspace.MustRun(t, 1, "plan", "-no-color", "-refresh=false")
	if !acctest.Words("Destroying this resource revokes all API keys of \"ci\".").MatchString(output) {
		t.Errorf("destroy: %s", output)
	}
	workspace.Write(t, serviceUser("ci", "CLUSTER_ADMIN")) // with a credential that is not its own
	workspace.MustRun(t, 0, "destroy", "-auto-approve")
}
