package acctest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// Waldur is the server that a test runs against, with a customer and a project for its accounts.
type Waldur struct {
	Server
	Customer string // UUID
	Project  string // UUID
	Resource string // UUID of a resource that the project uses
	Ada      string // UUID of a member of the project

	Sim  *waldursim.Sim // nil for a real server
	User string         // UUID of the token's user, "" for a real server
	Bo   string         // UUID of another one

	Provider string // UUID of the customer that provides the resource, "" for a real server
}

// NewWaldur returns a simulator of its own for one test, or the real server that the environment
// names. The user of a simulator owns the customer, manages the project, has no limit of accounts that
// a test reaches, and provides the resource.
func NewWaldur(t *testing.T, options waldursim.Options) *Waldur {
	t.Helper()
	server := liveServer("waldur", os.Getenv)
	w := &Waldur{Server: server}
	if server.Real {
		w.Customer, w.Project = os.Getenv(customerVariable), os.Getenv(projectVariable)
		w.Resource, w.Ada = os.Getenv(resourceVariable), os.Getenv(userVariable)
		return w
	}
	options.Now = w.Clock.Now
	w.Sim = waldursim.New(options)
	w.Customer = w.Sim.AddCustomer(waldursim.Customer{Name: "ACME Research", Abbreviation: "ACME",
		MaxServiceAccounts: waldursim.Unlimited})
	w.Project = w.Sim.AddProject(waldursim.Project{Name: "Climate models", Customer: w.Customer,
		MaxServiceAccounts: waldursim.Unlimited})
	w.User, w.Settings["token"] = w.Sim.AddUser(waldursim.User{Username: "terraform", FullName: "Terraform"})
	w.RegainRoles()
	w.addRobotPlace()

	listening := httptest.NewServer(waldurContract(t, w.Sim))
	t.Cleanup(listening.Close)
	w.Settings["endpoint"] = listening.URL
	return w
}

// waldurContract is UnderContract for all requests but one. A robot account's state as a filter is a
// number; the provider sends a label to learn from the refusal that the server has states.
func waldurContract(t *testing.T, sim http.Handler) http.Handler {
	t.Helper()
	checked := UnderContract(t, "waldur", sim)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/marketplace-robot-accounts/" && r.URL.Query().Get("state") == "OK" {
			sim.ServeHTTP(w, r)
			return
		}
		checked.ServeHTTP(w, r)
	})
}

// addRobotPlace creates the objects that robot accounts need: a resource that somebody provides,
// and people who use it.
func (w *Waldur) addRobotPlace() {
	w.Provider = w.Sim.AddCustomer(waldursim.Customer{Name: "Nordic HPC", Abbreviation: "NHPC"})
	w.Sim.Grant(w.User, waldursim.ProviderOwner, w.Provider)
	w.Resource = w.Sim.AddResource(waldursim.Resource{
		Name: "hpc-allocation-7", State: "OK", Project: w.Project, Provider: w.Provider,
		OfferingName: "Compute allocation",
	})
	w.Ada, _ = w.Sim.AddUser(waldursim.User{Username: "ada.kask", FullName: "Ada Kask", Email: "ada.kask@acme.example"})
	w.Bo, _ = w.Sim.AddUser(waldursim.User{Username: "bo.tamm", FullName: "Bo Tamm", Email: "bo.tamm@acme.example"})
	w.Sim.Grant(w.Ada, waldursim.ProjectMember, w.Project)
	w.Sim.Grant(w.Bo, waldursim.ProjectMember, w.Project)
}

// LeaveProject removes the role on the project from the token's user, who still owns the customer:
// the user creates accounts of the project and does not see them.
func (w *Waldur) LeaveProject() { w.Sim.Revoke(w.User, w.Project) }

// LoseRoles removes the roles on the customer and the project from the token's user.
func (w *Waldur) LoseRoles() {
	w.Sim.Revoke(w.User, w.Customer)
	w.Sim.Revoke(w.User, w.Project)
}

// RegainRoles gives the roles to the token's user that LoseRoles removes.
func (w *Waldur) RegainRoles() {
	w.Sim.Grant(w.User, waldursim.CustomerOwner, w.Customer)
	w.Sim.Grant(w.User, waldursim.ProjectManager, w.Project)
}
