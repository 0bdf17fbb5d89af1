package waldur_test

import (
	"fmt"
	"testing"

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
		Resource: w.Resource, Type: "x", Username: "robot", Users: []string{w.Ada,
			w.Bo}, ResponsibleUser: w.Ada, Keys: []string{robotKey}, State: "Error", ErrorMessage: "no home",
	})
	const typeName, address = "svcacct_waldur_robot_account", "data.svcacct_waldur_robot_account.test"
	whole := []statecheck.StateCheck{
		expect(address, tfjsonpath.New("uuid"), knownvalue.StringExact(uuid)), expect(address,
			tfjsonpath.New("username"), knownvalue.StringExact("robot")),
		expect(address, tfjsonpath.New("users"), knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact(w.Ada),
			knownvalue.StringExact(w.Bo)})),
		expect(address, tfjsonpath.New("responsible_user"), knownvalue.StringExact(w.Ada)), expect(address,
			tfjsonpath.New("state"), knownvalue.StringExact("Error")),
		expect(address, tfjsonpath.New("error_message"), knownvalue.StringExact("no home")), expect(address,
			tfjsonpath.New("fingerprints"), knownvalue.ListSizeExact(1)),
		expect(address, tfjsonpath.New("provider_uuid"), knownvalue.StringExact(w.Provider)), expect(address,
			tfjsonpath.New("project_uuid"), knownvalue.StringExact(w.Project)),
	}
	w.Run(t,
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("uuid = %q", uuid)), ConfigStateChecks: whole},
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("resource_uuid = %q", hyphenated(w.Resource)),
			`type = "x"`), ConfigStateChecks: whole},
		resource.TestStep{
			Config:      dataSource(typeName, fmt.Sprintf("resource_uuid = %q", w.Resource), `type = "y"`),
			ExpectError: acctest.Words(`the robot account of type "y" on resource`),
		},
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("resource_uuid = %q", w.Resource)),
			ExpectError: acctest.Words("type")},
		resource.TestStep{Config: "# what is left must be valid"},
	)
}
