package waldur

import (
	"context"

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
type actionBase struct {
	data   *tfkit.Data
	client *waldurapi.Client
}

func (b *actionBase) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	b.data, b.client = tfkit.FromProvider(req.ProviderData, system, &resp.Diagnostics)
}

// credentialHint explains a refused token, which Waldur does not: it says the same of one that is wrong and one that is over.
func credentialHint(err error) []string {
	if !transport.Unauthorized(err) {
		return nil
	}
	return []string{"The token, from waldur.token in the provider block or from WALDUR_ACCESS_TOKEN, is wrong or has ended. A session token ends " +
		"after an hour without use, a personal access token at its date."}
}
