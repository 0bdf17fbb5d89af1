package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// robotAccountListResource finds robot accounts for terraform query.
type robotAccountListResource struct{ resourceBase }

var _ list.ListResourceWithConfigure = &robotAccountListResource{}

func newRobotAccountListResource(c *connection) list.ListResource {
	return &robotAccountListResource{resourceBase{base{Connection: c}}}
}

func (l *robotAccountListResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = robotAccountType
}

func (l *robotAccountListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	attributes := map[string]schema.Attribute{}
	for name, filter := range robotAccountFilters {
		attributes[name] = schema.StringAttribute{CustomType: filter.custom, Optional: true, Validators: filter.validators, MarkdownDescription: filter.description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds robot accounts of Waldur, oldest first, for `terraform query`.",
		Attributes:          attributes,
	}
}

func (l *robotAccountListResource) List(ctx context.Context, req list.ListRequest, resp *list.ListResultsStream) {
	var m robotAccountFilter
	diags := req.Config.Get(ctx, &m)
	if diags.HasError() {
		resp.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	found, err := l.Client.RobotAccounts.List(ctx, m.toAPI())
	if err != nil {
		failRobotAccount(&diags, "list", "", err)
		resp.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	objects := make([]tfkit.Listed, len(found))
	for i := range found {
		var m robotAccountResourceModel
		m.fromAPI(&found[i], hiddenUsers{})
		m.robotAccountPlace.fromAPI(&found[i])
		objects[i] = tfkit.Listed{DisplayName: robotDisplayName(&found[i]), Model: &m}
	}
	resp.Results = tfkit.Stream(ctx, req, objects)
}

func robotDisplayName(in *waldurapi.RobotAccount) string {
	name := in.Type + " on " + in.ResourceName
	if in.Username != "" {
		name = in.Username + ", " + name
	}
	return name
}
