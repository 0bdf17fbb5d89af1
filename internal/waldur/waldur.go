// Package waldur is everything that a user sees of Waldur.
package waldur

import (
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// System describes Waldur to the provider.
func System() tfkit.System {
	return tfkit.Definition[client]{
		Block: block, Title: "Waldur", Settings: []tfkit.Setting{endpointSetting, tokenSetting},
		Options: func(o transport.Options, v tfkit.Values) transport.Options {
			return waldurapi.Options(o, v.Of(tokenSetting))
		},
		Client: func(data *tfkit.Data, http *transport.Client, _ tfkit.Values) *client {
			return newClient(http, data)
		},
		Resources: []func(*connection) resource.Resource{
			customerServiceAccountKind.newResource,
			projectServiceAccountKind.newResource,
			newRobotAccountResource,
		},
		DataSources: []func(*connection) datasource.DataSource{
			customerDataSource.New,
			serviceAccountDataSource[customerServiceAccountDataModel](customerServiceAccountKind).New,
			serviceAccountsDataSource[customerServiceAccountsDataModel](customerServiceAccountKind).New,
			projectDataSource.New,
			serviceAccountDataSource[projectServiceAccountDataModel](projectServiceAccountKind).New,
			serviceAccountsDataSource[projectServiceAccountsDataModel](projectServiceAccountKind).New,
			resourceDataSource.New,
			robotAccountDataSource.New,
			robotAccountsDataSource.New,
			userDataSource.New,
		},
		ListResources: []func(*connection) list.ListResource{
			serviceAccountListResource[customerServiceAccountFilterModel](customerServiceAccountKind).New,
			serviceAccountListResource[projectServiceAccountFilterModel](projectServiceAccountKind).New,
			robotAccountListResource.New,
		},
		Actions: []func(*connection) action.Action{
			rotateAPIKeyAction.New,
			setRobotAccountStateAction.New,
		},
		Functions: []func() function.Function{
			uuidFunction.New,
		},
		Inventory: inventory, InventoryAbout: inventoryAbout,
	}.System()
}
