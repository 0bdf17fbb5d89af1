package instaclustr

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
)

// serviceUserFacts is the state of a data source: a service user with its keys.
type serviceUserFacts struct {
	serviceUser
	ID      types.String `tfsdk:"id"`
	APIKeys []apiKey     `tfsdk:"api_keys"`
}

func (m *serviceUserFacts) fromAPI(in *instaclustrapi.ServiceUser) {
	m.serviceUser.fromAPI(in)
	m.ID = types.StringValue(in.Username)
	m.APIKeys = apiKeysOf([]instaclustrapi.ServiceUser{*in}, "", "")
}

// serviceUserDataSource reads one service user.
type serviceUserDataSource struct{ dataSourceBase }

var _ datasource.DataSourceWithConfigure = &serviceUserDataSource{}

func newServiceUserDataSource(c *connection) datasource.DataSource {
	return &serviceUserDataSource{dataSourceBase{base{Connection: c}}}
}

func (d *serviceUserDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = serviceUserType
}

func (d *serviceUserDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := serviceUserFactsAttributes()
	attributes["username"] = schema.StringAttribute{Required: true, Validators: usernameChecks(), MarkdownDescription: serviceUserDescriptions["username"]}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A service user of NetApp Instaclustr, looked up by its `username`, with its API keys as far as the service shows them.",
		Attributes:          attributes,
	}
}

func (d *serviceUserDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m serviceUserFacts
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := serviceUsers{d.Client}.get(ctx, m.Username.ValueString())
	if err != nil {
		failServiceUser(&resp.Diagnostics, "read", m.Username.ValueString(), err)
		return
	}
	m.fromAPI(found)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// serviceUserFactsAttributes returns the attributes of a service user with its keys, all computed.
func serviceUserFactsAttributes() map[string]schema.Attribute {
	about := serviceUserDescriptions
	attributes := map[string]schema.Attribute{
		"id":    schema.StringAttribute{Computed: true, MarkdownDescription: "The same as `username`."},
		"email": schema.StringAttribute{CustomType: emailType{}, Computed: true, MarkdownDescription: about["email"]},
		"api_keys": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "The API keys of the service user, ordered by type.",
			NestedObject: schema.NestedAttributeObject{Attributes: apiKeyAttributes()},
		},
	}
	for _, name := range []string{"username", "display_name", "role"} {
		attributes[name] = schema.StringAttribute{Computed: true, MarkdownDescription: about[name]}
	}
	for _, name := range []string{"administrators", "allowed_key_types", "key_types"} {
		attributes[name] = schema.SetAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: about[name]}
	}
	return attributes
}

// serviceUsersDataSource lists service users.
type serviceUsersDataSource struct{ dataSourceBase }

var _ datasource.DataSourceWithConfigure = &serviceUsersDataSource{}

func newServiceUsersDataSource(c *connection) datasource.DataSource {
	return &serviceUsersDataSource{dataSourceBase{base{Connection: c}}}
}

func (d *serviceUsersDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = serviceUserType + "s"
}

func (d *serviceUsersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All service users of the account of NetApp Instaclustr that the credential belongs to, as far as it may see them, ordered by user name. The service " +
			"documents no filters.",
		Attributes: map[string]schema.Attribute{
			"service_users": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The service users.",
				NestedObject: schema.NestedAttributeObject{Attributes: serviceUserFactsAttributes()},
			},
		},
	}
}

func (d *serviceUsersDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	found, err := d.Client.ServiceUsers.List(ctx)
	if err != nil {
		failServiceUser(&resp.Diagnostics, "list", "", err)
		return
	}
	var m struct {
		ServiceUsers []serviceUserFacts `tfsdk:"service_users"`
	}
	m.ServiceUsers = make([]serviceUserFacts, len(found))
	for i := range byUsername(found) {
		m.ServiceUsers[i].fromAPI(&found[i])
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
