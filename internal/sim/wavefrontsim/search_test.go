package wavefrontsim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

func condition(key, value string, changes ...object) object {
	one := object{"key": key, "values": []string{value}}
	for _, change := range changes {
		for name, v := range change {
			one[name] = v
		}
	}
	return one
}

// searchWorld has accounts that are easily mistaken for one another.
func searchWorld(t *testing.T) *world {
	w := newWorld(t)
	w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{
		Identifier: "sa::ci-eu", Description: "Europe", Inactive: true, UserGroups: []string{fleet},
	})
	w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{
		Identifier: "sa::deploy", Description: "Deploys to EUROPE", Permissions: []string{"ingestion"},
		Roles: []string{alerts},
	})
	return w
}

// Row 26.
func TestSearch(t *testing.T) {
	w := searchWorld(t)
	exact, not := object{"matchingMethod": "EXACT"}, object{"negated": true}
	starts, contains := object{"matchingMethod": "STARTSWITH"}, object{"matchingMethod": "CONTAINS"}
	or := object{"values": []string{"sa::ci", "sa::deploy"}}
	alone := object{"value": "sa::ci", "values": nil}
	for name, test := range map[string]struct {
		query []any
		want  string
	}{
		"none":                   {nil, "[sa::ci sa::ci-eu sa::deploy]"},
		"contains by default":    {[]any{condition("identifier", "a::CI")}, "[sa::ci sa::ci-eu]"},
		"contains":               {[]any{condition("description", "europe", contains)}, "[sa::ci-eu sa::deploy]"},
		"starts with":            {[]any{condition("description", "eu", starts)}, "[sa::ci-eu]"},
		"exact":                  {[]any{condition("identifier", "sa::ci", exact)}, "[sa::ci]"},
		"exact, another case":    {[]any{condition("description", "europe", exact)}, "[]"},
		"and":                    {[]any{condition("identifier", "ci"), condition("description", "eu")}, "[sa::ci-eu]"},
		"values are or":          {[]any{condition("identifier", "", or, exact)}, "[sa::ci sa::deploy]"},
		"value":                  {[]any{condition("identifier", "", alone, exact)}, "[sa::ci]"},
		"values and value":       {[]any{condition("identifier", "deploy", object{"value": "ci"})}, "[sa::deploy]"},
		"negated":                {[]any{condition("identifier", "ci", not)}, "[sa::deploy]"},
		"boolean":                {[]any{condition("active", "false")}, "[sa::ci-eu]"},
		"permission":             {[]any{condition("groups", "ingestion")}, "[sa::deploy]"},
		"name of a role":         {[]any{condition("roles", "Alert")}, "[sa::deploy]"},
		"id of a group":          {[]any{condition("userGroups", fleet)}, "[sa::ci-eu]"},
		"no search by a secret":  {[]any{condition("tokens", blue)}, "[]"},
		"unknown key":            {[]any{condition("colour", "red")}, "[]"},
		"unknown key, negated":   {[]any{condition("colour", "red", not)}, "[sa::ci sa::ci-eu sa::deploy]"},
		"a sort that is ignored": {[]any{condition("identifier", "eu")}, "[sa::ci-eu]"},
	} {
		body := object{"query": test.query, "sort": object{"field": "identifier", "ascending": false}}
		r := w.send("POST search/serviceaccount", body)
		simtest.Equal(t, name, r.See("response.items.*.identifier"), "200 "+test.want)
	}
}

func TestSearch_lookups(t *testing.T) {
	w := searchWorld(t)
	w.sim.AddUserGroup(wavefrontsim.UserGroup{ID: "twin", Name: "Fleet"})
	by := func(key, value string) object {
		return object{"query": []any{condition(key, value, object{"matchingMethod": "EXACT"})}}
	}
	w.run(
		step{"POST search/role", by("name", "Proxies"), "response.items.*.id", "200 [" + proxy + "]"},
		step{"POST search/role", by("permissions", "alerts_management"), "response.items.*.id", "200 [" + alerts + "]"},
		step{
			"POST search/usergroup", by("name", "Fleet"),
			"response.items.*.id response.items.*.roles response.items.*.userCount",
			"200 [" + fleet + " twin] [<nil> <nil>] [1 0]",
		},
		step{"GET role/" + proxy, nil, "response.permissions", "200 [agent_management ingestion]"},
		step{"GET role/gone", nil, "status.message", "404 Role gone does not exist"},
		step{"GET usergroup/" + fleet, nil, "response.roles.0.id response.userCount", "200 " + proxy + " 1"},
		step{"GET usergroup/" + wavefrontsim.ServiceAccountsID, nil, "response.userCount", "200 3"},
		step{"GET usergroup/gone", nil, "status.message", "404 User group gone does not exist"},
	)
}

func TestSearch_pages(t *testing.T) {
	w := searchWorld(t)
	const places = "response.items.*.identifier response.offset response.limit response.totalItems response.moreItems"
	w.run(
		step{"POST search/serviceaccount", `{}`, places, "200 [sa::ci sa::ci-eu sa::deploy] 0 100 3 false"},
		step{"POST search/serviceaccount", `{"limit":1}`, places, "200 [sa::ci] 0 1 3 true"},
		step{"POST search/serviceaccount", `{"limit":2,"offset":1}`, places, "200 [sa::ci-eu sa::deploy] 1 2 3 false"},
		step{"POST search/serviceaccount", `{"limit":1000,"offset":7}`, places, "200 [] 7 1000 3 false"},
		step{"POST search/serviceaccount", `{}`, "response.sort.field response.sort.default", "200 default true"},
	)
	for _, body := range []string{
		`{"limit":0}`, `{"limit":1001}`, `{"limit":"5"}`, `{"offset":-1}`, `{"query":{}}`, `{"query":[1]}`,
		`{"query":[{"values":["x"]}]}`, `{"query":[{"key":"name"}]}`, `{"query":[{"key":"name","values":[]}]}`,
		`{"query":[{"key":"name","values":"x"}]}`, `{"query":[{"key":"name","values":["x"],"matchingMethod":"REGEX"}]}`,
		`{"query":[{"key":"name","values":["x"],"negated":"no"}]}`, `[]`, `{`,
	} {
		w.run(step{"POST search/role", body, "status.code", "400 400"})
	}
}
