package wavefront

import (
	"github.com/svcacct/terraform-provider-svcacct/internal/bulk"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

type (
	connection    = tfkit.Connection[client]
	base          = tfkit.Base[client]
	ephemeralBase = tfkit.EphemeralBase[client]

	dataSource[M any]   = tfkit.DataSource[client, M]
	listResource[M any] = tfkit.ListResource[client, M]
)

// shutDown is the first paragraph of every page of this system.
const shutDown = "~> **The service has reportedly been shut down since 31 October 2025.** The provider follows the " +
	"API documents of the vendor. It is tested against a simulator, since no server is available any more.\n\n"

// client is the client of one configured server. It is shared by everything that uses the server.
type client struct {
	*wavefrontapi.Client
	http *transport.Client
	// accounts has all accounts, with their tokens.
	accounts *bulk.Reader[wavefrontapi.ServiceAccount]
}

func newClient(http *transport.Client, token string, data *tfkit.Data) *client {
	api := wavefrontapi.New(http, token)
	return &client{api, http, bulk.New(bulk.Source[wavefrontapi.ServiceAccount]{
		Get: api.ServiceAccounts.Get, List: api.ServiceAccounts.List,
		ID:  func(a *wavefrontapi.ServiceAccount) string { return a.Identifier },
		Off: data.NoBulkReads,
	})}
}
