package process

import (
	"context"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// hostileServer returns one diagnostic for every request.
type hostileServer struct{ frameworkServer }

const (
	hostile  = "a\x1b[2Jb\nc\r\u009b\u202e\td"
	harmless = "a [2Jb\nc    d"
)

func hostileDiagnostics() []*tfprotov6.Diagnostic {
	return []*tfprotov6.Diagnostic{{Summary: hostile, Detail: hostile}}
}

func (hostileServer) ReadResource(
	context.Context, *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{Diagnostics: hostileDiagnostics()}, nil
}

func (hostileServer) PlanResourceChange(
	context.Context, *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	return &tfprotov6.PlanResourceChangeResponse{Diagnostics: hostileDiagnostics()}, nil
}

func (hostileServer) ApplyResourceChange(
	context.Context, *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return &tfprotov6.ApplyResourceChangeResponse{Diagnostics: hostileDiagnostics()}, nil
}

func (hostileServer) ImportResourceState(
	context.Context, *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	return &tfprotov6.ImportResourceStateResponse{Diagnostics: hostileDiagnostics()}, nil
}

func (hostileServer) ReadDataSource(
	context.Context, *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	return &tfprotov6.ReadDataSourceResponse{Diagnostics: hostileDiagnostics()}, nil
}

func (hostileServer) OpenEphemeralResource(
	context.Context, *tfprotov6.OpenEphemeralResourceRequest,
) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return &tfprotov6.OpenEphemeralResourceResponse{Diagnostics: hostileDiagnostics()}, nil
}

func (hostileServer) CloseEphemeralResource(
	context.Context, *tfprotov6.CloseEphemeralResourceRequest,
) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return &tfprotov6.CloseEphemeralResourceResponse{Diagnostics: hostileDiagnostics()}, nil
}

func (hostileServer) PlanAction(
	context.Context, *tfprotov6.PlanActionRequest,
) (*tfprotov6.PlanActionResponse, error) {
	return &tfprotov6.PlanActionResponse{Diagnostics: hostileDiagnostics()}, nil
}

func (hostileServer) ListResource(
	context.Context, *tfprotov6.ListResourceRequest,
) (*tfprotov6.ListResourceServerStream, error) {
	return &tfprotov6.ListResourceServerStream{Results: slices.Values([]tfprotov6.ListResourceResult{
		{DisplayName: hostile, Diagnostics: hostileDiagnostics()},
	})}, nil
}

func (hostileServer) InvokeAction(
	context.Context, *tfprotov6.InvokeActionRequest,
) (*tfprotov6.InvokeActionServerStream, error) {
	return &tfprotov6.InvokeActionServerStream{Events: slices.Values([]tfprotov6.InvokeActionEvent{
		{Type: tfprotov6.ProgressInvokeActionEventType{Message: hostile}},
		{Type: tfprotov6.CompletedInvokeActionEventType{Diagnostics: hostileDiagnostics()}},
	})}, nil
}

// No terminal sees a control character of a server.
func TestPrintableServer(t *testing.T) {
	s, ctx := printableServer{hostileServer{}}, t.Context()
	read, _ := s.ReadResource(ctx, nil)
	plan, _ := s.PlanResourceChange(ctx, nil)
	apply, _ := s.ApplyResourceChange(ctx, nil)
	imported, _ := s.ImportResourceState(ctx, nil)
	data, _ := s.ReadDataSource(ctx, nil)
	opened, _ := s.OpenEphemeralResource(ctx, nil)
	closed, _ := s.CloseEphemeralResource(ctx, nil)
	action, _ := s.PlanAction(ctx, nil)
	found := map[string][]*tfprotov6.Diagnostic{
		"read": read.Diagnostics, "plan": plan.Diagnostics, "apply": apply.Diagnostics,
		"import": imported.Diagnostics, "data source": data.Diagnostics, "open": opened.Diagnostics,
		"close": closed.Diagnostics, "action": action.Diagnostics,
	}
	listed, _ := s.ListResource(ctx, nil)
	for result := range listed.Results {
		found["list"] = result.Diagnostics
		if result.DisplayName != harmless {
			t.Errorf("the name %q", result.DisplayName)
		}
	}
	invoked, _ := s.InvokeAction(ctx, nil)
	for event := range invoked.Events {
		switch kind := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			if kind.Message != harmless {
				t.Errorf("the progress %q", kind.Message)
			}
		case tfprotov6.CompletedInvokeActionEventType:
			found["invoke"] = kind.Diagnostics
		}
	}
	if len(found) != 10 {
		t.Errorf("%d kinds of requests", len(found))
	}
	for name, diags := range found {
		if len(diags) != 1 || diags[0].Summary != harmless || diags[0].Detail != harmless {
			t.Errorf("%s: %+v", name, diags)
		}
	}
}
