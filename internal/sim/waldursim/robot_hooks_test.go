package waldursim_test

import (
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestRobotHooks(t *testing.T) {
	w := newWorld(t)
	seed := waldursim.RobotAccount{
		Resource: hyphened(w.resource), Type: "cicd", Username: "r1", Description: "d", Keys: []string{keyOne + "\n"},
		Users: []string{hyphened(w.users["ada"]), w.users["zed"], w.users["ada"]}, ResponsibleUser: w.users["olga"],
		State: "Requested deletion", ErrorMessage: "e", BackendID: "b",
	}
	seed.UUID = w.sim.AddRobotAccount(seed)
	want := seed
	want.Resource, want.Users = w.resource, w.uuids("ada", "zed")
	simtest.Equal(t, "stored", w.sim.RobotAccount(hyphened(seed.UUID)), want)

	w.clock.Advance(time.Hour)
	w.sim.EditRobotAccount(seed.UUID, func(a *waldursim.RobotAccount) {
		a.Username, a.State, a.Users, a.Resource = "later", "OK", nil, hyphened(w.spare)
	})
	want.Username, want.State, want.Users, want.Resource = "later", "OK", nil, w.spare
	simtest.Equal(t, "edited", w.sim.RobotAccounts(), []waldursim.RobotAccount{want})
	w.do("staff", "GET", robots+seed.UUID+"/", nil).Want(200).
		WantFields(object{"username": "later", "users": []any{}, "created": made, "modified": hourLater})
	simtest.Panics(t, func() {
		w.sim.EditRobotAccount(seed.UUID, func(a *waldursim.RobotAccount) { a.State = "Erred" })
	})
	w.sim.RemoveRobotAccount(seed.UUID)
	w.do("staff", "GET", robots+seed.UUID+"/", nil).Want(404)
	simtest.Panics(t, func() { w.sim.RemoveRobotAccount(seed.UUID) })
}

func TestRemoveUserFromProject(t *testing.T) {
	w := newWorld(t)
	w.sim.Grant(w.users["bo"], waldursim.ProjectMember, w.project)
	w.sim.Grant(w.users["bo"], waldursim.ProjectMember, w.otherProject)
	both := w.robot(waldursim.RobotAccount{Users: w.uuids("ada", "bo"), ResponsibleUser: w.users["bo"]})
	other := w.robot(waldursim.RobotAccount{Resource: w.spare, Users: w.uuids("ada")})
	elsewhere := w.robot(waldursim.RobotAccount{Resource: w.rivals, Users: w.uuids("bo")})
	w.clock.Advance(time.Hour)
	// The user leaves the accounts although a role on the customer remains.
	w.sim.RemoveUserFromProject(hyphened(w.users["bo"]), hyphened(w.project))
	simtest.Equal(t, "users", w.storedRobot(both).Users, w.uuids("ada"))
	simtest.Equal(t, "responsible user", w.storedRobot(both).ResponsibleUser, "")
	simtest.Equal(t, "users elsewhere", w.storedRobot(elsewhere).Users, w.uuids("bo"))
	for path, modified := range map[string]string{both: hourLater, other: made, elsewhere: made} {
		w.do("staff", "GET", path, nil).Want(200).WantFields(object{"modified": modified})
	}
	simtest.Panics(t, func() { w.sim.RemoveUserFromProject(w.users["bo"], w.project) })
}

// TestConsentIsForAnOffering consents on one resource and creates an account on another resource of
// the offering.
func TestConsentIsForAnOffering(t *testing.T) {
	w := newWorld(t, withConsent)
	offering := w.do("staff", "GET", resourcePath(w.resource), nil).Want(200).Object()["offering_uuid"].(string)
	twin := w.sim.AddResource(waldursim.Resource{Project: w.project, Provider: w.provider, Offering: offering})
	w.sim.SetConsent(w.users["ada"], twin, true)
	users := object{"users": w.links("ada")}
	w.do("provider", "POST", robots, w.robotBody(users)).Want(201)
	w.do("provider", "POST", robots, w.robotBody(users, object{"resource": resourcePath(w.spare)})).Want(400)
}
