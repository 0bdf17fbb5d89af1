package wavefront

import (
	"context"
	"slices"
	"time"

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

func newClient(http *transport.Client, data *tfkit.Data) *client {
	api := wavefrontapi.New(http)
	return &client{api, http, bulk.New(bulk.Source[wavefrontapi.ServiceAccount]{
		Get: api.ServiceAccounts.Get,
		List: func(ctx context.Context) ([]wavefrontapi.ServiceAccount, error) {
			all, err := api.ServiceAccounts.List(ctx)
			return withoutUnknownTokens(all), err
		},
		ID:  func(a *wavefrontapi.ServiceAccount) string { return a.Identifier },
		Off: data.NoBulkReads,
	})}
}

// withoutUnknownTokens returns the accounts of a list with nil for tokens that are not known: a list in which no
// account has a token may be one of shortened accounts.
func withoutUnknownTokens(all []wavefrontapi.ServiceAccount) []wavefrontapi.ServiceAccount {
	if slices.ContainsFunc(all, func(a wavefrontapi.ServiceAccount) bool { return len(a.Tokens) > 0 }) {
		return all
	}
	for i := range all {
		all[i].Tokens = nil
	}
	return all
}

// now returns the time of the server as far as it is known, else that of the provider's clock: the server
// dates its tokens.
func (c *client) now(clock tfkit.Clock) time.Time {
	if at, known := c.http.ServerTime(); known {
		return at
	}
	return clock()
}
