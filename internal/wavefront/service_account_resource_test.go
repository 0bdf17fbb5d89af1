package wavefront_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
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

// life is the whole life of an account: every attribute set, changed and cleared, with an empty
// plan after each step.
func life(w *acctest.Wavefront) []resource.TestStep {
	p := newPlace(w)
	system := wavefrontsim.ServiceAccountsID
	if w.Options.LegacyEveryone {
		system = wavefrontsim.EveryoneID
	}
	full := serviceAccount("sa::ci", `description = "builds"`, `permissions = ["ingestion", "metrics_management"]`,
		"roles = "+quoted(p.role), "user_groups = "+quoted(p.group))
	none := []statecheck.StateCheck{
		has(account, "description", knownvalue.Null()), has(
			account, "permissions", knownvalue.Null(),
		), has(account, "roles", knownvalue.Null()),
		has(account, "user_groups", knownvalue.Null()), has(
			account, "effective_user_groups", texts(p.byDefault, system),
		),
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
				has(
					account, "description", knownvalue.StringExact("builds"),
				), has(account, "roles", texts(p.role)), has(account, "user_groups", texts(p.group)),
				has(account, "effective_user_groups", texts(p.group, p.byDefault, system)),
			},
		},
		{Config: serviceAccount("sa::ci"), ConfigStateChecks: none},
		{Config: full},
		{
			Config: serviceAccount(
				"sa::ci", `description = ""`, `permissions = []`, `roles = []`, `user_groups = []`, `active = false`,
			),
			ConfigStateChecks: []statecheck.StateCheck{
				has(account, "active", knownvalue.Bool(false)), has(account, "permissions", texts()), has(
					account, "description", knownvalue.StringExact(""),
				),
				has(account, "effective_user_groups", texts(p.byDefault, system)),
			},
		},
		{
			Config: serviceAccount(
				"sa::ci", "roles = "+quoted(p.role, p.other), "user_groups = "+quoted(p.group, p.byDefault, system),
			),
		},
		{
			Config:            serviceAccount("sa::ci", "user_groups = "+quoted(p.group)),
			ConfigStateChecks: []statecheck.StateCheck{has(account, "user_groups", texts(p.group))},
		},
		{
			ResourceName: account, ImportState: true, ImportStateVerify: true, ImportStateId: "sa::ci",
			ImportStateVerifyIgnore: []string{"user_groups"},
		},
		{
			Config:           serviceAccount("sa::other"),
			ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionReplace),
		},
	}
}

func TestAccServiceAccount_life(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	w.Run(t, life(w)...)
	if left := w.Sim.Accounts(); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAccServiceAccount_requests(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	w.Run(t,
		resource.TestStep{
			Config: serviceAccount("sa::ci"), ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{acctest.During(fresh(w))},
			},
			Check: requests(w, map[string]int{"createServiceAccount": 1, "getServiceAccount": 1, "*": 2}),
		},
		resource.TestStep{
			Config:           serviceAccount("sa::ci", `description = "x"`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{acctest.During(fresh(w))}},
			// one to see whether the provider signs in with the account
			Check: requests(w, map[string]int{"updateServiceAccount": 1, "getServiceAccount": 2, "*": 3}),
		},
	)
}

func TestAccServiceAccount_invalid(t *testing.T) {
	for name, test := range map[string]struct{ config, words string }{
		"no prefix":     {serviceAccount("ci"), `write "sa::ci" instead of "ci"`},
		"upper case":    {serviceAccount("sa::CI"), `write "sa::ci" instead of "sa::CI"`},
		"half a prefix": {serviceAccount("SA:ci"), `write "sa::ci" instead of "SA:ci"`},
		"white space":   {serviceAccount("sa::my ci"), `write "sa::my-ci" instead of "sa::my ci"`},
		"prefix alone": {
			serviceAccount("sa::"), `identifier must be a lower case name with the prefix "sa::", such as "sa::ci"`,
		},
		"role by name": {
			serviceAccount("sa::ci", `roles = ["reader"]`),
			`The data source svcacct_wavefront_role finds the id of a name`,
		},
		"group by name": {
			serviceAccount("sa::ci", `user_groups = ["ci"]`),
			`The data source svcacct_wavefront_user_group finds the id of a name`,
		},
		"token_management": {
			serviceAccount("sa::ci", `permissions = ["token_management"]`), `Permission not for service accounts`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, wavefrontsim.Options{})
			w.Run(t, resource.TestStep{Config: test.config, PlanOnly: true, ExpectError: acctest.Words(test.words)})
			if got := w.Sim.Count("*"); got != 0 {
				t.Errorf("%d requests were sent", got)
			}
		})
	}
}

// If the server ignores or refuses a value, the error names the value; a create leaves no account
// on the server.
func TestAccServiceAccount_unknownIds(t *testing.T) {
	for name, options := range map[string]wavefrontsim.Options{
		"ignored": {}, "refused": {RefuseUnknownReferences: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, options)
			p := newPlace(w)
			gone := func(*terraform.State) error {
				if left := w.Sim.Accounts(); len(left) != 0 {
					return fmt.Errorf("left behind: %v", left)
				}
				return nil
			}
			mentions := regexp.MustCompile(unknown)
			w.Run(t,
				resource.TestStep{
					Config: serviceAccount("sa::ci", "user_groups = "+quoted(p.group, unknown)), ExpectError: mentions,
				},
				resource.TestStep{Config: serviceAccount("sa::ci", "roles = "+quoted(unknown)), ExpectError: mentions},
				resource.TestStep{PreConfig: func() {
					if err := gone(nil); err != nil {
						t.Error(err)
					}
				}, Config: serviceAccount("sa::ci", "user_groups = "+quoted(p.group))},
				resource.TestStep{
					Config: serviceAccount("sa::ci", "user_groups = "+quoted(p.group, unknown)), ExpectError: mentions,
				},
				resource.TestStep{
					Config: serviceAccount("sa::ci", "roles = "+quoted(p.role, unknown)), ExpectError: mentions,
				},
				resource.TestStep{Config: serviceAccount("sa::ci", "roles = "+quoted(p.role))},
			)
		})
	}
}

func TestAccServiceAccount_unknownPermission(t *testing.T) {
	for name, options := range map[string]wavefrontsim.Options{
		"refused": {}, "ignored": {IgnoreUnknownPermissions: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, options)
			w.Run(t,
				resource.TestStep{
					Config:      serviceAccount("sa::ci", `permissions = ["time_travel"]`),
					ExpectError: regexp.MustCompile("time_travel"),
				},
				resource.TestStep{Config: serviceAccount("sa::ci")},
			)
		})
	}
}

func TestAccServiceAccount_exists(t *testing.T) {
	for name, options := range map[string]wavefrontsim.Options{"400": {}, "409": {DuplicateConflict: true}} {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, options)
			w.Sim.AddServiceAccount(
				wavefrontsim.ServiceAccount{Identifier: "sa::ci", Description: "outside of Terraform"},
			)
			config := serviceAccount("sa::ci", `description = "outside of Terraform"`)
			w.Run(t,
				resource.TestStep{
					Config:      config,
					ExpectError: acctest.Words(`import { to = svcacct_wavefront_service_account.NAME id = "sa::ci"`),
				},
				resource.TestStep{
					Config:           config + "import {\n  to = " + account + "\n  id = \"sa::ci\"\n}\n",
					ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionNoop),
				},
			)
		})
	}
}

// Drift is found and changed back; changes by the server itself are not drift.
func TestAccServiceAccount_drift(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	p := newPlace(w)
	config := serviceAccount("sa::ci", "user_groups = "+quoted(p.group))
	w.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				other := w.Sim.AddUserGroup(wavefrontsim.UserGroup{Name: "of somebody else"})
				w.Sim.SetUserGroups("sa::ci", other, p.byDefault)
				w.Sim.SetRoles("sa::ci", p.role)
				w.Sim.SetPermissions("sa::ci", "ingestion")
				w.Sim.SetDescription("sa::ci", "mine")
				w.Sim.SetActive("sa::ci", false)
			},
			Config: config, ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				has(
					account, "effective_user_groups", texts(p.group, p.byDefault, wavefrontsim.ServiceAccountsID),
				), has(account, "roles", knownvalue.Null()),
			},
		},
		resource.TestStep{
			PreConfig: func() { w.Sim.RemoveUserGroup(p.byDefault) }, Config: config,
			ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionNoop),
		},
		resource.TestStep{Config: serviceAccount("sa::ci", `description = "later"`, "user_groups = "+quoted(p.group))},
		resource.TestStep{
			PreConfig: func() { w.Sim.RemoveServiceAccount("sa::ci") },
			Config:    config, ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionCreate),
		},
	)
}

// A refusal, a fault or throttling never means that an account is gone.
func TestAccServiceAccount_failures(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	config := serviceAccount("sa::ci")
	inject := func(operation string, fault simkit.Fault) func() {
		return func() { w.Sim.ClearFaults(); w.Sim.Inject(operation, fault) }
	}
	untouched := acctest.Planned(account, plancheck.ResourceActionNoop)
	w.Run(t,
		resource.TestStep{
			PreConfig: inject("createServiceAccount", wavefrontsim.Throttled(3)), Config: config,
			Check: requests(w, map[string]int{"createServiceAccount": 4}),
		},
		resource.TestStep{
			PreConfig: inject("getServiceAccount", wavefrontsim.Throttled(3)), Config: config,
			ConfigPlanChecks: untouched,
		},
		resource.TestStep{
			PreConfig: inject("getServiceAccount", wavefrontsim.Throttled(-1)), Config: config,
			ExpectError: regexp.MustCompile("406 Not Acceptable"),
		},
		resource.TestStep{
			PreConfig: inject("getServiceAccount", simkit.Fault{Status: 404, Times: -1}), Config: config,
			ExpectError: regexp.MustCompile("404 Not Found"),
		},
		resource.TestStep{
			PreConfig: inject("getServiceAccount", simkit.Fault{
				Status: 404, Times: -1, Body: `{"message":"no Route matched with those values"}`,
			}), Config: config, ExpectError: acctest.Words("404 Not Found: no Route matched"),
		},
		resource.TestStep{ // at a destroy too
			PreConfig: inject("deleteAccount", simkit.Fault{Status: 404, Body: `{"status":404,"error":"Not Found"}`}),
			Config:    config, Destroy: true, ExpectError: acctest.Words("404 Not Found: Not Found"),
		},
		resource.TestStep{
			PreConfig: inject("getServiceAccount", simkit.Fault{
				Status: 404, Times: -1, Body: `{"status":{"result":"ERROR","message":"no","code":404}}`,
			}), Config: config, ExpectError: acctest.Words("404 Not Found: no, but the list of all accounts has it"),
		},
		resource.TestStep{
			PreConfig: inject("getServiceAccount", wavefrontsim.BadGateway(-1)), Config: config,
			ExpectError: regexp.MustCompile("502 Bad Gateway"),
		},
		resource.TestStep{
			PreConfig: inject("getServiceAccount", simkit.Fault{Status: 401, Times: -1, Body: "{}"}), Config: config,
			ExpectError: acctest.Words("WAVEFRONT_TOKEN_FILE, is wrong or revoked"),
		},
		resource.TestStep{PreConfig: w.Sim.ClearFaults, Config: config, ConfigPlanChecks: untouched},
	)
}

// Lost responses: nothing is created twice, and no unknown account is left.
func TestAccServiceAccount_lost(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	drop := func(operation string, fault simkit.Fault) func() { return func() { w.Sim.Inject(operation, fault) } }
	w.Run(t,
		resource.TestStep{
			PreConfig: drop(
				"createServiceAccount", simkit.Fault{Drop: simkit.DropAfter},
			), Config: serviceAccount("sa::ci"),
			Check: requests(w, map[string]int{"createServiceAccount": 1}),
		},
		resource.TestStep{
			PreConfig: drop(
				"updateServiceAccount", simkit.Fault{Drop: simkit.DropAfter},
			), Config: serviceAccount("sa::ci", `description = "x"`),
			Check: requests(w, map[string]int{"updateServiceAccount": 2}),
		},
		resource.TestStep{
			PreConfig: drop("deleteAccount", simkit.Fault{Drop: simkit.DropAfter}), Config: serviceAccount("sa::ci"),
			Destroy: true,
		},
		resource.TestStep{
			PreConfig: drop(
				"createServiceAccount", simkit.Fault{Status: 500, Body: "{}"},
			), Config: serviceAccount("sa::ci"),
			ExpectError: acctest.Words("No account was found afterwards"),
		},
		resource.TestStep{Config: serviceAccount("sa::ci")},
	)
}

// The server returns success for a delete, and the account still exists.
func TestAccServiceAccount_deleteIsVerified(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	w.Run(t,
		resource.TestStep{Config: serviceAccount("sa::ci")},
		resource.TestStep{
			PreConfig: func() {
				w.Sim.Inject("deleteAccount", simkit.Fault{Status: 200, Body: `{"status":{"result":"OK","code":200}}`})
			},
			Config: serviceAccount("sa::ci"), Destroy: true, ExpectError: acctest.Words("success for the delete, but " +
				"the account still exists"),
		},
		resource.TestStep{
			Config: serviceAccount("sa::ci"), ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionNoop),
		},
	)
}

func TestAccServiceAccount_importById(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
	imported := func(id string) string {
		return serviceAccount("sa::ci") + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", account, id)
	}
	w.Run(t,
		resource.TestStep{
			Config: imported("sa::CI"), ExpectError: acctest.Words("in lower case and with its prefix: sa::ci"),
		},
		resource.TestStep{
			Config: imported("sa::nobody"), ExpectError: acctest.Words("Cannot import non-existent remote object"),
		},
		resource.TestStep{
			Config: imported("https://other.wavefront.com/api/v2/account/serviceaccount/sa%3A%3Aci"),
			ExpectError: acctest.Words("on the host other.wavefront.com. The provider is configured for the host " +
				strings.TrimPrefix(w.Settings["endpoint"], "http://") + ". If both are names"),
		},
		resource.TestStep{
			Config:           imported(" " + w.Settings["endpoint"] + "/api/v2/account/serviceaccount/sa%3A%3Aci\n"),
			ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionNoop),
		},
	)
}

// An import block with for_each imports each account, and changes none.
func TestAccServiceAccount_importForEach(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	for _, name := range []string{"sa::build", "sa::ci", "sa::night"} {
		w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: name})
	}
	workspace := w.NewWorkspace(t, `
locals { names = toset(["build", "ci", "night"]) }

import {
  for_each = local.names
  to       = svcacct_wavefront_service_account.test[each.key]
  id       = "sa::${each.key}"
}

resource "svcacct_wavefront_service_account" "test" {
  for_each   = local.names
  identifier = "sa::${each.key}"
}
`)
	output := workspace.MustRun(t, 0, "apply", "-auto-approve", "-no-color")
	if !strings.Contains(output, "3 imported, 0 added, 0 changed, 0 destroyed") {
		t.Errorf("the apply does not only import:\n%s", output)
	}
	workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
}

func TestAccServiceAccountToken_importURL(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
	key := w.Sim.AddToken("sa::ci", "x")
	workspace := w.NewWorkspace(t, strings.Replace(tokenOf("x"), account+".identifier", `"sa::ci"`, 1))
	output := workspace.MustRun(t, 1, "import", "-no-color", token,
		w.Settings["endpoint"]+"/api/v2/apitoken/serviceaccount/sa::ci/"+key)
	_, ours, _ := strings.Cut(output, "Error:") // the CLI itself repeats the id before
	if !acctest.Words("The URL of a token is no import id").MatchString(ours) || strings.Contains(ours, key) {
		t.Errorf("the error does not explain, or repeats the key:\n%s", ours)
	}
	workspace.MustRun(t, 0, "import", token, " sa::ci/x\n")
}

// The server sends a message although the account is as configured.
func TestAccServiceAccount_remark(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	workspace := w.NewWorkspace(t, serviceAccount("sa::ci"))
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci"})
	w.Sim.Inject(
		"getServiceAccount", simkit.Fault{Status: 404, Body: `{"status":{"result":"ERROR","message":"no","code":404}}`},
	)
	w.Sim.Inject(
		"createServiceAccount",
		simkit.Fault{
			Status: 200,
			Body: `{"status":{"result":"OK","message":"nearly used up","code":202},` +
				`"response":{"identifier":"sa::ci"}}`,
		},
	)
	if output := workspace.MustRun(t, 0, "apply", "-auto-approve"); !strings.Contains(output, "nearly used up") {
		t.Errorf("the remark is not in the output:\n%s", output)
	}
}

// A user group from which the server did not remove the account.
func TestAccServiceAccount_groupStays(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	group := w.Sim.AddUserGroup(wavefrontsim.UserGroup{Name: "admins"})
	w.Run(t,
		resource.TestStep{Config: serviceAccount("sa::ci", "user_groups = "+quoted(group))},
		resource.TestStep{PreConfig: func() {
			w.Sim.Inject(
				"updateServiceAccount",
				simkit.Fault{
					Status: 200,
					Body:   `{"status":{"result":"OK","message":"","code":200},"response":{"identifier":"sa::ci"}}`,
				},
			)
		}, Config: serviceAccount("sa::ci"), ExpectError: acctest.Words("but the account is still in the user group")},
		resource.TestStep{
			Config:           serviceAccount("sa::ci"),
			ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionUpdate),
		},
	)
}

// vmwareState returns a state with the instances of one resource as version 5.1 of the provider
// vmware/wavefront writes it. The keys are those of for_each.
func vmwareState(t *testing.T, host string, instances map[string]map[string]any) []byte {
	t.Helper()
	var all []any
	for key, attributes := range instances {
		instance := map[string]any{
			"schema_version": 0, "attributes": attributes, "sensitive_attributes": []any{}, "private": "bnVsbA==",
		}
		if key != "" {
			instance["index_key"] = key
		}
		all = append(all, instance)
	}
	state, err := json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.5.7", "serial": 7, "outputs": map[string]any{},
		"lineage": "4f4c1c55-6f0c-2f5e-8d3a-1f1e4a3b0c11",
		"resources": []any{map[string]any{
			"mode": "managed", "type": "wavefront_service_account", "name": "ci",
			"provider": fmt.Sprintf("provider[%q]", host+"/vmware/wavefront"), "instances": all,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// vmwareProvider puts a file where the CLI looks for that provider: the CLI needs every provider of
// a state, but asks only the new one about a move.
func vmwareProvider(t *testing.T, workspace acctest.Workspace, host string) {
	t.Helper()
	platform := runtime.GOOS + "_" + runtime.GOARCH
	dir := filepath.Join(workspace.Dir, ".mirror", host, "vmware", "wavefront", "5.1.0", platform)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	ours, err := filepath.Glob(
		filepath.Join(workspace.Dir, ".mirror", host, "svcacct", "svcacct", "*", platform, "terraform-provider-*"),
	)
	if err != nil || len(ours) != 1 {
		t.Fatal(ours, err)
	}
	if err := os.Symlink(ours[0], filepath.Join(dir, "terraform-provider-wavefront_v5.1.0")); err != nil {
		t.Fatal(err)
	}
}

// moveFromVMware returns a workspace whose state has accounts of the provider vmware/wavefront, and
// whose configuration moves them.
func moveFromVMware(
	t *testing.T, w *acctest.Wavefront, config string, instances map[string]map[string]any,
) acctest.Workspace {
	t.Helper()
	workspace := w.NewWorkspace(t, serviceAccount("sa::unused"))
	host := "registry.terraform.io"
	if os.Getenv("TF_ACC_PROVIDER_HOST") != "" {
		host = os.Getenv("TF_ACC_PROVIDER_HOST")
	}
	vmwareProvider(t, workspace, host)
	state := vmwareState(t, host, instances)
	if err := os.WriteFile(filepath.Join(workspace.Dir, "terraform.tfstate"), state, 0o600); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(config, "moved {") {
		config += "\nmoved {\n  from = wavefront_service_account.ci\n  to   = " + account + "\n}\n"
	}
	workspace.Write(t, config)
	workspace.MustRun(t, 0, "init")
	return workspace
}

// wantUntouched checks that no account was created, changed or deleted, and that a token works.
func wantUntouched(t *testing.T, w *acctest.Wavefront, token string) {
	t.Helper()
	for _, operation := range []string{"createServiceAccount", "updateServiceAccount", "deleteAccount"} {
		if got := w.Sim.Count(operation); got != 0 {
			t.Errorf("%s was requested %d times", operation, got)
		}
	}
	if !w.Sim.TokenAlive(token) {
		t.Error("the token was revoked")
	}
}

// An account of the provider vmware/wavefront is moved and not changed. The first plan warns of the
// token that came with it.
func TestAccServiceAccount_moved(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	group := w.Sim.AddUserGroup(wavefrontsim.UserGroup{Name: "ci"})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{
		Identifier: "sa::ci", Description: "builds", Permissions: []string{"ingestion"}, UserGroups: []string{group},
	})
	unused := w.Sim.AddToken("sa::ci", "main")
	config := serviceAccount("sa::ci", `description = "builds"`, `permissions = ["ingestion"]`,
		"user_groups = "+quoted(group))
	workspace := moveFromVMware(t, w, config, map[string]map[string]any{"": {
		"id": "sa::CI", "identifier": "sa::CI", "active": true, "description": "builds",
		"permissions": []string{"ingestion"}, "user_groups": []string{wavefrontsim.ServiceAccountsID, group},
		"ingestion_policy": nil,
	}})

	output := workspace.MustRun(t, 0, "plan", "-out=saved")
	for _, words := range []string{"moved", "An unused token of sa::ci", "0 to add, 0 to change, 0 to destroy"} {
		if !acctest.Words(words).MatchString(output) {
			t.Errorf("not in the output: %s\n%s", words, output)
		}
	}
	if strings.Contains(output, unused) {
		t.Error("the token is in the output")
	}
	workspace.MustRun(t, 0, "apply", "saved")
	output = workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
	if strings.Contains(output, "unused token") {
		t.Error("the warning comes again")
	}
	wantUntouched(t, w, unused)
}

// One moved block moves all instances of a resource, each with its own identity, groups and warning.
func TestAccServiceAccount_movedInstances(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	group := w.Sim.AddUserGroup(wavefrontsim.UserGroup{Name: "ci"})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::ci", UserGroups: []string{group}})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::backup", Inactive: true})
	unused := w.Sim.AddToken("sa::ci", "main")
	// The usual old configuration lists the system group.
	config := `resource "svcacct_wavefront_service_account" "test" {
  for_each    = { ci = ` + quoted(group, wavefrontsim.ServiceAccountsID) + `, backup = null }
  identifier  = "sa::${each.key}"
  active      = each.key == "ci"
  user_groups = each.value
}
`
	workspace := moveFromVMware(t, w, config, map[string]map[string]any{
		"ci": {
			"id": "sa::ci", "identifier": "sa::ci", "active": true, "description": "", "permissions": []string{},
			"user_groups": []string{group}, "ingestion_policy": nil,
		},
		"backup": {
			"id": "sa::backup", "identifier": "sa::BACKUP", "active": false, "description": nil, "permissions": nil,
			"user_groups": nil, "ingestion_policy": nil,
		},
	})
	output := workspace.MustRun(t, 0, "apply", "-auto-approve")
	for _, words := range []string{
		`wavefront_service_account.ci["ci"]`, `wavefront_service_account.ci["backup"]`, "has moved to",
		"An unused token of sa::ci", "0 added, 0 changed, 0 destroyed",
	} {
		if !acctest.Words(words).MatchString(output) {
			t.Errorf("not in the output: %s\n%s", words, output)
		}
	}
	if strings.Contains(output, "An unused token of sa::backup") {
		t.Errorf("a warning of another instance:\n%s", output)
	}
	workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
	wantUntouched(t, w, unused)
}

// Each of two moved blocks moves one instance. Their configuration lists nothing but the system group.
func TestAccServiceAccount_movedSingly(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	config := `resource "svcacct_wavefront_service_account" "test" {
  for_each    = toset(["ci", "backup"])
  identifier  = "sa::${each.key}"
  user_groups = ` + quoted(wavefrontsim.ServiceAccountsID) + `
}
`
	instances := map[string]map[string]any{}
	for _, name := range []string{"ci", "backup"} {
		w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::" + name})
		instances[name] = map[string]any{
			"id": "sa::" + name, "identifier": "sa::" + name, "active": true, "description": "", "permissions": nil,
			"user_groups": []string{wavefrontsim.ServiceAccountsID}, "ingestion_policy": nil,
		}
		config += fmt.Sprintf("moved {\n  from = wavefront_service_account.ci[%q]\n  to   = %s[%q]\n}\n", name, account,
			name)
	}
	workspace := moveFromVMware(t, w, config, instances)
	if output := workspace.MustRun(t, 0, "apply", "-no-color", "-auto-approve"); !strings.Contains(output,
		"0 added, 0 changed, 0 destroyed") {
		t.Error(output)
	}
	workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
}

// Every attribute may be unknown in the plan of a create, and every attribute but the identifier in
// that of an update.
func TestAccServiceAccount_unknown(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	p := newPlace(w)
	config := func(release int, identifier, description, active string, permissions, roles, groups []string) string {
		const output = "terraform_data.later.output"
		return later(release, fmt.Sprintf("description = %q", description), "active = "+active,
			"permissions = "+quoted(permissions...), "roles = "+quoted(roles...), "groups = "+quoted(groups...)) +
			strings.Replace(serviceAccount("%", "description = "+output+".description", "active = "+output+".active",
				"permissions = "+output+".permissions", "user_groups = "+output+".groups",
				"roles = [for role in "+output+".roles : role]", "allow_self_lockout = "+output+".active",
			), `"%"`, identifier, 1)
	}
	unknowns := []string{
		"active", "allow_self_lockout", "description", "effective_user_groups", "permissions", "roles",
		"united_permissions", "united_roles", "user_groups",
	}
	const unknownIdentifier = `terraform_data.later.output.release == 0 ? "sa::no" : "sa::ci"`
	w.Run(t,
		resource.TestStep{
			Config: config(
				1, unknownIdentifier, "builds", "true", []string{"ingestion"}, []string{p.role}, []string{p.group},
			),
			ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionCreate,
				acctest.UnknownAfter(account, append(unknowns, "id", "identifier")...)),
			ConfigStateChecks: []statecheck.StateCheck{
				has(account, "id", knownvalue.StringExact("sa::ci")), has(account, "active", knownvalue.Bool(true)),
				has(account, "description", knownvalue.StringExact("builds")), has(account, "roles", texts(p.role)),
			},
		},
		resource.TestStep{ // the same values, which the plan does not know
			Config: config(2, `"sa::ci"`, "builds", "true", []string{"ingestion"}, []string{p.role}, []string{p.group}),
			ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionUpdate,
				acctest.UnknownAfter(account, unknowns...)),
		},
		resource.TestStep{ // other values
			Config: config(3, `"sa::ci"`, "", "false", nil, []string{p.other}, nil),
			ConfigStateChecks: []statecheck.StateCheck{
				has(account, "active", knownvalue.Bool(false)), has(account, "permissions", texts()),
				has(account, "roles", texts(p.other)), has(account, "user_groups", texts()),
				has(account, "effective_user_groups", texts(p.byDefault, wavefrontsim.ServiceAccountsID)),
			},
		},
	)
}

// What a plan says while an attribute is unknown holds for all values that it may turn out to have, and an
// update marks as unknown only what it can change.
func TestServiceAccountPlan(t *testing.T) {
	const group, other, role = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002",
		"00000000-0000-4000-8000-000000000003"
	const groups, permissions, roles = "effective_user_groups", "united_permissions", "united_roles"
	cases := map[string]unknownCase{
		"active":             {[]any{false, nil}, nil, nil},
		"allow_self_lockout": {[]any{true, nil}, nil, nil},
		"description":        {[]any{"y", nil}, nil, nil},
		"identifier": {
			[]any{"sa::other"}, []string{"id", groups, permissions, roles},
			[]string{"WARNING identifier: Replacement by an unknown value: "},
		},
		"permissions": {[]any{listOf("log_management"), listOf(), nil}, []string{permissions}, nil},
		"roles":       {[]any{listOf(other), listOf(), nil}, []string{permissions, roles}, nil},
		"user_groups": {[]any{listOf(other), listOf(), nil}, []string{groups, permissions, roles}, nil},
	}
	state := acctest.Values{
		"id": "sa::ci", "identifier": "sa::ci", "active": true, "description": "x",
		"permissions": listOf("ingestion"), "roles": listOf(role), "user_groups": listOf(group),
		groups: listOf(group, wavefrontsim.ServiceAccountsID), permissions: listOf("ingestion"), roles: listOf(role),
	}
	least := acctest.Values{
		"id": "sa::ci", "identifier": "sa::ci", "active": true,
		groups: listOf(wavefrontsim.ServiceAccountsID), permissions: listOf(), roles: listOf(),
	}
	imported := maps.Clone(least)
	imported["user_groups"] = listOf()
	p := acctest.NewPlanner(t, "svcacct_wavefront_service_account")
	private := map[string]string{"kept_user_groups": "[" + strconv.Quote(wavefrontsim.ServiceAccountsID) + "]"}
	for name, test := range map[string]struct{ state, other acctest.Values }{
		"all set": {state, nil}, "nothing set": {least, nil}, "imported": {imported, nil},
		"the added group is listed": {
			state, acctest.Values{"user_groups": listOf(group, wavefrontsim.ServiceAccountsID)},
		},
		"the added group is listed alone": {
			imported, acctest.Values{"user_groups": listOf(wavefrontsim.ServiceAccountsID)},
		},
	} {
		t.Run(name, func(t *testing.T) { checkUnknown(t, p, test.state, test.other, private, cases) })
	}
}

// An update marks as unknown only what it can change, and a group that the server added stays after it
// was listed for some time.
func TestAccServiceAccount_unaffected(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	p := newPlace(w)
	known := acctest.KnownAfter(account, "effective_user_groups", "united_permissions", "united_roles")
	both := has(account, "effective_user_groups", texts(p.byDefault, wavefrontsim.ServiceAccountsID))
	w.Run(t,
		resource.TestStep{Config: serviceAccount("sa::ci")},
		resource.TestStep{
			Config:           serviceAccount("sa::ci", `description = "x"`),
			ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionUpdate, known),
		},
		resource.TestStep{
			Config: later(1, `description = "y"`) +
				serviceAccount("sa::ci", "description = terraform_data.later.output.description"),
			ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionUpdate, known),
		},
		resource.TestStep{
			Config:            serviceAccount("sa::ci", "user_groups = "+quoted(p.byDefault)),
			ConfigStateChecks: []statecheck.StateCheck{both},
		},
		resource.TestStep{Config: serviceAccount("sa::ci"), ConfigStateChecks: []statecheck.StateCheck{both}},
	)
}

// Without a refresh, an update keeps the groups that the server added, and a change outside of
// Terraform is no error.
func TestAccServiceAccount_noRefresh(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	p := newPlace(w)
	workspace := w.NewWorkspace(t, serviceAccount("sa::ci", "user_groups = "+quoted(p.group)))
	workspace.MustRun(t, 0, "apply", "-auto-approve", "-refresh=false")
	w.Sim.SetDescription("sa::ci", "of somebody else")
	w.Sim.ResetRequests()
	workspace.Write(t, serviceAccount("sa::ci", `description = "builds"`, "user_groups = "+quoted(p.group)))
	workspace.MustRun(t, 0, "apply", "-auto-approve", "-refresh=false")
	if err := requests(w, map[string]int{"updateServiceAccount": 1, "getServiceAccount": 2, "*": 3})(nil); err != nil {
		t.Error(err)
	}
	workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
	w.Sim.RemoveServiceAccount("sa::ci")
	workspace.Write(t, serviceAccount("sa::ci", `description = "later"`, "user_groups = "+quoted(p.group)))
	output := workspace.MustRun(t, 1, "apply", "-auto-approve", "-refresh=false")
	if !acctest.Words("Unable to update Wavefront service account").MatchString(output) {
		t.Errorf("the error does not say what failed:\n%s", output)
	}
	workspace.MustRun(t, 0, "apply", "-auto-approve")
}
