package wavefrontsim

import (
	"cmp"
	"slices"
	"strings"
)

// The methods below create and show objects past the API. Ids and tokens that are given are used as
// they are, so that a test can build a known set of objects again; empty ones are generated. Known
// ids and unknown references panic.

// Token returns the bearer token of AdminIdentifier, who may call everything that is served.
func (s *Sim) Token() string { return s.admin }

// AddRole returns the id of a new role.
func (s *Sim) AddRole(r Role) string {
	s.Lock()
	defer s.Unlock()
	r.ID, r.Permissions = cmp.Or(r.ID, s.UUID()), set(r.Permissions)
	mustNot("role", r.ID, s.store.knowsRole(r.ID))
	s.store.roles = append(s.store.roles, &r)
	s.seeded()
	return r.ID
}

// AddUserGroup returns the id of a new group. Names need not be unique.
func (s *Sim) AddUserGroup(g UserGroup) string {
	s.Lock()
	defer s.Unlock()
	mustKnow("role", g.Roles, s.store.knowsRole)
	g.ID, g.Roles = cmp.Or(g.ID, s.UUID()), set(g.Roles)
	mustNot("group", g.ID, s.store.knowsGroup(g.ID))
	s.store.groups = append(s.store.groups, &g)
	s.seeded()
	return g.ID
}

// SetDefaultUserGroups sets the groups that accounts created through the API join, besides the
// system group. The API has no call for it.
func (s *Sim) SetDefaultUserGroups(ids ...string) {
	s.Lock()
	defer s.Unlock()
	mustKnow("group", ids, s.store.knowsGroup)
	s.store.defaults = slices.Clone(ids)
}

// AddServiceAccount adds an account with its tokens. The system group is added, the organisation's
// default groups are not. The date of a token that has none is the present.
func (s *Sim) AddServiceAccount(a ServiceAccount) { s.AddServiceAccounts(a) }

// AddServiceAccounts is AddServiceAccount for many accounts at once.
func (s *Sim) AddServiceAccounts(accounts ...ServiceAccount) {
	s.Lock()
	defer s.Unlock()
	for _, a := range accounts {
		a.Identifier = strings.ToLower(a.Identifier)
		mustNot("account without "+prefix, a.Identifier, !strings.HasPrefix(a.Identifier, prefix))
		mustNot("account", a.Identifier, s.store.account(a.Identifier) != nil)
		mustKnow("role", a.Roles, s.store.knowsRole)
		mustKnow("group", a.UserGroups, s.store.knowsGroup)
		s.add(a)
	}
	s.seeded()
}

// add is for user accounts, too.
func (s *Sim) add(a ServiceAccount) *ServiceAccount {
	a.Permissions, a.Roles = set(a.Permissions), set(a.Roles)
	groups, tokens := a.UserGroups, a.Tokens
	a.UserGroups, a.Tokens = nil, nil
	s.setGroups(&a, groups)
	for _, t := range tokens {
		s.issue(&a, t)
	}
	s.store.add(&a)
	return &a
}

// AddToken returns a new token of a service account, which is the bearer value: the id if one is
// given. The limit holds here, too.
func (s *Sim) AddToken(identifier, name string, id ...string) string {
	s.Lock()
	defer s.Unlock()
	a := s.mustServiceAccount(identifier)
	mustNot("21st token of", identifier, len(a.Tokens) >= TokenLimit)
	defer s.seeded()
	return s.issue(a, Token{ID: strings.Join(id, ""), Name: name})
}

// Accounts returns all service accounts, in the order of their creation.
func (s *Sim) Accounts() []ServiceAccount {
	s.Lock()
	defer s.Unlock()
	return views(s.store.serviceAccounts(), func(a *ServiceAccount) ServiceAccount {
		shown := *a
		shown.Tokens = slices.Clone(a.Tokens)
		return shown
	})
}

// LiveTokens are the tokens of a service account that were not revoked, those of an inactive
// account included, though they do not work. An unknown account has none.
func (s *Sim) LiveTokens(identifier string) []Token {
	for _, a := range s.Accounts() {
		if a.Identifier == strings.ToLower(identifier) {
			return a.Tokens
		}
	}
	return nil
}

// TokenAlive reports whether the API accepts a token: it is not revoked, and its account is active.
// Permissions do not matter.
func (s *Sim) TokenAlive(id string) bool {
	s.Lock()
	defer s.Unlock()
	a, _ := s.store.owner(id)
	return a != nil && !a.Inactive
}

// Tokens are all tokens that service accounts ever had, the revoked ones included: what no log and
// no state may hold. Tokens of user accounts are not among them.
func (s *Sim) Tokens() []string {
	s.Lock()
	defer s.Unlock()
	var ids []string
	for _, t := range s.store.issued {
		ids = append(ids, t.id)
	}
	return ids
}

func mustKnow(what string, ids []string, known func(string) bool) {
	for _, id := range ids {
		if !known(id) {
			panic("wavefrontsim: no " + what + " " + id)
		}
	}
}

func mustNot(what, id string, wrong bool) {
	if wrong {
		panic("wavefrontsim: not possible: " + what + " " + id)
	}
}

func (s *Sim) mustServiceAccount(identifier string) *ServiceAccount {
	a := s.store.serviceAccount(strings.ToLower(identifier))
	if a == nil {
		panic("wavefrontsim: no service account " + identifier)
	}
	return a
}
