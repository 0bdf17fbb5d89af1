// Package simulators starts the simulators on loopback, with a little world in them, for the demo and for trying
// configurations by hand.
package simulators

import (
	"net/http/httptest"

	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldursim"
)

// World is the running simulators.
type World struct {
	Waldur *waldursim.Sim

	waldur *httptest.Server
	token  string
}

// Names of what is in the world.
const (
	CustomerName = "ACME Research"
	ProjectName  = "Climate models"
)

// Start starts the simulators. Waldur has a customer with a project, an account that was made by hand, and a user who manages
// service accounts.
func Start() *World {
	w := &World{Waldur: waldursim.New(waldursim.Options{})}
	customer := w.Waldur.AddCustomer(waldursim.Customer{Name: CustomerName, Abbreviation: "ACME", MaxServiceAccounts: waldursim.LimitOf(5)})
	w.Waldur.AddProject(waldursim.Project{Name: ProjectName, Customer: customer, MaxServiceAccounts: waldursim.LimitOf(5)})
	w.Waldur.AddCustomerServiceAccount(waldursim.ServiceAccount{
		Scope: customer, Username: "svc-legacy", PreferredIdentifier: "legacy", Description: "Made by hand, years ago",
	})
	var user string
	user, w.token = w.Waldur.AddUser(waldursim.User{Username: "terraform", FullName: "Terraform"})
	w.Waldur.Grant(user, waldursim.CustomerOwner, customer)

	w.waldur = httptest.NewServer(w.Waldur)
	return w
}

// Close stops the simulators.
func (w *World) Close() { w.waldur.Close() }

// Environment returns the settings of the provider for these simulators, as NAME=value.
func (w *World) Environment() []string {
	return []string{"WALDUR_API_URL=" + w.waldur.URL, "WALDUR_ACCESS_TOKEN=" + w.token}
}

// WaldurProbe is the address that tells, given a key of Waldur's account service as a bearer token, whether the key works.
func (w *World) WaldurProbe() string { return w.waldur.URL + "/account-service/whoami" }
