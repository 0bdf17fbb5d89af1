package process

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// uuidServer validates a text that a mock provider creates for a UUID.
type uuidServer struct {
	frameworkServer
	refused bool
}

func (s *uuidServer) validate(ctx context.Context) {
	var resp xattr.ValidateAttributeResponse
	tfkit.UUIDOrNull("p6cbp9oz").ValidateAttribute(ctx, xattr.ValidateAttributeRequest{}, &resp)
	s.refused = resp.Diagnostics.HasError()
}

func (s *uuidServer) ConfigureProvider(
	context.Context, *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (s *uuidServer) ValidateResourceConfig(
	ctx context.Context, _ *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	s.validate(ctx)
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (s *uuidServer) ValidateDataResourceConfig(
	ctx context.Context, _ *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	s.validate(ctx)
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (s *uuidServer) ValidateEphemeralResourceConfig(
	ctx context.Context, _ *tfprotov6.ValidateEphemeralResourceConfigRequest,
) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	s.validate(ctx)
	return &tfprotov6.ValidateEphemeralResourceConfigResponse{}, nil
}

func (s *uuidServer) ValidateActionConfig(
	ctx context.Context, _ *tfprotov6.ValidateActionConfigRequest,
) (*tfprotov6.ValidateActionConfigResponse, error) {
	s.validate(ctx)
	return &tfprotov6.ValidateActionConfigResponse{}, nil
}

// A text that a mock provider may have created is refused once the provider is configured, with and without logs.
func TestMockableServer(t *testing.T) {
	for name, validate := range map[string]func(context.Context, frameworkServer) (any, error){
		"resource": func(c context.Context, s frameworkServer) (any, error) { return s.ValidateResourceConfig(c, nil) },
		"data source": func(c context.Context, s frameworkServer) (any, error) {
			return s.ValidateDataResourceConfig(c, nil)
		},
		"ephemeral resource": func(c context.Context, s frameworkServer) (any, error) {
			return s.ValidateEphemeralResourceConfig(c, nil)
		},
		"action": func(c context.Context, s frameworkServer) (any, error) { return s.ValidateActionConfig(c, nil) },
	} {
		for _, quiet := range []bool{true, false} {
			inner := &uuidServer{}
			server := wrapped(inner, quiet)
			for _, configured := range []bool{false, true} {
				if configured {
					if _, err := server.ConfigureProvider(t.Context(), nil); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := validate(t.Context(), server); err != nil || inner.refused != configured {
					t.Errorf("%s, quiet %t, configured %t: refused %t, error %v",
						name, quiet, configured, inner.refused, err)
				}
			}
		}
	}
}
