package process

import (
	"context"
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/svcacct/terraform-provider-svcacct/internal/provider"
)

// The server of the framework has all methods that detachedServer passes on.
func TestFrameworkServer(t *testing.T) {
	server := providerserver.NewProtocol6(provider.New("test", provider.Options{})())()
	if _, ok := server.(frameworkServer); !ok {
		t.Errorf("%T", server)
	}
}

type key struct{}

var errInterrupt = errors.New("interrupt")

// contextServer looks at the contexts of requests.
type contextServer struct {
	frameworkServer
	look func(context.Context)
}

func (s contextServer) ValidateResourceConfig(
	ctx context.Context, _ *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	s.look(ctx)
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (s contextServer) UpgradeResourceState(
	ctx context.Context, _ *tfprotov6.UpgradeResourceStateRequest,
) (*tfprotov6.UpgradeResourceStateResponse, error) {
	s.look(ctx)
	return &tfprotov6.UpgradeResourceStateResponse{}, nil
}

func (s contextServer) UpgradeResourceIdentity(
	ctx context.Context, _ *tfprotov6.UpgradeResourceIdentityRequest,
) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	s.look(ctx)
	return &tfprotov6.UpgradeResourceIdentityResponse{}, nil
}

func (s contextServer) ReadResource(
	ctx context.Context, _ *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	s.look(ctx)
	return &tfprotov6.ReadResourceResponse{}, nil
}

func (s contextServer) PlanResourceChange(
	ctx context.Context, _ *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	s.look(ctx)
	return &tfprotov6.PlanResourceChangeResponse{}, nil
}

func (s contextServer) ApplyResourceChange(
	ctx context.Context, _ *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	s.look(ctx)
	return &tfprotov6.ApplyResourceChangeResponse{}, nil
}

func (s contextServer) ImportResourceState(
	ctx context.Context, _ *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	s.look(ctx)
	return &tfprotov6.ImportResourceStateResponse{}, nil
}

// The context of a request has no values, ends when Terraform interrupts, and ends with the request.
func TestDetachedServer(t *testing.T) {
	for name, call := range map[string]func(context.Context, detachedServer) (any, error){
		"validate": func(c context.Context, s detachedServer) (any, error) { return s.ValidateResourceConfig(c, nil) },
		"upgrade":  func(c context.Context, s detachedServer) (any, error) { return s.UpgradeResourceState(c, nil) },
		"identity": func(c context.Context, s detachedServer) (any, error) { return s.UpgradeResourceIdentity(c, nil) },
		"read":     func(c context.Context, s detachedServer) (any, error) { return s.ReadResource(c, nil) },
		"plan":     func(c context.Context, s detachedServer) (any, error) { return s.PlanResourceChange(c, nil) },
		"apply":    func(c context.Context, s detachedServer) (any, error) { return s.ApplyResourceChange(c, nil) },
		"import":   func(c context.Context, s detachedServer) (any, error) { return s.ImportResourceState(c, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			parent, interrupt := context.WithCancelCause(context.WithValue(t.Context(), key{}, "logger"))
			defer interrupt(nil)
			var seen context.Context
			_, err := call(parent, detachedServer{contextServer{look: func(ctx context.Context) {
				seen = ctx
				if ctx.Err() != nil || ctx.Value(key{}) != nil {
					t.Errorf("the context has ended, %v, or has a value, %v", ctx.Err(), ctx.Value(key{}))
				}
			}}})
			if err != nil || seen == nil || seen.Err() == nil {
				t.Errorf("got %v; the context of the request lives on", err)
			}
			_, err = call(parent, detachedServer{contextServer{look: func(ctx context.Context) {
				interrupt(errInterrupt)
				<-ctx.Done()
				if !errors.Is(context.Cause(ctx), errInterrupt) {
					t.Errorf("the context ended with %v", context.Cause(ctx))
				}
			}}})
			if err != nil {
				t.Error(err)
			}
		})
	}
}
