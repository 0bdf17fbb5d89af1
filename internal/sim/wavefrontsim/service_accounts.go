package wavefrontsim

import (
	"net/http"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

const prefix = "sa::"

// fold is the form in which an id is looked for (row 5).
func (s *Sim) fold(identifier string) string {
	if s.options.ExactCase {
		return identifier
	}
	return strings.ToLower(identifier)
}

func (c *call) serviceAccount() (*account, *problem) {
	id := c.fold(c.parameters["id"])
	if a := c.store.serviceAccount(id); a != nil {
		return a, nil
	}
	return nil, refuse(http.StatusNotFound, "Service account %s does not exist", id)
}

func (c *call) createServiceAccount() (none simkit.Answer, p *problem) {
	b, p := c.parseAccount(c.body)
	if p != nil {
		return none, p
	}
	if b.identifier, p = c.newIdentifier(b.identifier); p != nil {
		return none, p
	}
	if c.store.account(b.identifier) != nil {
		status := http.StatusBadRequest
		if c.options.DuplicateConflict {
			status = http.StatusConflict
		}
		return none, refuse(status, "Account with id %s already exists", b.identifier)
	}
	w, p := c.check(b, nil)
	if p != nil {
		return none, p
	}
	a := &account{identifier: b.identifier}
	w.groups = slices.Concat(w.groups, c.store.defaults)
	c.apply(a, w, false)
	c.store.accounts = append(c.store.accounts, a)
	return wrapped(c.serviceAccountView(a), w.warnings...), nil
}

// newIdentifier lower-cases (row 6) and looks for the prefix (row 7).
func (c *call) newIdentifier(sent string) (string, *problem) {
	id := strings.ToLower(sent)
	if id != "" && !strings.HasPrefix(id, prefix) && c.options.AddPrefix {
		id = prefix + id
	}
	if !strings.HasPrefix(id, prefix) || id == prefix {
		return "", badRequest("Identifier of a service account must start with %s", prefix)
	}
	return id, nil
}

func (c *call) listServiceAccounts() (simkit.Answer, *problem) {
	return wrapped(c.serviceAccountViews()), nil
}

func (s *Sim) serviceAccountViews() []record {
	users := func(a *account) bool { return a.user }
	return views(slices.DeleteFunc(slices.Clone(s.store.accounts), users), s.serviceAccountView)
}

func (c *call) readServiceAccount() (none simkit.Answer, p *problem) {
	a, p := c.serviceAccount()
	if p != nil {
		return none, p
	}
	return wrapped(c.serviceAccountView(a)), nil
}

func (c *call) updateServiceAccount() (none simkit.Answer, p *problem) {
	a, p := c.serviceAccount()
	if p != nil {
		return none, p
	}
	b, p := c.parseAccount(c.body)
	if p != nil {
		return none, p
	}
	if c.fold(b.identifier) != a.identifier && !c.options.IgnoreBodyIdentifier {
		return none, badRequest("Identifier in the body does not match %s", a.identifier)
	}
	w, p := c.check(b, a)
	if p != nil {
		return none, p
	}
	c.apply(a, w, c.options.MissingListKeeps)
	return wrapped(c.serviceAccountView(a), w.warnings...), nil
}

func (c *call) activate() (simkit.Answer, *problem)   { return c.switchTo(true) }
func (c *call) deactivate() (simkit.Answer, *problem) { return c.switchTo(false) }

// switchTo is repeatable: an account that is in the state already stays there.
func (c *call) switchTo(active bool) (none simkit.Answer, p *problem) {
	a, p := c.serviceAccount()
	if p != nil {
		return none, p
	}
	a.active = active
	return wrapped(c.serviceAccountView(a)), nil
}
