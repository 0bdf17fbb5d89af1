package waldur

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

func system(d *tfkit.Data) tfkit.System[waldurapi.Client] { return d.Waldur }

// resourceBase gives a resource or a list resource its client.
type resourceBase struct {
	data   *tfkit.Data
	client *waldurapi.Client
}

func (b *resourceBase) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	b.data, b.client = tfkit.FromProvider(req.ProviderData, system, &resp.Diagnostics)
}

// dataSourceBase gives a data source its client.
type dataSourceBase struct{ client *waldurapi.Client }

func (b *dataSourceBase) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	_, b.client = tfkit.FromProvider(req.ProviderData, system, &resp.Diagnostics)
}

// actionBase gives an action its client.
type actionBase struct{ client *waldurapi.Client }

func (b *actionBase) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	_, b.client = tfkit.FromProvider(req.ProviderData, system, &resp.Diagnostics)
}

// hintOn joins what to do about an error: what the caller says, and what Waldur does not say of a refused token.
func hintOn(err error, hints ...string) string {
	if transport.Unauthorized(err) {
		hints = append(hints, "The token, from waldur.token in the provider block or from WALDUR_ACCESS_TOKEN, is wrong or has ended. A session token ends "+
			"after an hour without use, a personal access token at its date.")
	}
	return strings.Join(hints, "\n\n")
}
