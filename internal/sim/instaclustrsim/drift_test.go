package instaclustrsim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

func TestDrift(t *testing.T) {
	w := newWorld(t)
	const places = "displayName administrators " + types + " " + kinds
	see := func(want string) {
		t.Helper()
		w.run(step{owner, "GET /ci", nil, places, want})
	}
	w.sim.SetAllowList(robot, "MONITORING", "10.0.0.0/8")
	fresh := w.sim.RotateKey(robot, "MONITORING")
	simtest.Equal(t, "alive", w.sim.KeyAlive(robot, fresh) && !w.sim.KeyAlive(robot, keyOf(robot)), true)
	simtest.Equal(t, "list", w.sim.AllowList(robot, "MONITORING"), []string{"10.0.0.0/8"})

	w.sim.RevokeKey(robot, "MONITORING")
	simtest.Equal(t, "secret", w.sim.Secret(robot, "MONITORING"), "")
	simtest.Equal(t, "list", w.sim.AllowList(robot, "MONITORING"), nil)
	w.sim.AddKey(robot, "USER_MANAGEMENT")
	w.sim.SetDisplayName(robot, "By hand")
	w.sim.SetAdministrators(robot, "o.brown", "gone")
	see("200 By hand [o.brown gone] [PROVISIONING <nil>] [<nil> USER_MANAGEMENT]")
	w.sim.SetAdministrators(robot)
	see("200 By hand [] [PROVISIONING <nil>] [<nil> USER_MANAGEMENT]")

	w.sim.RemoveServiceUser(robot)
	w.run(
		step{owner, "GET /ci", nil, "", notFound},
		step{owner, "POST ", `{"username":"ci","email":"Ops@example.com","profile":"OWNER"}`, "username", "201 ci"},
	)
}
