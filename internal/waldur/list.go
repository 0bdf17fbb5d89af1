package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// listed is one object of a list.
type listed struct {
	uuid, displayName string
	state             func() any // the resource's state, if it is asked for
}

// stream hands objects on until there are as many as were asked for.
func stream(ctx context.Context, req list.ListRequest, objects []listed) func(func(list.ListResult) bool) {
	return func(push func(list.ListResult) bool) {
		for i, object := range objects {
			if req.Limit > 0 && int64(i) >= req.Limit {
				return
			}
			result := req.NewListResult(ctx)
			result.DisplayName = object.displayName
			result.Diagnostics.Append(result.Identity.SetAttribute(ctx, path.Root("uuid"), tfkit.UUIDOrNull(object.uuid))...)
			if req.IncludeResource {
				result.Diagnostics.Append(result.Resource.Set(ctx, object.state())...)
			}
			if !push(result) {
				return
			}
		}
	}
}

// failed hands on nothing but diagnostics. They must not be put aside for later: the framework takes the stream as it is when List
// returns.
func failed(diags diag.Diagnostics) func(func(list.ListResult) bool) {
	return list.ListResultsStreamDiagnostics(diags)
}
