package acctest

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront"
)

// liveVariable names the systems whose tests run on a real server, such as "waldur,wavefront". All other
// tests run on simulators.
const liveVariable = "SVCACCT_ACC_LIVE"

// The variables that say where on a real server tests may work.
const (
	customerVariable  = "SVCACCT_ACC_WALDUR_CUSTOMER_UUID"
	projectVariable   = "SVCACCT_ACC_WALDUR_PROJECT_UUID"
	resourceVariable  = "SVCACCT_ACC_WALDUR_RESOURCE_UUID"
	userVariable      = "SVCACCT_ACC_WALDUR_USER_UUID"
	roleVariable      = "SVCACCT_ACC_WAVEFRONT_ROLE_ID"
	usernameVariable  = "SVCACCT_ACC_INSTACLUSTR_USERNAME"
	emailVariable     = "SVCACCT_ACC_INSTACLUSTR_EMAIL"
	allowListVariable = "SVCACCT_ACC_INSTACLUSTR_ALLOW_LIST"
)

// A need is an environment variable that tests on a real server need, besides the settings of the provider.
type need struct {
	variable, about string
	// prefix is how the value must begin.
	prefix string
}

// A place is what tests and sweepers know of a system.
type place struct {
	system   func() tfkit.System
	needs    []need
	sweepers []sweeper
}

// places are those of all systems, by their blocks.
func places() map[string]place {
	return map[string]place{
		"waldur": {waldur.System, []need{
			{customerVariable, "a customer whose max_service_accounts leaves room for 20", ""},
			{projectVariable, "a project of this customer, likewise", ""},
			{resourceVariable, "a resource of this project, used by tests alone", ""},
			{userVariable, "a user with a role in this project, or in its customer", ""},
		}, []sweeper{
			{"svcacct_waldur_customer_service_account", sweepCustomerServiceAccounts},
			{"svcacct_waldur_project_service_account", sweepProjectServiceAccounts},
			{"svcacct_waldur_robot_account", sweepRobotAccounts},
		}},
		"wavefront": {wavefront.System, []need{
			{roleVariable, "a role that the accounts of tests may have", ""},
		}, []sweeper{
			{"svcacct_wavefront_service_account", sweepWavefrontAccounts}, // and their tokens
		}},
		"instaclustr": {instaclustr.System, []need{
			{usernameVariable, "the one service user of all tests. The first run creates it, and nobody can ever " +
				"delete it", namePrefix},
			{emailVariable, "its e-mail address, which no other user can ever have", ""},
			{allowListVariable, "prefixes such as 198.51.100.0/24,203.0.113.0/24 for the allow list of its keys", ""},
		}, []sweeper{
			{"svcacct_instaclustr_service_user_api_key", sweepInstaclustrKeys},
		}},
	}
}

// live returns the systems whose tests run on a real server.
func live(getenv func(string) string) []string {
	return strings.FieldsFunc(getenv(liveVariable), func(r rune) bool { return r == ',' || r == ' ' })
}

// checkLive returns one error with everything that the environment lacks for tests on real servers.
func checkLive(getenv func(string) string) error {
	known, wrong := places(), []string{}
	for _, block := range live(getenv) {
		p, ok := known[block]
		if !ok {
			wrong = append(wrong, fmt.Sprintf("%s names %q; the systems are %s", liveVariable, block,
				strings.Join(slices.Sorted(maps.Keys(known)), ", ")))
			continue
		}
		for _, s := range p.system().Settings {
			if s.Default == "" && getenv(s.Variable) == "" {
				wrong = append(wrong, fmt.Sprintf("%s is not set: %s", s.Variable, s.Description))
			}
		}
		for _, n := range p.needs {
			switch value := getenv(n.variable); {
			case value == "":
				wrong = append(wrong, fmt.Sprintf("%s is not set: %s", n.variable, n.about))
			case !strings.HasPrefix(value, n.prefix):
				wrong = append(wrong, fmt.Sprintf("%s must begin with %q: %s", n.variable, n.prefix, n.about))
			}
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return errors.New("the tests can't run on a real server:\n  " + strings.Join(wrong, "\n  "))
}

// Main runs the tests of a package that may use a real server of a system, or with -sweep its sweepers.
// If the environment lacks something for that, it says so, and runs nothing.
func Main(m *testing.M, block string) {
	flag.Parse()
	sweeps := flag.Lookup("sweep").Value.String() != ""
	if sweeps || os.Getenv(resource.EnvTfAcc) != "" {
		err := checkLive(os.Getenv)
		if err == nil && sweeps && !slices.Contains(live(os.Getenv), block) {
			err = fmt.Errorf("nothing to sweep: %s does not name %s", liveVariable, block)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	addSweepers(block)
	resource.TestMain(m)
}

// liveServer returns the server of a system. If the environment names it, it has its settings, which
// configurations leave to the environment; else it needs the settings of a simulator.
func liveServer(block string, getenv func(string) string) Server {
	s := Server{
		Clock: &Clock{}, System: places()[block].system(), Settings: map[string]string{},
		Real: slices.Contains(live(getenv), block),
	}
	for _, setting := range s.System.Settings {
		if s.Real {
			s.Settings[setting.Name] = cmp.Or(getenv(setting.Variable), setting.Default)
		}
	}
	return s
}
