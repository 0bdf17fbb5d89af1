package wavefront_test

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
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
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// TestAccWavefrontMatrix runs both lives under every value of every option of the simulator, several options
// at once, and once with all of them.
func TestAccWavefrontMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("the options are about the server: another CLI adds nothing")
	}
	combined := simkit.Combine(wavefrontsim.AllOptions(), 4)
	maps.Copy(combined, simkit.Combine(wavefrontsim.AllOptions(), len(wavefrontsim.AllOptions())))
	for name, options := range combined {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, options)
			w.Run(t, append(life(w), tokenLife(w)...)...)
		})
	}
}

// The life of an account and its token on a real server: created, changed, rotated, read by data sources and
// lists, imported, destroyed.
func TestAccRealServer(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	w.RealOnly(t)
	identifier, first := "sa::"+acctest.Name(), ""
	search := fmt.Sprintf(`search = [{ key = "identifier", values = [%q], matching_method = "EXACT" }]`, identifier)
	of := "service_account = " + account + ".identifier"
	read := data("service_account", "identifier = "+account+".identifier") + data("service_accounts", search) +
		data("service_account_token", of+"\n  name = "+token+".name") + data("service_account_tokens", of) +
		data("role", fmt.Sprintf("id = %q", w.Role))
	lists := []resource.TestStep{}
	for kind, filter := range map[string]string{
		"service_account": search, "service_account_token": fmt.Sprintf("service_account = %q", identifier),
	} {
		lists = append(lists, resource.TestStep{
			Query: true, Config: fmt.Sprintf("list \"svcacct_wavefront_%s\" \"test\" {\n  provider = svcacct\n"+
				"  config {\n    %s\n  }\n}\n", kind, filter),
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("svcacct_wavefront_"+kind+".test", 1),
			},
		})
	}
	steps := []resource.TestStep{
		{
			Config: serviceAccount(identifier) + tokenOf("deploy", keepers("1")),
			Check:  acctest.Remember(token, "api_key", &first),
		},
		{
			Config: serviceAccount(identifier, `description = "builds"`, "roles = "+quoted(w.Role)) +
				tokenOf("ship", keepers("2"), `overlap = "24h"`),
			Check: resource.ComposeTestCheckFunc(acctest.Unchanged(token, "previous_api_key", &first),
				resource.TestCheckResourceAttrSet(token, "api_key")),
		},
		{
			Config: serviceAccount(identifier, `description = "builds"`, "roles = "+quoted(w.Role)) +
				tokenOf("ship", keepers("3")),
			ConfigStateChecks: []statecheck.StateCheck{has(token, "previous_api_key", knownvalue.Null())},
		},
		{
			Config: serviceAccount(identifier, "active = false") + tokenOf("ship", keepers("3")) + read,
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr("data."+account, "active", "false"),
				resource.TestCheckResourceAttr("data.svcacct_wavefront_service_accounts.test",
					"service_accounts.#", "1"),
				resource.TestCheckResourceAttrSet("data."+token, "date_generated"),
				resource.TestCheckResourceAttr("data.svcacct_wavefront_service_account_tokens.test", "tokens.#", "1"),
			),
		},
		{ResourceName: account, ImportState: true, ImportStateVerify: true},
		{
			ResourceName: token, ImportState: true, ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"keepers", "rotated_at", "key_version"},
		},
	}
	w.Run(t, append(steps, acctest.WithLists(lists...)...)...)
}

func TestAccRealServer_standIn(t *testing.T) {
	for _, left := range acctest.OnStandIn(t, "wavefront", "TestAccRealServer").Wavefront.Accounts() {
		if _, ofTests := acctest.Named(left.Identifier); ofTests {
			t.Errorf("left behind: %s", left.Identifier)
		}
	}
}

// The provider does not revoke its own token, or remove its own rights, unless the configuration
// permits it.
func TestAccLockout_account(t *testing.T) {
	w, role, group := ownServer(t)
	const importAccount = "import {\n  to = " + account + "\n  id = \"sa::tf\"\n}\n"
	config := func(changes ...string) string {
		text := serviceAccount(
			"sa::tf", `permissions = ["user_management"]`, "roles = "+quoted(role), "user_groups = "+quoted(group),
			"active = true",
		)
		return strings.NewReplacer(changes...).Replace(text)
	}
	refused := func(config, words string) resource.TestStep {
		return resource.TestStep{Config: config, ExpectError: acctest.Words(words)}
	}
	w.Run(t,
		resource.TestStep{
			Config: config() + importAccount, ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionNoop),
		},
		refused(config("active = true", "active = false"), "This plan deactivates the account"),
		refused(config(`["user_management"]`, "[]"), "This plan removes user_management"),
		refused(config(quoted(role), "[]"), "This plan removes a role"),
		refused(config(quoted(group), "[]"), "This plan removes a user group"),
		refused(config("sa::tf", "sa::other"), "since it replaces the account"),
		resource.TestStep{Config: config(), Destroy: true, ExpectError: acctest.Words("This plan deletes the account")},
		resource.TestStep{Config: config("active = true", `description = "harmless"`)},
		resource.TestStep{Config: config("active = true", "allow_self_lockout = true", quoted(group), "[]")},
		resource.TestStep{
			PreConfig: func() { w.Sim.SetUserGroups("sa::tf", group) },
			Config:    config("active = true", "allow_self_lockout = true"),
		},
	)
	if left := w.Sim.Accounts(); len(left) != 0 {
		t.Errorf("what is allowed was not done: %v", left)
	}
}

func TestAccLockout_token(t *testing.T) {
	w, _, _ := ownServer(t)
	own := w.Settings["token"]
	config := func(v string, more ...string) string {
		return strings.Replace(
			tokenOf("run", append(more, `keepers = { v = "`+v+`" }`)...), account+".identifier", `"sa::tf"`, 1,
		)
	}
	const overlap = `overlap = "1h"`
	w.Run(t,
		resource.TestStep{Config: config("1") + "import {\n  to = " + token + "\n  id = \"sa::tf/run\"\n}\n"},
		resource.TestStep{
			Config:      config("2"),
			ExpectError: acctest.Words("This plan rotates without an overlap, and so revokes the token"),
		},
		resource.TestStep{
			Config: config("1"), Destroy: true, ExpectError: acctest.Words("This plan revokes the token"),
		},
		resource.TestStep{Config: config("2", overlap), Check: acctest.Unchanged(token, "previous_api_key", &own)},
		resource.TestStep{
			PreConfig: func() { w.Clock.Advance(2 * time.Hour) }, Config: config("2", overlap),
			ExpectError: acctest.Words("This plan revokes the previous token"),
		},
		// From here on the provider runs with another token.
		resource.TestStep{Config: w.With("token", w.Sim.Token()).Config(config("2", overlap)), Check: dead(w, &own)},
	)
}

// The ways around the plan's own check.
func TestAccLockout_around(t *testing.T) {
	for name, test := range map[string]struct{ address, id string }{
		"the account": {account, "sa::tf"}, "the token": {token, "sa::tf/run"},
	} {
		config := func(role, group string) string {
			if test.address == token {
				return strings.Replace(tokenOf("run"), account+".identifier", `"sa::tf"`, 1)
			}
			return serviceAccount(
				"sa::tf", `permissions = ["user_management"]`, "roles = "+quoted(role), "user_groups = "+quoted(group),
			)
		}
		t.Run(name, func(t *testing.T) {
			w, role, group := ownServer(t)
			workspace := w.NewWorkspace(t, config(role, group))
			workspace.MustRun(t, 0, "import", test.address, test.id)
			workspace.MustRun(t, 0, "apply", "-auto-approve")
			if output := workspace.MustRun(
				t, 1, "plan", "-replace="+test.address,
			); !acctest.Words("The provider could lock itself out").MatchString(output) {
				t.Errorf("-replace:\n%s", output)
			}
			workspace.MustRun(t, 0, "taint", test.address)
			if output := workspace.MustRun(
				t, 1, "apply", "-auto-approve",
			); !acctest.Words("The provider itself signs in").MatchString(output) {
				t.Errorf("taint:\n%s", output)
			}
			if !w.Sim.TokenAlive(w.Settings["token"]) {
				t.Error("the provider's own token is dead")
			}
		})
	}
	t.Run("without a refresh", func(t *testing.T) {
		w := simulator(t, wavefrontsim.Options{})
		config := func(v string) string {
			return serviceAccount(
				"sa::ci", `permissions = ["user_management"]`,
			) + tokenOf("x", `keepers = { v = "`+v+`" }`)
		}
		workspace := w.NewWorkspace(t, config("1"))
		workspace.MustRun(t, 0, "apply", "-auto-approve")
		own := w.Sim.LiveTokens("sa::ci")[0].ID
		workspace.Write(
			t, fmt.Sprintf("provider \"svcacct\" {\n  wavefront = {\n    token = %q\n  }\n}\n", own)+config("2"),
		)
		workspace.MustRun(t, 1, "apply", "-auto-approve", "-refresh=false")
		if !w.Sim.TokenAlive(own) {
			t.Error("the provider's own token is dead")
		}
	})
	t.Run("an update without a refresh", func(t *testing.T) {
		w := simulator(t, wavefrontsim.Options{})
		role := w.Sim.AddRole(wavefrontsim.Role{Name: "manager", Permissions: []string{"user_management"}})
		config := serviceAccount("sa::ci", `permissions = ["user_management"]`, "roles = "+quoted(role))
		workspace := w.NewWorkspace(t, config)
		workspace.MustRun(t, 0, "apply", "-auto-approve")
		own := fmt.Sprintf("provider \"svcacct\" {\n  wavefront = {\n    token = %q\n  }\n}\n",
			w.Sim.AddToken("sa::ci", "x"))
		for _, change := range [][2]string{
			{`["user_management"]`, "[]"}, {quoted(role), "[]"}, {"identifier", "active = false\n  identifier"},
		} {
			workspace.Write(t, own+strings.Replace(config, change[0], change[1], 1))
			output := workspace.MustRun(t, 1, "apply", "-no-color", "-auto-approve", "-refresh=false")
			if !acctest.Words("The provider itself signs in with it").MatchString(output) {
				t.Errorf("%s:\n%s", change, output)
			}
		}
		workspace.Write(t, own+strings.Replace(config, "identifier", "description = \"x\"\n  identifier", 1))
		workspace.MustRun(t, 0, "apply", "-auto-approve", "-refresh=false")
	})
	t.Run("by the action", func(t *testing.T) {
		w, _, _ := ownServer(t)
		workspace := w.NewWorkspaceFor114(
			t,
			"action \"svcacct_wavefront_set_service_account_active\" \"stop\" {\n  config {\n    identifier = "+
				"\"sa::tf\"\n    active     = false\n  }\n}\n",
		)
		output := workspace.MustRun(
			t, 1, "apply", "-no-color", "-auto-approve",
			"-invoke=action.svcacct_wavefront_set_service_account_active.stop",
		)
		if !acctest.Words("The action deactivates the account").MatchString(output) || !w.Sim.TokenAlive(
			w.Settings["token"],
		) {
			t.Errorf("the account was deactivated, or why not is not said:\n%s", output)
		}
	})
}

// The provider is killed after each request of an apply: Terraform loses what the provider had stored,
// and the private state with it. The next apply, or what its error says, leaves one account and no token
// that nobody knows.
func TestAccWavefront_killed(t *testing.T) {
	if testing.Short() {
		t.Skip("the provider is killed, not the CLI: another CLI adds nothing")
	}
	acctest.NeedsKill(t)
	const overlap, notStored = `overlap = "1h"`, `store_api_key = false`
	for name, test := range map[string]struct {
		attributes []string
		changes    []string // of "description", "name" and "keeper"; none: a create
	}{
		"update and rotation":                  {[]string{overlap}, []string{"description", "name", "keeper"}},
		"create, not stored":                   {[]string{notStored}, nil},
		"rotation with an overlap, not stored": {[]string{overlap, notStored}, []string{"name", "keeper"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := simulator(t, wavefrontsim.Options{})
			group := w.Sim.AddUserGroup(wavefrontsim.UserGroup{Name: "organisation default"})
			w.Sim.SetDefaultUserGroups(group)
			killer := &acctest.Killer{Next: w.Sim}
			server := httptest.NewServer(killer)
			t.Cleanup(server.Close)
			k := killedRun{
				w: w, workspace: w.With("endpoint", server.URL).NewWorkspace(t, "# an account follows"),
				attributes: test.attributes, values: map[string]string{"identifier": "sa::ci"},
			}
			for request, killed := 1, true; killed; request++ {
				k.next(t, request, test.changes)
				killer.Arm(k.workspace, request, true)
				output, _, err := k.workspace.Run(context.Background(), "apply", "-auto-approve", "-refresh=false")
				if killed = killer.Disarm(); err != nil || killed && !strings.Contains(output, "Error: ") {
					t.Fatalf("request %d: the provider was not killed (%v):\n%s", request, err, output)
				}
				k.settle(t, request)
				for _, account := range w.Sim.Accounts() {
					if !slices.Contains(account.UserGroups, group) && len(test.changes) > 0 {
						t.Errorf("request %d: the account has left the organization's group", request)
					}
				}
			}
		})
	}
}

// killedRun is an account with a token, during whose management the provider is killed.
type killedRun struct {
	w          *acctest.Wavefront
	workspace  acctest.Workspace
	attributes []string // of the token
	values     map[string]string
}

func (k killedRun) write(t *testing.T, more string) {
	t.Helper()
	k.workspace.Write(t, more+serviceAccount(k.values["identifier"], fmt.Sprintf("description = %q",
		k.values["description"]))+tokenOf("x"+k.values["name"], append(k.attributes, fmt.Sprintf("keepers = { v = %q }",
		"k"+k.values["keeper"]))...))
}

// next changes the configuration: some values, or all of it, for a create.
func (k killedRun) next(t *testing.T, request int, changes []string) {
	t.Helper()
	if len(changes) == 0 {
		changes = []string{"identifier"}
		k.workspace.Write(t, "# nothing")
		k.workspace.MustRun(t, 0, "apply", "-auto-approve")
	} else if request == 1 {
		k.write(t, "")
		k.workspace.MustRun(t, 0, "apply", "-auto-approve")
	}
	k.w.Clock.Advance(time.Hour) // of the server
	for _, change := range changes {
		k.values[change] = fmt.Sprintf("sa::%s-%d", change, request)
	}
	k.write(t, "")
}

var importHint = regexp.MustCompile(`to = (\S+)\.NAME[\s│]+id = "(.*)"`)

// settle does what a user does next: apply again, and follow the error if there is one.
func (k killedRun) settle(t *testing.T, request int) {
	t.Helper()
	output, code, err := k.workspace.Run(context.Background(), "apply", "-no-color", "-auto-approve")
	if hint := importHint.FindStringSubmatch(output); code != 0 && hint != nil {
		k.write(t, fmt.Sprintf("import {\n  to = %s.test\n  id = %q\n}\n", hint[1], hint[2]))
		output, code, err = k.workspace.Run(context.Background(), "apply", "-no-color", "-auto-approve")
	}
	if err != nil || code != 0 {
		t.Fatalf("request %d: the next apply fails (%v):\n%s", request, err, output)
	}
	if output, code, _ = k.workspace.Run(context.Background(), "plan", "-no-color", "-detailed-exitcode"); code != 0 {
		t.Errorf("request %d: the next plan is not empty:\n%s", request, output)
	}
	state, err := os.ReadFile(filepath.Join(k.workspace.Dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	name := "x" + k.values["name"]
	live := k.w.Sim.LiveTokens(k.values["identifier"])
	for i, token := range live {
		known := slices.Contains(k.attributes, `store_api_key = false`) || strings.Contains(string(state), token.ID)
		if !known || token.Name != name && token.Name != name+" (previous)" || i > 1 {
			t.Errorf("request %d: token %d of %d, named %q, is not in the state", request, i+1, len(live), token.Name)
		}
	}
	if !slices.ContainsFunc(live, func(t wavefrontsim.Token) bool { return t.Name == name }) {
		t.Errorf("request %d: no token is named %s", request, name)
	}
}
