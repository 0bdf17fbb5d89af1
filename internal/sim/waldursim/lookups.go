package waldursim

import (
	"net/http"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// resourcesPath is the consumer's view, which has the addresses of resources.
const resourcesPath = "marketplace-resources"

var (
	customers = listing{
		path: "customers", model: "Customer",
		source: &view[*Customer]{
			objects: func(s *Sim) []*Customer { return s.customers.rows },
			find:    func(s *Sim, uuid string) (*Customer, bool) { return s.customers.find(uuid) },
			sees:    (*call).seesCustomer, render: customerRow,
		},
		filters: map[string]filter{"name_exact": equals("name")},
	}
	projects = listing{
		path: "projects", model: "Project",
		source: &view[*Project]{
			objects: func(s *Sim) []*Project { return s.projects.rows },
			find:    func(s *Sim, uuid string) (*Project, bool) { return s.projects.find(uuid) },
			sees:    (*call).seesProject, render: projectRow,
		},
		filters: map[string]filter{"name_exact": equals("name"), "customer": uuidEquals("customer_uuid")},
	}
	consumedResources = resourceListing(resourcesPath, func(c *call, r *Resource) bool {
		return c.seesAll() || c.seesProject(c.projects.must(r.Project))
	})
	providedResources = resourceListing("marketplace-provider-resources", func(c *call, r *Resource) bool {
		return c.seesAll() || c.hasRole(c.user.UUID, r.Provider)
	})
	users = listing{
		path: "users", model: "User",
		source: &view[*User]{
			objects: usersByName,
			find:    func(s *Sim, uuid string) (*User, bool) { return s.users.find(uuid) },
			sees:    (*call).seesUser, render: (*call).userRow,
		},
		filters: map[string]filter{
			"username": equals("username"),
			"email":    contains("email"),
			"customer_uuid": byUUID(func(c *call, r row, uuid string) bool {
				return c.belongsTo(text(r, "uuid"), uuid)
			}),
			"project_uuid": byUUID(func(c *call, r row, uuid string) bool {
				return c.hasRole(text(r, "uuid"), uuid)
			}),
		},
	}
)

func resourceListing(path string, visible func(*call, *Resource) bool) listing {
	return listing{
		path: path, model: "Resource",
		source: &view[*Resource]{
			objects: func(s *Sim) []*Resource { return s.resources.rows },
			find:    func(s *Sim, uuid string) (*Resource, bool) { return s.resources.find(uuid) },
			sees:    visible, field: resourceField, render: resourceRow,
		},
		filters: map[string]filter{
			"name_exact":    equals("name"),
			"project_uuid":  uuidEquals("project_uuid"),
			"customer_uuid": uuidEquals("customer_uuid"),
			"provider_uuid": uuidEquals("provider_uuid"),
			"offering_uuid": uuidEquals("offering_uuid"),
			"state":         oneOf("state", "Creating", "OK", "Erred", "Updating", "Terminating", "Terminated"),
		},
	}
}

func serveLookups(s *Sim) {
	s.handle("users_me_retrieve", "GET /api/users/me/", me)
	s.handle("users_me_retrieve", "HEAD /api/users/me/", me)
	for _, l := range []listing{customers, projects, consumedResources, providedResources, users, roleList} {
		l.serve(s)
		s.handle(l.operation("create"), "POST "+l.list(), notSimulated)
		s.handle(l.operation("update"), "PUT "+l.one(), notSimulated)
		s.handle(l.operation("partial_update"), "PATCH "+l.one(), notSimulated)
		s.handle(l.operation("destroy"), "DELETE "+l.one(), notSimulated)
	}
}

// notSimulated refuses writes that no test needs. Most callers may not do them anyway.
func notSimulated(c *call) *simkit.Response {
	if c.user.Staff {
		return notAllowed(c.request.Method)
	}
	return refuse(http.StatusForbidden, textForbidden)
}

func customerRow(c *call, customer *Customer) record {
	return c.limited(customer.MaxServiceAccounts, record{
		"url":          c.link("customers", customer.UUID),
		"uuid":         customer.UUID,
		"name":         customer.Name,
		"native_name":  customer.NativeName,
		"abbreviation": customer.Abbreviation,
		"slug":         customer.Slug,
		"backend_id":   customer.BackendID,
		"email":        customer.Email,
		"archived":     customer.Archived,
		"blocked":      customer.Blocked,
	})
}

// limited adds the limit of service accounts, where the server has service accounts.
func (c *call) limited(limit int, row record) record {
	if c.options.NoServiceAccounts {
		return row
	}
	row["max_service_accounts"] = limit
	if limit == Unlimited {
		row["max_service_accounts"] = nil
	}
	return row
}

func projectRow(c *call, p *Project) record {
	return c.limited(p.MaxServiceAccounts, record{
		"url":           c.link("projects", p.UUID),
		"uuid":          p.UUID,
		"name":          p.Name,
		"slug":          p.Slug,
		"backend_id":    p.BackendID,
		"customer":      c.link("customers", p.Customer),
		"customer_uuid": p.Customer,
		"customer_name": c.customers.must(p.Customer).Name,
		"end_date":      textOrNull(p.EndDate),
	})
}

func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// resourceRow returns the same object in both views, with the address in the consumer's view.
func resourceRow(c *call, r *Resource) record {
	return record{
		"url":           c.link(resourcesPath, r.UUID),
		"uuid":          r.UUID,
		"name":          r.Name,
		"slug":          r.Slug,
		"state":         r.State,
		"backend_id":    r.BackendID,
		"project_uuid":  r.Project,
		"customer_uuid": c.projects.must(r.Project).Customer,
		"provider_uuid": r.Provider,
		"offering_uuid": r.Offering,
		"offering_name": r.OfferingName,
	}
}

func resourceField(_ *call, r *Resource, name string) (value any, ok bool) {
	switch name {
	case "name":
		return r.Name, true
	case "project_uuid":
		return r.Project, true
	}
	return nil, false
}

// usersByName is the order of the list of users; all other lists are in the order of creation.
func usersByName(s *Sim) []*User {
	return slices.SortedStableFunc(slices.Values(s.users.rows), func(a, b *User) int {
		return strings.Compare(a.Username, b.Username)
	})
}

// userRow has three fields for staff and support alone.
func (c *call) userRow(u *User) record {
	row := record{
		"url":       c.link("users", u.UUID),
		"uuid":      u.UUID,
		"username":  u.Username,
		"full_name": u.FullName,
		"email":     u.Email,
	}
	if c.seesAll() {
		row["is_active"], row["is_staff"], row["is_support"] = !u.Inactive, u.Staff, u.Support
	}
	return row
}
