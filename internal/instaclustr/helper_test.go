package instaclustr_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
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
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func TestMain(m *testing.M) { acctest.Main(m, "instaclustr") }

// simulator returns a simulator for one test.
func simulator(t *testing.T, options instaclustrsim.Options) *acctest.Instaclustr {
	t.Helper()
	w := acctest.NewInstaclustr(t, options)
	w.Simulated(t, "the test creates service users, breaks the server, or looks at what it stores")
	return w
}

const (
	userType = "svcacct_instaclustr_service_user"
	keyType  = "svcacct_instaclustr_service_user_api_key"
	user     = userType + ".test"
	key      = keyType + ".test"

	inside, outside = "198.51.100.7", "192.0.2.1" // of and beside the allow lists of the tests

	createOp   = "createServiceUser"
	listOp     = "listServiceUsers"
	getOp      = "getServiceUser"
	updateOp   = "updateServiceUser"
	generateOp = "generateServiceUserApiKey"
	revokeOp   = "revokeServiceUserApiKey"
	restrictOp = "updateServiceUserApiKeyIpRestrictions"
	rotateOp   = "rotateServiceUserApiKey"
)

// serviceUser returns the configuration of a service user, with further attributes a line each.
func serviceUser(username, role string, attributes ...string) string {
	const block = "resource %q \"test\" {\n  username = %q\n  email = \"%s@acme.example\"\n  role = %q\n  %s\n}\n"
	return fmt.Sprintf(block, userType, username, username, role, strings.Join(attributes, "\n  "))
}

// apiKey returns the configuration of a key of the service user above, with further attributes a
// line each.
func apiKey(kind string, attributes ...string) string {
	const block = "resource %q \"test\" {\n  username = %s.username\n  key_type = %q\n  %s\n}\n"
	return fmt.Sprintf(block, keyType, user, kind, strings.Join(attributes, "\n  "))
}

// apiKeyOf is apiKey of a service user that is not in the configuration.
func apiKeyOf(username, kind string, attributes ...string) string {
	return strings.Replace(apiKey(kind, attributes...), user+".username", fmt.Sprintf("%q", username), 1)
}

// ephemeralKey returns the configuration of an ephemeral key that is used.
func ephemeralKey(username, kind string, attributes ...string) string {
	const block = "ephemeral %[1]q \"test\" {\n  username = %[2]q\n  key_type = %[3]q\n  %[4]s\n}\n\n" +
		"locals {\n  key = ephemeral.%[1]s.test.api_key\n}\n"
	return fmt.Sprintf(block, keyType, username, kind, strings.Join(attributes, "\n  "))
}

// dataSource returns the configuration of a data source.
func dataSource(typeName string, attributes ...string) string {
	return fmt.Sprintf("data %q \"test\" {\n  %s\n}\n", typeName, strings.Join(attributes, "\n  "))
}

// query returns the step of a list resource that finds a number of objects; -1 stands for an error.
func query(typeName string, limit, found int, config ...string) resource.TestStep {
	const block = "list %q \"test\" {\n  provider = svcacct\n  limit = %d\n  include_resource = true\n" +
		"  config {\n    %s\n  }\n}\n"
	step := resource.TestStep{Query: true, Config: fmt.Sprintf(block, typeName, limit, strings.Join(config, "\n    "))}
	if found >= 0 {
		step.QueryResultChecks = []querycheck.QueryResultCheck{querycheck.ExpectLength(typeName+".test", found)}
	}
	return step
}

func keepers(release string) string { return fmt.Sprintf("keepers = { release = %q }", release) }

func allow(prefixes ...string) string { return "cidr_allow_list = " + quoted(prefixes...) }

// quoted returns a list of strings in HCL.
func quoted(texts ...string) string {
	parts := make([]string, len(texts))
	for i, text := range texts {
		parts[i] = fmt.Sprintf("%q", text)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func has(address, attribute string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), value)
}

// hasData is has for a data source.
func hasData(typeName string, path tfjsonpath.Path, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data."+typeName+".test", path, value)
}

// mask checks the key of a user as data sources show it.
func mask(w *acctest.Instaclustr, username, kind string) knownvalue.Check {
	secret := w.Sim.Secret(username, kind)
	return knownvalue.StringExact(strings.Repeat("•", 27) + secret[len(secret)-5:])
}

// shownKey checks all attributes of a key in a data source.
func shownKey(w *acctest.Instaclustr, username, kind string) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"id": knownvalue.StringExact(username + "/" + kind), "username": knownvalue.StringExact(username),
		"key_type": knownvalue.StringExact(kind), "masked_key": mask(w, username, kind),
		"account": knownvalue.StringExact(instaclustrsim.Account),
	})
}

// invalid checks that a configuration is refused at plan, and that nothing but the list of users is
// read for that.
func invalid(t *testing.T, config, words string) {
	t.Helper()
	w := server(t)
	w.Run(t, resource.TestStep{Config: config, PlanOnly: true, ExpectError: acctest.Words(words)})
	for _, sent := range w.Sim.Requests() {
		if sent.Operation != listOp { // is the name in use?
			t.Errorf("%s %s was sent", sent.Method, sent.Path)
		}
	}
}

func texts(all ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(all))
	for i, text := range all {
		checks[i] = knownvalue.StringExact(text)
	}
	return knownvalue.SetExact(checks)
}

// probe signs in with a key from an address. The status is 200, 401 for a revoked key, or 403 for a
// restricted key.
func probe(w *acctest.Instaclustr, username, secret, address string) (status int, err error) {
	address = w.Settings["endpoint"] + "/_emu/whoami?address=" + url.QueryEscape(address)
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	req.SetBasicAuth(username, secret)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// answers checks the status that the server returns for the key in state.
func answers(w *acctest.Instaclustr, address string, want int) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		secret, err := acctest.Attribute(state, key, "api_key")
		if err != nil {
			return err
		}
		username, err := acctest.Attribute(state, key, "username")
		if err != nil {
			return err
		}
		got, err := probe(w, username, secret, address)
		if err == nil && got != want {
			err = fmt.Errorf("the server returns %d for the key in state, from %s, want %d", got, address, want)
		}
		return err
	}
}

// works checks that the key in state works from anywhere.
func works(w *acctest.Instaclustr) resource.TestCheckFunc {
	return resource.ComposeTestCheckFunc(answers(w, inside, http.StatusOK), answers(w, outside, http.StatusOK))
}

// restricted checks that the key in state works from inside alone.
func restricted(w *acctest.Instaclustr) resource.TestCheckFunc {
	return resource.ComposeTestCheckFunc(answers(w, inside, http.StatusOK), answers(w, outside, http.StatusForbidden))
}

// dead checks that a remembered key of a user no longer works.
func dead(w *acctest.Instaclustr, username string, secret *string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got, err := probe(w, username, *secret, inside)
		if err == nil && (*secret == "" || got != http.StatusUnauthorized) {
			err = fmt.Errorf("the server returns %d for the old key of %s (%t)", got, username, *secret != "")
		}
		return err
	}
}

// withKey adds a service user with a key, and returns the key.
func withKey(w *acctest.Instaclustr, username, kind string) (secret string) {
	return w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: username, Keys: []string{kind}})[kind]
}

// keysOf checks the types of the keys that a user has.
func keysOf(w *acctest.Instaclustr, username string, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		found, ok := w.Sim.ServiceUser(username)
		slices.Sort(want)
		slices.Sort(found.Keys)
		if !ok || !slices.Equal(found.Keys, want) {
			return fmt.Errorf("%s (there: %t) has keys %q, want %q", username, ok, found.Keys, want)
		}
		return nil
	}
}

// requests checks how often operations were asked for since the record was emptied.
func requests(w *acctest.Instaclustr, want map[string]int) resource.TestCheckFunc {
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

// rotates checks that a plan rotates the key in place, and leaves nothing unknown but the key and more.
func rotates(more ...string) resource.ConfigPlanChecks {
	return acctest.Planned(
		key, plancheck.ResourceActionUpdate,
		acctest.UnknownAfter(key, append(more, "api_key", "expires_at", "key_version", "rotated_at")...),
	)
}

// server returns a simulator with default settings.
func server(t *testing.T) *acctest.Instaclustr {
	t.Helper()
	return simulator(t, instaclustrsim.Options{})
}

var broken = simkit.Fault{Status: http.StatusBadRequest, Body: `{"resource": "not now"}`}

func times(n int, fault simkit.Fault) simkit.Fault {
	fault.Times = n
	return fault
}

// inhabited returns a simulator with the service users that the examples name.
func inhabited(t *testing.T) *acctest.Instaclustr {
	t.Helper()
	w := server(t)
	w.Sim.AddUser(instaclustrsim.HumanUser{Username: "a.smith", Role: instaclustrsim.ClusterAdmin})
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: "grafana_reader", Email: "ops+grafana@example.com", DisplayName: "Grafana reader",
		Keys: []string{"PROVISIONING_READONLY", "MONITORING"},
	})
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: "backup", Role: "CLUSTER_ADMIN", Keys: []string{"PROVISIONING"},
	})
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "idle", Role: "OWNER"})
	return w
}

// readsOf returns a number of requests with shared reads, or without.
func readsOf(shared, single int) int {
	if acctest.BulkReads() {
		return shared
	}
	return single
}
