package wavefrontsim_test

import "testing"

// Row 4: bodies that no operation needs are accepted.
func TestNeedlessBodies(t *testing.T) {
	for _, body := range []any{nil, "", "null", "{}"} {
		newWorld(t).run(
			step{"POST " + ci + "/deactivate", body, "response.active", "200 false"},
			step{"POST " + ci + "/activate", body, "response.active", "200 true"},
			step{"POST account/sa::ci/grant/ingestion", body, "groups", "200 [ingestion]"},
			step{"POST account/sa::ci/addRoles", body, "roles", "200 []"},
			step{"POST " + ciTokens, body, "response.1.tokenName", "200 <nil>"},
			step{"DELETE " + ciTokens + "/" + blue, body, "response.*.tokenName", "200 [<nil>]"},
			step{"POST search/role", body, "response.limit response.totalItems", "200 100 2"},
			step{"DELETE account/sa::ci", body, "response.identifier", "200 sa::ci"},
		)
	}
}

func TestBadBodies(t *testing.T) {
	w := newWorld(t)
	for request, bodies := range map[string][]string{
		"POST " + accounts: {
			"", "null", "[]", `{"identifier": "sa::x"`, `{"identifier":"sa::x"} {}`, `{"Identifier":"sa::x"}`,
			`{"identifier":null}`, `{"identifier":1}`, `{"identifier":"sa::x","roles":"one"}`,
			`{"identifier":"sa::x","active":"yes"}`, `{"identifier":"sa::x","description":[]}`,
		},
		"PUT " + ci:                         {"", "null", "{}", "nonsense"},
		"PUT " + ciTokens + "/" + blue:      {"", "null", `{"tokenName":1}`},
		"POST " + ciTokens:                  {"[", `{"tokenName":1}`},
		"POST account/sa::ci/addRoles":      {"[", `{"roles":[]}`},
		"POST account/sa::ci/addUserGroups": {"[1]", `"x"`},
		"POST account/deleteAccounts":       {"", "null", "{}", "[]", `{"a":1}`, `"sa::ci"`, "[1]", "["},
	} {
		for _, body := range bodies {
			w.run(step{request, body, "status.result status.code response", "400 ERROR 400 <nil>"})
		}
	}
}
