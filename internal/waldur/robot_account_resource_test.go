package waldur_test

import (
	"fmt"
	"net/http"
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
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

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
				has("state", knownvalue.StringExact("OK")), has("users", knownvalue.Null()), has("keys",
					knownvalue.Null()), has("username", knownvalue.StringExact("")),
				has("description", knownvalue.Null()), has("responsible_user", knownvalue.Null()), has("fingerprints",
					knownvalue.ListSizeExact(0)),
				has("deletion_mode", knownvalue.StringExact("delete")), has("backend_id",
					knownvalue.Null()), has("error_message", knownvalue.Null()),
				has("resource_name", knownvalue.StringExact("hpc-allocation-7")), has("project_uuid",
					knownvalue.StringExact(w.Project)),
				has("project_name", knownvalue.StringExact("Climate models")), has("customer_uuid",
					knownvalue.StringExact(w.Customer)),
				has("customer_name", knownvalue.StringExact("ACME Research")), has("provider_name",
					knownvalue.StringExact("Nordic HPC")),
			},
			Check: acctest.Remember(robot, "uuid", &uuid),
		},
		resource.TestStep{
			Config: quoted(robotConfig(w, "cicd", `description = "Deploys\n"`, `username = "deploy"`,
				people(hyphenated(w.Bo), w.Ada),
				fmt.Sprintf("responsible_user = %q", strings.ToUpper(w.Ada)),
				fmt.Sprintf("keys = [%q, %q]", robotKey+"\n", otherKey))),
			ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionUpdate,
				acctest.UnknownAfter(robot, "fingerprints")),
			ConfigStateChecks: []statecheck.StateCheck{
				has("users", knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact(hyphenated(w.Bo)),
					knownvalue.StringExact(w.Ada)})),
				has("keys", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact(robotKey + "\n"),
					knownvalue.StringExact(otherKey)})),
				statecheck.ExpectKnownValue(robot, tfjsonpath.New("fingerprints").AtSliceIndex(0).AtMapKey("sha256"),
					knownvalue.StringExact("SHA256:AXhArIvf+UaCAtITnuGzIFxFj8YI4RawuSlaKq/xX1c")),
				has("description", knownvalue.StringExact("Deploys\n")), has("username",
					knownvalue.StringExact("deploy")),
			},
			Check: acctest.Unchanged(robot, "uuid", &uuid),
		},
		resource.TestStep{ // the same in other words, which changes the spelling in state, and nothing on the server
			Config: quoted(robotConfig(w, "cicd", `description = "Deploys"`, `username = "deploy"`,
				people(hyphenated(w.Ada), w.Bo),
				fmt.Sprintf("responsible_user = %q", w.Ada), fmt.Sprintf("keys = [%q, %q]", robotKey, otherKey))),
			ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionUpdate, acctest.UnknownAfter(robot)),
			Check:            requests(w, robotOperation+"_partial_update", 1),
		},
		resource.TestStep{ // type in place, keys reordered, one user less
			Config: quoted(robotConfig(w, "ci", `description = ""`, `username = ""`, people(w.Ada),
				fmt.Sprintf("keys = [%q, %q]", otherKey, robotKey))),
			ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				has("type", knownvalue.StringExact("ci")), has("description",
					knownvalue.StringExact("")), has("responsible_user", knownvalue.Null()),
				statecheck.ExpectKnownValue(robot, tfjsonpath.New("fingerprints").AtSliceIndex(1).AtMapKey("sha256"),
					knownvalue.StringExact("SHA256:AXhArIvf+UaCAtITnuGzIFxFj8YI4RawuSlaKq/xX1c")),
			},
			Check: acctest.Unchanged(robot, "uuid", &uuid),
		},
		resource.TestStep{
			Config: robotConfig(w, "ci", "users = []", "keys = []"),
			ConfigStateChecks: []statecheck.StateCheck{has("users", knownvalue.SetSizeExact(0)),
				has("keys", knownvalue.ListSizeExact(0))},
		},
		resource.TestStep{
			Config:            robotConfig(w, "ci"),
			ConfigStateChecks: []statecheck.StateCheck{has("users", knownvalue.Null()), has("keys", knownvalue.Null())},
			Check: resource.ComposeTestCheckFunc(requests(w, robotOperation+"_create", 1),
				acctest.Unchanged(robot, "uuid", &uuid)),
		},
	)
	if left := w.Sim.RobotAccounts(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Every route that Waldur allows, and every route that it does not allow.
func TestAccRobotAccount_states(t *testing.T) {
	legal := map[string][]string{
		"Requested": {"Requested", "Creating", "OK", "Error", "Requested deletion", "Deleted"}, "Creating": {"Creating",
			"OK", "Error", "Requested deletion", "Deleted"},
		"OK": {"OK", "Error", "Requested deletion", "Deleted"}, "Requested deletion": {"Requested deletion",
			"Deleted"}, "Deleted": {"Deleted"}, "Error": {"Error"},
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
					steps = append(steps, resource.TestStep{
						PreConfig: reset, Config: config, Check: resource.TestCheckResourceAttr(robot, "state", to),
					})
				} else {
					steps = append(steps, resource.TestStep{
						PreConfig: reset, Config: config,
						ExpectError: acctest.Words(fmt.Sprintf(
							"Waldur does not allow a change from %q to %q", from, to)),
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
				w.Run(t, resource.TestStep{Config: robotConfig(w, "x", fmt.Sprintf("state = %q", state)),
					Check: resource.TestCheckResourceAttr(robot, "state", state)})
			})
		}
	}
	t.Run("left as the server leaves it", func(t *testing.T) {
		w := robotServer(t, waldursim.Options{LeaveRequested: true})
		w.Run(t, resource.TestStep{Config: robotConfig(w, "x"),
			Check: resource.TestCheckResourceAttr(robot, "state", "Requested")})
	})
}

func TestAccRobotAccount_errorMessage(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	in := func(message string) string {
		return robotConfig(w, "x", `state = "Error"`, fmt.Sprintf("error_message = %q", message))
	}
	w.Run(t,
		resource.TestStep{Config: robotConfig(w, "x")},
		resource.TestStep{
			Config: in("no home"), Check: resource.TestCheckResourceAttr(robot, "error_message", "no home"),
		},
		resource.TestStep{Config: in("no disk"), PlanOnly: true,
			ExpectError: acctest.Words("Error message can't be changed")},
		resource.TestStep{Config: robotConfig(w, "x", `error_message = "no"`), PlanOnly: true,
			ExpectError: acctest.Words("Error message can't be changed")},
		resource.TestStep{Config: in("no home"), PlanOnly: true},
		resource.TestStep{Config: robotConfig(w, "x", `state = "OK"`),
			ExpectError: acctest.Words("run terraform taint (or tofu taint) for this resource, and apply")},
		resource.TestStep{Taint: []string{robot}, Config: robotConfig(w, "x", `state = "OK"`),
			Check: resource.TestCheckResourceAttr(robot, "state", "OK")},
	)
}

// A message is accepted if its state is not known before apply.
func TestAccRobotAccount_unknownState(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	config := "resource \"terraform_data\" \"state\" {\n  input = \"Error\"\n}\n" +
		robotConfig(w, "x", `state = terraform_data.state.output`, `error_message = "no home"`)
	w.Run(t, resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(
		resource.TestCheckResourceAttr(robot, "state", "Error"),
		resource.TestCheckResourceAttr(robot, "error_message", "no home"),
	)})
}

// Values of other resources, which are not known before apply, are no error, and what is known
// stays known.
func TestAccRobotAccount_unknownValues(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	config := func(kind, description, key string) string {
		text := ""
		for label, value := range map[string]string{
			"place": w.Resource, "type": kind, "username": "robot", "description": description, "user": w.Ada,
			"key": key, "mode": "delete",
		} {
			text += fmt.Sprintf("resource \"terraform_data\" %q {\n  input = %q\n}\n\n", label, value)
		}
		return text + "resource \"svcacct_waldur_robot_account\" \"test\" {\n" +
			"  resource_uuid = terraform_data.place.output\n  type = terraform_data.type.output\n" +
			"  username = terraform_data.username.output\n  description = terraform_data.description.output\n" +
			"  users = [terraform_data.user.output]\n  responsible_user = terraform_data.user.output\n" +
			"  keys = [terraform_data.key.output]\n  deletion_mode = terraform_data.mode.output\n}\n"
	}
	uuid := ""
	w.Run(t,
		resource.TestStep{Config: config("x", "one", robotKey), Check: acctest.Remember(robot, "uuid", &uuid)},
		resource.TestStep{
			Config: config("y", "two", robotKey),
			ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionUpdate,
				acctest.UnknownAfter(robot, "type", "description")),
			Check: resource.ComposeTestCheckFunc(acctest.Unchanged(robot, "uuid", &uuid),
				resource.TestCheckResourceAttr(robot, "type", "y"),
				resource.TestCheckResourceAttr(robot, "description", "two")),
		},
		resource.TestStep{
			Config: config("y", "two", otherKey),
			Check: resource.ComposeTestCheckFunc(acctest.Unchanged(robot, "uuid", &uuid),
				resource.TestCheckResourceAttr(robot, "keys.0", otherKey),
				requests(w, robotOperation+"_partial_update", 2)),
		},
	)
}

// Without a refresh the state alone decides, also where the account has changed meanwhile.
func TestAccRobotAccount_withoutRefresh(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	config := "variable \"description\" {}\n\nvariable \"state\" {}\n\n" +
		robotConfig(w, "x", `description = var.description`, `state = var.state`, fmt.Sprintf("users = [%q]", w.Ada))
	workspace := w.NewWorkspace(t, config)
	run := func(command, description, state string) {
		workspace.MustRun(t, 0, command, "-auto-approve", "-refresh=false", "-var=description="+description,
			"-var=state="+state)
	}
	run("apply", "one", "OK")
	reads := w.Sim.Count(robotOperation + "_retrieve")
	for _, account := range w.Sim.RobotAccounts() {
		w.Sim.EditRobotAccount(account.UUID, func(a *waldursim.RobotAccount) { a.Description = "by hand" })
	}
	run("apply", "one", "OK") // nothing to do
	run("apply", "two", "OK")
	run("apply", "two", "Error")
	if got := w.Sim.Count(robotOperation + "_retrieve"); got != reads {
		t.Errorf("the account was read %d times", got-reads)
	}
	for _, account := range w.Sim.RobotAccounts() {
		if account.Description != "two" || account.State != "Error" {
			t.Errorf("the account is %+v", account)
		}
	}
	run("destroy", "two", "Error")
	if left := w.Sim.RobotAccounts(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
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
			ExpectError: acctest.Words(`with deletion_mode = "delete", applied before, the account is deleted`),
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

func TestAccRobotAccount_lostResponses(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	w.Sim.Inject(robotOperation+"_create", simkit.Fault{Drop: simkit.DropAfter})
	w.Sim.Inject(robotOperation+"_set_state_erred", simkit.Fault{Drop: simkit.DropAfter})
	w.Run(t,
		resource.TestStep{Config: robotConfig(w, "x"), Check: requests(w, robotOperation+"_create", 1)},
		resource.TestStep{Config: robotConfig(w, "x", `state = "Error"`), Check: resource.ComposeTestCheckFunc(
			resource.TestCheckResourceAttr(robot, "state", "Error"), requests(w, robotOperation+"_set_state_erred",
				1))},
	)
}

// A create whose response was lost, and that created nothing, is sent once more. The pair of resource
// and type is unique: there is one account at most, also if the server finishes the first request late.
func TestAccRobotAccount_lostCreate(t *testing.T) {
	const before, after = simkit.DropBefore, simkit.DropAfter
	late := func(delay time.Duration) simkit.Fault { return simkit.Fault{Delay: delay, Late: true} }
	const timeout = time.Second // of the provider
	for name, test := range cases(map[string]struct {
		faults []simkit.Fault // of the first requests
		want   string         // "": created
	}{
		"not created":         {[]simkit.Fault{{Drop: before}}, ""},
		"a gateway responds":  {[]simkit.Fault{{Status: http.StatusBadGateway}}, ""},
		"created at last":     {[]simkit.Fault{{Drop: before}, {Drop: after}}, ""},
		"lost twice":          {[]simkit.Fault{{Drop: before}, {Drop: before}}, "No account was found afterwards"},
		"lost, then refused":  {[]simkit.Fault{{Drop: before}, {Status: http.StatusForbidden}}, "403 Forbidden"},
		"finished late":       {[]simkit.Fault{late(timeout * 3 / 2), late(timeout * 9 / 10)}, ""},
		"finished very late":  {[]simkit.Fault{late(timeout * 3 / 2)}, ""},
		"finished late twice": {[]simkit.Fault{late(timeout * 3 / 2), late(timeout * 9 / 5)}, ""},
	}) {
		t.Run(name, func(t *testing.T) {
			w := robotServer(t, waldursim.Options{})
			http := fmt.Sprintf("{\n  http = { request_timeout = %q }\n", timeout)
			config := strings.Replace(w.Config(robotConfig(w, "x")), "{\n", http, 1)
			for i, fault := range test.faults {
				fault.Skip = i
				w.Sim.Inject(robotOperation+"_create", fault)
			}
			step, sent := resource.TestStep{Config: config}, 2
			if test.want != "" {
				step.ExpectError, sent = acctest.Words(test.want), 3
			}
			w.Run(t, step, resource.TestStep{Config: config, Check: func(*terraform.State) error {
				for end := time.Now().Add(10 * time.Second); w.Sim.Count(robotOperation+"_create") < sent; {
					if time.Now().After(end) {
						return fmt.Errorf("%d creates, want %d", w.Sim.Count(robotOperation+"_create"), sent)
					}
					time.Sleep(50 * time.Millisecond) // until the server finishes a request late
				}
				if got := len(w.Sim.RobotAccounts()); got != 1 {
					return fmt.Errorf("the server has %d accounts, want 1", got)
				}
				return requests(w, robotOperation+"_create", sent)(nil)
			}})
		})
	}
}

// A server before 8.0.9 keeps the newline at the end of a key: it is no difference after an import,
// nor is a newline in the configuration.
func TestAccRobotAccount_importOfKeyWithNewline(t *testing.T) {
	for name, key := range map[string]string{"as in a file": robotKey + "\n", "without": robotKey} {
		for stored, options := range map[string]waldursim.Options{
			robotKey + "\n": {OldRobotAccounts: true}, robotKey: {},
		} {
			t.Run(fmt.Sprintf("%s, old %t", name, options.OldRobotAccounts), func(t *testing.T) {
				w := robotServer(t, options)
				uuid := w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "x",
					Keys: []string{stored}})
				config := robotConfig(w, "x", fmt.Sprintf("keys = [%q]", key))
				w.Run(t,
					resource.TestStep{
						Config:           fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", robot, uuid) + config,
						ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop),
					},
					resource.TestStep{Config: config,
						ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop),
						Check:            requests(w, robotOperation+"_partial_update", 0)},
				)
			})
		}
	}
}

// The UUID of a resource is no import id: the error says which id is.
func TestAccRobotAccount_importByResource(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "x"})
	hint := acctest.Words(fmt.Sprintf("The import id of a robot account is its own UUID or \"%s/<type>\"", w.Resource))
	w.Run(t,
		resource.TestStep{
			Config:      fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", robot, w.Resource) + robotConfig(w, "x"),
			ExpectError: hint, PlanOnly: true,
		},
		resource.TestStep{Config: robotConfig(w, "y")},
		resource.TestStep{ResourceName: robot, ImportState: true, ImportStateId: w.Resource, ExpectError: hint},
	)
}

// After the create, all requests fail: the account is in the state, and the next apply completes it.
func TestAccRobotAccount_createdHalf(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	w.Sim.Inject(robotOperation+"_retrieve", simkit.Fault{Status: http.StatusForbidden, Body: `{"detail": "not now"}`})
	w.Run(t,
		resource.TestStep{Config: robotConfig(w, "x"),
			Check: requests(w, robotOperation+"_create", 1)}, // a warning
		resource.TestStep{Config: robotConfig(w, "x"),
			ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop),
			Check: func(*terraform.State) error {
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
		resource.TestStep{Config: outsider.Config(config),
			ExpectError: acctest.Words("neither the account nor its resource")},
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
		resource.TestStep{Config: support.Config(robotConfig(w, "x")),
			ExpectError: acctest.Words("RESOURCE.CREATE_ROBOT_ACCOUNT")},
		resource.TestStep{Config: robotConfig(w, "x")},
		resource.TestStep{Config: support.Config(robotConfig(w, "x", `description = "d"`)),
			ExpectError: acctest.Words("RESOURCE.UPDATE_ROBOT_ACCOUNT")},
		resource.TestStep{Config: support.Config(robotConfig(w, "x")), Destroy: true,
			ExpectError: acctest.Words("RESOURCE.DELETE_ROBOT_ACCOUNT")},
		resource.TestStep{Config: robotConfig(w, "x"),
			ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop)},
	)
}

// A state that was changed outside of Terraform, and that can't be changed back, is a warning:
// other changes and a destroy work.
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
			Check: resource.ComposeTestCheckFunc(resource.TestCheckResourceAttr(robot, "state", "Error"),
				resource.TestCheckResourceAttr(robot, "description", "still changed")),
		},
		resource.TestStep{Config: config, Destroy: true},
	)
}

// If somebody else changes the account between plan and apply, the next plan shows the difference.
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
		resource.TestStep{Config: robotConfig(w, "x", both, keys, `description = "d"`),
			ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionUpdate)},
	)
}

// Elements that become known during apply are planned as they will be.
func TestAccRobotAccount_unknownElements(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	config := func(user, key string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"user\" {\n  input = %q\n}\nresource \"terraform_data\" "+
			"\"key\" {\n  input = %q\n}\n", user, key) +
			robotConfig(w, "x", fmt.Sprintf("users = [%q, terraform_data.user.output]", hyphenated(w.Ada)),
				fmt.Sprintf("keys = [%q, terraform_data.key.output]", robotKey))
	}
	w.Run(t,
		resource.TestStep{Config: robotConfig(w, "x", fmt.Sprintf("users = [%q, %q]", w.Ada, w.Bo),
			fmt.Sprintf("keys = [%q, %q]", robotKey+"\n", otherKey))},
		resource.TestStep{Config: config(w.Bo, otherKey)},
		resource.TestStep{Config: robotConfig(w, "x")},
	)
}

// refusedAt matches an error that quotes a line of the configuration.
func refusedAt(line, text string) *regexp.Regexp {
	return regexp.MustCompile("(?s)" + regexp.QuoteMeta(line) + ".*" + acctest.Words(text).String())
}

// Waldur refuses every change of the account while a user has left. The provider removes nobody,
// names the user, and says what to do. A leaked key is taken out together with the user.
func TestAccRobotAccount_userLeft(t *testing.T) {
	for name, options := range map[string]waldursim.Options{"now": {}, "2024": {OldRobotAccounts: true}} {
		t.Run(name, func(t *testing.T) {
			w := robotServer(t, options)
			both, one := fmt.Sprintf("users = [%q, %q]", w.Ada, w.Bo), fmt.Sprintf("users = [%q]", w.Ada)
			responsible := fmt.Sprintf("responsible_user = %q", w.Bo)
			leaked, left := fmt.Sprintf("keys = [%q, %q]", robotKey, otherKey), fmt.Sprintf("keys = [%q]", otherKey)
			provider := providerOnly(w)
			config := func(attributes ...string) string { return provider.Config(robotConfig(w, "x", attributes...)) }
			w.Run(t,
				resource.TestStep{Config: config(both, responsible, leaked)},
				resource.TestStep{
					PreConfig:   func() { w.Sim.Revoke(w.Bo, w.Project) },
					Config:      config(both, responsible, left),
					ExpectError: refusedAt(both, "should belong to the same project or organization as the resource"),
				},
				resource.TestStep{
					Config: config(both, responsible, left),
					ExpectError: refusedAt(both, "Not among the people of the project and the customer, as this token "+
						"sees them: "+w.Bo+"."),
				},
				resource.TestStep{
					Config: config(both, responsible, left),
					ExpectError: refusedAt(both, "take the key out of keys and the person out of users in the same "+
						"apply"),
				},
				resource.TestStep{
					Config: config(one, left),
					Check: resource.ComposeTestCheckFunc(resource.TestCheckResourceAttr(robot, "keys.#", "1"),
						resource.TestCheckResourceAttr(robot, "users.#", "1")),
				},
			)
		})
	}
}

// Two accounts that swap types: no request is sent for a taken type, and the error says who has the
// type. A server of 2024 would fail without a reason.
func TestAccRobotAccount_takenType(t *testing.T) {
	for name, options := range map[string]waldursim.Options{"now": {}, "2024": {OldRobotAccounts: true}} {
		t.Run(name, func(t *testing.T) {
			w := robotServer(t, options)
			config := func(first, second string) string {
				return robotConfig(w, first) + strings.Replace(robotConfig(w, second), `"test"`, `"other"`, 1)
			}
			first, second := "", ""
			sent := requests(w, robotOperation+"_partial_update", 0)
			w.Run(t,
				resource.TestStep{Config: config("a", "b"), Check: resource.ComposeTestCheckFunc(
					acctest.Remember(robot, "uuid", &first),
					acctest.Remember("svcacct_waldur_robot_account.other", "uuid", &second))},
				resource.TestStep{Config: config("b", "a"),
					ExpectError: refusedAt(`type = "b"`, `already has a robot account of type "b":`)},
				resource.TestStep{Config: config("a", "b"), Check: sent},
				resource.TestStep{Config: config("tmp", "b")},
				resource.TestStep{Config: config("tmp", "a")},
				resource.TestStep{Config: config("b", "a"), Check: resource.ComposeTestCheckFunc(
					acctest.Unchanged(robot, "uuid", &first),
					acctest.Unchanged("svcacct_waldur_robot_account.other", "uuid", &second))},
			)
		})
	}
}

// If an offering requires consent, the server hides users who have not given it.
func TestAccRobotAccount_redaction(t *testing.T) {
	w := robotServer(t, waldursim.Options{ConsentRedaction: true})
	w.Server = *providerOnly(w)
	config := func(attributes ...string) string {
		return robotConfig(w, "x", append(attributes, fmt.Sprintf("users = [%q, %q]", w.Ada, w.Bo),
			fmt.Sprintf("responsible_user = %q", w.Bo))...)
	}
	consent := func(given bool) func() { return func() { w.Sim.SetConsent(w.Bo, w.Resource, given) } }
	w.Sim.SetConsent(w.Ada, w.Resource, true)
	consent(true)()
	w.Run(t,
		resource.TestStep{Config: config()},
		resource.TestStep{ // Bo withdraws the consent: the plan adds Bo, the server accepts that, and Bo stays hidden
			PreConfig: consent(false), Config: config(), ConfigPlanChecks: acctest.Planned(robot,
				plancheck.ResourceActionUpdate),
		},
		resource.TestStep{Config: config(), ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop)},
		resource.TestStep{Config: config(`description = "d"`),
			Check: resource.TestCheckResourceAttr(robot, "users.#", "2")},
		resource.TestStep{PreConfig: consent(true), Config: config(`description = "d"`),
			ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop)},
		resource.TestStep{Config: robotConfig(w, "x", fmt.Sprintf("users = [%q]", w.Ada), `description = "d"`)},
	)
}

// An empty plan follows every apply, with every option of the server.
func TestAccRobotAccount_settings(t *testing.T) {
	ofServiceAccounts := []string{"Backend", "KeyLifetime", "ServiceTime", "Sources2025", "CountClosed",
		"ListsByCreation"}
	eachOption(t, func(option, _ string) bool { return slices.Contains(ofServiceAccounts, option) },
		func(t *testing.T, options waldursim.Options) {
			w := robotServer(t, options)
			w.Sim.SetConsent(w.Ada, w.Resource, true)
			w.Run(t,
				resource.TestStep{Config: robotConfig(w, "x", `description = "d"`, fmt.Sprintf("users = [%q]", w.Ada),
					fmt.Sprintf("keys = [%q]", robotKey+"\n"))},
				resource.TestStep{Config: robotConfig(w, "y", `username = "u"`, fmt.Sprintf("keys = [%q]", otherKey))},
				resource.TestStep{ResourceName: robot, ImportState: true, ImportStateVerify: true,
					ImportStateVerifyIgnore: []string{"description"}},
			)
		})
}

// A server of 2024 has no states: what needs states is refused at the plan, also of a create. The
// server is asked for that only if the configuration needs states.
func TestAccRobotAccount_oldServerHasNoStates(t *testing.T) {
	w := robotServer(t, waldursim.Options{OldRobotAccounts: true})
	refused := func(attribute string) resource.TestStep {
		return resource.TestStep{Config: robotConfig(w, "x", attribute), PlanOnly: true,
			ExpectError: acctest.Words(attribute + " This Waldur server is too old to keep states")}
	}
	ok, broken, request := refused(`state = "OK"`), refused(`state = "Error"`),
		refused(`deletion_mode = "request_deletion"`)
	w.Run(t,
		ok, broken, request,
		resource.TestStep{
			PreConfig: w.Sim.ResetRequests, Config: robotConfig(w, "x"),
			Check: func(*terraform.State) error {
				for _, request := range w.Sim.Requests() {
					if strings.Contains(request.RawQuery, "state=") {
						return fmt.Errorf("the server was asked for states: %s", request.RawQuery)
					}
				}
				return nil
			},
		},
		ok, broken, request,
		resource.TestStep{Config: robotConfig(w, "x"),
			ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop)},
	)
}

// A plan whose values were not known, or that was made for another server, creates no account on a
// server without states.
func TestAccRobotAccount_oldServerRefusesCreate(t *testing.T) {
	w := robotServer(t, waldursim.Options{OldRobotAccounts: true})
	for _, attribute := range []string{"state", "deletion_mode"} {
		value := map[string]string{"state": "OK", "deletion_mode": "request_deletion"}[attribute]
		config := fmt.Sprintf("resource \"terraform_data\" \"later\" {\n  input = %q\n}\n", value) +
			robotConfig(w, "x", attribute+" = terraform_data.later.output")
		t.Run(attribute, func(t *testing.T) {
			w.Run(t, resource.TestStep{Config: config, ExpectError: acctest.Words("too old to keep states")})
		})
	}
	t.Cleanup(func() {
		if got := w.Sim.Count(robotOperation + "_create"); got != 0 {
			t.Errorf("%d accounts were asked for, want none", got)
		}
	})
}

// Earlier versions of the provider accepted the state OK and any deletion mode on a server without
// states. Accounts from then have no difference and no error; without state, the attribute becomes null.
func TestAccRobotAccount_oldServerWithStateOfEarlierVersion(t *testing.T) {
	now, then := robotServer(t, waldursim.Options{}), robotServer(t, waldursim.Options{OldRobotAccounts: true})
	then.Sim.AddResource(waldursim.Resource{
		UUID: now.Resource, Name: "x", Project: then.Project, Provider: then.Provider,
	})
	config := func(attributes ...string) string { return then.Config(robotConfig(now, "x", attributes...)) }
	const ok, request = `state = "OK"`, `deletion_mode = "request_deletion"`
	uuid := ""
	now.Run(t,
		resource.TestStep{Config: robotConfig(now, "x", ok, request), Check: acctest.Remember(robot, "uuid", &uuid)},
		resource.TestStep{
			PreConfig: func() {
				then.Sim.AddRobotAccount(waldursim.RobotAccount{UUID: uuid, Resource: now.Resource, Type: "x"})
			},
			Config: config(ok, request), ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop),
		},
		resource.TestStep{Config: config(ok, request, `username = "u"`), Check: resource.ComposeTestCheckFunc(
			resource.TestCheckResourceAttr(robot, "state", "OK"),
			requests(then, robotOperation+"_partial_update", 1))},
		resource.TestStep{Config: config(`state = "Error"`, request), PlanOnly: true,
			ExpectError: acctest.Words("too old to keep states")},
		resource.TestStep{Config: config(ok, request), Destroy: true,
			ExpectError: acctest.Words("this Waldur server is too old to keep states of robot accounts")},
		resource.TestStep{Config: config(), Check: resource.ComposeTestCheckFunc(
			resource.TestCheckNoResourceAttr(robot, "state"), requests(then, robotOperation+"_partial_update", 1))},
	)
}

func TestAccRobotAccount_remoteCopy(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	uuid := w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "x", BackendID: "remote-1",
		Keys: []string{robotKey}, Users: []string{w.Ada}, ResponsibleUser: w.Ada})
	block := fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", robot, uuid)
	w.Run(t,
		resource.TestStep{Config: block + robotConfig(w, "x")},
		resource.TestStep{ // what the configuration leaves out is not managed
			PreConfig: func() {
				w.Sim.EditRobotAccount(uuid, func(a *waldursim.RobotAccount) {
					a.Keys, a.Users = []string{otherKey}, nil
				})
			},
			Config: robotConfig(w, "x"), ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop),
		},
		resource.TestStep{Config: robotConfig(w, "x", `description = "d"`), PlanOnly: true,
			ExpectError: acctest.Words("Copy from another Waldur")},
		resource.TestStep{Config: robotConfig(w, "x", `state = "Error"`)},
	)
}

// What changes on the other server is a warning: an error would block every plan, also that of a destroy.
// An error message that somebody has changed is a warning too.
func TestAccRobotAccount_changedCopy(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	uuid := w.Sim.AddRobotAccount(waldursim.RobotAccount{
		Resource: w.Resource, Type: "x", BackendID: "remote-1", Description: "d", Username: "u",
		Keys: []string{robotKey}, State: "Error", ErrorMessage: "no disk",
	})
	block := fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", robot, uuid)
	edit := func(change func(a *waldursim.RobotAccount)) func() {
		return func() { w.Sim.EditRobotAccount(uuid, change) }
	}
	asImported := robotConfig(w, "x", `description = "d"`, `username = "u"`, fmt.Sprintf("keys = [%q]", robotKey),
		`state = "Error"`, `error_message = "no disk"`)
	w.Run(t,
		resource.TestStep{Config: block + asImported},
		resource.TestStep{
			PreConfig: edit(func(a *waldursim.RobotAccount) {
				a.Description, a.Username, a.Keys, a.ErrorMessage = "e", "v", []string{otherKey}, "no home"
			}),
			Config: asImported, ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			PreConfig: edit(func(a *waldursim.RobotAccount) {
				a.Description, a.Username, a.Keys = "", "", nil
			}),
			Config: asImported, ConfigPlanChecks: acctest.Planned(robot, plancheck.ResourceActionNoop),
			Check: requests(w, robotOperation+"_partial_update", 0),
		},
		resource.TestStep{Config: robotConfig(w, "x", `description = "mine"`), PlanOnly: true,
			ExpectError: acctest.Words("Copy from another Waldur")},
	)
}

func TestAccRobotAccount_import(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	config := robotConfig(w, "x", `description = "d"`, fmt.Sprintf("users = [%q]", w.Ada),
		fmt.Sprintf("keys = [%q]", robotKey))
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
		resource.TestStep{ResourceName: robot, ImportState: true,
			ImportStateKind: resource.ImportBlockWithResourceIdentity},
	)
}
