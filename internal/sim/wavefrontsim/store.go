package wavefrontsim

import (
	"slices"
	"time"
)

const (
	permissionAccounts = "user_management"
	permissionTokens   = "token_management"
)

// knownPermissions are all names that a vendor document has (API document 7). The vendor's lists
// differ.
var knownPermissions = []string{
	"agent_management", "alerts_management", "application_management", "batch_query_priority", "dashboard_management",
	"derived_metrics_management", "embedded_charts", "events_management", "external_links_management",
	"host_tag_management", "ingestion", "log_management", "metrics_management",
	"monitored_application_service_management", "saml_sso_management", permissionTokens, permissionAccounts,
}

// ServiceAccount is an account. Roles and UserGroups are ids. The server keeps all lists but Tokens
// sorted; Tokens are in the order of their creation.
type ServiceAccount struct {
	Identifier, Description        string
	Inactive                       bool
	Permissions, Roles, UserGroups []string
	Tokens                         []Token
	// LastUsed is zero before the first use of any token.
	LastUsed time.Time

	user bool // a user account, not a service account
}

// Token is a token that was not revoked. ID is the bearer value, a secret.
type Token struct {
	ID, Name            string
	Generated, LastUsed time.Time
}

// Role is a role.
type Role struct {
	ID, Name, Description string
	Permissions           []string
}

// UserGroup is a group of accounts. Roles are ids.
type UserGroup struct {
	ID, Name, Description string
	Roles                 []string

	system bool
}

// store is what the tenant holds, in the order of creation. Lists of strings in it are replaced,
// not changed in place.
type store struct {
	accounts []*ServiceAccount
	byID     map[string]*ServiceAccount // by identifier
	// byToken has the account that had a token last. It may have lost the token or be gone.
	byToken map[string]*ServiceAccount
	// members counts the accounts in each group, by the id of the group.
	members map[string]int
	roles   []*Role
	groups  []*UserGroup
	// defaults are the groups that a new service account joins besides the system group.
	defaults []string
	// issued are all tokens that service accounts ever had.
	issued []issuedToken
}

// issuedToken is a token that a service account had, with its name at that time.
type issuedToken struct{ id, account, name string }

func newStore() store {
	return store{
		byID: map[string]*ServiceAccount{}, byToken: map[string]*ServiceAccount{}, members: map[string]int{},
	}
}

func (s *store) add(a *ServiceAccount) {
	s.accounts = append(s.accounts, a)
	s.byID[a.Identifier] = a
}

// first returns nil if nothing fits.
func first[T any](all []*T, fits func(*T) bool) *T {
	if i := slices.IndexFunc(all, fits); i >= 0 {
		return all[i]
	}
	return nil
}

func (s *store) account(identifier string) *ServiceAccount {
	return s.byID[identifier]
}

func (s *store) serviceAccount(identifier string) *ServiceAccount {
	if a := s.byID[identifier]; a != nil && !a.user {
		return a
	}
	return nil
}

func (s *store) serviceAccounts() []*ServiceAccount {
	return slices.DeleteFunc(slices.Clone(s.accounts), func(a *ServiceAccount) bool { return a.user })
}

func (s *store) role(id string) *Role {
	return first(s.roles, func(r *Role) bool { return r.ID == id })
}

func (s *store) group(id string) *UserGroup {
	return first(s.groups, func(g *UserGroup) bool { return g.ID == id })
}

func (s *store) knowsRole(id string) bool  { return s.role(id) != nil }
func (s *store) knowsGroup(id string) bool { return s.group(id) != nil }

// owner returns a token that was not revoked and its account; both are nil if there is none.
func (s *store) owner(id string) (*ServiceAccount, *Token) {
	a := s.byToken[id]
	if a == nil || s.byID[a.Identifier] != a {
		return nil, nil
	}
	if t := a.token(id); t != nil {
		return a, t
	}
	return nil, nil
}

func (a *ServiceAccount) token(id string) *Token {
	if i := slices.IndexFunc(a.Tokens, func(t Token) bool { return t.ID == id }); i >= 0 {
		return &a.Tokens[i]
	}
	return nil
}

func (a *ServiceAccount) revoke(id string) {
	a.Tokens = slices.DeleteFunc(a.Tokens, func(t Token) bool { return t.ID == id })
}

func (s *store) remove(identifier string) {
	gone := s.byID[identifier]
	s.accounts = slices.DeleteFunc(s.accounts, func(a *ServiceAccount) bool { return a == gone })
	delete(s.byID, identifier)
	s.setGroups(gone, nil)
}

// setGroups replaces the groups of an account.
func (s *store) setGroups(a *ServiceAccount, ids []string) {
	for _, id := range a.UserGroups {
		s.members[id]--
	}
	a.UserGroups = ids
	for _, id := range ids {
		s.members[id]++
	}
}

// unitedRoles are the account's own roles and those of its groups.
func (s *store) unitedRoles(a *ServiceAccount) []*Role {
	held := a.Roles
	for _, g := range s.groupsOf(a.UserGroups) {
		held = slices.Concat(held, g.Roles)
	}
	return s.rolesOf(held)
}

func (s *store) unitedPermissions(a *ServiceAccount) []string {
	all := a.Permissions
	for _, r := range s.unitedRoles(a) {
		all = slices.Concat(all, r.Permissions)
	}
	return set(all)
}

func (s *store) rolesOf(ids []string) []*Role {
	return slices.DeleteFunc(slices.Clone(s.roles), func(r *Role) bool { return !slices.Contains(ids, r.ID) })
}

func (s *store) groupsOf(ids []string) []*UserGroup {
	return slices.DeleteFunc(slices.Clone(s.groups), func(g *UserGroup) bool { return !slices.Contains(ids, g.ID) })
}

// set sorts and drops repetitions. The API promises no order, so the order of the request is not kept.
func set(values []string) []string {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

func without(values []string, gone ...string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return slices.Contains(gone, v) })
}
