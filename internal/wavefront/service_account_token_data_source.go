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

// tokenFacts is what the data sources tell of a token: all but its value.
type tokenFacts struct {
	ServiceAccount types.String      `tfsdk:"service_account"`
	Name           types.String      `tfsdk:"name"`
	DateGenerated  timetypes.RFC3339 `tfsdk:"date_generated"`
	LastUsed       timetypes.RFC3339 `tfsdk:"last_used"`
	AccountType    types.String      `tfsdk:"account_type"`
}

func (m *tokenFacts) fromAPI(account string, in *wavefrontapi.Token) {
	m.ServiceAccount = types.StringValue(account)
	m.Name = types.StringValue(in.Name)
	m.DateGenerated = tfkit.MillisOrNull(in.DateGenerated)
	m.LastUsed = tfkit.MillisOrNull(in.LastUsed)
	m.AccountType = tfkit.StringOrNull(in.AccountType)
}

func tokenFactsAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for name, description := range tokenDescriptions {
		attributes[name] = schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	for _, name := range []string{"date_generated", "last_used"} {
		attributes[name] = schema.StringAttribute{CustomType: timetypes.RFC3339Type{}, Computed: true, MarkdownDescription: tokenDescriptions[name]}
	}
	return attributes
}

// tokenDataSource reads one token of a service account.
type tokenDataSource struct{ dataSourceBase }

var _ datasource.DataSourceWithConfigure = &tokenDataSource{}

func newTokenDataSource(c *connection) datasource.DataSource {
	return &tokenDataSource{dataSourceBase{base{Connection: c}}}
}

func (d *tokenDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = tokenType
}

func (d *tokenDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := tokenFactsAttributes()
	attributes["service_account"] = schema.StringAttribute{
		Required: true, Validators: []validator.String{identifier{}}, MarkdownDescription: tokenDescriptions["service_account"],
	}
	attributes["name"] = schema.StringAttribute{Required: true, MarkdownDescription: "Exact name of the token. Several of that name are an error that tells their dates."}
	resp.Schema = schema.Schema{
		MarkdownDescription: shutDown + "A token of a Wavefront service account, but for its value, which the ephemeral resource of the same name reads.",
		Attributes:          attributes,
	}
}

func (d *tokenDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m tokenFacts
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	account := m.ServiceAccount.ValueString()
	token, err := accountTokens{d.Client, account}.only(ctx, m.Name.ValueString())
	if err != nil {
		fail(&resp.Diagnostics, "read Wavefront service account token", account, err)
		return
	}
	m.fromAPI(account, token)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// tokensDataSource lists the tokens of one service account.
type tokensDataSource struct{ dataSourceBase }

var _ datasource.DataSourceWithConfigure = &tokensDataSource{}

func newTokensDataSource(c *connection) datasource.DataSource {
	return &tokensDataSource{dataSourceBase{base{Connection: c}}}
}

func (d *tokensDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = tokenType + "s"
}

func (d *tokensDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: shutDown + "All tokens of a Wavefront service account, in the order in which Wavefront lists them, but for their values.",
		Attributes: map[string]schema.Attribute{
			"service_account": schema.StringAttribute{
				Required: true, Validators: []validator.String{identifier{}}, MarkdownDescription: tokenDescriptions["service_account"],
			},
			"tokens": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The tokens.", NestedObject: schema.NestedAttributeObject{Attributes: tokenFactsAttributes()},
			},
		},
	}
}

func (d *tokensDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m struct {
		ServiceAccount types.String `tfsdk:"service_account"`
		Tokens         []tokenFacts `tfsdk:"tokens"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	account := m.ServiceAccount.ValueString()
	live, err := accountTokens{d.Client, account}.list(ctx)
	if err != nil {
		fail(&resp.Diagnostics, "list Wavefront service account tokens", account, err)
		return
	}
	m.Tokens = make([]tokenFacts, len(live))
	for i := range live {
		m.Tokens[i].fromAPI(account, &live[i])
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
