package wavefrontsim

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"time"
)

const (
	permissionAccounts = "user_management"
	permissionTokens   = "token_management"
)

// knownPermissions are all names that a vendor document has. The vendor's lists differ.
var knownPermissions = []string{
	"agent_management", "alerts_management", "application_management", "batch_query_priority", "dashboard_management",
	"derived_metrics_management", "embedded_charts", "events_management", "external_links_management",
	"host_tag_management", "ingestion", "log_management", "metrics_management",
	"monitored_application_service_management", "saml_sso_management", permissionTokens, permissionAccounts,
}

type token struct {
	id, name            string
	generated, lastUsed time.Time
}

// account is a service account or, with user set, a user.
type account struct {
	identifier, description    string
	user, active               bool
	permissions, roles, groups []string
	tokens                     []*token
	lastUsed                   time.Time
}

type role struct {
	id, name, description string
	permissions           []string
	updated               time.Time
}

type group struct {
	id, name, description string
	system                bool
	roles                 []string
	created               time.Time
}

// store is what the tenant holds, everything in the order of its making.
type store struct {
	accounts []*account
	roles    []*role
	groups   []*group
	// defaults are the groups that a new service account joins besides the system group.
	defaults []string
	// minted are all tokens that service accounts ever had.
	minted []string
}

// first gives nil when nothing fits.
func first[T any](all []*T, fits func(*T) bool) *T {
	if i := slices.IndexFunc(all, fits); i >= 0 {
		return all[i]
	}
	return nil
}

func (s *store) account(identifier string) *account {
	return first(s.accounts, func(a *account) bool { return a.identifier == identifier })
}

func (s *store) serviceAccount(identifier string) *account {
	return first(s.accounts, func(a *account) bool { return a.identifier == identifier && !a.user })
}

func (s *store) role(id string) *role {
	return first(s.roles, func(r *role) bool { return r.id == id })
}

func (s *store) group(id string) *group {
	return first(s.groups, func(g *group) bool { return g.id == id })
}

func (s *store) knowsRole(id string) bool  { return s.role(id) != nil }
func (s *store) knowsGroup(id string) bool { return s.group(id) != nil }

// owner finds a token that was not revoked; both results are nil when there is none.
func (s *store) owner(id string) (*account, *token) {
	for _, a := range s.accounts {
		if t := a.token(id); t != nil {
			return a, t
		}
	}
	return nil, nil
}

func (a *account) token(id string) *token {
	return first(a.tokens, func(t *token) bool { return t.id == id })
}

func (s *store) remove(identifier string) {
	s.accounts = slices.DeleteFunc(s.accounts, func(a *account) bool { return a.identifier == identifier })
}

// mint appends a token to an account; an empty id is drawn.
func (s *store) mint(a *account, id, name string, now time.Time) *token {
	if id == "" {
		id = newUUID()
	}
	t := &token{id: id, name: name, generated: now}
	a.tokens = append(a.tokens, t)
	if !a.user {
		s.minted = append(s.minted, id)
	}
	return t
}

// unitedRoles are those held directly and those of the account's groups.
func (s *store) unitedRoles(a *account) []*role {
	held := slices.Clone(a.roles)
	for _, g := range s.groups {
		if slices.Contains(a.groups, g.id) {
			held = append(held, g.roles...)
		}
	}
	return s.rolesOf(held)
}

func (s *store) unitedPermissions(a *account) []string {
	all := slices.Clone(a.permissions)
	for _, r := range s.unitedRoles(a) {
		all = append(all, r.permissions...)
	}
	return set(all)
}

func (s *store) rolesOf(ids []string) []*role {
	var held []*role
	for _, r := range s.roles {
		if slices.Contains(ids, r.id) {
			held = append(held, r)
		}
	}
	return held
}

func (s *store) groupsOf(ids []string) []*group {
	var held []*group
	for _, g := range s.groups {
		if slices.Contains(ids, g.id) {
			held = append(held, g)
		}
	}
	return held
}

// set sorts and drops repetitions. The API promises no order, so that of the request does not survive.
func set(values []string) []string {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

func without(values, gone []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return slices.Contains(gone, v) })
}

var uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// newUUID draws a UUID of version 4.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
