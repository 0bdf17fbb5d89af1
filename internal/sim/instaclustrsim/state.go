package instaclustrsim

import (
	"cmp"
	"slices"
	"strings"
)

// Roles. Service users do not have Billing.
const (
	ReadOnly     = "READ_ONLY"
	ClusterAdmin = "CLUSTER_ADMIN"
	Owner        = "OWNER"
	Billing      = "BILLING"
)

// Key types (API document 2).
const (
	Monitoring           = "MONITORING"
	Provisioning         = "PROVISIONING"
	ProvisioningReadOnly = "PROVISIONING_READONLY"
	UserManagement       = "USER_MANAGEMENT"
)

var (
	// roles of service users, the weakest first.
	roles = []string{ReadOnly, ClusterAdmin, Owner}
	// keyTypes in the order of the keys in a response.
	keyTypes = []string{Monitoring, Provisioning, ProvisioningReadOnly, UserManagement}
	// allowable types in the order of allowedApiKeyTypes in a response.
	allowable        = []string{Monitoring, ProvisioningReadOnly, Provisioning, UserManagement}
	typeDisplayNames = map[string]string{
		Monitoring:           "Monitoring",
		Provisioning:         "Provisioning",
		ProvisioningReadOnly: "Read Only Provisioning",
		UserManagement:       "User Management",
	}
)

// openToAll is the allow list of a new key.
const openToAll = "0.0.0.0/0"

// rank orders roles; a role that no service user can have is below all of them.
func rank(role string) int { return slices.Index(roles, role) }

func allowedTypes(role string) []string {
	if role == ReadOnly {
		return allowable[:2]
	}
	return allowable
}

// user is a human or a service user. A human has neither display name nor administrators.
type user struct {
	service        bool
	account        string
	username       string
	email          string
	role           string
	displayName    *string
	administrators []string
	keys           map[string]*apiKey // by type
}

type apiKey struct {
	secret    string
	allowList []string
}

// forbiddenTypes are the types of the user's keys that a role does not allow.
func (u *user) forbiddenTypes(role string) []string {
	return slices.DeleteFunc(u.keyTypes(), func(kind string) bool {
		return slices.Contains(allowedTypes(role), kind)
	})
}

// keyTypes are the types of the user's keys, in the order of responses.
func (u *user) keyTypes() []string {
	return slices.DeleteFunc(slices.Clone(keyTypes), func(kind string) bool { return u.keys[kind] == nil })
}

// state is what the service stores. The lock of the Sim guards it.
type state struct {
	foldNames bool
	hex       func(digits int) string // random
	accounts  []string
	users     []*user
	byName    map[string]*user // by the folded user name
	byEmail   map[string]*user // by the e-mail address in lower case; without empty addresses
	issued    []issuedKey
}

// issuedKey is a secret that a human or service user had.
type issuedKey struct {
	secret, username, kind string
	human                  bool
}

func newState(foldNames bool) state {
	return state{foldNames: foldNames, byName: map[string]*user{}, byEmail: map[string]*user{}}
}

// fold is the form in which user names are compared.
func (s *state) fold(username string) string {
	if s.foldNames {
		return strings.ToLower(username)
	}
	return username
}

func (s *state) add(u *user) {
	s.users = append(s.users, u)
	s.byName[s.fold(u.username)] = u
	if u.email != "" {
		s.byEmail[strings.ToLower(u.email)] = u
	}
}

func (s *state) remove(gone *user) {
	s.users = slices.DeleteFunc(s.users, func(u *user) bool { return u == gone })
	delete(s.byName, s.fold(gone.username))
	delete(s.byEmail, strings.ToLower(gone.email))
}

func (s *state) same(a, b string) bool {
	return s.fold(a) == s.fold(b)
}

// find returns a human or service user of any account, since names are unique across all accounts,
// or nil.
func (s *state) find(username string) *user {
	return s.byName[s.fold(username)]
}

func (s *state) emailTaken(email string) bool {
	return s.byEmail[strings.ToLower(email)] != nil
}

// serviceUsers returns the service users of an account, or of all accounts if the account is empty,
// by user name.
func (s *state) serviceUsers(account string) []*user {
	found := slices.DeleteFunc(slices.Clone(s.users), func(u *user) bool {
		return !u.service || account != "" && u.account != account
	})
	slices.SortFunc(found, func(a, b *user) int { return strings.Compare(a.username, b.username) })
	return found
}

// open returns the user and the type of the key that a credential belongs to, or nil.
func (s *state) open(username, secret string) (*user, string) {
	if u := s.find(username); u != nil {
		for kind, key := range u.keys {
			if key.secret == secret {
				return u, kind
			}
		}
	}
	return nil, ""
}

// issue creates a key, or a new secret for a key, and returns the secret. An empty secret is generated.
func (s *state) issue(u *user, kind, secret string, allowList ...string) string {
	secret = cmp.Or(secret, s.hex(32))
	s.issued = append(s.issued, issuedKey{secret, u.username, kind, !u.service})
	u.keys[kind] = &apiKey{secret, allowList}
	return secret
}
