package instaclustr

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// apiKeyListResource finds API keys for terraform query.
type apiKeyListResource struct{ resourceBase }

var _ list.ListResourceWithConfigure = &apiKeyListResource{}

func newAPIKeyListResource(c *connection) list.ListResource {
	return &apiKeyListResource{resourceBase{base{Connection: c}}}
}

func (l *apiKeyListResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = apiKeyType
}

func (l *apiKeyListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	attributes := map[string]schema.Attribute{}
	for name, description := range apiKeyFilters {
		attributes[name] = schema.StringAttribute{Optional: true, Validators: notEmpty, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds API keys of service users of NetApp Instaclustr, ordered by user name and type, for `terraform query`.",
		Attributes:          attributes,
	}
}

func (l *apiKeyListResource) List(ctx context.Context, req list.ListRequest, resp *list.ListResultsStream) {
	var m apiKeyFilter
	diags := req.Config.Get(ctx, &m)
	if diags.HasError() {
		resp.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	found, err := l.Client.ServiceUsers.List(ctx)
	if err != nil {
		failAPIKey(&diags, "list", "", err)
		resp.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	var objects []tfkit.Listed
	for _, key := range apiKeysOf(found, m.Username.ValueString(), m.KeyType.ValueString()) {
		objects = append(objects, tfkit.Listed{
			DisplayName: key.ID.ValueString(), Model: importedAPIKey(key.Username.ValueString(), key.KeyType.ValueString()),
		})
	}
	resp.Results = tfkit.Stream(ctx, req, objects)
}
