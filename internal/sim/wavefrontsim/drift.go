package wavefrontsim

import "slices"

// The methods below change what others may change behind a client. All panic on an id that is not known. Searches
// learn of a change after the lag.

// RemoveServiceAccount deletes an account and its tokens.
func (s *Sim) RemoveServiceAccount(identifier string) {
	s.drift(identifier, func(a *account) { s.store.remove(a.identifier) })
}

// SetActive activates or deactivates an account.
func (s *Sim) SetActive(identifier string, active bool) {
	s.drift(identifier, func(a *account) { a.active = active })
}

// SetDescription sets the description; "" unsets it.
func (s *Sim) SetDescription(identifier, description string) {
	s.drift(identifier, func(a *account) { a.description = description })
}

// SetPermissions sets the direct permissions. Any name is taken, unknown ones too.
func (s *Sim) SetPermissions(identifier string, permissions ...string) {
	s.drift(identifier, func(a *account) { a.permissions = set(permissions) })
}

// SetRoles sets the direct roles, by id.
func (s *Sim) SetRoles(identifier string, ids ...string) {
	s.drift(identifier, func(a *account) {
		s.mustKnow("role", ids, s.store.knowsRole)
		a.roles = set(ids)
	})
}

// SetUserGroups sets the groups, by id. The system group stays in any case.
func (s *Sim) SetUserGroups(identifier string, ids ...string) {
	s.drift(identifier, func(a *account) {
		s.mustKnow("group", ids, s.store.knowsGroup)
		s.setGroups(a, ids)
	})
}

// RenameToken renames a token of whichever service account has it.
func (s *Sim) RenameToken(id, name string) {
	s.driftToken(id, func(_ *account, t *token) { t.name = name })
}

// RemoveToken revokes a token of whichever service account has it.
func (s *Sim) RemoveToken(id string) {
	s.driftToken(id, func(a *account, t *token) {
		a.tokens = slices.DeleteFunc(a.tokens, func(other *token) bool { return other == t })
	})
}

// SetRolePermissions sets the permissions of a role.
func (s *Sim) SetRolePermissions(id string, permissions ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustKnow("role", []string{id}, s.store.knowsRole)
	r := s.store.role(id)
	r.permissions, r.updated = set(permissions), s.options.Now()
	s.changed()
}

// RemoveRole deletes a role and takes it from all accounts and groups.
func (s *Sim) RemoveRole(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustKnow("role", []string{id}, s.store.knowsRole)
	s.store.roles = slices.DeleteFunc(s.store.roles, func(r *role) bool { return r.id == id })
	for _, a := range s.store.accounts {
		a.roles = without(a.roles, []string{id})
	}
	for _, g := range s.store.groups {
		g.roles = without(g.roles, []string{id})
	}
	s.changed()
}

// RemoveUserGroup deletes a group and takes it from all accounts and from the organisation's defaults. A system group
// panics.
func (s *Sim) RemoveUserGroup(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustKnow("group", []string{id}, func(id string) bool { return s.store.knowsGroup(id) && !s.store.group(id).system })
	s.store.groups = slices.DeleteFunc(s.store.groups, func(g *group) bool { return g.id == id })
	s.store.defaults = without(s.store.defaults, []string{id})
	for _, a := range s.store.accounts {
		a.groups = without(a.groups, []string{id})
	}
	s.changed()
}

func (s *Sim) drift(identifier string, change func(*account)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.mustServiceAccount(identifier))
	s.changed()
}

func (s *Sim) driftToken(id string, change func(*account, *token)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, t := s.store.owner(id)
	if a == nil || a.user {
		panic("wavefrontsim: no such token of a service account") // without the secret
	}
	change(a, t)
	s.changed()
}
