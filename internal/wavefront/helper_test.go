package wavefront_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

func TestMain(m *testing.M) { acctest.Main(m, "wavefront") }

// simulator returns a simulator for one test.
func simulator(t *testing.T, options wavefrontsim.Options) *acctest.Wavefront {
	t.Helper()
	w := acctest.NewWavefront(t, options)
	w.Simulated(t, "the test creates objects on it, breaks it, or looks at what it stores")
	return w
}

const (
	account = "svcacct_wavefront_service_account.test"
	token   = "svcacct_wavefront_service_account_token.test"
	unknown = "00000000-0000-4000-8000-000000000000" // no role's and no user group's id
)

// serviceAccount returns the configuration of an account, with further attributes a line each.
func serviceAccount(identifier string, attributes ...string) string {
	return fmt.Sprintf(
		"resource \"svcacct_wavefront_service_account\" \"test\" {\n  identifier = %q\n  %s\n}\n", identifier,
		strings.Join(attributes, "\n  "),
	)
}

// tokenOf returns the configuration of a token of the account above, with further attributes a line
// each.
func tokenOf(name string, attributes ...string) string {
	return fmt.Sprintf("resource \"svcacct_wavefront_service_account_token\" \"test\" {\n  service_account = "+
		"svcacct_wavefront_service_account.test.identifier\n"+
		"  name = %q\n  %s\n}\n", name, strings.Join(attributes, "\n  "))
}

func keepers(release string) string { return fmt.Sprintf("keepers = { release = %q }", release) }

func has(address, attribute string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), value)
}

func texts(all ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(all))
	for i, text := range all {
		checks[i] = knownvalue.StringExact(text)
	}
	return knownvalue.SetExact(checks)
}

// alive checks whether the server accepts the token in an attribute.
func alive(w *acctest.Wavefront, attribute string, want bool) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		key, err := acctest.Attribute(state, token, attribute)
		if err != nil {
			return err
		}
		if key == "" || w.Sim.TokenAlive(key) != want {
			return fmt.Errorf("%s (set: %t) works: %t, want %t", attribute, key != "", !want, want)
		}
		return nil
	}
}

// dead checks that the server no longer accepts a remembered token.
func dead(w *acctest.Wavefront, key *string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if *key == "" || w.Sim.TokenAlive(*key) {
			return fmt.Errorf("the token (remembered: %t) still works", *key != "")
		}
		return nil
	}
}

// named checks the names of the live tokens of an account.
func named(w *acctest.Wavefront, identifier string, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		names := []string{}
		for _, token := range w.Sim.LiveTokens(identifier) {
			names = append(names, token.Name)
		}
		slices.Sort(names)
		slices.Sort(want)
		if !slices.Equal(names, want) {
			return fmt.Errorf("%s has the tokens %q, want %q", identifier, names, want)
		}
		return nil
	}
}

// requests checks how often operations were asked for since the simulator started.
func requests(w *acctest.Wavefront, want map[string]int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if !acctest.BulkReads() {
			return nil // the counts are those with shared reads
		}
		for operation, count := range want {
			if got := w.Sim.Count(operation); got != count {
				return fmt.Errorf("%s was requested %d times, want %d", operation, got, count)
			}
		}
		return nil
	}
}

// fresh clears the recorded requests.
func fresh(w *acctest.Wavefront) func() { return w.Sim.ResetRequests }

// quoted returns a list of strings in HCL.
func quoted(texts ...string) string {
	parts := make([]string, len(texts))
	for i, text := range texts {
		parts[i] = fmt.Sprintf("%q", text)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// use signs in with a token, which the server remembers.
func use(t *testing.T, w *acctest.Wavefront, token string) {
	t.Helper()
	req, err := http.NewRequestWithContext(
		t.Context(), http.MethodGet, w.Settings["endpoint"]+"/api/v2/account/serviceaccount", nil,
	)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}

// echoing returns a test case whose configurations hand an ephemeral value to the provider "echo",
// which shows it.
func echoing(w *acctest.Wavefront, steps ...resource.TestStep) resource.TestCase {
	for i := range steps {
		steps[i].Config = w.Config(steps[i].Config)
	}
	factories := acctest.Factories(w.Clock)
	factories["echo"] = echoprovider.NewProviderServer()
	return resource.TestCase{Steps: steps, ProtoV6ProviderFactories: factories}
}

// opened returns the configuration of an ephemeral token that is handed to echo.
func opened(attributes ...string) string {
	return fmt.Sprintf("ephemeral \"svcacct_wavefront_service_account_token\" \"test\" {\n  service_account = "+
		"\"sa::ci\"\n  %s\n}\n\n"+
		"provider \"echo\" {\n  data = ephemeral.svcacct_wavefront_service_account_token.test.api_key\n}\n\nresource "+
		"\"echo\" \"test\" {}\n", strings.Join(attributes, "\n  "))
}

const notNow = `{"status":{"result":"ERROR","message":"not now","code":400}}`

// ownServer returns a simulator on which the provider runs with the token "run" of the account sa::tf.
func ownServer(t *testing.T) (w *acctest.Wavefront, role, group string) {
	t.Helper()
	w = simulator(t, wavefrontsim.Options{})
	role = w.Sim.AddRole(wavefrontsim.Role{Name: "account manager", Permissions: []string{"user_management"}})
	group = w.Sim.AddUserGroup(wavefrontsim.UserGroup{Name: "managers", Roles: []string{role}})
	w.Sim.AddServiceAccount(
		wavefrontsim.ServiceAccount{
			Identifier: "sa::tf", Permissions: []string{"user_management"}, Roles: []string{role},
			UserGroups: []string{group},
		},
	)
	w.Settings["token"] = w.Sim.AddToken("sa::tf", "run")
	return w, role, group
}

func data(kind, body string) string {
	return fmt.Sprintf("data \"svcacct_wavefront_%s\" \"test\" {\n  %s\n}\n", kind, body)
}

// place is a role or a user group for an account.
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

func withToken(name string, attributes ...string) string {
	return serviceAccount("sa::ci") + tokenOf(name, attributes...)
}

// later returns a resource whose output is not known in the plan, since its input changes with the
// release. Attributes are lines of the input.
func later(release int, attributes ...string) string {
	return fmt.Sprintf("resource \"terraform_data\" \"later\" {\n  input = {\n    release = %d\n    %s\n  "+
		"}\n}\n", release,
		strings.Join(attributes, "\n    "))
}

// unknownCase is what a plan says while an attribute is unknown.
type unknownCase struct {
	values   []any    // that the attribute may turn out to have, besides the value in state
	affects  []string // other attributes that are unknown then
	messages []string // of the plan, each by its beginning
}

// checkUnknown plans a state with one attribute unknown, and with each value that it may turn out to
// have: the plan that a CLI makes during apply must not differ from what the first plan knew, and must
// not announce anything new. All attributes that a configuration can set must have a case. Other are the
// attributes whose configuration is not the same as the state.
func checkUnknown(
	t *testing.T, p *acctest.Planner, state, other acctest.Values, private map[string]string,
	cases map[string]unknownCase,
) {
	t.Helper()
	config := acctest.Values{}
	for _, name := range p.Configurable() {
		config[name] = state[name]
	}
	maps.Copy(config, other)
	with := func(name string, value any) acctest.Values {
		changed := maps.Clone(config)
		changed[name] = value
		return changed
	}
	for _, name := range p.Configurable() {
		test, found := cases[name]
		t.Run(name, func(t *testing.T) {
			planned := p.Plan(state, with(name, acctest.Unknown), private)
			want := append([]string{name}, test.affects...)
			slices.Sort(want)
			if got := planned.Unknown(); !found || !slices.Equal(got, want) {
				t.Errorf("unknown: %q, want %q", got, want)
			}
			if !slices.EqualFunc(planned.Messages, test.messages, strings.HasPrefix) {
				t.Errorf("messages: %q, want %q", planned.Messages, test.messages)
			}
			prior := state
			if planned.Replaces {
				prior = nil // the object is destroyed by then
			}
			for _, value := range append(test.values, config[name]) {
				final := p.Plan(prior, with(name, value), private)
				if broken := planned.Breaks(final); len(broken) > 0 {
					t.Errorf("%v was not planned: %q", value, broken)
				}
			}
		})
	}
}

// listOf returns the value of a set of texts.
func listOf(texts ...string) []tftypes.Value {
	all := []tftypes.Value{}
	for _, text := range texts {
		all = append(all, tftypes.NewValue(tftypes.String, text))
	}
	return all
}
