package wavefront

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// serviceAccountListResource finds service accounts for terraform query.
type serviceAccountListResource struct{ resourceBase }

var _ list.ListResourceWithConfigure = &serviceAccountListResource{}

func newServiceAccountListResource(c *connection) list.ListResource {
	return &serviceAccountListResource{resourceBase{base{Connection: c}}}
}

func (l *serviceAccountListResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = serviceAccountType
}

func (l *serviceAccountListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	about := searchDescriptions
	resp.Schema = schema.Schema{
		MarkdownDescription: shutDown + "Finds Wavefront service accounts, by identifier, for `terraform query`.",
		Attributes: map[string]schema.Attribute{
			"search": schema.ListNestedAttribute{
				Optional: true, MarkdownDescription: about["search"],
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"key": schema.StringAttribute{Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)}, MarkdownDescription: about["key"]},
					"values": schema.ListAttribute{
						ElementType: types.StringType, Required: true, Validators: []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
						MarkdownDescription: about["values"],
					},
					"matching_method": schema.StringAttribute{
						Optional: true, Validators: []validator.String{stringvalidator.OneOf(matchingMethods...)}, MarkdownDescription: about["matching_method"],
					},
					"negated": schema.BoolAttribute{Optional: true, MarkdownDescription: about["negated"]},
				}},
			},
		},
	}
}

type serviceAccountIdentity struct {
	Identifier types.String `tfsdk:"identifier"`
}

func (l *serviceAccountListResource) List(ctx context.Context, req list.ListRequest, resp *list.ListResultsStream) {
	var m struct {
		Search []condition `tfsdk:"search"`
	}
	diags := req.Config.Get(ctx, &m)
	if diags.HasError() {
		resp.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	found, err := findServiceAccounts(ctx, l.Client, m.Search)
	if err != nil {
		fail(&diags, "list Wavefront service accounts", "", err)
		resp.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	objects := make([]tfkit.Listed, len(found))
	for i := range found {
		objects[i] = tfkit.Listed{DisplayName: found[i].Identifier, Model: importedServiceAccount(&found[i])}
	}
	resp.Results = tfkit.Stream(ctx, req, objects)
}

// importedServiceAccount is what an import would put into state.
func importedServiceAccount(in *wavefrontapi.ServiceAccount) *managedServiceAccount {
	var m managedServiceAccount
	m.fromAPI(in, keptGroups{}.refreshed(nil, in))
	return &m
}
