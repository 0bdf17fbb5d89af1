package wavefront_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

const notNow = `{"status":{"result":"ERROR","message":"not now","code":400}}`

// unsettled leads to a rotation of which it is not known whether it made a token. It did.
func unsettled(w *acctest.Wavefront, first *string) []resource.TestStep {
	return []resource.TestStep{
		{Config: withToken("x", `keepers = { v = "1" }`), Check: acctest.Remember(token, "api_key", first)},
		{
			Config: withToken("x", `keepers = { v = "2" }`), ExpectError: acctest.Words("Whether the token was made is not known"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{acctest.During(func() {
				w.Sim.Inject("generateTokenServiceAccount", simkit.Fault{Drop: simkit.DropAfter})
				w.Sim.Inject("getTokensServiceAccount", simkit.Fault{Skip: 2, Times: 5, Status: 502})
			})}},
		},
	}
}

// Whatever follows upon a rotation that is not settled: no token is left that nobody knows of, and the one in state works.
func TestAccUnsettled(t *testing.T) {
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
		"the older one revoked by hand": func(w *acctest.Wavefront, first *string) resource.TestStep {
			return resource.TestStep{PreConfig: func() { w.Sim.ClearFaults(); w.Sim.RemoveToken(*first) }, Config: withToken("x", `keepers = { v = "2" }`), Check: works(w, "x")}
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
			w := acctest.NewWavefront(t, wavefrontsim.Options{})
			first := new(string)
			step := next(w, first)
			if step.PreConfig == nil {
				step.PreConfig = w.Sim.ClearFaults
			}
			w.Run(t, append(unsettled(w, first), step)...)
		})
	}
}

// A rotation that made nothing: what others do under that name meanwhile is theirs.
func TestAccUnsettled_strangers(t *testing.T) {
	failed := func(w *acctest.Wavefront, first *string) []resource.TestStep {
		return []resource.TestStep{
			{Config: withToken("x", `keepers = { v = "1" }`), Check: acctest.Remember(token, "api_key", first)},
			{
				PreConfig: func() { w.Sim.Inject("generateTokenServiceAccount", simkit.Fault{Status: 500, Body: "{}"}) },
				Config:    withToken("x", `keepers = { v = "2" }`), ExpectError: acctest.Words("No new token was found afterwards"),
			},
		}
	}
	t.Run("one takes the place", func(t *testing.T) {
		w := acctest.NewWavefront(t, wavefrontsim.Options{})
		var first string
		w.Run(t, append(failed(w, &first), resource.TestStep{
			PreConfig: func() { w.Sim.RemoveToken(first); w.Sim.AddToken("sa::ci", "x") },
			Config:    withToken("x", `keepers = { v = "2" }`), Check: resource.ComposeTestCheckFunc(alive(w, "api_key", true), named(w, "sa::ci", "x")),
		})...)
	})
	t.Run("one comes much later", func(t *testing.T) {
		w := acctest.NewWavefront(t, wavefrontsim.Options{})
		var first, foreign string
		w.Run(t, append(failed(w, &first), resource.TestStep{
			PreConfig: func() { w.Clock.Advance(1000 * time.Hour); foreign = w.Sim.AddToken("sa::ci", "x") },
			Config:    withToken("x", `keepers = { v = "3" }`), Check: resource.ComposeTestCheckFunc(named(w, "sa::ci", "x", "x"), func(state *terraform.State) error {
				if acctest.Unchanged(token, "api_key", &foreign)(state) == nil || !w.Sim.TokenAlive(foreign) {
					return errors.New("the stranger's token was taken or revoked")
				}
				return nil
			}),
		})...)
	})
}

// A create of which it is not known whether it made a token is replaced, and what it made is revoked.
func TestAccUnsettled_create(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	w.Run(t,
		resource.TestStep{Config: serviceAccount("sa::ci")},
		resource.TestStep{PreConfig: func() {
			w.Sim.Inject("generateTokenServiceAccount", simkit.Fault{Drop: simkit.DropAfter})
			w.Sim.Inject("getTokensServiceAccount", simkit.Fault{Skip: 3, Times: 5, Status: 502})
		}, Config: withToken("x"), ExpectError: acctest.Words("Whether the token was made is not known")},
		resource.TestStep{PreConfig: w.Sim.ClearFaults, Config: withToken("x"), Check: resource.ComposeTestCheckFunc(alive(w, "api_key", true), named(w, "sa::ci", "x"))},
	)
}

// What a server says that it did and did not do is an error, and done by the next apply.
func TestAccIgnored(t *testing.T) {
	rotated, plain := withToken("x", `keepers = { v = "2" }`), withToken("x", `keepers = { v = "1" }`)
	const overlap = `overlap = "1h"`
	for name, test := range map[string]struct {
		operation, body, words string
		before, after          string
		names                  []string
	}{
		"revoke: ERROR":          {"deleteTokenServiceAccount", notNow, "not now", plain, rotated, []string{"x"}},
		"destroy: nothing done":  {"deleteTokenServiceAccount", `{"status":{"result":"OK","code":200},"response":[]}`, "it is still there", plain, serviceAccount("sa::ci"), nil},
		"rename: ERROR":          {"updateTokenNameServiceAccount", notNow, "not now", withToken("x"), withToken("y"), []string{"y"}},
		"rename: nothing done":   {"updateTokenNameServiceAccount", `{"status":{"result":"OK","code":200},"response":{"tokenID":"t","tokenName":"x"}}`, `but its name is "x"`, withToken("x"), withToken("y"), []string{"y"}},
		"previous rename: ERROR": {"updateTokenNameServiceAccount", notNow, "not now", withToken("x", overlap, `keepers = { v = "1" }`), withToken("x", overlap, `keepers = { v = "2" }`), []string{"x", "x (previous)"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.NewWavefront(t, wavefrontsim.Options{})
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
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	var first string
	config := withToken("x", `keepers = { v = "2" }`, `overlap = "1h"`)
	w.Run(t,
		resource.TestStep{Config: withToken("x", `keepers = { v = "1" }`, `overlap = "1h"`), Check: acctest.Remember(token, "api_key", &first)},
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: func() {
			w.Clock.Advance(2 * time.Hour)
			w.Sim.Inject("deleteTokenServiceAccount", simkit.Fault{Status: 400, Body: notNow})
		}, Config: config, ExpectError: acctest.Words("not now")},
		resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(dead(w, &first), named(w, "sa::ci", "x"))},
	)
}

// Between plan and apply, the previous token is revoked elsewhere.
func TestAccOverlap_goneBetween(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	var first string
	renamed := withToken("y", `keepers = { v = "2" }`, `overlap = "1h"`)
	w.Run(t,
		resource.TestStep{Config: withToken("x", `keepers = { v = "1" }`, `overlap = "1h"`), Check: acctest.Remember(token, "api_key", &first)},
		resource.TestStep{Config: withToken("x", `keepers = { v = "2" }`, `overlap = "1h"`)},
		resource.TestStep{
			Config: renamed, ExpectError: acctest.Words("a token was revoked since the plan was made; plan again"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{acctest.During(func() { w.Sim.RemoveToken(first) })}},
		},
		resource.TestStep{Config: renamed, Check: named(w, "sa::ci", "y")},
	)
}

// Of a tainted resource the CLI hands no private state to its destruction.
func TestAccTaint(t *testing.T) {
	for name, store := range map[string]string{"stored": "", "not stored": "store_api_key = false"} {
		t.Run(name, func(t *testing.T) {
			w := acctest.NewWavefront(t, wavefrontsim.Options{})
			config := withToken("x", `keepers = { v = "2" }`, `overlap = "1h"`, store)
			w.Run(t,
				resource.TestStep{Config: withToken("x", `keepers = { v = "1" }`, `overlap = "1h"`, store)},
				resource.TestStep{Config: config, Check: named(w, "sa::ci", "x", "x (previous)")},
				resource.TestStep{Config: config, Taint: []string{token}, Check: named(w, "sa::ci", "x")},
			)
		})
	}
	t.Run("the account", func(t *testing.T) { // with its id, the token is made anew, too
		w := acctest.NewWavefront(t, wavefrontsim.Options{})
		config := strings.Replace(withToken("x"), account+".identifier", account+".id", 1)
		w.Run(t,
			resource.TestStep{Config: config},
			resource.TestStep{Config: config, Taint: []string{account}, Check: alive(w, "api_key", true)},
		)
	})
	t.Run("create before destroy", func(t *testing.T) {
		w := acctest.NewWavefront(t, wavefrontsim.Options{})
		config := withToken("x", "lifecycle {\n    create_before_destroy = true\n  }")
		w.Run(t,
			resource.TestStep{Config: config},
			resource.TestStep{Config: config, Taint: []string{token}, ExpectError: acctest.Words("change a keeper instead: a rotation needs no replacement")},
			resource.TestStep{Config: strings.Replace(config, "true", "false", 1)},
		)
	})
}

// Two names change places in one apply, and one name for two is told.
func TestAccNames(t *testing.T) {
	both := func(a, b string) string {
		return serviceAccount("sa::ci") + tokenOf(a) + strings.Replace(tokenOf(b), `"test"`, `"two"`, 1)
	}
	t.Run("swapped", func(t *testing.T) {
		w := acctest.NewWavefront(t, wavefrontsim.Options{})
		w.Run(t,
			resource.TestStep{Config: both("a", "b")},
			resource.TestStep{Config: both("b", "a"), ConfigStateChecks: []statecheck.StateCheck{has(token, "name", knownvalue.StringExact("b"))}},
		)
	})
	t.Run("the same", func(t *testing.T) { // made one after the other, the second sees the first
		w := acctest.NewWavefront(t, wavefrontsim.Options{})
		w.Sim.Inject("generateTokenServiceAccount", simkit.Fault{Delay: 300 * time.Millisecond, Times: -1})
		w.Run(t,
			resource.TestStep{Config: both("a", "a"), ExpectError: acctest.Words("the account has a token of this name already")},
			resource.TestStep{Config: both("b", "c"), Check: named(w, "sa::ci", "b", "c")}, // either of them was made
		)
	})
	t.Run("of another hand, while one is generated", func(t *testing.T) {
		w := acctest.NewWavefront(t, wavefrontsim.Options{})
		w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
		w.Sim.Inject("generateTokenServiceAccount", simkit.Fault{Delay: 500 * time.Millisecond})
		go func() {
			for w.Sim.Count("getTokensServiceAccount") < 3 { // two plans, and the look before
				time.Sleep(10 * time.Millisecond)
			}
			w.Sim.AddToken("sa::ci", "stranger")
		}()
		w.Run(t, resource.TestStep{
			Config: strings.Replace(tokenOf("x"), account+".identifier", `"sa::ci"`, 1),
			Check:  resource.ComposeTestCheckFunc(alive(w, "api_key", true), named(w, "sa::ci", "x", "stranger")),
		})
		for _, live := range w.Sim.LiveTokens("sa::ci") {
			if live.Name == "x" {
				t.Error("the token of the resource is not the one that was destroyed")
			}
		}
	})
	t.Run("reserved", func(t *testing.T) {
		w := acctest.NewWavefront(t, wavefrontsim.Options{})
		refused := acctest.Words("must not be like a name that the provider gives")
		w.Run(t,
			resource.TestStep{Config: withToken("x (previous)"), PlanOnly: true, ExpectError: refused},
			resource.TestStep{Config: withToken("x (temporary until 2026-01-01T00:00:00Z, ABCDEFGH)"), PlanOnly: true, ExpectError: refused},
		)
	})
}

// The server has something to say although all is as it was asked for.
func TestAccServiceAccount_remark(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	workspace := w.NewWorkspace(t, serviceAccount("sa::ci"))
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
	w.Sim.Inject("getServiceAccount", simkit.Fault{Status: 404, Body: `{"status":{"result":"ERROR","message":"no","code":404}}`})
	w.Sim.Inject("createServiceAccount", simkit.Fault{Status: 200, Body: `{"status":{"result":"OK","message":"nearly used up","code":202},"response":{"identifier":"sa::ci"}}`})
	if output := workspace.MustRun(t, 0, "apply", "-auto-approve"); !strings.Contains(output, "nearly used up") {
		t.Errorf("the remark is not in the output:\n%s", output)
	}
}

// The account was made, but can't be read back: it is in state all the same.
func TestAccServiceAccount_notReadBack(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	w.Run(t,
		resource.TestStep{Config: "# nothing yet\n" + data("role", `name = "x"`), ExpectError: acctest.Words("no role")},
		resource.TestStep{
			PreConfig: func() { w.Sim.Inject("getServiceAccount", simkit.Fault{Skip: 1, Times: 5, Status: 502}) }, Config: serviceAccount("sa::ci"),
			Check: requests(w, map[string]int{"createServiceAccount": 1}),
		},
	)
}

// A group that the account was to leave, and did not.
func TestAccServiceAccount_groupStays(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	group := w.Sim.AddUserGroup(wavefrontsim.UserGroup{Name: "admins"})
	w.Run(t,
		resource.TestStep{Config: serviceAccount("sa::ci", "user_groups = "+quoted(group))},
		resource.TestStep{PreConfig: func() {
			w.Sim.Inject("updateServiceAccount", simkit.Fault{Status: 200, Body: `{"status":{"result":"OK","message":"","code":200},"response":{"identifier":"sa::ci"}}`})
		}, Config: serviceAccount("sa::ci"), ExpectError: acctest.Words("but the account is still in the user group")},
		resource.TestStep{Config: serviceAccount("sa::ci"), ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionUpdate)},
	)
}

// A left-over that can't be revoked does not keep a run from its own temporary token, nor that from being revoked.
func TestAccTokenEphemeral_leftOverStays(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
	const left = "run (temporary until 2020-01-01T00:00:00Z, ABCDEFGH)"
	w.Sim.AddToken("sa::ci", left)
	acctest.Run(t, w.Clock, echoing(w, resource.TestStep{
		PreConfig: func() { w.Sim.Inject("deleteTokenServiceAccount", simkit.Fault{Status: 400, Body: notNow}) },
		Config:    opened(`name = "run"`, `temporary = true`), Check: named(w, "sa::ci"),
	}))
}
