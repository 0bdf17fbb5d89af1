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

func TestAccRobotAccountsDataSource(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "a", Username: "alpha",
		Users: []string{w.Ada}, ResponsibleUser: w.Ada})
	w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "b", Username: "beta",
		Users: []string{w.Bo}, State: "Error"})
	w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "c", State: "Requested deletion"})
	const typeName = "svcacct_waldur_robot_accounts"
	past := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	future := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
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
		resource.TestStep{Config: dataSource(typeName, `state = "Broken"`),
			ExpectError: acctest.Words("Attribute state value must be one of")},
		resource.TestStep{Config: dataSource(typeName, `created_after = "yesterday"`),
			ExpectError: acctest.Words(`must be a time in RFC 3339, such as "2026-01-31T12:00:00Z"; got "yesterday"`)},
		resource.TestStep{Config: "# what is left must be valid"},
	)...)
}

// A server of 2024 ignores filters that it does not know: the response has other accounts too.
func TestAccRobotAccountsDataSource_ignoredFilter(t *testing.T) {
	w := robotServer(t, waldursim.Options{OldRobotAccounts: true})
	w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "a"})
	w.Run(t,
		resource.TestStep{Config: dataSource("svcacct_waldur_robot_accounts", `state = "Error"`),
			ExpectError: acctest.Words("too old for one of the filters")},
		resource.TestStep{Config: dataSource("svcacct_waldur_robot_accounts", `type = "a"`)},
	)
}
