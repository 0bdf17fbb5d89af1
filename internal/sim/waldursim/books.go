package waldursim

import (
	"net/http"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// IssuedKeys returns every key that the account service ever issued, oldest first. Accounts are
// usernames. Keys of BackendMock open nothing, and are not among them.
func (s *Sim) IssuedKeys() []simkit.Key {
	s.Lock()
	defer s.Unlock()
	keys := make([]simkit.Key, len(s.service.keys))
	for i, k := range s.service.keys {
		keys[i] = simkit.Key{Account: k.username, Secret: k.key, Alive: s.service.opens(k)}
	}
	return keys
}

// Objects returns all objects as a member of staff reads them, closed accounts too. A service
// account has its key, which no read has. Host is what the addresses of objects begin with.
func (s *Sim) Objects(host string) (all []simkit.Stored) {
	s.Lock()
	defer s.Unlock()
	c := &call{Sim: s, request: &http.Request{Host: host}, user: &User{Staff: true}}
	for _, customer := range s.customers.rows {
		all = append(all, simkit.Stored{Kind: "customer", Object: customerRow(c, customer)})
	}
	for _, p := range s.projects.rows {
		all = append(all, simkit.Stored{Kind: "project", Object: projectRow(c, p)})
	}
	for _, r := range s.resources.rows {
		all = append(all, simkit.Stored{Kind: "resource", Object: resourceRow(c, r)})
	}
	for _, u := range s.users.rows {
		all = append(all, simkit.Stored{Kind: "user", Object: c.userRow(u)})
	}
	issued := s.liveSecrets()
	for _, a := range s.serviceAccounts.rows {
		all = append(all, simkit.Stored{
			Kind: a.kind.scope + "_service_account", Object: a.kind.render(c, a, issued[a.Username]),
		})
	}
	robots := newRobotEndpoint(s.options.OldRobotAccounts)
	for _, a := range s.robotAccounts.rows {
		all = append(all, simkit.Stored{Kind: "robot_account", Object: robots.details(c, a)})
	}
	return all
}

// liveSecrets returns the newest key that works, by username.
func (s *Sim) liveSecrets() map[string]secret {
	issued := map[string]secret{}
	for _, k := range s.service.live() {
		issued[k.username] = k.secret()
	}
	return issued
}
