package waldursim_test

import (
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// TestSeedsOfKnownUUIDs creates the same objects on two servers.
func TestSeedsOfKnownUUIDs(t *testing.T) {
	id := func(digit string) string { return strings.Repeat(digit, 32) }
	for range 2 {
		sim := waldursim.New(waldursim.Options{})
		var got []string
		add := func(uuid ...string) { got = append(got, uuid...) }
		add(sim.AddCustomer(waldursim.Customer{UUID: id("1")}))
		add(sim.AddProject(waldursim.Project{UUID: hyphened(id("2")), Customer: id("1")}))
		add(sim.AddResource(waldursim.Resource{UUID: id("3"), Project: id("2")}))
		add(uuidAndSecret(sim.AddUser(waldursim.User{UUID: id("4"), Token: "token"}))...)
		add(uuidAndSecret(sim.AddCustomerServiceAccount(waldursim.ServiceAccount{
			UUID: id("5"), Key: "key", Scope: id("1"), Username: "a",
		}))...)
		add(sim.AddRobotAccount(waldursim.RobotAccount{UUID: id("6"), Resource: id("3"), Type: "x"}))
		simtest.Equal(t, "seeds", got, []string{id("1"), id("2"), id("3"), id("4"), "token", id("5"), "key", id("6")})
		if !sim.KeyAlive("key") {
			t.Error("the key opens nothing")
		}
	}
}

func uuidAndSecret(uuid, secret string) []string { return []string{uuid, secret} }

func TestSeedingMistakesPanic(t *testing.T) {
	w := newWorld(t)
	w.seed(kinds[0], waldursim.ServiceAccount{Username: "taken"})
	w.robot(waldursim.RobotAccount{})
	robot := func(a waldursim.RobotAccount) func() { return func() { w.robot(a) } }
	for name, run := range map[string]func(){
		"no UUID":             func() { w.sim.AddCustomer(waldursim.Customer{UUID: "x"}) },
		"project of nobody":   func() { w.sim.AddProject(waldursim.Project{Customer: w.project}) },
		"resource of nobody":  func() { w.sim.AddResource(waldursim.Resource{Project: nobody}) },
		"unknown provider":    func() { w.sim.AddResource(waldursim.Resource{Project: w.project, Provider: nobody}) },
		"wrong scope":         func() { w.sim.AddCustomerServiceAccount(waldursim.ServiceAccount{Scope: w.project}) },
		"username taken":      func() { w.seed(kinds[0], waldursim.ServiceAccount{Username: "taken"}) },
		"role elsewhere":      func() { w.sim.Grant(w.users["zed"], waldursim.ProjectMember, w.customer) },
		"role of nobody":      func() { w.sim.Grant(nobody, waldursim.CustomerOwner, w.customer) },
		"no role to revoke":   func() { w.sim.Revoke(w.users["zed"], w.customer) },
		"token of nobody":     func() { w.sim.AddPersonalAccessToken(nobody) },
		"limit of nothing":    func() { w.sim.SetLimit(nobody, 1) },
		"long type":           robot(waldursim.RobotAccount{Resource: w.spare, Type: "deploy"}),
		"pair taken":          robot(waldursim.RobotAccount{}),
		"unknown state":       robot(waldursim.RobotAccount{Resource: w.spare, State: "Erred"}),
		"unknown user":        robot(waldursim.RobotAccount{Resource: w.spare, Users: []string{nobody}}),
		"unknown responsible": robot(waldursim.RobotAccount{Resource: w.spare, ResponsibleUser: nobody}),
		"no key":              robot(waldursim.RobotAccount{Resource: w.spare, Keys: []string{"x"}}),
	} {
		t.Run(name, func(t *testing.T) { simtest.Panics(t, run) })
	}
	w.do("staff", "GET", robots, nil).Want(200) // the lock is free
}

func TestRevoke(t *testing.T) {
	w := newWorld(t)
	w.sim.Grant(hyphened(w.users["zed"]), waldursim.ProjectMember, hyphened(w.project))
	w.sim.Grant(w.users["zed"], waldursim.ProjectManager, w.project)
	w.do("zed", "GET", "/api/projects/"+w.project+"/", nil).Want(200)
	// All roles on the scope go, and those of others stay.
	w.sim.Revoke(w.users["zed"], w.project)
	w.do("zed", "GET", "/api/projects/"+w.project+"/", nil).Want(404)
	w.do("manager", "GET", "/api/projects/"+w.project+"/", nil).Want(200)
}
