package waldursim

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

const (
	stateOK     = "OK"
	stateClosed = "Closed"
	stateErred  = "Erred"

	mockKeyLifetime = 90 * 24 * time.Hour
)

// serviceAccount is the record of a service account. Its key is not part of it.
type serviceAccount struct {
	kind              *accountKind
	created, modified string
	place             int // in lists without order
	ServiceAccount
}

func (a *serviceAccount) id() string { return a.UUID }

// accountKind is what differs between the two kinds of service accounts.
type accountKind struct {
	listing
	scope string // name of the body field: customer or project
	// look reads the customer or project that an account belongs to.
	look func(s *Sim, uuid string) (accountScope, bool)
}

// accountScope is what a service account has from its customer or project. A create needs
// SERVICE_ACCOUNT.MANAGE on one of the managers; everything else needs it on the scope itself, also
// for the account of a project whose customer the caller owns.
type accountScope struct {
	limit    int
	managers []string
	email    string // of the customer
	fields   record // read-only
}

var (
	customerAccounts = newAccountKind("customer", "CustomerServiceAccount", lookCustomer)
	projectAccounts  = newAccountKind("project", "ProjectServiceAccount", lookProject)
)

func newAccountKind(scope, model string, look func(*Sim, string) (accountScope, bool)) *accountKind {
	k := &accountKind{scope: scope, look: look}
	k.listing = listing{
		path: "marketplace-" + scope + "-service-accounts", model: model, source: k.view(), whole: true,
		filters: map[string]filter{
			scope:           linkEquals(scope+"s", scope),
			scope + "_uuid": uuidEquals(scope),
			"username":      equals("username"),
			"email":         contains("email"),
			"state":         oneOf("state", stateOK, stateClosed, stateErred),
		},
	}
	return k
}

func (k *accountKind) serve(s *Sim) {
	k.listing.serve(s)
	s.handle(k.operation("create"), "POST "+k.list(), k.create)
	s.handle(k.operation("update"), "PUT "+k.one(), k.put)
	s.handle(k.operation("partial_update"), "PATCH "+k.one(), k.patch)
	s.handle(k.operation("destroy"), "DELETE "+k.one(), k.destroy)
	s.handle(k.operation("rotate_api_key"), "POST "+k.one()+"rotate_api_key/", k.rotate)
}

func lookCustomer(s *Sim, uuid string) (accountScope, bool) {
	c, ok := s.customers.find(uuid)
	if !ok {
		return accountScope{}, false
	}
	return accountScope{
		limit: c.MaxServiceAccounts, managers: []string{uuid}, email: c.Email,
		fields: record{"customer_uuid": uuid, "customer_name": c.Name},
	}, true
}

func lookProject(s *Sim, uuid string) (accountScope, bool) {
	p, ok := s.projects.find(uuid)
	if !ok {
		return accountScope{}, false
	}
	owner := s.customers.must(p.Customer)
	return accountScope{
		limit: p.MaxServiceAccounts, managers: []string{uuid, p.Customer}, email: owner.Email,
		fields: record{
			"project_uuid": uuid, "project_name": p.Name,
			"customer_uuid": p.Customer, "customer_name": owner.Name, "customer_abbreviation": owner.Abbreviation,
		},
	}, true
}

// manages reports whether the caller holds the permission on one of the scopes. Nobody has a role on
// no scope at all, so accounts without a scope are left to staff.
func (c *call) manages(scopes ...string) bool {
	return slices.ContainsFunc(scopes, func(uuid string) bool { return c.may(permissionManage, uuid) })
}

func (k *accountKind) sees(c *call, a *serviceAccount) bool {
	return a.kind == k && a.State != stateClosed && (c.seesAll() || c.shows(a.Scope))
}

func (k *accountKind) view() *view[*serviceAccount] {
	return &view[*serviceAccount]{
		objects: (*Sim).listedServiceAccounts,
		find:    func(s *Sim, uuid string) (*serviceAccount, bool) { return s.serviceAccounts.find(uuid) },
		sees:    k.sees, field: k.field,
		render: func(c *call, a *serviceAccount) record { return k.render(c, a, secret{}) },
	}
}

// listedServiceAccounts are the accounts of both kinds in the order of lists, which is kept until
// the next write.
func (s *Sim) listedServiceAccounts() []*serviceAccount {
	if s.options.ListsByCreation {
		return s.serviceAccounts.rows
	}
	if s.listed == nil {
		s.listed = slices.Clone(s.serviceAccounts.rows)
		slices.SortFunc(s.listed, func(a, b *serviceAccount) int { return a.place - b.place })
	}
	return s.listed
}

func (k *accountKind) field(_ *call, a *serviceAccount, name string) (value any, ok bool) {
	switch name {
	case k.scope:
		return textOrNull(a.Scope), true
	case "username":
		return a.Username, true
	case "state":
		return a.State, true
	}
	return nil, false
}

func (k *accountKind) render(c *call, a *serviceAccount, issued secret) record {
	row := record{
		"url": c.link(k.path, a.UUID), "uuid": a.UUID, "created": a.created, "modified": a.modified,
		k.scope: textOrNull(a.Scope), "state": a.State, "error_message": a.ErrorMessage,
		"token": issued.token, "expires_at": issued.expiresAt,
	}
	for name, text := range a.texts() {
		row[name] = *text
	}
	// The read-only fields are left out if there is no scope to read.
	found, _ := k.look(c.Sim, a.Scope)
	for name, value := range found.fields {
		row[name] = value
	}
	return row
}

// texts are the texts that a client may send.
func (a *ServiceAccount) texts() map[string]*string {
	return map[string]*string{
		"username": &a.Username, "description": &a.Description, "email": &a.Email,
		"preferred_identifier": &a.PreferredIdentifier, "error_traceback": &a.ErrorTraceback,
	}
}

var serviceAccountTexts = []textField{
	{name: "username", max: maxUsername, blank: true},
	{name: "description", blank: true},
	{name: "email", max: 320, email: true},
	{name: "preferred_identifier", max: 32, blank: true},
	{name: "error_traceback", blank: true}, // meant for the server alone, yet a client may write it
}

// read sets the fields of a body and reports all faulty fields together. It ignores unknown fields.
func (k *accountKind) read(c *call, fields map[string]any, a *ServiceAccount, needScope bool) *simkit.Response {
	problems := record{}
	readTexts(fields, serviceAccountTexts, a.texts(), problems)
	value, sent := fields[k.scope]
	if !sent && needScope {
		problems[k.scope] = []string{textRequired}
	}
	if sent {
		// A UUID, not an address; null and empty text mean no scope.
		text, isText := value.(string)
		uuid, isUUID := parseUUID(text)
		_, known := k.look(c.Sim, uuid)
		switch {
		case value == nil || value == "":
			a.Scope = ""
		case !isText:
			problems[k.scope] = []string{"Invalid value."}
		case !isUUID || !known:
			problems[k.scope] = []string{"Object with uuid=" + text + " does not exist."}
		default:
			a.Scope = uuid
		}
	}
	if len(problems) > 0 {
		return invalid(problems)
	}
	return nil
}

// writable finds the account of the path for a write: an account that the caller may not see is
// missing, not forbidden.
func (k *accountKind) writable(c *call) (*serviceAccount, *simkit.Response) {
	found, ok := c.serviceAccounts.find(c.uuid())
	if !ok || !k.sees(c, found) {
		return nil, k.missing()
	}
	if !c.user.Staff && !c.manages(found.Scope) {
		return nil, refuse(http.StatusForbidden, textForbidden)
	}
	return found, nil
}

// create checks the body before the permission, and the permission before the limit, which binds
// staff too.
func (k *accountKind) create(c *call) *simkit.Response {
	fields, problem := c.fields()
	if problem != nil {
		return problem
	}
	a := &serviceAccount{kind: k, ServiceAccount: ServiceAccount{State: stateOK}}
	if problem := k.read(c, fields, &a.ServiceAccount, true); problem != nil {
		return problem
	}
	scope, ok := k.look(c.Sim, a.Scope)
	if !ok || !c.user.Staff && !c.manages(scope.managers...) {
		return refuse(http.StatusForbidden, textForbidden)
	}
	if scope.limit != Unlimited && c.countAccounts(a.Scope) >= scope.limit {
		return refuse(http.StatusBadRequest, "Maximum number of service accounts reached for this "+k.scope)
	}
	_, named := fields["preferred_identifier"]
	issued, problem := c.open(&a.ServiceAccount, named, cmp.Or(a.Email, scope.email))
	if problem != nil {
		return problem
	}
	c.storeServiceAccount(a)
	r := respond(http.StatusCreated, k.render(c, a, issued)).With("Location", c.link(k.path, a.UUID))
	return &r
}

// countAccounts counts against the limit, accounts in Erred too.
func (s *Sim) countAccounts(scope string) int {
	n := 0
	for _, a := range s.serviceAccounts.rows {
		if a.Scope == scope && (a.State != stateClosed || s.options.CountClosed) {
			n++
		}
	}
	return n
}

// open has the backend of the present mode create an account; it sets the username. The e-mail
// address is for the account service alone.
func (s *Sim) open(a *ServiceAccount, named bool, email string) (issued secret, problem *simkit.Response) {
	disabled := refuse(http.StatusBadRequest, "Service account creation is disabled or returned no token.")
	switch {
	case s.options.Backend == BackendOff:
		return secret{}, disabled
	case s.options.Backend == BackendMock:
		if a.Username = a.PreferredIdentifier; !named {
			a.Username = "mock-" + s.RandomHex(8)
		}
		return s.mockSecret("mock-api-key-" + s.RandomHex(16)), nil
	case !named:
		// The server reads the field and does not check whether it was sent.
		return secret{}, serverFault()
	}
	made := s.serviceCreate(*a, email)
	if made.problem == nil && made.issued.token == nil {
		made.problem = disabled
	}
	a.Username = made.username
	return made.issued, made.problem
}

func (s *Sim) mockSecret(token string) secret {
	return secret{token, isoFormat(s.Now().Add(mockKeyLifetime))}
}

func (s *Sim) storeServiceAccount(a *serviceAccount) {
	a.UUID, a.created, a.modified = s.uuidOr(a.UUID), s.now(), s.now()
	s.serviceAccounts.add(a)
	s.move(a)
}

// move brings an account to the end of lists: a database has no order of its own, and writes a
// changed row to another place.
func (s *Sim) move(a *serviceAccount) {
	s.places++
	a.place, s.listed = s.places, nil
}

func (k *accountKind) put(c *call) *simkit.Response   { return k.update(c, true) }
func (k *accountKind) patch(c *call) *simkit.Response { return k.update(c, false) }

// update calls the account service even if nothing changes, under the name that the account has
// had; a new username or scope is known to Waldur alone. A refusal marks the account although the
// request fails.
func (k *accountKind) update(c *call, whole bool) *simkit.Response {
	a, problem := k.writable(c)
	if problem != nil {
		return problem
	}
	fields, problem := c.fields()
	if problem != nil {
		return problem
	}
	next := a.ServiceAccount
	if problem := k.read(c, fields, &next, whole); problem != nil {
		return problem
	}
	if c.options.Backend == BackendAPI {
		if sent := c.serviceUpdate(a.Username, next.Email, next.Description); sent.problem != nil {
			if sent.message != "" && !c.options.UpdatesKeepState {
				a.State, a.ErrorMessage, a.modified = stateErred, sent.message, c.now()
				a.ErrorTraceback = "Traceback (most recent call last):\n  ..."
				c.move(a)
			}
			return sent.problem
		}
	}
	if next.State == stateErred {
		next.State, next.ErrorMessage, next.ErrorTraceback = stateOK, "", ""
	}
	a.ServiceAccount, a.modified = next, c.now()
	c.move(a)
	return respond(http.StatusOK, k.render(c, a, secret{}))
}

// destroy returns 204 in two cases in which the account stays: without a backend, and if the
// account service only accepts the request.
func (k *accountKind) destroy(c *call) *simkit.Response {
	a, problem := k.writable(c)
	if problem != nil {
		return problem
	}
	gone := c.options.Backend == BackendMock
	if c.options.Backend == BackendAPI {
		closed := c.serviceClose(a.Username)
		if closed.problem != nil {
			if closed.message != "" {
				a.ErrorMessage = closed.message
				c.move(a)
			}
			return closed.problem
		}
		gone = closed.gone
	}
	if gone {
		a.State, a.modified = stateClosed, c.now()
	}
	return &simkit.Response{Status: http.StatusNoContent}
}

// rotate changes nothing in the record, not even modified. The label in the 409 is odd because the
// server looks it up in the table of another kind of object.
func (k *accountKind) rotate(c *call) *simkit.Response {
	a, problem := k.writable(c)
	if problem != nil {
		return problem
	}
	var issued secret
	switch {
	case a.State == stateErred:
		return refuse(http.StatusConflict, "Valid states for operation: UPDATE_SCHEDULED.")
	case c.options.Backend == BackendOff:
		return serverFault()
	case c.options.Backend == BackendMock:
		issued = c.mockSecret("rotated-mock-api-key-" + a.Username + "-" + c.RandomHex(8))
	default:
		rotated := c.serviceRotate(a.Username)
		if rotated.problem != nil {
			return rotated.problem
		}
		if issued = rotated.issued; issued.token == nil {
			return refuse(http.StatusBadRequest, "API key rotation failed - no token returned")
		}
	}
	return respond(http.StatusOK, k.render(c, a, issued))
}
