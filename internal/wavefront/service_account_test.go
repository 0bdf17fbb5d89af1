package wavefront_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// place is what an account can be put into.
type place struct{ role, other, group, byDefault string }

func newPlace(w *acctest.Wavefront) place {
	p := place{
		role:      w.Sim.AddRole(wavefrontsim.Role{Name: "reader", Permissions: []string{"dashboard_management"}}),
		other:     w.Sim.AddRole(wavefrontsim.Role{Name: "writer", Permissions: []string{"ingestion"}}),
		byDefault: w.Sim.AddUserGroup(wavefrontsim.UserGroup{Name: "organisation default"}),
	}
	p.group = w.Sim.AddUserGroup(wavefrontsim.UserGroup{Name: "ci", Roles: []string{p.other}})
	w.Sim.SetDefaultUserGroups(p.byDefault)
	return p
}

// life is the whole life of an account: every attribute set, changed and cleared, with an empty plan after each step.
func life(w *acctest.Wavefront) []resource.TestStep {
	p := newPlace(w)
	system := wavefrontsim.ServiceAccountsID
	if w.Options.LegacyEveryone {
		system = wavefrontsim.EveryoneID
	}
	full := serviceAccount("sa::ci", `description = "builds"`, `permissions = ["ingestion", "metrics_management"]`,
		"roles = "+quoted(p.role), "user_groups = "+quoted(p.group))
	none := []statecheck.StateCheck{
		has(account, "description", knownvalue.Null()), has(account, "permissions", knownvalue.Null()), has(account, "roles", knownvalue.Null()),
		has(account, "user_groups", knownvalue.Null()), has(account, "effective_user_groups", texts(p.byDefault, system)),
		has(account, "united_permissions", texts()), has(account, "united_roles", texts()),
	}
	return []resource.TestStep{
		{
			Config: serviceAccount("sa::ci"),
			ConfigStateChecks: append([]statecheck.StateCheck{
				has(account, "id", knownvalue.StringExact("sa::ci")), has(account, "active", knownvalue.Bool(true)),
			}, none...),
		},
		{
			Config:           full,
			ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				has(account, "description", knownvalue.StringExact("builds")), has(account, "roles", texts(p.role)), has(account, "user_groups", texts(p.group)),
				has(account, "effective_user_groups", texts(p.group, p.byDefault, system)),
			},
		},
		{Config: serviceAccount("sa::ci"), ConfigStateChecks: none},
		{Config: full},
		{
			Config: serviceAccount("sa::ci", `description = ""`, `permissions = []`, `roles = []`, `user_groups = []`, `active = false`),
			ConfigStateChecks: []statecheck.StateCheck{
				has(account, "active", knownvalue.Bool(false)), has(account, "permissions", texts()), has(account, "description", knownvalue.StringExact("")),
				has(account, "effective_user_groups", texts(p.byDefault, system)),
			},
		},
		{Config: serviceAccount("sa::ci", "roles = "+quoted(p.role, p.other), "user_groups = "+quoted(p.group, p.byDefault, system))},
		{Config: serviceAccount("sa::ci", "user_groups = "+quoted(p.group)), ConfigStateChecks: []statecheck.StateCheck{has(account, "user_groups", texts(p.group))}},
		{ResourceName: account, ImportState: true, ImportStateVerify: true, ImportStateId: "sa::ci", ImportStateVerifyIgnore: []string{"user_groups"}},
		{Config: serviceAccount("sa::other"), ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionReplace)},
	}
}

func TestAccServiceAccount_life(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	w.Run(t, life(w)...)
	if left := w.Sim.Accounts(); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAccServiceAccount_requests(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	w.Run(t,
		resource.TestStep{
			Config: serviceAccount("sa::ci"), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{acctest.During(fresh(w))}},
			Check: requests(w, map[string]int{"createServiceAccount": 1, "getServiceAccount": 2, "*": 3}),
		},
		resource.TestStep{
			Config:           serviceAccount("sa::ci", `description = "x"`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{acctest.During(fresh(w))}},
			Check:            requests(w, map[string]int{"updateServiceAccount": 1, "*": 2}),
		},
	)
}

func TestAccServiceAccount_invalid(t *testing.T) {
	for name, test := range map[string]struct{ config, words string }{
		"no prefix":        {serviceAccount("ci"), `write "sa::ci" instead of "ci"`},
		"upper case":       {serviceAccount("sa::CI"), `write "sa::ci" instead of "sa::CI"`},
		"half a prefix":    {serviceAccount("SA:ci"), `write "sa::ci" instead of "SA:ci"`},
		"white space":      {serviceAccount("sa::my ci"), `write "sa::my-ci" instead of "sa::my ci"`},
		"prefix alone":     {serviceAccount("sa::"), `identifier must be a lower case name with the prefix "sa::", such as "sa::ci"`},
		"role by name":     {serviceAccount("sa::ci", `roles = ["reader"]`), `The data source svcacct_wavefront_role finds the id of a name`},
		"group by name":    {serviceAccount("sa::ci", `user_groups = ["ci"]`), `The data source svcacct_wavefront_user_group finds the id of a name`},
		"token_management": {serviceAccount("sa::ci", `permissions = ["token_management"]`), `Permission not for service accounts`},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.NewWavefront(t, wavefrontsim.Options{})
			w.Run(t, resource.TestStep{Config: test.config, PlanOnly: true, ExpectError: acctest.Words(test.words)})
			if got := w.Sim.Count("*"); got != 0 {
				t.Errorf("%d requests were sent", got)
			}
		})
	}
}

// What the server ignores is an error that names it, whether it says so or refuses outright; a create leaves nothing behind.
func TestAccServiceAccount_unknownIds(t *testing.T) {
	for name, options := range map[string]wavefrontsim.Options{"ignored": {}, "refused": {RefuseUnknownReferences: true}} {
		t.Run(name, func(t *testing.T) {
			w := acctest.NewWavefront(t, options)
			p := newPlace(w)
			gone := func(*terraform.State) error {
				if left := w.Sim.Accounts(); len(left) != 0 {
					return fmt.Errorf("left behind: %v", left)
				}
				return nil
			}
			mentions := regexp.MustCompile(unknown)
			w.Run(t,
				resource.TestStep{Config: serviceAccount("sa::ci", "user_groups = "+quoted(p.group, unknown)), ExpectError: mentions},
				resource.TestStep{Config: serviceAccount("sa::ci", "roles = "+quoted(unknown)), ExpectError: mentions},
				resource.TestStep{PreConfig: func() {
					if err := gone(nil); err != nil {
						t.Error(err)
					}
				}, Config: serviceAccount("sa::ci", "user_groups = "+quoted(p.group))},
				resource.TestStep{Config: serviceAccount("sa::ci", "user_groups = "+quoted(p.group, unknown)), ExpectError: mentions},
				resource.TestStep{Config: serviceAccount("sa::ci", "roles = "+quoted(p.role, unknown)), ExpectError: mentions},
				resource.TestStep{Config: serviceAccount("sa::ci", "roles = "+quoted(p.role))},
			)
		})
	}
}

func TestAccServiceAccount_unknownPermission(t *testing.T) {
	for name, options := range map[string]wavefrontsim.Options{"refused": {}, "ignored": {IgnoreUnknownPermissions: true}} {
		t.Run(name, func(t *testing.T) {
			w := acctest.NewWavefront(t, options)
			w.Run(t,
				resource.TestStep{Config: serviceAccount("sa::ci", `permissions = ["time_travel"]`), ExpectError: regexp.MustCompile("time_travel")},
				resource.TestStep{Config: serviceAccount("sa::ci")},
			)
		})
	}
}

func TestAccServiceAccount_exists(t *testing.T) {
	for name, options := range map[string]wavefrontsim.Options{"400": {}, "409": {DuplicateConflict: true}} {
		t.Run(name, func(t *testing.T) {
			w := acctest.NewWavefront(t, options)
			w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci", Description: "by hand"})
			config := serviceAccount("sa::ci", `description = "by hand"`)
			w.Run(t,
				resource.TestStep{Config: config, ExpectError: acctest.Words(`import { to = svcacct_wavefront_service_account.NAME id = "sa::ci"`)},
				resource.TestStep{Config: config + "import {\n  to = " + account + "\n  id = \"sa::ci\"\n}\n", ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionNoop)},
			)
		})
	}
}

// Drift is seen and taken back; what the server itself does is not drift.
func TestAccServiceAccount_drift(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	p := newPlace(w)
	config := serviceAccount("sa::ci", "user_groups = "+quoted(p.group))
	w.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				stranger := w.Sim.AddUserGroup(wavefrontsim.UserGroup{Name: "stranger"})
				w.Sim.SetUserGroups("sa::ci", stranger, p.byDefault)
				w.Sim.SetRoles("sa::ci", p.role)
				w.Sim.SetPermissions("sa::ci", "ingestion")
				w.Sim.SetDescription("sa::ci", "mine")
				w.Sim.SetActive("sa::ci", false)
			},
			Config: config, ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				has(account, "effective_user_groups", texts(p.group, p.byDefault, wavefrontsim.ServiceAccountsID)), has(account, "roles", knownvalue.Null()),
			},
		},
		resource.TestStep{PreConfig: func() { w.Sim.RemoveUserGroup(p.byDefault) }, Config: config, ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionNoop)},
		resource.TestStep{Config: serviceAccount("sa::ci", `description = "later"`, "user_groups = "+quoted(p.group))},
		resource.TestStep{
			PreConfig: func() { w.Sim.RemoveServiceAccount("sa::ci") },
			Config:    config, ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionCreate),
		},
	)
}

// A refusal, a fault or throttling never means that an account is gone.
func TestAccServiceAccount_failures(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	config := serviceAccount("sa::ci")
	inject := func(operation string, fault simkit.Fault) func() {
		return func() { w.Sim.ClearFaults(); w.Sim.Inject(operation, fault) }
	}
	untouched := acctest.Planned(account, plancheck.ResourceActionNoop)
	w.Run(t,
		resource.TestStep{PreConfig: inject("createServiceAccount", wavefrontsim.Throttled(3)), Config: config, Check: requests(w, map[string]int{"createServiceAccount": 4})},
		resource.TestStep{PreConfig: inject("getServiceAccount", wavefrontsim.Throttled(3)), Config: config, ConfigPlanChecks: untouched},
		resource.TestStep{PreConfig: inject("getServiceAccount", wavefrontsim.Throttled(-1)), Config: config, ExpectError: regexp.MustCompile("406 Not Acceptable")},
		resource.TestStep{PreConfig: inject("getServiceAccount", simkit.Fault{Status: 404, Times: -1}), Config: config, ExpectError: regexp.MustCompile("404 Not Found")},
		resource.TestStep{PreConfig: inject("getServiceAccount", wavefrontsim.BadGateway(-1)), Config: config, ExpectError: regexp.MustCompile("502 Bad Gateway")},
		resource.TestStep{PreConfig: inject("getServiceAccount", simkit.Fault{Status: 401, Times: -1, Body: "{}"}), Config: config, ExpectError: acctest.Words("from WAVEFRONT_TOKEN, is wrong or revoked")},
		resource.TestStep{PreConfig: w.Sim.ClearFaults, Config: config, ConfigPlanChecks: untouched},
	)
}

// The answers that get lost: nothing is made twice, and nothing is left behind.
func TestAccServiceAccount_lost(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	drop := func(operation string, fault simkit.Fault) func() { return func() { w.Sim.Inject(operation, fault) } }
	w.Run(t,
		resource.TestStep{
			PreConfig: drop("createServiceAccount", simkit.Fault{Drop: simkit.DropAfter}), Config: serviceAccount("sa::ci"),
			Check: requests(w, map[string]int{"createServiceAccount": 1}),
		},
		resource.TestStep{
			PreConfig: drop("updateServiceAccount", simkit.Fault{Drop: simkit.DropAfter}), Config: serviceAccount("sa::ci", `description = "x"`),
			Check: requests(w, map[string]int{"updateServiceAccount": 2}),
		},
		resource.TestStep{PreConfig: drop("deleteAccount", simkit.Fault{Drop: simkit.DropAfter}), Config: serviceAccount("sa::ci"), Destroy: true},
		resource.TestStep{
			PreConfig: drop("createServiceAccount", simkit.Fault{Status: 500, Body: "{}"}), Config: serviceAccount("sa::ci"),
			ExpectError: acctest.Words("No account was found afterwards"),
		},
		resource.TestStep{Config: serviceAccount("sa::ci")},
	)
}

// A success that is none: the account is still there.
func TestAccServiceAccount_deleteIsVerified(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	w.Run(t,
		resource.TestStep{Config: serviceAccount("sa::ci")},
		resource.TestStep{
			PreConfig: func() {
				w.Sim.Inject("deleteAccount", simkit.Fault{Status: 200, Body: `{"status":{"result":"OK","code":200}}`})
			},
			Config: serviceAccount("sa::ci"), Destroy: true, ExpectError: acctest.Words("deleted the account, but it is still there"),
		},
		resource.TestStep{Config: serviceAccount("sa::ci"), ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionNoop)},
	)
}

func TestAccServiceAccount_importById(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
	imported := func(id string) string {
		return serviceAccount("sa::ci") + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", account, id)
	}
	w.Run(t,
		resource.TestStep{Config: imported("sa::CI"), ExpectError: acctest.Words("in lower case and with its prefix: sa::ci")},
		resource.TestStep{Config: imported("sa::nobody"), ExpectError: acctest.Words("Cannot import non-existent remote object")},
		resource.TestStep{Config: imported("sa::ci"), ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionNoop)},
	)
}
