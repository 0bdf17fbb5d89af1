package waldursim

import (
	"net/http"
	"slices"
)

const (
	stateRequested         = "Requested"
	stateCreating          = "Creating"
	stateRequestedDeletion = "Requested deletion"
	stateDeleted           = "Deleted"
	stateError             = "Error"
)

// robotStates are in the order of the numbers that the state filter takes, which
// begin at 1.
var robotStates = []string{
	stateRequested, stateCreating, stateOK, stateRequestedDeletion, stateDeleted, stateError,
}

// robotAccount is the record of a robot account. Others appear in it by UUID.
type robotAccount struct {
	uuid, created, modified      string
	resource, kind               string // kind is the field called type
	username, description        string
	users                        []string // a set, sorted
	responsible                  string   // empty is null
	keys                         []string
	state                        string
	errorMessage, errorTraceback string
	backendID                    string
}

// robotPlace is what a robot account stands on.
type robotPlace struct {
	resource *resourceRow
	project  *projectRow
	customer *customerRow // of the project
	provider *customerRow // of the offering
}

// robotPlace does not find a resource whose project or provider is gone.
func (s *Sim) robotPlace(resource string) (robotPlace, bool) {
	r := s.store.resources.get(resource)
	if r == nil {
		return robotPlace{}, false
	}
	p, ok := s.store.project(r.Project)
	provider := s.store.customers.get(r.Provider)
	if !ok || provider == nil {
		return robotPlace{}, false
	}
	return robotPlace{r, p, s.store.customers.get(p.Customer), provider}, true
}

// placeOf is for stored accounts, which go when their place does.
func (s *Sim) placeOf(a *robotAccount) robotPlace {
	place, ok := s.robotPlace(a.resource)
	if !ok {
		panic("waldursim: the robot account " + a.uuid + " has lost its resource")
	}
	return place
}

// consumes tells whether the user belongs to the side that uses the resource.
func (s *Sim) consumes(user string, place robotPlace) bool {
	return s.hasRole(user, place.project.uuid) || s.hasRole(user, place.customer.uuid)
}

func (c *call) seesRobots(place robotPlace) bool {
	return c.seesAll() || c.sim.consumes(c.user.uuid, place) || c.sim.hasRole(c.user.uuid, place.provider.uuid)
}

// writesRobots looks at the provider alone: an owner of the resource's customer
// only reads.
func (c *call) writesRobots(place robotPlace) bool {
	return c.user.Staff || slices.ContainsFunc(c.sim.store.grants, func(g grant) bool {
		return g.user == c.user.uuid && g.scope == place.provider.uuid && g.role.writesRobots()
	})
}

func (s *Sim) consents(user string, place robotPlace) bool {
	return !s.options.ConsentRedaction || s.store.consents[consent{user, place.resource.Offering}]
}

// hides tells which users of an account the caller is not shown.
func (c *call) hides(place robotPlace) func(user string) bool {
	open := c.seesAll() || c.sim.consumes(c.user.uuid, place)
	return func(user string) bool {
		return user != "" && !open && !c.sim.consents(user, place)
	}
}

// robotEndpoint serves robot accounts as of now or, with old, as of October 2024.
type robotEndpoint struct {
	listing
	old bool
}

func robotAccountRoutes(old bool) []route {
	e := &robotEndpoint{old: old}
	e.listing = listing{
		path: "marketplace-robot-accounts", model: "RobotAccount", rows: e.visible,
		filters: robotFilters(old), order: []string{},
	}
	list, detail := e.routes()
	list.methods[http.MethodPost] = operation{e.operation("create"), e.create}
	detail.methods[http.MethodPut] = operation{e.operation("update"), e.put}
	detail.methods[http.MethodPatch] = operation{e.operation("partial_update"), e.patch}
	detail.methods[http.MethodDelete] = operation{e.operation("destroy"), e.destroy}
	routes := []route{list, detail}
	if old {
		return routes
	}
	return append(routes, e.transitionRoutes(detail.pattern)...)
}

func (e *robotEndpoint) visible(c *call) []record {
	var rows []record
	for _, a := range c.sim.store.robots.all() {
		if c.seesRobots(c.sim.placeOf(a)) {
			rows = append(rows, e.details(c, a))
		}
	}
	return rows
}

// writable finds the account of the path for a write: what the caller may not see
// is missing rather than forbidden.
func (e *robotEndpoint) writable(c *call) (*robotAccount, *answer) {
	uuid, ok := parseUUID(c.uuid)
	if !ok {
		a := refuse(http.StatusNotFound, textNotFound)
		return nil, &a
	}
	found := c.sim.store.robots.get(uuid)
	if found == nil || !c.seesRobots(c.sim.placeOf(found)) {
		a := e.missing()
		return nil, &a
	}
	if !c.writesRobots(c.sim.placeOf(found)) {
		a := refuse(http.StatusForbidden, textForbidden)
		return nil, &a
	}
	return found, nil
}

// shown are the users and the responsible user without those hidden from the
// caller.
func (c *call) shown(a *robotAccount) (users []string, responsible string) {
	hidden := c.hides(c.sim.placeOf(a))
	users = slices.DeleteFunc(slices.Clone(a.users), hidden)
	if !hidden(a.responsible) {
		responsible = a.responsible
	}
	return users, responsible
}

// plain is the form in which writes answer: people are links.
func (e *robotEndpoint) plain(c *call, a *robotAccount) record {
	row := a.fields()
	users, responsible := c.shown(a)
	links := []string{}
	for _, user := range users {
		links = append(links, c.link("users", user))
	}
	row["url"] = c.link(e.path, a.uuid)
	row["resource"] = c.link(consumedResources.path, a.resource)
	row["users"], row["responsible_user"] = links, nil
	if responsible != "" {
		row["responsible_user"] = c.link("users", responsible)
	}
	row["fingerprints"] = fingerprints(a.keys)
	if e.old {
		for _, name := range []string{"state", "description", "error_message", "error_traceback"} {
			delete(row, name)
		}
	}
	return row
}

// details is the form of reads and of the state actions: people are objects, and
// the surroundings are told.
func (e *robotEndpoint) details(c *call, a *robotAccount) record {
	row, place := e.plain(c, a), c.sim.placeOf(a)
	users, responsible := c.shown(a)
	objects := []record{}
	for _, user := range users {
		objects = append(objects, c.basicUser(user))
	}
	row["users"] = objects
	if responsible != "" {
		row["responsible_user"] = c.basicUser(responsible)
	}
	row["user_keys"] = c.userKeys(users)
	row["resource_uuid"], row["resource_name"] = place.resource.uuid, place.resource.Name
	row["project_uuid"], row["project_name"] = place.project.uuid, place.project.Name
	row["customer_uuid"], row["customer_name"] = place.customer.uuid, place.customer.Name
	row["offering_plugin_options"] = record{}
	if e.old {
		row["offering_customer_uuid"] = place.provider.uuid
	} else {
		row["provider_uuid"], row["provider_name"] = place.provider.uuid, place.provider.Name
	}
	return row
}

func (c *call) basicUser(uuid string) record {
	u := c.sim.store.users.get(uuid)
	return record{
		"url":         c.link("users", u.uuid),
		"uuid":        u.uuid,
		"username":    u.Username,
		"full_name":   u.FullName,
		"native_name": "",
		"email":       u.Email,
		"image":       nil,
	}
}

// destroy asks neither for the state nor for the origin of the account.
func (e *robotEndpoint) destroy(c *call) answer {
	a, problem := e.writable(c)
	if problem != nil {
		return *problem
	}
	c.sim.store.robots.remove(a.uuid)
	return answer{status: http.StatusNoContent}
}
