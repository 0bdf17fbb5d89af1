package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

type projectDataModel struct {
	UUID               tfkit.UUID   `tfsdk:"uuid"`
	Name               types.String `tfsdk:"name"`
	CustomerUUID       tfkit.UUID   `tfsdk:"customer_uuid"`
	CustomerName       types.String `tfsdk:"customer_name"`
	Slug               types.String `tfsdk:"slug"`
	BackendID          types.String `tfsdk:"backend_id"`
	EndDate            types.String `tfsdk:"end_date"`
	MaxServiceAccounts types.Int64  `tfsdk:"max_service_accounts"`
}

func (m *projectDataModel) fromAPI(in *waldurapi.Project) {
	m.UUID = tfkit.UUIDOrNull(in.UUID)
	m.Name = tfkit.OrPrior(tfkit.StringOrNull(in.Name), m.Name)
	m.CustomerUUID = tfkit.OrPrior(tfkit.UUIDOrNull(in.CustomerUUID), m.CustomerUUID)
	m.CustomerName = tfkit.StringOrNull(in.CustomerName)
	m.Slug = tfkit.StringOrNull(in.Slug)
	m.BackendID = tfkit.StringOrNull(in.BackendID)
	m.EndDate = types.StringPointerValue(in.EndDate)
	m.MaxServiceAccounts = types.Int64PointerValue(in.MaxServiceAccounts)
}

// projectDataSource looks a project up.
var projectDataSource = tfkit.DataSource[client, projectDataModel]{
	Type: "svcacct_waldur_project",
	Schema: schema.Schema{
		MarkdownDescription: "Reads a Waldur project, by its `uuid` or by its exact `name`. Set `customer_uuid` " +
			"together with `name` if projects of several customers have this name: otherwise the error lists them.",
		Attributes: map[string]schema.Attribute{
			"uuid": uuidKey("project"),
			"name": nameKey("project"),
			"customer_uuid": schema.StringAttribute{
				CustomType: tfkit.UUIDType{}, Optional: true, Computed: true,
				MarkdownDescription: "UUID of the project's customer, with or without hyphens. If set, only projects " +
					"of this customer are searched for the name.",
			},
			"customer_name":        computed(nil, "Name of the project's customer."),
			"slug":                 computed(nil, "Short name of the project in URLs."),
			"backend_id":           computed(nil, "Identifier of the project in another system."),
			"end_date":             computed(nil, "Date on which the project ends. Null if it has no end."),
			"max_service_accounts": maxServiceAccounts("project"),
		},
	},
	Validators: oneKey([]string{"uuid", "name"}, "customer_uuid"),
	Read:       reader(findProject, failLookup("project")),
}

func findProject(ctx context.Context, c *client, m *projectDataModel) (*waldurapi.Project, error) {
	const sight = "A token sees the projects in which, or in whose customer, its user has a role. "
	if !m.UUID.IsNull() {
		project, err := projects{c}.get(ctx, m.UUID.Canonical())
		return project, orElsewhere(err, sight+providersSight)
	}
	project, err := projects{c}.byName(ctx, m.Name.ValueString(), m.CustomerUUID.Canonical())
	var hints []string
	if !m.CustomerUUID.IsNull() {
		hints = append(hints, "Only the projects of the customer of the configuration were searched.")
	}
	return project, orElsewhere(err, append(hints, sight+providersSight)...)
}
