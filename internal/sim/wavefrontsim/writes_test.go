package wavefrontsim_test

import (
	"fmt"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// Row 11: UUIDs in a write become tokens without a name.
func TestTokensInWrite(t *testing.T) {
	w := newWorld(t)
	w.run(step{"POST " + accounts, write("sa::x", object{"tokens": []string{fresh, fresh}}),
		"response.tokens.*.tokenID response.tokens.*.tokenName", "200 [" + fresh + "] [<nil>]"})
	simtest.Equal(t, "alive", w.sim.TokenAlive(fresh), true)
	simtest.Equal(t, "issued", w.sim.Tokens(), []string{blue, fresh})

	var many []string
	for i := range wavefrontsim.TokenLimit + 1 {
		many = append(many, fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
	}
	w.run(
		step{"POST " + accounts, write("sa::y", object{"tokens": many}), "status.code", "400 400"},
		step{"POST " + accounts, write("sa::y", object{"tokens": many[1:]}), "status.code", "200 200"},
		step{"PUT " + ci, write("sa::ci", object{"tokens": []string{}}), "status.code", "200 200"},
	)
}

// Row 12: tokens of a PUT are added; they are the whole list only with EmptyTokensRevoke.
func TestTokensInUpdate(t *testing.T) {
	const missing = `{"identifier":"sa::ci"}`
	empty, other := write("sa::ci"), write("sa::ci", object{"tokens": []string{fresh}})
	for _, test := range []struct {
		revoke, keep bool
		body         any
		want         string
	}{
		{false, false, other, "200 [blue <nil>]"},
		{false, false, empty, "200 [blue]"},
		{false, false, missing, "200 [blue]"},
		{true, false, other, "200 [<nil>]"},
		{true, false, empty, "200 []"},
		{true, false, missing, "200 []"},
		{true, true, missing, "200 [blue]"},
	} {
		w := newWorld(t, func(o *wavefrontsim.Options) {
			o.EmptyTokensRevoke, o.MissingListKeeps = test.revoke, test.keep
		})
		w.run(step{"PUT " + ci, test.body, "response.tokens.*.tokenName", test.want})
	}
}

// Row 14: the organisation's default groups are added on create alone, the system group on every write.
func TestAddedGroups(t *testing.T) {
	w := newWorld(t)
	w.sim.SetDefaultUserGroups(w.sim.AddUserGroup(wavefrontsim.UserGroup{Name: "Default"}))
	const names = "response.userGroups.*.name"
	w.run(
		step{"POST " + accounts, write("sa::x", full), names, "200 [Service Accounts Fleet Default]"},
		step{"POST " + accounts, `{"identifier":"sa::bare"}`, names, "200 [Service Accounts Default]"},
		step{"GET " + ci, nil, names, "200 [Service Accounts]"},
		step{"PUT " + accounts + "/sa::x", write("sa::x"), names, "200 [Service Accounts]"},
		step{"POST account/sa::x/removeUserGroups", []string{wavefrontsim.ServiceAccountsID}, "userGroups.*.name",
			"200 [Service Accounts]"},
	)
}

// Row 15: the message names what was ignored, and nothing else.
func TestUnknownReferences(t *testing.T) {
	body := write("sa::x", object{"userGroups": []string{"gone", fleet}, "roles": []string{"lost", alerts}})
	newWorld(t).run(step{"POST " + accounts, body,
		"status.result status.code status.message response.roles.*.id response.userGroups.*.id",
		"200 OK 202 Unknown roles ignored: [lost]; Unknown user groups ignored: [gone] [" + alerts + "] [" +
			wavefrontsim.ServiceAccountsID + " " + fleet + "]"})
}

// Row 17 holds when row 16 is changed, too.
func TestTokenManagement(t *testing.T) {
	w := newWorld(t, func(o *wavefrontsim.Options) { o.IgnoreUnknownPermissions = true })
	w.run(
		step{"PUT " + ci, write("sa::ci", object{"groups": []string{"token_management"}}), "response", "400 <nil>"},
		step{"POST account/sa::ci/grant/token_management", nil, "status.code", "400 400"},
	)
}
