package wavefrontsim_test

import (
	"net/url"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// full is a write with a value for everything but tokens.
var full = object{
	"description": "d <1>", "groups": []string{"ingestion", "events_management", "ingestion"},
	"roles": []string{alerts}, "userGroups": []string{fleet}, "ingestionPolicyId": "ignored",
}

func TestCreate(t *testing.T) {
	w := newWorld(t)
	const want = `{"identifier":"sa::new","active":true,"description":"d <1>",
		"groups":["events_management","ingestion"],
		"roles":[{"id":"role-alerts","name":"Alerts","customer":"acme-observe","permissions":["alerts_management"]}],
		"userGroups":[{"id":"` + wavefrontsim.ServiceAccountsID + `","name":"Service Accounts",
			"customer":"acme-observe","description":"System group","userCount":2,"roles":[],
			"properties":{"nameEditable":false,"usersEditable":false,"rolesEditable":true}},
		{"id":"group-fleet","name":"Fleet","customer":"acme-observe","description":"Accounts of proxies","userCount":1,
			"properties":{"nameEditable":true,"usersEditable":true,"rolesEditable":true},
			"roles":[{"id":"role-proxies","name":"Proxies","customer":"acme-observe","description":"May manage proxies",
				"permissions":["agent_management","ingestion"]}]}],
		"tokens":[],"unitedRoles":["role-proxies","role-alerts"],
		"unitedPermissions":["agent_management","alerts_management","events_management","ingestion"]}`
	const envelope = `{"status":{"result":"OK","message":"","code":200},"response":` + want + `}`
	w.send("POST "+accounts, write("sa::New", full)).Want(200).WantBody(envelope)
	w.send("GET "+accounts+"/sa::new", nil).Want(200).WantBody(envelope)
	w.run(step{"GET " + accounts, nil, "response.*.identifier", "200 [sa::ci sa::new]"})
}

// Row 18: a bare account has no empty members beside the lists.
func TestCreate_minimal(t *testing.T) {
	r := newWorld(t).send("POST "+accounts, object{"identifier": "sa::min"}).Want(200)
	simtest.Equal(t, "members", len(r.Object()["response"].(object)), 6)
	simtest.Equal(t, "account", r.See("response.active", "response.groups", "response.roles", "response.tokens",
		"response.userGroups.*.name"), "200 false [] [] [] [Service Accounts]")
}

func TestCreate_refused(t *testing.T) {
	w := newWorld(t)
	for name, test := range map[string]struct {
		body object
		want string
	}{
		"known":               {write("sa::ci"), "400 400"},
		"known in upper case": {write("SA::CI"), "400 400"},
		"no prefix":           {write("new"), "400 400"},
		"prefix alone":        {write("sa::"), "400 400"},
		"unknown permission":  {write("sa::x", object{"groups": []string{"no_such_right"}}), "400 400"},
		"token_management":    {write("sa::x", object{"groups": []string{"token_management"}}), "400 400"},
		"tokens null":         {write("sa::x", object{"tokens": nil}), "500 500"},
		"token is no UUID":    {write("sa::x", object{"tokens": []string{"blue"}}), "400 400"},
		"token of another":    {write("sa::x", object{"tokens": []string{blue}}), "400 400"},
	} {
		simtest.Equal(t, name, w.send("POST "+accounts, test.body).See("status.code"), test.want)
	}
	simtest.Equal(t, "accounts", len(w.sim.Accounts()), 1)
}

// Row 12.
func TestUpdate(t *testing.T) {
	const bare = "200 <nil> [] [] [Service Accounts] [blue]"
	const nulls = `{"identifier":"sa::ci","description":null,"groups":null,"roles":null,"userGroups":null}`
	newWorld(t).run(
		step{"PUT " + ci, write("sa::ci", full), everything,
			"200 d <1> [events_management ingestion] [" + alerts + "] [Service Accounts Fleet] [blue]"},
		step{"PUT " + ci, object{"identifier": "sa::ci"}, everything, bare},
		step{"PUT " + ci, write("sa::ci", full), "status.code", "200 200"},
		step{"PUT " + ci, nulls, everything, bare},
	)
}

// Row 13; a refused request does not change the account.
func TestUpdate_refused(t *testing.T) {
	w := newWorld(t)
	before := w.send("PUT "+ci, write("sa::ci", full)).Want(200).Body
	w.run(
		step{"PUT " + ci, write("sa::other"), "status.code", "400 400"},
		step{"PUT " + ci, write("sa::ci", object{"groups": []string{"unknown"}}), "status.code", "400 400"},
		step{"PUT " + ci, write("sa::ci", object{"tokens": []string{"blue"}}), "status.code", "400 400"},
		step{"PUT " + ci, write("sa::ci", object{"tokens": nil}), "status.code", "500 500"},
		step{"PUT " + accounts + "/sa::gone", write("sa::gone"), "status.code", "404 404"},
		step{"PUT " + accounts + "/" + wavefrontsim.AdminIdentifier, "{}", "status.code", "404 404"},
	)
	w.send("GET "+ci, nil).Want(200).WantBody(before)
}

// Rows 5 and 6.
func TestIdentifiers(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"sa::ci", "sa%3A%3Aci", "sa%3a:ci", "%73a::ci", "SA::CI"} {
		w.run(
			step{"GET " + accounts + "/" + id, nil, "response.identifier", "200 sa::ci"},
			step{"GET apitoken/serviceaccount/" + id, nil, "response.*.tokenName", "200 [blue]"},
		)
	}
	const odd = "sa::a/b%?#c ü"
	path := url.PathEscape(odd)
	w.run(
		step{"PUT " + ci, write("SA::CI"), "status.code", "200 200"},
		step{"POST " + accounts, write(odd), "response.identifier", "200 " + odd},
		step{"POST " + accounts + "/" + path + "/deactivate", nil, "response.active", "200 false"},
		step{"DELETE account/" + path, nil, "response.identifier", "200 " + odd},
	)
}

// Row 23. Repeating succeeds.
func TestActivation(t *testing.T) {
	const places = "response.active response.tokens.0.accountType"
	newWorld(t).run(
		step{"POST " + ci + "/deactivate", nil, places, "200 false INACTIVE_SERVICE_ACCOUNT"},
		step{"POST " + ci + "/deactivate", nil, places, "200 false INACTIVE_SERVICE_ACCOUNT"},
		step{"POST " + ci + "/activate", nil, places, "200 true SERVICE_ACCOUNT"},
		step{"POST " + ci + "/activate", nil, places, "200 true SERVICE_ACCOUNT"},
		step{"POST " + accounts + "/sa::a/activate", nil, "status.message", "404 Service account sa::a does not exist"},
	)
}
