package waldur

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// serviceAccountFactsModel is the state of a data source of either kind.
type serviceAccountFactsModel interface {
	facts() *serviceAccount
	scope() *tfkit.UUID
	fromAPI(in *waldurapi.ServiceAccount)
}

func (m *serviceAccount) facts() *serviceAccount { return m }

// serviceAccountDataSource reads one service account of a kind.
type serviceAccountDataSource struct {
	dataSourceBase
	kind *serviceAccountKind
}

var (
	_ datasource.DataSourceWithConfigure        = &serviceAccountDataSource{}
	_ datasource.DataSourceWithConfigValidators = &serviceAccountDataSource{}
)

func (d *serviceAccountDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = d.kind.typeName()
}

func (d *serviceAccountDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := serviceAccountFactsAttributes(d.kind)
	key := func(name string, custom basetypes.StringTypable, validators ...validator.String) {
		attributes[name] = schema.StringAttribute{
			CustomType: custom, Optional: true, Computed: true,
			Validators:          append(validators, stringvalidator.LengthAtLeast(1)),
			MarkdownDescription: attributes[name].GetMarkdownDescription(),
		}
	}
	scope := d.kind.scopeAttribute()
	key("uuid", tfkit.UUIDType{})
	key(scope, tfkit.UUIDType{})
	key("username", types.StringType, stringvalidator.AlsoRequires(path.MatchRoot(scope)))
	key("preferred_identifier", types.StringType, stringvalidator.AlsoRequires(path.MatchRoot(scope)))
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("A service account of a Waldur %s, looked up by its `uuid`, or in its %s by its `username` or its "+
			"`preferred_identifier`. Its key is not among the facts: Waldur does not tell it again.", d.kind.scope, d.kind.scope),
		Attributes: attributes,
	}
}

func (d *serviceAccountDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	uuid := path.MatchRoot("uuid")
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(uuid, path.MatchRoot("username"), path.MatchRoot("preferred_identifier")),
		datasourcevalidator.Conflicting(uuid, path.MatchRoot(d.kind.scopeAttribute())),
	}
}

func (d *serviceAccountDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	m := d.kind.newFacts()
	resp.Diagnostics.Append(req.Config.Get(ctx, m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	account, err := d.find(ctx, m.facts(), m.scope().Canonical())
	if err != nil {
		d.kind.fail(&resp.Diagnostics, "read", "", err)
		return
	}
	m.fromAPI(account)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (d *serviceAccountDataSource) find(ctx context.Context, m *serviceAccount, scope string) (*waldurapi.ServiceAccount, error) {
	accounts := serviceAccounts{d.kind, d.Client}
	switch {
	case !m.UUID.IsNull():
		return accounts.get(ctx, m.UUID.Canonical(), "")
	case !m.Username.IsNull():
		return accounts.byUsername(ctx, scope, m.Username.ValueString())
	default:
		found, _, err := accounts.byIdentifier(ctx, scope, m.PreferredIdentifier.ValueString())
		if err != nil {
			return nil, err
		}
		wanted := fmt.Sprintf("service account with preferred_identifier %s in %s %s", m.PreferredIdentifier, d.kind.scope, scope)
		return tfkit.Only(found, wanted, "uuid", describeServiceAccount)
	}
}

// serviceAccountFactsAttributes returns the attributes of an account of a kind, all computed.
func serviceAccountFactsAttributes(kind *serviceAccountKind) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"uuid":        schema.StringAttribute{CustomType: tfkit.UUIDType{}, Computed: true, MarkdownDescription: serviceAccountDescriptions["uuid"]},
		"description": schema.StringAttribute{CustomType: tfkit.TextType{}, Computed: true, MarkdownDescription: serviceAccountDescriptions["description"]},
		"created":     schema.StringAttribute{CustomType: timetypes.RFC3339Type{}, Computed: true, MarkdownDescription: serviceAccountDescriptions["created"]},
	}
	for _, name := range []string{"preferred_identifier", "username", "email", "state", "error_message"} {
		attributes[name] = schema.StringAttribute{Computed: true, MarkdownDescription: serviceAccountDescriptions[name]}
	}
	for name, description := range kind.scopeFacts {
		attributes[name] = schema.StringAttribute{Computed: true, MarkdownDescription: description}
		if strings.HasSuffix(name, "_uuid") {
			attributes[name] = schema.StringAttribute{CustomType: tfkit.UUIDType{}, Computed: true, MarkdownDescription: description}
		}
	}
	return attributes
}
