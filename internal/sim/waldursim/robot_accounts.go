package waldursim

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// robotStates are in the order of their numbers in the state filter, which begin at 1.
var robotStates = []string{"Requested", "Creating", stateOK, "Requested deletion", "Deleted", "Error"}

// transitions are the state actions. Each starts from one state only, so neither Error nor Deleted
// has a way out.
var transitions = []struct{ action, from, to string }{
	{"set_state_creating", "Requested", "Creating"},
	{"set_state_ok", "Creating", stateOK},
	{"set_state_erred", stateOK, "Error"},
	{"set_state_request_deletion", stateOK, "Requested deletion"},
	{"set_state_deleted", "Requested deletion", "Deleted"},
}

// robotAccount is the record of a robot account.
type robotAccount struct {
	created, modified string
	RobotAccount
}

func (a *robotAccount) id() string { return a.UUID }

// robotType is what is unique among robot accounts.
type robotType struct{ resource, name string }

// consent is a user's acceptance of the terms of service of an offering.
type consent struct{ user, offering string }

// robotPlace is the resource of a robot account and what it belongs to.
type robotPlace struct {
	resource *Resource
	project  *Project
	customer *Customer // of the project
	provider *Customer // of the offering
}

// place takes the UUID of a resource in the stored form.
func (s *Sim) place(resource string) robotPlace {
	r := s.resources.index[resource]
	p := s.projects.index[r.Project]
	return robotPlace{r, p, s.customers.index[p.Customer], s.customers.index[r.Provider]}
}

// consumes reports whether the user has a role on the project that uses the resource, or on its
// customer.
func (s *Sim) consumes(user string, place robotPlace) bool {
	return s.hasRole(user, place.project.UUID) || s.hasRole(user, place.customer.UUID)
}

func (c *call) seesRobots(resource string) bool {
	place := c.place(resource)
	return c.seesAll() || c.consumes(c.user.UUID, place) || c.hasRole(c.user.UUID, place.provider.UUID)
}

// writesRobots looks at the provider alone: an owner of the resource's customer only reads.
func (c *call) writesRobots(permission, resource string) bool {
	return c.user.Staff || c.may(permission, c.place(resource).provider.UUID)
}

func (s *Sim) consented(user string, place robotPlace) bool {
	return !s.options.ConsentRedaction || s.consents[consent{user, place.resource.Offering}]
}

// hides returns a function that reports whether the caller does not see a user of an account.
func (c *call) hides(place robotPlace) func(user string) bool {
	open := c.seesAll() || c.consumes(c.user.UUID, place)
	return func(user string) bool { return user != "" && !open && !c.consented(user, place) }
}

// robotEndpoint serves robot accounts as of now or, with old, as of October 2024.
type robotEndpoint struct {
	listing
	old bool
}

func newRobotEndpoint(old bool) *robotEndpoint {
	e := &robotEndpoint{old: old}
	e.listing = listing{path: "marketplace-robot-accounts", model: "RobotAccount", source: e.view(), whole: old}
	e.filters = map[string]filter{
		"resource":      linkEquals(resourcesPath, "resource_uuid"),
		"resource_uuid": uuidEquals("resource_uuid"),
		"project_uuid":  uuidEquals("project_uuid"),
		"customer_uuid": uuidEquals("customer_uuid"),
		"provider_uuid": uuidEquals("provider_uuid"),
		"type":          equals("type"),
	}
	if old {
		e.filters["provider_uuid"] = uuidEquals("offering_customer_uuid")
		return e
	}
	e.filters["state"] = inRobotState
	e.filters["created"], e.filters["created_before"] = since("created"), until("created")
	e.filters["modified"], e.filters["modified_before"] = since("modified"), until("modified")
	e.filters["username"] = contains("username")
	// People may be hidden from the rows: the server's filters ask the database.
	e.filters["user_email"] = func(c *call, values []string) (func(row) bool, string) {
		return func(r row) bool {
			return slices.ContainsFunc(c.robotOf(r).Users, func(user string) bool {
				return holds(c.users.must(user).Email, values[0])
			})
		}, ""
	}
	e.filters["responsible_user_uuid"] = byUUID(func(c *call, r row, uuid string) bool {
		return c.robotOf(r).ResponsibleUser == uuid
	})
	return e
}

func (c *call) robotOf(r row) *robotAccount { return c.robotAccounts.must(text(r, "uuid")) }

// inRobotState reads the number of a state; bodies have the label.
func inRobotState(_ *call, values []string) (func(row) bool, string) {
	number, err := strconv.Atoi(values[0])
	if err != nil || number < 1 || number > len(robotStates) {
		return nil, noChoice(values[0])
	}
	return func(r row) bool { return r.get("state") == robotStates[number-1] }, ""
}

func (e *robotEndpoint) serve(s *Sim) {
	e.listing.serve(s)
	s.handle(e.operation("create"), "POST "+e.list(), e.create)
	s.handle(e.operation("update"), "PUT "+e.one(), e.put)
	s.handle(e.operation("partial_update"), "PATCH "+e.one(), e.patch)
	s.handle(e.operation("destroy"), "DELETE "+e.one(), e.destroy)
	for _, t := range transitions {
		if !e.old {
			s.handle(e.operation(t.action), "POST "+e.one()+t.action+"/", func(c *call) *simkit.Response {
				return e.setState(c, t.from, t.to)
			})
		}
	}
}

func (e *robotEndpoint) view() *view[*robotAccount] {
	return &view[*robotAccount]{
		objects: func(s *Sim) []*robotAccount { return s.robotAccounts.rows },
		find:    func(s *Sim, uuid string) (*robotAccount, bool) { return s.robotAccounts.find(uuid) },
		sees:    func(c *call, a *robotAccount) bool { return c.seesRobots(a.Resource) },
		field:   e.field, render: e.details,
	}
}

func (e *robotEndpoint) field(c *call, a *robotAccount, name string) (value any, ok bool) {
	switch name {
	case "resource_uuid":
		return a.Resource, true
	case "project_uuid":
		return c.place(a.Resource).project.UUID, true
	case "customer_uuid":
		return c.place(a.Resource).customer.UUID, true
	case "type":
		return a.Type, true
	case "username":
		return a.Username, true
	case "state":
		return a.State, !e.old
	}
	return nil, false
}

// find returns the account of the path: an account that the caller may not see is missing, not
// forbidden.
func (e *robotEndpoint) find(c *call) (*robotAccount, *simkit.Response) {
	found, ok := c.robotAccounts.find(c.uuid())
	if !ok || !c.seesRobots(found.Resource) {
		return nil, e.missing()
	}
	return found, nil
}

// writable finds the account of the path for a caller who has a permission.
func (e *robotEndpoint) writable(c *call, permission string) (*robotAccount, *simkit.Response) {
	found, problem := e.find(c)
	if problem == nil && !c.writesRobots(permission, found.Resource) {
		problem = refuse(http.StatusForbidden, textForbidden)
	}
	return found, problem
}

// shown returns the people of an account without those whom the caller does not see.
func (c *call) shown(a *robotAccount) (users []string, responsible string) {
	hidden := c.hides(c.place(a.Resource))
	if !hidden(a.ResponsibleUser) {
		responsible = a.ResponsibleUser
	}
	return slices.DeleteFunc(slices.Clone(a.Users), hidden), responsible
}

// render returns the fields of an account. The function person returns the form of a user.
func (e *robotEndpoint) render(c *call, a *robotAccount, person func(uuid string) any) record {
	users, responsible := c.shown(a)
	people := []any{}
	for _, user := range users {
		people = append(people, person(user))
	}
	row := record{
		"url": c.link(e.path, a.UUID), "uuid": a.UUID, "created": a.created, "modified": a.modified,
		"resource": c.link(resourcesPath, a.Resource), "type": a.Type, "username": a.Username,
		"users": people, "responsible_user": nil, "keys": append([]string{}, a.Keys...),
		"fingerprints": fingerprints(a.Keys), "backend_id": a.BackendID,
	}
	if responsible != "" {
		row["responsible_user"] = person(responsible)
	}
	if !e.old {
		row["description"], row["state"] = a.Description, a.State
		row["error_message"], row["error_traceback"] = a.ErrorMessage, ""
	}
	return row
}

// plain is the form of responses to writes: people are links.
func (e *robotEndpoint) plain(c *call, a *robotAccount) record {
	return e.render(c, a, func(uuid string) any { return c.link("users", uuid) })
}

// details is the form of reads and of the state actions: people are objects, and the names of
// resource, project, customer and provider are there.
func (e *robotEndpoint) details(c *call, a *robotAccount) record {
	place, keys := c.place(a.Resource), []record{}
	row := e.render(c, a, func(uuid string) any { return c.person(uuid) })
	users, _ := c.shown(a)
	for _, user := range users {
		keys = append(keys, c.userKeys(user)...)
	}
	row["user_keys"] = keys
	row["resource_uuid"], row["resource_name"] = place.resource.UUID, place.resource.Name
	row["project_uuid"], row["project_name"] = place.project.UUID, place.project.Name
	row["customer_uuid"], row["customer_name"] = place.customer.UUID, place.customer.Name
	row["offering_plugin_options"] = record{}
	if e.old {
		row["offering_customer_uuid"] = place.provider.UUID
	} else {
		row["provider_uuid"], row["provider_name"] = place.provider.UUID, place.provider.Name
	}
	return row
}

func (c *call) person(uuid string) record {
	u := c.users.must(uuid)
	return record{
		"url": c.link("users", u.UUID), "uuid": u.UUID, "username": u.Username, "full_name": u.FullName,
		"native_name": u.NativeName, "email": u.Email, "image": nil,
	}
}

// destroy looks neither at the state nor at the origin of the account.
func (e *robotEndpoint) destroy(c *call) *simkit.Response {
	a, problem := e.writable(c, permissionDeleteRobot)
	if problem != nil {
		return problem
	}
	c.removeRobotAccount(a)
	return &simkit.Response{Status: http.StatusNoContent}
}

func (s *Sim) removeRobotAccount(gone *robotAccount) {
	s.robotAccounts.remove(gone)
}

// setState checks the state before the body, and reads a body for set_state_erred alone.
func (e *robotEndpoint) setState(c *call, from, to string) *simkit.Response {
	a, problem := e.writable(c, permissionUpdateRobot)
	if problem != nil {
		return problem
	}
	if a.State != from {
		return refuse(http.StatusConflict, "Valid states for operation: "+from+".")
	}
	if to == "Error" {
		fields, problem := c.fields()
		if problem != nil {
			return problem
		}
		message, problems := a.ErrorMessage, record{}
		readTexts(fields, []textField{{name: "error_message"}}, map[string]*string{"error_message": &message}, problems)
		if len(problems) > 0 {
			return invalid(problems)
		}
		a.ErrorMessage = message
	}
	a.State, a.modified = to, c.now()
	return respond(http.StatusOK, e.project(c, e.details(c, a)))
}
