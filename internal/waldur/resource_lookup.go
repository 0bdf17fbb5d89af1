package waldur

import (
	"context"
	"fmt"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// resources is the only place with requests about marketplace resources.
type resources struct{ client *client }

// get reads a resource in one of the two views.
func (s resources) get(ctx context.Context, view waldurapi.ResourceView, uuid string) (*waldurapi.Resource, error) {
	return s.client.Resources.Get(ctx, view, uuid)
}

// visible reports whether the token sees a resource, as its provider or as its consumer.
func (s resources) visible(ctx context.Context, uuid string) (bool, error) {
	_, err := s.get(ctx, waldurapi.ProviderView, uuid)
	if transport.NotFound(err) {
		_, err = s.get(ctx, waldurapi.ConsumerView, uuid)
	}
	if transport.NotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// byName returns the only resource that a filter with a name finds in one of the two views.
func (s resources) byName(
	ctx context.Context, view waldurapi.ResourceView, filter waldurapi.ResourceFilter,
) (*waldurapi.Resource, error) {
	found, err := s.client.Resources.List(ctx, view, filter)
	if err != nil {
		return nil, err
	}
	wanted := "resource named " + tfkit.Quote(filter.Name)
	return only(found, wanted, func(r waldurapi.Resource) string {
		return fmt.Sprintf("%s (%s, of project %s, from %q)", r.UUID, r.State, r.ProjectUUID, r.OfferingName)
	})
}
