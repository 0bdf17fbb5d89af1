package waldur_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestAccRobotAccountDataSource(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	uuid := w.Sim.AddRobotAccount(waldursim.RobotAccount{
		Resource: w.Resource, Type: "x", Username: "robot", Users: []string{w.Ada, w.Bo}, ResponsibleUser: w.Ada, Keys: []string{robotKey}, State: "Error", ErrorMessage: "no home",
	})
	const typeName, address = "svcacct_waldur_robot_account", "data.svcacct_waldur_robot_account.test"
	whole := []statecheck.StateCheck{
		expect(address, tfjsonpath.New("uuid"), knownvalue.StringExact(uuid)), expect(address, tfjsonpath.New("username"), knownvalue.StringExact("robot")),
		expect(address, tfjsonpath.New("users"), knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact(w.Ada), knownvalue.StringExact(w.Bo)})),
		expect(address, tfjsonpath.New("responsible_user"), knownvalue.StringExact(w.Ada)), expect(address, tfjsonpath.New("state"), knownvalue.StringExact("Error")),
		expect(address, tfjsonpath.New("error_message"), knownvalue.StringExact("no home")), expect(address, tfjsonpath.New("fingerprints"), knownvalue.ListSizeExact(1)),
		expect(address, tfjsonpath.New("provider_uuid"), knownvalue.StringExact(w.Provider)), expect(address, tfjsonpath.New("project_uuid"), knownvalue.StringExact(w.Project)),
	}
	w.Run(t,
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("uuid = %q", uuid)), ConfigStateChecks: whole},
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("resource_uuid = %q", hyphenated(w.Resource)), `type = "x"`), ConfigStateChecks: whole},
		resource.TestStep{
			Config:      dataSource(typeName, fmt.Sprintf("resource_uuid = %q", w.Resource), `type = "y"`),
			ExpectError: acctest.Words(`no robot account of type "y" on resource`),
		},
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("resource_uuid = %q", w.Resource)), ExpectError: acctest.Words("type")},
		resource.TestStep{Config: "# what is left must be valid"},
	)
}

func TestAccRobotAccountsDataSource(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "a", Username: "alpha", Users: []string{w.Ada}, ResponsibleUser: w.Ada})
	w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "b", Username: "beta", Users: []string{w.Bo}, State: "Error"})
	w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "c", State: "Requested deletion"})
	const typeName = "svcacct_waldur_robot_accounts"
	past, future := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	var steps []resource.TestStep
	for filter, want := range map[string]int{
		"": 3,
		fmt.Sprintf("resource_uuid = %q", hyphenated(w.Resource)):  3,
		fmt.Sprintf("resource_uuid = %q", strings.Repeat("0", 32)): 0,
		fmt.Sprintf("project_uuid = %q", w.Project):                3,
		fmt.Sprintf("customer_uuid = %q", w.Customer):              3,
		fmt.Sprintf("customer_uuid = %q", w.Provider):              0,
		fmt.Sprintf("provider_uuid = %q", w.Provider):              3,
		`type = "b"`:                                1,
		`state = "Error"`:                           1,
		`state = "Requested deletion"`:              1,
		`username = "ALPH"`:                         1,
		`user_email = "bo.tamm"`:                    1,
		fmt.Sprintf("responsible_user = %q", w.Ada): 1,
		fmt.Sprintf("created_after = %q", past):     3,
		fmt.Sprintf("created_after = %q", future):   0,
		fmt.Sprintf("created_before = %q", past):    0,
		fmt.Sprintf("modified_after = %q", past):    3,
		fmt.Sprintf("modified_before = %q", future): 3,
	} {
		steps = append(steps, resource.TestStep{
			Config: dataSource(typeName, filter),
			ConfigStateChecks: []statecheck.StateCheck{
				expect("data."+typeName+".test", tfjsonpath.New("robot_accounts"), knownvalue.ListSizeExact(want)),
			},
		})
	}
	w.Run(t, append(steps,
		resource.TestStep{Config: dataSource(typeName, `state = "Broken"`), ExpectError: acctest.Words("Attribute state value must be one of")},
		resource.TestStep{Config: dataSource(typeName, `created_after = "yesterday"`), ExpectError: acctest.Words("RFC3339")},
		resource.TestStep{Config: "# what is left must be valid"},
	)...)
}

// A server of 2024 ignores filters that it does not know: what it answers is not what was asked for.
func TestAccRobotAccountsDataSource_ignoredFilter(t *testing.T) {
	w := robotServer(t, waldursim.Options{OldRobotAccounts: true})
	w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "a"})
	w.Run(t,
		resource.TestStep{Config: dataSource("svcacct_waldur_robot_accounts", `state = "Error"`), ExpectError: acctest.Words("too old for one of the filters")},
		resource.TestStep{Config: dataSource("svcacct_waldur_robot_accounts", `type = "a"`)},
	)
}

func TestAccResourceDataSource(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	project := w.Sim.AddProject(waldursim.Project{Name: "Another", Customer: w.Customer})
	add := func(name, state, project string) string {
		return w.Sim.AddResource(waldursim.Resource{Name: name, State: state, Project: project, Provider: w.Provider, OfferingName: "Storage"})
	}
	twin, _ := add("twin", "OK", w.Project), add("twin", "OK", project)
	alive := add("reborn", "OK", w.Project)
	dead := add("reborn", "Terminated", w.Project)
	const typeName, address = "svcacct_waldur_resource", "data.svcacct_waldur_resource.test"
	is := func(uuid string) []statecheck.StateCheck {
		return []statecheck.StateCheck{expect(address, tfjsonpath.New("uuid"), knownvalue.StringExact(uuid))}
	}
	w.Run(t,
		resource.TestStep{Config: dataSource(typeName, `name = "hpc-allocation-7"`), ConfigStateChecks: is(w.Resource)},
		resource.TestStep{Config: dataSource(typeName, `name = "hpc-allocation-7"`, `view = "consumer"`), ConfigStateChecks: is(w.Resource)},
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("uuid = %q", w.Resource)), ConfigStateChecks: is(w.Resource)},
		resource.TestStep{Config: dataSource(typeName, `name = "twin"`), ExpectError: acctest.Words(`choose by uuid: ` + twin)},
		resource.TestStep{Config: dataSource(typeName, `name = "twin"`, fmt.Sprintf("project_uuid = %q", hyphenated(w.Project))), ConfigStateChecks: is(twin)},
		resource.TestStep{Config: dataSource(typeName, `name = "reborn"`), ConfigStateChecks: is(alive)},
		resource.TestStep{Config: dataSource(typeName, `name = "reborn"`, `states = ["Terminated"]`), ConfigStateChecks: is(dead)},
		resource.TestStep{Config: dataSource(typeName, `name = "nothing"`), ExpectError: acctest.Words(`no resource named "nothing" is visible`)},
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("uuid = %q", w.Resource), `states = ["OK"]`), ExpectError: acctest.Words("cannot be configured together")},
		resource.TestStep{Config: dataSource(typeName, `name = "x"`, `view = "inside"`), ExpectError: acctest.Words("Attribute view value must be one of")},
		resource.TestStep{Config: "# what is left must be valid"},
	)
}

func TestAccUserDataSource(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	double, _ := w.Sim.AddUser(waldursim.User{Username: "ada.two", FullName: "Ada Kask", Email: "ada.kask@acme.example"})
	longer, _ := w.Sim.AddUser(waldursim.User{Username: "bo.two", FullName: "Bo Tamm", Email: "not-bo.tamm@acme.example"})
	w.Sim.Grant(double, waldursim.CustomerReader, w.Customer)
	w.Sim.Grant(longer, waldursim.ProjectMember, w.Project)
	const typeName, address = "svcacct_waldur_user", "data.svcacct_waldur_user.test"
	is := func(uuid string) []statecheck.StateCheck {
		return []statecheck.StateCheck{expect(address, tfjsonpath.New("uuid"), knownvalue.StringExact(uuid)), expect(address, tfjsonpath.New("is_active"), knownvalue.Bool(true))}
	}
	w.Run(t,
		resource.TestStep{Config: dataSource(typeName, `username = "ada.kask"`), ConfigStateChecks: is(w.Ada)},
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("uuid = %q", w.Bo)), ConfigStateChecks: is(w.Bo)},
		resource.TestStep{Config: dataSource(typeName, `email = "Bo.Tamm@acme.example"`), ConfigStateChecks: is(w.Bo)},
		resource.TestStep{Config: dataSource(typeName, `email = "ada.kask@acme.example"`), ExpectError: acctest.Words(`there is more than one user with the e-mail address "ada.kask@acme.example"`)},
		resource.TestStep{Config: dataSource(typeName, `email = "ada.kask@acme.example"`, fmt.Sprintf("project_uuid = %q", w.Project)), ConfigStateChecks: is(w.Ada)},
		resource.TestStep{Config: dataSource(typeName, `username = "nobody"`), ExpectError: acctest.Words(`no user with username "nobody" is visible`)},
		resource.TestStep{Config: dataSource(typeName, `username = "ada.kask"`, `email = "x"`), ExpectError: acctest.Words("Invalid Attribute Combination")},
		resource.TestStep{Config: "# what is left must be valid"},
	)
}
