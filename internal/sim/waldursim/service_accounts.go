package waldursim

import (
	"net/http"
	"time"
)

const (
	stateOK     = "OK"
	stateClosed = "Closed"
	stateErred  = "Erred"

	mockKeyLifetime = 90 * 24 * time.Hour
	traceback       = "Traceback (most recent call last):\n  ...\n"
)

// accountKind is what differs between the two kinds of service accounts.
type accountKind struct {
	listing
	scope string // name of the body field: customer or project
	// look reads the customer or project that an account belongs to; a removed
	// one is not found.
	look func(s *Sim, uuid string) (accountScope, bool)
}

// accountScope is what a service account takes from its customer or project.
type accountScope struct {
	limit    Limit
	email    string         // of the customer, for accounts without one
	managers []string       // scopes on which SERVICE_ACCOUNT.MANAGE counts
	facts    map[string]any // read-only fields
}

var (
	customerAccounts = newAccountKind("customer", "CustomerServiceAccount", customers.view("detail"), lookCustomer)
	projectAccounts  = newAccountKind("project", "ProjectServiceAccount", projects.view("detail"), lookProject)
)

// newAccountKind leaves the order of the listing empty: these lists know neither
// ordering nor projection.
func newAccountKind(scope, model, scopeView string, look func(*Sim, string) (accountScope, bool)) *accountKind {
	k := &accountKind{scope: scope, look: look}
	k.listing = listing{
		path: "marketplace-" + scope + "-service-accounts", model: model, rows: k.visible,
		filters: []filter{
			{scope, scope, linkTo(scopeView)},
			{scope + "_uuid", scope, uuidEquals},
			{"username", "username", equals},
			{"email", "email", contains},
			{"state", "state", anyOf(stateOK, stateClosed, stateErred)},
		},
	}
	return k
}

func lookCustomer(s *Sim, uuid string) (accountScope, bool) {
	c := s.store.customers.get(uuid)
	if c == nil {
		return accountScope{}, false
	}
	return accountScope{
		limit: c.MaxServiceAccounts, email: c.Email, managers: []string{uuid},
		facts: record{"customer_uuid": uuid, "customer_name": c.Name},
	}, true
}

func lookProject(s *Sim, uuid string) (accountScope, bool) {
	p, ok := s.store.project(uuid)
	if !ok {
		return accountScope{}, false
	}
	owner := s.store.customers.get(p.Customer)
	return accountScope{
		limit: p.MaxServiceAccounts, email: owner.Email, managers: []string{uuid, p.Customer},
		facts: record{
			"project_uuid": uuid, "project_name": p.Name,
			"customer_uuid": p.Customer, "customer_name": owner.Name,
			"customer_abbreviation": owner.Abbreviation,
		},
	}, true
}

func serviceAccountRoutes(k *accountKind) []route {
	list, detail := k.routes()
	list.methods[http.MethodPost] = operation{k.operation("create"), k.create}
	detail.methods[http.MethodPut] = operation{k.operation("update"), k.put}
	detail.methods[http.MethodPatch] = operation{k.operation("partial_update"), k.patch}
	detail.methods[http.MethodDelete] = operation{k.operation("destroy"), k.destroy}
	rotate := route{
		view: k.view("rotate-api-key"), pattern: detail.pattern + "rotate_api_key/",
		methods: map[string]operation{http.MethodPost: {k.operation("rotate_api_key"), k.rotate}},
	}
	return []route{list, detail, rotate}
}

// manages tells whether the caller may write accounts of a scope. Nobody has a
// role on no scope at all, so accounts without one are left to staff.
func (k *accountKind) manages(c *call, scope string) bool {
	if c.user.Staff {
		return true
	}
	found, _ := k.look(c.sim, scope)
	for _, uuid := range found.managers {
		if c.sim.managesScope(c.user.uuid, uuid) {
			return true
		}
	}
	return false
}

func (k *accountKind) sees(c *call, a *account) bool {
	return a.kind == k && a.state != stateClosed && (c.seesAll() || k.manages(c, a.scope))
}

func (k *accountKind) visible(c *call) []record {
	var rows []record
	for _, a := range c.sim.store.accounts.all() {
		if k.sees(c, a) {
			rows = append(rows, k.render(c, a, secret{}))
		}
	}
	return rows
}

func (k *accountKind) render(c *call, a *account, told secret) record {
	row := a.fields()
	row["url"] = c.link(k.path, a.uuid)
	row["token"], row["expires_at"] = told.token, told.expiresAt
	// The read-only fields are left out when there is no scope to read.
	if found, ok := k.look(c.sim, a.scope); ok {
		for name, value := range found.facts {
			row[name] = value
		}
	}
	return row
}

// writable finds the account of the path for a write: what the caller may not see
// is missing rather than forbidden.
func (k *accountKind) writable(c *call) (*account, *answer) {
	uuid, ok := parseUUID(c.uuid)
	if !ok {
		a := refuse(http.StatusNotFound, textNotFound)
		return nil, &a
	}
	found := c.sim.store.accounts.get(uuid)
	if found == nil || !k.sees(c, found) {
		a := k.missing()
		return nil, &a
	}
	if !k.manages(c, found.scope) {
		a := refuse(http.StatusForbidden, textForbidden)
		return nil, &a
	}
	return found, nil
}

// create checks the body before the permission, and the permission before the
// limit, which binds staff too.
func (k *accountKind) create(c *call) answer {
	w, problem := k.read(c, true)
	if problem != nil {
		return *problem
	}
	scope, ok := k.look(c.sim, w.scope)
	if !ok || !k.manages(c, w.scope) {
		return refuse(http.StatusForbidden, textForbidden)
	}
	if scope.limit.reached(c.sim.countAccounts(w.scope)) {
		return refuse(http.StatusBadRequest, "Maximum number of service accounts reached for this "+k.scope)
	}
	username, told, problem := c.sim.openAccount(w, scope.email)
	if problem != nil {
		return *problem
	}
	a := c.sim.newAccount(k, w.scope)
	w.apply(a)
	a.username = username
	row := k.render(c, a, told)
	return jsonAnswer(http.StatusCreated, row).with("Location", c.link(k.path, a.uuid))
}

// countAccounts includes erred accounts.
func (s *Sim) countAccounts(scope string) int {
	n := 0
	for _, a := range s.store.accounts.all() {
		if a.scope == scope && a.state != stateClosed {
			n++
		}
	}
	return n
}

func (k *accountKind) put(c *call) answer   { return k.update(c, true) }
func (k *accountKind) patch(c *call) answer { return k.update(c, false) }

// update tells the account service even when nothing changes. Of the new values
// it learns email and description only, under the name that the account has had;
// a new username or scope is Waldur's alone. A refusal marks the account although
// the request fails.
func (k *accountKind) update(c *call, whole bool) answer {
	a, problem := k.writable(c)
	if problem != nil {
		return *problem
	}
	w, problem := k.read(c, whole)
	if problem != nil {
		return *problem
	}
	next := *a
	w.apply(&next)
	if c.sim.mode == BackendAPI {
		if r := c.sim.service.update(a.username, next.email, next.description); r != nil {
			if r.detail != nil {
				a.state, a.errorMessage, a.errorTraceback = stateErred, r.message(), traceback
				a.modified = c.sim.stamp()
			}
			return r.answer()
		}
	}
	if next.state == stateErred {
		next.state, next.errorMessage, next.errorTraceback = stateOK, "", ""
	}
	next.modified = c.sim.stamp()
	*a = next
	return jsonAnswer(http.StatusOK, k.render(c, a, secret{}))
}

// destroy answers 204 in two cases in which the account stays: without a backend,
// and when the account service only accepts the request.
func (k *accountKind) destroy(c *call) answer {
	a, problem := k.writable(c)
	if problem != nil {
		return *problem
	}
	gone := c.sim.mode == BackendMock
	if c.sim.mode == BackendAPI {
		var r *refusal
		if gone, r = c.sim.service.close(a.username); r != nil {
			if r.detail != nil {
				a.errorMessage = r.message()
			}
			return r.answer()
		}
	}
	if gone {
		a.state, a.modified = stateClosed, c.sim.stamp()
	}
	return answer{status: http.StatusNoContent}
}

// rotate changes nothing in the record, not even modified. The label in the 409
// is odd because the server looks it up in the table of another kind of object.
func (k *accountKind) rotate(c *call) answer {
	a, problem := k.writable(c)
	if problem != nil {
		return *problem
	}
	if a.state == stateErred {
		return refuse(http.StatusConflict, "Valid states for operation: UPDATE_SCHEDULED.")
	}
	var told secret
	switch c.sim.mode {
	case BackendOff:
		return serverFault()
	case BackendMock:
		told = c.sim.mockSecret("rotated-mock-api-key-" + a.username + "-" + randomHex(8))
	default:
		var r *refusal
		if told, r = c.sim.service.rotate(a.username); r != nil {
			return r.answer()
		}
		if told.token == nil {
			return refuse(http.StatusBadRequest, "API key rotation failed - no token returned")
		}
	}
	return jsonAnswer(http.StatusOK, k.render(c, a, told))
}
