package wavefrontsim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// Row 24: the generic view of the deleted account, in which references are strings.
func TestDelete(t *testing.T) {
	w := newWorld(t)
	w.sim.SetUserGroups("sa::ci", fleet)
	r := w.send("DELETE account/sa::ci", nil)
	simtest.Equal(t, "deleted", r.See("response.identifier", "response.roles", "response.unitedRoles",
		"response.unitedPermissions"), "200 sa::ci [] ["+proxy+"] [agent_management ingestion]")
	simtest.Equal(t, "alive", w.sim.TokenAlive(blue), false)
	w.run(
		step{"DELETE account/sa::ci", nil, "status.message", "404 Account sa::ci does not exist"},
		step{"GET " + ci, nil, "status.code", "404 404"},
		step{"GET " + ciTokens, nil, "status.code", "404 404"},
		step{"POST " + accounts, write("sa::ci"), "response.tokens", "200 []"},
	)
}

// Row 25: known accounts are deleted, each once.
func TestDeleteAccounts(t *testing.T) {
	w := newWorld(t)
	w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::b"})
	w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::c"})
	w.run(
		step{
			"POST account/deleteAccounts", []string{"sa::gone", "SA::C", "sa::ci", "sa::c"}, "response",
			"200 [sa::c sa::ci]",
		},
		step{"POST account/deleteAccounts", []string{"sa::c"}, "status.code", "400 400"},
		step{"GET " + accounts, nil, "response.*.identifier", "200 [sa::b]"},
	)
}

// Row 20: the bare form. Bad ids are ignored beside a good one, and refused alone.
func TestSubActions(t *testing.T) {
	const account, admin = "POST account/sa%3A%3Aci/", "POST account/" + wavefrontsim.AdminIdentifier
	newWorld(t).run(
		step{account + "addRoles", []string{alerts, "gone"}, "identifier customer roles.*.id",
			"200 sa::ci " + wavefrontsim.Customer + " [" + alerts + "]"},
		step{account + "addRoles", []string{"gone"}, "status.code", "400 400"},
		step{account + "removeRoles", []string{"gone"}, "status.code", "400 400"},
		step{account + "removeRoles", []string{alerts, proxy}, "roles", "200 []"},
		step{account + "addUserGroups", []string{fleet, "gone"}, "userGroups.*.name", "200 [Service Accounts Fleet]"},
		step{account + "removeUserGroups", []string{"gone"}, "status.code", "400 400"},
		step{account + "removeUserGroups", []string{fleet}, "userGroups.*.name", "200 [Service Accounts]"},
		step{account + "grant/ingestion", nil, "groups", "200 [ingestion]"},
		step{account + "grant/ingestion", nil, "groups", "200 [ingestion]"},
		step{account + "revoke/ingestion", nil, "groups", "200 []"},
		step{account + "grant/no_such_right", nil, "status.code", "400 400"},
		step{"POST account/sa::gone/grant/ingestion", nil, "status.code", "404 404"},
		step{"POST account/sa::gone/addRoles", []string{alerts}, "status.code", "404 404"},
		step{admin + "/grant/token_management", nil, "groups", "200 [token_management user_management]"},
		step{admin + "/removeUserGroups", []string{wavefrontsim.EveryoneID}, "userGroups.*.name", "200 [Everyone]"},
	)
}
