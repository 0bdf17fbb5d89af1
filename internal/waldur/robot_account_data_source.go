package waldur

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// robotAccountDataSource reads one robot account.
type robotAccountDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSourceWithConfigure        = &robotAccountDataSource{}
	_ datasource.DataSourceWithConfigValidators = &robotAccountDataSource{}
)

func newRobotAccountDataSource(c *connection) datasource.DataSource {
	return &robotAccountDataSource{dataSourceBase{base{Connection: c}}}
}

func (d *robotAccountDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = robotAccountType
}

func (d *robotAccountDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := robotAccountAttributes()
	about := robotAccountDescriptions
	attributes["uuid"] = schema.StringAttribute{CustomType: tfkit.UUIDType{}, Optional: true, Computed: true, MarkdownDescription: about["uuid"]}
	attributes["resource_uuid"] = schema.StringAttribute{
		CustomType: tfkit.UUIDType{}, Optional: true, Computed: true, MarkdownDescription: about["resource_uuid"],
		Validators: []validator.String{stringvalidator.AlsoRequires(path.MatchRoot("type"))},
	}
	attributes["type"] = schema.StringAttribute{
		Optional: true, Computed: true, MarkdownDescription: about["type"],
		Validators: []validator.String{stringvalidator.LengthAtLeast(1), stringvalidator.AlsoRequires(path.MatchRoot("resource_uuid"))},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A robot account, looked up by its `uuid`, or by its `resource_uuid` and `type`.",
		Attributes:          attributes,
	}
}

func (d *robotAccountDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("uuid"), path.MatchRoot("resource_uuid"))}
}

func (d *robotAccountDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m robotAccount
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	account, err := d.find(ctx, m)
	if err != nil {
		failRobotAccount(&resp.Diagnostics, "read", "", err)
		return
	}
	m.told(account)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (d *robotAccountDataSource) find(ctx context.Context, m robotAccount) (*waldurapi.RobotAccount, error) {
	accounts := robotAccounts{d.Client}
	if !m.UUID.IsNull() {
		return accounts.get(ctx, m.UUID.Canonical(), "")
	}
	account, err := accounts.byType(ctx, m.ResourceUUID.Canonical(), m.Type.ValueString())
	if err == nil && account == nil {
		err = fmt.Errorf("no robot account of type %s on resource %s is visible to the token", m.Type, m.ResourceUUID.Canonical())
	}
	return account, err
}

// told takes over all that the details form of an answer tells.
func (m *robotAccount) told(in *waldurapi.RobotAccount) {
	m.fromAPI(in, hiddenUsers{})
	m.robotAccountPlace.fromAPI(in)
}

// robotAccountAttributes returns the attributes of an account, all computed.
func robotAccountAttributes() map[string]schema.Attribute {
	about := robotAccountDescriptions
	attributes := map[string]schema.Attribute{
		"description":  schema.StringAttribute{CustomType: tfkit.TextType{}, Computed: true, MarkdownDescription: about["description"]},
		"created":      schema.StringAttribute{CustomType: timetypes.RFC3339Type{}, Computed: true, MarkdownDescription: about["created"]},
		"users":        schema.SetAttribute{ElementType: tfkit.UUIDType{}, Computed: true, MarkdownDescription: about["users"]},
		"keys":         schema.ListAttribute{ElementType: tfkit.PublicKeyType{}, Computed: true, MarkdownDescription: about["keys"]},
		"fingerprints": schema.ListAttribute{ElementType: fingerprintType, Computed: true, MarkdownDescription: about["fingerprints"]},
	}
	for _, name := range []string{"uuid", "resource_uuid", "responsible_user", "project_uuid", "customer_uuid", "provider_uuid"} {
		attributes[name] = schema.StringAttribute{CustomType: tfkit.UUIDType{}, Computed: true, MarkdownDescription: about[name]}
	}
	for _, name := range []string{"type", "username", "state", "error_message", "backend_id", "resource_name", "project_name", "customer_name", "provider_name"} {
		attributes[name] = schema.StringAttribute{Computed: true, MarkdownDescription: about[name]}
	}
	return attributes
}
