// Package wavefrontsim is a stateful stand-in for the part of the Wavefront API (also sold as Tanzu Observability and
// as Aria Operations for Applications) that keeps service accounts and their API tokens. It imports no client, so a
// mistake in a client's types cannot cancel itself out here.
//
// It serves service accounts, the generic view of accounts with its sub-actions, the tokens of service accounts and,
// for looking things up, roles and user groups: lists, single reads and searches. It does not serve users as such,
// writes of roles and groups, facet searches, the tenant-wide token list, ingestion policies and VMware Cloud logins:
// tests make what they need of these with the Add and Set methods.
//
// No live service is known against which this could be held. Where the API document says that a behaviour is assumed,
// Options has a switch for the other one; row numbers in comments are those of its emulator contract.
package wavefrontsim

import (
	"net/http"
	"sync"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

const (
	// Customer is the id of the one tenant.
	Customer = "acme-observe"
	// AdminIdentifier is the user account of the start state. It holds user_management.
	AdminIdentifier = "admin@acme.example"
	// EveryoneID is the system group of user accounts, and of service accounts with LegacyEveryone.
	EveryoneID = "6b1f0c52-7e7b-4d0e-9a55-0d7a5b6c1e00"
	// ServiceAccountsID is the system group that every service account is in.
	ServiceAccountsID = "6b1f0c52-7e7b-4d0e-9a55-0d7a5b6c1e01"
	// TokenLimit is how many tokens a service account can have at a time.
	TokenLimit = 20
)

// Sim is one tenant. It is an http.Handler, and all its methods may be called while it serves.
type Sim struct {
	*simkit.Traffic
	options Options
	routes  []route

	mu    sync.Mutex
	store store
	index index
	admin string // the token of the start state
}

// New returns a tenant with the system groups and one user account.
func New(options Options) *Sim {
	if options.Now == nil {
		options.Now = time.Now
	}
	s := &Sim{options: options, routes: routes()}
	ids := make([]string, 0, len(s.routes))
	for _, r := range s.routes {
		ids = append(ids, r.operation)
	}
	s.Traffic = simkit.NewTraffic(ids...)
	s.store.groups = []*group{
		{id: EveryoneID, name: "Everyone", description: "System group: all user accounts", system: true},
		{id: ServiceAccountsID, name: "Service Accounts", description: "System group: all service accounts", system: true},
	}
	for _, g := range s.store.groups {
		g.created = options.Now()
	}
	s.admin = s.AddUser(User{Identifier: AdminIdentifier, Permissions: []string{permissionAccounts}})
	return s
}

// call is one request on its way through the server.
type call struct {
	*Sim
	request *http.Request
	body    []byte
	// parameters are the values of the path, percent-decoded.
	parameters map[string]string
}

// ServeHTTP answers one request. A path that is not served never reaches the application: it gets the front server's
// page, with or without a token.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, parameters, status := s.find(r)
	s.Serve(w, r, found.operation, func(body []byte) simkit.Answer {
		if status != http.StatusOK {
			return page(status)
		}
		return s.work(&call{Sim: s, request: r, body: body, parameters: parameters}, found)
	})
}

// work runs one operation. Nothing is changed by a call that is refused, but for lastUsed of the caller.
func (s *Sim) work(c *call, found route) simkit.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := c.authorize(); p != nil {
		return p.answer()
	}
	a, p := found.run(c)
	if p != nil {
		return p.answer()
	}
	if found.writes {
		s.changed()
	}
	return a
}
