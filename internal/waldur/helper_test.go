package waldur_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestMain(m *testing.M) { acctest.Main(m, "waldur") }

// live checks how many accounts the server has that are not closed, and that each has exactly one
// key that works.
func live(w *acctest.Waldur, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got := 0
		for _, account := range w.Sim.ServiceAccounts() {
			if account.State == "Closed" {
				continue
			}
			got++
			if keys := w.Sim.LiveKeys(account.Username); len(keys) != 1 {
				return fmt.Errorf("account %v has %d keys that work", account.Username, len(keys))
			}
		}
		if got != want {
			return fmt.Errorf("the server has %d accounts, want %d", got, want)
		}
		return nil
	}
}

// rotates checks that a plan rotates the key in place and leaves nothing else unknown.
func (k kind) rotates() resource.ConfigPlanChecks {
	return acctest.Planned(k.address(), plancheck.ResourceActionUpdate,
		acctest.UnknownAfter(k.address(), "api_key", "expires_at", "key_version", "rotated_at"))
}

// keepsKey checks that a plan leaves the key alone, whatever else it does.
func (k kind) keepsKey(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return acctest.Planned(k.address(), action, acctest.KnownAfter(k.address(), "api_key", "expires_at", "key_version",
		"rotated_at"))
}

func dataSource(typeName string, attributes ...string) string {
	return fmt.Sprintf("data %q \"test\" {\n  %s\n}\n", typeName, strings.Join(attributes, "\n  "))
}

func expect(address string, path tfjsonpath.Path, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, path, value)
}

// query returns a step that lists a type, with lines of its configuration, at most so many.
func query(typeName string, limit int, checks []querycheck.QueryResultCheck, config ...string) resource.TestStep {
	return resource.TestStep{
		Query: true, QueryResultChecks: checks,
		Config: fmt.Sprintf("list %q \"test\" {\n  provider = svcacct\n  limit = %d\n  include_resource = true\n  "+
			"config {\n    %s\n  }\n}\n",
			typeName, limit, strings.Join(config, "\n    ")),
	}
}

func found(typeName string, n int) []querycheck.QueryResultCheck {
	return []querycheck.QueryResultCheck{querycheck.ExpectLength(typeName+".test", n)}
}

const (
	robotResource = "svcacct_waldur_robot_account"
	robot         = robotResource + ".test"
	robotKey      = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJW72pNaLpGCcYp4gDKEz7WMkphnkFPlJ//JmTB/bInl ci@build-7"
	otherKey      = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ops"
	// The names of the operations of the API, before "_create" and so on.
	robotOperation = "marketplace_robot_accounts"
)

// robotConfig returns the configuration of an account of a type, with further attributes a line each.
func robotConfig(w *acctest.Waldur, kind string, attributes ...string) string {
	return fmt.Sprintf("resource \"svcacct_waldur_robot_account\" \"test\" {\n  resource_uuid = %q\n  type = %q\n  "+
		"%s\n}\n",
		w.Resource, kind, strings.Join(attributes, "\n  "))
}

// providerOnly returns the server with the token of a person of the resource's provider, who has no
// role in the customer and the project that use the resource.
func providerOnly(w *acctest.Waldur) *acctest.Server {
	provider, token := w.Sim.AddUser(waldursim.User{Username: "pia"})
	w.Sim.Grant(provider, waldursim.ProviderOwner, w.Provider)
	return w.With("token", token)
}

// consumerOnly returns the server with the token of a person who manages the project, and does not
// belong to the provider of its resource.
func consumerOnly(w *acctest.Waldur) *acctest.Server {
	manager, token := w.Sim.AddUser(waldursim.User{Username: "max"})
	w.Sim.Grant(manager, waldursim.ProjectManager, w.Project)
	return w.With("token", token)
}

func robotServer(t *testing.T, options waldursim.Options) *acctest.Waldur {
	t.Helper()
	w := acctest.NewWaldur(t, options)
	w.Simulated(t, "the test creates objects on it, breaks it, or looks at what it stores")
	return w
}

// kind is one of the two kinds of service accounts, which pass the same tests.
type kind struct {
	scope     string
	operation string // what the operations of the API are called, before "_create" and the like
	add       func(*waldursim.Sim, waldursim.ServiceAccount) (uuid, key string)
}

var kinds = []kind{
	{"customer", "marketplace_customer_service_accounts", (*waldursim.Sim).AddCustomerServiceAccount},
	{"project", "marketplace_project_service_accounts", (*waldursim.Sim).AddProjectServiceAccount},
}

func (k kind) typeName() string { return "svcacct_waldur_" + k.scope + "_service_account" }

func (k kind) address() string { return k.typeName() + ".test" }

func (k kind) scopeUUID(w *acctest.Waldur) string {
	if k.scope == "customer" {
		return w.Customer
	}
	return w.Project
}

// resource returns the configuration of an account, with further attributes a line each.
func (k kind) resource(w *acctest.Waldur, identifier string, attributes ...string) string {
	return fmt.Sprintf("resource %q \"test\" {\n  %s_uuid = %q\n  preferred_identifier = %q\n  %s\n}\n",
		k.typeName(), k.scope, k.scopeUUID(w), identifier, strings.Join(attributes, "\n  "))
}

// other returns the configuration of a second account.
func (k kind) other(w *acctest.Waldur, identifier string) string {
	return strings.Replace(k.resource(w, identifier), `"test"`, `"other"`, 1)
}

// eachKind runs a test for both kinds, each against a server of its own.
func eachKind(t *testing.T, options waldursim.Options, test func(t *testing.T, k kind, w *acctest.Waldur)) {
	t.Helper()
	for _, k := range kinds {
		t.Run(k.scope, func(t *testing.T) { test(t, k, acctest.NewWaldur(t, options)) })
	}
}

// cases returns all cases of a test, and with the option -short one of them: the cases differ in what the
// server does, and another CLI adds nothing.
func cases[T any](all map[string]T) map[string]T {
	if !testing.Short() {
		return all
	}
	first := slices.Min(slices.Collect(maps.Keys(all)))
	return map[string]T{first: all[first]}
}

// eachOption runs a test with each value of each option of the server, three options at once, but for the
// values to skip.
func eachOption(
	t *testing.T, skip func(option, value string) bool, test func(t *testing.T, options waldursim.Options),
) {
	t.Helper()
	if testing.Short() {
		t.Skip("the options are about the server: another CLI adds nothing")
	}
	var tried []simkit.Option[waldursim.Options]
	for _, option := range waldursim.AllOptions() {
		option.Values = slices.DeleteFunc(option.Values, func(value string) bool { return skip(option.Name, value) })
		if len(option.Values) > 0 {
			tried = append(tried, option)
		}
	}
	for name, options := range simkit.Combine(tried, 3) {
		t.Run(name, func(t *testing.T) { test(t, options) })
	}
}

// aKind runs a test for one of the two kinds, chosen by the name of the test. Both are one implementation, and
// so what a server does need not be tried twice.
func aKind(t *testing.T, options waldursim.Options, test func(t *testing.T, k kind, w *acctest.Waldur)) {
	t.Helper()
	k := kinds[len(t.Name())%len(kinds)]
	t.Run(k.scope, func(t *testing.T) { test(t, k, acctest.NewWaldur(t, options)) })
}

// keyWorks checks that the account service accepts the key in state.
func keyWorks(w *acctest.Waldur, address string) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		key, err := acctest.Attribute(state, address, "api_key")
		switch {
		case err != nil:
			return err
		case key == "":
			return fmt.Errorf("%s holds no key", address)
		case w.Sim != nil && !w.Sim.KeyAlive(key):
			return fmt.Errorf("the key of %s is dead", address)
		}
		return nil
	}
}

// rotated checks that the key in state is another key than before, that it works and that the old
// key does not work.
func rotated(w *acctest.Waldur, address string, old *string) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		if err := keyWorks(w, address)(state); err != nil {
			return err
		}
		key, err := acctest.Attribute(state, address, "api_key")
		if err != nil {
			return err
		}
		if key == *old {
			return fmt.Errorf("the key of %s is still the same", address)
		}
		if w.Sim != nil && w.Sim.KeyAlive(*old) {
			return fmt.Errorf("the old key of %s still works", address)
		}
		*old = key
		return nil
	}
}

// requests checks how often an operation was asked for since the simulator started.
func requests(w *acctest.Waldur, operation string, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if w.Sim == nil || !acctest.BulkReads() { // the counts are those with shared reads
			return nil
		}
		if got := w.Sim.Count(operation); got != want {
			return fmt.Errorf("%s was requested %d times, want %d", operation, got, want)
		}
		return nil
	}
}

var text32 = regexp.MustCompile(`^[0-9a-f]{32}$`)

func hyphenated(uuid string) string {
	return uuid[:8] + "-" + uuid[8:12] + "-" + uuid[12:16] + "-" + uuid[16:20] + "-" + uuid[20:]
}
