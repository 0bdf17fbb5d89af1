package instaclustrsim

import (
	"slices"
	"strings"
)

// The methods below make changes that other people may make in the console. Unknown users and
// missing keys panic.

// AddKey adds a key to a human or service user, open to all, whether the role allows the type or
// not, and returns its secret, which is generated unless it is given. A type that is not known or
// that the user has panics.
func (s *Sim) AddKey(username, keyType string, given ...string) (secret string) {
	s.Lock()
	defer s.Unlock()
	u := s.mustFind(username)
	mustNot("key", username+"/"+keyType, u.keys[keyType] != nil || !slices.Contains(keyTypes, keyType))
	return s.state.issue(u, keyType, strings.Join(given, ""), openToAll)
}

// RotateKey does what the operation does and returns the new secret.
func (s *Sim) RotateKey(username, keyType string) (secret string) {
	s.Lock()
	defer s.Unlock()
	u := s.mustKey(username, keyType)
	return s.rotateKey(u, keyType)
}

// RevokeKey revokes a key.
func (s *Sim) RevokeKey(username, keyType string) {
	s.Lock()
	defer s.Unlock()
	delete(s.mustKey(username, keyType).keys, keyType)
}

// SetAllowList restricts a key, of a human user too. The prefixes are not checked.
func (s *Sim) SetAllowList(username, keyType string, prefixes ...string) {
	s.Lock()
	defer s.Unlock()
	s.mustKey(username, keyType).keys[keyType].allowList = slices.Clone(prefixes)
}

// SetDisplayName changes the display name of a service user.
func (s *Sim) SetDisplayName(username, name string) {
	s.Lock()
	defer s.Unlock()
	s.mustService(username).displayName = &name
}

// SetAdministrators changes the administrators of a service user; the names are not checked.
func (s *Sim) SetAdministrators(username string, names ...string) {
	s.Lock()
	defer s.Unlock()
	s.mustService(username).administrators = append([]string{}, names...)
}

// RemoveServiceUser removes a service user with its keys, as the vendor's support might. User name
// and e-mail address are free again.
func (s *Sim) RemoveServiceUser(username string) {
	s.Lock()
	defer s.Unlock()
	s.state.remove(s.mustService(username))
}

func (s *Sim) mustService(username string) *user {
	u := s.mustFind(username)
	mustNot("service user", username, !u.service)
	return u
}

func (s *Sim) mustKey(username, keyType string) *user {
	u := s.mustFind(username)
	mustNot("no key", username+"/"+keyType, u.keys[keyType] == nil)
	return u
}
