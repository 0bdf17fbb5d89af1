// Package provider is the Terraform provider: the only place that knows all systems.
package provider

import (
	"context"
	"os"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr"
	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront"
)

// Options are what tests change; the zero value is right for production.
type Options struct {
	Clock     rotation.Clock // nil: the machine's
	RetryWait time.Duration  // before the first retry; zero: the transport's own
}

// New returns the constructor of the provider of a version.
func New(version string, o Options) func() provider.Provider {
	if o.Clock == nil {
		o.Clock = rotation.SystemClock
	}
	return func() provider.Provider {
		return &svcacctProvider{version: version, options: o, getenv: os.Getenv}
	}
}

var (
	_ provider.ProviderWithEphemeralResources = &svcacctProvider{}
	_ provider.ProviderWithListResources      = &svcacctProvider{}
	_ provider.ProviderWithActions            = &svcacctProvider{}
)

type svcacctProvider struct {
	version string
	options Options
	getenv  func(string) string
}

func (p *svcacctProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "svcacct"
	resp.Version = p.version
}

func (p *svcacctProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = configSchema()
}

func (p *svcacctProvider) Resources(context.Context) []func() resource.Resource {
	return slices.Concat(waldur.Resources(), wavefront.Resources(), instaclustr.Resources())
}

func (p *svcacctProvider) DataSources(context.Context) []func() datasource.DataSource {
	return slices.Concat(waldur.DataSources(), wavefront.DataSources(), instaclustr.DataSources())
}

func (p *svcacctProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return slices.Concat(wavefront.EphemeralResources(), instaclustr.EphemeralResources())
}

func (p *svcacctProvider) ListResources(context.Context) []func() list.ListResource {
	return slices.Concat(waldur.ListResources(), wavefront.ListResources(), instaclustr.ListResources())
}

func (p *svcacctProvider) Actions(context.Context) []func() action.Action {
	return slices.Concat(waldur.Actions(), wavefront.Actions(), instaclustr.Actions())
}
