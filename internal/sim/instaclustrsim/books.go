package instaclustrsim

import "github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"

// IssuedKeys returns every key that a service user ever had, oldest first. The name of a key is its
// type.
func (s *Sim) IssuedKeys() (keys []simkit.Key) {
	s.Lock()
	defer s.Unlock()
	for _, issued := range s.state.issued {
		if issued.human {
			continue
		}
		u, kind := s.state.open(issued.username, issued.secret)
		keys = append(keys, simkit.Key{
			Account: issued.username, Name: issued.kind, Secret: issued.secret, Alive: u != nil && kind == issued.kind,
		})
	}
	return keys
}

// Objects returns all service users with their keys not masked, and after each user its keys with
// their allow lists. The host does not matter: objects have no address.
func (s *Sim) Objects(string) (all []simkit.Stored) {
	s.Lock()
	defer s.Unlock()
	c := &call{Sim: s}
	for _, u := range s.state.serviceUsers("") {
		all = append(all, simkit.Stored{Kind: "service_user", Object: c.show(u, createView)})
		for _, kind := range u.keyTypes() {
			all = append(all, simkit.Stored{Kind: "api_key", Object: u.keyRecord(kind)})
		}
	}
	return all
}
