package waldur

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// projectDataSource looks a project up.
type projectDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSourceWithConfigure        = &projectDataSource{}
	_ datasource.DataSourceWithConfigValidators = &projectDataSource{}
)

func newProjectDataSource(c *connection) datasource.DataSource {
	return &projectDataSource{dataSourceBase{base{Connection: c}}}
}

type projectModel struct {
	UUID               tfkit.UUID   `tfsdk:"uuid"`
	Name               types.String `tfsdk:"name"`
	CustomerUUID       tfkit.UUID   `tfsdk:"customer_uuid"`
	CustomerName       types.String `tfsdk:"customer_name"`
	Slug               types.String `tfsdk:"slug"`
	BackendID          types.String `tfsdk:"backend_id"`
	EndDate            types.String `tfsdk:"end_date"`
	MaxServiceAccounts types.Int64  `tfsdk:"max_service_accounts"`
}

func (m *projectModel) fromAPI(in *waldurapi.Project) {
	m.UUID = tfkit.UUIDOrNull(in.UUID)
	m.Name = types.StringValue(in.Name)
	m.CustomerUUID = tfkit.UUIDOrNull(in.CustomerUUID)
	m.CustomerName = tfkit.StringOrNull(in.CustomerName)
	m.Slug = tfkit.StringOrNull(in.Slug)
	m.BackendID = tfkit.StringOrNull(in.BackendID)
	m.EndDate = types.StringPointerValue(in.EndDate)
	m.MaxServiceAccounts = types.Int64PointerValue(in.MaxServiceAccounts)
}

func (d *projectDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "svcacct_waldur_project"
}

func (d *projectDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A Waldur project, looked up by its `uuid`, or by its exact `name`, best together with its `customer_uuid`. " +
			"Several projects of that name are an error that lists them.",
		Attributes: map[string]schema.Attribute{
			"uuid": uuidAttribute("project"),
			"name": nameAttribute("project"),
			"customer_uuid": schema.StringAttribute{
				CustomType: tfkit.UUIDType{}, Optional: true, Computed: true,
				MarkdownDescription: "UUID of the project's customer. When set, only its projects are searched for the name.",
			},
			"customer_name":        text("Name of the project's customer."),
			"slug":                 text("Short name of the project in addresses."),
			"backend_id":           text("Identifier of the project in another system."),
			"end_date":             text("Date on which the project ends; null: none."),
			"max_service_accounts": maxServiceAccountsAttribute("project"),
		},
	}
}

func (d *projectDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return append(uuidOrName(), datasourcevalidator.Conflicting(path.MatchRoot("uuid"), path.MatchRoot("customer_uuid")))
}

func (d *projectDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m projectModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	project, err := d.find(ctx, m)
	if err != nil {
		tfkit.Failure{Doing: "read Waldur project", Hint: hintOn(err)}.Add(&resp.Diagnostics, err)
		return
	}
	m.fromAPI(project)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (d *projectDataSource) find(ctx context.Context, m projectModel) (*waldurapi.Project, error) {
	if !m.UUID.IsNull() {
		return d.Client.Projects.Get(ctx, m.UUID.Canonical())
	}
	found, err := d.Client.Projects.ByName(ctx, m.Name.ValueString(), m.CustomerUUID.Canonical())
	if err != nil {
		return nil, err
	}
	return tfkit.Only(found, fmt.Sprintf("project named %s", m.Name), "uuid", func(p waldurapi.Project) string {
		return fmt.Sprintf("%s (of customer %q, %s)", p.UUID, p.CustomerName, p.CustomerUUID)
	})
}
