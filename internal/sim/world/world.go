// Package world starts the simulators on loopback, with a little world in them, for the demo and for trying
// configurations by hand.
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
	name    string
	traffic *simkit.Traffic
	server  *httptest.Server
}

// Names of what is in the world.
const (
	CustomerName = "ACME Research"
	ProjectName  = "Climate models"
	ResourceName = "hpc-allocation-7"
	RoleName     = "Metrics writer"
)

// Start starts the simulators. Each system has what the demo needs, and an account that was made by hand.
func Start() *World {
	w := &World{}
	w.startWaldur()
	w.startWavefront()
	w.startInstaclustr()
	return w
}

func (w *World) start(name string, traffic *simkit.Traffic, handler http.Handler) (url string) {
	server := httptest.NewServer(handler)
	w.systems = append(w.systems, system{name, traffic, server})
	return server.URL
}

// startWaldur makes a customer with a project that uses a resource, a user of the project, and a user who manages service accounts and
// provides the resource.
func (w *World) startWaldur() {
	sim := waldursim.New(waldursim.Options{})
	customer := sim.AddCustomer(waldursim.Customer{Name: CustomerName, Abbreviation: "ACME", MaxServiceAccounts: waldursim.LimitOf(5)})
	project := sim.AddProject(waldursim.Project{Name: ProjectName, Customer: customer, MaxServiceAccounts: waldursim.LimitOf(5)})
	sim.AddCustomerServiceAccount(waldursim.ServiceAccount{
		Scope: customer, Username: "svc-legacy", PreferredIdentifier: "legacy", Description: "Made by hand, years ago",
	})
	provider := sim.AddCustomer(waldursim.Customer{Name: "Nordic HPC", Abbreviation: "NHPC"})
	sim.AddResource(waldursim.Resource{Name: ResourceName, State: "OK", Project: project, Provider: provider, OfferingName: "Compute allocation"})
	ada, _ := sim.AddUser(waldursim.User{Username: "ada.kask", FullName: "Ada Kask", Email: "ada.kask@acme.example"})
	sim.Grant(ada, waldursim.ProjectMember, project)
	user, token := sim.AddUser(waldursim.User{Username: "terraform", FullName: "Terraform"})
	sim.Grant(user, waldursim.CustomerOwner, customer)
	sim.Grant(user, waldursim.ProviderOwner, provider)

	w.Waldur = sim
	url := w.start("Waldur", sim.Traffic, sim)
	w.environment = append(w.environment, "WALDUR_API_URL="+url, "WALDUR_ACCESS_TOKEN="+token)
}

// startWavefront makes a role, and a person who manages accounts.
func (w *World) startWavefront() {
	sim := wavefrontsim.New(wavefrontsim.Options{})
	sim.AddRole(wavefrontsim.Role{Name: RoleName, Permissions: []string{"ingestion", "metrics_management"}})
	sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::legacy", Description: "Made by hand, years ago"})

	w.Wavefront = sim
	url := w.start("Wavefront", &sim.Traffic, sim)
	w.environment = append(w.environment, "WAVEFRONT_ADDRESS="+url, "WAVEFRONT_TOKEN="+sim.Token())
}

// startInstaclustr makes an Owner of an account.
func (w *World) startInstaclustr() {
	sim := instaclustrsim.New(instaclustrsim.Options{})
	owner, key := sim.Owner()
	sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: "legacy", Email: "legacy@acme.example", DisplayName: "Made by hand, years ago", Role: instaclustrsim.ReadOnly,
		Administrators: []string{owner}, Keys: []string{instaclustrsim.Monitoring},
	})

	w.Instaclustr = sim
	url := w.start("Instaclustr", &sim.Traffic, sim)
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

// Traffic is what reached one simulator.
type Traffic struct {
	System   string
	Requests []simkit.Request
}

// Traffic returns the requests since the last ResetTraffic.
func (w *World) Traffic() []Traffic {
	var all []Traffic
	for _, s := range w.systems {
		all = append(all, Traffic{s.name, s.traffic.Requests()})
	}
	return all
}

// ResetTraffic forgets the requests so far.
func (w *World) ResetTraffic() {
	for _, s := range w.systems {
		s.traffic.ResetRequests()
	}
}

// Probe returns a request that tells whether a system takes a key: the answer to a dead one is 401. The name is that of the key's user, for
// Instaclustr, where a key works from some addresses only: those of others get 403.
func (w *World) Probe(system, name, key, address string) *http.Request {
	path := map[string]string{
		"Waldur": "/account-service/whoami", "Wavefront": "/api/v2/account/serviceaccount", "Instaclustr": "/_emu/whoami?address=" + address,
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
