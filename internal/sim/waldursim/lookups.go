package waldursim

import (
	"net/http"
	"slices"
	"strings"
)

var (
	customers = listing{
		path: "customers", model: "Customer", rows: customerRows,
		filters: []filter{
			{"name_exact", "name", equals},
			{"name", "name", contains},
			{"native_name", "native_name", contains},
			{"abbreviation", "abbreviation", contains},
			{"slug", "slug", equals},
			{"backend_id", "backend_id", equals},
			{"query", "", containsIn("name", "native_name", "abbreviation")},
		},
		order: []string{"name", "native_name", "abbreviation", "created"},
	}
	projects = listing{
		path: "projects", model: "Project", rows: projectRows,
		filters: []filter{
			{"name_exact", "name", equals},
			{"name", "name", contains},
			{"customer", "customer_uuid", uuidIn},
			{"slug", "slug", equals},
			{"backend_id", "backend_id", equals},
			{"query", "", containsIn("name")},
		},
		order: []string{"name", "created", "customer_name", "end_date"},
	}
	consumedResources = resourceListing("marketplace-resources", (*call).consumesResource)
	providedResources = resourceListing("marketplace-provider-resources", (*call).providesResource)

	users = listing{
		path: "users", model: "User", rows: userRows,
		filters: []filter{
			{"username", "username", equals},
			{"email", "email", contains},
			{"full_name", "full_name", contains},
			{"customer_uuid", "uuid", inCustomer},
			{"project_uuid", "uuid", inProject},
			{"user_keyword", "", containsIn("username", "full_name", "email")},
		},
		order: []string{"username", "full_name", "email"},
	}
)

func resourceListing(path string, visible func(*call, *resourceRow) bool) listing {
	return listing{
		path: path, model: "Resource",
		rows: func(c *call) []record { return resourceRows(c, visible) },
		filters: []filter{
			{"name_exact", "name", equals},
			{"name", "name", contains},
			{"project_uuid", "project_uuid", uuidEquals},
			{"customer_uuid", "customer_uuid", uuidEquals},
			{"provider_uuid", "provider_uuid", uuidEquals},
			{"offering_uuid", "offering_uuid", uuidEquals},
			{"state", "state", anyOf("Creating", "OK", "Erred", "Updating", "Terminating", "Terminated")},
			{"backend_id", "backend_id", equals},
			{"query", "", containsIn("name", "backend_id")},
		},
		order: []string{"name", "created", "project_name", "state"},
	}
}

func lookupRoutes() []route {
	me := operation{"users_me_retrieve", func(c *call) answer {
		return jsonAnswer(http.StatusOK, users.project(c, []record{c.userFields(c.user)})[0])
	}}
	routes := []route{{view: "users-me", pattern: "/api/users/me/", methods: map[string]operation{
		http.MethodGet: me, http.MethodHead: me,
	}}}
	for _, l := range []listing{customers, projects, consumedResources, providedResources, users} {
		list, detail := l.routes()
		routes = append(routes, list, detail)
	}
	return routes
}

func customerRows(c *call) []record {
	var rows []record
	for _, row := range c.sim.store.customers.all() {
		if c.seesCustomer(row.uuid) {
			rows = append(rows, record{
				"url":                  c.link("customers", row.uuid),
				"uuid":                 row.uuid,
				"created":              row.created,
				"name":                 row.Name,
				"native_name":          row.NativeName,
				"abbreviation":         row.Abbreviation,
				"slug":                 row.Slug,
				"email":                row.Email,
				"backend_id":           row.BackendID,
				"archived":             row.Archived,
				"blocked":              row.Blocked,
				"max_service_accounts": row.MaxServiceAccounts.wire(),
			})
		}
	}
	return rows
}

func projectRows(c *call) []record {
	var rows []record
	for _, row := range c.sim.store.projects.all() {
		if row.removed || !c.seesProject(row) {
			continue
		}
		owner := c.sim.store.customers.get(row.Customer)
		var end any
		if row.EndDate != "" {
			end = row.EndDate
		}
		rows = append(rows, record{
			"url":                   c.link("projects", row.uuid),
			"uuid":                  row.uuid,
			"created":               row.created,
			"name":                  row.Name,
			"slug":                  row.Slug,
			"backend_id":            row.BackendID,
			"customer":              c.link("customers", row.Customer),
			"customer_uuid":         row.Customer,
			"customer_name":         owner.Name,
			"customer_abbreviation": owner.Abbreviation,
			"end_date":              end,
			"is_removed":            row.removed,
			"max_service_accounts":  row.MaxServiceAccounts.wire(),
		})
	}
	return rows
}

func (c *call) consumesResource(r *resourceRow) bool {
	p, ok := c.sim.store.project(r.Project)
	return c.seesAll() || ok && c.seesProject(p)
}

func (c *call) providesResource(r *resourceRow) bool {
	return c.seesAll() || c.sim.hasRole(c.user.uuid, r.Provider)
}

// resourceRows gives both views the same objects, whose address is that of the
// consumer's view.
func resourceRows(c *call, visible func(*call, *resourceRow) bool) []record {
	var rows []record
	for _, row := range c.sim.store.resources.all() {
		if !visible(c, row) {
			continue
		}
		p := c.sim.store.projects.get(row.Project)
		rows = append(rows, record{
			"url":           c.link("marketplace-resources", row.uuid),
			"uuid":          row.uuid,
			"created":       row.created,
			"name":          row.Name,
			"slug":          row.Slug,
			"state":         row.State,
			"backend_id":    row.BackendID,
			"project_uuid":  row.Project,
			"project_name":  p.Name,
			"customer_uuid": p.Customer,
			"provider_uuid": row.Provider,
			"offering_uuid": row.Offering,
			"offering_name": row.OfferingName,
		})
	}
	return rows
}

// userRows are sorted by name: the one list here whose default order is not that
// of creation.
func userRows(c *call) []record {
	seen := slices.DeleteFunc(c.sim.store.users.all(), func(u *userRow) bool { return !c.seesUser(u) })
	slices.SortStableFunc(seen, func(a, b *userRow) int { return strings.Compare(a.Username, b.Username) })
	var rows []record
	for _, u := range seen {
		rows = append(rows, c.userFields(u))
	}
	return rows
}

func (c *call) userFields(u *userRow) record {
	return record{
		"url":        c.link("users", u.uuid),
		"uuid":       u.uuid,
		"username":   u.Username,
		"full_name":  u.FullName,
		"email":      u.Email,
		"is_active":  !u.Inactive,
		"is_staff":   u.Staff,
		"is_support": u.Support,
	}
}

// inCustomer counts a role on one of the customer's projects too.
func inCustomer(c *call, field string, values []string) (test, error) {
	uuid, ok := parseUUID(strings.TrimSpace(last(values)))
	if !ok {
		return nil, invalidValue("Enter a valid UUID.")
	}
	scopes := []string{uuid}
	for _, p := range c.sim.store.projects.all() {
		if p.Customer == uuid {
			scopes = append(scopes, p.uuid)
		}
	}
	return c.rolesOn(field, scopes), nil
}

func inProject(c *call, field string, values []string) (test, error) {
	uuid, ok := parseUUID(strings.TrimSpace(last(values)))
	if !ok {
		return nil, invalidValue("Enter a valid UUID.")
	}
	return c.rolesOn(field, []string{uuid}), nil
}

func (c *call) rolesOn(field string, scopes []string) test {
	return func(row record) bool {
		user, _ := row[field].(string)
		return slices.ContainsFunc(scopes, func(scope string) bool { return c.sim.hasRole(user, scope) })
	}
}
