package instaclustr

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// serviceUserListResource finds service users for terraform query.
type serviceUserListResource struct{ resourceBase }

var _ list.ListResourceWithConfigure = &serviceUserListResource{}

func newServiceUserListResource(c *connection) list.ListResource {
	return &serviceUserListResource{resourceBase{base{Connection: c}}}
}

func (l *serviceUserListResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = serviceUserType
}

func (l *serviceUserListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds service users of NetApp Instaclustr, ordered by user name, for `terraform query`. The service documents no filters.",
	}
}

func (l *serviceUserListResource) List(ctx context.Context, req list.ListRequest, resp *list.ListResultsStream) {
	found, err := l.Client.ServiceUsers.List(ctx)
	if err != nil {
		var diags diag.Diagnostics
		failServiceUser(&diags, "list", "", err)
		resp.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	objects := make([]tfkit.Listed, len(found))
	for i := range byUsername(found) {
		var m serviceUserResourceModel
		m.fromAPI(&found[i], userMemory{})
		objects[i] = tfkit.Listed{DisplayName: displayName(&found[i]), Model: &m}
	}
	resp.Results = tfkit.Stream(ctx, req, objects)
}

func displayName(in *instaclustrapi.ServiceUser) string {
	if in.DisplayName == "" || in.DisplayName == in.Username {
		return in.Username
	}
	return in.Username + " (" + in.DisplayName + ")"
}
