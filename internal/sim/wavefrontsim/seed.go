package wavefrontsim

import (
	"slices"
	"strings"
)

// Role is a role to add.
type Role struct {
	Name, Description string
	Permissions       []string
}

// UserGroup is a group to add. Roles are ids.
type UserGroup struct {
	Name, Description string
	Roles             []string
}

// User is a user account to add. Roles and UserGroups are ids.
type User struct {
	Identifier                     string
	Permissions, Roles, UserGroups []string
}

// ServiceAccount is a service account to add. Roles and UserGroups are ids; the system group comes by itself, the
// organisation's default groups do not.
type ServiceAccount struct {
	Identifier, Description        string
	Inactive                       bool
	Permissions, Roles, UserGroups []string
}

// Token is the bearer token of AdminIdentifier, who may do everything that is served.
func (s *Sim) Token() string { return s.admin }

// AddRole returns the id of a new role.
func (s *Sim) AddRole(r Role) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	added := &role{
		id: newUUID(), name: r.Name, description: r.Description, permissions: set(r.Permissions), updated: s.options.Now(),
	}
	s.store.roles = append(s.store.roles, added)
	s.seeded()
	return added.id
}

// AddUserGroup returns the id of a new group. Names need not be unique. An unknown role panics.
func (s *Sim) AddUserGroup(g UserGroup) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustKnow("role", g.Roles, s.store.knowsRole)
	added := &group{
		id: newUUID(), name: g.Name, description: g.Description, roles: set(g.Roles), created: s.options.Now(),
	}
	s.store.groups = append(s.store.groups, added)
	s.seeded()
	return added.id
}

// SetDefaultUserGroups sets the groups that accounts created through the API join, besides the system group. The API
// has no call for it. An unknown group panics.
func (s *Sim) SetDefaultUserGroups(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustKnow("group", ids, s.store.knowsGroup)
	s.store.defaults = slices.Clone(ids)
}

// AddUser returns the bearer token of a new user account, which holds no permission but those named: without
// user_management the API refuses it. A known identifier or an unknown reference panics.
func (s *Sim) AddUser(u User) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.add(&account{identifier: u.Identifier, user: true, active: true}, u.Permissions, u.Roles, u.UserGroups)
	t := s.store.mint(a, "", "", s.options.Now())
	s.seeded()
	return t.id
}

// AddServiceAccount makes an account that is active unless Inactive. The identifier is lower-cased; one without sa::,
// a known one or an unknown reference panics.
func (s *Sim) AddServiceAccount(sa ServiceAccount) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := strings.ToLower(sa.Identifier)
	if !strings.HasPrefix(id, prefix) {
		panic("wavefrontsim: no service account: " + id)
	}
	a := &account{identifier: id, description: sa.Description, active: !sa.Inactive}
	s.add(a, sa.Permissions, sa.Roles, sa.UserGroups)
	s.seeded()
}

// AddToken returns a new token of a service account: its id, which is the bearer value. An account that holds
// user_management can manage accounts with it. The limit holds here too: one token too many panics.
func (s *Sim) AddToken(identifier, name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.mustServiceAccount(identifier)
	if len(a.tokens) >= TokenLimit {
		panic("wavefrontsim: too many tokens: " + identifier)
	}
	t := s.store.mint(a, "", name, s.options.Now())
	s.seeded()
	return t.id
}

func (s *Sim) add(a *account, permissions, roles, groups []string) *account {
	if s.store.account(a.identifier) != nil {
		panic("wavefrontsim: account exists: " + a.identifier)
	}
	s.mustKnow("role", roles, s.store.knowsRole)
	s.mustKnow("group", groups, s.store.knowsGroup)
	a.permissions, a.roles = set(permissions), set(roles)
	s.setGroups(a, groups)
	s.store.accounts = append(s.store.accounts, a)
	return a
}

func (s *Sim) mustKnow(what string, ids []string, known func(string) bool) {
	for _, id := range ids {
		if !known(id) {
			panic("wavefrontsim: no " + what + " " + id)
		}
	}
}

func (s *Sim) mustServiceAccount(identifier string) *account {
	a := s.store.serviceAccount(strings.ToLower(identifier))
	if a == nil {
		panic("wavefrontsim: no service account " + identifier)
	}
	return a
}
