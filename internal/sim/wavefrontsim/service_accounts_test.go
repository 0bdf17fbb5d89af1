package wavefrontsim_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

func TestCreate(t *testing.T) {
	w := newWorld(t)
	r := w.create("sa::Deployer", body{
		"description": "Deploys <dashboards>", "groups": []string{"ingestion", "alerts_management", "ingestion"},
		"roles": []string{w.alerts}, "userGroups": []string{w.fleet}, "ingestionPolicyId": "ignored",
	})
	same(t, "identifier", r.response("identifier"), "sa::deployer")
	same(t, "active", r.response("active"), true)
	same(t, "description", r.response("description"), "Deploys <dashboards>")
	if !strings.Contains(r.body, `"Deploys <dashboards>"`) {
		t.Errorf("escaped for HTML: %s", r.body)
	}
	same(t, "permissions", r.response("groups"), "[alerts_management ingestion]")
	same(t, "roles", pick(r.response("roles"), "id"), []string{w.alerts})
	same(t, "role", r.response("roles", 0, "name"), "Alert editors")
	same(t, "groups", pick(r.response("userGroups"), "name"), "[Proxy fleet Service Accounts]")
	same(t, "tokens", r.response("tokens"), "[]")
	united := []string{w.proxies, w.alerts}
	slices.Sort(united)
	same(t, "united roles", texts(r.response("unitedRoles")), united)
	same(t, "united permissions", texts(r.response("unitedPermissions")),
		"[agent_management alerts_management ingestion]")
	same(t, "read", w.send("GET", servicePath+"/sa::deployer", nil).response(), r.response())
	same(t, "list", pick(w.send("GET", servicePath, nil).response(), "identifier"), "[sa::ci sa::deployer]")
}

// Row 18: a bare account has no empty members beside the lists.
func TestCreate_minimal(t *testing.T) {
	w := newWorld(t)
	r := w.send("POST", servicePath, body{"identifier": "sa::min"})
	o := r.response().(map[string]any)
	same(t, "members", len(o), 6)
	for _, key := range []string{"groups", "roles", "tokens"} {
		same(t, key, o[key], "[]")
	}
	same(t, "groups", pick(o["userGroups"], "id"), "["+wavefrontsim.ServiceAccountsID+"]")
	same(t, "active", o["active"], false)
	same(t, "system group", dig(o, "userGroups", 0, "properties"),
		"map[nameEditable:false rolesEditable:true usersEditable:false]")
}

func TestCreate_refusals(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		body any
		want int
	}{
		"known":               {write("sa::ci", nil), 400},
		"known in upper case": {write("SA::CI", nil), 400},
		"no prefix":           {write("deployer", nil), 400},
		"prefix alone":        {write("sa::", nil), 400},
		"no identifier":       {write("", body{"identifier": nil}), 400},
		"null identifier":     {write("", body{"identifier": null}), 400},
		"number identifier":   {write("", body{"identifier": 1}), 400},
		"unknown permission":  {write("sa::x", body{"groups": []string{"no_such_right"}}), 400},
		"token_management":    {write("sa::x", body{"groups": []string{"token_management"}}), 400},
		"tokens null":         {write("sa::x", body{"tokens": null}), 500},
		"tokens no UUID":      {write("sa::x", body{"tokens": []string{"blue"}}), 400},
		"tokens of another":   {write("sa::x", body{"tokens": []string{w.sim.AddToken("sa::ci", "blue")}}), 400},
		"roles a string":      {write("sa::x", body{"roles": "one"}), 400},
		"active a string":     {write("sa::x", body{"active": "yes"}), 400},
		"description a list":  {write("sa::x", body{"description": []string{}}), 400},
		"empty body":          {"", 400},
		"null":                {"null", 400},
		"array":               {"[]", 400},
		"cut JSON":            {`{"identifier": "sa::x"`, 400},
		"two values":          {`{"identifier": "sa::x"} {}`, 400},
		"key in another case": {`{"Identifier": "sa::x"}`, 400},
	} {
		t.Run(name, func(t *testing.T) {
			w.send("POST", servicePath, c.body).refused(c.want)
		})
	}
	if all := w.sim.Accounts(); len(all) != 1 {
		t.Errorf("a refused create left something: %v", all)
	}
}

// Row 17 holds with row 16 switched as well.
func TestTokenManagement(t *testing.T) {
	w := newWorld(t, func(o *wavefrontsim.Options) { o.IgnoreUnknownPermissions = true })
	w.update(body{"groups": []string{"token_management"}}).refused(400)
	w.send("POST", account+"sa::ci/grant/token_management", nil).refused(400)
	w.send("POST", account+"grant/token_management", []string{"sa::ci", wavefrontsim.AdminIdentifier}).refused(400)
	same(t, "for a user", w.send("POST", account+wavefrontsim.AdminIdentifier+"/grant/token_management", nil).status, 200)
}

// Row 11.
func TestCreate_tokens(t *testing.T) {
	w := newWorld(t)
	r := w.create("sa::x", body{"tokens": []string{ownToken, ownToken}, "groups": []string{"user_management"}})
	same(t, "tokens", pick(r.response("tokens"), "tokenID"), "["+ownToken+"]")
	same(t, "name", r.response("tokens", 0, "tokenName"), "<nil>")
	same(t, "works", w.sendAs(ownToken, "GET", servicePath, nil).status, 200)
	same(t, "minted", w.sim.Tokens(), "["+ownToken+"]")

	var many []string
	for i := range wavefrontsim.TokenLimit + 1 {
		many = append(many, fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
	}
	w.create("sa::y", body{"tokens": many}).refused(400)
	same(t, "at the limit", w.create("sa::y", body{"tokens": many[1:]}).outcome(), "200 200")
}

// Row 14: the defaults come on create alone, the system group on every write.
func TestAddedGroups(t *testing.T) {
	w := newWorld(t)
	extra := w.sim.AddUserGroup(wavefrontsim.UserGroup{Name: "Every robot"})
	w.sim.SetDefaultUserGroups(extra)
	r := w.create("sa::x", body{"userGroups": []string{w.fleet}})
	same(t, "created", pick(r.response("userGroups"), "name"), "[Every robot Proxy fleet Service Accounts]")
	same(t, "older account", w.groupNames(), "[Service Accounts]")

	bare := w.send("POST", servicePath, body{"identifier": "sa::bare"})
	same(t, "without a list", pick(bare.response("userGroups"), "name"), "[Every robot Service Accounts]")

	put := w.send("PUT", servicePath+"/sa::x", write("sa::x", nil))
	same(t, "put", pick(put.response("userGroups"), "name"), "[Service Accounts]")
	w.send("POST", account+"sa::x/removeUserGroups", []string{wavefrontsim.ServiceAccountsID})
	stays := w.send("GET", servicePath+"/sa::x", nil).response("userGroups")
	same(t, "removed", pick(stays, "name"), "[Service Accounts]")
	same(t, "user", pick(w.send("POST", account+wavefrontsim.AdminIdentifier+"/removeUserGroups",
		[]string{wavefrontsim.EveryoneID}).at("userGroups"), "name"), "[Everyone]")
}

// Row 15: what was ignored is named, and nothing else.
func TestUnknownReferences(t *testing.T) {
	w := newWorld(t)
	r := w.create("sa::x", body{"userGroups": []string{noSuchID, w.fleet}, "roles": []string{"no-uuid", w.alerts}})
	same(t, "outcome", r.outcome(), "200 202")
	same(t, "result", r.at("status", "result"), "OK")
	same(t, "message", r.at("status", "message"),
		"Unknown roles ignored: [no-uuid]; Unknown user groups ignored: ["+noSuchID+"]")
	same(t, "roles", pick(r.at("response", "roles"), "id"), "["+w.alerts+"]")
	same(t, "groups", pick(r.at("response", "userGroups"), "name"), "[Proxy fleet Service Accounts]")

	strict := newWorld(t, func(o *wavefrontsim.Options) { o.RefuseUnknownReferences = true })
	strict.create("sa::x", body{"userGroups": []string{noSuchID, strict.fleet}}).refused(400)
	same(t, "accounts", len(strict.sim.Accounts()), 1)
}

// Row 12.
func TestUpdate(t *testing.T) {
	w := newWorld(t)
	token := w.sim.AddToken("sa::ci", "blue")
	full := body{
		"description": "d", "groups": []string{"ingestion"}, "roles": []string{w.alerts}, "userGroups": []string{w.fleet},
	}
	r := w.update(full)
	same(t, "description", r.response("description"), "d")
	same(t, "permissions", r.response("groups"), "[ingestion]")
	same(t, "roles", pick(r.response("roles"), "id"), "["+w.alerts+"]")
	same(t, "token", r.response("tokens", 0, "tokenID"), token)

	cleared := w.send("PUT", ci, body{"identifier": "sa::ci", "active": true})
	for _, key := range []string{"description", "lastUsed", "unitedRoles", "unitedPermissions"} {
		same(t, key, cleared.response(key), "<nil>")
	}
	same(t, "roles", cleared.response("roles"), "[]")
	same(t, "permissions", cleared.response("groups"), "[]")
	same(t, "tokens", len(cleared.response("tokens").([]any)), 1)

	w.update(full).response()
	nulled := w.update(body{"groups": null, "roles": null, "userGroups": null, "description": null})
	same(t, "nulls", fmt.Sprint(nulled.response("groups"), nulled.response("roles"), nulled.response("description")),
		"[] [] <nil>")
}

func TestUpdate_refusals(t *testing.T) {
	w := newWorld(t)
	good := w.update(body{"description": "stays", "roles": []string{w.alerts}}).response()
	w.send("PUT", ci, write("sa::other", nil)).refused(400)
	w.send("PUT", ci, write("", body{"identifier": nil})).refused(400)
	w.send("PUT", ci, "").refused(400)
	w.send("PUT", ci, "nonsense").refused(400)
	w.update(body{"groups": []string{"no_such_right"}}).refused(400)
	w.update(body{"tokens": []string{"blue"}}).refused(400)
	w.update(body{"tokens": null}).refused(500)
	w.send("PUT", servicePath+"/sa::gone", write("sa::gone", nil)).refused(404)
	w.send("PUT", servicePath+"/"+wavefrontsim.AdminIdentifier, write(wavefrontsim.AdminIdentifier, nil)).refused(404)
	same(t, "account", w.send("GET", ci, nil).response(), good)
}

// Tokens in PUT: new ones are added, known ones stay, and the list is the whole one only with the switch.
func TestUpdate_tokens(t *testing.T) {
	for name, c := range map[string]struct {
		revoke, keep bool
		tokens       any
		want         string
	}{
		"added":             {tokens: []string{ownToken}, want: "[blue <nil>]"},
		"empty":             {tokens: []string{}, want: "[blue]"},
		"missing":           {tokens: nil, want: "[blue]"},
		"replaced":          {revoke: true, tokens: []string{ownToken}, want: "[<nil>]"},
		"revoked":           {revoke: true, tokens: []string{}, want: "[]"},
		"missing, revoked":  {revoke: true, tokens: nil, want: "[]"},
		"missing, but kept": {revoke: true, keep: true, tokens: nil, want: "[blue]"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(o *wavefrontsim.Options) { o.EmptyTokensRevoke, o.MissingListKeeps = c.revoke, c.keep })
			w.sim.AddToken("sa::ci", "blue")
			var names []any
			for _, one := range w.update(body{"tokens": c.tokens}).response("tokens").([]any) {
				names = append(names, dig(one, "tokenName"))
			}
			same(t, "names", fmt.Sprint(names), c.want)
		})
	}
}

// Rows 5 and 6.
func TestIdentifiers(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"sa::ci", "sa%3A%3Aci", "sa%3a:ci", "%73a::ci", "SA::CI"} {
		same(t, id, w.send("GET", servicePath+"/"+id, nil).response("identifier"), "sa::ci")
		same(t, id, w.send("GET", account+id, nil).response("identifier"), "sa::ci")
		w.send("GET", "/api/v2/apitoken/serviceaccount/"+id, nil).response()
	}
	same(t, "body in upper case", w.send("PUT", ci, write("SA::CI", nil)).outcome(), "200 200")

	odd := "sa::a/b%?#c ü"
	same(t, "created", w.create(odd, nil).response("identifier"), odd)
	path := url.PathEscape(odd)
	same(t, "read", w.send("GET", servicePath+"/"+path, nil).response("identifier"), odd)
	w.send("POST", servicePath+"/"+path+"/deactivate", nil).response()
	same(t, "tokens", len(w.send("POST", "/api/v2/apitoken/serviceaccount/"+path, nil).response().([]any)), 1)
	same(t, "deleted", w.send("DELETE", account+path, nil).response("identifier"), odd)

	exact := newWorld(t, func(o *wavefrontsim.Options) { o.ExactCase = true })
	same(t, "still lower-cased", exact.create("sa::Big", nil).response("identifier"), "sa::big")
	exact.send("PUT", ci, write("SA::CI", nil)).refused(400)
	exact.send("DELETE", account+"SA::CI", nil).refused(404)
	exact.send("POST", account+"deleteAccounts", []string{"SA::CI"}).refused(400)
}

func TestActivation(t *testing.T) {
	w := newWorld(t)
	w.sim.AddToken("sa::ci", "blue")
	for _, c := range []struct {
		verb, kind string
		active     bool
	}{
		{"deactivate", "INACTIVE_SERVICE_ACCOUNT", false}, {"deactivate", "INACTIVE_SERVICE_ACCOUNT", false},
		{"activate", "SERVICE_ACCOUNT", true}, {"activate", "SERVICE_ACCOUNT", true},
	} {
		for _, text := range []string{"", "null", "{}"} { // row 4
			r := w.send("POST", ci+"/"+c.verb, text)
			same(t, c.verb, r.response("active"), c.active)
			same(t, "accountType", r.response("tokens", 0, "accountType"), c.kind) // row 23
		}
	}
	w.send("POST", servicePath+"/sa::gone/activate", nil).refused(404)
	w.send("POST", servicePath+"/sa::gone/deactivate", nil).refused(404)
	same(t, "message", w.send("GET", servicePath+"/sa::gone", nil).refused(404), "Service account sa::gone does not exist")
}
