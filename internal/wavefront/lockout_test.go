package wavefront_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// ownServer returns a simulator on which the provider runs with the token "run" of the account sa::tf.
func ownServer(t *testing.T) (w *acctest.Wavefront, role, group string) {
	t.Helper()
	w = acctest.NewWavefront(t, wavefrontsim.Options{})
	role = w.Sim.AddRole(wavefrontsim.Role{Name: "account manager", Permissions: []string{"user_management"}})
	group = w.Sim.AddUserGroup(wavefrontsim.UserGroup{Name: "managers", Roles: []string{role}})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::tf", Permissions: []string{"user_management"}, Roles: []string{role}, UserGroups: []string{group}})
	w.Settings["token"] = w.Sim.AddToken("sa::tf", "run")
	return w, role, group
}

// The provider does not take its own token or rights away, unless it is told to.
func TestAccLockout_account(t *testing.T) {
	w, role, group := ownServer(t)
	const importAccount = "import {\n  to = " + account + "\n  id = \"sa::tf\"\n}\n"
	config := func(changes ...string) string {
		text := serviceAccount("sa::tf", `permissions = ["user_management"]`, "roles = "+quoted(role), "user_groups = "+quoted(group), "active = true")
		return strings.NewReplacer(changes...).Replace(text)
	}
	refused := func(config, words string) resource.TestStep {
		return resource.TestStep{Config: config, ExpectError: acctest.Words(words)}
	}
	w.Run(t,
		resource.TestStep{Config: config() + importAccount, ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionNoop)},
		refused(config("active = true", "active = false"), "This plan deactivates the account"),
		refused(config(`["user_management"]`, "[]"), "This plan takes user_management away"),
		refused(config(quoted(role), "[]"), "This plan takes a role away"),
		refused(config(quoted(group), "[]"), "This plan takes the account out of a user group"),
		refused(config("sa::tf", "sa::other"), "This plan replaces the account"),
		resource.TestStep{Config: config(), Destroy: true, ExpectError: acctest.Words("This plan deletes the account")},
		resource.TestStep{Config: config("active = true", `description = "harmless"`)},
		resource.TestStep{Config: config("active = true", "allow_self_lockout = true", quoted(group), "[]")},
		resource.TestStep{PreConfig: func() { w.Sim.SetUserGroups("sa::tf", group) }, Config: config("active = true", "allow_self_lockout = true")},
	)
	if left := w.Sim.Accounts(); len(left) != 0 {
		t.Errorf("what is allowed was not done: %v", left)
	}
}

func TestAccLockout_token(t *testing.T) {
	w, _, _ := ownServer(t)
	own := w.Settings["token"]
	config := func(v string, more ...string) string {
		return strings.Replace(tokenOf("run", append(more, `keepers = { v = "`+v+`" }`)...), account+".identifier", `"sa::tf"`, 1)
	}
	const overlap = `overlap = "1h"`
	w.Run(t,
		resource.TestStep{Config: config("1") + "import {\n  to = " + token + "\n  id = \"sa::tf/run\"\n}\n"},
		resource.TestStep{Config: config("2"), ExpectError: acctest.Words("This plan rotates that token without an overlap")},
		resource.TestStep{Config: config("1"), Destroy: true, ExpectError: acctest.Words("This plan revokes that token")},
		resource.TestStep{Config: config("2", overlap), Check: acctest.Unchanged(token, "previous_api_key", &own)},
		resource.TestStep{PreConfig: func() { w.Clock.Advance(2 * time.Hour) }, Config: config("2", overlap), ExpectError: acctest.Words("which is the previous one by now")},
		// By now the provider is to run with another token.
		resource.TestStep{Config: w.With("token", w.Sim.Token()).Config(config("2", overlap)), Check: dead(w, &own)},
	)
}

// The ways around the plan's own check.
func TestAccLockout_around(t *testing.T) {
	for name, test := range map[string]struct{ address, id string }{"the account": {account, "sa::tf"}, "the token": {token, "sa::tf/run"}} {
		config := func(role, group string) string {
			if test.address == token {
				return strings.Replace(tokenOf("run"), account+".identifier", `"sa::tf"`, 1)
			}
			return serviceAccount("sa::tf", `permissions = ["user_management"]`, "roles = "+quoted(role), "user_groups = "+quoted(group))
		}
		t.Run(name, func(t *testing.T) {
			w, role, group := ownServer(t)
			workspace := w.NewWorkspace(t, config(role, group))
			workspace.MustRun(t, 0, "import", test.address, test.id)
			workspace.MustRun(t, 0, "apply", "-auto-approve")
			if output := workspace.MustRun(t, 1, "plan", "-replace="+test.address); !acctest.Words("The provider would lock itself out").MatchString(output) {
				t.Errorf("-replace:\n%s", output)
			}
			workspace.MustRun(t, 0, "taint", test.address)
			if output := workspace.MustRun(t, 1, "apply", "-auto-approve"); !acctest.Words("the provider itself runs with").MatchString(output) {
				t.Errorf("taint:\n%s", output)
			}
			if !w.Sim.TokenAlive(w.Settings["token"]) {
				t.Error("the provider's own token is dead")
			}
		})
	}
	t.Run("without a refresh", func(t *testing.T) {
		w := acctest.NewWavefront(t, wavefrontsim.Options{})
		config := func(v string) string {
			return serviceAccount("sa::ci", `permissions = ["user_management"]`) + tokenOf("x", `keepers = { v = "`+v+`" }`)
		}
		workspace := w.NewWorkspace(t, config("1"))
		workspace.MustRun(t, 0, "apply", "-auto-approve")
		own := w.Sim.LiveTokens("sa::ci")[0].ID
		workspace.Write(t, fmt.Sprintf("provider \"svcacct\" {\n  wavefront = {\n    token = %q\n  }\n}\n", own)+config("2"))
		workspace.MustRun(t, 1, "apply", "-auto-approve", "-refresh=false")
		if !w.Sim.TokenAlive(own) {
			t.Error("the provider's own token is dead")
		}
	})
	t.Run("by the action", func(t *testing.T) {
		w, _, _ := ownServer(t)
		workspace := w.NewWorkspaceFor114(t, "action \"svcacct_wavefront_set_service_account_active\" \"stop\" {\n  config {\n    identifier = \"sa::tf\"\n    active     = false\n  }\n}\n")
		output := workspace.MustRun(t, 1, "apply", "-no-color", "-auto-approve", "-invoke=action.svcacct_wavefront_set_service_account_active.stop")
		if !acctest.Words("This plan deactivates the account").MatchString(output) || !w.Sim.TokenAlive(w.Settings["token"]) {
			t.Errorf("the account was deactivated, or why not is not said:\n%s", output)
		}
	})
}
