package waldurapi

import (
	"context"
	"net/url"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// ResourceTerminated is the state of a resource that is no more. Waldur keeps its record.
const ResourceTerminated = "Terminated"

// ResourceStates are all states of a resource.
var ResourceStates = []string{"Creating", "OK", "Erred", "Updating", "Terminating", ResourceTerminated}

// Resource is something that a project has got from an offering.
type Resource struct {
	UUID         string `json:"uuid"`
	Name         string `json:"name"`
	Slug         string `json:"slug"`
	State        string `json:"state"`
	ProjectUUID  string `json:"project_uuid"`
	CustomerUUID string `json:"customer_uuid"`
	ProviderUUID string `json:"provider_uuid"` // the customer that owns the offering
	OfferingUUID string `json:"offering_uuid"`
	OfferingName string `json:"offering_name"`
	BackendID    string `json:"backend_id"`
}

// Complete implements transport.Complete.
func (r *Resource) Complete() error { return identified(r.UUID) }

// ResourceView is the side from which resources are seen.
type ResourceView string

// The two views show the same resources to different people: those who use them, and those who provide them.
const (
	ConsumerView ResourceView = "marketplace-resources"
	ProviderView ResourceView = "marketplace-provider-resources"
)

// ResourceFilter narrows a list; "" and nil mean any.
type ResourceFilter struct {
	Name, ProjectUUID, CustomerUUID, ProviderUUID, OfferingUUID string   // exact
	States                                                      []string // any of them
}

// Resources are the operations on resources.
type Resources struct{ http *transport.Client }

// fields narrows an answer to what Resource holds: the full object is large.
var resourceFields = []string{"uuid", "name", "slug", "state", "project_uuid", "customer_uuid", "provider_uuid", "offering_uuid", "offering_name", "backend_id"}

// Get reads one resource. 404 may mean that the caller is not allowed to see it from this side.
//
// GET /api/marketplace-{,provider-}resources/{uuid}/
func (s Resources) Get(ctx context.Context, view ResourceView, uuid string) (*Resource, error) {
	return transport.Get[Resource](ctx, s.http, object(string(view), uuid), url.Values{"field": resourceFields})
}

// List returns all resources that match and that the caller may see from this side.
//
// GET /api/marketplace-{,provider-}resources/
func (s Resources) List(ctx context.Context, view ResourceView, f ResourceFilter) ([]Resource, error) {
	query := url.Values{"field": resourceFields}
	for name, text := range map[string]string{
		"name_exact": f.Name, "project_uuid": f.ProjectUUID, "customer_uuid": f.CustomerUUID,
		"provider_uuid": f.ProviderUUID, "offering_uuid": f.OfferingUUID,
	} {
		if text != "" {
			query.Set(name, text)
		}
	}
	if len(f.States) > 0 {
		query["state"] = f.States
	}
	return list(ctx, s.http, string(view), query, func(r Resource) string { return r.UUID })
}
