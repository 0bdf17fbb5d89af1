// Package waldur is everything that a user sees of Waldur.
package waldur

import (
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resources returns the constructors of the managed resources.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{
		newCustomerServiceAccountResource,
		newProjectServiceAccountResource,
		newRobotAccountResource,
	}
}

// DataSources returns the constructors of the data sources.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newCustomerDataSource,
		newCustomerServiceAccountDataSource,
		newCustomerServiceAccountsDataSource,
		newProjectDataSource,
		newProjectServiceAccountDataSource,
		newProjectServiceAccountsDataSource,
		newResourceDataSource,
		newRobotAccountDataSource,
		newRobotAccountsDataSource,
		newUserDataSource,
	}
}

// ListResources returns the constructors of the list resources.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{
		newCustomerServiceAccountListResource,
		newProjectServiceAccountListResource,
		newRobotAccountListResource,
	}
}

// Actions returns the constructors of the actions.
func Actions() []func() action.Action {
	return []func() action.Action{
		newRotateAPIKeyAction,
		newSetRobotAccountStateAction,
	}
}
