package waldur

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

type userDataModel struct {
	UUID         tfkit.UUID   `tfsdk:"uuid"`
	Username     types.String `tfsdk:"username"`
	Email        types.String `tfsdk:"email"`
	FullName     types.String `tfsdk:"full_name"`
	IsActive     types.Bool   `tfsdk:"is_active"`
	ProjectUUID  tfkit.UUID   `tfsdk:"project_uuid"`
	CustomerUUID tfkit.UUID   `tfsdk:"customer_uuid"`
}

// fromAPI keeps the case of a configured e-mail address.
func (m *userDataModel) fromAPI(in *waldurapi.User) {
	m.UUID = tfkit.UUIDOrNull(in.UUID)
	m.Username = tfkit.OrPrior(tfkit.StringOrNull(in.Username), m.Username)
	if !strings.EqualFold(m.Email.ValueString(), in.Email) {
		m.Email = tfkit.OrPrior(tfkit.StringOrNull(in.Email), m.Email)
	}
	m.FullName = tfkit.StringOrNull(in.FullName)
	m.IsActive = types.BoolPointerValue(in.IsActive)
}

// userDataSource looks a user up.
var userDataSource = tfkit.DataSource[client, userDataModel]{
	Type: "svcacct_waldur_user",
	Schema: schema.Schema{
		MarkdownDescription: "Reads a user of Waldur that the token may see, by `uuid`, `username` or `email`. A " +
			"token sees people who share a project or a customer with its user, and the people of projects that use " +
			"a resource of its user. If several users have this e-mail address, the error lists them.",
		Attributes: map[string]schema.Attribute{
			"uuid":      uuidKey("user"),
			"username":  keyAttribute(nil, "Exact username."),
			"email":     keyAttribute(nil, "E-mail address, in upper or lower case."),
			"full_name": computed(nil, "Full name."),
			"is_active": computedBool("Whether the user can sign in. Waldur returns this only to staff and support: " +
				"null if the token's user is neither."),
			"project_uuid": schema.StringAttribute{
				CustomType: tfkit.UUIDType{}, Optional: true,
				MarkdownDescription: "Search only the users of the project with this UUID.",
			},
			"customer_uuid": schema.StringAttribute{
				CustomType: tfkit.UUIDType{}, Optional: true,
				MarkdownDescription: "Search only the users of the customer with this UUID.",
			},
		},
	},
	Validators: oneKey([]string{"uuid", "username", "email"}, "project_uuid", "customer_uuid"),
	Read:       reader(findUser, failLookup("user")),
}

func findUser(ctx context.Context, c *client, m *userDataModel) (*waldurapi.User, error) {
	const sight = "A token sees only people who share a project or a customer with its user. The provider of a " +
		"resource sees the people of the projects that use the resource."
	if !m.UUID.IsNull() {
		user, err := users{c}.get(ctx, m.UUID.Canonical())
		return user, orElsewhere(err, sight)
	}
	user, err := users{c}.byFilter(ctx, waldurapi.UserFilter{
		Username: m.Username.ValueString(), Email: m.Email.ValueString(),
		CustomerUUID: m.CustomerUUID.Canonical(), ProjectUUID: m.ProjectUUID.Canonical(),
	})
	var hints []string
	if !m.ProjectUUID.IsNull() || !m.CustomerUUID.IsNull() {
		hints = append(hints, "Only the people of the project and customer of the configuration were searched. The "+
			"user may belong to another project or customer: name that, or leave project_uuid and customer_uuid out.")
	}
	return user, orElsewhere(err, append(hints, sight)...)
}
