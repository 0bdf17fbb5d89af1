package instaclustrsim

import "slices"

// ownerName is the human user of a new Sim.
const ownerName = "j.doe"

// HumanUser is somebody who signs in to the console, as AddUser takes it.
type HumanUser struct {
	// Account is an id from AddAccount; empty is the first account.
	Account string
	// Username is unique among human and service users of all accounts.
	Username string
	// Email may be empty; else it is unique as the user name is.
	Email string
	// Role is Owner if empty.
	Role string
}

// ServiceUser is a service user, as AddServiceUser takes it and ServiceUsers returns it.
type ServiceUser struct {
	// Account is an id from AddAccount; empty is the first account.
	Account  string
	Username string
	// Email is made from the user name if empty.
	Email string
	// DisplayName is as a create without one would have it if empty. A null display name is returned as empty.
	DisplayName string
	// Role is ReadOnly if empty.
	Role string
	// Administrators is the first Owner of the account if nil.
	Administrators []string
	// Keys are the types of the keys, whether the role allows them or not.
	Keys []string
}

// Account is the id of the account of a new Sim.
func (s *Sim) Account() string { return s.account }

// Owner is the user of a new Sim, with the User Management key it began with.
func (s *Sim) Owner() (username, key string) { return ownerName, s.owner }

// AddAccount makes an account without users and returns its id.
func (s *Sim) AddAccount() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.state.uuid()
	s.state.accounts = append(s.state.accounts, id)
	return id
}

// AddUser makes a human user, whatever the role, with a User Management key, and returns the key. AddKey gives keys of
// other types.
func (s *Sim) AddUser(h HumanUser) (key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h.Role == "" {
		h.Role = Owner
	}
	if rank(h.Role) < 0 && h.Role != Billing {
		panic("instaclustrsim: no role " + h.Role)
	}
	u := s.mustAdd(user{account: h.Account, username: h.Username, email: h.Email, role: h.Role})
	return s.state.mint(u, UserManagement, openToAll).secret
}

// AddServiceUser makes a service user past the rules of the API, and returns its keys by type.
func (s *Sim) AddServiceUser(a ServiceUser) (keys map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.Role == "" {
		a.Role = ReadOnly
	}
	if rank(a.Role) < 0 {
		panic("instaclustrsim: no role " + a.Role)
	}
	for _, kind := range a.Keys {
		mustType(kind)
	}
	if a.Email == "" {
		a.Email = a.Username + "@service.example.com"
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
		keys[kind] = s.state.mint(u, kind, openToAll).secret
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
	if u.account == "" {
		u.account = s.state.accounts[0]
	}
	switch {
	case !slices.Contains(s.state.accounts, u.account):
		panic("instaclustrsim: no account " + u.account)
	case u.username == "" || s.state.find(u.username) != nil:
		panic("instaclustrsim: no name, or a taken one: " + u.username)
	case u.email != "" && s.state.emailTaken(u.email):
		panic("instaclustrsim: a taken e-mail address: " + u.email)
	}
	u.keys = map[string]*apiKey{}
	s.state.users = append(s.state.users, &u)
	return &u
}

func mustType(kind string) {
	if !slices.Contains(keyTypes, kind) {
		panic("instaclustrsim: no key type " + kind)
	}
}
