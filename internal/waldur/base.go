package waldur

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

type (
	connection     = tfkit.Connection[waldurapi.Client]
	base           = tfkit.Base[waldurapi.Client]
	resourceBase   = tfkit.ResourceBase[waldurapi.Client]
	dataSourceBase = tfkit.DataSourceBase[waldurapi.Client]
	actionBase     = tfkit.ActionBase[waldurapi.Client]
)

// uuidIdentity is the identity of every resource here.
type uuidIdentity struct {
	UUID types.String `tfsdk:"uuid"`
}

// hintOn joins what to do about an error: what the caller says, and what Waldur does not say of a refused token.
func hintOn(err error, hints ...string) string {
	if transport.Unauthorized(err) {
		hints = append(hints, "The token, from "+tokenSetting.Sources(block)+", is wrong or has ended. A session token ends after an hour "+
			"without use, a personal access token at its date.")
	}
	return strings.Join(hints, "\n\n")
}
