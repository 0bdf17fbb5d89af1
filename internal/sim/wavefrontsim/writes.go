package wavefrontsim

import (
	"fmt"
	"slices"
	"strings"
)

// resolved is a list of references after the unknown ones were taken out.
type resolved struct {
	known    []string
	warnings []string
}

// resolve takes unknown ids out (row 15). What names them in texts, in the plural.
func (s *Sim) resolve(what string, ids []string, known func(string) bool) (r resolved, p *problem) {
	return settle(what, ids, known, s.options.RefuseUnknownReferences)
}

func settle(what string, sent []string, known func(string) bool, strict bool) (r resolved, p *problem) {
	var unknown []string
	for _, value := range set(sent) {
		if known(value) {
			r.known = append(r.known, value)
		} else {
			unknown = append(unknown, value)
		}
	}
	if len(unknown) == 0 {
		return r, nil
	}
	if strict {
		return r, badRequest("Unknown %s: [%s]", what, strings.Join(unknown, ", "))
	}
	r.warnings = []string{fmt.Sprintf("Unknown %s ignored: [%s]", what, strings.Join(unknown, ", "))}
	return r, nil
}

// resolvePermissions refuses unknown names (row 16), and token_management to service accounts (row 17).
func (s *Sim) resolvePermissions(sent []string, user bool) (resolved, *problem) {
	if !user && slices.Contains(sent, permissionTokens) {
		return resolved{}, badRequest("Permission %s cannot be granted to a service account", permissionTokens)
	}
	known := func(name string) bool { return slices.Contains(knownPermissions, name) }
	return settle("permissions", sent, known, !s.options.IgnoreUnknownPermissions)
}

// systemGroup is the one that no service account can leave (row 14).
func (s *Sim) systemGroup() string {
	if s.options.LegacyEveryone {
		return EveryoneID
	}
	return ServiceAccountsID
}

// setGroups puts the account into these groups, and into its system group.
func (s *Sim) setGroups(a *account, ids []string) {
	system := s.systemGroup()
	if a.user {
		system = EveryoneID
	}
	a.groups = set(append(slices.Clone(ids), system))
}

// write is a body of create or PUT that was found good.
type write struct {
	body                       accountBody
	permissions, roles, groups []string
	tokens                     []string
	warnings                   []string
}

// check changes nothing. Target is nil on create.
func (s *Sim) check(b accountBody, target *account) (w write, p *problem) {
	w.body = b
	permissions, p := s.resolvePermissions(b.groups.values, false)
	if p != nil {
		return w, p
	}
	roles, p := s.resolve("roles", b.roles.values, s.store.knowsRole)
	if p != nil {
		return w, p
	}
	groups, p := s.resolve("user groups", b.userGroups.values, s.store.knowsGroup)
	if p != nil {
		return w, p
	}
	if w.tokens, p = s.checkTokens(b.tokens.values, target); p != nil {
		return w, p
	}
	w.permissions, w.roles, w.groups = permissions.known, roles.known, groups.known
	w.warnings = slices.Concat(permissions.warnings, roles.warnings, groups.warnings)
	return w, nil
}

// checkTokens takes UUIDs that no other account has (row 11). A refusal does not repeat them: they are secrets.
func (s *Sim) checkTokens(sent []string, target *account) ([]string, *problem) {
	if s.options.IgnoreTokens {
		return nil, nil
	}
	var ids []string
	for _, id := range sent {
		if !uuidForm.MatchString(id) {
			return nil, badRequest("Invalid API token: not a UUID")
		}
		if owner, _ := s.store.owner(id); owner != nil && owner != target {
			return nil, badRequest("API token is in use")
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if total := len(ids) + s.others(target, ids); total > TokenLimit {
		return nil, tooManyTokens()
	}
	return ids, nil
}

// others counts the tokens of an account that a write leaves beside those that it names.
func (s *Sim) others(target *account, named []string) int {
	if target == nil || s.options.EmptyTokensRevoke {
		return 0
	}
	count := 0
	for _, t := range target.tokens {
		if !slices.Contains(named, t.id) {
			count++
		}
	}
	return count
}

// apply writes what check found good. On PUT, keep tells which lists stay as they are because they are missing
// (row 12).
func (s *Sim) apply(a *account, w write, keepMissing bool) {
	keep := func(l list) bool { return keepMissing && !l.present }
	a.active, a.description = w.body.active, w.body.description
	if !keep(w.body.groups) {
		a.permissions = w.permissions
	}
	if !keep(w.body.roles) {
		a.roles = w.roles
	}
	if keep(w.body.userGroups) {
		w.groups = a.groups
	}
	s.setGroups(a, w.groups)
	if !keep(w.body.tokens) {
		s.setTokens(a, w.tokens)
	}
}

// setTokens adds what is new. It takes away only with EmptyTokensRevoke.
func (s *Sim) setTokens(a *account, ids []string) {
	if s.options.EmptyTokensRevoke {
		a.tokens = slices.DeleteFunc(a.tokens, func(t *token) bool { return !slices.Contains(ids, t.id) })
	}
	for _, id := range ids {
		if a.token(id) == nil {
			s.store.mint(a, id, "", s.options.Now())
		}
	}
}
