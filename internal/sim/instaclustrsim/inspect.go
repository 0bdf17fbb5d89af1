package instaclustrsim

import "slices"

// ServiceUsers returns the service users of all accounts, by user name.
func (s *Sim) ServiceUsers() []ServiceUser {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []ServiceUser
	for _, u := range s.state.serviceUsers("") {
		shown := ServiceUser{
			Account: u.account, Username: u.username, Email: u.email, Role: u.role,
			Administrators: slices.Clone(u.administrators), Keys: u.keyTypes(),
		}
		if u.displayName != nil {
			shown.DisplayName = *u.displayName
		}
		found = append(found, shown)
	}
	return found
}

// ServiceUser returns one of them, and whether it is there.
func (s *Sim) ServiceUser(username string) (ServiceUser, bool) {
	for _, u := range s.ServiceUsers() {
		if s.state.same(u.Username, username) {
			return u, true
		}
	}
	return ServiceUser{}, false
}

// KeyAlive tells whether a secret opens a user, whatever the key's type and allow list.
func (s *Sim) KeyAlive(username, secret string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, _ := s.state.open(username, secret)
	return u != nil
}

// Secret returns the secret of a live key; empty if there is none of the type. An unknown user panics.
func (s *Sim) Secret(username, keyType string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key := s.mustFind(username).keys[keyType]; key != nil {
		return key.secret
	}
	return ""
}

// AllowList returns the allow list of a live key; nil if there is none of the type. An unknown user panics.
func (s *Sim) AllowList(username, keyType string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key := s.mustFind(username).keys[keyType]; key != nil {
		return slices.Clone(key.allowList)
	}
	return nil
}

// Keys returns every secret ever made, dead ones and those of human users included, the oldest first.
func (s *Sim) Keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.state.minted)
}
