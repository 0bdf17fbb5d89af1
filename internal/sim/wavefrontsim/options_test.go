package wavefrontsim_test

import (
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

func TestOptions(t *testing.T) { simtest.Options(t, wavefrontsim.AllOptions()) }

// effect is what a client sees by default and with an option.
type effect struct {
	prepare func(*world)
	step
	with string
}

// effects are by option.
var effects = map[string]effect{
	"UnauthorizedWithoutRight": {
		func(w *world) { w.token = blue }, step{"GET " + accounts, nil, "status.code", "403 403"}, "401 401",
	},
	"ExactCase": {nil, step{"GET " + accounts + "/SA::CI", nil, "response.identifier", "200 sa::ci"}, "404 <nil>"},
	"AddPrefix": {nil, step{"POST " + accounts, write("Robot"), "response.identifier", "400 <nil>"}, "200 sa::robot"},
	"DuplicateConflict": {
		nil, step{"POST " + accounts, write("sa::ci"), "status.code", "400 400"}, "409 409",
	},
	"ActiveByDefault": {
		nil, step{"POST " + accounts, `{"identifier":"sa::x","active":null}`, "response.active", "200 false"},
		"200 true",
	},
	"AcceptNullTokens": {
		nil, step{"PUT " + ci, write("sa::ci", object{"tokens": nil}), "status.code", "500 500"}, "200 200",
	},
	"IgnoreTokens": {
		nil, step{"PUT " + ci, write("sa::ci", object{"tokens": []string{"x"}}), "status.code", "400 400"},
		"200 200",
	},
	"MissingListKeeps": {
		func(w *world) { w.send("PUT "+ci, write("sa::ci", full)) },
		step{"PUT " + ci, `{"identifier":"sa::ci"}`, everything, "200 <nil> [] [] [Service Accounts] [blue]"},
		"200 <nil> [events_management ingestion] [" + alerts + "] [Service Accounts Fleet] [blue]",
	},
	"EmptyTokensRevoke": {
		nil, step{"PUT " + ci, write("sa::ci"), "response.tokens.*.tokenName", "200 [blue]"}, "200 []",
	},
	"IgnoreBodyIdentifier": {
		nil, step{"PUT " + ci, write("sa::x"), "response.identifier", "400 <nil>"}, "200 sa::ci",
	},
	"LegacyEveryone": {
		nil, step{"PUT " + ci, write("sa::ci"), "response.userGroups.*.name", "200 [Service Accounts]"},
		"200 [Everyone]",
	},
	"RefuseUnknownReferences": {
		nil, step{"PUT " + ci, write("sa::ci", object{"roles": []string{"x", alerts}}), "status.code", "200 202"},
		"400 400",
	},
	"IgnoreUnknownPermissions": {
		nil, step{
			"PUT " + ci, write("sa::ci", object{"groups": []string{"x", "ingestion"}}),
			"status.code response.groups", "400 400 <nil>",
		},
		"200 202 [ingestion]",
	},
	"EmptyMembers": {
		nil, step{
			"GET " + ci, nil,
			"response.description response.lastUsed response.unitedRoles response.unitedPermissions",
			"200 <nil> <nil> <nil> <nil>",
		},
		"200  0 [] []",
	},
	"UnitedRoleNames": {
		func(w *world) { w.sim.SetRoles("sa::ci", alerts) },
		step{"GET " + ci, nil, "response.unitedRoles", "200 [" + alerts + "]"}, "200 [Alerts]",
	},
	"WrappedSubActions": {
		nil, step{"POST account/sa::ci/grant/ingestion", nil, "groups response.groups", "200 [ingestion] <nil>"},
		"200 <nil> [ingestion]",
	},
	"UnknownTokenBadRequest": {
		nil, step{"DELETE " + ciTokens + "/" + fresh, nil, "status.code", "404 404"}, "400 400",
	},
	"DeleteUnknownOK": {
		nil, step{"DELETE account/sa::gone", nil, "status.code response", "404 404 <nil>"}, "200 200 <nil>",
	},
	"SearchLag": {
		func(w *world) {
			w.clock.Advance(time.Second)
			w.send("POST "+accounts, write("sa::x"))
		},
		step{"POST search/serviceaccount", nil, "response.totalItems", "200 2"}, "200 1",
	},
	"NeverLastUsed": {
		func(w *world) {
			w.sim.SetPermissions("sa::ci", "user_management")
			w.token = blue
		},
		step{"GET " + ci, nil, "response.lastUsed", "200 1.772439330481e+12"}, "200 <nil>",
	},
}

func TestOptions_effects(t *testing.T) {
	for _, option := range wavefrontsim.AllOptions() {
		t.Run(option.Name, func(t *testing.T) {
			e, known := effects[option.Name]
			if !known || e.want == e.with {
				t.Fatal("no effect is known")
			}
			for want, set := range map[string]func(*wavefrontsim.Options){
				e.want: func(*wavefrontsim.Options) {},
				e.with: func(o *wavefrontsim.Options) { option.Set(o, option.Values[0]) },
			} {
				w := newWorld(t, set)
				if e.prepare != nil {
					e.prepare(w)
				}
				w.run(step{e.request, e.body, e.places, want})
			}
		})
	}
}
