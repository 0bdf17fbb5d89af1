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
	ResourceName = "hpc-allocation-7"
)

// Start starts the simulators. Waldur has a customer with a project that uses a resource, an account that was made by hand, a user of the
// project, and a user who manages service accounts and provides the resource.
func Start() *World {
	w := &World{Waldur: waldursim.New(waldursim.Options{})}
	customer := w.Waldur.AddCustomer(waldursim.Customer{Name: CustomerName, Abbreviation: "ACME", MaxServiceAccounts: waldursim.LimitOf(5)})
	project := w.Waldur.AddProject(waldursim.Project{Name: ProjectName, Customer: customer, MaxServiceAccounts: waldursim.LimitOf(5)})
	w.Waldur.AddCustomerServiceAccount(waldursim.ServiceAccount{
		Scope: customer, Username: "svc-legacy", PreferredIdentifier: "legacy", Description: "Made by hand, years ago",
	})
	provider := w.Waldur.AddCustomer(waldursim.Customer{Name: "Nordic HPC", Abbreviation: "NHPC"})
	w.Waldur.AddResource(waldursim.Resource{Name: ResourceName, State: "OK", Project: project, Provider: provider, OfferingName: "Compute allocation"})
	ada, _ := w.Waldur.AddUser(waldursim.User{Username: "ada.kask", FullName: "Ada Kask", Email: "ada.kask@acme.example"})
	w.Waldur.Grant(ada, waldursim.ProjectMember, project)
	var user string
	user, w.token = w.Waldur.AddUser(waldursim.User{Username: "terraform", FullName: "Terraform"})
	w.Waldur.Grant(user, waldursim.CustomerOwner, customer)
	w.Waldur.Grant(user, waldursim.ProviderOwner, provider)

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
