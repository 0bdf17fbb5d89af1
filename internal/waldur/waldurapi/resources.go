package waldurapi

import (
	"context"
	"net/url"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// ResourceTerminated is the state of a resource that was deleted. Waldur keeps its record.
const ResourceTerminated = "Terminated"

// ResourceStates are all states of a resource.
var ResourceStates = []string{"Creating", "OK", "Erred", "Updating", "Terminating", ResourceTerminated}

// Resource is an instance of an offering that a project ordered. A text that the response does not have is
// "".
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
func (r *Resource) Complete() error { return transport.Required("uuid", r.UUID) }

// ResourceView is one of the two lists of resources.
type ResourceView string

// The consumer view has the resources of the projects that the caller may see. The provider view has
// the resources of the offerings that the caller provides.
const (
	ConsumerView ResourceView = "marketplace-resources"
	ProviderView ResourceView = "marketplace-provider-resources"
)

// ResourceFilter narrows a list; "" and nil mean any.
type ResourceFilter struct {
	Name, ProjectUUID, CustomerUUID, ProviderUUID, OfferingUUID string   // exact
	States                                                      []string // any of them
}

// Resources has the operations on resources.
type Resources struct{ http *transport.Client }

// resourceFields narrow a response to the members of Resource: the full object is large.
var resourceFields = []string{
	"uuid", "name", "slug", "state", "project_uuid", "customer_uuid", "provider_uuid", "offering_uuid", "offering_name",
	"backend_id",
}

// Get reads one resource. The server also returns 404 for a resource that the caller may not see in
// this view.
//
// GET /api/marketplace-resources/{uuid}/
// GET /api/marketplace-provider-resources/{uuid}/
func (s Resources) Get(ctx context.Context, view ResourceView, uuid string) (*Resource, error) {
	return transport.Get[Resource](ctx, s.http, object(string(view), uuid), url.Values{"field": resourceFields})
}

// List returns all resources that match and that the caller may see in this view.
//
// GET /api/marketplace-resources/
// GET /api/marketplace-provider-resources/
func (s Resources) List(ctx context.Context, view ResourceView, f ResourceFilter) ([]Resource, error) {
	query := transport.Query(map[string]string{
		"name_exact": f.Name, "project_uuid": f.ProjectUUID, "customer_uuid": f.CustomerUUID,
		"provider_uuid": f.ProviderUUID, "offering_uuid": f.OfferingUUID,
	})
	query["field"] = resourceFields
	if len(f.States) > 0 {
		query["state"] = f.States
	}
	return list(ctx, s.http, string(view), query, func(r *Resource) string { return r.UUID })
}
