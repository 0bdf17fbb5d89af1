package waldur

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// customerDataSource looks a customer up.
type customerDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSourceWithConfigure        = &customerDataSource{}
	_ datasource.DataSourceWithConfigValidators = &customerDataSource{}
)

func newCustomerDataSource(c *connection) datasource.DataSource {
	return &customerDataSource{dataSourceBase{base{Connection: c}}}
}

type customerModel struct {
	UUID               tfkit.UUID   `tfsdk:"uuid"`
	Name               types.String `tfsdk:"name"`
	NativeName         types.String `tfsdk:"native_name"`
	Abbreviation       types.String `tfsdk:"abbreviation"`
	Slug               types.String `tfsdk:"slug"`
	BackendID          types.String `tfsdk:"backend_id"`
	MaxServiceAccounts types.Int64  `tfsdk:"max_service_accounts"`
	Archived           types.Bool   `tfsdk:"archived"`
	Blocked            types.Bool   `tfsdk:"blocked"`
}

func (m *customerModel) fromAPI(in *waldurapi.Customer) {
	m.UUID = tfkit.UUIDOrNull(in.UUID)
	m.Name = types.StringValue(in.Name)
	m.NativeName = tfkit.StringOrNull(in.NativeName)
	m.Abbreviation = tfkit.StringOrNull(in.Abbreviation)
	m.Slug = tfkit.StringOrNull(in.Slug)
	m.BackendID = tfkit.StringOrNull(in.BackendID)
	m.MaxServiceAccounts = types.Int64PointerValue(in.MaxServiceAccounts)
	m.Archived = types.BoolValue(in.Archived)
	m.Blocked = types.BoolValue(in.Blocked)
}

func (d *customerDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "svcacct_waldur_customer"
}

func (d *customerDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A Waldur customer (organization), looked up by its `uuid` or by its exact `name`. " +
			"Several customers of that name are an error that lists them.",
		Attributes: map[string]schema.Attribute{
			"uuid":                 uuidAttribute("customer"),
			"name":                 nameAttribute("customer"),
			"native_name":          text("Name of the customer in its own language."),
			"abbreviation":         text("Abbreviation of the customer."),
			"slug":                 text("Short name of the customer in addresses."),
			"backend_id":           text("Identifier of the customer in another system."),
			"max_service_accounts": maxServiceAccountsAttribute("customer"),
			"archived":             schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the customer is archived."},
			"blocked":              schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the customer is blocked."},
		},
	}
}

func (d *customerDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return uuidOrName()
}

func (d *customerDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m customerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	customer, err := d.find(ctx, m)
	if err != nil {
		tfkit.Failure{Doing: "read Waldur customer", Hint: hintOn(err)}.Add(&resp.Diagnostics, err)
		return
	}
	m.fromAPI(customer)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (d *customerDataSource) find(ctx context.Context, m customerModel) (*waldurapi.Customer, error) {
	if !m.UUID.IsNull() {
		return d.Client.Customers.Get(ctx, m.UUID.Canonical())
	}
	found, err := d.Client.Customers.ByName(ctx, m.Name.ValueString())
	if err != nil {
		return nil, err
	}
	return tfkit.Only(found, fmt.Sprintf("customer named %s", m.Name), "uuid", func(c waldurapi.Customer) string {
		return fmt.Sprintf("%s (abbreviation %q)", c.UUID, c.Abbreviation)
	})
}
