package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// robotAccountFilter narrows a list of robot accounts.
type robotAccountFilter struct {
	ResourceUUID    tfkit.UUID        `tfsdk:"resource_uuid"`
	ProjectUUID     tfkit.UUID        `tfsdk:"project_uuid"`
	CustomerUUID    tfkit.UUID        `tfsdk:"customer_uuid"`
	ProviderUUID    tfkit.UUID        `tfsdk:"provider_uuid"`
	Type            types.String      `tfsdk:"type"`
	State           types.String      `tfsdk:"state"`
	Username        types.String      `tfsdk:"username"`
	UserEmail       types.String      `tfsdk:"user_email"`
	ResponsibleUser tfkit.UUID        `tfsdk:"responsible_user"`
	CreatedAfter    timetypes.RFC3339 `tfsdk:"created_after"`
	CreatedBefore   timetypes.RFC3339 `tfsdk:"created_before"`
	ModifiedAfter   timetypes.RFC3339 `tfsdk:"modified_after"`
	ModifiedBefore  timetypes.RFC3339 `tfsdk:"modified_before"`
}

func (m *robotAccountFilter) toAPI() waldurapi.RobotAccountFilter {
	return waldurapi.RobotAccountFilter{
		ResourceUUID: m.ResourceUUID.Canonical(), ProjectUUID: m.ProjectUUID.Canonical(),
		CustomerUUID: m.CustomerUUID.Canonical(), ProviderUUID: m.ProviderUUID.Canonical(),
		Type: m.Type.ValueString(), State: m.State.ValueString(), Username: m.Username.ValueString(), UserEmail: m.UserEmail.ValueString(),
		ResponsibleUserUUID: m.ResponsibleUser.Canonical(),
		CreatedAfter:        m.CreatedAfter.ValueString(), CreatedBefore: m.CreatedBefore.ValueString(),
		ModifiedAfter: m.ModifiedAfter.ValueString(), ModifiedBefore: m.ModifiedBefore.ValueString(),
	}
}

type robotAccountList struct {
	robotAccountFilter
	RobotAccounts []robotAccount `tfsdk:"robot_accounts"`
}

// robotAccountsDataSource lists robot accounts.
type robotAccountsDataSource struct{ dataSourceBase }

var _ datasource.DataSourceWithConfigure = &robotAccountsDataSource{}

func newRobotAccountsDataSource(c *connection) datasource.DataSource {
	return &robotAccountsDataSource{dataSourceBase{base{Connection: c}}}
}

func (d *robotAccountsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = robotAccountType + "s"
}

// filterOption is one filter of a list, for the schemas of plural data sources and of list resources.
type filterOption struct {
	description string
	custom      basetypes.StringTypable
	validators  []validator.String
}

// robotAccountFilters are all that Waldur documents; servers before 8.0.7 don't know the later ones, and ignore them.
var robotAccountFilters = map[string]filterOption{
	"resource_uuid":    {"Only accounts on the resource with this UUID.", tfkit.UUIDType{}, nil},
	"project_uuid":     {"Only accounts on resources that the project with this UUID uses.", tfkit.UUIDType{}, nil},
	"customer_uuid":    {"Only accounts on resources that the customer with this UUID uses.", tfkit.UUIDType{}, nil},
	"provider_uuid":    {"Only accounts on resources that the customer with this UUID provides.", tfkit.UUIDType{}, nil},
	"type":             {"Only accounts of exactly this type.", nil, notEmpty},
	"state":            {"Only accounts in this state.", nil, []validator.String{stringvalidator.OneOf(waldurapi.RobotAccountStates...)}},
	"username":         {"Only accounts whose username contains this, in any case. Since Waldur 8.0.7.", nil, notEmpty},
	"user_email":       {"Only accounts with a user whose e-mail address contains this, in any case. Since Waldur 8.0.7.", nil, notEmpty},
	"responsible_user": {"Only accounts for which the user with this UUID answers. Since Waldur 8.0.7.", tfkit.UUIDType{}, nil},
	"created_after":    {"Only accounts made at or after this time, in RFC 3339.", timetypes.RFC3339Type{}, nil},
	"created_before":   {"Only accounts made up to this time, in RFC 3339. Since Waldur 8.0.7.", timetypes.RFC3339Type{}, nil},
	"modified_after":   {"Only accounts changed at or after this time, in RFC 3339.", timetypes.RFC3339Type{}, nil},
	"modified_before":  {"Only accounts last changed up to this time, in RFC 3339. Since Waldur 8.0.7.", timetypes.RFC3339Type{}, nil},
}

var notEmpty = []validator.String{stringvalidator.LengthAtLeast(1)}

func (d *robotAccountsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"robot_accounts": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "The accounts.",
			NestedObject: schema.NestedAttributeObject{Attributes: robotAccountAttributes()},
		},
	}
	for name, filter := range robotAccountFilters {
		attributes[name] = schema.StringAttribute{CustomType: filter.custom, Optional: true, Validators: filter.validators, MarkdownDescription: filter.description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "All robot accounts that match the filters and that the token may see, oldest first. All pages are read.",
		Attributes:          attributes,
	}
}

func (d *robotAccountsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m robotAccountList
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := d.Client.RobotAccounts.List(ctx, m.toAPI())
	if err != nil {
		failRobotAccount(&resp.Diagnostics, "list", "", err)
		return
	}
	m.RobotAccounts = make([]robotAccount, len(found))
	for i := range found {
		m.RobotAccounts[i].told(&found[i])
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
