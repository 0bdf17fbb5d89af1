package wavefrontsim

import (
	"net/http"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

const prefix = "sa::"

// fold is the form in which an identifier is looked for (row 5).
func (s *Sim) fold(identifier string) string {
	if s.options.ExactCase {
		return identifier
	}
	return strings.ToLower(identifier)
}

func (c *call) serviceAccount() (*ServiceAccount, *simkit.Response) {
	id := c.fold(c.request.PathValue("id"))
	if a := c.store.serviceAccount(id); a != nil {
		return a, nil
	}
	return nil, refuse(http.StatusNotFound, "Service account %s does not exist", id)
}

func (c *call) createServiceAccount() simkit.Response {
	b, p := c.parseAccount(c.body)
	if p != nil {
		return *p
	}
	if b.identifier, p = c.newIdentifier(b.identifier); p != nil {
		return *p
	}
	if c.store.account(b.identifier) != nil {
		status := http.StatusBadRequest
		if c.options.DuplicateConflict {
			status = http.StatusConflict
		}
		return *refuse(status, "Account with id %s already exists", b.identifier)
	}
	w, p := c.check(b, nil)
	if p != nil {
		return *p
	}
	a := &ServiceAccount{Identifier: b.identifier}
	w.groups = slices.Concat(w.groups, c.store.defaults)
	c.apply(a, w, false)
	c.store.add(a)
	return wrapped(c.serviceAccountView(a), w.warnings...)
}

// newIdentifier returns the lower-cased identifier (row 6) with its prefix (row 7).
func (c *call) newIdentifier(sent string) (string, *simkit.Response) {
	id := strings.ToLower(sent)
	if id != "" && !strings.HasPrefix(id, prefix) && c.options.AddPrefix {
		id = prefix + id
	}
	if !strings.HasPrefix(id, prefix) || id == prefix {
		return "", badRequest("Identifier of a service account must start with %s", prefix)
	}
	return id, nil
}

func (c *call) listServiceAccounts() simkit.Response {
	return wrapped(views(c.store.serviceAccounts(), c.serviceAccountView))
}

func (c *call) readServiceAccount() simkit.Response {
	a, p := c.serviceAccount()
	if p != nil {
		return *p
	}
	return wrapped(c.serviceAccountView(a))
}

func (c *call) updateServiceAccount() simkit.Response {
	a, p := c.serviceAccount()
	if p != nil {
		return *p
	}
	b, p := c.parseAccount(c.body)
	if p != nil {
		return *p
	}
	if c.fold(b.identifier) != a.Identifier && !c.options.IgnoreBodyIdentifier {
		return *badRequest("Identifier in the body does not match %s", a.Identifier)
	}
	w, p := c.check(b, a)
	if p != nil {
		return *p
	}
	c.apply(a, w, c.options.MissingListKeeps)
	return wrapped(c.serviceAccountView(a), w.warnings...)
}

func (c *call) activate() simkit.Response   { return c.setActive(true) }
func (c *call) deactivate() simkit.Response { return c.setActive(false) }

// setActive succeeds, too, if the account is in that state already.
func (c *call) setActive(active bool) simkit.Response {
	a, p := c.serviceAccount()
	if p != nil {
		return *p
	}
	a.Inactive = !active
	return wrapped(c.serviceAccountView(a))
}
