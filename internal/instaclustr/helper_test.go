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
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

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
	return fmt.Sprintf("resource %q \"test\" {\n  username = %q\n  email = %q\n  role = %q\n  %s\n}\n", userType, username, username+"@acme.example", role, strings.Join(attributes, "\n  "))
}

// apiKey returns the configuration of a key of the service user above, with further attributes a line each.
func apiKey(kind string, attributes ...string) string {
	return fmt.Sprintf("resource %q \"test\" {\n  username = %s.username\n  key_type = %q\n  %s\n}\n", keyType, user, kind, strings.Join(attributes, "\n  "))
}

// apiKeyOf is apiKey of a service user that is not in the configuration.
func apiKeyOf(username, kind string, attributes ...string) string {
	return strings.Replace(apiKey(kind, attributes...), user+".username", fmt.Sprintf("%q", username), 1)
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

func texts(all ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(all))
	for i, text := range all {
		checks[i] = knownvalue.StringExact(text)
	}
	return knownvalue.SetExact(checks)
}

// probe asks the server, from an address, whether it takes a key: 200, 401 of a dead one, 403 of one that is restricted.
func probe(w *acctest.Instaclustr, username, secret, address string) (status int, err error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, w.Settings["endpoint"]+"/_emu/whoami?address="+url.QueryEscape(address), nil)
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

// answers checks how the server answers to the key in state.
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
			err = fmt.Errorf("the server answers %d to the key in state, from %s, want %d", got, address, want)
		}
		return err
	}
}

// works checks that the key in state is taken from anywhere.
func works(w *acctest.Instaclustr) resource.TestCheckFunc {
	return resource.ComposeTestCheckFunc(answers(w, inside, http.StatusOK), answers(w, outside, http.StatusOK))
}

// restricted checks that the key in state is taken from inside alone.
func restricted(w *acctest.Instaclustr) resource.TestCheckFunc {
	return resource.ComposeTestCheckFunc(answers(w, inside, http.StatusOK), answers(w, outside, http.StatusForbidden))
}

// dead checks that a remembered key of a user is not taken any more.
func dead(w *acctest.Instaclustr, username string, secret *string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got, err := probe(w, username, *secret, inside)
		if err == nil && (*secret == "" || got != http.StatusUnauthorized) {
			err = fmt.Errorf("the server answers %d to the old key of %s (remembered: %t)", got, username, *secret != "")
		}
		return err
	}
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
	return acctest.Planned(key, plancheck.ResourceActionUpdate, acctest.UnknownAfter(key, append(more, "api_key", "expires_at", "rotated_at")...))
}

// server returns a simulator with default settings.
func server(t *testing.T) *acctest.Instaclustr {
	t.Helper()
	return acctest.NewInstaclustr(t, instaclustrsim.Options{})
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
		Username: "grafana_reader", Email: "ops+grafana@example.com", DisplayName: "Grafana reader", Keys: []string{"PROVISIONING_READONLY", "MONITORING"},
	})
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "backup", Role: "CLUSTER_ADMIN", Keys: []string{"PROVISIONING"}})
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "idle", Role: "OWNER"})
	return w
}
