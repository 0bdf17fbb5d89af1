// Package instaclustr is everything that a user sees of Instaclustr.
package instaclustr

import (
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// System describes Instaclustr to the provider.
func System() tfkit.System {
	return tfkit.Definition[client]{
		Block: block, Title: "Instaclustr", Settings: []tfkit.Setting{endpointSetting, usernameSetting, apiKeySetting},
		Options: func(o transport.Options, v tfkit.Values) transport.Options {
			return instaclustrapi.Options(o, v.Of(usernameSetting), v.Of(apiKeySetting))
		},
		Client: func(data *tfkit.Data, http *transport.Client, v tfkit.Values) *client {
			return newClient(http, v.Of(usernameSetting), data)
		},
		Resources: []func(*connection) resource.Resource{
			newServiceUserResource,
			newAPIKeyResource,
		},
		DataSources: []func(*connection) datasource.DataSource{
			serviceUserDataSource().New,
			serviceUsersDataSource().New,
			apiKeyDataSource().New,
			apiKeysDataSource().New,
		},
		EphemeralResources: []func(*connection) ephemeral.EphemeralResource{
			newAPIKeyEphemeralResource,
		},
		ListResources: []func(*connection) list.ListResource{
			serviceUserListResource().New,
			apiKeyListResource().New,
		},
		Actions: []func(*connection) action.Action{
			rotateAPIKeyAction.New,
		},
		Inventory: inventory, InventoryAbout: inventoryAbout,
	}.System()
}
