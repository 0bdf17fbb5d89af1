package wavefrontsim

import (
	"slices"
	"time"
)

// Views are built anew for each answer and share nothing with the store: the search index keeps them.

// serviceAccountView is the full form, with objects for references and with every token.
func (s *Sim) serviceAccountView(a *account) record {
	v := record{
		"identifier": a.identifier,
		"active":     a.active,
		"groups":     texts(a.permissions),
		"roles":      views(s.store.rolesOf(a.roles), s.roleView),
		"userGroups": views(s.store.groupsOf(a.groups), s.embeddedGroupView),
		"tokens":     s.tokenViews(a),
	}
	s.put(v, "description", a.description, a.description == "")
	s.put(v, "lastUsed", millis(a.lastUsed), a.lastUsed.IsZero())
	roles, rights := s.unitedRoleTexts(a), s.store.unitedPermissions(a)
	s.put(v, "unitedRoles", roles, len(roles) == 0)
	s.put(v, "unitedPermissions", texts(rights), len(rights) == 0)
	return v
}

// put leaves an empty member out, unless EmptyMembers (row 18).
func (s *Sim) put(v record, key string, value any, empty bool) {
	if !empty || s.options.EmptyMembers {
		v[key] = value
	}
}

// accountView is the generic form, in which every reference is a string.
func (s *Sim) accountView(a *account) record {
	return record{
		"identifier":        a.identifier,
		"groups":            texts(a.permissions),
		"roles":             texts(a.roles),
		"userGroups":        texts(a.groups),
		"unitedRoles":       s.unitedRoleTexts(a),
		"unitedPermissions": texts(s.store.unitedPermissions(a)),
	}
}

// userView is the form that sub-actions answer with.
func (s *Sim) userView(a *account) record {
	return record{
		"identifier": a.identifier,
		"customer":   Customer,
		"groups":     texts(a.permissions),
		"roles":      views(s.store.rolesOf(a.roles), s.roleView),
		"userGroups": views(s.store.groupsOf(a.groups), s.embeddedGroupView),
	}
}

func (s *Sim) unitedRoleTexts(a *account) []string {
	return views(s.store.unitedRoles(a), func(r *role) string {
		if s.options.UnitedRoleNames {
			return r.name
		}
		return r.id
	})
}

func (s *Sim) tokenViews(a *account) []record {
	return views(a.tokens, func(t *token) record { return s.tokenView(a, t) })
}

// tokenView holds the secret: the id of a token is the token.
func (s *Sim) tokenView(a *account, t *token) record {
	kind := "SERVICE_ACCOUNT"
	if !a.active {
		kind = "INACTIVE_SERVICE_ACCOUNT"
	}
	v := record{"tokenID": t.id, "account": a.identifier, "accountType": kind, "dateGenerated": millis(t.generated)}
	if t.name != "" {
		v["tokenName"] = t.name
	}
	s.put(v, "lastUsed", millis(t.lastUsed), t.lastUsed.IsZero())
	return v
}

func (s *Sim) roleView(r *role) record {
	v := record{
		"id": r.id, "name": r.name, "customer": Customer, "permissions": texts(r.permissions),
		"linkedGroupsCount":   len(s.linkedGroups(r)),
		"linkedAccountsCount": len(s.linkedAccounts(r)),
		"lastUpdatedMs":       millis(r.updated), "lastUpdatedAccountId": AdminIdentifier,
	}
	if r.description != "" {
		v["description"] = r.description
	}
	return v
}

// sampleSize is how many members the lists have that are documented as possibly incomplete.
const sampleSize = 10

// fullRoleView is that of the single read, which adds samples.
func (s *Sim) fullRoleView(r *role) record {
	v := s.roleView(r)
	v["sampleLinkedGroups"] = sample(views(s.linkedGroups(r), groupView))
	v["sampleLinkedAccounts"] = sample(s.linkedAccounts(r))
	return v
}

func (s *Sim) linkedGroups(r *role) []*group {
	return slices.DeleteFunc(slices.Clone(s.store.groups), func(g *group) bool { return !slices.Contains(g.roles, r.id) })
}

func (s *Sim) linkedAccounts(r *role) []string {
	return s.identifiers(func(a *account) bool { return slices.Contains(a.roles, r.id) })
}

func (s *Sim) members(g *group) []string {
	return s.identifiers(func(a *account) bool { return slices.Contains(a.groups, g.id) })
}

func (s *Sim) identifiers(fits func(*account) bool) []string {
	found := []string{}
	for _, a := range s.store.accounts {
		if fits(a) {
			found = append(found, a.identifier)
		}
	}
	return found
}

func groupView(g *group) record {
	v := record{
		"id": g.id, "name": g.name, "customer": Customer,
		"properties": record{"nameEditable": !g.system, "usersEditable": !g.system, "rolesEditable": true},
	}
	if g.description != "" {
		v["description"] = g.description
	}
	return v
}

// embeddedGroupView is a group within an account. A system group does not list its members there.
func (s *Sim) embeddedGroupView(g *group) record {
	v := groupView(g)
	v["roles"] = views(s.store.rolesOf(g.roles), s.roleView)
	if !g.system {
		members := s.members(g)
		v["users"], v["userCount"] = sample(members), len(members)
	}
	return v
}

// listedGroupView is a group in lists and searches, fullGroupView that of the single read.
func (s *Sim) listedGroupView(g *group) record {
	v := groupView(g)
	v["userCount"], v["roleCount"] = len(s.members(g)), len(g.roles)
	v["createdEpochMillis"] = millis(g.created)
	return v
}

func (s *Sim) fullGroupView(g *group) record {
	v := s.listedGroupView(g)
	v["users"] = sample(s.members(g))
	v["roles"] = views(s.store.rolesOf(g.roles), s.roleView)
	return v
}

func views[T, V any](all []*T, view func(*T) V) []V {
	out := make([]V, 0, len(all))
	for _, one := range all {
		out = append(out, view(one))
	}
	return out
}

// texts copies a list; none is [], not null.
func texts(values []string) []string { return append([]string{}, values...) }

func sample[T any](all []T) []T { return all[:min(len(all), sampleSize)] }

// millis is 0 for no time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
