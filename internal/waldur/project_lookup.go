package waldur

import (
	"context"
	"fmt"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// projects is the only place with requests about projects.
type projects struct{ client *client }

// get reads a project.
func (s projects) get(ctx context.Context, uuid string) (*waldurapi.Project, error) {
	return s.client.Projects.Get(ctx, uuid)
}

// byName returns the only project with exactly this name, of a customer or, for "", of any
// customer.
func (s projects) byName(ctx context.Context, name, customer string) (*waldurapi.Project, error) {
	found, err := s.client.Projects.ByName(ctx, name, customer)
	if err != nil {
		return nil, err
	}
	return only(found, "project named "+tfkit.Quote(name), func(p waldurapi.Project) string {
		return fmt.Sprintf("%s (of customer %q, %s)", p.UUID, p.CustomerName, p.CustomerUUID)
	})
}
