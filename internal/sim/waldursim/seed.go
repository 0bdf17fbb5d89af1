package waldursim

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Unlimited is the limit of service accounts that the server writes as null.
const Unlimited = -1

// Customer is an organization. An empty UUID is a new one, as in all objects here, and an empty
// Slug comes from the name. MaxServiceAccounts is how many service accounts it may have: the
// server's default is 0. The account service gets Email at the create of an account that has none.
type Customer struct {
	UUID                           string
	Name, Abbreviation, NativeName string
	Slug, BackendID, Email         string
	MaxServiceAccounts             int
	Archived, Blocked              bool
}

// Project belongs to the customer with the UUID Customer. An EndDate, such as 2026-12-31, in the
// past refuses nothing.
type Project struct {
	UUID                     string
	Name, Customer           string
	Slug, BackendID, EndDate string
	MaxServiceAccounts       int
}

// Resource was ordered by a project from an offering of a provider, which is a customer. Project
// and Provider are UUIDs; an empty Provider is the project's own customer, an empty Offering a new
// UUID, an empty State OK.
type Resource struct {
	UUID                         string
	Name, Slug, BackendID, State string
	Project, Provider            string
	Offering, OfferingName       string
}

// User is a person. Staff sees and may do everything; Support sees everything. The tokens of an
// Inactive user get 401. An empty Token is a new one.
type User struct {
	UUID, Token               string
	Username, FullName, Email string
	NativeName                string
	Staff, Support, Inactive  bool
}

// ServiceAccount is a service account. Scope is the UUID of its customer or project. An empty
// Username is chosen by the account service. An empty State is OK or, with an ErrorMessage, Erred.
// Key is for AddCustomerServiceAccount and AddProjectServiceAccount: an empty Key is a new one. The
// server does not store it with the account.
type ServiceAccount struct {
	UUID, Key                            string
	Scope, Username, PreferredIdentifier string
	Description, Email                   string
	State, ErrorMessage, ErrorTraceback  string
}

// RobotAccount is a robot account. Resource, Users and ResponsibleUser are UUIDs; users need not
// belong to the resource. State is a label, empty is OK. An account with a BackendID is a copy from
// another Waldur.
type RobotAccount struct {
	UUID                                  string
	Resource, Type, Username, Description string
	Users                                 []string // a set, sorted
	ResponsibleUser                       string
	Keys                                  []string
	State                                 string
	ErrorMessage, BackendID               string
}

func (c *Customer) id() string { return c.UUID }
func (p *Project) id() string  { return p.UUID }
func (r *Resource) id() string { return r.UUID }
func (u *User) id() string     { return u.UUID }

// AddCustomer creates a customer and returns its UUID, as all Add methods do.
func (s *Sim) AddCustomer(c Customer) string {
	s.Lock()
	defer s.Unlock()
	c.UUID, c.Slug = s.uuidOr(c.UUID), slugOr(c.Slug, c.Name)
	s.customers.add(&c)
	return c.UUID
}

// AddProject creates a project. An unknown customer panics.
func (s *Sim) AddProject(p Project) string {
	s.Lock()
	defer s.Unlock()
	p.UUID, p.Slug = s.uuidOr(p.UUID), slugOr(p.Slug, p.Name)
	p.Customer = s.customers.must(p.Customer).UUID
	s.projects.add(&p)
	return p.UUID
}

// AddResource creates a resource. An unknown project or provider panics.
func (s *Sim) AddResource(r Resource) string {
	s.Lock()
	defer s.Unlock()
	r.UUID, r.Slug, r.Offering = s.uuidOr(r.UUID), slugOr(r.Slug, r.Name), s.uuidOr(r.Offering)
	project := s.projects.must(r.Project)
	r.Project = project.UUID
	if r.Provider == "" {
		r.Provider = project.Customer
	}
	r.Provider = s.customers.must(r.Provider).UUID
	if r.State == "" {
		r.State = stateOK
	}
	s.resources.add(&r)
	return r.UUID
}

// AddUser creates a user with a token of 40 hex digits, for the key word Token, that lives until
// ExpireToken.
func (s *Sim) AddUser(u User) (uuid, token string) {
	s.Lock()
	defer s.Unlock()
	u.UUID = s.uuidOr(u.UUID)
	if u.Token == "" {
		u.Token = s.RandomHex(40)
	}
	s.users.add(&u)
	s.credentials[u.Token] = &credential{user: &u}
	return u.UUID, u.Token
}

// SetLimit changes the limit of a customer or a project. Accounts above it stay.
func (s *Sim) SetLimit(scope string, limit int) {
	s.Lock()
	defer s.Unlock()
	if c, ok := s.customers.find(mustUUID(scope)); ok {
		c.MaxServiceAccounts = limit
		return
	}
	s.projects.must(scope).MaxServiceAccounts = limit
}

// Grant adds a role of a user on a customer or project. A role that does not fit the scope panics.
func (s *Sim) Grant(user string, role Role, scope string) {
	s.Lock()
	defer s.Unlock()
	if s.role(role).scope == "project" {
		scope = s.projects.must(scope).UUID
	} else {
		scope = s.customers.must(scope).UUID
	}
	s.grants = append(s.grants, grant{s.users.must(user).UUID, scope, role, s.now()})
}

// Revoke removes all roles on a customer or project from a user. If there are none, it panics.
// Robot accounts keep the user; see RemoveUserFromProject.
func (s *Sim) Revoke(user, scope string) {
	s.Lock()
	defer s.Unlock()
	s.revoke(s.users.must(user).UUID, mustUUID(scope))
}

func (s *Sim) revoke(user, scope string) {
	before := len(s.grants)
	s.grants = slices.DeleteFunc(s.grants, func(g grant) bool { return g.user == user && g.scope == scope })
	if len(s.grants) == before {
		panic("waldursim: there is no role to revoke")
	}
}

// parseUUID accepts a UUID with or without hyphens in any case and returns the form that the server
// stores and writes: 32 lowercase hex digits.
func parseUUID(text string) (string, bool) {
	bare := strings.ToLower(strings.ReplaceAll(text, "-", ""))
	_, err := hex.DecodeString(bare)
	return bare, err == nil && len(bare) == 32
}

func mustUUID(text string) string {
	uuid, ok := parseUUID(text)
	if !ok {
		panic(fmt.Sprintf("waldursim: %q is not a UUID", text))
	}
	return uuid
}

func (s *Sim) uuidOr(given string) string {
	if given == "" {
		return s.RandomHex(32)
	}
	return mustUUID(given)
}

// slugOr cuts at ten characters, as the server does.
func slugOr(slug, name string) string {
	if slug != "" {
		return slug
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	joined := strings.Join(words, "-")
	return joined[:min(len(joined), 10)]
}
