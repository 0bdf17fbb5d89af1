package wavefrontsim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

func TestDrift(t *testing.T) {
	for name, test := range map[string]struct {
		change       func(*wavefrontsim.Sim)
		places, want string
	}{
		"active":      {func(s *wavefrontsim.Sim) { s.SetActive("SA::CI", false) }, "active", "200 false"},
		"description": {func(s *wavefrontsim.Sim) { s.SetDescription("sa::ci", "d") }, "description", "200 d"},
		"permissions": {func(s *wavefrontsim.Sim) { s.SetPermissions("sa::ci", "b", "a", "b") }, "groups", "200 [a b]"},
		"roles":       {func(s *wavefrontsim.Sim) { s.SetRoles("sa::ci", alerts) }, "unitedRoles.0", "200 " + alerts},
		"groups": {
			func(s *wavefrontsim.Sim) { s.SetUserGroups("sa::ci", fleet) },
			"userGroups.*.name", "200 [Service Accounts Fleet]",
		},
		"rename token": {func(s *wavefrontsim.Sim) { s.RenameToken(blue, "x") }, "tokens.*.tokenName", "200 [x]"},
		"remove token": {func(s *wavefrontsim.Sim) { s.RemoveToken(blue) }, "tokens", "200 []"},
		"remove account": {
			func(s *wavefrontsim.Sim) { s.RemoveServiceAccount("sa::ci") }, "identifier", "404 <nil>",
		},
		"remove group": {func(s *wavefrontsim.Sim) {
			s.SetUserGroups("sa::ci", fleet)
			s.SetDefaultUserGroups(fleet)
			s.RemoveUserGroup(fleet)
		}, "userGroups.*.name", "200 [Service Accounts]"},
	} {
		w := newWorld(t)
		test.change(w.sim)
		simtest.Equal(t, name, w.send("GET "+ci, nil).See("response."+test.places), test.want)
		w.run(step{"POST " + accounts, write("sa::next"), "response.userGroups.*.name", "200 [Service Accounts]"})
	}
}
