package instaclustr

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/bulk"
	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// client is what everything of a configured Instaclustr shares.
type client struct {
	*instaclustrapi.Client
	// known has all service users, with their keys.
	known *bulk.Reader[instaclustrapi.ServiceUser]
	roles plannedRoles

	adoptions adoptions
}

func newClient(http *transport.Client, username string, data *tfkit.Data) *client {
	api := instaclustrapi.New(http, username)
	return &client{Client: api, known: bulk.New(bulk.Source[instaclustrapi.ServiceUser]{
		Get: api.ServiceUsers.Get, List: api.ServiceUsers.List,
		ID:  func(user *instaclustrapi.ServiceUser) string { return user.Username },
		Off: data.NoBulkReads,
	})}
}

type (
	connection    = tfkit.Connection[client]
	base          = tfkit.Base[client]
	ephemeralBase = tfkit.EphemeralBase[client]
)

const (
	serviceUserType = "svcacct_instaclustr_service_user"
	apiKeyType      = "svcacct_instaclustr_service_user_api_key"
)

// signsInAs reports whether the provider signs in as a user. The documentation allows a service
// user no more than to rotate its own keys. If the service allows more, the provider must not
// remove its own access.
func (c *client) signsInAs(username string) bool {
	return c != nil && username != "" && c.Username() == username
}

// lockoutAllowed reports whether a plan may remove the access of the provider itself. If that is not known
// before apply, the plan passes: Terraform plans again during apply.
func lockoutAllowed(allowed types.Bool) bool { return allowed.IsUnknown() || allowed.ValueBool() }

// lock waits until no other operation of this provider reads a service user in order to change it.
func lock(data *tfkit.Data, username string) (unlock func()) {
	return data.Locks.Lock(serviceUserType + "/" + username)
}
