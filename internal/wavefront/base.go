package wavefront

import (
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

type (
	connection    = tfkit.Connection[wavefrontapi.Client]
	base          = tfkit.Base[wavefrontapi.Client]
	ephemeralBase = tfkit.EphemeralBase[wavefrontapi.Client]

	dataSource[M any]   = tfkit.DataSource[wavefrontapi.Client, M]
	listResource[M any] = tfkit.ListResource[wavefrontapi.Client, M]
)

// shutDown is the first paragraph of every page of this system.
const shutDown = "~> **The service has reportedly been shut down since 31 October 2025.** The provider follows the " +
	"API documents of the vendor. It is tested against a simulator, since no server is available any more.\n\n"
