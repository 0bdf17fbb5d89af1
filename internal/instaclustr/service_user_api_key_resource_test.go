package instaclustr_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// A key that exists is an error that says what to do, and the key still works; it is taken over
// only on request.
func TestAccAPIKey_exists(t *testing.T) {
	w := server(t)
	secret := withKey(w, "ci", "MONITORING")
	w.Run(t,
		resource.TestStep{
			Config:      apiKeyOf("ci", "MONITORING"),
			ExpectError: acctest.Words(`import { to = ` + keyType + `.NAME id = "ci/MONITORING" }`),
		},
		resource.TestStep{
			Config: apiKeyOf("ci", "MONITORING"), ExpectError: acctest.Words(`Or set adopt_by_rotation = true`),
		},
		resource.TestStep{
			PreConfig: func() {
				if !w.Sim.KeyAlive("ci", secret) || w.Sim.Count(generateOp) > 0 {
					t.Error("the key was touched")
				}
			},
			Config: apiKeyOf("ci", "MONITORING", `adopt_by_rotation = true`, allow("198.51.100.0/24")),
			Check: resource.ComposeTestCheckFunc(
				restricted(w), dead(w, "ci", &secret), requests(w, map[string]int{generateOp: 0, rotateOp: 1}),
			),
		},
		resource.TestStep{Config: apiKeyOf("ci", "MONITORING", allow("198.51.100.0/24")), Check: restricted(w)},
	)
}

// The keys that come with the user may stay, and one of them may be taken over.
func TestAccAPIKey_initialKept(t *testing.T) {
	w := server(t)
	kept := serviceUser("ci", "READ_ONLY", `initial_api_keys = "keep"`)
	w.Run(t,
		resource.TestStep{Config: kept, Check: requests(w, map[string]int{revokeOp: 0})},
		resource.TestStep{
			Config: kept + apiKey("MONITORING"), ExpectError: acctest.Words("there is an API key of this type already"),
		},
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
	w.Run(t, resource.TestStep{
		Config:      apiKeyOf("ci", "MONITORING", "count = 4"),
		ExpectError: acctest.Words("there is an API key of this type already"),
	})
	if got := w.Sim.Count(generateOp); got != 1 {
		t.Errorf("%d keys were asked for, want 1", got)
	}
}

// Rotated elsewhere: nothing is planned, the state keeps the old key, and a changed keeper, or
// rotate_when_dead, rotates it and writes the allow list of the state.
func TestAccAPIKey_rotatedElsewhere(t *testing.T) {
	w, secret := server(t), ""
	config := func(release string) string {
		return serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", keepers(release), allow("198.51.100.0/24"))
	}
	w.Run(t,
		resource.TestStep{Config: config("1"), Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{
			PreConfig: func() {
				w.Sim.RotateKey("ci", "MONITORING")
				w.Sim.SetAllowList("ci", "MONITORING", "0.0.0.0/0")
			},
			Config: config("1"), ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionNoop),
			Check: resource.ComposeTestCheckFunc(
				acctest.Unchanged(key, "api_key", &secret), answers(w, inside, http.StatusUnauthorized),
				requests(w, map[string]int{rotateOp: 0}),
			),
		},
		resource.TestStep{
			Config: config("2"), ConfigPlanChecks: rotates(),
			Check: resource.ComposeTestCheckFunc(restricted(w), requests(w, map[string]int{rotateOp: 1})),
		},
		resource.TestStep{
			PreConfig: func() { w.Sim.RotateKey("ci", "MONITORING") },
			Config: serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", keepers("2"), allow("198.51.100.0/24"),
				"rotate_when_dead = true"),
			ConfigPlanChecks: rotates(),
			Check:            resource.ComposeTestCheckFunc(restricted(w), requests(w, map[string]int{rotateOp: 2})),
		},
	)
}

func TestAccAPIKey_import(t *testing.T) {
	w := server(t)
	secret := withKey(w, "team/ci", "MONITORING")
	block := func(id string) string { return fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", key, id) }
	config := func(more ...string) string { return apiKeyOf("team/ci", "MONITORING", more...) }
	refused := func(id, words string) resource.TestStep {
		return resource.TestStep{Config: block(id) + config(), ExpectError: acctest.Words(words)}
	}
	open := func(*terraform.State) error {
		got := w.Sim.AllowList("team/ci", "MONITORING")
		if !slices.Equal(got, []string{"0.0.0.0/0"}) || !w.Sim.KeyAlive("team/ci", secret) {
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
			ConfigStateChecks: []statecheck.StateCheck{
				has(key, "api_key", knownvalue.Null()), has(key, "rotated_at", knownvalue.Null()),
				has(key, "effective_cidr_allow_list", knownvalue.Null()),
			},
		},
		resource.TestStep{
			ResourceName: key, ImportState: true, ImportStateId: "team/ci/MONITORING", ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"keepers", "rotate_after"},
		},
		resource.TestStep{ // the list is written when it is first configured
			Config:           config(keepers("1"), allow("198.51.100.0/24")),
			ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionUpdate, acctest.KnownAfter(key, "api_key")),
			Check:            requests(w, map[string]int{restrictOp: 1, rotateOp: 0}),
		},
		resource.TestStep{
			Config: config(keepers("2"), allow("198.51.100.0/24")), ConfigPlanChecks: rotates(),
			Check: resource.ComposeTestCheckFunc(restricted(w), dead(w, "team/ci", &secret)),
		},
	)
}

// The environment has the key of one import. The import checks it, and the update that follows stores it.
func TestAccAPIKey_importWithKey(t *testing.T) {
	w := server(t)
	secret, other := withKey(w, "ci", "MONITORING"), withKey(w, "other", "MONITORING")
	block := func(to, id string) string { return fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", to, id) }
	one := block(key, "ci/MONITORING") + apiKeyOf("ci", "MONITORING")
	workspace := w.NewWorkspace(t, one+block(keyType+".other", "ci/MONITORING")+
		"resource \""+keyType+"\" \"other\" {\n  username = \"ci\"\n  key_type = \"MONITORING\"\n}\n")
	run := func(code int, words string, args ...string) {
		t.Helper()
		output := workspace.MustRun(t, code, append(args, "-no-color")...)
		if !acctest.Words(words).MatchString(output) {
			t.Errorf("not found: %s\n%s", words, output)
		}
	}
	workspace.Setenv(tfkit.ImportKeyVariable, secret)
	run(1, "this run imports another one too", "plan")
	workspace.Write(t, one)
	workspace.Setenv(tfkit.ImportKeyVariable, other)
	run(1, "it does not end with the characters that the service shows of the key", "plan")
	workspace.Setenv(tfkit.ImportKeyVariable, secret)
	run(0, "1 to import, 0 to add, 1 to change", "plan", "-out=saved")
	workspace.Setenv(tfkit.ImportKeyVariable, "")
	run(1, "The plan stores the key of the imported object, but", "apply", "saved")
	run(0, "applying this plan fails", "plan")
	workspace.Setenv(tfkit.ImportKeyVariable, secret)
	run(0, "0 added, 1 changed", "apply", "-auto-approve") // the import has left the mark
	run(0, "No changes", "plan", "-detailed-exitcode")
	state, err := os.ReadFile(filepath.Join(workspace.Dir, "terraform.tfstate"))
	kept := regexp.MustCompile(`"api_key": ?"` + secret + `"`) // OpenTofu 1.10 writes no white space
	if err != nil || !kept.Match(state) || w.Sim.Count(rotateOp) > 0 {
		t.Errorf("the state (%v) has another key, or the key was rotated", err)
	}
}

// An imported key without a list is rotated without one.
func TestAccAPIKey_importAndRotate(t *testing.T) {
	w := server(t)
	secret := withKey(w, "ci", "MONITORING")
	w.Sim.SetAllowList("ci", "MONITORING", "198.51.100.0/24")
	w.Run(t,
		resource.TestStep{
			Config: "import {\n  to = " + key + "\n  id = \"ci/MONITORING\"\n}\n" +
				apiKeyOf("ci", "MONITORING", keepers("1")),
		},
		resource.TestStep{
			Config:           apiKeyOf("ci", "MONITORING", keepers("2")),
			ConfigPlanChecks: rotates("effective_cidr_allow_list"),
			Check: resource.ComposeTestCheckFunc(
				restricted(w), dead(w, "ci", &secret), requests(w, map[string]int{restrictOp: 0}),
			),
		},
	)
}

// Lists are compared by their meaning; a list that is removed from the configuration stays in
// force, even after a rotation that drops it.
func TestAccAPIKey_allowList(t *testing.T) {
	w := simulator(t, instaclustrsim.Options{
		RotateKeepsAllowList: "false", IPv6: "accept",
	})
	config := func(more ...string) string { return serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", more...) }
	written := func(n int) resource.TestCheckFunc { return requests(w, map[string]int{restrictOp: n}) }
	w.Run(t,
		resource.TestStep{Config: config(), Check: resource.ComposeTestCheckFunc(works(w), written(0))},
		resource.TestStep{Config: config(allow("0.0.0.0/0")), Check: written(0)},
		resource.TestStep{
			Config: config(allow("198.51.100.77/24", "2001:db8::1/32")),
			Check:  resource.ComposeTestCheckFunc(restricted(w), written(1)),
		},
		resource.TestStep{ // another spelling, twice
			Config: config(allow("198.51.100.0/24", "198.51.100.9/24", "2001:0db8::/32")), Check: written(1),
			ConfigStateChecks: []statecheck.StateCheck{
				has(key, "cidr_allow_list", texts("198.51.100.0/24", "198.51.100.9/24", "2001:0db8::/32")),
			},
		},
		resource.TestStep{
			Config: config(keepers("1")), Check: resource.ComposeTestCheckFunc(restricted(w), written(1)),
		},
		resource.TestStep{
			Config: config(keepers("2")), ConfigPlanChecks: rotates(),
			Check: resource.ComposeTestCheckFunc(restricted(w), written(2)),
		},
		resource.TestStep{ // list and key at once
			Config: config(keepers("3"), allow("203.0.113.0/24")),
			Check: resource.ComposeTestCheckFunc(
				answers(w, inside, http.StatusForbidden), answers(w, "203.0.113.7", http.StatusOK), written(4),
			),
		},
	)
}

func TestAccAPIKey_rotateAfter(t *testing.T) {
	w, secret := server(t), ""
	config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", `rotate_after = "24h"`)
	w.Run(t,
		resource.TestStep{Config: config, Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{
			PreConfig: func() { w.Clock.Advance(23 * time.Hour) }, Config: config,
			ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			PreConfig: func() { w.Clock.Advance(2 * time.Hour) }, Config: config,
			ConfigPlanChecks: rotates(),
			Check:            resource.ComposeTestCheckFunc(works(w), dead(w, "ci", &secret)),
		},
	)
}

// A plan without a refresh compares with the time of the last refresh: it rotates only if a plan
// with a refresh would have rotated at that time.
func TestAccAPIKey_withoutRefresh(t *testing.T) {
	w := server(t)
	workspace := w.NewWorkspace(t, serviceUser("ci", "READ_ONLY")+apiKey("MONITORING", `rotate_after = "24h"`))
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	workspace.MustRun(t, 0, "apply", "-refresh-only", "-auto-approve")
	w.Clock.Advance(25 * time.Hour)
	workspace.MustRun(t, 0, "plan", "-refresh=false", "-detailed-exitcode")
	workspace.MustRun(t, 0, "apply", "-refresh=false", "-auto-approve")
	if err := requests(w, map[string]int{rotateOp: 0})(nil); err != nil {
		t.Error(err)
	}
	w.Sim.RevokeKey("ci", "MONITORING") // which only a refresh notices
	workspace.MustRun(t, 0, "plan", "-refresh=false", "-detailed-exitcode")
	workspace.MustRun(t, 2, "plan", "-detailed-exitcode")
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	if err := keysOf(w, "ci", "MONITORING")(nil); err != nil {
		t.Error(err)
	}
}

// Keepers that are not known before the apply announce a rotation. It takes place only if they have
// changed.
func TestAccAPIKey_unknownKeepers(t *testing.T) {
	w, secret := server(t), ""
	config := func(trigger, release string) string {
		const data = "resource \"terraform_data\" \"release\" {\n  triggers_replace = %q\n  input = %q\n}\n"
		return fmt.Sprintf(data, trigger, release) + serviceUser("ci", "READ_ONLY") +
			apiKey("MONITORING", "keepers = { release = terraform_data.release.output }")
	}
	w.Run(t,
		resource.TestStep{Config: config("1", "a"), Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{
			Config: config("2", "a"), ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionUpdate),
			Check: resource.ComposeTestCheckFunc(
				acctest.Unchanged(key, "api_key", &secret), requests(w, map[string]int{rotateOp: 0}),
			),
		},
		resource.TestStep{
			Config: config("3", "b"), ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionUpdate),
			Check: resource.ComposeTestCheckFunc(works(w), dead(w, "ci", &secret)),
		},
	)
}

// The server decides on a type that is not known. If the user exists, its list of types decides at
// plan.
func TestAccAPIKey_unknownType(t *testing.T) {
	w := server(t)
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "robot", Role: instaclustrsim.ReadOnly})
	w.Run(t,
		resource.TestStep{
			Config: serviceUser("ci", "READ_ONLY") + apiKey("PROMETHEUS"), PlanOnly: true, ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			Config:      apiKeyOf("robot", "PROMETHEUS"),
			ExpectError: acctest.Words("the role READ_ONLY of robot allows no API key of type PROMETHEUS"),
		},
		resource.TestStep{ // somebody else may have changed the role: that blocks nothing else
			Config: apiKeyOf("robot", "PROVISIONING"), PlanOnly: true, ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			Config:      apiKeyOf("robot", "PROVISIONING"),
			ExpectError: acctest.Words("the role READ_ONLY of robot allows no API key of type PROVISIONING"),
		},
		resource.TestStep{Config: apiKeyOf("robot", "MONITORING")},
	)
}

// Elements that are not known at plan, and a list that the server refuses.
func TestAccAPIKey_unknownAllowList(t *testing.T) {
	w := server(t)
	config := func(prefix string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"net\" {\n  input = %q\n}\n", prefix) +
			serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", `cidr_allow_list = [terraform_data.net.output]`)
	}
	w.Run(t,
		resource.TestStep{Config: config("198.51.100.0/24"), Check: restricted(w)},
		resource.TestStep{
			Config: config("198.51.100.1/24"),
			Check:  resource.ComposeTestCheckFunc(restricted(w), requests(w, map[string]int{restrictOp: 1})),
		},
		resource.TestStep{Config: config("2001:db8::/32"), ExpectError: acctest.Words("which is not IPv4")},
		resource.TestStep{Config: config("198.51.100.0/24"), Check: restricted(w)},
	)
}

// The key is issued, but can't be restricted: it is kept, the next plan shows it, and the next
// apply restricts it without a rotation.
func TestAccAPIKey_restrictionFails(t *testing.T) {
	w, secret := server(t), ""
	w.Sim.Inject(restrictOp, broken)
	config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", allow("198.51.100.0/24"))
	w.Run(t,
		resource.TestStep{
			Config: config, ExpectNonEmptyPlan: true,
			Check: resource.ComposeTestCheckFunc(works(w), acctest.Remember(key, "api_key", &secret)),
			ConfigStateChecks: []statecheck.StateCheck{
				has(key, "effective_cidr_allow_list", texts("0.0.0.0/0")),
				has(key, "cidr_allow_list", texts("198.51.100.0/24")),
			},
		},
		resource.TestStep{
			Config: config,
			ConfigPlanChecks: acctest.Planned(
				key, plancheck.ResourceActionUpdate, acctest.KnownAfter(key, "api_key", "rotated_at"),
			),
			Check: resource.ComposeTestCheckFunc(
				restricted(w), acctest.Unchanged(key, "api_key", &secret),
				requests(w, map[string]int{generateOp: 1, rotateOp: 0, restrictOp: 2}),
			),
		},
	)
}

// The service drops the list when it rotates, and the list can't be written again: the new key is
// kept, and the next apply restricts it.
func TestAccAPIKey_restrictionAfterRotationFails(t *testing.T) {
	w, secret := simulator(t, instaclustrsim.Options{RotateKeepsAllowList: "false"}), ""
	config := func(release string) string {
		return serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", allow("198.51.100.0/24"), keepers(release))
	}
	w.Run(t,
		resource.TestStep{Config: config("1"), Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{
			PreConfig:   func() { w.Sim.Inject(restrictOp, broken) },
			Config:      config("2"),
			ExpectError: acctest.Words("the key works from any address. The next apply restricts it"),
		},
		resource.TestStep{
			Config: config("2"),
			ConfigPlanChecks: acctest.Planned(
				key, plancheck.ResourceActionUpdate, acctest.KnownAfter(key, "api_key", "rotated_at"),
			),
			Check: resource.ComposeTestCheckFunc(
				restricted(w), dead(w, "ci", &secret), requests(w, map[string]int{generateOp: 1, rotateOp: 1}),
			),
		},
	)
}

func TestAccAPIKey_lostGenerate(t *testing.T) {
	for name, test := range map[string]struct {
		fault              simkit.Fault
		generated, rotated int
	}{
		"after the work":  {simkit.Fault{Drop: simkit.DropAfter}, 1, 1},
		"before the work": {simkit.Fault{Drop: simkit.DropBefore}, 2, 0},
		"server error":    {simkit.Fault{Status: http.StatusServiceUnavailable}, 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := server(t)
			w.Sim.Inject(generateOp, test.fault)
			config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", allow("198.51.100.0/24"))
			done := resource.TestStep{
				Config: config,
				Check: resource.ComposeTestCheckFunc(
					restricted(w), requests(w, map[string]int{generateOp: test.generated, rotateOp: test.rotated}),
				),
			}
			if test.rotated > 0 { // the key was found
				w.Run(t, done)
				return
			}
			w.Run(t, resource.TestStep{
				Config: config, ExpectError: acctest.Words("the server may still be processing the request"),
			}, done)
		})
	}
}

// The key is issued, the response is lost, and every read after that fails: nobody knows the key.
// The next apply revokes it and issues another key.
func TestAccAPIKey_lostGenerateUnresolved(t *testing.T) {
	w := server(t)
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci"})
	w.Sim.Inject(generateOp, simkit.Fault{Drop: simkit.DropAfter})
	// The reads of two plans and the read before the key is issued come first.
	w.Sim.Inject(getOp, simkit.Fault{Skip: 3, Times: 5, Status: http.StatusBadGateway})
	config := apiKeyOf("ci", "MONITORING")
	w.Run(t,
		resource.TestStep{Config: config, ExpectError: acctest.Words("It is not known whether the key was issued")},
		resource.TestStep{
			Config: config, ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionReplace),
			Check: resource.ComposeTestCheckFunc(works(w), requests(w, map[string]int{generateOp: 2})),
		},
	)
}

// A failure before the request for a key does not change a key that somebody else has.
func TestAccAPIKey_notToBeRead(t *testing.T) {
	w := server(t)
	secret := withKey(w, "ci", "MONITORING")
	w.Run(t,
		resource.TestStep{
			PreConfig: func() { w.Sim.Inject(getOp, simkit.Fault{Times: -1, Status: http.StatusServiceUnavailable}) },
			Config:    apiKeyOf("ci", "MONITORING"), ExpectError: acctest.Words("503 Service Unavailable"),
		},
		resource.TestStep{
			PreConfig: w.Sim.ClearFaults, Config: apiKeyOf("ci", "MONITORING"),
			ExpectError: acctest.Words("there is an API key of this type already"),
		},
	)
	if !w.Sim.KeyAlive("ci", secret) {
		t.Error("somebody else's key was touched")
	}
}

func TestAccAPIKey_lostRotation(t *testing.T) {
	w, secret := server(t), ""
	config := func(release string) string {
		return serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", keepers(release))
	}
	w.Run(t,
		resource.TestStep{Config: config("1"), Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{
			PreConfig: func() { w.Sim.Inject(rotateOp, simkit.Fault{Drop: simkit.DropAfter}) },
			Config:    config("2"), ExpectError: acctest.Words("The next apply rotates again"),
		},
		resource.TestStep{ // even with the keepers as they were
			Config: config("1"), ConfigPlanChecks: rotates(),
			Check: resource.ComposeTestCheckFunc(
				works(w), dead(w, "ci", &secret), requests(w, map[string]int{rotateOp: 2}),
			),
		},
	)
}

// The server finishes a request only after the provider has given up: the provider sends no second
// request in the same run, and the next apply leads to a key that the state holds.
func TestAccLateCompletion(t *testing.T) {
	w := server(t)
	late := simkit.Fault{Delay: 3 * time.Second, Late: true}
	config := func(release string) string {
		body := w.Config(serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", keepers(release)))
		return strings.Replace(body, "{\n", "{\n  http = { request_timeout = \"1s\" }\n", 1)
	}
	workspace := w.NewWorkspace(t, config("1"))
	for _, test := range []struct {
		operation, release, words string
	}{
		{generateOp, "1", "the server may still be processing the request"},
		{rotateOp, "2", "The next apply rotates again"},
	} {
		w.Sim.ResetRequests()
		w.Sim.Inject(test.operation, late)
		workspace.Write(t, config(test.release))
		output := workspace.MustRun(t, 1, "apply", "-auto-approve", "-no-color")
		time.Sleep(late.Delay) // the server does its work
		if !acctest.Words(test.words).MatchString(output) || w.Sim.Count(test.operation) != 1 {
			t.Errorf("%d requests, or not found: %s\n%s", w.Sim.Count(test.operation), test.words, output)
		}
		workspace.MustRun(t, 0, "apply", "-auto-approve")
		secret := w.Sim.Secret("ci", "MONITORING")
		if state := workspace.MustRun(t, 0, "show", "-json"); secret == "" || !strings.Contains(state, secret) {
			t.Errorf("%s: the state does not hold the key that works", test.operation)
		}
		workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
	}
}

// Ctrl-C while a request is under way loses no key, and leaves none open.
func TestAccInterrupted(t *testing.T) {
	w := server(t)
	config := "variable \"release\" {}\n\n" + serviceUser("ci", "READ_ONLY") +
		apiKey("MONITORING", allow("198.51.100.0/24"), `keepers = { release = var.release }`)
	workspace := w.NewWorkspace(t, config)
	for i, operation := range []string{generateOp, rotateOp} {
		release := fmt.Sprintf("-var=release=%d", i)
		w.Sim.Inject(operation, simkit.Fault{Delay: 4 * time.Second})
		ctx, interrupt := context.WithCancel(context.Background())
		go func(before int) {
			for w.Sim.Count(getOp) == before { // the user is read right before the key is issued or rotated
				time.Sleep(10 * time.Millisecond)
			}
			time.Sleep(2500 * time.Millisecond)
			interrupt()
		}(w.Sim.Count(getOp))
		output, _, err := workspace.Run(ctx, "apply", "-auto-approve", release)
		interrupt()
		if !strings.Contains(output, "Interrupt received") {
			t.Fatalf("the CLI was not interrupted (%v):\n%s", err, output)
		}
		secret := w.Sim.Secret("ci", "MONITORING")
		if state := workspace.MustRun(t, 0, "show", "-json"); secret == "" || !strings.Contains(state, secret) {
			t.Fatalf("%s: the state does not hold the key that works", operation)
		}
		if got := w.Sim.AllowList("ci", "MONITORING"); !slices.Equal(got, []string{"198.51.100.0/24"}) {
			t.Errorf("%s: the key is open to %q", operation, got)
		}
		workspace.MustRun(t, 0, "plan", "-detailed-exitcode", release)
	}
	workspace.MustRun(t, 0, "destroy", "-auto-approve", "-var=release=9")
}

// A rotation does not open a key that has no cidr_allow_list and was restricted in the console.
func TestAccAPIKey_rotationKeepsList(t *testing.T) {
	w := server(t)
	config := func(release string) string {
		return serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", keepers(release))
	}
	w.Run(t,
		resource.TestStep{Config: config("1")},
		resource.TestStep{
			PreConfig: func() { w.Sim.SetAllowList("ci", "MONITORING", "198.51.100.0/24") },
			Config:    config("2"), Check: restricted(w), ConfigPlanChecks: rotates(),
		},
		resource.TestStep{ // the list that the response had
			Config:            config("2"),
			ConfigStateChecks: []statecheck.StateCheck{has(key, "effective_cidr_allow_list", texts("198.51.100.0/24"))},
		},
	)
}

// The service drops a list that nothing configures any more, and it can't be written again: the next
// apply writes it.
func TestAccAPIKey_droppedList(t *testing.T) {
	w := simulator(t, instaclustrsim.Options{RotateKeepsAllowList: "false"})
	config := func(more ...string) string { return serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", more...) }
	w.Run(t,
		resource.TestStep{Config: config(keepers("1"), allow("198.51.100.0/24"))},
		resource.TestStep{
			PreConfig: func() { w.Sim.Inject(restrictOp, broken) }, Config: config(keepers("2")),
			ExpectError: acctest.Words("the key works from any address. The next apply restricts it"),
		},
		resource.TestStep{
			Config: config(keepers("2")), ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionUpdate),
			Check: restricted(w),
		},
	)
}

// The response to generate is lost, and rotate, whose path is a guess, does not exist: the key must
// stay in state.
func TestAccAPIKey_lostGenerateNoRotate(t *testing.T) {
	for name, fault := range map[string]simkit.Fault{
		"404": {Times: -1, Status: http.StatusNotFound, Body: `{"status":404,"message":"HTTP 404 Not Found"}`},
		"403": {Times: -1, Status: http.StatusForbidden, Body: `{"message":"no"}`},
		"429": {Times: -1, Status: http.StatusTooManyRequests, Body: `{"message":"Rate Limit Exceeded"}`},
	} {
		t.Run(name, func(t *testing.T) {
			w := server(t)
			config := "provider \"svcacct\" {\n  http = { max_wait = \"1s\" }\n}\n" + serviceUser("ci", "READ_ONLY") +
				apiKey("MONITORING", allow("198.51.100.0/24"))
			workspace := w.NewWorkspace(t, config)
			w.Sim.Inject(generateOp, simkit.Fault{Drop: simkit.DropAfter})
			w.Sim.Inject(rotateOp, fault)
			output, code, _ := workspace.Run(t.Context(), "apply", "-no-color", "-auto-approve")
			t.Logf("%d\n%s", code, output)
			t.Logf("allow list of the key that lives: %q", w.Sim.AllowList("ci", "MONITORING"))
			output, code, _ = workspace.Run(t.Context(), "apply", "-no-color", "-auto-approve")
			t.Logf("second apply %d\n%s", code, output)
			if code != 0 {
				t.Error("the next apply does not complete it")
			}
		})
	}
}

// The response to a rotation is lost, and the next rotation is refused: the key stays unconfirmed.
func TestAccAPIKey_unconfirmedStays(t *testing.T) {
	w, secret := server(t), ""
	config := func(release string) string {
		return serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", keepers(release))
	}
	w.Run(t,
		resource.TestStep{Config: config("1"), Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{
			PreConfig: func() { w.Sim.Inject(rotateOp, simkit.Fault{Drop: simkit.DropAfter}) },
			Config:    config("2"), ExpectError: acctest.Words("The next apply rotates again"),
		},
		resource.TestStep{
			PreConfig: func() { w.Sim.Inject(rotateOp, simkit.Fault{Status: 400, Body: `{"apiKeyType":"not now"}`}) },
			Config:    config("1"), ExpectError: acctest.Words("not now"),
		},
		resource.TestStep{
			Config: config("1"), ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionUpdate),
			Check: works(w),
		},
	)
}

// A rotation of an imported key that was restricted in the console warns if the service drops the list.
func TestAccAPIKey_importedOpens(t *testing.T) {
	w := simulator(t, instaclustrsim.Options{RotateKeepsAllowList: "false"})
	withKey(w, "ci", "MONITORING")
	w.Sim.SetAllowList("ci", "MONITORING", "198.51.100.0/24")
	workspace := w.NewWorkspace(t, apiKeyOf("ci", "MONITORING", keepers("1")))
	workspace.MustRun(t, 0, "import", key, "ci/MONITORING")
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	workspace.Write(t, apiKeyOf("ci", "MONITORING", keepers("2")))
	output := workspace.MustRun(t, 0, "apply", "-auto-approve", "-no-color")
	got := w.Sim.AllowList("ci", "MONITORING")
	if !slices.Equal(got, []string{"0.0.0.0/0"}) || !strings.Contains(output, "any address") {
		t.Errorf("open to %q, without a warning:\n%s", got, output)
	}
}

// A response without the member apiKeys says nothing about keys: it must not remove a key from the
// state.
func TestAccAPIKey_noKeysReturned(t *testing.T) {
	w, secret := server(t), ""
	config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING")
	const bare = `{"username":"ci","email":"ci@acme.example","role":"READ_ONLY","administrators":["j.doe"]}`
	w.Run(t,
		resource.TestStep{Config: config, Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{
			PreConfig: func() {
				w.Sim.Inject(getOp, simkit.Fault{Times: -1, Status: 200, Body: bare})
				w.Sim.Inject(listOp, simkit.Fault{Times: -1, Status: 200, Body: "[" + bare + "]"})
			},
			RefreshState: true, ExpectError: acctest.Words("the service did not return the API keys of this user"),
		},
		resource.TestStep{
			PreConfig: w.Sim.ClearFaults, Config: config, Check: acctest.Unchanged(key, "api_key", &secret),
		},
	)
}

// If case does not count in names, an import with another spelling does not plan a replacement.
func TestAccAPIKey_importSpelling(t *testing.T) {
	w := simulator(t, instaclustrsim.Options{Usernames: "caseInsensitive"})
	withKey(w, "ci", "MONITORING")
	workspace := w.NewWorkspace(t, apiKeyOf("ci", "MONITORING"))
	workspace.MustRun(t, 0, "import", key, "CI/MONITORING")
	workspace.MustRun(t, 0, "plan", "-no-color", "-detailed-exitcode")
}
