package instaclustrsim_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

// 9.1.
func TestRoutes(t *testing.T) {
	const list = `{"cidrAllowList":["10.0.0.0/8"]}`
	const create = `{"username":"new","email":"new@example.com","profile":"OWNER"}`
	for request, test := range map[string]struct {
		body      any
		status    int
		operation string
	}{
		"GET ":                 {nil, 200, "listServiceUsers"},
		"POST ":                {create, 201, "createServiceUser"},
		"GET /ci":              {nil, 200, "getServiceUser"},
		"PUT /ci":              {`{}`, 200, "updateServiceUser"},
		"POST /ci/api-keys":    {`{"apiKeyType":"USER_MANAGEMENT"}`, 200, "generateServiceUserApiKey"},
		"DELETE /ci/api-keys":  {monitoring, 200, "revokeServiceUserApiKey"},
		"GET /a%2Fb":           {nil, 404, "getServiceUser"},
		"GET /ci/":             {nil, 404, ""},
		"GET /a/b":             {nil, 404, ""},
		"GET ///":              {nil, 404, ""},
		"GET //v2":             {nil, 404, ""},
		"PATCH ":               {nil, 405, ""},
		"DELETE /ci":           {nil, 405, ""},
		"GET /ci/api-keys":     {nil, 405, ""},
		"POST //v1/other":      {nil, 404, ""},
		"POST /ci/api-keys?a=": {monitoring, 400, "generateServiceUserApiKey"},

		"PUT /ci/api-keys/MONITORING/ip-restrictions":        {list, 200, "updateServiceUserApiKeyIpRestrictions"},
		"POST /ci/api-keys/MONITORING/rotate":                {nil, 200, "rotateServiceUserApiKey"},
		"POST /ci/api-keys/MONITORING/ip-restrictions":       {nil, 405, ""},
		"POST /ci/api-keys/rotate?apiKeyType=MONITORING":     {nil, 404, ""},
		"POST /api-keys/rotate?username=ci&apiKeyType=OTHER": {nil, 404, ""},
	} {
		t.Run(request, func(t *testing.T) {
			w := newWorld(t)
			w.send(owner, request, test.body).Want(test.status)
			simtest.Equal(t, "operation", w.sim.Requests()[0].Operation, test.operation)
		})
	}
	r := newWorld(t).send(owner, "PATCH /ci", nil).Want(405).WantBody(`{"status":405,"message":"Method Not Allowed"}`)
	simtest.Equal(t, "Allow", r.Header.Get("Allow"), "GET, PUT")
}

// The other places of 9.8. The refusals are the documented samples.
func TestRoutes_query(t *testing.T) {
	w := newWorld(t, func(o *instaclustrsim.Options) { o.KeyParams = "query" })
	for _, place := range [][2]string{{"/ci/api-keys/", "?"}, {"/api-keys/", "?username=ci&"}} {
		before := w.sim.Secret(robot, "MONITORING")
		w.run(
			step{owner, "POST " + place[0] + "rotate" + place[1] + "apiKeyType=MONITORING", nil, "username", "200 ci"},
			step{owner, "PUT " + place[0] + "ip-restrictions" + place[1] + "apiKeyType=MONITORING",
				`{"cidrAllowList":["10.0.0.0/8"]}`, "", "200"},
		)
		simtest.Equal(t, "alive", w.sim.KeyAlive(robot, before), false)
	}
	const missing = `400 {"apiKeyType":"apiKeyType cannot be null.","username":"username cannot be null."}`
	w.run(
		step{owner, "PUT /api-keys/ip-restrictions", `{"cidrAllowList":["10.0.0.0/8"]}`, "", missing},
		step{owner, "POST /api-keys/rotate?apiKeyType=", nil, "", missing},
		step{owner, "POST /ci/api-keys/rotate", nil, "", `400 {"apiKeyType":"apiKeyType cannot be null."}`},
		step{owner, "POST /ci/api-keys/MONITORING/rotate", nil, "", notFound},
	)
}

// 9.7: the probe shows that a key is revoked and that a restriction is in force. It is not
// recorded.
func TestProbe(t *testing.T) {
	w := newWorld(t)
	const near, far = "GET //_emu/whoami?address=203.0.113.7", "GET //_emu/whoami?address=192.0.2.1"
	const found = `200 {"account":"` + instaclustrsim.Account + `","keyType":"MONITORING","serviceUser":true,` +
		`"username":"ci"}`
	const dead = `401 {"message":"No such key."}`
	w.run(
		step{robot, far, nil, "", found},
		step{owner, far, nil, "keyType serviceUser", "200 USER_MANAGEMENT false"},
		step{"ci:" + keyOf(owner), far, nil, "", dead},
		step{robot, "GET //_emu/whoami?address=somewhere", nil, "", `400 {"message":"Not an address."}`},
	)
	w.sim.SetAllowList(robot, "MONITORING", "203.0.113.0/24")
	w.run(
		step{robot, near, nil, "", found},
		step{robot, far, nil, "", `403 {"message":"The key does not work from this address."}`},
		step{robot, "GET //_emu/whoami", nil, "message", "403 The key does not work from this address."},
	)
	w.sim.RotateKey(robot, "MONITORING")
	w.run(step{robot, near, nil, "", dead})
	simtest.Equal(t, "recorded", w.sim.Count("*"), 0)
}

// There is one key of a type and one user of a name, however many requests come at once.
func TestConcurrency(t *testing.T) {
	w := newWorld(t)
	const create = `{"username":"same","email":"same@example.com","profile":"OWNER"}`
	var all sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for range 8 {
		all.Go(func() {
			made := w.send(owner, "POST ", create).Status
			generated := w.send(owner, "POST /ci/api-keys", `{"apiKeyType":"USER_MANAGEMENT"}`).Status
			w.sim.SetDisplayName(robot, w.sim.ServiceUsers()[0].DisplayName+"x")
			mu.Lock()
			defer mu.Unlock()
			statuses[made]++
			statuses[generated]++
		})
	}
	all.Wait()
	simtest.Equal(t, "statuses", statuses, map[int]int{201: 1, 200: 1, 400: 14})
}

// TestContract checks the responses to requests that the API document allows: by default, and with
// the first and the last value of all options but those whose responses it does not have.
func TestContract(t *testing.T) {
	var first, last instaclustrsim.Options
	for _, option := range instaclustrsim.AllOptions() {
		if !slices.Contains([]string{"ListWhenNone", "KeyParams", "GetUser"}, option.Name) {
			option.Set(&first, option.Values[0])
			option.Set(&last, option.Values[len(option.Values)-1])
		}
	}
	for name, options := range map[string]instaclustrsim.Options{"by default": {}, "first": first, "last": last} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(o *instaclustrsim.Options) { *o = options })
			w.Client = simtest.Serve(t, acctest.UnderContract(t, "instaclustr", w.sim))
			drive(w)
			succeeded := map[string]bool{}
			for _, r := range w.sim.Requests() {
				succeeded[r.Operation] = succeeded[r.Operation] || r.Status < 300
			}
			simtest.Equal(t, "operations", len(succeeded), 8)
			for operation, ok := range succeeded {
				simtest.Equal(t, operation, ok, true)
			}
		})
	}
}

func drive(w *world) {
	for _, as := range []string{"nobody", robot, reader, other, outsider, admin, owner} {
		w.send(as, "GET ", nil)
		for _, role := range []string{"READ_ONLY", "OWNER"} {
			name := as + role
			w.send(as, "POST ", simtest.Object{"username": name, "email": name + "@example.com", "profile": role})
		}
		for _, name := range []string{"/ci", "/gone", "/" + as + "READ_ONLY"} {
			w.send(as, "GET "+name, nil)
			for _, kind := range []string{"PROVISIONING", "PROVISIONING_READONLY", "USER_MANAGEMENT"} {
				w.send(as, "POST "+name+"/api-keys/"+kind+"/rotate", nil)
				w.send(as, "PUT "+name+"/api-keys/"+kind+"/ip-restrictions", `{"cidrAllowList":["127.0.0.0/31"]}`)
				w.send(as, "DELETE "+name+"/api-keys", simtest.Object{"apiKeyType": kind})
				w.send(as, "POST "+name+"/api-keys", simtest.Object{"apiKeyType": kind})
			}
			for _, profile := range []string{"OWNER", "READ_ONLY"} {
				w.send(as, "PUT "+name, simtest.Object{
					"displayName": "x", "profile": profile, "administrators": []string{admin, owner},
				})
			}
		}
	}
}
