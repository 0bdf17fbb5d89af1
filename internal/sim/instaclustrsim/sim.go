// Package instaclustrsim is a stateful stand-in for the Service User Management API of NetApp Instaclustr. It shares no
// type with any client, so a wrong JSON name cannot cancel itself out here.
//
// It serves the eight documented operations, for the accounts and human users that the Add methods make; a new Sim has
// one account with an Owner. Requests and faults go by the operation names of the API document: listServiceUsers,
// createServiceUser, getServiceUser, updateServiceUser, generateServiceUserApiKey, revokeServiceUserApiKey,
// updateServiceUserApiKeyIpRestrictions, rotateServiceUserApiKey. What the documentation leaves open is in Options.
//
// It does not serve: deleting a service user, which does not exist; human users, organisations, SCIM and clusters. A key
// of a type other than User Management opens nothing here but the probe, GET /_emu/whoami.
package instaclustrsim

import (
	"crypto/rand"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// Sim is one service with its accounts. It is an http.Handler, and all its methods may be called while it serves.
type Sim struct {
	*simkit.Traffic
	options Options
	routes  []route

	mu      sync.Mutex
	state   state
	recent  []time.Time
	account string
	owner   string
}

// New returns a service with one account, whose only user is an Owner with a User Management key; Owner tells them.
func New(options Options) *Sim {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Random == nil {
		options.Random = rand.Reader
	}
	if options.CallerAddress == nil {
		options.CallerAddress = peer
	}
	s := &Sim{Traffic: simkit.NewTraffic(operationIDs()...), options: options, routes: served(options)}
	s.state = state{random: options.Random, foldNames: options.Usernames == UsernamesCaseInsensitive}
	s.account = s.AddAccount()
	s.owner = s.AddUser(HumanUser{Username: ownerName, Email: ownerName + "@example.com"})
	return s
}

// ServeHTTP answers one request. The probe is not recorded.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == probePath {
		s.serveProbe(w, r)
		return
	}
	found, params, allowed := s.find(r)
	s.Serve(w, r, found.id, func(body []byte) simkit.Answer {
		switch {
		case found.run != nil:
			c := &call{sim: s, request: r, operation: found.operation, params: params, body: body}
			return s.work(c)
		case len(allowed) == 0:
			return notFound()
		case r.Method == http.MethodDelete && s.options.DeleteUser == DeleteUserNotFound && isUserPath(r):
			return notFound()
		case r.Method == http.MethodGet && s.options.GetUser == GetUserNotFound && isUserPath(r):
			return notFound()
		}
		a := failure(http.StatusMethodNotAllowed, "Method Not Allowed")
		a.Header.Set("Allow", strings.Join(allowed, ", "))
		return a
	})
}

func (s *Sim) work(c *call) simkit.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, check := range checks {
		if refusal := check(c); refusal != nil {
			return *refusal
		}
	}
	return c.operation.run(c)
}

// throttled counts the request unless it is one too many.
func (s *Sim) throttled() bool {
	if s.options.RequestsPerMinute <= 0 {
		return false
	}
	now := s.options.Now()
	s.recent = slices.DeleteFunc(s.recent, func(at time.Time) bool { return now.Sub(at) >= time.Minute })
	if len(s.recent) >= s.options.RequestsPerMinute {
		return true
	}
	s.recent = append(s.recent, now)
	return false
}

func peer(r *http.Request) netip.Addr {
	address, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return address.Addr()
}
