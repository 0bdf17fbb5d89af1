package provider

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// Configure turns the block and the environment into one client a system. Nothing is sent.
func (p *svcacctProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var c config
	resp.Diagnostics.Append(req.Config.Get(ctx, &c)...)
	if resp.Diagnostics.HasError() {
		return
	}
	base, diags := p.transportOptions(ctx, c.HTTP, req.TerraformVersion)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	unknown := unknownAttributes("http", c.HTTP)
	data := &tfkit.Data{Clock: p.options.Clock, Locks: &tfkit.Locks{}, Planned: &sync.Map{}}

	data.Waldur = connect(waldurSystem, p.resolve(waldurSystem, c.Waldur, unknown), &resp.Diagnostics,
		func(http *transport.Client, _ map[string]string) *waldurapi.Client { return waldurapi.New(http) },
		func(values map[string]string) transport.Options {
			return waldurapi.Options(at(base, values), values["token"])
		})
	data.Wavefront = connect(wavefrontSystem, p.resolve(wavefrontSystem, c.Wavefront, unknown), &resp.Diagnostics,
		func(http *transport.Client, values map[string]string) *wavefrontapi.Client {
			return wavefrontapi.New(http, values["token"])
		},
		func(values map[string]string) transport.Options {
			return wavefrontapi.Options(at(base, values), values["token"])
		})
	data.Instaclustr = connect(instaclustrSystem, p.resolve(instaclustrSystem, c.Instaclustr, unknown), &resp.Diagnostics,
		func(http *transport.Client, values map[string]string) *instaclustrapi.Client {
			return instaclustrapi.New(http, values["username"], values["api_key"])
		},
		func(values map[string]string) transport.Options {
			return instaclustrapi.Options(at(base, values), values["username"], values["api_key"])
		})

	resp.ResourceData, resp.DataSourceData = data, data
	resp.EphemeralResourceData, resp.ListResourceData, resp.ActionData = data, data, data
}

func (p *svcacctProvider) resolve(s system, block types.Object, unknown error) resolved {
	r := s.resolve(block, p.getenv)
	r.unknown = cmp.Or(r.unknown, unknown)
	return r
}

func at(base transport.Options, values map[string]string) transport.Options {
	base.Endpoint = values["endpoint"]
	return base
}

// connect makes the client of a system whose settings are known. One that lacks a setting stands as missing; one with
// a setting that is not known yet gets a client that fails when it is used.
func connect[C any](
	s system, r resolved, diags *diag.Diagnostics,
	client func(*transport.Client, map[string]string) *C, options func(map[string]string) transport.Options,
) tfkit.System[C] {
	switch {
	case r.missing != nil:
		return tfkit.System[C]{Missing: r.missing}
	case r.unknown != nil:
		return tfkit.System[C]{Client: client(transport.Unavailable(r.unknown), nil)}
	}
	endpoint := path.Root(s.block).AtName("endpoint")
	o := options(r.values)
	http, err := transport.New(o)
	if err != nil { // an error only when the system is used: the environment may be meant for other programs
		return tfkit.System[C]{Missing: fmt.Errorf("%s can't be reached: %w. Its settings come from the block %s, or from the environment: %s",
			s.title, err, s.block, s.variables())}
	}
	if transport.PlainText(o.Endpoint) {
		diags.AddAttributeWarning(endpoint, "Credentials cross the network unencrypted", fmt.Sprintf("%s is plain http, and its host is "+
			"not this machine: the credential of the provider, and every key that is issued, can be read on the way. Use https.", endpoint))
	}
	return tfkit.System[C]{Client: client(http, r.values)}
}

// transportOptions returns the options that all systems share. Attributes that are unknown count as not set.
func (p *svcacctProvider) transportOptions(ctx context.Context, block types.Object, terraform string) (transport.Options, diag.Diagnostics) {
	var c httpConfig
	var diags diag.Diagnostics
	if !block.IsNull() && !block.IsUnknown() {
		diags = block.As(ctx, &c, basetypes.ObjectAsOptions{})
	}
	o := transport.Options{
		MaxRetries:           transport.DefaultMaxRetries,
		MaxRequestsPerSecond: transport.DefaultMaxRequestsPerSecond,
		RetryWait:            p.options.RetryWait,
		CACertificate:        c.CACertificate.ValueString(),
	}
	if known(c.MaxRetries) {
		o.MaxRetries = int(c.MaxRetries.ValueInt64())
	}
	if known(c.MaxRequestsPerSecond) {
		o.MaxRequestsPerSecond = c.MaxRequestsPerSecond.ValueFloat64()
	}
	if known(c.RequestTimeout) {
		timeout, timeoutDiags := c.RequestTimeout.ValueGoDuration()
		diags.Append(timeoutDiags...)
		o.RequestTimeout = timeout
	}
	o.UserAgent = strings.TrimSpace(fmt.Sprintf("terraform-provider-svcacct/%s Terraform/%s %s", p.version, terraform, strings.TrimSpace(c.UserAgentSuffix.ValueString())))
	return o, diags
}

func known(value interface {
	IsNull() bool
	IsUnknown() bool
}) bool {
	return !value.IsNull() && !value.IsUnknown()
}
