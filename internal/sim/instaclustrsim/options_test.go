package instaclustrsim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

func TestOptions(t *testing.T) { simtest.Options(t, instaclustrsim.AllOptions()) }

const (
	create   = `{"username":"new","email":"new@example.com","profile":"OWNER"}`
	rotate   = "POST /ci/api-keys/MONITORING/rotate"
	restrict = "PUT /ci/api-keys/MONITORING/ip-restrictions"
)

// effects are, by option, what a request shows by default (under "") and under each other value.
var effects = map[string]struct {
	prepare func(*world)
	step
	values map[string]string
}{
	"InitialKeys": {
		nil, step{owner, "POST ", create, types, "201 [MONITORING PROVISIONING PROVISIONING_READONLY]"},
		map[string]string{
			"none": "201 []", "all": "201 [MONITORING PROVISIONING PROVISIONING_READONLY USER_MANAGEMENT]",
		},
	},
	"OnDowngrade": {
		nil, step{owner, "PUT /ci", `{"profile":"READ_ONLY"}`, kinds + " profile", "200 [<nil>] <nil>"},
		map[string]string{
			"keep":   "200 [<nil> PROVISIONING] <nil>",
			"refuse": "400 <nil> profile does not allow all API keys that exist.",
		},
	},
	"RotateKeepsAllowList": {
		func(w *world) { w.sim.SetAllowList(robot, "MONITORING", "10.0.0.0/8") },
		step{owner, rotate, nil, "cidrAllowList", "200 [10.0.0.0/8]"}, map[string]string{"false": "200 [0.0.0.0/0]"},
	},
	"GenerateStatus": {
		nil, step{owner, "POST /ci/api-keys", `{"apiKeyType":"USER_MANAGEMENT"}`, "apiKeyType", "200 USER_MANAGEMENT"},
		map[string]string{"201": "201 USER_MANAGEMENT"},
	},
	"EmptyWriteStatus": {
		nil, step{owner, restrict, `{"cidrAllowList":["10.0.0.0/8"]}`, "", "200"}, map[string]string{"204": "204"},
	},
	"ListWhenNone": {
		func(w *world) { w.sim.RemoveServiceUser(robot) }, step{owner, "GET ", nil, "", "200 []"},
		map[string]string{"404": notFound},
	},
	"TypeField": {
		nil, step{owner, "GET /ci", nil, types + " " + kinds, "200 [MONITORING <nil>] [<nil> PROVISIONING]"},
		map[string]string{
			"keyType":    "200 [<nil> <nil>] [MONITORING PROVISIONING]",
			"apiKeyType": "200 [MONITORING PROVISIONING] [<nil> <nil>]",
		},
	},
	"CIDR": {
		func(w *world) { w.send(owner, restrict, `{"cidrAllowList":["127.0.0.1/31"]}`) },
		step{owner, rotate, nil, "cidrAllowList", "200 [127.0.0.1/31]"},
		map[string]string{"normalise": "200 [127.0.0.0/31]", "refuseHostBits": "200 [0.0.0.0/0]"},
	},
	"UpdateOmitted": {
		nil, step{owner, "PUT /ci", `{"profile":"OWNER"}`, "administrators", "200 [a.smith]"},
		map[string]string{"clear": "200 [j.owner]", "refuse": "400 administrators cannot be null."},
	},
	"KeyParams": {
		nil, step{owner, rotate, nil, "apiKeyType", "200 MONITORING"}, map[string]string{"query": "404 <nil>"},
	},
	"DeleteUser": {nil, step{owner, "DELETE /ci", nil, "status", "405 405"}, map[string]string{"404": "404 404"}},
	"DisplayNameDefault": {
		nil, step{owner, "POST ", create, "displayName", "201 new"}, map[string]string{"null": "201 <nil>"},
	},
	"WrongKeyType": {
		nil, step{robot, "GET ", nil, "message", "403 This operation requires a User Management API key."},
		map[string]string{"401": "401 <nil>"},
	},
	"AddressRefused": {
		func(w *world) { w.sim.SetAllowList(owner, "USER_MANAGEMENT", "10.0.0.0/8") },
		step{owner, "GET ", nil, "message", "403 The address of the caller is not allowed for this API key."},
		map[string]string{"401": "401 <nil>"},
	},
	"NoRights": {
		nil, step{other, "GET /ci", nil, "message", "403 You are not an administrator of this service user."},
		map[string]string{"404": "404 Resource not found"},
	},
	"ListScope": {
		nil, step{other, "GET ", nil, "0.username", "200 ci"}, map[string]string{"administered": "200 <nil>"},
	},
	"MissingKey": {
		nil, step{owner, "DELETE /ci/api-keys", `{"apiKeyType":"USER_MANAGEMENT"}`, "", noKey},
		map[string]string{"404": notFound},
	},
	"RoleAbove": {
		nil, step{admin, "POST ", create, "profile", "400 profile must not be above the role of the caller."},
		map[string]string{"403": "403 <nil>"},
	},
	"GetUser": {
		nil, step{owner, "GET /ci", nil, "status", "200 <nil>"}, map[string]string{"404": "404 404", "405": "405 405"},
	},
	"Usernames": {
		nil, step{"J.OWNER:" + keyOf(owner), "GET /CI", nil, "username", "401 <nil>"},
		map[string]string{"caseInsensitive": "200 ci"},
	},
	"IPv6": {
		func(w *world) { w.send(owner, restrict, `{"cidrAllowList":["2001:db8::/32"]}`) },
		step{owner, rotate, nil, "cidrAllowList", "200 [0.0.0.0/0]"},
		map[string]string{"accept": "200 [2001:db8::/32]"},
	},
	"EmptyAdministrators": {
		nil, step{owner, "PUT /ci", `{"administrators":[]}`, "administrators", "400 administrators cannot be empty."},
		map[string]string{"accept": "200 []", "ignore": "200 [a.smith]"},
	},
	"UnknownAdministrators": {
		nil, step{owner, "PUT /ci", `{"administrators":["gone"]}`, "username", "400 <nil>"},
		map[string]string{"accept": "200 ci"},
	},
	"SelfRotation": {
		nil, step{robot, rotate, nil, "username", "200 ci"}, map[string]string{"userManagementKey": "403 <nil>"},
	},
}

func TestOptions_effects(t *testing.T) {
	for _, option := range instaclustrsim.AllOptions() {
		e := effects[option.Name]
		for _, value := range append(option.Values, "") {
			t.Run(option.Name+"="+value, func(t *testing.T) {
				w := newWorld(t, func(o *instaclustrsim.Options) { option.Set(o, value) })
				if e.prepare != nil {
					e.prepare(w)
				}
				want := e.values[value]
				if value == "" {
					want = e.want
				} else if want == "" || want == e.want {
					t.Fatal("no effect is known")
				}
				w.run(step{e.as, e.request, e.body, e.places, want})
			})
		}
	}
	for value, want := range map[string]string{"": "0", "204": ""} {
		w := newWorld(t, func(o *instaclustrsim.Options) { o.EmptyWriteStatus = value })
		r := w.send(owner, "DELETE /ci/api-keys", monitoring)
		simtest.Equal(t, "length", r.Header.Get("Content-Length"), want)
	}
}
