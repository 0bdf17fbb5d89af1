// Package world starts the simulators on loopback, with some objects in them, for the demo and for
// trying configurations by hand.
package world

import (
	"net/http"
	"net/http/httptest"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// World is the running simulators.
type World struct {
	Waldur      *waldursim.Sim
	Wavefront   *wavefrontsim.Sim
	Instaclustr *instaclustrsim.Sim

	systems     []system
	environment []string
}

type system struct {
	name   string
	sim    simulator
	server *httptest.Server
}

type simulator interface {
	http.Handler
	Requests() []simkit.Request
	ResetRequests()
}

// Names of the objects in the world.
const (
	CustomerName = "ACME Research"
	ProjectName  = "Climate models"
	ResourceName = "hpc-allocation-7"
	RoleName     = "Metrics writer"
)

// Start starts the simulators. Each system has what the demo needs, and an account that was created
// by hand.
func Start() *World {
	w := &World{}
	w.startWaldur()
	w.startWavefront()
	w.startInstaclustr()
	return w
}

func (w *World) start(name string, sim simulator) (url string) {
	server := httptest.NewServer(sim)
	w.systems = append(w.systems, system{name, sim, server})
	return server.URL
}

// startWaldur creates a customer with a project that uses a resource, a user of the project, and a
// user who manages the service accounts of both and provides the resource.
func (w *World) startWaldur() {
	sim := waldursim.New(waldursim.Options{})
	customer := sim.AddCustomer(waldursim.Customer{Name: CustomerName, Abbreviation: "ACME", MaxServiceAccounts: 5})
	project := sim.AddProject(waldursim.Project{Name: ProjectName, Customer: customer, MaxServiceAccounts: 5})
	sim.AddCustomerServiceAccount(waldursim.ServiceAccount{
		Scope: customer, Username: "svc-legacy", PreferredIdentifier: "legacy", Description: "Made by hand, years ago",
	})
	provider := sim.AddCustomer(waldursim.Customer{Name: "Nordic HPC", Abbreviation: "NHPC"})
	sim.AddResource(waldursim.Resource{
		Name: ResourceName, Project: project, Provider: provider, OfferingName: "Compute allocation",
	})
	ada, _ := sim.AddUser(waldursim.User{Username: "ada.kask", FullName: "Ada Kask", Email: "ada.kask@acme.example"})
	sim.Grant(ada, waldursim.ProjectMember, project)
	user, token := sim.AddUser(waldursim.User{Username: "terraform", FullName: "Terraform"})
	sim.Grant(user, waldursim.CustomerOwner, customer)
	sim.Grant(user, waldursim.ProjectManager, project)
	sim.Grant(user, waldursim.ProviderOwner, provider)

	w.Waldur = sim
	url := w.start("Waldur", sim)
	w.environment = append(w.environment, "WALDUR_API_URL="+url, "WALDUR_ACCESS_TOKEN="+token)
}

// startWavefront creates a role, and an account.
func (w *World) startWavefront() {
	sim := wavefrontsim.New(wavefrontsim.Options{})
	sim.AddRole(wavefrontsim.Role{Name: RoleName, Permissions: []string{"ingestion", "metrics_management"}})
	sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::legacy", Description: "Made by hand, years ago"})

	w.Wavefront = sim
	url := w.start("Wavefront", sim)
	w.environment = append(w.environment, "WAVEFRONT_ADDRESS="+url, "WAVEFRONT_TOKEN="+sim.Token())
}

// startInstaclustr creates a service user in the account of the Owner.
func (w *World) startInstaclustr() {
	sim := instaclustrsim.New(instaclustrsim.Options{})
	owner, key := sim.Owner()
	sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: "legacy", Email: "legacy@acme.example", DisplayName: "Made by hand, years ago",
		Role: instaclustrsim.ReadOnly, Administrators: []string{owner}, Keys: []string{instaclustrsim.Monitoring},
	})

	w.Instaclustr = sim
	url := w.start("Instaclustr", sim)
	w.environment = append(w.environment, "IC_API_URL="+url, "IC_USERNAME="+owner, "IC_API_KEY="+key)
}

// Close stops the simulators.
func (w *World) Close() {
	for _, s := range w.systems {
		s.server.Close()
	}
}

// Environment returns the settings of the provider for these simulators, as NAME=value.
func (w *World) Environment() []string { return w.environment }

// Traffic has the requests that one simulator received.
type Traffic struct {
	System   string
	Requests []simkit.Request
}

// Traffic returns the requests since the last ResetTraffic.
func (w *World) Traffic() []Traffic {
	var all []Traffic
	for _, s := range w.systems {
		all = append(all, Traffic{s.name, s.sim.Requests()})
	}
	return all
}

// ResetTraffic clears the requests so far.
func (w *World) ResetTraffic() {
	for _, s := range w.systems {
		s.sim.ResetRequests()
	}
}

// Probe returns a request that shows whether a key works in a system: the response to a revoked key
// is 401. Instaclustr needs the name of the key's user, and a key works from some addresses only:
// others get 403.
func (w *World) Probe(system, name, key, address string) *http.Request {
	path := map[string]string{
		"Waldur": "/account-service/whoami", "Wavefront": "/api/v2/account/serviceaccount",
		"Instaclustr": "/_emu/whoami?address=" + address,
	}[system]
	for _, s := range w.systems {
		if s.name != system {
			continue
		}
		req := httptest.NewRequest(http.MethodGet, s.server.URL+path, nil)
		req.RequestURI = "" // it is a client's
		req.Header.Set("Authorization", "Bearer "+key)
		if system == "Instaclustr" {
			req.SetBasicAuth(name, key)
		}
		return req
	}
	panic("world: no system " + system)
}
