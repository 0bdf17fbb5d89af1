package instaclustrsim_test

import (
	"net/http"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

// 9.2: a request that is wrong in every way is refused for the next reason each time the reason
// before is removed.
func TestOrderOfChecks(t *testing.T) {
	w := newWorld(t)
	wrongType := other + ":" + w.sim.AddKey(other, "PROVISIONING")
	const limited = `{"message":"Rate Limit Exceeded","status":429}`
	w.sim.Inject("generateServiceUserApiKey", simkit.Fault{Status: 429, Body: limited})
	for _, test := range []struct{ as, contentType, user, body, want string }{
		{"nobody", "text/plain", "gone", ``, `429 ` + limited},
		{"nobody", "text/plain", "gone", ``, `401 `},
		{wrongType, "text/plain", "gone", ``, `403 {"message":"This operation requires a User Management API key."}`},
		{other, "text/plain", "gone", ``, `415 {"message":"Unsupported Media Type","status":415}`},
		{other, "application/json", "gone", ``, `400 {"resource":"resource cannot be null."}`},
		{other, "application/json", "gone", `{}`, `400 {"apiKeyType":"apiKeyType cannot be null."}`},
		{other, "application/json", "gone", monitoring, notFound},
		{other, "application/json", "ci", monitoring, notAdministrator},
		{admin, "application/json", "ci", monitoring, `400 {"apiKeyType":"an API key of this type already exists."}`},
	} {
		header := http.Header{"Content-Type": {test.contentType}}
		r := w.sendWith(test.as, "POST /"+test.user+"/api-keys", header, test.body)
		simtest.Equal(t, test.want, r.See()+" "+r.Body, test.want)
	}
}

func TestCallers(t *testing.T) {
	const type403 = `403 {"message":"This operation requires a User Management API key."}`
	const role403 = `403 {"message":"Only Owners and Cluster Admins can manage service users."}`
	w := newWorld(t)
	management := robot + ":" + w.sim.AddKey(robot, "USER_MANAGEMENT")
	for as, want := range map[string]string{
		owner: "", admin: "", reader: role403, billing: role403, robot: type403,
		management:                      `403 {"message":"Service users cannot manage service users."}`,
		"nobody":                        "401",
		owner + ":":                     "401",
		owner + ":" + keyOf(admin):      "401",
		"J.OWNER:" + keyOf(owner):       "401",
		owner + ":" + keyOf(owner) + "": "",
		owner + ":" + w.sim.AddKey(owner, "PROVISIONING"): type403,
	} {
		if want == "" {
			w.send(as, "GET ", nil).Want(200)
			continue
		}
		w.run(step{as, "GET ", nil, "", want})
	}
	r := w.Send("GET", "/v1/service-users", http.Header{"Authorization": {"Bearer " + keyOf(owner)}}, nil).Want(401)
	simtest.Equal(t, "challenge", r.Header.Get("WWW-Authenticate"), `Basic realm="Instaclustr"`)
}

// A service user may rotate its own keys with any of its keys, and call nothing else.
func TestSelfRotation(t *testing.T) {
	w := newWorld(t)
	w.sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "cd", Role: "OWNER", Keys: []string{"MONITORING"}})
	management := robot + ":" + w.sim.AddKey(robot, "USER_MANAGEMENT")
	for _, request := range []string{
		"GET ", "POST ", "GET /ci", "PUT /ci", "POST /ci/api-keys", "DELETE /ci/api-keys",
		"PUT /ci/api-keys/MONITORING/ip-restrictions", "POST /cd/api-keys/MONITORING/rotate",
		"POST /gone/api-keys/MONITORING/rotate", "POST /" + owner + "/api-keys/USER_MANAGEMENT/rotate",
	} {
		w.send(management, request, nil).Want(403)
	}
	w.send(robot, "POST /ci/api-keys/USER_MANAGEMENT/rotate", nil).Want(200)
	w.send(robot, "POST /ci/api-keys/MONITORING/rotate", nil).Want(200)
	w.send(robot, "POST /ci/api-keys/MONITORING/rotate", nil).Want(401)
}

// The allow list of the caller's key. Tests come from the loopback address.
func TestCallerAddress(t *testing.T) {
	w := newWorld(t)
	for list, status := range map[string]int{"0.0.0.0/0": 200, "127.0.0.0/8": 200, "10.0.0.0/8": 403} {
		w.sim.SetAllowList(owner, "USER_MANAGEMENT", list)
		w.send(owner, "GET ", nil).Want(status)
	}
}

func TestRights(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct {
		as     string
		status int
	}{{other, 403}, {outsider, 404}, {admin, 200}, {owner, 200}} {
		w.send(test.as, "GET /ci", nil).Want(test.status)
		w.send(test.as, "PUT /ci", `{"displayName":"CI"}`).Want(test.status)
		w.send(test.as, "POST /ci/api-keys", `{"apiKeyType":"USER_MANAGEMENT"}`).Want(test.status)
		w.send(test.as, "POST /ci/api-keys/MONITORING/rotate", nil).Want(test.status)
		w.send(test.as, "DELETE /ci/api-keys", `{"apiKeyType":"USER_MANAGEMENT"}`).Want(test.status)
	}
	for _, name := range []string{"gone", owner, "CI"} {
		w.run(step{owner, "GET /" + name, nil, "", notFound})
	}
}

func TestBodies(t *testing.T) {
	w := newWorld(t)
	const null = `{"resource":"resource cannot be null."}`
	const broken = `{"resource":"resource is not a JSON object."}`
	for _, request := range []string{
		"POST ", "PUT /ci", "POST /ci/api-keys", "DELETE /ci/api-keys", "PUT /ci/api-keys/MONITORING/ip-restrictions",
	} {
		for _, test := range []struct {
			contentType string
			body        any
			status      int
			want        string
		}{
			{"", nil, 400, null},
			{"application/json", "", 400, null},
			{"application/json; charset=utf-8", " null\n", 400, null},
			{"application/json", `{"username":`, 400, broken},
			{"application/json", `{}{}`, 400, broken},
			{"application/json", `[]`, 400, broken},
			{"application/x-www-form-urlencoded", `{}`, 415, `{"message":"Unsupported Media Type","status":415}`},
			{"text/plain", nil, 415, `{"message":"Unsupported Media Type","status":415}`},
		} {
			header := http.Header{}
			if test.contentType != "" {
				header.Set("Content-Type", test.contentType)
			}
			w.sendWith(owner, request, header, test.body).Want(test.status).WantBody(test.want)
		}
	}
	// Operations without a body accept any.
	w.send(owner, "POST /ci/api-keys/MONITORING/rotate", "[").Want(200)
}
