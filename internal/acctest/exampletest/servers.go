// Package exampletest runs each file below examples/ with a real CLI and the provider as it ships. It starts
// simulators that have nothing but what an example says exists.
package exampletest

import (
	"net/http"
	"net/http/httptest"
	"regexp"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// Servers are simulators of the three systems.
type Servers struct {
	Waldur      *waldursim.Sim
	Wavefront   *wavefrontsim.Sim
	Instaclustr *instaclustrsim.Sim

	environment []string
	servers     []*httptest.Server
	user        string            // of Waldur, as whom the provider signs in
	made        map[string]string // the UUIDs of what was added to Waldur, by name
}

// ExistingKey is the key of each account that an example imports. It is no secret.
const ExistingKey = "key-of-an-account-that-exists-0123456789"

// Start starts simulators without any object but the credentials of the provider.
func Start() *Servers {
	s := &Servers{
		Waldur: waldursim.New(waldursim.Options{}), Wavefront: wavefrontsim.New(wavefrontsim.Options{}),
		Instaclustr: instaclustrsim.New(instaclustrsim.Options{}), made: map[string]string{},
	}
	serve := func(handler http.Handler) (url string) {
		server := httptest.NewServer(handler)
		s.servers = append(s.servers, server)
		return server.URL
	}
	user, token := s.Waldur.AddUser(waldursim.User{Username: "terraform"})
	owner, key := s.Instaclustr.Owner()
	s.user = user
	s.environment = []string{
		"WALDUR_API_URL=" + serve(s.Waldur), "WALDUR_ACCESS_TOKEN=" + token,
		"WAVEFRONT_ADDRESS=" + serve(s.Wavefront), "WAVEFRONT_TOKEN=" + s.Wavefront.Token(),
		"IC_API_URL=" + serve(s.Instaclustr), "IC_USERNAME=" + owner, "IC_API_KEY=" + key,
	}
	return s
}

// Close stops the simulators.
func (s *Servers) Close() {
	for _, server := range s.servers {
		server.Close()
	}
}

// Requests returns how many requests all simulators have received.
func (s *Servers) Requests() int {
	return len(s.Waldur.Requests()) + len(s.Wavefront.Requests()) + len(s.Instaclustr.Requests())
}

// Environment returns the settings of the provider for these simulators, as NAME=value.
func (s *Servers) Environment() []string { return s.environment }

// Add adds what a text says exists.
func (s *Servers) Add(text string) {
	existing := created.ReplaceAllString(text, "")
	for _, o := range objects {
		if o.named.MatchString(existing) {
			o.add(s)
		}
	}
	if person.MatchString(text) {
		s.Instaclustr.AddUser(instaclustrsim.HumanUser{Username: "a.smith", Role: instaclustrsim.ClusterAdmin})
	}
}

var (
	// created is a block of a managed resource: an apply creates the object, so that it does not exist before.
	created = regexp.MustCompile(`(?ms)^resource .*?^}\n`)
	// person is a human user of Instaclustr. No data source finds them: resources name them.
	person = regexp.MustCompile(`"a\.smith"`)
)

// object is an object that examples name, by its name or its id.
type object struct {
	named *regexp.Regexp
	add   func(*Servers)
}

// The ids of examples that find an object by its id.
const (
	customerID        = "7c1e0f4b92d84f5aa1c6e6f20b8d3a91"
	projectID         = "3f2b9a6d7c1e4850b4d2e8f60a9c7135"
	otherProjectID    = "9d4c7e2a5b8f4163a0e1f2c3b4d5a697"
	resourceID        = "b20d5c6e8fa14b7f9e31c7d84a60f2e5"
	customerAccountID = "0a6f3d9c41b74e85b2d7c8f1e95a604d"
	projectAccountID  = "5e8c1b7a9d304f62a1b8c3d4e5f60718"
	robotAccountID    = "64d2f8b1a0c34e97b58d1e3c7f92a6b0"
)

// objects are all objects that examples name, each after the objects that it belongs to.
var objects = []object{
	{regexp.MustCompile(`"ACME Research"|` + customerID), func(s *Servers) { s.customer() }},
	{regexp.MustCompile(`"Climate models"|` + projectID), func(s *Servers) { s.project() }},
	{regexp.MustCompile(otherProjectID), func(s *Servers) { s.addProject(otherProjectID, "Genomes") }},
	{regexp.MustCompile(`"hpc-allocation-7"|` + resourceID), func(s *Servers) { s.resource() }},
	{regexp.MustCompile(`"ada\.kask"`), func(s *Servers) { s.member("ada.kask") }},
	{regexp.MustCompile(`"bo\.tamm@acme\.example"`), func(s *Servers) { s.member("bo.tamm") }},
	{regexp.MustCompile(`svc-legacy`), func(s *Servers) {
		s.Waldur.AddCustomerServiceAccount(waldursim.ServiceAccount{Scope: s.customer(), Username: "svc-legacy"})
	}},
	{regexp.MustCompile(`svc-modelling`), func(s *Servers) {
		s.Waldur.AddProjectServiceAccount(waldursim.ServiceAccount{Scope: s.project(), Username: "svc-modelling"})
	}},
	{regexp.MustCompile(`svc-billing|` + customerAccountID), func(s *Servers) {
		s.Waldur.AddCustomerServiceAccount(waldursim.ServiceAccount{
			UUID: customerAccountID, Scope: s.customer(), Username: "svc-billing", PreferredIdentifier: "billing-bot",
			Key: ExistingKey,
		})
	}},
	{regexp.MustCompile(`svc-pipeline|` + projectAccountID), func(s *Servers) {
		s.Waldur.AddProjectServiceAccount(waldursim.ServiceAccount{
			UUID: projectAccountID, Scope: s.project(), Username: "svc-pipeline", PreferredIdentifier: "pipeline",
			Key: ExistingKey,
		})
	}},
	{regexp.MustCompile(`"bkup"`), func(s *Servers) {
		s.Waldur.AddRobotAccount(waldursim.RobotAccount{Resource: s.resource(), Type: "bkup"})
	}},
	{regexp.MustCompile(robotAccountID + "|" + resourceID + "/cicd"), func(s *Servers) {
		s.Waldur.AddRobotAccount(waldursim.RobotAccount{UUID: robotAccountID, Resource: s.resource(), Type: "cicd"})
	}},
	{regexp.MustCompile(`"Metrics writer"`), func(s *Servers) {
		s.Wavefront.AddRole(wavefrontsim.Role{Name: "Metrics writer", Permissions: []string{"ingestion"}})
	}},
	{regexp.MustCompile(`"CI"`), func(s *Servers) { s.Wavefront.AddUserGroup(wavefrontsim.UserGroup{Name: "CI"}) }},
	{regexp.MustCompile(`sa::legacy`), func(s *Servers) { s.account("sa::legacy") }},
	{regexp.MustCompile(`sa::ci\b`), func(s *Servers) { s.account("sa::ci") }},
	{regexp.MustCompile(`"deploy"|/deploy\b`), func(s *Servers) {
		for _, account := range s.Wavefront.Accounts() {
			s.Wavefront.AddToken(account.Identifier, "deploy")
		}
	}},
	{regexp.MustCompile(`"grafana_reader"`), func(s *Servers) {
		s.Instaclustr.AddServiceUser(instaclustrsim.ServiceUser{
			Username: "grafana_reader", Keys: []string{instaclustrsim.Monitoring},
		})
	}},
	{regexp.MustCompile(`ci_pipeline`), func(s *Servers) {
		s.Instaclustr.AddServiceUser(instaclustrsim.ServiceUser{
			Username: "ci_pipeline", Email: "ci-pipeline@example.com", Role: instaclustrsim.ClusterAdmin,
			Keys:    []string{instaclustrsim.Provisioning},
			Secrets: map[string]string{instaclustrsim.Provisioning: ExistingKey},
		})
	}},
}

// once adds an object to Waldur, unless it was added, and returns its UUID.
func (s *Servers) once(name string, add func() string) string {
	if s.made[name] == "" {
		s.made[name] = add()
	}
	return s.made[name]
}

func (s *Servers) customer() string {
	return s.once("customer", func() string {
		customer := s.Waldur.AddCustomer(waldursim.Customer{
			UUID: customerID, Name: "ACME Research", MaxServiceAccounts: waldursim.Unlimited,
		})
		s.Waldur.Grant(s.user, waldursim.CustomerOwner, customer)
		return customer
	})
}

func (s *Servers) project() string {
	return s.once("project", func() string { return s.addProject(projectID, "Climate models") })
}

func (s *Servers) addProject(uuid, name string) string {
	s.Waldur.AddProject(waldursim.Project{
		UUID: uuid, Name: name, Customer: s.customer(), MaxServiceAccounts: waldursim.Unlimited,
	})
	s.Waldur.Grant(s.user, waldursim.ProjectManager, uuid)
	return uuid
}

func (s *Servers) resource() string {
	return s.once("resource", func() string {
		provider := s.Waldur.AddCustomer(waldursim.Customer{Name: "Nordic HPC"})
		s.Waldur.Grant(s.user, waldursim.ProviderOwner, provider)
		return s.Waldur.AddResource(waldursim.Resource{
			UUID: resourceID, Name: "hpc-allocation-7", Project: s.project(), Provider: provider,
		})
	})
}

// member adds a user: somebody whom the token does not see, since they share no project, can't be found.
func (s *Servers) member(username string) {
	user, _ := s.Waldur.AddUser(waldursim.User{Username: username, Email: username + "@acme.example"})
	s.Waldur.Grant(user, waldursim.ProjectMember, s.project())
}

func (s *Servers) account(identifier string) {
	s.Wavefront.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: identifier})
}
