package provider

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Configure creates one client for each system, from the provider block and the environment. It
// sends no request.
func (p *svcacctProvider) Configure(
	ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse,
) {
	httpObject := block(ctx, req.Config, httpBlock, &resp.Diagnostics)
	c := httpSettings(ctx, httpObject, &resp.Diagnostics)
	base := p.transportOptions(c, req.TerraformVersion)
	if resp.Diagnostics.HasError() {
		return
	}
	data := &tfkit.Data{
		Clock: p.options.Clock, Locks: &tfkit.Locks{},
		Imports:     tfkit.NewImports(p.getenv),
		NoBulkReads: p.options.NoBulkReads || known(c.BulkReads) && !c.BulkReads.ValueBool(),
	}
	for _, s := range p.systems {
		settings := resolve(s, block(ctx, req.Config, s.Block, &resp.Diagnostics), p.getenv)
		settings.unknown = cmp.Or(settings.unknown, unknownAttributes(httpBlock, httpObject))
		connect(s, data, base, settings, &resp.Diagnostics)
	}
	resp.ResourceData, resp.DataSourceData = data, data
	resp.EphemeralResourceData, resp.ListResourceData, resp.ActionData = data, data, data
}

// block returns an attribute of the provider block, as an object: all of it may be unknown.
func block(ctx context.Context, config tfsdk.Config, name string, diags *diag.Diagnostics) (object types.Object) {
	diags.Append(config.GetAttribute(ctx, path.Root(name), &object)...)
	return object
}

// connect gives a system the client for its settings. If a setting is missing or invalid, the
// system gets an error instead, which is reported only when the system is used: the environment may
// be set for other programs. If a setting is not known yet, the client fails when it sends a
// request.
func connect(s tfkit.System, data *tfkit.Data, base transport.Options, settings resolved, diags *diag.Diagnostics) {
	switch {
	case settings.missing != nil:
		s.Unusable("Missing provider configuration", settings.missing)
		return
	case settings.unknown != nil:
		s.Connect(data, transport.Unavailable(settings.unknown), nil)
		return
	}
	base.Endpoint, base.Origin = settings.values[tfkit.EndpointName], settings.origin
	base.CredentialFile = settings.file
	o := s.Options(base, settings.values)
	http, err := transport.New(o)
	err = cmp.Or(settings.invalid, err)
	if _, bad := transport.ParseEndpoint(o.Endpoint); bad != nil {
		err = fmt.Errorf("the address from %s is %w. An example is %s", settings.origin, bad, example(s))
	} else if err != nil {
		err = fmt.Errorf("%w. The settings come from the block %s, or from the environment: %s", err, s.Block,
			variables(s))
	}
	if err != nil {
		s.Unusable("Invalid provider configuration", fmt.Errorf("%s can't be reached: %w", s.Title, err))
		return
	}
	if transport.PlainText(o.Endpoint) {
		endpoint := path.Root(s.Block).AtName(tfkit.EndpointName)
		diags.AddAttributeWarning(endpoint, "Credentials cross the network unencrypted", fmt.Sprintf("%s is plain "+
			"http, and its host is not this machine: the credential of the provider, and every issued key, can be "+
			"read on the network. Use https.", endpoint))
	}
	s.Connect(data, http, settings.values)
}

// httpSettings reads the block of settings that all systems share.
func httpSettings(ctx context.Context, block types.Object, diags *diag.Diagnostics) (c httpConfig) {
	if !block.IsNull() && !block.IsUnknown() {
		diags.Append(block.As(ctx, &c, basetypes.ObjectAsOptions{})...)
	}
	return c
}

// transportOptions returns the options that all systems share. Unknown attributes count as not set.
func (p *svcacctProvider) transportOptions(c httpConfig, terraform string) transport.Options {
	o := transport.Options{
		MaxRetries:    transport.DefaultMaxRetries,
		RetryWait:     p.options.RetryWait,
		CACertificate: c.CACertificate.ValueString(),

		ClientCertificate: c.ClientCertificate.ValueString(), ClientKey: c.ClientKey.ValueString(),
	}
	if known(c.MaxRetries) {
		o.MaxRetries = int(c.MaxRetries.ValueFloat64())
	}
	if known(c.MaxRequestsPerSecond) {
		o.MaxRequestsPerSecond = c.MaxRequestsPerSecond.ValueFloat64()
	}
	o.RequestTimeout, _ = tfkit.DurationOf(c.RequestTimeout)
	o.MaxWait, _ = tfkit.DurationOf(c.MaxWait)
	o.UserAgent = strings.TrimSpace(fmt.Sprintf("terraform-provider-svcacct/%s Terraform/%s %s", p.version, terraform,
		strings.TrimSpace(c.UserAgentSuffix.ValueString())))
	return o
}

func known(value interface {
	IsNull() bool
	IsUnknown() bool
}) bool {
	return !value.IsNull() && !value.IsUnknown()
}
