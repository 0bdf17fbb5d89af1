package waldurapi

import (
	"context"
	"net/url"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Customer is an organization. A text that the response does not have is "", another member is nil.
type Customer struct {
	UUID         string `json:"uuid"`
	Name         string `json:"name"`
	NativeName   string `json:"native_name"`
	Abbreviation string `json:"abbreviation"`
	Slug         string `json:"slug"`
	BackendID    string `json:"backend_id"`
	// MaxServiceAccounts is nil if there is no limit, and if the server does not return it, as in 2024. The
	// server's default is 0.
	MaxServiceAccounts *int64 `json:"max_service_accounts"`
	Archived           *bool  `json:"archived"`
	Blocked            *bool  `json:"blocked"`
}

// Complete implements transport.Complete.
func (c *Customer) Complete() error { return transport.Required("uuid", c.UUID) }

// Project belongs to a customer. A text that the response does not have is "", another member is nil.
type Project struct {
	UUID               string  `json:"uuid"`
	Name               string  `json:"name"`
	Slug               string  `json:"slug"`
	BackendID          string  `json:"backend_id"`
	CustomerUUID       string  `json:"customer_uuid"`
	CustomerName       string  `json:"customer_name"`
	EndDate            *string `json:"end_date"`             // a date; nil: none
	MaxServiceAccounts *int64  `json:"max_service_accounts"` // as that of a customer
}

// Complete implements transport.Complete.
func (p *Project) Complete() error { return transport.Required("uuid", p.UUID) }

// customerFields and projectFields narrow a response to the members of Customer and Project: the server
// spends most of its time on the others.
var (
	customerFields = []string{
		"uuid", "name", "native_name", "abbreviation", "slug", "backend_id", "max_service_accounts", "archived",
		"blocked",
	}
	projectFields = []string{
		"uuid", "name", "slug", "backend_id", "customer_uuid", "customer_name", "end_date", "max_service_accounts",
	}
)

// Customers has the operations on customers.
type Customers struct{ http *transport.Client }

// Get reads one customer. The server also returns 404 for a customer that the caller may not see.
//
// GET /api/customers/{uuid}/
func (c Customers) Get(ctx context.Context, uuid string) (*Customer, error) {
	return transport.Get[Customer](ctx, c.http, object("customers", uuid), url.Values{"field": customerFields})
}

// ByName returns all customers with exactly this name: names are not unique.
//
// GET /api/customers/
func (c Customers) ByName(ctx context.Context, name string) ([]Customer, error) {
	// An empty name has no customer, and does not mean any.
	filter := url.Values{"name_exact": {name}, "field": customerFields}
	return list(ctx, c.http, "customers", filter, func(c *Customer) string { return c.UUID })
}

// Projects has the operations on projects.
type Projects struct{ http *transport.Client }

// Get reads one project. The server also returns 404 for a project that the caller may not see.
//
// GET /api/projects/{uuid}/
func (p Projects) Get(ctx context.Context, uuid string) (*Project, error) {
	return transport.Get[Project](ctx, p.http, object("projects", uuid), url.Values{"field": projectFields})
}

// ByName returns all projects with exactly this name: names are not unique. A customer's UUID narrows
// the list to the projects of that customer; "" means any customer.
//
// GET /api/projects/
func (p Projects) ByName(ctx context.Context, name, customer string) ([]Project, error) {
	filter := transport.Query(map[string]string{"customer": customer}) // a UUID; in other areas this filter is a URL
	filter.Set("name_exact", name)
	filter["field"] = projectFields
	return list(ctx, p.http, "projects", filter, func(p *Project) string { return p.UUID })
}
