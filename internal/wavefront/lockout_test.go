package wavefront_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontsim"
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
