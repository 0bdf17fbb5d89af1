package wavefrontsim

import (
	"net/http"
	"slices"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func (c *call) account() (*ServiceAccount, *simkit.Response) {
	id := c.fold(c.request.PathValue("id"))
	if a := c.store.account(id); a != nil {
		return a, nil
	}
	return nil, refuse(http.StatusNotFound, "Account %s does not exist", id)
}

// deleteAccount returns the deleted account (row 24). The tokens are deleted with the account, the
// caller's own included.
func (c *call) deleteAccount() simkit.Response {
	a, p := c.account()
	if p != nil && c.options.DeleteUnknownOK {
		return wrapped(nil)
	}
	if p != nil {
		return *p
	}
	view := c.accountView(a)
	c.store.remove(a.Identifier)
	return wrapped(view)
}

// deleteAccounts deletes the accounts of a bare array that it knows; it refuses an array of which
// it knows none (row 25).
func (c *call) deleteAccounts() simkit.Response {
	ids, p := parseIDs(c.body)
	if p != nil {
		return *p
	}
	deleted := []string{}
	for _, id := range ids {
		if a := c.store.account(c.fold(id)); a != nil {
			c.store.remove(a.Identifier)
			deleted = append(deleted, a.Identifier)
		}
	}
	if len(deleted) == 0 {
		return *badRequest("No valid account ids in the request")
	}
	return wrapped(deleted)
}

// subAction is the response to a call that changed an account (row 20). The bare form has no place
// for warnings.
func (c *call) subAction(a *ServiceAccount, warnings []string) simkit.Response {
	if c.options.WrappedSubActions && !a.user {
		return wrapped(c.serviceAccountView(a), warnings...)
	}
	return simkit.JSON(http.StatusOK, c.userView(a))
}

func (c *call) addRoles() simkit.Response {
	return c.editReferences("role", c.store.knowsRole, func(a *ServiceAccount, ids []string) {
		a.Roles = set(slices.Concat(a.Roles, ids))
	})
}

func (c *call) removeRoles() simkit.Response {
	return c.editReferences("role", c.store.knowsRole, func(a *ServiceAccount, ids []string) {
		a.Roles = without(a.Roles, ids...)
	})
}

func (c *call) addUserGroups() simkit.Response {
	return c.editReferences("user group", c.store.knowsGroup, func(a *ServiceAccount, ids []string) {
		c.setGroups(a, slices.Concat(a.UserGroups, ids))
	})
}

func (c *call) removeUserGroups() simkit.Response {
	return c.editReferences("user group", c.store.knowsGroup, func(a *ServiceAccount, ids []string) {
		c.setGroups(a, without(a.UserGroups, ids...))
	})
}

// editReferences ignores bad ids beside a good one and refuses a request with bad ids alone. An
// empty array changes nothing.
func (c *call) editReferences(
	what string, known func(string) bool, edit func(*ServiceAccount, []string),
) simkit.Response {
	a, p := c.account()
	if p != nil {
		return *p
	}
	ids, p := parseIDs(c.body)
	if p != nil {
		return *p
	}
	found, p := settle(what+"s", ids, known, c.options.RefuseUnknownReferences)
	if p != nil {
		return *p
	}
	if len(ids) > 0 && len(found.known) == 0 {
		return *badRequest("No valid %s ids in the request", what)
	}
	edit(a, found.known)
	return c.subAction(a, found.warnings)
}

func (c *call) grant() simkit.Response {
	return c.editPermission(func(held, named []string) []string { return set(slices.Concat(held, named)) })
}

func (c *call) revoke() simkit.Response {
	return c.editPermission(func(held, named []string) []string { return without(held, named...) })
}

func (c *call) editPermission(edit func(held, named []string) []string) simkit.Response {
	a, p := c.account()
	if p != nil {
		return *p
	}
	found, p := c.resolvePermissions([]string{c.request.PathValue("permission")}, a.user)
	if p != nil {
		return *p
	}
	a.Permissions = edit(a.Permissions, found.known)
	return c.subAction(a, found.warnings)
}
