package wavefrontsim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

func (w *world) search(kind string, request any) reply {
	w.t.Helper()
	return w.send("POST", "/api/v2/search/"+kind, request)
}

// searchWorld has accounts that are easily mistaken for one another.
func searchWorld(t *testing.T, change ...func(*wavefrontsim.Options)) *world {
	w := newWorld(t, change...)
	w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{
		Identifier: "sa::ci-eu", Description: "Europe", Inactive: true, UserGroups: []string{w.fleet},
	})
	w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{
		Identifier: "sa::deploy", Description: "Deploys to EUROPE",
		Permissions: []string{"ingestion"}, Roles: []string{w.alerts},
	})
	return w
}

// Row 26: conditions.
func TestSearch(t *testing.T) {
	w := searchWorld(t)
	secret := w.sim.AddToken("sa::deploy", "blue")
	for name, c := range map[string]struct {
		query []body
		want  string
	}{
		"none":                {nil, "[sa::ci sa::ci-eu sa::deploy]"},
		"contains by default": {[]body{{"key": "identifier", "value": "sa::ci"}}, "[sa::ci sa::ci-eu]"},
		"contains, any case": {
			[]body{{"key": "description", "value": "europe", "matchingMethod": "CONTAINS"}}, "[sa::ci-eu sa::deploy]",
		},
		"exact":                {[]body{{"key": "identifier", "value": "sa::ci", "matchingMethod": "EXACT"}}, "[sa::ci]"},
		"exact heeds the case": {[]body{{"key": "description", "value": "europe", "matchingMethod": "EXACT"}}, "[]"},
		"starts with": {
			[]body{{"key": "description", "value": "eu", "matchingMethod": "STARTSWITH"}}, "[sa::ci-eu]",
		},
		"tag path": {[]body{{"key": "tagpath", "value": "a.b", "matchingMethod": "TAGPATH"}}, "[]"},
		"and": {
			[]body{{"key": "identifier", "value": "ci"}, {"key": "description", "value": "Europe"}}, "[sa::ci-eu]",
		},
		"values are or": {
			[]body{{"key": "identifier", "values": []string{"sa::ci", "sa::deploy"}, "matchingMethod": "EXACT"}},
			"[sa::ci sa::deploy]",
		},
		"values beat value": {
			[]body{{"key": "identifier", "value": "sa::ci", "values": []string{"deploy"}}}, "[sa::deploy]",
		},
		"negated": {[]body{{"key": "identifier", "value": "ci", "negated": true}}, "[sa::deploy]"},
		"negated and plain": {
			[]body{{"key": "identifier", "value": "eu", "negated": true}, {"key": "identifier", "value": "ci"}}, "[sa::ci]",
		},
		"boolean":            {[]body{{"key": "active", "value": "false"}}, "[sa::ci-eu]"},
		"permission":         {[]body{{"key": "groups", "value": "ingestion", "matchingMethod": "EXACT"}}, "[sa::deploy]"},
		"united permission":  {[]body{{"key": "unitedPermissions", "value": "agent_management"}}, "[sa::ci-eu]"},
		"role by name":       {[]body{{"key": "roles", "value": "Alert"}}, "[sa::deploy]"},
		"role by id":         {[]body{{"key": "roles", "value": w.alerts}}, "[sa::deploy]"},
		"group by name":      {[]body{{"key": "userGroups", "value": "fleet"}}, "[sa::ci-eu]"},
		"token by name":      {[]body{{"key": "tokens", "value": "blue"}}, "[sa::deploy]"},
		"not by secret":      {[]body{{"key": "tokens", "value": secret}}, "[]"},
		"free text":          {[]body{{"key": "freetext", "value": "deploys"}}, "[sa::deploy]"},
		"unknown key":        {[]body{{"key": "colour", "value": "red"}}, "[]"},
		"unknown key negate": {[]body{{"key": "colour", "value": "red", "negated": true}}, "[sa::ci sa::ci-eu sa::deploy]"},
	} {
		t.Run(name, func(t *testing.T) {
			r := w.search("serviceaccount", body{"query": c.query})
			same(t, "found", pick(r.response("items"), "identifier"), c.want)
			same(t, "total", r.response("totalItems"), len(r.response("items").([]any)))
			same(t, "more", r.response("moreItems"), false)
			same(t, "cursor", r.response("cursor"), "<nil>")
		})
	}
}

func TestSearch_roles(t *testing.T) {
	w := searchWorld(t)
	r := w.search("role", body{"query": []body{{"key": "name", "value": "Proxy operators", "matchingMethod": "EXACT"}}})
	same(t, "found", pick(r.response("items"), "id"), "["+w.proxies+"]")
	same(t, "groups", r.response("items", 0, "linkedGroupsCount"), 1)
	same(t, "accounts", r.response("items", 0, "linkedAccountsCount"), 0)
	same(t, "by id", w.found("role", "id", w.alerts), 1)
	same(t, "by permission", w.found("role", "permissions", "alerts_management"), 1)
}

func TestSearch_userGroups(t *testing.T) {
	w := searchWorld(t)
	w.sim.AddUserGroup(wavefrontsim.UserGroup{Name: "Proxy fleet"})
	same(t, "two of a name", w.found("usergroup", "name", "Proxy fleet"), 2)
	same(t, "system", w.found("usergroup", "name", "Service Accounts"), 1)
	r := w.search("usergroup", body{"query": []body{{"key": "id", "value": w.fleet}}})
	same(t, "members", r.response("items", 0, "userCount"), 1)
	same(t, "roles", r.response("items", 0, "roleCount"), 1)
}

func TestSearch_pages(t *testing.T) {
	w := searchWorld(t)
	for _, c := range []struct {
		limit, offset int
		want          string
	}{
		{1, 0, "1 0 1 3 true"}, {2, 1, "2 1 2 3 false"}, {2, 2, "1 2 2 3 false"}, {1000, 0, "3 0 1000 3 false"},
		{5, 7, "0 7 5 3 false"},
	} {
		r := w.search("serviceaccount", body{"limit": c.limit, "offset": c.offset})
		same(t, fmt.Sprint(c.limit, c.offset), fmt.Sprint(len(r.response("items").([]any)), r.response("offset"),
			r.response("limit"), r.response("totalItems"), r.response("moreItems")), c.want)
	}
	for _, text := range []string{"", "null", "{}", `{"query":null,"sort":null,"limit":null,"offset":null}`} { // row 4
		r := w.search("serviceaccount", text)
		same(t, "limit", r.response("limit"), 100)
		same(t, "sort", r.response("sort"), "map[ascending:false default:true field:default]")
	}
}

func TestSearch_sort(t *testing.T) {
	w := searchWorld(t)
	w.clock.advance(time.Minute)
	w.sim.AddUserGroup(wavefrontsim.UserGroup{Name: "Another"})
	for name, c := range map[string]struct {
		kind, field, key string
		ascending        bool
		first            string
	}{
		"text":             {"serviceaccount", "identifier", "identifier", true, "sa::ci"},
		"text, descending": {"serviceaccount", "identifier", "identifier", false, "sa::deploy"},
		"missing first":    {"serviceaccount", "description", "identifier", true, "sa::ci"},
		"boolean":          {"serviceaccount", "active", "identifier", true, "sa::ci-eu"},
		"number":           {"usergroup", "createdEpochMillis", "name", false, "Another"},
		"count":            {"usergroup", "userCount", "name", false, "Service Accounts"},
	} {
		t.Run(name, func(t *testing.T) {
			r := w.search(c.kind, body{"sort": body{"field": c.field, "ascending": c.ascending}})
			same(t, "first", r.response("items", 0, c.key), c.first)
			same(t, "sort", r.response("sort"), fmt.Sprintf("map[ascending:%t default:false field:%s]", c.ascending, c.field))
		})
	}
	for i := range 10 { // 13 accounts in Service Accounts, 9 in the fleet
		a := wavefrontsim.ServiceAccount{Identifier: fmt.Sprint("sa::more", i)}
		if i < 8 {
			a.UserGroups = []string{w.fleet}
		}
		w.sim.AddServiceAccount(a)
	}
	counts := w.search("usergroup", body{"sort": body{"field": "userCount", "ascending": false}})
	same(t, "numbers are no texts", fmt.Sprint(counts.response("items", 0, "userCount"), " ",
		counts.response("items", 1, "userCount")), "13 9")
	r := w.search("serviceaccount", body{
		"query": []body{{"key": "identifier", "value": "more", "negated": true}},
		"sort":  body{"field": "identifier", "ascending": false}, "limit": 1, "offset": 1,
	})
	same(t, "sorted before cut", r.response("items", 0, "identifier"), "sa::ci-eu")
}

func TestSearch_refusals(t *testing.T) {
	w := searchWorld(t)
	for _, text := range []string{
		`{"limit":0}`, `{"limit":1001}`, `{"limit":-1}`, `{"limit":"5"}`, `{"limit":1.5}`, `{"offset":-1}`,
		`{"offset":"x"}`, `{"query":{}}`, `{"query":[1]}`, `{"query":[{"value":"x"}]}`, `{"query":[{"key":"name"}]}`,
		`{"query":[{"key":"name","values":[]}]}`, `{"query":[{"key":"name","value":1}]}`,
		`{"query":[{"key":1,"value":"x"}]}`, `{"query":[{"key":"name","values":"x"}]}`,
		`{"query":[{"key":"name","value":"x","matchingMethod":"REGEX"}]}`,
		`{"query":[{"key":"name","value":"x","matchingMethod":1}]}`,
		`{"query":[{"key":"name","value":"x","negated":"no"}]}`, `{"sort":{}}`, `{"sort":{"field":"name"}}`,
		`{"sort":{"ascending":true}}`, `{"sort":{"field":1,"ascending":true}}`,
		`{"sort":{"field":"name","ascending":"up"}}`, `{"sort":[]}`, `[]`, `{`,
	} {
		for _, kind := range []string{"serviceaccount", "role", "usergroup"} {
			w.search(kind, text).refused(400)
		}
	}
}

// Row 26: the index lags behind writes and drift, and reads do not.
func TestSearchLag(t *testing.T) {
	w := searchWorld(t, func(o *wavefrontsim.Options) { o.SearchLag = 200 * time.Millisecond })
	same(t, "seeded", w.found("serviceaccount", "identifier", "sa::ci"), 1)
	w.create("sa::new", nil).response()
	w.clock.advance(100 * time.Millisecond)
	w.send("DELETE", account+"sa::ci", nil).response()
	w.sim.RemoveRole(w.alerts)
	see := func(what string, created, deleted, role int) {
		t.Helper()
		same(t, what, fmt.Sprint(w.found("serviceaccount", "identifier", "sa::new"),
			w.found("serviceaccount", "identifier", "sa::ci"), w.found("role", "id", w.alerts)),
			fmt.Sprint(created, deleted, role))
	}
	see("at once", 0, 1, 1)
	same(t, "read", w.send("GET", servicePath+"/sa::new", nil).status, 200)
	same(t, "list", pick(w.send("GET", servicePath, nil).response(), "identifier"), "[sa::ci-eu sa::deploy sa::new]")
	w.clock.advance(99 * time.Millisecond)
	see("still stale", 0, 1, 1)
	w.clock.advance(time.Millisecond)
	see("create seen", 1, 1, 1)
	w.clock.advance(100 * time.Millisecond)
	see("all seen", 1, 0, 0)
	w.create("sa::ci", nil).response()
	w.sim.AddRole(wavefrontsim.Role{Name: "Seeded"})
	same(t, "seeded later", w.found("role", "name", "Seeded"), 1)
}
