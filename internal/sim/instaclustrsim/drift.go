package instaclustrsim

import "slices"

// What happens outside of the API, in the console. An unknown user, or a key that is not there, panics.

// AddKey makes a key for a human or service user, open to all, whether the role allows the type or not, and returns its
// secret. A key that exists panics.
func (s *Sim) AddKey(username, keyType string) (secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	mustType(keyType)
	u := s.mustFind(username)
	if u.keys[keyType] != nil {
		panic("instaclustrsim: " + username + " has a key " + keyType)
	}
	return s.state.mint(u, keyType, openToAll).secret
}

// RotateKey does what the operation does and returns the new secret.
func (s *Sim) RotateKey(username, keyType string) (secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, _ := s.mustKey(username, keyType)
	return s.rotate(u, keyType).secret
}

// RevokeKey ends a key.
func (s *Sim) RevokeKey(username, keyType string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, _ := s.mustKey(username, keyType)
	delete(u.keys, keyType)
}

// SetAllowList restricts a key, of a human user too. The prefixes are not checked.
func (s *Sim) SetAllowList(username, keyType string, prefixes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, key := s.mustKey(username, keyType)
	key.allowList = slices.Clone(prefixes)
}

// SetRole changes the role of a human or service user. Of the latter, keys that the role does not allow end under
// onDowngrade=revoke and are kept otherwise, under refuse too.
func (s *Sim) SetRole(username, role string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.mustFind(username)
	if rank(role) < 0 && (u.service || role != Billing) {
		panic("instaclustrsim: no role " + role)
	}
	if !u.service {
		u.role = role
		return
	}
	s.changeRole(u, role)
}

// SetDisplayName changes the display name of a service user.
func (s *Sim) SetDisplayName(username, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustService(username).displayName = &name
}

// SetAdministrators changes the administrators of a service user; the names are not checked.
func (s *Sim) SetAdministrators(username string, names ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustService(username).administrators = append([]string{}, names...)
}

// RemoveServiceUser makes a service user vanish with its keys, as the vendor's support might. User name and e-mail
// address are free again.
func (s *Sim) RemoveServiceUser(username string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(s.mustService(username))
}

// RemoveHuman takes a human user off the account, and from the administrators of its service users.
func (s *Sim) RemoveHuman(username string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	gone := s.mustFind(username)
	if gone.service {
		panic("instaclustrsim: no human user " + username)
	}
	s.remove(gone)
	for _, u := range s.state.users {
		u.administrators = slices.DeleteFunc(u.administrators, func(name string) bool {
			return s.state.same(name, username)
		})
	}
}

func (s *Sim) remove(gone *user) {
	s.state.users = slices.DeleteFunc(s.state.users, func(u *user) bool { return u == gone })
}

func (s *Sim) mustFind(username string) *user {
	u := s.state.find(username)
	if u == nil {
		panic("instaclustrsim: no user " + username)
	}
	return u
}

func (s *Sim) mustService(username string) *user {
	u := s.mustFind(username)
	if !u.service {
		panic("instaclustrsim: no service user " + username)
	}
	return u
}

func (s *Sim) mustKey(username, keyType string) (*user, *apiKey) {
	u := s.mustFind(username)
	key := u.keys[keyType]
	if key == nil {
		panic("instaclustrsim: " + username + " has no key " + keyType)
	}
	return u, key
}
