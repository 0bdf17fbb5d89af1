// Package provider is the Terraform provider: the only place that knows all systems.
package provider

import (
	"context"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/decrypted"
	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr"
	"github.com/svcacct/terraform-provider-svcacct/internal/inventory"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront"
)

// systems returns all systems. In this package, only this list changes for a new system.
func systems() []tfkit.System {
	return []tfkit.System{waldur.System(), wavefront.System(), instaclustr.System()}
}

// Options are for tests. The zero value is right for production.
type Options struct {
	Clock     tfkit.Clock   // nil: the system clock
	RetryWait time.Duration // before the first retry; zero: the default of the transport
	// NoBulkReads lets each object be read by a request of its own, as http.bulk_reads = false does.
	NoBulkReads bool
}

// New returns the constructor of the provider of a version.
func New(version string, o Options) func() provider.Provider {
	if o.Clock == nil {
		o.Clock = tfkit.SystemClock
	}
	return func() provider.Provider {
		return &svcacctProvider{version: version, options: o, getenv: os.Getenv, systems: systems()}
	}
}

var (
	_ provider.ProviderWithEphemeralResources = &svcacctProvider{}
	_ provider.ProviderWithListResources      = &svcacctProvider{}
	_ provider.ProviderWithActions            = &svcacctProvider{}
	_ provider.ProviderWithFunctions          = &svcacctProvider{}
)

type svcacctProvider struct {
	version string
	options Options
	getenv  func(string) string
	systems []tfkit.System
}

func (p *svcacctProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "svcacct"
	resp.Version = p.version
}

func (p *svcacctProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = configSchema(p.systems)
}

func (p *svcacctProvider) Resources(context.Context) []func() resource.Resource {
	return all(p.systems, func(s tfkit.System) []func() resource.Resource { return s.Resources })
}

func (p *svcacctProvider) DataSources(context.Context) []func() datasource.DataSource {
	own := all(p.systems, func(s tfkit.System) []func() datasource.DataSource { return s.DataSources })
	return append(own, inventory.New(p.systems))
}

func (p *svcacctProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	joined := all(p.systems, func(s tfkit.System) []func() ephemeral.EphemeralResource { return s.EphemeralResources })
	return append(joined, decrypted.New(p.getenv))
}

func (p *svcacctProvider) ListResources(context.Context) []func() list.ListResource {
	return all(p.systems, func(s tfkit.System) []func() list.ListResource { return s.ListResources })
}

func (p *svcacctProvider) Actions(context.Context) []func() action.Action {
	return all(p.systems, func(s tfkit.System) []func() action.Action { return s.Actions })
}

func (p *svcacctProvider) Functions(context.Context) []func() function.Function {
	return all(p.systems, func(s tfkit.System) []func() function.Function { return s.Functions })
}

// all returns what the systems serve of one kind.
func all[T any](systems []tfkit.System, kind func(tfkit.System) []T) []T {
	var joined []T
	for _, s := range systems {
		joined = append(joined, kind(s)...)
	}
	return joined
}
