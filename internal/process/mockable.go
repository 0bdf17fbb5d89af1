package process

import (
	"context"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// mockableServer lets validators know whether the provider is configured: see tfkit.MayBeMocked.
type mockableServer struct {
	frameworkServer
	configured *atomic.Bool
}

func (s mockableServer) validation(ctx context.Context) context.Context {
	if s.configured.Load() {
		return ctx
	}
	return tfkit.Unconfigured(ctx)
}

// ConfigureProvider implements tfprotov6.ProviderServer, as the methods below implement their interfaces.
func (s mockableServer) ConfigureProvider(
	ctx context.Context, req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	s.configured.Store(true)
	return s.frameworkServer.ConfigureProvider(ctx, req)
}

func (s mockableServer) ValidateResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return s.frameworkServer.ValidateResourceConfig(s.validation(ctx), req)
}

func (s mockableServer) ValidateDataResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return s.frameworkServer.ValidateDataResourceConfig(s.validation(ctx), req)
}

func (s mockableServer) ValidateEphemeralResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateEphemeralResourceConfigRequest,
) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return s.frameworkServer.ValidateEphemeralResourceConfig(s.validation(ctx), req)
}

func (s mockableServer) ValidateActionConfig(
	ctx context.Context, req *tfprotov6.ValidateActionConfigRequest,
) (*tfprotov6.ValidateActionConfigResponse, error) {
	return s.frameworkServer.ValidateActionConfig(s.validation(ctx), req)
}
