package waldur

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// serviceAccountQueryModel is the configuration of a list of accounts of either kind.
type serviceAccountQueryModel interface {
	filter() *serviceAccountFilter
	scope() *tfkit.UUID
}

// serviceAccountListModel is the state of a plural data source of either kind.
type serviceAccountListModel interface {
	serviceAccountQueryModel
	fromAPI(in []waldurapi.ServiceAccount)
}

// serviceAccountFilter narrows a list, besides by customer or project.
type serviceAccountFilter struct {
	Username types.String   `tfsdk:"username"`
	Email    types.String   `tfsdk:"email"`
	States   []types.String `tfsdk:"states"`
}

func (m *serviceAccountFilter) filter() *serviceAccountFilter { return m }

func (m *serviceAccountFilter) toAPI(scope string) waldurapi.ServiceAccountFilter {
	filter := waldurapi.ServiceAccountFilter{Scope: scope, Username: m.Username.ValueString(), Email: m.Email.ValueString()}
	for _, state := range m.States {
		filter.States = append(filter.States, state.ValueString())
	}
	return filter
}

// serviceAccountsDataSource lists the service accounts of a kind.
type serviceAccountsDataSource struct {
	dataSourceBase
	kind *serviceAccountKind
}

var _ datasource.DataSourceWithConfigure = &serviceAccountsDataSource{}

func (d *serviceAccountsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = d.kind.typeName() + "s"
}

func (d *serviceAccountsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	about := serviceAccountFilterDescriptions(d.kind)
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("All service accounts of Waldur %ss that match the filters and that the token may see, oldest first. "+
			"All pages are read.", d.kind.scope),
		Attributes: map[string]schema.Attribute{
			d.kind.scopeAttribute(): schema.StringAttribute{CustomType: tfkit.UUIDType{}, Optional: true, MarkdownDescription: about[d.kind.scopeAttribute()]},
			"username":              schema.StringAttribute{Optional: true, Validators: notEmpty, MarkdownDescription: about["username"]},
			"email":                 schema.StringAttribute{Optional: true, Validators: notEmpty, MarkdownDescription: about["email"]},
			"states": schema.SetAttribute{
				ElementType: types.StringType, Optional: true, MarkdownDescription: about["states"],
				Validators: []validator.Set{setvalidator.ValueStringsAre(serviceAccountState)},
			},
			"service_accounts": schema.ListNestedAttribute{
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: serviceAccountFactsAttributes(d.kind)},
				MarkdownDescription: "The accounts.",
			},
		},
	}
}

func (d *serviceAccountsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	m := d.kind.newList()
	resp.Diagnostics.Append(req.Config.Get(ctx, m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := d.kind.area(d.Client).List(ctx, m.filter().toAPI(m.scope().Canonical()))
	if err != nil {
		d.kind.fail(&resp.Diagnostics, "list", "", err)
		return
	}
	m.fromAPI(found)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}
