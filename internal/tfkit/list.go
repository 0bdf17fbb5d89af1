package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ListResource describes a list resource: C is the client of its system, M the model of its
// configuration.
type ListResource[C, M any] struct {
	Type   string // the full name of its type
	Schema schema.Schema
	// List returns the objects that match the configuration. An error in diags is the only result then.
	List func(ctx context.Context, client *C, m *M, diags *diag.Diagnostics) []Listed
}

// Listed is one object that a list resource found.
type Listed struct {
	DisplayName string
	Model       ResourceModel // what an import would write to the state
}

// New constructs the list resource. It is an entry of Definition.ListResources.
func (l ListResource[C, M]) New(connection *Connection[C]) list.ListResource {
	return &listResource[C, M]{ResourceBase[C]{Base[C]{Connection: connection}}, l}
}

type listResource[C, M any] struct {
	ResourceBase[C]
	definition ListResource[C, M]
}

var _ list.ListResourceWithConfigure = &listResource[struct{}, struct{}]{}

func (l *listResource[C, M]) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = l.definition.Type
}

func (l *listResource[C, M]) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = l.definition.Schema
}

// List finds all objects before the first result: the framework takes the results, and the
// diagnostics with them, when List returns.
func (l *listResource[C, M]) List(ctx context.Context, req list.ListRequest, resp *list.ListResultsStream) {
	var m M
	diags := req.Config.Get(ctx, &m)
	var objects []Listed
	if !diags.HasError() {
		objects = l.definition.List(ctx, l.Client, &m, &diags)
	}
	if diags.HasError() {
		resp.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	resp.Results = stream(ctx, req, objects)
}

// stream pushes objects until the limit of the request is reached.
func stream(ctx context.Context, req list.ListRequest, objects []Listed) func(func(list.ListResult) bool) {
	return func(push func(list.ListResult) bool) {
		for i, object := range objects {
			if req.Limit > 0 && int64(i) >= req.Limit {
				return
			}
			result := req.NewListResult(ctx)
			result.DisplayName = object.DisplayName
			result.Diagnostics.Append(result.Identity.Set(ctx, object.Model.Identity())...)
			if req.IncludeResource {
				result.Diagnostics.Append(result.Resource.Set(ctx, object.Model)...)
			}
			if !push(result) {
				return
			}
		}
	}
}
