package instaclustrsim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

// 9.6: generate.
func TestGenerate(t *testing.T) {
	w := newWorld(t)
	const generate = "POST /ci/api-keys"
	r := w.send(owner, generate, `{"apiKeyType":"USER_MANAGEMENT"}`).Want(200)
	r.WantBody(`{"account":"` + instaclustrsim.Account + `","apiKeyType":"USER_MANAGEMENT",
		"cidrAllowList":["0.0.0.0/0"],"key":"` + w.sim.Secret(robot, "USER_MANAGEMENT") + `","username":"ci"}`)
	w.run(
		step{owner, generate, monitoring, "", `400 {"apiKeyType":"an API key of this type already exists."}`},
		step{owner, "DELETE /ci/api-keys", monitoring, "", "200"},
		step{owner, generate, monitoring, "apiKeyType", "200 MONITORING"},
		step{owner, "PUT /ci", `{"profile":"READ_ONLY"}`, "role", "200 READ_ONLY"},
		step{owner, generate, `{"apiKeyType":"PROVISIONING"}`, "",
			`400 {"apiKeyType":"an API key of this type is not allowed for the role of the service user."}`},
	)
	simtest.Equal(t, "alive", w.sim.KeyAlive(robot, keyOf(robot)), false)
	simtest.Equal(t, "keys", w.user().Keys, []string{"MONITORING"})
}

// 9.6: revoke has an empty body with a length.
func TestRevoke(t *testing.T) {
	w := newWorld(t)
	r := w.send(owner, "DELETE /ci/api-keys", monitoring).Want(200)
	simtest.Equal(t, "length, type and body", r.Header.Get("Content-Length")+r.Header.Get("Content-Type")+r.Body, "0")
	simtest.Equal(t, "alive", w.sim.KeyAlive(robot, keyOf(robot)), false)
	simtest.Equal(t, "keys", w.user().Keys, []string{"PROVISIONING"})
	w.run(
		step{owner, "DELETE /ci/api-keys", monitoring, "", noKey},
		step{owner, "DELETE /ci/api-keys", nil, "", `400 {"resource":"resource cannot be null."}`},
	)
}

// 9.6: rotate keeps the list and revokes the old secret at once.
func TestRotate(t *testing.T) {
	w := newWorld(t)
	w.sim.SetAllowList(robot, "MONITORING", "198.51.100.0/24", "203.0.113.7/32")
	r := w.send(owner, "POST /ci/api-keys/MONITORING/rotate", nil).Want(200)
	fresh := w.sim.Secret(robot, "MONITORING")
	r.WantBody(`{"account":"` + instaclustrsim.Account + `","apiKeyType":"MONITORING",
		"cidrAllowList":["198.51.100.0/24","203.0.113.7/32"],"key":"` + fresh + `","username":"ci"}`)
	simtest.Equal(t, "alive", w.sim.KeyAlive(robot, keyOf(robot)) || !w.sim.KeyAlive(robot, fresh), false)
	w.run(step{owner, "POST /ci/api-keys/USER_MANAGEMENT/rotate", nil, "", noKey})
}

// A key that outlives its role can be rotated and revoked, but not generated again.
func TestDisallowedKey(t *testing.T) {
	const provisioning = `{"apiKeyType":"PROVISIONING"}`
	newWorld(t, func(o *instaclustrsim.Options) { o.OnDowngrade = "keep" }).run(
		step{owner, "PUT /ci", `{"profile":"READ_ONLY"}`, "role", "200 READ_ONLY"},
		step{owner, "POST /ci/api-keys/PROVISIONING/rotate", nil, "apiKeyType", "200 PROVISIONING"},
		step{owner, "DELETE /ci/api-keys", provisioning, "", "200"},
		step{owner, "POST /ci/api-keys", provisioning, "message", "400 <nil>"},
	)
}
