package process

import (
	"context"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

const address = "registry.terraform.io/svcacct/svcacct"

// Serve serves a provider to Terraform until Terraform ends the process. In debug mode it prints how Terraform
// reaches the process, and waits. It prepares the process; what an environment variable says has priority.
func Serve(newProvider func() provider.Provider, debug bool) error {
	if debug {
		return providerserver.Serve(context.Background(), newProvider, providerserver.ServeOpts{
			Address: address, Debug: true,
		})
	}
	quiet := prepare()
	return tf6server.Serve(address, func() tfprotov6.ProviderServer {
		server := providerserver.NewProtocol6(newProvider())()
		whole, ok := server.(frameworkServer)
		if !ok {
			return server
		}
		return wrapped(whole, quiet)
	})
}

// wrapped returns the server that the process serves. Quiet is whether nobody reads logs.
func wrapped(whole frameworkServer, quiet bool) frameworkServer {
	whole = printableServer{mockableServer{whole, &atomic.Bool{}}}
	if quiet {
		return detachedServer{whole}
	}
	return whole
}

// frameworkServer is what the server of the framework implements.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// detachedServer passes requests that come once for each object without the values of their contexts, which are
// loggers. The framework keeps the context of each request until the process ends, in all some 10 kB for each
// request, and prepares the fields of each log line before it asks the logger for its level.
type detachedServer struct{ frameworkServer }

// detach serves a request with a context that ends with another one, or with the request, and has no values.
func detach[Q, R any](ctx context.Context, req Q, serve func(context.Context, Q) (R, error)) (R, error) {
	empty, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	defer context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })()
	return serve(empty, req)
}

// ValidateResourceConfig implements tfprotov6.ResourceServer, as the methods below do.
func (s detachedServer) ValidateResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return detach(ctx, req, s.frameworkServer.ValidateResourceConfig)
}

func (s detachedServer) UpgradeResourceState(
	ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest,
) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return detach(ctx, req, s.frameworkServer.UpgradeResourceState)
}

func (s detachedServer) UpgradeResourceIdentity(
	ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest,
) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return detach(ctx, req, s.frameworkServer.UpgradeResourceIdentity)
}

func (s detachedServer) ReadResource(
	ctx context.Context, req *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	return detach(ctx, req, s.frameworkServer.ReadResource)
}

func (s detachedServer) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	return detach(ctx, req, s.frameworkServer.PlanResourceChange)
}

func (s detachedServer) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return detach(ctx, req, s.frameworkServer.ApplyResourceChange)
}

func (s detachedServer) ImportResourceState(
	ctx context.Context, req *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	return detach(ctx, req, s.frameworkServer.ImportResourceState)
}
