package wavefrontsim

import "slices"

// The methods below make changes that other clients may make. They panic on unknown ids. Searches
// see a change after the lag.

// RemoveServiceAccount deletes an account and its tokens.
func (s *Sim) RemoveServiceAccount(identifier string) {
	s.drift(identifier, func(a *ServiceAccount) { s.store.remove(a.Identifier) })
}

// SetActive activates or deactivates an account.
func (s *Sim) SetActive(identifier string, active bool) {
	s.drift(identifier, func(a *ServiceAccount) { a.Inactive = !active })
}

// SetDescription sets the description; "" unsets it.
func (s *Sim) SetDescription(identifier, description string) {
	s.drift(identifier, func(a *ServiceAccount) { a.Description = description })
}

// SetPermissions sets the direct permissions. Unknown names are accepted.
func (s *Sim) SetPermissions(identifier string, permissions ...string) {
	s.drift(identifier, func(a *ServiceAccount) { a.Permissions = set(permissions) })
}

// SetRoles sets the direct roles, by id.
func (s *Sim) SetRoles(identifier string, ids ...string) {
	s.drift(identifier, func(a *ServiceAccount) {
		mustKnow("role", ids, s.store.knowsRole)
		a.Roles = set(ids)
	})
}

// SetUserGroups sets the groups, by id. The system group stays in any case.
func (s *Sim) SetUserGroups(identifier string, ids ...string) {
	s.drift(identifier, func(a *ServiceAccount) {
		mustKnow("group", ids, s.store.knowsGroup)
		s.setGroups(a, ids)
	})
}

// RenameToken renames a token of any service account.
func (s *Sim) RenameToken(id, name string) {
	s.driftToken(id, func(a *ServiceAccount) { a.token(id).Name = name })
}

// RemoveToken revokes a token of any service account.
func (s *Sim) RemoveToken(id string) {
	s.driftToken(id, func(a *ServiceAccount) { a.revoke(id) })
}

// RemoveUserGroup deletes a group and takes it from all accounts and from the organisation's
// defaults. A system group panics.
func (s *Sim) RemoveUserGroup(id string) {
	s.Lock()
	defer s.Unlock()
	mustKnow("group", []string{id}, func(id string) bool { return s.store.knowsGroup(id) && !s.store.group(id).system })
	s.store.groups = slices.DeleteFunc(s.store.groups, func(g *UserGroup) bool { return g.ID == id })
	s.store.defaults = without(s.store.defaults, id)
	for _, a := range s.store.accounts {
		s.store.setGroups(a, without(a.UserGroups, id))
	}
	s.changed()
}

func (s *Sim) drift(identifier string, change func(*ServiceAccount)) {
	s.Lock()
	defer s.Unlock()
	change(s.mustServiceAccount(identifier))
	s.changed()
}

func (s *Sim) driftToken(id string, change func(*ServiceAccount)) {
	s.Lock()
	defer s.Unlock()
	a, _ := s.store.owner(id)
	if a == nil || a.user {
		panic("wavefrontsim: no such token of a service account") // without the secret
	}
	change(a)
	s.changed()
}
