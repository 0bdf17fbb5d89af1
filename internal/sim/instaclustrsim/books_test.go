package instaclustrsim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

func TestIssuedKeys(t *testing.T) {
	w := newWorld(t)
	provisioning := w.sim.Secret(robot, "PROVISIONING")
	w.run(
		step{owner, "POST /ci/api-keys/MONITORING/rotate", nil, "apiKeyType", "200 MONITORING"},
		step{owner, "DELETE /ci/api-keys", `{"apiKeyType":"PROVISIONING"}`, "", "200"},
	)
	simtest.Equal(t, "keys", w.sim.IssuedKeys(), []simkit.Key{
		{Account: robot, Name: "MONITORING", Secret: keyOf(robot)},
		{Account: robot, Name: "PROVISIONING", Secret: provisioning},
		{Account: robot, Name: "MONITORING", Secret: w.sim.Secret(robot, "MONITORING"), Alive: true},
	})
}

func TestObjects(t *testing.T) {
	w := newWorld(t)
	w.sim.SetAllowList(robot, "MONITORING", "198.51.100.0/24")
	objects := w.sim.Objects("")
	if len(objects) != 3 || objects[0].Kind != "service_user" || objects[0].Object["username"] != robot ||
		objects[1].Kind != "api_key" || objects[1].Object["key"] != keyOf(robot) || objects[2].Kind != "api_key" {
		t.Errorf("objects: %v", objects)
	}
	simtest.Equal(t, "allow list", objects[1].Object["cidrAllowList"], any([]string{"198.51.100.0/24"}))
}
