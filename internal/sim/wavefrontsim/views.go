package wavefrontsim

import "time"

// Views are built anew for each response and share nothing with the store: the search index keeps them.

// serviceAccountView is the full form, with objects for references and with every token.
func (s *Sim) serviceAccountView(a *ServiceAccount) record {
	v := record{
		"identifier": a.Identifier,
		"active":     !a.Inactive,
		"groups":     texts(a.Permissions),
		"roles":      views(s.store.rolesOf(a.Roles), roleView),
		"userGroups": views(s.store.groupsOf(a.UserGroups), s.groupView),
		"tokens":     s.tokenViews(a),
	}
	s.put(v, "description", a.Description, a.Description == "")
	s.put(v, "lastUsed", millis(a.LastUsed), a.LastUsed.IsZero())
	roles, permissions := s.unitedRoleTexts(a), s.store.unitedPermissions(a)
	s.put(v, "unitedRoles", roles, len(roles) == 0)
	s.put(v, "unitedPermissions", texts(permissions), len(permissions) == 0)
	return v
}

// put leaves an empty member out, unless EmptyMembers (row 18).
func (s *Sim) put(v record, key string, value any, empty bool) {
	if !empty || s.options.EmptyMembers {
		v[key] = value
	}
}

// accountView is the generic form, in which every reference is a string.
func (s *Sim) accountView(a *ServiceAccount) record {
	return record{
		"identifier":        a.Identifier,
		"groups":            texts(a.Permissions),
		"roles":             texts(a.Roles),
		"userGroups":        texts(a.UserGroups),
		"unitedRoles":       s.unitedRoleTexts(a),
		"unitedPermissions": texts(s.store.unitedPermissions(a)),
	}
}

// userView is the form that sub-actions return.
func (s *Sim) userView(a *ServiceAccount) record {
	return record{
		"identifier": a.Identifier,
		"customer":   Customer,
		"groups":     texts(a.Permissions),
		"roles":      views(s.store.rolesOf(a.Roles), roleView),
		"userGroups": views(s.store.groupsOf(a.UserGroups), s.groupView),
	}
}

func (s *Sim) unitedRoleTexts(a *ServiceAccount) []string {
	return views(s.store.unitedRoles(a), func(r *Role) string {
		if s.options.UnitedRoleNames {
			return r.Name
		}
		return r.ID
	})
}

func (s *Sim) tokenViews(a *ServiceAccount) []record {
	all := []record{}
	for i := range a.Tokens {
		all = append(all, s.tokenView(a, &a.Tokens[i]))
	}
	return all
}

// tokenView holds the secret: the id of a token is the token.
func (s *Sim) tokenView(a *ServiceAccount, t *Token) record {
	kind := "SERVICE_ACCOUNT"
	if a.Inactive {
		kind = "INACTIVE_SERVICE_ACCOUNT"
	}
	v := record{"tokenID": t.ID, "account": a.Identifier, "accountType": kind, "dateGenerated": millis(t.Generated)}
	if t.Name != "" {
		v["tokenName"] = t.Name
	}
	s.put(v, "lastUsed", millis(t.LastUsed), t.LastUsed.IsZero())
	return v
}

func roleView(r *Role) record {
	v := record{"id": r.ID, "name": r.Name, "customer": Customer, "permissions": texts(r.Permissions)}
	if r.Description != "" {
		v["description"] = r.Description
	}
	return v
}

// foundGroupView is a group in a search: without its roles.
func (s *Sim) foundGroupView(g *UserGroup) record {
	v := record{
		"id": g.ID, "name": g.Name, "customer": Customer, "userCount": s.store.members[g.ID],
		"properties": record{"nameEditable": !g.system, "usersEditable": !g.system, "rolesEditable": true},
	}
	if g.Description != "" {
		v["description"] = g.Description
	}
	return v
}

func (s *Sim) groupView(g *UserGroup) record {
	v := s.foundGroupView(g)
	v["roles"] = views(s.store.rolesOf(g.Roles), roleView)
	return v
}

func views[T, V any](all []*T, view func(*T) V) []V {
	out := make([]V, 0, len(all))
	for _, one := range all {
		out = append(out, view(one))
	}
	return out
}

// texts copies a list; an empty list is [], not null.
func texts(values []string) []string { return append([]string{}, values...) }

// millis is 0 for no time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
