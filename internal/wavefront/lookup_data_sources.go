package wavefront

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// lookupDataSource finds what an account refers to by an id: a role or a user group.
type lookupDataSource[M any] struct {
	dataSourceBase
	thing      string // in the type's name, and with spaces in texts
	attributes map[string]schema.Attribute
	find       func(context.Context, *wavefrontapi.Client, *M) error
}

var (
	_ datasource.DataSourceWithConfigure        = &lookupDataSource[roleModel]{}
	_ datasource.DataSourceWithConfigValidators = &lookupDataSource[roleModel]{}
)

func (d *lookupDataSource[M]) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "svcacct_wavefront_" + d.thing
}

func (d *lookupDataSource[M]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	key := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)}, MarkdownDescription: description,
		}
	}
	d.attributes["id"] = key("Id, a UUID with hyphens.")
	d.attributes["name"] = key("Exact name.")
	resp.Schema = schema.Schema{
		MarkdownDescription: shutDown + fmt.Sprintf("A Wavefront %s, looked up by its `id` or by its exact `name`. Several of that name are an error that lists them.", spaced(d.thing)),
		Attributes:          d.attributes,
	}
}

func (d *lookupDataSource[M]) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

func (d *lookupDataSource[M]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m M
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := d.find(ctx, d.Client, &m); err != nil {
		fail(&resp.Diagnostics, "read Wavefront "+spaced(d.thing), "", err)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

type roleModel struct {
	ID          types.String `tfsdk:"id"`
	Name        types.String `tfsdk:"name"`
	Description types.String `tfsdk:"description"`
	Permissions types.Set    `tfsdk:"permissions"`
}

func newRoleDataSource(c *connection) datasource.DataSource {
	return &lookupDataSource[roleModel]{
		dataSourceBase: dataSourceBase{base{Connection: c}},
		thing:          "role",
		attributes: map[string]schema.Attribute{
			"description": schema.StringAttribute{Computed: true, MarkdownDescription: "What the role is for."},
			"permissions": schema.SetAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: "Permissions that the role gives."},
		},
		find: findRole,
	}
}

func findRole(ctx context.Context, client *wavefrontapi.Client, m *roleModel) error {
	role, err := lookup(ctx, m.ID, m.Name, "role", client.Roles.Get, client.Roles.ByName,
		func(r wavefrontapi.Role) (string, string) { return r.Name, r.ID })
	if err != nil {
		return err
	}
	*m = roleModel{types.StringValue(role.ID), types.StringValue(role.Name), tfkit.StringOrNull(role.Description), tfkit.StringSetOf(role.Permissions)}
	return nil
}

type userGroupModel struct {
	ID          types.String `tfsdk:"id"`
	Name        types.String `tfsdk:"name"`
	Description types.String `tfsdk:"description"`
	Roles       types.Set    `tfsdk:"roles"`
	UserCount   types.Int64  `tfsdk:"user_count"`
	System      types.Bool   `tfsdk:"system"`
}

func newUserGroupDataSource(c *connection) datasource.DataSource {
	return &lookupDataSource[userGroupModel]{
		dataSourceBase: dataSourceBase{base{Connection: c}},
		thing:          "user_group",
		attributes: map[string]schema.Attribute{
			"description": schema.StringAttribute{Computed: true, MarkdownDescription: "What the user group is for."},
			"roles":       schema.SetAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: "Ids of the roles that the user group gives."},
			"user_count":  schema.Int64Attribute{Computed: true, MarkdownDescription: "How many accounts are in the user group."},
			"system": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the server alone decides who is in the user group, as with " +
				"`Service Accounts` and `Everyone`."},
		},
		find: findUserGroup,
	}
}

func findUserGroup(ctx context.Context, client *wavefrontapi.Client, m *userGroupModel) error {
	group, err := lookup(ctx, m.ID, m.Name, "user group", client.UserGroups.Get, client.UserGroups.ByName,
		func(g wavefrontapi.UserGroup) (string, string) {
			return g.Name, fmt.Sprintf("%s (%d accounts)", g.ID, g.UserCount)
		})
	if err != nil {
		return err
	}
	*m = userGroupModel{
		types.StringValue(group.ID), types.StringValue(group.Name), tfkit.StringOrNull(group.Description), tfkit.StringSetOf(ids(group.Roles)),
		types.Int64Value(group.UserCount), types.BoolValue(group.System()),
	}
	return nil
}

// lookup finds one object by its id, or else by its name.
func lookup[T any](
	ctx context.Context, id, name types.String, what string,
	get func(context.Context, string) (*T, error), byName func(context.Context, string) ([]T, error), describe func(T) (name, candidate string),
) (*T, error) {
	if !id.IsNull() {
		return get(ctx, id.ValueString())
	}
	found, err := byName(ctx, name.ValueString())
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(one T) bool { // a search may match more than it was asked for
		got, _ := describe(one)
		return got != name.ValueString()
	})
	return tfkit.Only(found, fmt.Sprintf("%s named %s", what, name), "id", func(one T) string {
		_, candidate := describe(one)
		return candidate
	})
}
