package wavefrontsim

import "github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"

// IssuedKeys returns every token that a service account ever had, oldest first. A token that was
// revoked has the name that it had at the start.
func (s *Sim) IssuedKeys() (keys []simkit.Key) {
	s.Lock()
	defer s.Unlock()
	for _, issued := range s.store.issued {
		key := simkit.Key{Account: issued.account, Name: issued.name, Secret: issued.id}
		if a, t := s.store.owner(issued.id); a != nil && a.Identifier == issued.account {
			key.Name, key.Alive = t.Name, !a.Inactive
		}
		keys = append(keys, key)
	}
	return keys
}

// Objects returns all roles, groups and service accounts as reads return them. The host does not
// matter: objects have no address.
func (s *Sim) Objects(string) (all []simkit.Stored) {
	s.Lock()
	defer s.Unlock()
	for _, r := range s.store.roles {
		all = append(all, simkit.Stored{Kind: "role", Object: roleView(r)})
	}
	for _, g := range s.store.groups {
		all = append(all, simkit.Stored{Kind: "user_group", Object: s.groupView(g)})
	}
	for _, a := range s.store.serviceAccounts() {
		all = append(all, simkit.Stored{Kind: "service_account", Object: s.serviceAccountView(a)})
	}
	return all
}
