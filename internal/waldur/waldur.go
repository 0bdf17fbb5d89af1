// Package waldur is everything that a user sees of Waldur.
package waldur

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resources returns the constructors of the managed resources.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{
		newCustomerServiceAccountResource,
		newProjectServiceAccountResource,
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
	}
}
