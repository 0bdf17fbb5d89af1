// Package instaclustr is everything that a user sees of Instaclustr.
package instaclustr

import (
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resources returns the constructors of the managed resources.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{
		newServiceUserResource,
		newAPIKeyResource,
	}
}

// DataSources returns the constructors of the data sources.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newServiceUserDataSource,
		newServiceUsersDataSource,
		newAPIKeyDataSource,
		newAPIKeysDataSource,
	}
}

// EphemeralResources returns the constructors of the ephemeral resources.
func EphemeralResources() []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		newAPIKeyEphemeralResource,
	}
}

// ListResources returns the constructors of the list resources.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{
		newServiceUserListResource,
		newAPIKeyListResource,
	}
}

// Actions returns the constructors of the actions.
func Actions() []func() action.Action {
	return []func() action.Action{
		newRotateAPIKeyAction,
	}
}
