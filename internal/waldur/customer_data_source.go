package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

type customerDataModel struct {
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

func (m *customerDataModel) fromAPI(in *waldurapi.Customer) {
	m.UUID = tfkit.UUIDOrNull(in.UUID)
	m.Name = tfkit.OrPrior(tfkit.StringOrNull(in.Name), m.Name)
	m.NativeName = tfkit.StringOrNull(in.NativeName)
	m.Abbreviation = tfkit.StringOrNull(in.Abbreviation)
	m.Slug = tfkit.StringOrNull(in.Slug)
	m.BackendID = tfkit.StringOrNull(in.BackendID)
	m.MaxServiceAccounts = types.Int64PointerValue(in.MaxServiceAccounts)
	m.Archived = types.BoolPointerValue(in.Archived)
	m.Blocked = types.BoolPointerValue(in.Blocked)
}

// customerDataSource looks a customer up.
var customerDataSource = tfkit.DataSource[client, customerDataModel]{
	Type: "svcacct_waldur_customer",
	Schema: schema.Schema{
		MarkdownDescription: "Reads a Waldur customer (organization), by its `uuid` or by its exact `name`. If " +
			"several customers have this name, the error lists them.",
		Attributes: map[string]schema.Attribute{
			"uuid":                 uuidKey("customer"),
			"name":                 nameKey("customer"),
			"native_name":          computed(nil, "Name of the customer in its own language."),
			"abbreviation":         computed(nil, "Abbreviation of the customer."),
			"slug":                 computed(nil, "Short name of the customer in URLs."),
			"backend_id":           computed(nil, "Identifier of the customer in another system."),
			"max_service_accounts": maxServiceAccounts("customer"),
			"archived":             computedBool("Whether the customer is archived."),
			"blocked":              computedBool("Whether the customer is blocked."),
		},
	},
	Validators: oneKey([]string{"uuid", "name"}),
	Read:       reader(findCustomer, failLookup("customer")),
}

func findCustomer(ctx context.Context, c *client, m *customerDataModel) (*waldurapi.Customer, error) {
	const sight = "A token sees the customers in which its user has a role, or in one of whose projects. "
	if !m.UUID.IsNull() {
		customer, err := customers{c}.get(ctx, m.UUID.Canonical())
		return customer, orElsewhere(err, sight+providersSight)
	}
	customer, err := customers{c}.byName(ctx, m.Name.ValueString())
	return customer, orElsewhere(err, sight+providersSight)
}
