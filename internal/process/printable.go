package process

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// printableServer removes control characters from what Terraform prints as it is: diagnostics, names of listed
// objects and progress of actions. They hold names and texts that servers return, which could otherwise write
// to the terminal what they like.
type printableServer struct{ frameworkServer }

const longestLine = 10_000 // characters

// printable returns a text without control characters but the ends of lines.
func printable(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = transport.Printable(line, longestLine)
	}
	return strings.Join(lines, "\n")
}

func makePrintable(diags []*tfprotov6.Diagnostic) {
	for _, d := range diags {
		d.Summary, d.Detail = printable(d.Summary), printable(d.Detail)
	}
}

// ReadResource implements tfprotov6.ResourceServer, as the methods below implement their interfaces.
func (s printableServer) ReadResource(
	ctx context.Context, req *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := s.frameworkServer.ReadResource(ctx, req)
	if resp != nil {
		makePrintable(resp.Diagnostics)
	}
	return resp, err
}

func (s printableServer) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := s.frameworkServer.PlanResourceChange(ctx, req)
	if resp != nil {
		makePrintable(resp.Diagnostics)
	}
	return resp, err
}

func (s printableServer) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := s.frameworkServer.ApplyResourceChange(ctx, req)
	if resp != nil {
		makePrintable(resp.Diagnostics)
	}
	return resp, err
}

func (s printableServer) ImportResourceState(
	ctx context.Context, req *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	resp, err := s.frameworkServer.ImportResourceState(ctx, req)
	if resp != nil {
		makePrintable(resp.Diagnostics)
	}
	return resp, err
}

func (s printableServer) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	resp, err := s.frameworkServer.ReadDataSource(ctx, req)
	if resp != nil {
		makePrintable(resp.Diagnostics)
	}
	return resp, err
}

func (s printableServer) OpenEphemeralResource(
	ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest,
) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	resp, err := s.frameworkServer.OpenEphemeralResource(ctx, req)
	if resp != nil {
		makePrintable(resp.Diagnostics)
	}
	return resp, err
}

func (s printableServer) CloseEphemeralResource(
	ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest,
) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	resp, err := s.frameworkServer.CloseEphemeralResource(ctx, req)
	if resp != nil {
		makePrintable(resp.Diagnostics)
	}
	return resp, err
}

func (s printableServer) ListResource(
	ctx context.Context, req *tfprotov6.ListResourceRequest,
) (*tfprotov6.ListResourceServerStream, error) {
	stream, err := s.frameworkServer.ListResource(ctx, req)
	if stream == nil || stream.Results == nil {
		return stream, err
	}
	return &tfprotov6.ListResourceServerStream{Results: func(yield func(tfprotov6.ListResourceResult) bool) {
		for result := range stream.Results {
			result.DisplayName = printable(result.DisplayName)
			makePrintable(result.Diagnostics)
			if !yield(result) {
				return
			}
		}
	}}, err
}

func (s printableServer) PlanAction(
	ctx context.Context, req *tfprotov6.PlanActionRequest,
) (*tfprotov6.PlanActionResponse, error) {
	resp, err := s.frameworkServer.PlanAction(ctx, req)
	if resp != nil {
		makePrintable(resp.Diagnostics)
	}
	return resp, err
}

func (s printableServer) InvokeAction(
	ctx context.Context, req *tfprotov6.InvokeActionRequest,
) (*tfprotov6.InvokeActionServerStream, error) {
	stream, err := s.frameworkServer.InvokeAction(ctx, req)
	if stream == nil || stream.Events == nil {
		return stream, err
	}
	return &tfprotov6.InvokeActionServerStream{Events: func(yield func(tfprotov6.InvokeActionEvent) bool) {
		for event := range stream.Events {
			switch kind := event.Type.(type) {
			case tfprotov6.ProgressInvokeActionEventType:
				kind.Message = printable(kind.Message)
				event.Type = kind
			case tfprotov6.CompletedInvokeActionEventType:
				makePrintable(kind.Diagnostics)
			}
			if !yield(event) {
				return
			}
		}
	}}, err
}
