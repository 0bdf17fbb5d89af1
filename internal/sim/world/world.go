// Package world starts the simulators on loopback, with some objects in them, for the demo, for
// measurements and for trying configurations by hand.
package world

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// Settings say how a world starts. The zero value is the world of the demo.
type Settings struct {
	// Where the servers listen, as host:port on loopback. Empty is a free port.
	WaldurAddress, WavefrontAddress, InstaclustrAddress string

	Waldur      waldursim.Options
	Wavefront   wavefrontsim.Options
	Instaclustr instaclustrsim.Options

	// Latency delays each response.
	Latency time.Duration
	// Accounts is how many accounts of each kind exist besides the few of the demo.
	Accounts int
	// MaxServiceAccounts is the limit of the customer and of its project. Zero is 5.
	MaxServiceAccounts int
	// Brief leaves headers and bodies out of the record of requests.
	Brief bool
}

// World is the running simulators.
type World struct {
	Waldur      *waldursim.Sim
	Wavefront   *wavefrontsim.Sim
	Instaclustr *instaclustrsim.Sim

	settings    Settings
	systems     []*System
	environment []string
	ids         []string
}

// System is one simulator and its server.
type System struct {
	Simulator
	// Name is Waldur, Wavefront or Instaclustr.
	Name string
	// URL is the address of the server.
	URL string

	server *http.Server
}

// Simulator is what all simulators can do.
type Simulator interface {
	http.Handler
	Requests() []simkit.Request
	ResetRequests()
	InjectWhere(matches func(simkit.Request) bool, fault simkit.Fault) error
	ClearFaults()
	SetLatency(latency time.Duration)
	RecordBriefly()
	Advance(d time.Duration)
	IssuedKeys() []simkit.Key
	Objects(host string) []simkit.Stored
}

// Names of the objects in the world.
const (
	CustomerName = "ACME Research"
	ProjectName  = "Climate models"
	ResourceName = "hpc-allocation-7"
	RoleName     = "Metrics writer"
)

// Start starts the world of the demo. Each system has what the demo needs, and an account that was
// created by hand.
func Start() *World {
	w, err := New(Settings{})
	if err != nil {
		panic(err) // there is no free port
	}
	return w
}

// New starts a world. An address that is not on loopback, or that is taken, is an error. The ids of
// all objects are the same in each world with the same settings; keys and tokens are not.
func New(settings Settings) (*World, error) {
	w := &World{settings: settings}
	for _, start := range []func() error{w.startWaldur, w.startWavefront, w.startInstaclustr} {
		if err := start(); err != nil {
			w.Close()
			return nil, err
		}
	}
	return w, nil
}

// CheckAddress returns an error for an address that is not host:port on loopback. Empty is a free
// port.
func CheckAddress(address string) error {
	if address == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%q is not of the form host:port", address)
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return fmt.Errorf("%q is not on loopback, as 127.0.0.1:8080 and localhost:8080 are", address)
	}
	return nil
}

// Listen listens on an address that CheckAddress accepts.
func Listen(address string) (net.Listener, error) {
	if err := CheckAddress(address); err != nil {
		return nil, err
	}
	return net.Listen("tcp", cmp.Or(address, "127.0.0.1:0"))
}

// start serves a simulator and returns its URL.
func (w *World) start(name string, sim Simulator, address string) (url string, err error) {
	listener, err := Listen(address)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	sim.SetLatency(w.settings.Latency)
	if w.settings.Brief {
		sim.RecordBriefly()
	}
	s := &System{sim, name, "http://" + listener.Addr().String(), &http.Server{Handler: sim}}
	w.systems = append(w.systems, s)
	go func() { _ = s.server.Serve(listener) }() // until Close
	return s.URL, nil
}

// startWaldur creates a customer with a project that uses a resource, a user of the project, and a
// user who manages the service accounts of both and provides the resource.
func (w *World) startWaldur() error {
	sim, limit := waldursim.New(w.settings.Waldur), cmp.Or(w.settings.MaxServiceAccounts, 5)
	customer := sim.AddCustomer(waldursim.Customer{
		UUID: id(CustomerName), Name: CustomerName, Abbreviation: "ACME", MaxServiceAccounts: limit,
	})
	project := sim.AddProject(waldursim.Project{
		UUID: id(ProjectName), Name: ProjectName, Customer: customer, MaxServiceAccounts: limit,
	})
	if !w.settings.Waldur.NoServiceAccounts {
		sim.AddCustomerServiceAccount(waldursim.ServiceAccount{
			UUID: id("svc-legacy"), Scope: customer, Username: "svc-legacy", PreferredIdentifier: "legacy",
			Description: "Made by hand, years ago",
		})
	}
	provider := sim.AddCustomer(waldursim.Customer{UUID: id("Nordic HPC"), Name: "Nordic HPC", Abbreviation: "NHPC"})
	resource := sim.AddResource(waldursim.Resource{
		UUID: id(ResourceName), Name: ResourceName, Project: project, Provider: provider,
		Offering: id(offeringName), OfferingName: offeringName,
	})
	ada, _ := sim.AddUser(waldursim.User{
		UUID: id("ada.kask"), Username: "ada.kask", FullName: "Ada Kask", Email: "ada.kask@acme.example",
	})
	sim.Grant(ada, waldursim.ProjectMember, project)
	user, token := sim.AddUser(waldursim.User{UUID: id("terraform"), Username: "terraform", FullName: "Terraform"})
	sim.Grant(user, waldursim.CustomerOwner, customer)
	sim.Grant(user, waldursim.ProjectManager, project)
	sim.Grant(user, waldursim.ProviderOwner, provider)
	w.Waldur = sim
	w.addWaldurAccounts(customer, project, provider)

	url, err := w.start("Waldur", sim, w.settings.WaldurAddress)
	w.environment = append(w.environment, "WALDUR_API_URL="+url, "WALDUR_ACCESS_TOKEN="+token)
	w.ids = append(w.ids, "WALDUR_CUSTOMER_UUID="+customer, "WALDUR_PROJECT_UUID="+project,
		"WALDUR_RESOURCE_UUID="+resource, "WALDUR_USER_UUID="+ada)
	return err
}

// startWavefront creates a role, and an account.
func (w *World) startWavefront() error {
	sim := wavefrontsim.New(w.settings.Wavefront)
	role := sim.AddRole(wavefrontsim.Role{
		ID: hyphened(id(RoleName)), Name: RoleName, Permissions: []string{"ingestion", "metrics_management"},
	})
	sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::legacy", Description: "Made by hand, years ago"})
	w.Wavefront = sim
	w.addWavefrontAccounts()

	url, err := w.start("Wavefront", sim, w.settings.WavefrontAddress)
	w.environment = append(w.environment, "WAVEFRONT_ADDRESS="+url, "WAVEFRONT_TOKEN="+sim.Token())
	w.ids = append(w.ids, "WAVEFRONT_ROLE_ID="+role)
	return err
}

// startInstaclustr creates a service user in the account of the Owner.
func (w *World) startInstaclustr() error {
	sim := instaclustrsim.New(w.settings.Instaclustr)
	owner, key := sim.Owner()
	sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: "legacy", Email: "legacy@acme.example", DisplayName: "Made by hand, years ago",
		Role: instaclustrsim.ReadOnly, Administrators: []string{owner}, Keys: []string{instaclustrsim.Monitoring},
	})
	w.Instaclustr = sim
	w.addInstaclustrUsers(owner)

	url, err := w.start("Instaclustr", sim, w.settings.InstaclustrAddress)
	w.environment = append(w.environment, "IC_API_URL="+url, "IC_USERNAME="+owner, "IC_API_KEY="+key)
	return err
}

// Close stops the simulators, and ends the requests that they serve.
func (w *World) Close() {
	for _, s := range w.systems {
		_ = s.server.Close()
	}
}

// Environment returns the settings of the provider for these simulators, as NAME=value.
func (w *World) Environment() []string { return w.environment }

// IDs returns the ids of the objects in the world, as NAME=value.
func (w *World) IDs() []string { return w.ids }

// Systems returns the simulators.
func (w *World) Systems() []*System { return w.systems }

// Traffic has the requests that one simulator received.
type Traffic struct {
	System   string
	Requests []simkit.Request
}

// Traffic returns the requests since the last ResetTraffic.
func (w *World) Traffic() []Traffic {
	var all []Traffic
	for _, s := range w.systems {
		all = append(all, Traffic{s.Name, s.Requests()})
	}
	return all
}

// ResetTraffic clears the requests so far.
func (w *World) ResetTraffic() {
	for _, s := range w.systems {
		s.ResetRequests()
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
		if s.Name != system {
			continue
		}
		req := httptest.NewRequest(http.MethodGet, s.URL+path, nil)
		req.RequestURI = "" // it is a client's
		req.Header.Set("Authorization", "Bearer "+key)
		if system == "Instaclustr" {
			req.SetBasicAuth(name, key)
		}
		return req
	}
	panic("world: no system " + system)
}
