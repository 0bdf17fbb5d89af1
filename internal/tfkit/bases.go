package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Base is what every resource, data source and action of a system has: the connection to its
// client, the client itself, and the data that all systems share. Client and Data are nil until the
// provider is configured.
type Base[C any] struct {
	Connection *Connection[C]
	Data       *Data
	Client     *C
}

// ResourceBase is the Base of resources and list resources.
type ResourceBase[C any] struct{ Base[C] }

// Configure implements resource.ResourceWithConfigure and list.ListResourceWithConfigure.
func (b *ResourceBase[C]) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	b.Data, b.Client = b.Connection.open(req.ProviderData, &resp.Diagnostics)
}

// DataSourceBase is the Base of data sources.
type DataSourceBase[C any] struct{ Base[C] }

// Configure implements datasource.DataSourceWithConfigure.
func (b *DataSourceBase[C]) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	b.Data, b.Client = b.Connection.open(req.ProviderData, &resp.Diagnostics)
}

// ActionBase is the Base of actions.
type ActionBase[C any] struct{ Base[C] }

// Configure implements action.ActionWithConfigure.
func (b *ActionBase[C]) Configure(
	_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse,
) {
	b.Data, b.Client = b.Connection.open(req.ProviderData, &resp.Diagnostics)
}

// EphemeralBase is the Base of ephemeral resources.
type EphemeralBase[C any] struct{ Base[C] }

// Configure implements ephemeral.EphemeralResourceWithConfigure.
func (b *EphemeralBase[C]) Configure(
	_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse,
) {
	b.Data, b.Client = b.Connection.open(req.ProviderData, &resp.Diagnostics)
}
