package wavefront_test

import (
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

// tokenLife is the whole life of a token: generated, renamed, rotated with an overlap that ends,
// rotated without, imported.
func tokenLife(w *acctest.Wavefront) []resource.TestStep {
	var first, second, third string
	const overlapping = `overlap = "24h"`
	return []resource.TestStep{
		{
			Config: withToken("deploy", `keepers = { v = "1" }`, overlapping),
			ConfigStateChecks: []statecheck.StateCheck{
				has(
					token, "id", knownvalue.StringExact("sa::ci/deploy"),
				), has(token, "previous_api_key", knownvalue.Null()),
				has(
					token, "previous_expires_at", knownvalue.Null(),
				), has(token, "expires_at", knownvalue.Null()), has(token, "rotated_at", knownvalue.NotNull()),
			},
			Check: resource.ComposeTestCheckFunc(
				alive(w, "api_key", true), acctest.Remember(token, "api_key", &first), named(w, "sa::ci", "deploy"),
			),
		},
		{
			Config: withToken("ship", `keepers = { v = "1" }`, overlapping),
			ConfigPlanChecks: acctest.Planned(
				token, plancheck.ResourceActionUpdate, acctest.KnownAfter(token, "api_key", "rotated_at", "id"),
			),
			ConfigStateChecks: []statecheck.StateCheck{has(token, "id", knownvalue.StringExact("sa::ci/ship"))},
			Check: resource.ComposeTestCheckFunc(
				acctest.Unchanged(token, "api_key", &first), named(w, "sa::ci", "ship"),
			),
		},
		{ // the rotation: both keys live
			Config: withToken("ship", `keepers = { v = "2" }`, overlapping),
			ConfigPlanChecks: acctest.Planned(token, plancheck.ResourceActionUpdate,
				acctest.UnknownAfter(
					token, "api_key", "expires_at", "key_version", "rotated_at", "previous_api_key",
					"previous_expires_at",
				)),
			Check: resource.ComposeTestCheckFunc(
				acctest.Remember(token, "api_key", &second), alive(w, "api_key", true), alive(
					w, "previous_api_key", true,
				),
				acctest.Unchanged(token, "previous_api_key", &first), named(w, "sa::ci", "ship", "ship (previous)"),
			),
		},
		{ // shortly before the end of the overlap
			PreConfig:        func() { w.Clock.Advance(23 * time.Hour) },
			Config:           withToken("ship", `keepers = { v = "2" }`, overlapping),
			ConfigPlanChecks: acctest.Planned(token, plancheck.ResourceActionNoop),
			Check:            alive(w, "previous_api_key", true),
		},
		{ // the first apply after it
			PreConfig: func() { w.Clock.Advance(2 * time.Hour) },
			Config:    withToken("ship", `keepers = { v = "2" }`, overlapping),
			ConfigPlanChecks: acctest.Planned(
				token, plancheck.ResourceActionUpdate,
				acctest.KnownAfter(token, "api_key", "rotated_at", "previous_api_key"),
			),
			ConfigStateChecks: []statecheck.StateCheck{
				has(token, "previous_api_key", knownvalue.Null()), has(token, "previous_expires_at", knownvalue.Null()),
			},
			Check: resource.ComposeTestCheckFunc(
				dead(w, &first), acctest.Unchanged(
					token, "api_key", &second,
				), alive(w, "api_key", true), named(w, "sa::ci", "ship"),
			),
		},
		{ // without an overlap
			Config: withToken("ship", `keepers = { v = "3" }`),
			ConfigPlanChecks: acctest.Planned(
				token, plancheck.ResourceActionUpdate,
				acctest.UnknownAfter(token, "api_key", "expires_at", "key_version", "rotated_at"),
			),
			ConfigStateChecks: []statecheck.StateCheck{
				has(token, "previous_api_key", knownvalue.Null()), has(token, "previous_expires_at", knownvalue.Null()),
			},
			Check: resource.ComposeTestCheckFunc(
				dead(w, &second), alive(w, "api_key", true), acctest.Remember(
					token, "api_key", &third,
				), named(w, "sa::ci", "ship"),
			),
		},
		{
			ResourceName: token, ImportState: true, ImportStateId: "sa::ci/ship", ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"keepers", "rotated_at"},
			ImportStateCheck: func(states []*terraform.InstanceState) error {
				if states[0].Attributes["api_key"] != third {
					return fmt.Errorf("the import did not bring the key")
				}
				return nil
			},
		},
		{
			Config: serviceAccount("sa::ci"),
			Check:  resource.ComposeTestCheckFunc(dead(w, &third), named(w, "sa::ci")),
		},
	}
}

func TestAccServiceAccountToken_life(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	w.Run(t, tokenLife(w)...)
}

func TestAccServiceAccountToken_invalid(t *testing.T) {
	for name, test := range map[string]struct{ config, words string }{
		"no name":            {tokenOf(""), `string length must be at least 1`},
		"padded name":        {tokenOf(" x"), `name must not begin or end with white space`},
		"overlap of nothing": {tokenOf("x", `overlap = "0s"`), `overlap must be at least 1m0s`},
		"overlap as long as the life": {
			tokenOf("x", `overlap = "24h"`, `rotate_after = "24h"`), `must be at least 1m0s shorter`,
		},
		"an expiry": {
			tokenOf("x", `rotate_before_expiry = "24h"`),
			`rotate_before_expiry can't be set: tokens of Wavefront do not expire`,
		},
		"an account in wrong spelling": {
			strings.Replace(tokenOf("x"), account+".identifier", `"sa::CI"`, 1), `write "sa::ci" instead of "sa::CI"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, wavefrontsim.Options{})
			w.Run(
				t,
				resource.TestStep{
					Config: serviceAccount("sa::ci") + test.config, PlanOnly: true,
					ExpectError: acctest.Words(test.words),
				},
			)
		})
	}
}

// An account may have 20 tokens. The 20th is generated, the 21st is refused at apply: another change of
// the same plan may free a place. A plan that needs no place is not blocked.
func TestAccServiceAccountToken_quota(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
	var spare string
	for i := range 19 {
		spare = w.Sim.AddToken("sa::ci", fmt.Sprintf("old %d", i))
	}
	one := strings.Replace(tokenOf("one", `keepers = { v = "1" }`), account+".identifier", `"sa::ci"`, 1)
	two := strings.Replace(strings.Replace(one, `"one"`, `"two"`, 1), `"test"`, `"two"`, 1)
	rotated := strings.Replace(one, `"1"`, `"2"`, 1)
	full := acctest.Words("the account has 20 tokens, and no more than 20 are allowed at a time")
	w.Run(t,
		resource.TestStep{Config: one + two, ExpectError: full}, // both are planned while there is place for one
		resource.TestStep{PreConfig: func() {
			if got := len(w.Sim.LiveTokens("sa::ci")); got != 20 {
				t.Errorf("%d tokens", got)
			}
			for _, token := range w.Sim.LiveTokens("sa::ci") {
				if token.Name == "one" || token.Name == "two" {
					w.Sim.RemoveToken(token.ID)
					w.Sim.AddToken("sa::ci", "filler")
				}
			}
		}, Config: one, ExpectError: full},
		resource.TestStep{PreConfig: func() { w.Sim.RemoveToken(spare) }, Config: one},
		resource.TestStep{Config: rotated, ExpectError: acctest.Words("Maximum number of API tokens")},
		resource.TestStep{Config: one, PlanOnly: true},
		resource.TestStep{Config: "# the token that needed the place is gone"},
	)
}

func TestAccServiceAccountToken_requests(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	counted := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{acctest.During(fresh(w))}}
	w.Run(t,
		resource.TestStep{Config: serviceAccount("sa::ci")},
		resource.TestStep{
			Config: withToken("x", `keepers = { v = "1" }`), ConfigPlanChecks: counted,
			// The tokens of an account that another run has created are listed right before.
			Check: requests(w, map[string]int{
				"generateTokenServiceAccount": 1, "getServiceAccount": 1, "getTokensServiceAccount": 1, "*": 3,
			}),
		},
		resource.TestStep{
			Config: withToken("x", `keepers = { v = "2" }`), ConfigPlanChecks: counted,
			Check: requests(
				w,
				map[string]int{
					"generateTokenServiceAccount": 1, "deleteTokenServiceAccount": 1, "getServiceAccount": 1,
					"*": 3,
				},
			),
		},
	)
}

// Keys that are not stored are in no attribute of the state, and are rotated.
func TestAccServiceAccountToken_notStored(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	none := []statecheck.StateCheck{
		has(token, "api_key", knownvalue.Null()), has(token, "previous_api_key", knownvalue.Null()),
	}
	const out, overlap = `store_api_key = false`, `overlap = "1h"`
	absent := func(state *terraform.State) error {
		for _, key := range w.Sim.Tokens() {
			if strings.Contains(state.String(), key) {
				return fmt.Errorf("a key is in state")
			}
		}
		return nil
	}
	w.Run(t,
		resource.TestStep{
			Config: withToken("x", `keepers = { v = "1" }`, out, overlap), ConfigStateChecks: none, Check: absent,
		},
		resource.TestStep{
			Config: withToken("x", `keepers = { v = "2" }`, out, overlap), ConfigStateChecks: append(
				none, has(token, "previous_expires_at", knownvalue.NotNull()),
			),
			Check: resource.ComposeTestCheckFunc(absent, named(w, "sa::ci", "x", "x (previous)")),
		},
		resource.TestStep{ // into state
			Config: withToken("x", `keepers = { v = "2" }`, overlap),
			Check:  resource.ComposeTestCheckFunc(alive(w, "api_key", true), alive(w, "previous_api_key", true)),
		},
		resource.TestStep{ // and out again
			Config: withToken("x", `keepers = { v = "2" }`, out, overlap), ConfigStateChecks: none, Check: absent,
		},
		resource.TestStep{
			PreConfig: func() { w.Clock.Advance(2 * time.Hour) }, Config: withToken(
				"x", `keepers = { v = "2" }`, out, overlap,
			), ConfigStateChecks: none,
			Check: named(w, "sa::ci", "x"),
		},
		resource.TestStep{
			Config: withToken("x", `keepers = { v = "3" }`, out), ConfigStateChecks: none,
			Check: named(w, "sa::ci", "x"),
		},
	)
}

// A token that is revoked or renamed elsewhere is reported, and never rotated without a warning.
func TestAccServiceAccountToken_drift(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	id := func(name string) string {
		for _, live := range w.Sim.LiveTokens("sa::ci") {
			if live.Name == name {
				return live.ID
			}
		}
		t.Fatalf("no token named %s", name)
		return ""
	}
	var first, second, other string
	config := withToken("x", `keepers = { v = "1" }`, `overlap = "1h"`)
	rotated := withToken("x", `keepers = { v = "2" }`, `overlap = "1h"`)
	w.Run(t,
		resource.TestStep{Config: config, Check: acctest.Remember(token, "api_key", &first)},
		resource.TestStep{
			PreConfig: func() { w.Sim.RenameToken(first, "mine") }, Config: config, ConfigPlanChecks: acctest.Planned(
				token, plancheck.ResourceActionUpdate,
			),
			Check: resource.ComposeTestCheckFunc(acctest.Unchanged(token, "api_key", &first), named(w, "sa::ci", "x")),
		},
		resource.TestStep{ // another token of its name, while it is there
			PreConfig: func() { other = w.Sim.AddToken("sa::ci", "x") },
			Config:    config, ConfigPlanChecks: acctest.Planned(token, plancheck.ResourceActionNoop),
			Check: acctest.Unchanged(token, "api_key", &first),
		},
		resource.TestStep{ // which takes its place
			PreConfig: func() { w.Sim.RemoveToken(first) }, Config: config, ConfigPlanChecks: acctest.Planned(
				token, plancheck.ResourceActionNoop,
			),
			Check: func(state *terraform.State) error { return acctest.Unchanged(token, "api_key", &other)(state) },
		},
		resource.TestStep{Config: rotated, Check: acctest.Remember(token, "api_key", &second)},
		resource.TestStep{ // the new token is revoked, the previous token takes its place
			PreConfig: func() { w.Sim.RemoveToken(second) }, Config: rotated, ConfigPlanChecks: acctest.Planned(
				token, plancheck.ResourceActionUpdate,
			),
			Check: resource.ComposeTestCheckFunc(
				func(state *terraform.State) error { return acctest.Unchanged(token, "api_key", &other)(state) },
				named(w, "sa::ci", "x"),
			),
		},
		resource.TestStep{Config: config},
		resource.TestStep{ // the previous token is revoked
			PreConfig: func() { w.Sim.RemoveToken(id("x (previous)")) },
			Config:    config, ConfigPlanChecks: acctest.Planned(token, plancheck.ResourceActionNoop),
			ConfigStateChecks: []statecheck.StateCheck{has(token, "previous_api_key", knownvalue.Null())},
		},
		resource.TestStep{ // no token is left
			PreConfig: func() { w.Sim.RemoveToken(id("x")) }, Config: config, ConfigPlanChecks: acctest.Planned(
				token, plancheck.ResourceActionCreate,
			),
			Check: alive(w, "api_key", true),
		},
		resource.TestStep{ // the account is gone, and its tokens with it
			PreConfig: func() { w.Sim.RemoveServiceAccount("sa::ci") },
			Config:    config, ConfigPlanChecks: acctest.Planned(token, plancheck.ResourceActionCreate),
		},
	)
}

func TestAccServiceAccountToken_exists(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
	first := w.Sim.AddToken("sa::ci", "x")
	config := strings.Replace(tokenOf("x"), account+".identifier", `"sa::ci"`, 1)
	imported := config + fmt.Sprintf("import {\n  to = %s\n  id = \"sa::ci/x\"\n}\n", token)
	var second string
	w.Run(t,
		resource.TestStep{
			Config:      config,
			ExpectError: acctest.Words(`import { to = svcacct_wavefront_service_account_token.NAME id = "sa::ci/x"`),
		},
		resource.TestStep{
			PreConfig: func() { second = w.Sim.AddToken("sa::ci", "x") },
			Config:    imported, ExpectError: acctest.Words(`sa::ci has 2 tokens named "x", generated at`),
		},
		resource.TestStep{
			PreConfig: func() { w.Sim.RemoveToken(second) }, Config: imported, ConfigPlanChecks: acctest.Planned(
				token, plancheck.ResourceActionNoop,
			),
			Check: acctest.Unchanged(token, "api_key", &first),
		},
		resource.TestStep{
			Config:           strings.Replace(imported, "sa::ci/x", "sa::ci", 1),
			ConfigPlanChecks: acctest.Planned(token, plancheck.ResourceActionNoop),
		},
	)
}

// An import during an overlap takes in the previous token, and the end of its overlap.
func TestAccServiceAccountToken_importedInOverlap(t *testing.T) {
	for name, overlap := range map[string]string{"overlap": `overlap = "24h"`, "none": ""} {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, wavefrontsim.Options{})
			w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
			previous := w.Sim.AddToken("sa::ci", "x (previous)")
			w.Sim.AddToken("sa::ci", "x")
			config := strings.Replace(tokenOf("x", overlap), account+".identifier", `"sa::ci"`, 1) +
				fmt.Sprintf("import {\n  to = %s\n  id = \"sa::ci/x\"\n}\n", token)
			if overlap == "" {
				w.Run(t, resource.TestStep{
					Config: config, Check: resource.ComposeTestCheckFunc(dead(w, &previous), named(w, "sa::ci", "x")),
				})
				return
			}
			w.Run(t,
				resource.TestStep{Config: config, Check: acctest.Unchanged(token, "previous_api_key", &previous)},
				resource.TestStep{
					PreConfig: func() { w.Clock.Advance(25 * time.Hour) }, Config: config,
					Check: resource.ComposeTestCheckFunc(dead(w, &previous), named(w, "sa::ci", "x")),
				},
			)
		})
	}
}

// Tokens of an inactive account are refused, and come back with it.
func TestAccServiceAccountToken_inactive(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	config := func(active string) string { return serviceAccount("sa::ci", "active = "+active) + tokenOf("x") }
	w.Run(t,
		resource.TestStep{Config: config("true"), Check: alive(w, "api_key", true)},
		resource.TestStep{Config: config("false"), Check: alive(w, "api_key", false)},
		resource.TestStep{Config: config("true"), Check: alive(w, "api_key", true)},
	)
}

func TestAccServiceAccountToken_noAccount(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	w.Run(t,
		resource.TestStep{
			Config:      strings.Replace(tokenOf("x"), account+".identifier", `"sa::nobody"`, 1),
			ExpectError: acctest.Words("the service account does not exist"),
		},
		resource.TestStep{Config: serviceAccount("sa::ci")},
	)
}

// The CLI passes no private state to the destruction of a tainted resource.
func TestAccTaint(t *testing.T) {
	for name, store := range map[string]string{"stored": "", "not stored": "store_api_key = false"} {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, wavefrontsim.Options{})
			config := withToken("x", `keepers = { v = "2" }`, `overlap = "1h"`, store)
			w.Run(t,
				resource.TestStep{Config: withToken("x", `keepers = { v = "1" }`, `overlap = "1h"`, store)},
				resource.TestStep{Config: config, Check: named(w, "sa::ci", "x", "x (previous)")},
				resource.TestStep{Config: config, Taint: []string{token}, Check: named(w, "sa::ci", "x")},
			)
		})
	}
	t.Run("the account", func(t *testing.T) { // referred to by its id, so that a new token is generated too
		w := simulator(t, wavefrontsim.Options{})
		config := strings.Replace(withToken("x"), account+".identifier", account+".id", 1)
		w.Run(t,
			resource.TestStep{Config: config},
			resource.TestStep{Config: config, Taint: []string{account}, Check: alive(w, "api_key", true)},
		)
	})
	t.Run("create before destroy", func(t *testing.T) {
		w := simulator(t, wavefrontsim.Options{})
		config := withToken("x", "lifecycle {\n    create_before_destroy = true\n  }")
		w.Run(t,
			resource.TestStep{Config: config},
			resource.TestStep{
				Config: config, Taint: []string{token},
				ExpectError: acctest.Words("change a keeper instead: a rotation needs no replacement"),
			},
			resource.TestStep{Config: strings.Replace(config, "true", "false", 1)},
		)
	})
}

// Two tokens swap their names in one apply, and two tokens with one name are an error.
func TestAccNames(t *testing.T) {
	both := func(a, b string) string {
		return serviceAccount("sa::ci") + tokenOf(a) + strings.Replace(tokenOf(b), `"test"`, `"two"`, 1)
	}
	t.Run("swapped", func(t *testing.T) {
		w := simulator(t, wavefrontsim.Options{})
		w.Run(t,
			resource.TestStep{Config: both("a", "b")},
			resource.TestStep{
				Config:            both("b", "a"),
				ConfigStateChecks: []statecheck.StateCheck{has(token, "name", knownvalue.StringExact("b"))},
			},
		)
	})
	t.Run("the same", func(t *testing.T) { // one after the other: the second create finds the first token
		w := simulator(t, wavefrontsim.Options{})
		w.Sim.Inject("generateTokenServiceAccount", simkit.Fault{Delay: 300 * time.Millisecond, Times: -1})
		w.Run(t,
			resource.TestStep{
				Config: both("a", "a"), ExpectError: acctest.Words("the account has a token of this name already"),
			},
			resource.TestStep{Config: both("b", "c"), Check: named(w, "sa::ci", "b", "c")}, // one of them was created
		)
	})
	t.Run("of another hand, while one is generated", func(t *testing.T) {
		w := simulator(t, wavefrontsim.Options{})
		w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
		w.Sim.Inject("generateTokenServiceAccount", simkit.Fault{Delay: 500 * time.Millisecond})
		go func() {
			for w.Sim.Count("getServiceAccount") < 2 { // the plan, and the look before
				time.Sleep(10 * time.Millisecond)
			}
			w.Sim.AddToken("sa::ci", "other")
		}()
		w.Run(t, resource.TestStep{
			Config: strings.Replace(tokenOf("x"), account+".identifier", `"sa::ci"`, 1),
			Check:  resource.ComposeTestCheckFunc(alive(w, "api_key", true), named(w, "sa::ci", "x", "other")),
		})
		for _, live := range w.Sim.LiveTokens("sa::ci") {
			if live.Name == "x" {
				t.Error("the token of the resource is not the one that was destroyed")
			}
		}
	})
	t.Run("reserved", func(t *testing.T) {
		w := simulator(t, wavefrontsim.Options{})
		refused := acctest.Words("must not be like a name that the provider gives")
		w.Run(t,
			resource.TestStep{Config: withToken("x (previous)"), PlanOnly: true, ExpectError: refused},
			resource.TestStep{
				Config: withToken("x (temporary until 2026-01-01T00:00:00Z, ABCDEFGH)"), PlanOnly: true,
				ExpectError: refused,
			},
		)
	})
}
