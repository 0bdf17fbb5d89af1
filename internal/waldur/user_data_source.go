package waldur

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// userDataSource looks a user up.
type userDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSourceWithConfigure        = &userDataSource{}
	_ datasource.DataSourceWithConfigValidators = &userDataSource{}
)

func newUserDataSource(c *connection) datasource.DataSource {
	return &userDataSource{dataSourceBase{base{Connection: c}}}
}

type userModel struct {
	UUID         tfkit.UUID   `tfsdk:"uuid"`
	Username     types.String `tfsdk:"username"`
	Email        types.String `tfsdk:"email"`
	FullName     types.String `tfsdk:"full_name"`
	IsActive     types.Bool   `tfsdk:"is_active"`
	ProjectUUID  tfkit.UUID   `tfsdk:"project_uuid"`
	CustomerUUID tfkit.UUID   `tfsdk:"customer_uuid"`
}

func (m *userModel) fromAPI(in *waldurapi.User) {
	m.UUID = tfkit.UUIDOrNull(in.UUID)
	m.Username = types.StringValue(in.Username)
	if !strings.EqualFold(m.Email.ValueString(), in.Email) {
		m.Email = tfkit.StringOrNull(in.Email)
	}
	m.FullName = tfkit.StringOrNull(in.FullName)
	m.IsActive = types.BoolValue(in.IsActive)
}

func (d *userDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "svcacct_waldur_user"
}

func (d *userDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	key := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)}, MarkdownDescription: description,
		}
	}
	narrowing := func(description string) schema.StringAttribute {
		return schema.StringAttribute{CustomType: tfkit.UUIDType{}, Optional: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A user of Waldur whom the token may see, looked up by `uuid`, `username` or `email`. Several users with that address are an error " +
			"that lists them.",
		Attributes: map[string]schema.Attribute{
			"uuid":          uuidAttribute("user"),
			"username":      key("Exact username."),
			"email":         key("E-mail address, in any case."),
			"full_name":     text("Full name."),
			"is_active":     schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the user can sign in."},
			"project_uuid":  narrowing("Search only among the users of the project with this UUID."),
			"customer_uuid": narrowing("Search only among the users of the customer with this UUID."),
		},
	}
}

func (d *userDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	uuid := path.MatchRoot("uuid")
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(uuid, path.MatchRoot("username"), path.MatchRoot("email")),
		datasourcevalidator.Conflicting(uuid, path.MatchRoot("project_uuid")),
		datasourcevalidator.Conflicting(uuid, path.MatchRoot("customer_uuid")),
	}
}

func (d *userDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m userModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	user, err := d.find(ctx, m)
	if err != nil {
		tfkit.Failure{Doing: "read Waldur user", Hint: hintOn(err)}.Add(&resp.Diagnostics, err)
		return
	}
	m.fromAPI(user)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (d *userDataSource) find(ctx context.Context, m userModel) (*waldurapi.User, error) {
	if !m.UUID.IsNull() {
		return d.Client.Users.Get(ctx, m.UUID.Canonical())
	}
	found, err := d.Client.Users.List(ctx, waldurapi.UserFilter{
		Username: m.Username.ValueString(), Email: m.Email.ValueString(), CustomerUUID: m.CustomerUUID.Canonical(), ProjectUUID: m.ProjectUUID.Canonical(),
	})
	if err != nil {
		return nil, err
	}
	wanted := fmt.Sprintf("user with username %s", m.Username)
	if !m.Email.IsNull() {
		wanted = fmt.Sprintf("user with the e-mail address %s", m.Email)
		found = slices.DeleteFunc(found, func(u waldurapi.User) bool { return !strings.EqualFold(u.Email, m.Email.ValueString()) })
	}
	return tfkit.Only(found, wanted, "uuid", func(u waldurapi.User) string {
		return fmt.Sprintf("%s (username %q, %s)", u.UUID, u.Username, u.FullName)
	})
}
