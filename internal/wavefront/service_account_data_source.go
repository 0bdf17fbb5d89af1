package wavefront

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// serviceAccountFacts is what the data sources tell of an account: all but the values of its tokens.
type serviceAccountFacts struct {
	serviceAccount
	UserGroups types.Set         `tfsdk:"user_groups"`
	TokenCount types.Int64       `tfsdk:"token_count"`
	LastUsed   timetypes.RFC3339 `tfsdk:"last_used"`
}

func (m *serviceAccountFacts) fromAPI(in *wavefrontapi.ServiceAccount) {
	m.serviceAccount.fromAPI(in)
	m.Permissions, m.Roles = tfkit.StringSetOf(in.Permissions), tfkit.StringSetOf(ids(in.Roles))
	m.UserGroups = tfkit.StringSetOf(ids(in.UserGroups))
	m.TokenCount = types.Int64Value(int64(len(in.Tokens)))
	m.LastUsed = tfkit.MillisOrNull(in.LastUsed)
}

func serviceAccountFactsAttributes() map[string]schema.Attribute {
	about := serviceAccountDescriptions
	set := func(description string) schema.SetAttribute {
		return schema.SetAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"identifier":         schema.StringAttribute{Computed: true, MarkdownDescription: about["identifier"]},
		"active":             schema.BoolAttribute{Computed: true, MarkdownDescription: about["active"]},
		"description":        schema.StringAttribute{CustomType: tfkit.TextType{}, Computed: true, MarkdownDescription: about["description"]},
		"permissions":        set(about["permissions"]),
		"roles":              set(about["roles"]),
		"user_groups":        set(about["effective_user_groups"]),
		"united_permissions": set(about["united_permissions"]),
		"united_roles":       set(about["united_roles"]),
		"token_count":        schema.Int64Attribute{Computed: true, MarkdownDescription: "How many tokens the account has."},
		"last_used": schema.StringAttribute{
			CustomType: timetypes.RFC3339Type{}, Computed: true, MarkdownDescription: "When any token of the account was last used, in RFC 3339. Null if never.",
		},
	}
}

// serviceAccountDataSource reads one service account.
type serviceAccountDataSource struct{ dataSourceBase }

var _ datasource.DataSourceWithConfigure = &serviceAccountDataSource{}

func newServiceAccountDataSource(c *connection) datasource.DataSource {
	return &serviceAccountDataSource{dataSourceBase{base{Connection: c}}}
}

func (d *serviceAccountDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = serviceAccountType
}

func (d *serviceAccountDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := serviceAccountFactsAttributes()
	attributes["identifier"] = schema.StringAttribute{
		Required: true, Validators: []validator.String{identifier{}}, MarkdownDescription: serviceAccountDescriptions["identifier"],
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: shutDown + "A Wavefront service account. The values of its tokens are not among the facts.",
		Attributes:          attributes,
	}
}

func (d *serviceAccountDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m serviceAccountFacts
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	account, err := d.Client.ServiceAccounts.Get(ctx, m.Identifier.ValueString())
	if err != nil {
		fail(&resp.Diagnostics, "read Wavefront service account", m.Identifier.ValueString(), err)
		return
	}
	m.fromAPI(account)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
