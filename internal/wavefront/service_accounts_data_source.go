package wavefront

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// serviceAccountsDataSource lists service accounts.
type serviceAccountsDataSource struct{ dataSourceBase }

var _ datasource.DataSourceWithConfigure = &serviceAccountsDataSource{}

func newServiceAccountsDataSource(c *connection) datasource.DataSource {
	return &serviceAccountsDataSource{dataSourceBase{base{Connection: c}}}
}

func (d *serviceAccountsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = serviceAccountType + "s"
}

func (d *serviceAccountsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	about := searchDescriptions
	resp.Schema = schema.Schema{
		MarkdownDescription: shutDown + "The Wavefront service accounts, by identifier. The values of their tokens are not among the facts.",
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
			"service_accounts": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The accounts.",
				NestedObject: schema.NestedAttributeObject{Attributes: serviceAccountFactsAttributes()},
			},
		},
	}
}

func (d *serviceAccountsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m struct {
		Search          []condition           `tfsdk:"search"`
		ServiceAccounts []serviceAccountFacts `tfsdk:"service_accounts"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := findServiceAccounts(ctx, d.Client, m.Search)
	if err != nil {
		fail(&resp.Diagnostics, "list Wavefront service accounts", "", err)
		return
	}
	m.ServiceAccounts = make([]serviceAccountFacts, len(found))
	for i := range found {
		m.ServiceAccounts[i].fromAPI(&found[i])
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
