package instaclustrsim

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// The methods below create and show objects past the API. Ids and secrets that are given are used
// as they are, so that a test can build a known set of objects again; empty ones are generated.
// Names and ids that are taken panic.

// HumanUser is a user of the console.
type HumanUser struct {
	// Account is an id from AddAccount; empty is the first account.
	Account string
	// Username is unique among human and service users of all accounts.
	Username string
	// Email may be empty; else it is unique as the user name is.
	Email string
	// Role is Owner if empty.
	Role string
	// Key is the secret of the User Management key; generated if empty.
	Key string
}

// ServiceUser is a service user, as AddServiceUser takes it and ServiceUsers returns it.
type ServiceUser struct {
	// Account is an id from AddAccount; empty is the first account.
	Account  string
	Username string
	// Email is made from the user name if empty.
	Email string
	// DisplayName, if empty, is that of a create without a display name. A null display name is
	// returned as empty.
	DisplayName string
	// Role is ReadOnly if empty.
	Role string
	// Administrators is the first Owner of the account if nil.
	Administrators []string
	// Keys are the types of the keys, whether the role allows them or not.
	Keys []string
	// Secrets are secrets of Keys, by type; others are generated. They are not returned.
	Secrets map[string]string
}

// Owner returns the human user of a new Sim, with the User Management key of the start.
func (s *Sim) Owner() (username, key string) { return ownerName, s.owner }

// AddAccount adds an account without users and returns its id.
func (s *Sim) AddAccount(id ...string) string {
	s.Lock()
	defer s.Unlock()
	account := cmp.Or(strings.Join(id, ""), s.UUID())
	mustNot("account", account, slices.Contains(s.state.accounts, account))
	s.state.accounts = append(s.state.accounts, account)
	return account
}

// AddUser adds a human user with a User Management key, whatever the role, and returns the key.
// AddKey adds keys of other types.
func (s *Sim) AddUser(h HumanUser) (key string) {
	s.Lock()
	defer s.Unlock()
	h.Role = cmp.Or(h.Role, Owner)
	mustNot("role", h.Role, rank(h.Role) < 0 && h.Role != Billing)
	u := s.mustAdd(user{account: h.Account, username: h.Username, email: h.Email, role: h.Role})
	return s.state.issue(u, UserManagement, h.Key, openToAll)
}

// AddServiceUser adds a service user past the rules of the API, and returns its keys by type.
func (s *Sim) AddServiceUser(a ServiceUser) (keys map[string]string) {
	s.Lock()
	defer s.Unlock()
	a.Role, a.Email = cmp.Or(a.Role, ReadOnly), cmp.Or(a.Email, a.Username+"@service.example.com")
	mustNot("role", a.Role, rank(a.Role) < 0)
	for _, kind := range slices.Concat(a.Keys, slices.Collect(maps.Keys(a.Secrets))) {
		mustNot("key type", kind, !slices.Contains(keyTypes, kind) || !slices.Contains(a.Keys, kind))
	}
	u := s.mustAdd(user{service: true, account: a.Account, username: a.Username, email: a.Email, role: a.Role})
	if u.displayName = s.defaultDisplayName(u.username); a.DisplayName != "" {
		u.displayName = &a.DisplayName
	}
	if u.administrators = slices.Clone(a.Administrators); u.administrators == nil {
		u.administrators = s.firstOwner(u.account)
	}
	keys = map[string]string{}
	for _, kind := range a.Keys {
		keys[kind] = s.state.issue(u, kind, a.Secrets[kind], openToAll)
	}
	return keys
}

func (s *Sim) firstOwner(account string) []string {
	for _, u := range s.state.users {
		if u.account == account && !u.service && u.role == Owner {
			return []string{u.username}
		}
	}
	return []string{}
}

func (s *Sim) mustAdd(u user) *user {
	u.account, u.keys = cmp.Or(u.account, Account), map[string]*apiKey{}
	mustNot("account", u.account, !slices.Contains(s.state.accounts, u.account))
	mustNot("user", u.username, u.username == "" || s.state.find(u.username) != nil)
	mustNot("e-mail address", u.email, u.email != "" && s.state.emailTaken(u.email))
	s.state.add(&u)
	return &u
}

// ServiceUsers returns the service users of all accounts, by user name.
func (s *Sim) ServiceUsers() []ServiceUser {
	s.Lock()
	defer s.Unlock()
	return views(s.state.serviceUsers(""), func(u *user) ServiceUser {
		shown := ServiceUser{
			Account: u.account, Username: u.username, Email: u.email, Role: u.role,
			Administrators: slices.Clone(u.administrators), Keys: u.keyTypes(),
		}
		if u.displayName != nil {
			shown.DisplayName = *u.displayName
		}
		return shown
	})
}

// ServiceUser returns one service user, and whether it exists.
func (s *Sim) ServiceUser(username string) (ServiceUser, bool) {
	for _, u := range s.ServiceUsers() {
		if s.state.same(u.Username, username) {
			return u, true
		}
	}
	return ServiceUser{}, false
}

// KeyAlive reports whether a secret gives access to a user, whatever the key's type and allow list.
func (s *Sim) KeyAlive(username, secret string) bool {
	s.Lock()
	defer s.Unlock()
	u, _ := s.state.open(username, secret)
	return u != nil
}

// Secret returns the secret of a live key; empty if there is no key of the type. An unknown user
// panics.
func (s *Sim) Secret(username, keyType string) string {
	s.Lock()
	defer s.Unlock()
	if key := s.mustFind(username).keys[keyType]; key != nil {
		return key.secret
	}
	return ""
}

// AllowList returns the allow list of a live key; nil if there is no key of the type. An unknown
// user panics.
func (s *Sim) AllowList(username, keyType string) []string {
	s.Lock()
	defer s.Unlock()
	if key := s.mustFind(username).keys[keyType]; key != nil {
		return slices.Clone(key.allowList)
	}
	return nil
}

// Keys returns all secrets that were ever issued, revoked secrets and those of human users
// included, the oldest first.
func (s *Sim) Keys() []string {
	s.Lock()
	defer s.Unlock()
	return views(s.state.issued, func(k issuedKey) string { return k.secret })
}

func mustNot(what, name string, wrong bool) {
	if wrong {
		panic("instaclustrsim: not possible: " + what + " " + name)
	}
}

func (s *Sim) mustFind(username string) *user {
	u := s.state.find(username)
	if u == nil {
		panic("instaclustrsim: no user " + username)
	}
	return u
}
