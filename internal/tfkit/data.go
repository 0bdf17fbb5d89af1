package tfkit

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// Data is what the configured provider hands to everything that it serves.
type Data struct {
	Clock rotation.Clock
	Locks *Locks
	// Planned is what the plan of one object tells the plans of others, in the same run, by keys of its own type.
	Planned *sync.Map

	Waldur      System[waldurapi.Client]
	Wavefront   System[wavefrontapi.Client]
	Instaclustr System[instaclustrapi.Client]
}

// System is one configured system, or what its configuration lacks.
type System[C any] struct {
	Client  *C
	Missing error // which settings are missing or can't be used; nil if none
}

// system returns the system with this type of client.
func system[C any](d *Data) System[C] {
	for _, candidate := range []any{d.Waldur, d.Wavefront, d.Instaclustr} {
		if s, ok := candidate.(System[C]); ok {
			return s
		}
	}
	return System[C]{Missing: fmt.Errorf("the provider has no system with the client %T; this is a bug in the provider", new(C))}
}

// FromProvider unpacks the data that the framework hands to Configure. It returns nil, without an error, while
// the provider is not configured, as during validation, and nil with an error if the system's settings are missing.
func FromProvider[C any](providerData any, diags *diag.Diagnostics) (*Data, *C) {
	if providerData == nil {
		return nil, nil
	}
	data, ok := providerData.(*Data)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("This is a bug in the provider: got %T.", providerData))
		return nil, nil
	}
	s := system[C](data)
	if s.Missing != nil {
		diags.AddError("Missing provider configuration", s.Missing.Error())
		return nil, nil
	}
	return data, s.Client
}

// ResourceBase gives a resource or a list resource the client of its system.
type ResourceBase[C any] struct {
	Data   *Data
	Client *C
}

// Configure implements resource.ResourceWithConfigure and list.ListResourceWithConfigure.
func (b *ResourceBase[C]) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	b.Data, b.Client = FromProvider[C](req.ProviderData, &resp.Diagnostics)
}

// DataSourceBase gives a data source the client of its system.
type DataSourceBase[C any] struct{ Client *C }

// Configure implements datasource.DataSourceWithConfigure.
func (b *DataSourceBase[C]) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	_, b.Client = FromProvider[C](req.ProviderData, &resp.Diagnostics)
}

// ActionBase gives an action the client of its system.
type ActionBase[C any] struct{ Client *C }

// Configure implements action.ActionWithConfigure.
func (b *ActionBase[C]) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	_, b.Client = FromProvider[C](req.ProviderData, &resp.Diagnostics)
}

// EphemeralBase gives an ephemeral resource the client of its system.
type EphemeralBase[C any] struct {
	Data   *Data
	Client *C
}

// Configure implements ephemeral.EphemeralResourceWithConfigure.
func (b *EphemeralBase[C]) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	b.Data, b.Client = FromProvider[C](req.ProviderData, &resp.Diagnostics)
}
