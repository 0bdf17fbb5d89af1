package waldur_test

import (
	"fmt"
	"net/http"
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
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

const (
	robot    = "svcacct_waldur_robot_account.test"
	robotKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJW72pNaLpGCcYp4gDKEz7WMkphnkFPlJ//JmTB/bInl ci@build-7"
	otherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ops"
	// What the operations of the API are called, before "_create" and the like.
	robotOperation = "marketplace_robot_accounts"
)

// robotConfig returns the configuration of an account of a type, with further attributes a line each.
func robotConfig(w *acctest.Waldur, kind string, attributes ...string) string {
	return fmt.Sprintf("resource \"svcacct_waldur_robot_account\" \"test\" {\n  resource_uuid = %q\n  type = %q\n  %s\n}\n",
		w.Resource, kind, strings.Join(attributes, "\n  "))
}

func robotServer(t *testing.T, options waldursim.Options) *acctest.Waldur {
	t.Helper()
	w := acctest.NewWaldur(t, options)
	w.Simulated(t, "robot accounts need a resource and people who use it")
	return w
}

func TestAccRobotAccount_life(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	has := func(attribute string, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(robot, tfjsonpath.New(attribute), value)
	}
	uuid := ""
	people := func(uuids ...string) string { return fmt.Sprintf("users = [%q]", strings.Join(uuids, `", "`)) }
	quoted := func(list string) string { return strings.ReplaceAll(list, `\"`, `"`) }
	w.Run(t,
		resource.TestStep{
			Config: robotConfig(w, "cicd"),
			ConfigStateChecks: []statecheck.StateCheck{
				has("state", knownvalue.StringExact("OK")), has("users", knownvalue.Null()), has("keys", knownvalue.Null()), has("username", knownvalue.StringExact("")),
				has("description", knownvalue.Null()), has("responsible_user", knownvalue.Null()), has("fingerprints", knownvalue.ListSizeExact(0)),
				has("deletion_mode", knownvalue.StringExact("delete")), has("backend_id", knownvalue.Null()), has("error_message", knownvalue.Null()),
				has("resource_name", knownvalue.StringExact("hpc-allocation-7")), has("project_uuid", knownvalue.StringExact(w.Project)),
				has("project_name", knownvalue.StringExact("Climate models")), has("customer_uuid", knownvalue.StringExact(w.Customer)),
				has("customer_name", knownvalue.StringExact("ACME Research")), has("provider_name", knownvalue.StringExact("Nordic HPC")),
			},
			Check: acctest.Remember(robot, "uuid", &uuid),
		},
		resource.TestStep{
			Config: quoted(robotConfig(w, "cicd", `description = "Deploys\n"`, `username = "deploy"`, people(hyphenated(w.Bo), w.Ada),
				fmt.Sprintf("responsible_user = %q", strings.ToUpper(w.Ada)), fmt.Sprintf("keys = [%q, %q]", robotKey+"\n", otherKey))),
			ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionUpdate, acctest.UnknownAfter(robot, "fingerprints")),
			ConfigStateChecks: []statecheck.StateCheck{
				has("users", knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact(hyphenated(w.Bo)), knownvalue.StringExact(w.Ada)})),
				has("keys", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact(robotKey + "\n"), knownvalue.StringExact(otherKey)})),
				statecheck.ExpectKnownValue(robot, tfjsonpath.New("fingerprints").AtSliceIndex(0).AtMapKey("sha256"),
					knownvalue.StringExact("SHA256:AXhArIvf+UaCAtITnuGzIFxFj8YI4RawuSlaKq/xX1c")),
				has("description", knownvalue.StringExact("Deploys\n")), has("username", knownvalue.StringExact("deploy")),
			},
			Check: acctest.Unchanged(robot, "uuid", &uuid),
		},
		resource.TestStep{ // the same in other words, which changes the spelling in state, and nothing on the server
			Config: quoted(robotConfig(w, "cicd", `description = "Deploys"`, `username = "deploy"`, people(hyphenated(w.Ada), w.Bo),
				fmt.Sprintf("responsible_user = %q", w.Ada), fmt.Sprintf("keys = [%q, %q]", robotKey, otherKey))),
			ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionUpdate, acctest.UnknownAfter(robot)),
			Check:            requests(w, robotOperation+"_partial_update", 1),
		},
		resource.TestStep{ // type in place, keys reordered, one user less
			Config:           quoted(robotConfig(w, "ci", `description = ""`, `username = ""`, people(w.Ada), fmt.Sprintf("keys = [%q, %q]", otherKey, robotKey))),
			ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				has("type", knownvalue.StringExact("ci")), has("description", knownvalue.StringExact("")), has("responsible_user", knownvalue.Null()),
				statecheck.ExpectKnownValue(robot, tfjsonpath.New("fingerprints").AtSliceIndex(1).AtMapKey("sha256"),
					knownvalue.StringExact("SHA256:AXhArIvf+UaCAtITnuGzIFxFj8YI4RawuSlaKq/xX1c")),
			},
			Check: acctest.Unchanged(robot, "uuid", &uuid),
		},
		resource.TestStep{
			Config:            robotConfig(w, "ci", "users = []", "keys = []"),
			ConfigStateChecks: []statecheck.StateCheck{has("users", knownvalue.SetSizeExact(0)), has("keys", knownvalue.ListSizeExact(0))},
		},
		resource.TestStep{
			Config:            robotConfig(w, "ci"),
			ConfigStateChecks: []statecheck.StateCheck{has("users", knownvalue.Null()), has("keys", knownvalue.Null())},
			Check:             resource.ComposeTestCheckFunc(requests(w, robotOperation+"_create", 1), acctest.Unchanged(robot, "uuid", &uuid)),
		},
	)
	if left := w.Sim.RobotAccounts(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Every route that Waldur allows, and every one that it does not.
func TestAccRobotAccount_states(t *testing.T) {
	legal := map[string][]string{
		"Requested": {"Requested", "Creating", "OK", "Error", "Requested deletion", "Deleted"}, "Creating": {"Creating", "OK", "Error", "Requested deletion", "Deleted"},
		"OK": {"OK", "Error", "Requested deletion", "Deleted"}, "Requested deletion": {"Requested deletion", "Deleted"}, "Deleted": {"Deleted"}, "Error": {"Error"},
	}
	for from, reachable := range legal {
		t.Run(from, func(t *testing.T) {
			w := robotServer(t, waldursim.Options{})
			uuid := w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "x", State: from})
			block := fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", robot, uuid)
			steps := []resource.TestStep{{Config: block + robotConfig(w, "x")}}
			reset := func() {
				w.Sim.EditRobotAccount(uuid, func(a *waldursim.RobotAccount) { a.State = from })
			}
			for to := range legal {
				config := robotConfig(w, "x", fmt.Sprintf("state = %q", to))
				if strings.Contains(strings.Join(reachable, ","), to) && (to != "Requested" || from == "Requested") {
					steps = append(steps, resource.TestStep{PreConfig: reset, Config: config, Check: resource.TestCheckResourceAttr(robot, "state", to)})
				} else {
					steps = append(steps, resource.TestStep{
						PreConfig: reset, Config: config,
						ExpectError: acctest.Words(fmt.Sprintf("Waldur lets no account get from %q to %q", from, to)),
					})
				}
			}
			w.Run(t, append(steps, resource.TestStep{PreConfig: reset, Config: robotConfig(w, "x")})...)
		})
	}
}

func TestAccRobotAccount_createdInState(t *testing.T) {
	for _, state := range []string{"OK", "Error", "Requested deletion"} {
		for _, requested := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, left requested %t", state, requested), func(t *testing.T) {
				w := robotServer(t, waldursim.Options{LeaveRequested: requested})
				w.Run(t, resource.TestStep{Config: robotConfig(w, "x", fmt.Sprintf("state = %q", state)), Check: resource.TestCheckResourceAttr(robot, "state", state)})
			})
		}
	}
	t.Run("left as the server leaves it", func(t *testing.T) {
		w := robotServer(t, waldursim.Options{LeaveRequested: true})
		w.Run(t, resource.TestStep{Config: robotConfig(w, "x"), Check: resource.TestCheckResourceAttr(robot, "state", "Requested")})
	})
}

func TestAccRobotAccount_errorMessage(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	in := func(message string) string {
		return robotConfig(w, "x", `state = "Error"`, fmt.Sprintf("error_message = %q", message))
	}
	w.Run(t,
		resource.TestStep{Config: robotConfig(w, "x")},
		resource.TestStep{Config: in("no home"), Check: resource.TestCheckResourceAttr(robot, "error_message", "no home")},
		resource.TestStep{Config: in("no disk"), PlanOnly: true, ExpectError: acctest.Words("Error message can't be changed")},
		resource.TestStep{Config: robotConfig(w, "x", `error_message = "no"`), PlanOnly: true, ExpectError: acctest.Words("Error message can't be changed")},
		resource.TestStep{Config: in("no home"), PlanOnly: true},
		resource.TestStep{Config: robotConfig(w, "x", `state = "OK"`), ExpectError: acctest.Words("run terraform taint (or tofu taint) for this resource, and apply")},
		resource.TestStep{Taint: []string{robot}, Config: robotConfig(w, "x", `state = "OK"`), Check: resource.TestCheckResourceAttr(robot, "state", "OK")},
	)
}

// A state that is not known before apply is no reason to refuse the message that goes with it.
func TestAccRobotAccount_unknownState(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	config := "resource \"terraform_data\" \"state\" {\n  input = \"Error\"\n}\n" + robotConfig(w, "x", `state = terraform_data.state.output`, `error_message = "no home"`)
	w.Run(t, resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(
		resource.TestCheckResourceAttr(robot, "state", "Error"), resource.TestCheckResourceAttr(robot, "error_message", "no home"))})
}

func TestAccRobotAccount_deletionMode(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	uuid := ""
	config := robotConfig(w, "x", `deletion_mode = "request_deletion"`)
	w.Run(t,
		resource.TestStep{Config: config, Check: acctest.Remember(robot, "uuid", &uuid)},
		resource.TestStep{Config: config, Destroy: true},
		resource.TestStep{Config: robotConfig(w, "x"), ExpectError: acctest.Words(`in state "Requested deletion"`)},
		resource.TestStep{PreConfig: func() { w.Sim.RemoveRobotAccount(uuid) }, Config: config},
		resource.TestStep{Config: robotConfig(w, "x", `deletion_mode = "request_deletion"`, `state = "Error"`)},
		resource.TestStep{
			Config: robotConfig(w, "x", `deletion_mode = "request_deletion"`, `state = "Error"`), Destroy: true,
			ExpectError: acctest.Words(`with deletion_mode = "delete", applied before, the account is deleted in any state`),
		},
		resource.TestStep{Config: robotConfig(w, "x", `state = "Error"`)},
	)
	if left := w.Sim.RobotAccounts(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAccRobotAccount_exists(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	uuid := w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "x", State: "Deleted"})
	w.Run(t, resource.TestStep{
		Config:      robotConfig(w, "x"),
		ExpectError: acctest.Words(fmt.Sprintf("import { to = svcacct_waldur_robot_account.NAME id = %q }", uuid)),
	})
	if got := w.Sim.Count(robotOperation + "_create"); got != 0 {
		t.Errorf("%d accounts were asked for, want none", got)
	}
}

func TestAccRobotAccount_lostAnswers(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	w.Sim.Inject(robotOperation+"_create", simkit.Fault{Drop: simkit.DropAfter})
	w.Sim.Inject(robotOperation+"_set_state_erred", simkit.Fault{Drop: simkit.DropAfter})
	w.Run(t,
		resource.TestStep{Config: robotConfig(w, "x"), Check: requests(w, robotOperation+"_create", 1)},
		resource.TestStep{Config: robotConfig(w, "x", `state = "Error"`), Check: resource.ComposeTestCheckFunc(
			resource.TestCheckResourceAttr(robot, "state", "Error"), requests(w, robotOperation+"_set_state_erred", 1))},
	)
}

// The account is made, and then nothing more works: it is in state, and the next apply completes it.
func TestAccRobotAccount_createdHalf(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	w.Sim.Inject(robotOperation+"_retrieve", simkit.Fault{Status: http.StatusForbidden, Body: `{"detail": "not now"}`})
	w.Run(t,
		resource.TestStep{Config: robotConfig(w, "x"), Check: requests(w, robotOperation+"_create", 1)}, // a warning; the refresh completes it
		resource.TestStep{Config: robotConfig(w, "x"), ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop), Check: func(*terraform.State) error {
			if got := len(w.Sim.RobotAccounts()); got != 1 {
				return fmt.Errorf("the server has %d accounts, want 1", got)
			}
			return nil
		}},
	)
}

func TestAccRobotAccount_hiddenOrGone(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	uuid, config := "", robotConfig(w, "x")
	_, consumer := w.Sim.AddUser(waldursim.User{Username: "outsider"})
	outsider := w.With("token", consumer)
	w.Run(t,
		resource.TestStep{Config: config, Check: acctest.Remember(robot, "uuid", &uuid)},
		resource.TestStep{Config: outsider.Config(config), ExpectError: acctest.Words("neither the account nor its resource")},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop)},
		resource.TestStep{
			PreConfig: func() { w.Sim.RemoveRobotAccount(uuid) },
			Config:    config, ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionCreate),
		},
	)
}

func TestAccRobotAccount_forbidden(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	_, token := w.Sim.AddUser(waldursim.User{Username: "support", Support: true})
	support := w.With("token", token)
	w.Run(t,
		resource.TestStep{Config: support.Config(robotConfig(w, "x")), ExpectError: acctest.Words("RESOURCE.CREATE_ROBOT_ACCOUNT")},
		resource.TestStep{Config: robotConfig(w, "x")},
		resource.TestStep{Config: support.Config(robotConfig(w, "x", `description = "d"`)), ExpectError: acctest.Words("RESOURCE.UPDATE_ROBOT_ACCOUNT")},
		resource.TestStep{Config: support.Config(robotConfig(w, "x")), Destroy: true, ExpectError: acctest.Words("RESOURCE.DELETE_ROBOT_ACCOUNT")},
		resource.TestStep{Config: robotConfig(w, "x"), ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop)},
	)
}

// The account has gone where there is no way back from. That is a warning: it keeps nobody from other changes, and from destroying.
func TestAccRobotAccount_driftedState(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	uuid := ""
	config := robotConfig(w, "x", `state = "OK"`)
	w.Run(t,
		resource.TestStep{Config: config, Check: acctest.Remember(robot, "uuid", &uuid)},
		resource.TestStep{
			PreConfig: func() {
				w.Sim.EditRobotAccount(uuid, func(a *waldursim.RobotAccount) { a.State = "Error" })
			},
			Config: robotConfig(w, "x", `state = "OK"`, `description = "still changed"`),
			Check:  resource.ComposeTestCheckFunc(resource.TestCheckResourceAttr(robot, "state", "Error"), resource.TestCheckResourceAttr(robot, "description", "still changed")),
		},
		resource.TestStep{Config: config, Destroy: true},
	)
}

// A server that does not show the members of a project to this token says nothing about who has left.
func TestAccRobotAccount_userLeftUnseen(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	provider, token := w.Sim.AddUser(waldursim.User{Username: "pia"}) // on the provider's side alone
	w.Sim.Grant(provider, waldursim.ProviderOwner, w.Provider)
	w.Settings["token"] = token
	both, uuid := fmt.Sprintf("users = [%q, %q]", w.Ada, w.Bo), ""
	w.Run(t,
		resource.TestStep{Config: robotConfig(w, "x", both), Check: acctest.Remember(robot, "uuid", &uuid)},
		resource.TestStep{
			PreConfig: func() { w.Sim.Revoke(w.Bo, w.Project) },
			Config:    robotConfig(w, "x", both, `description = "unrelated"`), ExpectNonEmptyPlan: true,
		},
		resource.TestStep{Config: robotConfig(w, "x", fmt.Sprintf("users = [%q]", w.Ada), `description = "unrelated"`), ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop)},
	)
}

// Somebody else changes the account between plan and apply: that is a difference for the next plan, neither hidden nor a fault.
func TestAccRobotAccount_changedMeanwhile(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	both, uuid := fmt.Sprintf("users = [%q, %q]", w.Ada, w.Bo), ""
	keys := fmt.Sprintf("keys = [%q]", robotKey)
	w.Run(t,
		resource.TestStep{Config: robotConfig(w, "x", both, keys), Check: acctest.Remember(robot, "uuid", &uuid)},
		resource.TestStep{
			Config: robotConfig(w, "x", both, keys, `description = "d"`),
			ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionUpdate, acctest.During(func() {
				w.Sim.EditRobotAccount(uuid, func(a *waldursim.RobotAccount) {
					a.Users, a.Keys = []string{w.Ada}, []string{otherKey}
				})
			})),
			ExpectNonEmptyPlan: true,
		},
		resource.TestStep{Config: robotConfig(w, "x", both, keys, `description = "d"`), ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionUpdate)},
	)
}

// Elements that become known during apply are planned as they will be.
func TestAccRobotAccount_unknownElements(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	config := func(user, key string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"user\" {\n  input = %q\n}\nresource \"terraform_data\" \"key\" {\n  input = %q\n}\n", user, key) +
			robotConfig(w, "x", fmt.Sprintf("users = [%q, terraform_data.user.output]", hyphenated(w.Ada)), fmt.Sprintf("keys = [%q, terraform_data.key.output]", robotKey))
	}
	w.Run(t,
		resource.TestStep{Config: robotConfig(w, "x", fmt.Sprintf("users = [%q, %q]", w.Ada, w.Bo), fmt.Sprintf("keys = [%q, %q]", robotKey+"\n", otherKey))},
		resource.TestStep{Config: config(w.Bo, otherKey)},
		resource.TestStep{Config: robotConfig(w, "x")},
	)
}

// A user who has left keeps Waldur from changing anything of the account.
func TestAccRobotAccount_userLeft(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	both, one := fmt.Sprintf("users = [%q, %q]", w.Ada, w.Bo), fmt.Sprintf("users = [%q]", w.Ada)
	w.Run(t,
		resource.TestStep{Config: robotConfig(w, "x", both, fmt.Sprintf("responsible_user = %q", w.Bo))},
		resource.TestStep{ // a straggler: Waldur has not taken Bo off yet; an unrelated change goes through, without Bo
			PreConfig: func() { w.Sim.Revoke(w.Bo, w.Project) },
			Config:    robotConfig(w, "x", both, fmt.Sprintf("responsible_user = %q", w.Bo), `description = "unrelated"`),
			Check:     resource.TestCheckResourceAttr(robot, "description", "unrelated"), ExpectNonEmptyPlan: true,
		},
		resource.TestStep{ // who still asks for Bo is told
			Config:      robotConfig(w, "x", both, `description = "unrelated"`),
			ExpectError: acctest.Words("should belong to the same project or organization as the resource"),
		},
		resource.TestStep{Config: robotConfig(w, "x", one, `description = "unrelated"`)},
	)
}

// Where consent is asked for, the server hides users who have not given it.
func TestAccRobotAccount_redaction(t *testing.T) {
	w := robotServer(t, waldursim.Options{ConsentRedaction: true})
	provider, token := w.Sim.AddUser(waldursim.User{Username: "pia"}) // on the provider's side alone
	w.Sim.Grant(provider, waldursim.ProviderOwner, w.Provider)
	w.Settings["token"] = token
	config := func(attributes ...string) string {
		return robotConfig(w, "x", append(attributes, fmt.Sprintf("users = [%q, %q]", w.Ada, w.Bo), fmt.Sprintf("responsible_user = %q", w.Bo))...)
	}
	consent := func(given bool) func() { return func() { w.Sim.SetConsent(w.Bo, w.Resource, given) } }
	w.Sim.SetConsent(w.Ada, w.Resource, true)
	consent(true)()
	w.Run(t,
		resource.TestStep{Config: config()},
		resource.TestStep{ // Bo takes the consent back: it looks as if Bo had left; the write is accepted, and Bo stays hidden
			PreConfig: consent(false), Config: config(), ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionUpdate),
		},
		resource.TestStep{Config: config(), ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop)},
		resource.TestStep{Config: config(`description = "d"`), Check: resource.TestCheckResourceAttr(robot, "users.#", "2")},
		resource.TestStep{PreConfig: consent(true), Config: config(`description = "d"`), ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop)},
		resource.TestStep{Config: robotConfig(w, "x", fmt.Sprintf("users = [%q]", w.Ada), `description = "d"`)},
	)
}

// In every setting of the server an empty plan follows every apply.
func TestAccRobotAccount_settings(t *testing.T) {
	settings := map[string]waldursim.Options{
		"October 2024":          {OldRobotAccounts: true, DateTimeZ: true, UntrimmedKeys: true, FrozenResource: true},
		"keys stored untrimmed": {UntrimmedKeys: true},
		"date-times with Z":     {DateTimeZ: true},
		"resource frozen":       {FrozenResource: true},
		"state left requested":  {LeaveRequested: true},
		"consent asked for":     {ConsentRedaction: true},
	}
	for name, options := range settings {
		t.Run(name, func(t *testing.T) {
			w := robotServer(t, options)
			w.Sim.SetConsent(w.Ada, w.Resource, true)
			w.Run(t,
				resource.TestStep{Config: robotConfig(w, "x", `description = "d"`, fmt.Sprintf("users = [%q]", w.Ada), fmt.Sprintf("keys = [%q]", robotKey+"\n"))},
				resource.TestStep{Config: robotConfig(w, "y", `username = "u"`, fmt.Sprintf("keys = [%q]", otherKey))},
				resource.TestStep{ResourceName: robot, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"description"}},
			)
		})
	}
}

func TestAccRobotAccount_oldServerHasNoStates(t *testing.T) {
	w := robotServer(t, waldursim.Options{OldRobotAccounts: true})
	w.Run(t,
		resource.TestStep{Config: robotConfig(w, "y", `state = "OK"`), Check: requests(w, robotOperation+"_create", 1)},
		resource.TestStep{Config: robotConfig(w, "y"), Destroy: true},
		resource.TestStep{Config: robotConfig(w, "x")},
		resource.TestStep{Config: robotConfig(w, "x", `state = "Error"`), PlanOnly: true, ExpectError: acctest.Words("too old to keep states")},
		resource.TestStep{Config: robotConfig(w, "x"), ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop)},
	)
}

func TestAccRobotAccount_remoteCopy(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	uuid := w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "x", BackendID: "remote-1"})
	block := fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", robot, uuid)
	w.Run(t,
		resource.TestStep{Config: block + robotConfig(w, "x")},
		resource.TestStep{Config: robotConfig(w, "x", `description = "d"`), PlanOnly: true, ExpectError: acctest.Words("Copy from another Waldur")},
		resource.TestStep{Config: robotConfig(w, "x", `state = "Error"`)},
	)
}

func TestAccRobotAccount_import(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	config := robotConfig(w, "x", `description = "d"`, fmt.Sprintf("users = [%q]", w.Ada), fmt.Sprintf("keys = [%q]", robotKey))
	from := func(id func(attributes map[string]string) string) resource.TestStep {
		return resource.TestStep{
			ResourceName: robot, ImportState: true, ImportStateVerify: true,
			ImportStateIdFunc: func(state *terraform.State) (string, error) {
				return id(state.RootModule().Resources[robot].Primary.Attributes), nil
			},
		}
	}
	w.Run(t,
		resource.TestStep{Config: config},
		from(func(a map[string]string) string { return hyphenated(a["uuid"]) }),
		from(func(a map[string]string) string { return a["resource_uuid"] + "/" + a["type"] }),
	)
}

func TestAccRobotAccount_importByIdentity(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	w.RunFrom(t, tfversion.Version1_12_0,
		resource.TestStep{Config: robotConfig(w, "x", `description = "d"`)},
		resource.TestStep{ResourceName: robot, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
	)
}

func TestAccRobotAccount_invalid(t *testing.T) {
	const place, kind = `resource_uuid = "b20d5c6e8fa14b7f9e31c7d84a60f2e5"`, `type = "x"`
	cases := map[string]struct {
		attributes []string
		words      string
	}{
		"resource":                  {[]string{`resource_uuid = "x"`, kind}, `resource_uuid must be a UUID`},
		"type too long":             {[]string{place, `type = "robots"`}, `Attribute type UTF-8 character count must be between 1 and 5`},
		"type empty":                {[]string{place, `type = ""`}, `Attribute type UTF-8 character count must be between 1 and 5`},
		"username too long":         {[]string{place, kind, `username = "` + strings.Repeat("x", 33) + `"`}, `Attribute username UTF-8 character count must be at most 32`},
		"user":                      {[]string{place, kind, `users = ["ada"]`}, `users[Value("ada")] must be a UUID`},
		"responsible user":          {[]string{place, kind, `responsible_user = "ada"`}, `responsible_user must be a UUID`},
		"key":                       {[]string{place, kind, fmt.Sprintf("keys = [%q, \"ssh-rsa AAAA\"]", robotKey)}, `keys[1] must be one SSH public key`},
		"one user in two spellings": {[]string{place, kind, `users = ["b20d5c6e8fa14b7f9e31c7d84a60f2e5", "b20d5c6e-8fa1-4b7f-9e31-c7d84a60f2e5"]`}, `has the UUID`},
		"username padded":           {[]string{place, kind, `username = "deploy "`}, `username must not begin or end with white space`},
		"private key, then a key":   {[]string{place, kind, "keys = [\"-----BEGIN OPENSSH PRIVATE KEY-----\\n" + robotKey + "\"]"}, `keys[0] must be one SSH public key`},
		"null among keys":           {[]string{place, kind, `keys = [null]`}, `null value`},
		"key with options":          {[]string{place, kind, `keys = ["no-pty ` + robotKey + `"]`}, `keys[0] must be one SSH public key`},
		"private key":               {[]string{place, kind, `keys = ["-----BEGIN OPENSSH PRIVATE KEY-----"]`}, `keys[0] must be one SSH public key`},
		"state":                     {[]string{place, kind, `state = "Broken"`}, `Attribute state value must be one of`},
		"state that is behind":      {[]string{place, kind, `state = "Creating"`}, `A new account is "OK" at once`},
		"message without its state": {[]string{place, kind, `error_message = "no"`}, `error_message can be set only together with state`},
		"deletion mode":             {[]string{place, kind, `deletion_mode = "maybe"`}, `Attribute deletion_mode value must be one of`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := acctest.NewWaldur(t, waldursim.Options{})
			w.Run(t, resource.TestStep{
				Config:   fmt.Sprintf("resource \"svcacct_waldur_robot_account\" \"test\" {\n  %s\n}\n", strings.Join(c.attributes, "\n  ")),
				PlanOnly: true, ExpectError: acctest.Words(c.words),
			})
			if w.Sim != nil && len(w.Sim.Requests()) > 0 {
				t.Errorf("%d requests were sent, want none", len(w.Sim.Requests()))
			}
		})
	}
}
