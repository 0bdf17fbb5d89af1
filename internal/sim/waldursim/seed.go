package waldursim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limit is the number of service accounts that a customer or a project may have.
// The zero value is 0, the server's default: no account can be created.
type Limit struct {
	n         int
	unlimited bool
}

// Unlimited is the limit that the server writes as null.
var Unlimited = Limit{unlimited: true}

// LimitOf is a limit of n accounts.
func LimitOf(n int) Limit { return Limit{n: n} }

func (l Limit) reached(n int) bool { return !l.unlimited && n >= l.n }

func (l Limit) wire() any {
	if l.unlimited {
		return nil
	}
	return l.n
}

// Customer is an organization. An empty Slug is made from the name.
type Customer struct {
	Name, Abbreviation, NativeName string
	Slug, BackendID, Email         string
	MaxServiceAccounts             Limit
	Archived, Blocked              bool
}

// Project belongs to the customer with the UUID Customer. An empty Slug is made
// from the name; an EndDate, as 2026-12-31, in the past refuses nothing.
type Project struct {
	Name, Customer           string
	Slug, BackendID, EndDate string
	MaxServiceAccounts       Limit
}

// Resource was ordered by a project from an offering of a provider, which is a
// customer. Project and Provider are UUIDs; an empty Provider is the project's
// own customer, an empty Offering a new UUID, an empty State OK.
type Resource struct {
	Name, Slug, BackendID, State string
	Project, Provider            string
	Offering, OfferingName       string
}

// User is a person. Staff sees and may do everything; Support sees everything. An
// Inactive user's tokens get 401.
type User struct {
	Username, FullName, Email string
	Staff, Support, Inactive  bool
}

// ServiceAccount is an account that was made outside Terraform. Scope is the UUID
// of its customer or project. An empty Username is chosen by the account service.
// A text in Erred is the error message of an account in that state.
type ServiceAccount struct {
	Scope, Username, PreferredIdentifier string
	Description, Email, Erred            string
}

// AddCustomer makes a customer and returns its UUID, as all Add methods do.
func (s *Sim) AddCustomer(c Customer) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Slug = slugOr(c.Slug, c.Name)
	row := &customerRow{uuid: newUUID(), created: s.stamp(), Customer: c}
	s.store.customers.add(row.uuid, row)
	return row.uuid
}

// AddProject makes a project. An unknown customer panics.
func (s *Sim) AddProject(p Project) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Customer = s.mustLook(customerAccounts, p.Customer)
	p.Slug = slugOr(p.Slug, p.Name)
	row := &projectRow{uuid: newUUID(), created: s.stamp(), Project: p}
	s.store.projects.add(row.uuid, row)
	return row.uuid
}

// AddResource makes a resource. An unknown project or provider panics.
func (s *Sim) AddResource(r Resource) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Project = s.mustLook(projectAccounts, r.Project)
	if r.Provider == "" {
		r.Provider = s.store.projects.get(r.Project).Customer
	}
	r.Provider = s.mustLook(customerAccounts, r.Provider)
	if r.Offering == "" {
		r.Offering = newUUID()
	}
	r.Offering = mustUUID(r.Offering)
	if r.State == "" {
		r.State = stateOK
	}
	r.Slug = slugOr(r.Slug, r.Name)
	row := &resourceRow{uuid: newUUID(), created: s.stamp(), Resource: r}
	s.store.resources.add(row.uuid, row)
	return row.uuid
}

// AddUser makes a user with a token of 40 hex digits, for the key word Token,
// that lives until ExpireToken.
func (s *Sim) AddUser(u User) (uuid, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := &userRow{uuid: newUUID(), User: u}
	s.store.users.add(row.uuid, row)
	token = randomHex(40)
	s.store.credentials[token] = &credential{user: row.uuid}
	return row.uuid, token
}

// AddPersonalAccessToken gives a user a token of the form w_<unix expiry>_<random>,
// for the key word Bearer, that lives for a year of the server's clock.
func (s *Sim) AddPersonalAccessToken(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	expiry := s.options.Now().Add(365 * 24 * time.Hour).Unix()
	token := "w_" + strconv.FormatInt(expiry, 10) + "_" + randomHex(40)
	s.store.credentials[token] = &credential{user: s.mustUser(user), personal: true}
	return token
}

// ExpireToken ends a token of either kind. An unknown one panics.
func (s *Sim) ExpireToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.store.credentials[token]
	if !ok {
		panic("waldursim: no such token")
	}
	known.expired = true
}

// Grant gives a user a role on a customer or project. A role that does not fit
// the scope panics.
func (s *Sim) Grant(user string, role Role, scope string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := customerAccounts
	switch {
	case role.ofProject():
		kind = projectAccounts
	case role != CustomerOwner && role != CustomerReader && role != ProviderOwner:
		panic("waldursim: no role " + string(role))
	}
	g := grant{user: s.mustUser(user), scope: s.mustLook(kind, scope), role: role}
	s.store.grants = append(s.store.grants, g)
}

// Revoke takes all roles on a customer or project from a user. If there are none,
// it panics. Robot accounts keep the user; see RemoveUserFromProject.
func (s *Sim) Revoke(user, scope string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoke(s.mustUser(user), mustUUID(scope))
}

func (s *Sim) revoke(user, scope string) {
	before := len(s.store.grants)
	s.store.grants = slices.DeleteFunc(s.store.grants, func(g grant) bool {
		return g.user == user && g.scope == scope
	})
	if len(s.store.grants) == before {
		panic("waldursim: there is no role to revoke")
	}
}

// AddCustomerServiceAccount makes an account with a live key, whatever the limit
// and the mode.
func (s *Sim) AddCustomerServiceAccount(a ServiceAccount) (uuid, key string) {
	return s.addServiceAccount(customerAccounts, a)
}

// AddProjectServiceAccount makes an account with a live key, whatever the limit
// and the mode.
func (s *Sim) AddProjectServiceAccount(a ServiceAccount) (uuid, key string) {
	return s.addServiceAccount(projectAccounts, a)
}

func (s *Sim) addServiceAccount(k *accountKind, seed ServiceAccount) (uuid, key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	scope := s.mustLook(k, seed.Scope)
	if seed.Username == "" {
		seed.Username = s.service.name(seed.PreferredIdentifier, "")
	}
	if _, taken := s.service.accounts[seed.Username]; taken {
		panic("waldursim: the account service has an account " + seed.Username)
	}
	s.service.accounts[seed.Username] = &serviceAccount{
		username: seed.Username, email: seed.Email, description: seed.Description,
	}
	a := s.newAccount(k, scope)
	a.username, a.preferredIdentifier = seed.Username, seed.PreferredIdentifier
	a.description, a.email = seed.Description, seed.Email
	if seed.Erred != "" {
		a.state, a.errorMessage, a.errorTraceback = stateErred, seed.Erred, traceback
	}
	key, _ = s.service.mint(seed.Username).token.(string)
	return a.uuid, key
}

func (s *Sim) mustLook(k *accountKind, uuid string) string {
	bare := mustUUID(uuid)
	if _, ok := k.look(s, bare); !ok {
		panic(fmt.Sprintf("waldursim: no %s %s", k.scope, uuid))
	}
	return bare
}

func (s *Sim) mustUser(uuid string) string {
	bare := mustUUID(uuid)
	if s.store.users.get(bare) == nil {
		panic("waldursim: no user " + uuid)
	}
	return bare
}

func mustUUID(text string) string {
	uuid, ok := parseUUID(text)
	if !ok {
		panic(fmt.Sprintf("waldursim: %q is not a UUID", text))
	}
	return uuid
}

// slugOr cuts at ten characters, as the server does.
func slugOr(slug, name string) string {
	if slug != "" {
		return slug
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	made := strings.Join(words, "-")
	return made[:min(len(made), 10)]
}
