// Package wavefront is everything that a user sees of Wavefront.
package wavefront

import (
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// System describes Wavefront to the provider.
func System() tfkit.System {
	return tfkit.Definition[client]{
		Block: block, Title: "Wavefront", Settings: []tfkit.Setting{endpointSetting, tokenSetting},
		Options: func(o transport.Options, v tfkit.Values) transport.Options {
			return wavefrontapi.Options(o, v.Of(tokenSetting))
		},
		Client: func(data *tfkit.Data, http *transport.Client, _ tfkit.Values) *client {
			return newClient(http, data)
		},
		Resources: []func(*connection) resource.Resource{
			newAccountResource,
			newTokenResource,
		},
		DataSources: []func(*connection) datasource.DataSource{
			roleDataSource.New,
			serviceAccountDataSource.New,
			serviceAccountsDataSource.New,
			tokenDataSource.New,
			tokensDataSource.New,
			userGroupDataSource.New,
		},
		EphemeralResources: []func(*connection) ephemeral.EphemeralResource{
			newTokenEphemeral,
		},
		ListResources: []func(*connection) list.ListResource{
			serviceAccountListResource.New,
			tokenListResource.New,
		},
		Actions: []func(*connection) action.Action{
			setActiveAction.New,
		},
		Functions: []func() function.Function{
			identifierFunction.New,
		},
		Inventory: inventory, InventoryAbout: inventoryAbout,
	}.System()
}
