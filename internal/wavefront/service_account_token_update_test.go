package wavefront_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// Two tokens of one account are generated and rotated in one apply.
func TestAccServiceAccountToken_two(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	both := func(v string) string {
		one := tokenOf("one", fmt.Sprintf("keepers = { v = %q }", v), `overlap = "1h"`)
		return serviceAccount("sa::ci") + one + strings.Replace(
			strings.Replace(one, `"one"`, `"two"`, 1), `"test"`, `"two"`, 1,
		)
	}
	match := func(state *terraform.State) error {
		for _, live := range w.Sim.LiveTokens("sa::ci") {
			name := strings.TrimSuffix(live.Name, " (previous)")
			attribute := "api_key"
			if name != live.Name {
				attribute = "previous_api_key"
			}
			address := map[string]string{"one": token, "two": "svcacct_wavefront_service_account_token.two"}[name]
			if key, err := acctest.Attribute(state, address, attribute); err != nil || key != live.ID {
				return fmt.Errorf("%s of %s is not the token named %s (%w)", attribute, address, live.Name, err)
			}
		}
		return nil
	}
	w.Run(t,
		resource.TestStep{
			Config: both("1"), Check: resource.ComposeTestCheckFunc(match, named(w, "sa::ci", "one", "two")),
		},
		resource.TestStep{
			Config: both("2"),
			Check: resource.ComposeTestCheckFunc(
				match, named(w, "sa::ci", "one", "one (previous)", "two", "two (previous)"),
			),
		},
	)
}

// A lost response leaves no token that nobody knows.
func TestAccServiceAccountToken_lost(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	drop := func(operation string) func() {
		return func() { w.Sim.Inject(operation, simkit.Fault{Drop: simkit.DropAfter}) }
	}
	step := func(v string, overlap string, names ...string) resource.TestStep {
		return resource.TestStep{
			Config: withToken("x", fmt.Sprintf("keepers = { v = %q }", v), overlap),
			Check:  resource.ComposeTestCheckFunc(alive(w, "api_key", true), named(w, "sa::ci", names...)),
		}
	}
	const overlap = `overlap = "1h"`
	var steps []resource.TestStep
	for i, operation := range []string{
		"generateTokenServiceAccount", "generateTokenServiceAccount", "deleteTokenServiceAccount",
	} {
		s := step(fmt.Sprint(i), "", "x")
		s.PreConfig = drop(operation)
		steps = append(steps, s)
	}
	for i, operation := range []string{"generateTokenServiceAccount", "updateTokenNameServiceAccount"} {
		s := step(fmt.Sprint("o", i), overlap, "x", "x (previous)")
		s.PreConfig = drop(operation)
		steps = append(steps, s)
	}
	w.Run(t, append(
		steps,
		resource.TestStep{
			PreConfig: drop("deleteTokenServiceAccount"), Config: serviceAccount("sa::ci"), Check: named(w, "sa::ci"),
		},
	)...)
}

// The response is lost, and the list after it fails: the next apply takes the token that was
// created, and generates no other.
func TestAccServiceAccountToken_lostTwice(t *testing.T) {
	for name, overlap := range map[string]string{"overlap": `overlap = "1h"`, "none": ""} {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, wavefrontsim.Options{})
			want := []string{"x"}
			if overlap != "" {
				want = append(want, "x (previous)")
			}
			var first string
			w.Run(t,
				resource.TestStep{
					Config: withToken("x", `keepers = { v = "1" }`, overlap),
					Check:  acctest.Remember(token, "api_key", &first),
				},
				resource.TestStep{
					Config: withToken(
						"x", `keepers = { v = "2" }`, overlap,
					), ExpectError: acctest.Words("It is not known whether the token was created"),
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{acctest.During(func() {
						w.Sim.Inject("generateTokenServiceAccount", simkit.Fault{Drop: simkit.DropAfter})
						w.Sim.Inject("getTokensServiceAccount", simkit.Fault{Times: 5, Status: 502})
					})}},
				},
				resource.TestStep{
					PreConfig: func() { w.Sim.ClearFaults(); w.Sim.ResetRequests() },
					Config:    withToken("x", `keepers = { v = "2" }`, overlap), ConfigPlanChecks: acctest.Planned(
						token, plancheck.ResourceActionUpdate,
					),
					Check: resource.ComposeTestCheckFunc(
						alive(w, "api_key", true), named(w, "sa::ci", want...), requests(
							w, map[string]int{"generateTokenServiceAccount": 0},
						),
					),
				},
			)
		})
	}
}

// The next apply completes a rotation that failed.
func TestAccServiceAccountToken_rotationBreaks(t *testing.T) {
	for operation, overlap := range map[string]string{
		"generateTokenServiceAccount": `overlap = "1h"`, "updateTokenNameServiceAccount": `overlap = "1h"`,
		"deleteTokenServiceAccount": "",
	} {
		t.Run(operation, func(t *testing.T) {
			w := simulator(t, wavefrontsim.Options{})
			want := []string{"x"}
			if overlap != "" {
				want = append(want, "x (previous)")
			}
			var first string
			w.Run(t,
				resource.TestStep{
					Config: withToken("x", `keepers = { v = "1" }`, overlap),
					Check:  acctest.Remember(token, "api_key", &first),
				},
				resource.TestStep{
					PreConfig: func() {
						w.Sim.Inject(
							operation,
							simkit.Fault{
								Status: 400, Body: `{"status":{"result":"ERROR","message":"not now","code":400}}`,
							},
						)
					},
					Config: withToken("x", `keepers = { v = "2" }`, overlap), ExpectError: acctest.Words("not now"),
				},
				resource.TestStep{
					Config: withToken("x", `keepers = { v = "2" }`, overlap), ConfigPlanChecks: acctest.Planned(
						token, plancheck.ResourceActionUpdate,
					),
					Check: resource.ComposeTestCheckFunc(alive(w, "api_key", true), named(w, "sa::ci", want...), func(
						state *terraform.State,
					) error {
						key, err := acctest.Attribute(state, token, "api_key")
						if key == first {
							return fmt.Errorf("the key was not rotated (%w)", err)
						}
						return err
					}),
				},
			)
		})
	}
}

// A second rotation during an overlap revokes the oldest token, and says so.
func TestAccServiceAccountToken_rotatedTwice(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	var first, second string
	w.Run(t,
		resource.TestStep{
			Config: withToken("x", `keepers = { v = "1" }`, `overlap = "1h"`),
			Check:  acctest.Remember(token, "api_key", &first),
		},
		resource.TestStep{
			Config: withToken("x", `keepers = { v = "2" }`, `overlap = "1h"`),
			Check:  acctest.Remember(token, "api_key", &second),
		},
		resource.TestStep{
			Config: withToken("x", `keepers = { v = "3" }`, `overlap = "1h"`),
			Check: resource.ComposeTestCheckFunc(dead(w, &first), acctest.Unchanged(
				token, "previous_api_key", &second,
			), alive(w, "previous_api_key", true),
				named(w, "sa::ci", "x", "x (previous)")),
		},
		resource.TestStep{ // the name of both changes
			Config: withToken("y", `keepers = { v = "3" }`, `overlap = "1h"`),
			Check: resource.ComposeTestCheckFunc(
				acctest.Unchanged(token, "previous_api_key", &second), named(w, "sa::ci", "y", "y (previous)"),
			),
		},
		resource.TestStep{ // an overlap that is removed ends
			Config: withToken("y", `keepers = { v = "3" }`), ConfigPlanChecks: acctest.Planned(
				token, plancheck.ResourceActionUpdate,
			),
			Check: resource.ComposeTestCheckFunc(dead(w, &second), named(w, "sa::ci", "y")),
		},
	)
}

// rotate_after goes by the provider's clock.
func TestAccServiceAccountToken_rotateAfter(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	var first string
	config := withToken("x", `rotate_after = "720h"`, `overlap = "48h"`)
	w.Run(t,
		resource.TestStep{Config: config, Check: acctest.Remember(token, "api_key", &first)},
		resource.TestStep{
			PreConfig: func() { w.Clock.Advance(719 * time.Hour) }, Config: config,
			ConfigPlanChecks: acctest.Planned(token, plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			PreConfig: func() { w.Clock.Advance(2 * time.Hour) }, Config: config, ConfigPlanChecks: acctest.Planned(
				token, plancheck.ResourceActionUpdate,
			),
			Check: resource.ComposeTestCheckFunc(
				acctest.Unchanged(token, "previous_api_key", &first), alive(w, "previous_api_key", true),
				alive(w, "api_key", true),
			),
		},
	)
}

// unconfirmed returns steps that end with a rotation whose response was lost. It generated a token.
func unconfirmed(w *acctest.Wavefront, first *string) []resource.TestStep {
	return []resource.TestStep{
		{Config: withToken("x", `keepers = { v = "1" }`), Check: acctest.Remember(token, "api_key", first)},
		{
			Config: withToken(
				"x", `keepers = { v = "2" }`,
			), ExpectError: acctest.Words("It is not known whether the token was created"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{acctest.During(func() {
				w.Sim.Inject("generateTokenServiceAccount", simkit.Fault{Drop: simkit.DropAfter})
				w.Sim.Inject("getTokensServiceAccount", simkit.Fault{Times: 5, Status: 502})
			})}},
		},
	}
}

// After an unconfirmed rotation, whatever comes next: no unknown token is left, and the token in
// the state works.
func TestAccUnconfirmed(t *testing.T) {
	works := func(w *acctest.Wavefront, names ...string) resource.TestCheckFunc {
		return resource.ComposeTestCheckFunc(alive(w, "api_key", true), named(w, "sa::ci", names...))
	}
	for name, next := range map[string]func(w *acctest.Wavefront, first *string) resource.TestStep{
		"destroyed": func(w *acctest.Wavefront, first *string) resource.TestStep {
			return resource.TestStep{Config: serviceAccount("sa::ci"), Check: named(w, "sa::ci")}
		},
		"the keeper put back": func(w *acctest.Wavefront, first *string) resource.TestStep {
			return resource.TestStep{Config: withToken("x", `keepers = { v = "1" }`), Check: works(w, "x")}
		},
		"renamed": func(w *acctest.Wavefront, first *string) resource.TestStep {
			return resource.TestStep{Config: withToken("y", `keepers = { v = "2" }`), Check: works(w, "y")}
		},
		"the old token revoked outside of Terraform": func(w *acctest.Wavefront, first *string) resource.TestStep {
			return resource.TestStep{
				PreConfig: func() { w.Sim.ClearFaults(); w.Sim.RemoveToken(*first) },
				Config:    withToken("x", `keepers = { v = "2" }`), Check: works(w, "x"),
			}
		},
		"the last place taken": func(w *acctest.Wavefront, first *string) resource.TestStep {
			return resource.TestStep{PreConfig: func() {
				w.Sim.ClearFaults()
				for i := range 18 {
					w.Sim.AddToken("sa::ci", fmt.Sprint("filler ", i))
				}
			}, Config: withToken("x", `keepers = { v = "2" }`), Check: alive(w, "api_key", true)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, wavefrontsim.Options{})
			first := new(string)
			step := next(w, first)
			if step.PreConfig == nil {
				step.PreConfig = w.Sim.ClearFaults
			}
			w.Run(t, append(unconfirmed(w, first), step)...)
		})
	}
}

// A rotation generated nothing: a token that somebody else generates with that name is not taken.
func TestAccUnconfirmed_others(t *testing.T) {
	failed := func(w *acctest.Wavefront, first *string) []resource.TestStep {
		return []resource.TestStep{
			{Config: withToken("x", `keepers = { v = "1" }`), Check: acctest.Remember(token, "api_key", first)},
			{
				PreConfig: func() {
					w.Sim.Inject("generateTokenServiceAccount", simkit.Fault{Status: 500, Body: "{}"})
				},
				Config: withToken(
					"x", `keepers = { v = "2" }`,
				), ExpectError: acctest.Words("No token was found afterwards"),
			},
		}
	}
	t.Run("one takes the place", func(t *testing.T) {
		w := simulator(t, wavefrontsim.Options{})
		var first string
		w.Run(t, append(failed(w, &first), resource.TestStep{
			PreConfig: func() { w.Sim.RemoveToken(first); w.Sim.AddToken("sa::ci", "x") },
			Config:    withToken("x", `keepers = { v = "2" }`), Check: resource.ComposeTestCheckFunc(
				alive(w, "api_key", true), named(w, "sa::ci", "x"),
			),
		})...)
	})
	t.Run("one comes much later", func(t *testing.T) {
		w := simulator(t, wavefrontsim.Options{})
		var first, other string
		w.Run(t, append(failed(w, &first), resource.TestStep{
			PreConfig: func() { w.Clock.Advance(1000 * time.Hour); other = w.Sim.AddToken("sa::ci", "x") },
			Config: withToken(
				"x", `keepers = { v = "3" }`,
			), Check: resource.ComposeTestCheckFunc(named(w, "sa::ci", "x", "x"), func(state *terraform.State) error {
				if acctest.Unchanged(token, "api_key", &other)(state) == nil || !w.Sim.TokenAlive(other) {
					return errors.New("somebody else's token was taken or revoked")
				}
				return nil
			}),
		})...)
	})
}

// A create whose response was lost is replaced, and the token is revoked if it was generated.
func TestAccUnconfirmed_create(t *testing.T) {
	for name, drop := range map[string]simkit.Drop{"generated": simkit.DropAfter, "not generated": simkit.DropBefore} {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, wavefrontsim.Options{})
			w.Run(t,
				resource.TestStep{Config: serviceAccount("sa::ci")},
				resource.TestStep{PreConfig: func() {
					w.Sim.Inject("generateTokenServiceAccount", simkit.Fault{Drop: drop})
					w.Sim.Inject("getTokensServiceAccount", simkit.Fault{Skip: 1, Times: 5, Status: 502})
				}, Config: withToken("x"), ExpectError: acctest.Words("It is not known whether the token was created")},
				resource.TestStep{
					PreConfig: w.Sim.ClearFaults, Config: withToken("x"),
					Check: resource.ComposeTestCheckFunc(alive(w, "api_key", true), named(w, "sa::ci", "x")),
				},
			)
		})
	}
}

// A create that generated nothing leaves nothing that blocks what comes next.
func TestAccUnconfirmed_nothingCreated(t *testing.T) {
	reset, badGateway := simkit.Fault{Drop: simkit.DropBefore}, simkit.Fault{Status: 502, Body: "<html>"}
	for name, test := range map[string]struct {
		fault simkit.Fault
		next  []string
	}{
		"plan":              {reset, []string{"plan"}},
		"apply":             {badGateway, []string{"apply", "-auto-approve"}},
		"destroy":           {badGateway, []string{"destroy", "-auto-approve"}},
		"replace":           {reset, []string{"apply", "-auto-approve", "-replace=" + token}},
		"without a refresh": {reset, []string{"apply", "-auto-approve", "-refresh=false"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, wavefrontsim.Options{})
			workspace := w.NewWorkspace(t, withToken("x"))
			w.Sim.Inject("generateTokenServiceAccount", test.fault)
			workspace.MustRun(t, 1, "apply", "-auto-approve")
			output := workspace.MustRun(t, 0, test.next...)
			if strings.Contains(output, "revoked outside") {
				t.Errorf("a token that was never generated was not revoked:\n%s", output)
			}
		})
	}
}

// The server finishes a request after the client has given up: before the next apply, or after it. No
// token is left that nobody knows.
func TestAccUnconfirmed_late(t *testing.T) {
	impatient := func(w *acctest.Wavefront, config string) string { return impatient(w, 0, config) }
	const generate, none = "generateTokenServiceAccount", "No token was found afterwards"
	for name, test := range map[string]struct {
		operation, words string
		create           bool
		delay            time.Duration // of the request
		wait             time.Duration // before the next apply
		overlap          string
		names            []string
	}{
		"rotation, before the next apply": {generate, none, false, 1500 * time.Millisecond, 2 * time.Second, "",
			[]string{"x"}},
		"rotation, after the next apply": {generate, none, false, 5 * time.Second, 0, "", []string{"x"}},
		"create, before the next apply": {generate, none, true, 1500 * time.Millisecond, 2 * time.Second, "",
			[]string{"x"}},
		"renamed, before the next apply": {"updateTokenNameServiceAccount", "Unable to update", false,
			1500 * time.Millisecond, 2 * time.Second, `overlap = "1h"`, []string{"x", "x (previous)"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, wavefrontsim.Options{})
			steps := []resource.TestStep{{Config: impatient(w, serviceAccount("sa::ci"))}}
			if !test.create {
				before := impatient(w, withToken("x", `keepers = { v = "1" }`, test.overlap))
				steps = append(steps, resource.TestStep{Config: before})
			}
			config := impatient(w, withToken("x", `keepers = { v = "2" }`, test.overlap))
			only := resource.ComposeTestCheckFunc(alive(w, "api_key", true), named(w, "sa::ci", test.names...))
			w.Run(t, append(steps,
				resource.TestStep{PreConfig: func() {
					w.Sim.Inject(test.operation, simkit.Fault{Delay: test.delay, Late: true})
				}, Config: config, ExpectError: acctest.Words(test.words)},
				resource.TestStep{PreConfig: func() { time.Sleep(test.wait) }, Config: config, Check: only},
				resource.TestStep{PreConfig: func() { time.Sleep(test.delay) }, Config: config, Check: only},
			)...)
		})
	}
}

// impatient returns the configuration of a provider that waits a second for a response.
func impatient(w *acctest.Wavefront, retries int, config string) string {
	return strings.Replace(w.Config(config), "  wavefront = {", fmt.Sprintf("  http = { request_timeout = \"1s\", "+
		"max_retries = %d }\n  wavefront = {", retries), 1)
}

// A request for another name is repeated within the run. If the server also finishes the first request, after
// the next run, the token has an earlier name, and the next apply gives it its name back.
func TestAccServiceAccountToken_lateRename(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	const delay = 5 * time.Second
	var key string
	step := func(name string, before func()) resource.TestStep {
		return resource.TestStep{
			PreConfig: before, Config: impatient(w, 1, withToken(name)), Check: resource.ComposeTestCheckFunc(
				acctest.Unchanged(token, "api_key", &key), alive(w, "api_key", true), named(w, "sa::ci", name),
			),
		}
	}
	created := step("x", nil)
	created.Check = acctest.Remember(token, "api_key", &key)
	w.Run(t, created,
		step("y", func() {
			w.Sim.Inject("updateTokenNameServiceAccount", simkit.Fault{Delay: delay, Late: true})
		}),
		step("z", nil),
		step("z", func() { time.Sleep(delay) }),
	)
	if count := w.Sim.Count("updateTokenNameServiceAccount"); os.Getenv(resource.EnvTfAcc) != "" && count < 3 {
		t.Errorf("%d requests for another name: none was repeated", count)
	}
}

// If the server reports a success and did nothing, that is an error, and the next apply does it.
func TestAccIgnored(t *testing.T) {
	rotated, plain := withToken("x", `keepers = { v = "2" }`), withToken("x", `keepers = { v = "1" }`)
	const overlap = `overlap = "1h"`
	for name, test := range map[string]struct {
		operation, body, words string
		before, after          string
		names                  []string
	}{
		"revoke: ERROR": {"deleteTokenServiceAccount", notNow, "not now", plain, rotated, []string{"x"}},
		"destroy: nothing done": {
			"deleteTokenServiceAccount", `{"status":{"result":"OK","code":200},"response":[]}`,
			"the token is still valid", plain, serviceAccount("sa::ci"), nil,
		},
		"rename: ERROR": {
			"updateTokenNameServiceAccount", notNow, "not now", withToken("x"), withToken("y"), []string{"y"},
		},
		"rename: nothing done": {
			"updateTokenNameServiceAccount",
			`{"status":{"result":"OK","code":200},"response":{"tokenID":"t","tokenName":"x"}}`,
			`but the token's name is "x"`, withToken("x"), withToken("y"), []string{"y"},
		},
		"previous rename: ERROR": {
			"updateTokenNameServiceAccount", notNow, "not now", withToken("x", overlap, `keepers = { v = "1" }`),
			withToken("x", overlap, `keepers = { v = "2" }`), []string{"x", "x (previous)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, wavefrontsim.Options{})
			w.Run(t,
				resource.TestStep{Config: test.before},
				resource.TestStep{
					PreConfig: func() { w.Sim.Inject(test.operation, simkit.Fault{Status: 200, Body: test.body}) },
					Config:    test.after, ExpectError: acctest.Words(test.words),
				},
				resource.TestStep{Config: test.after, Check: named(w, "sa::ci", test.names...)},
			)
		})
	}
}

// The end of an overlap fails: the previous token stays known, and is revoked by the next apply.
func TestAccOverlapEnd_fails(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	var first string
	config := withToken("x", `keepers = { v = "2" }`, `overlap = "1h"`)
	w.Run(t,
		resource.TestStep{
			Config: withToken("x", `keepers = { v = "1" }`, `overlap = "1h"`),
			Check:  acctest.Remember(token, "api_key", &first),
		},
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: func() {
			w.Clock.Advance(2 * time.Hour)
			w.Sim.Inject("deleteTokenServiceAccount", simkit.Fault{Status: 400, Body: notNow})
		}, Config: config, ExpectError: acctest.Words("not now")},
		resource.TestStep{
			Config: config, Check: resource.ComposeTestCheckFunc(dead(w, &first), named(w, "sa::ci", "x")),
		},
	)
}

// Between plan and apply, the previous token is revoked elsewhere.
func TestAccOverlap_goneBetween(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	var first string
	renamed := withToken("y", `keepers = { v = "2" }`, `overlap = "1h"`)
	w.Run(t,
		resource.TestStep{
			Config: withToken("x", `keepers = { v = "1" }`, `overlap = "1h"`),
			Check:  acctest.Remember(token, "api_key", &first),
		},
		resource.TestStep{Config: withToken("x", `keepers = { v = "2" }`, `overlap = "1h"`)},
		resource.TestStep{
			Config: renamed, ExpectError: acctest.Words("a token was revoked after the plan was made; plan again"),
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{acctest.During(func() { w.Sim.RemoveToken(first) })},
			},
		},
		resource.TestStep{Config: renamed, Check: named(w, "sa::ci", "y")},
	)
}

// Every attribute may be unknown in the plan of a create, and every attribute but the account in
// that of an update. An unknown keeper announces a rotation; the apply rotates only if the keeper
// has changed.
func TestAccServiceAccountToken_unknown(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	config := func(release int, name, keeper, store string) string {
		const output = "terraform_data.later.output"
		created := strings.Replace(tokenOf("%", "keepers = { v = "+output+".keeper }", "overlap = "+output+".overlap",
			"rotate_after = "+output+".rotate_after", "store_api_key = "+output+".store",
			"allow_self_lockout = "+output+".store"), `"%"`, output+".name", 1)
		return serviceAccount("sa::ci") + created + later(release, fmt.Sprintf("name = %q", name),
			fmt.Sprintf("keeper = %q", keeper), `overlap = "1h"`, `rotate_after = "24h"`, "store = "+store)
	}
	unknowns := []string{
		"allow_self_lockout", "api_key", "id", "key_version", "name", "overlap", "rotate_after", "rotated_at",
		"store_api_key",
	}
	previous := append([]string{"expires_at", "previous_api_key", "previous_expires_at"}, unknowns...)
	var first string
	w.Run(t,
		resource.TestStep{
			Config: config(1, "x", "1", "true"),
			ConfigPlanChecks: acctest.Planned(token, plancheck.ResourceActionCreate,
				acctest.UnknownAfter(token, unknowns...)),
			Check: resource.ComposeTestCheckFunc(
				alive(w, "api_key", true), acctest.Remember(token, "api_key", &first), named(w, "sa::ci", "x"),
			),
		},
		resource.TestStep{ // the same values, which the plan does not know
			Config: config(2, "x", "1", "true"),
			ConfigPlanChecks: acctest.Planned(token, plancheck.ResourceActionUpdate,
				acctest.UnknownAfter(token, previous...)),
			Check: resource.ComposeTestCheckFunc(acctest.Unchanged(token, "api_key", &first), named(w, "sa::ci", "x")),
		},
		resource.TestStep{
			Config: config(3, "y", "2", "true"), ConfigPlanChecks: acctest.Planned(
				token, plancheck.ResourceActionUpdate, acctest.UnknownAfter(token, previous...),
			),
			Check: resource.ComposeTestCheckFunc(
				alive(w, "api_key", true), acctest.Unchanged(token, "previous_api_key", &first),
				named(w, "sa::ci", "y", "y (previous)"),
			),
		},
		resource.TestStep{
			Config: config(4, "y", "2", "false"),
			ConfigStateChecks: []statecheck.StateCheck{
				has(token, "api_key", knownvalue.Null()), has(token, "previous_api_key", knownvalue.Null()),
			},
			Check: named(w, "sa::ci", "y", "y (previous)"),
		},
	)
}

// rotationAnnounced begins the warning of a rotation.
const rotationAnnounced = "WARNING : API key rotation: "

// unknownCases returns the cases of a token with one trigger and without a previous token, with changes.
func unknownCases(changes map[string]unknownCase) map[string]unknownCase {
	rotated := []string{"api_key", "expires_at", "key_version", "rotated_at"}
	all := map[string]unknownCase{
		"allow_self_lockout":   {[]any{true, nil}, nil, nil},
		"keepers":              {[]any{keeper("2"), nil}, rotated, []string{rotationAnnounced}},
		"name":                 {[]any{"y"}, []string{"id"}, nil},
		"overlap":              {[]any{"1h", "2h", nil}, nil, nil},
		"rotate_after":         {[]any{"24h", "2400h", nil}, rotated, []string{rotationAnnounced}},
		"rotate_before_expiry": {nil, nil, nil},
		"rotate_when_dead":     {[]any{true, false}, nil, nil}, // a revoked token leaves the state
		"service_account": {
			[]any{"sa::other"}, []string{"id", "api_key", "key_version", "rotated_at"},
			[]string{"WARNING service_account: Replacement by an unknown value: "},
		},
		"store_api_key":  {[]any{false, true}, []string{"api_key"}, nil},
		"age_recipients": {[]any{toSomebody, nil}, []string{"api_key", "encrypted_api_key"}, nil},
	}
	maps.Copy(all, changes)
	return all
}

// previousCases returns the cases that differ if there is a previous token. Previous and
// key are the attributes that are unknown while the previous and the current token are unknown.
func previousCases(previous, key []string) map[string]unknownCase {
	rotation := slices.Concat(previous, key, []string{"expires_at", "key_version", "rotated_at"})
	return unknownCases(map[string]unknownCase{
		"keepers":       {[]any{keeper("2"), nil}, rotation, []string{rotationAnnounced}},
		"overlap":       {[]any{"30m", "3h", nil}, previous, []string{"WARNING : API key revocation: "}},
		"rotate_after":  {[]any{"150m", "2400h", nil}, rotation, []string{rotationAnnounced}},
		"store_api_key": {[]any{false, true}, []string{"api_key", "previous_api_key"}, nil},
		"age_recipients": {
			[]any{toSomebody, nil},
			[]string{"api_key", "encrypted_api_key", "encrypted_previous_api_key", "previous_api_key"}, nil,
		},
		"service_account": {
			[]any{"sa::other"}, slices.Concat(key, []string{"id", "key_version", "rotated_at"}),
			[]string{"WARNING service_account: Replacement by an unknown value: "},
		},
	})
}

// hiddenCases returns the cases if state has no values: the recipients must turn out null.
func hiddenCases() map[string]unknownCase {
	cases := previousCases([]string{"previous_expires_at"}, nil)
	cases["age_recipients"] = unknownCase{[]any{nil}, nil, nil}
	return cases
}

// toSomebody are recipients.
var toSomebody = []tftypes.Value{
	tftypes.NewValue(tftypes.String, "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"),
}

// What a plan says while an attribute is unknown holds for all values that it may turn out to have.
func TestServiceAccountTokenPlan(t *testing.T) {
	changed := func(state, changes acctest.Values) acctest.Values {
		all := maps.Clone(state)
		maps.Copy(all, changes)
		return all
	}
	stored := acctest.Values{
		"id": "sa::ci/x", "service_account": "sa::ci", "name": "x", "api_key": "k1", "store_api_key": true,
		"rotated_at": "2026-03-01T12:00:00Z", "key_version": 1772366400, "keepers": keeper("1"),
	}
	previous := changed(stored, acctest.Values{
		"previous_api_key": "k0", "previous_expires_at": "2026-03-01T14:00:00Z", "overlap": "2h", "rotate_after": "48h",
	})
	hidden := changed(previous, acctest.Values{"store_api_key": false, "api_key": nil, "previous_api_key": nil})
	p := acctest.NewPlanner(t, "svcacct_wavefront_service_account_token")
	for name, test := range map[string]struct {
		state  acctest.Values
		readAt string // "": no Read had a time trigger
		cases  map[string]unknownCase
	}{
		"no trigger": {stored, "", unknownCases(map[string]unknownCase{"rotate_after": {[]any{"24h", nil}, nil, nil}})},
		"one trigger": {
			changed(stored, acctest.Values{"rotate_after": "48h"}), "2026-03-02T13:00:00Z", unknownCases(nil),
		},
		"previous": {
			previous, "2026-03-01T13:00:00Z",
			previousCases([]string{"previous_api_key", "previous_expires_at"}, []string{"api_key"}),
		},
		"previous, not stored": {
			hidden, "2026-03-01T13:00:00Z", hiddenCases(),
		},
		"no date, no keepers": {
			changed(stored, acctest.Values{"rotated_at": nil, "key_version": 1, "keepers": nil}),
			"2026-03-01T13:00:00Z",
			unknownCases(map[string]unknownCase{"keepers": {[]any{keeper("2"), nil}, nil, nil}, "rotate_after": {}}),
		},
	} {
		private := map[string]string{}
		if test.readAt != "" {
			private["observed_at"] = strconv.Quote(test.readAt)
		}
		t.Run(name, func(t *testing.T) { checkUnknown(t, p, test.state, nil, private, test.cases) })
	}
}

// keeper returns keepers with one entry.
func keeper(value string) map[string]tftypes.Value {
	return map[string]tftypes.Value{"v": tftypes.NewValue(tftypes.String, value)}
}

// Without a refresh, the plan decides with the time of the last refresh, and the apply sees what
// has changed meanwhile.
func TestAccServiceAccountToken_noRefresh(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	config := func(name, v string) string {
		return withToken(name, fmt.Sprintf("keepers = { v = %q }", v), `overlap = "1h"`)
	}
	workspace := w.NewWorkspace(t, config("x", "1"))
	apply := func(code int, name, v string, want ...string) string {
		t.Helper()
		workspace.Write(t, config(name, v))
		output := workspace.MustRun(t, code, "apply", "-auto-approve", "-refresh=false")
		if err := named(w, "sa::ci", want...)(nil); err != nil {
			t.Error(err)
		}
		return output
	}
	apply(0, "x", "1", "x")
	apply(0, "x", "2", "x", "x (previous)")
	w.Clock.Advance(2 * time.Hour)
	workspace.MustRun(t, 0, "plan", "-detailed-exitcode", "-refresh=false") // the overlap has not ended by then
	apply(0, "y", "2", "y", "y (previous)")
	w.Sim.RemoveToken(w.Sim.LiveTokens("sa::ci")[0].ID) // the previous token
	if output := apply(
		1, "z", "2", "y",
	); !acctest.Words("a token was revoked after the plan was made").MatchString(output) {
		t.Errorf("the error does not say what has changed:\n%s", output)
	}
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	if err := named(w, "sa::ci", "z")(nil); err != nil {
		t.Error(err)
	}
}
