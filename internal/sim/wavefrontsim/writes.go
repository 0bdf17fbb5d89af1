package wavefrontsim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// resolved is a list of references without the unknown references.
type resolved struct {
	known    []string
	warnings []string
}

// settle refuses unknown values if strict; else it removes them, with a warning (rows 15 and 16).
// What names them in texts, in the plural.
func settle(what string, sent []string, known func(string) bool, strict bool) (r resolved, p *simkit.Response) {
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

// resolvePermissions refuses unknown names (row 16), and token_management for service accounts (row
// 17).
func (s *Sim) resolvePermissions(sent []string, user bool) (resolved, *simkit.Response) {
	if !user && slices.Contains(sent, permissionTokens) {
		return resolved{}, badRequest("Permission %s cannot be granted to a service account", permissionTokens)
	}
	known := func(name string) bool { return slices.Contains(knownPermissions, name) }
	return settle("permissions", sent, known, !s.options.IgnoreUnknownPermissions)
}

// setGroups puts the account into these groups, and into its system group, which it cannot leave
// (row 14).
func (s *Sim) setGroups(a *ServiceAccount, ids []string) {
	system := ServiceAccountsID
	if a.user || s.options.LegacyEveryone {
		system = EveryoneID
	}
	s.store.setGroups(a, set(append(slices.Clone(ids), system)))
}

// write is a body of create or PUT that was checked.
type write struct {
	body                               accountBody
	permissions, roles, groups, tokens []string
	warnings                           []string
}

// check changes nothing. Target is nil on create.
func (s *Sim) check(b accountBody, target *ServiceAccount) (w write, p *simkit.Response) {
	w.body = b
	permissions, p := s.resolvePermissions(b.permissions, false)
	if p != nil {
		return w, p
	}
	roles, p := settle("roles", b.roleIDs, s.store.knowsRole, s.options.RefuseUnknownReferences)
	if p != nil {
		return w, p
	}
	groups, p := settle("user groups", b.userGroups, s.store.knowsGroup, s.options.RefuseUnknownReferences)
	if p != nil {
		return w, p
	}
	if w.tokens, p = s.checkTokens(b.tokens, target); p != nil {
		return w, p
	}
	w.permissions, w.roles, w.groups = permissions.known, roles.known, groups.known
	w.warnings = slices.Concat(permissions.warnings, roles.warnings, groups.warnings)
	return w, nil
}

var uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// checkTokens accepts UUIDs that no other account has (row 11). A refusal does not repeat them:
// they are secrets.
func (s *Sim) checkTokens(sent []string, target *ServiceAccount) ([]string, *simkit.Response) {
	if s.options.IgnoreTokens {
		return nil, nil
	}
	all := set(sent)
	for _, id := range all {
		if !uuidForm.MatchString(id) {
			return nil, badRequest("Invalid API token: not a UUID")
		}
		if owner, _ := s.store.owner(id); owner != nil && owner != target {
			return nil, badRequest("API token is in use")
		}
	}
	total := len(all)
	if target != nil && !s.options.EmptyTokensRevoke {
		for _, t := range target.Tokens {
			if !slices.Contains(all, t.ID) {
				total++
			}
		}
	}
	if total > TokenLimit {
		return nil, tooManyTokens()
	}
	return all, nil
}

// apply writes what check accepted. With keepMissing, lists that were not sent stay as they are
// (row 12).
func (s *Sim) apply(a *ServiceAccount, w write, keepMissing bool) {
	keep := func(sent []string) bool { return keepMissing && sent == nil }
	a.Inactive, a.Description = !w.body.active, w.body.description
	if !keep(w.body.permissions) {
		a.Permissions = w.permissions
	}
	if !keep(w.body.roleIDs) {
		a.Roles = w.roles
	}
	if keep(w.body.userGroups) {
		w.groups = a.UserGroups
	}
	s.setGroups(a, w.groups)
	if !keep(w.body.tokens) {
		s.setTokens(a, w.tokens)
	}
}

// setTokens adds new tokens. It revokes others only with EmptyTokensRevoke.
func (s *Sim) setTokens(a *ServiceAccount, ids []string) {
	if s.options.EmptyTokensRevoke {
		a.Tokens = slices.DeleteFunc(a.Tokens, func(t Token) bool { return !slices.Contains(ids, t.ID) })
	}
	for _, id := range ids {
		if a.token(id) == nil {
			s.issue(a, Token{ID: id})
		}
	}
}
