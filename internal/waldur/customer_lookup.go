package waldur

import (
	"context"
	"fmt"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// customers is the only place with requests about customers.
type customers struct{ client *client }

// get reads a customer.
func (s customers) get(ctx context.Context, uuid string) (*waldurapi.Customer, error) {
	return s.client.Customers.Get(ctx, uuid)
}

// byName returns the only customer with exactly this name.
func (s customers) byName(ctx context.Context, name string) (*waldurapi.Customer, error) {
	found, err := s.client.Customers.ByName(ctx, name)
	if err != nil {
		return nil, err
	}
	return only(found, "customer named "+tfkit.Quote(name), func(c waldurapi.Customer) string {
		return fmt.Sprintf("%s (abbreviation %q)", c.UUID, c.Abbreviation)
	})
}
