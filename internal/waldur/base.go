package waldur

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/bulk"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

type connection = tfkit.Connection[client]

// client is the client of one configured Waldur server. It is shared by everything that uses the server.
type client struct {
	*waldurapi.Client
	http        *transport.Client
	noBulkReads bool
	// serviceAccounts has the accounts of each customer and project, robotAccounts those of each project.
	serviceAccounts bulk.Readers[waldurapi.ServiceAccount]
	robotAccounts   bulk.Readers[waldurapi.RobotAccount]
	rights          rights
	// newAccountSeen says of projects, by their UUIDs, whether the token saw an account after its create.
	newAccountSeen sync.Map
	// robotStates is whether the server keeps states of robot accounts.
	robotStates memo[bool]
}

func newClient(http *transport.Client, data *tfkit.Data) *client {
	api := waldurapi.New(http)
	return &client{
		Client: api, http: http, noBulkReads: data.NoBulkReads,
		rights: rights{users: api.Users, clock: data.Clock, gathering: gathering},
	}
}

// maxIdentifier is the limit of the server's columns for identifiers and for usernames.
const maxIdentifier = 32

// uuidIdentity is the identity of every resource of Waldur.
type uuidIdentity struct {
	UUID types.String `tfsdk:"uuid"`
}

func identityOf(uuid tfkit.UUID) any { return uuidIdentity{types.StringValue(uuid.ValueString())} }

// accountType returns the type of a resource: all have the same identity. Resolve returns the UUID
// that an import id names.
func accountType(
	name string, s func() schema.Schema, resolve func(context.Context, *client, string) (string, error),
	fail func(diags *diag.Diagnostics, verb, subject string, err error, hints ...string),
) tfkit.ResourceType[client] {
	return tfkit.ResourceType[client]{
		Name: name, Schema: s, Identity: []tfkit.IdentityAttribute{{Name: "uuid", Description: "UUID of the account."}},
		Resolve: func(ctx context.Context, c *client, id string, diags *diag.Diagnostics) []string {
			uuid, err := resolve(ctx, c, id)
			if err != nil {
				fail(diags, "import", id, err)
			}
			return []string{uuid}
		},
	}
}
