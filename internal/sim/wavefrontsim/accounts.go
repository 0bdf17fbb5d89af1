package wavefrontsim

import (
	"net/http"
	"slices"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func (c *call) account() (*account, *problem) {
	id := c.fold(c.parameters["id"])
	if a := c.store.account(id); a != nil {
		return a, nil
	}
	return nil, refuse(http.StatusNotFound, "Account %s does not exist", id)
}

func (c *call) listAccounts() (simkit.Answer, *problem) {
	return listPage(c, views(c.store.accounts, c.accountView))
}

func (c *call) readAccount() (none simkit.Answer, p *problem) {
	a, p := c.account()
	if p != nil {
		return none, p
	}
	return wrapped(c.accountView(a)), nil
}

// deleteAccount answers with what is gone (row 24). The tokens go with the account, that of the caller too.
func (c *call) deleteAccount() (none simkit.Answer, p *problem) {
	a, p := c.account()
	if p != nil && c.options.DeleteUnknownOK {
		return wrapped(nil), nil
	}
	if p != nil {
		return none, p
	}
	view := c.accountView(a)
	c.store.remove(a.identifier)
	return wrapped(view), nil
}

// known finds the accounts of a bare array of ids, each once; it refuses an array of which it knows none (row 25).
func (c *call) known() ([]*account, *problem) {
	ids, p := parseIDs(c.body)
	if p != nil {
		return nil, p
	}
	var found []*account
	for _, id := range ids {
		if a := c.store.account(c.fold(id)); a != nil && !slices.Contains(found, a) {
			found = append(found, a)
		}
	}
	if len(found) == 0 {
		return nil, badRequest("No valid account ids in the request")
	}
	return found, nil
}

func (c *call) deleteAccounts() (none simkit.Answer, p *problem) {
	found, p := c.known()
	if p != nil {
		return none, p
	}
	for _, a := range found {
		c.store.remove(a.identifier)
	}
	return wrapped(views(found, func(a *account) string { return a.identifier })), nil
}

// subAction answers a call that changed an account (row 20). Warnings have no place in the bare form.
func (c *call) subAction(a *account, warnings []string) simkit.Answer {
	if c.options.WrappedSubActions && !a.user {
		return wrapped(c.serviceAccountView(a), warnings...)
	}
	return jsonAnswer(http.StatusOK, c.userView(a))
}

func (c *call) addRoles() (simkit.Answer, *problem) {
	return c.editReferences("role", c.store.knowsRole, func(a *account, ids []string) {
		a.roles = set(slices.Concat(a.roles, ids))
	})
}

func (c *call) removeRoles() (simkit.Answer, *problem) {
	return c.editReferences("role", c.store.knowsRole, func(a *account, ids []string) {
		a.roles = without(a.roles, ids)
	})
}

func (c *call) addUserGroups() (simkit.Answer, *problem) {
	return c.editReferences("user group", c.store.knowsGroup, func(a *account, ids []string) {
		c.setGroups(a, slices.Concat(a.groups, ids))
	})
}

func (c *call) removeUserGroups() (simkit.Answer, *problem) {
	return c.editReferences("user group", c.store.knowsGroup, func(a *account, ids []string) {
		c.setGroups(a, without(a.groups, ids))
	})
}

// editReferences swallows bad ids beside a good one and refuses when all are bad. An empty array changes nothing.
func (c *call) editReferences(
	what string, known func(string) bool, edit func(*account, []string),
) (none simkit.Answer, p *problem) {
	a, p := c.account()
	if p != nil {
		return none, p
	}
	ids, p := parseIDs(c.body)
	if p != nil {
		return none, p
	}
	found, p := c.resolve(what+"s", ids, known)
	if p != nil {
		return none, p
	}
	if len(ids) > 0 && len(found.known) == 0 {
		return none, badRequest("No valid %s ids in the request", what)
	}
	edit(a, found.known)
	return c.subAction(a, found.warnings), nil
}

func (c *call) grantToOne() (simkit.Answer, *problem)    { return c.editOne(grant) }
func (c *call) revokeFromOne() (simkit.Answer, *problem) { return c.editOne(without) }

func (c *call) editOne(edit func(held, named []string) []string) (none simkit.Answer, p *problem) {
	a, p := c.account()
	if p != nil {
		return none, p
	}
	return c.editPermission([]*account{a}, edit)
}

func (c *call) grantToMany() (simkit.Answer, *problem)    { return c.editMany(grant) }
func (c *call) revokeFromMany() (simkit.Answer, *problem) { return c.editMany(without) }

func (c *call) editMany(edit func(held, named []string) []string) (none simkit.Answer, p *problem) {
	found, p := c.known()
	if p != nil {
		return none, p
	}
	return c.editPermission(found, edit)
}

func grant(held, named []string) []string { return set(slices.Concat(held, named)) }

// editPermission answers with the first account, however many there are: the documented body is one object.
func (c *call) editPermission(
	targets []*account, edit func(held, named []string) []string,
) (none simkit.Answer, p *problem) {
	onlyUsers := !slices.ContainsFunc(targets, func(a *account) bool { return !a.user })
	found, p := c.resolvePermissions([]string{c.parameters["permission"]}, onlyUsers)
	if p != nil {
		return none, p
	}
	for _, a := range targets {
		a.permissions = edit(a.permissions, found.known)
	}
	return c.subAction(targets[0], found.warnings), nil
}
