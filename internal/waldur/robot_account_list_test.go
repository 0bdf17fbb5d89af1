package waldur_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestAccRobotAccountList(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	for i := range 3 {
		w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: fmt.Sprintf("t%d", i),
			Username: "robot", State: []string{"OK", "Error", "OK"}[i]})
	}
	const typeName = "svcacct_waldur_robot_account"
	w.RunFrom(t, tfversion.Version1_14_0,
		resource.TestStep{Config: "# a state to begin with"},
		query(typeName, 1000, found(typeName, 3), fmt.Sprintf("resource_uuid = %q", w.Resource)),
		query(typeName, 1000, found(typeName, 2), `state = "OK"`),
		query(typeName, 1000, found(typeName, 1), `type = "t1"`, `username = "ROB"`),
		query(typeName, 1000, found(typeName, 0), `created_before = "2001-01-01T00:00:00Z"`),
		query(typeName, 2, found(typeName, 2)),
	)
}
