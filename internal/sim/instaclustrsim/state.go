package instaclustrsim

import (
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Roles. A service user has none of Billing.
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
	// keyTypes in the order of the keys in an answer.
	keyTypes = []string{Monitoring, Provisioning, ProvisioningReadOnly, UserManagement}
	// allowable types in the order of allowedApiKeyTypes in an answer.
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

// rank orders roles; one that no service user can have is below all of them.
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

// forbiddenTypes are those of the user's keys that a role does not allow.
func (u *user) forbiddenTypes(role string) []string {
	return slices.DeleteFunc(u.keyTypes(), func(kind string) bool {
		return slices.Contains(allowedTypes(role), kind)
	})
}

// keyTypes are the types of the user's keys, in the order of answers.
func (u *user) keyTypes() []string {
	return slices.DeleteFunc(slices.Clone(keyTypes), func(kind string) bool { return u.keys[kind] == nil })
}

// state is what the service remembers. The lock of the Sim guards it.
type state struct {
	random    io.Reader
	foldNames bool
	accounts  []string
	users     []*user
	minted    []string
}

func (s *state) same(a, b string) bool {
	if s.foldNames {
		return strings.EqualFold(a, b)
	}
	return a == b
}

// find gives a human or service user of any account: names are unique across all of them.
func (s *state) find(username string) *user {
	for _, u := range s.users {
		if s.same(u.username, username) {
			return u
		}
	}
	return nil
}

func (s *state) emailTaken(email string) bool {
	return slices.ContainsFunc(s.users, func(u *user) bool { return strings.EqualFold(u.email, email) })
}

// serviceUsers of an account, or of all accounts if that is empty, by user name.
func (s *state) serviceUsers(account string) []*user {
	found := slices.DeleteFunc(slices.Clone(s.users), func(u *user) bool {
		return !u.service || account != "" && u.account != account
	})
	slices.SortFunc(found, func(a, b *user) int { return strings.Compare(a.username, b.username) })
	return found
}

// open gives the user and the type of the key that a credential belongs to, or nil.
func (s *state) open(username, secret string) (*user, string) {
	u := s.find(username)
	if u == nil {
		return nil, ""
	}
	for kind, key := range u.keys {
		if key.secret == secret {
			return u, kind
		}
	}
	return nil, ""
}

// mint makes a key, or a new secret for one.
func (s *state) mint(u *user, kind string, allowList ...string) *apiKey {
	key := &apiKey{secret: hex.EncodeToString(s.bytes()), allowList: allowList}
	s.minted = append(s.minted, key.secret)
	u.keys[kind] = key
	return key
}

func (s *state) uuid() string {
	b := s.bytes()
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func (s *state) bytes() []byte {
	b := make([]byte, 16)
	if _, err := io.ReadFull(s.random, b); err != nil {
		panic("instaclustrsim: " + err.Error())
	}
	return b
}
