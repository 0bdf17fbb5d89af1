package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
)

// Listed is one object that a list resource found.
type Listed struct {
	Identity    any // the model of its identity
	DisplayName string
	State       func() any // the model of the resource's state; asked for if that is
}

// Stream hands objects on until there are as many as were asked for.
func Stream(ctx context.Context, req list.ListRequest, objects []Listed) func(func(list.ListResult) bool) {
	return func(push func(list.ListResult) bool) {
		for i, object := range objects {
			if req.Limit > 0 && int64(i) >= req.Limit {
				return
			}
			result := req.NewListResult(ctx)
			result.DisplayName = object.DisplayName
			result.Diagnostics.Append(result.Identity.Set(ctx, object.Identity)...)
			if req.IncludeResource {
				result.Diagnostics.Append(result.Resource.Set(ctx, object.State())...)
			}
			if !push(result) {
				return
			}
		}
	}
}

// Failed hands on nothing but diagnostics. They must not be put aside for later: the framework takes the stream as it is when List
// returns.
func Failed(diags diag.Diagnostics) func(func(list.ListResult) bool) {
	return list.ListResultsStreamDiagnostics(diags)
}
