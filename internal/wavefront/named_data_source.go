package wavefront

import (
	"context"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// namedDataSource describes a data source that finds an object by its id or by its name.
func namedDataSource[M any](
	thing string, attributes map[string]schema.Attribute, find func(context.Context, *client, *M) error,
) dataSource[M] {
	key := schema.StringAttribute{Optional: true, Computed: true, Validators: tfkit.NotEmpty}
	id, name := key, key
	id.MarkdownDescription = "Id, a lower case UUID with hyphens. Either `id` or `name` is required."
	name.MarkdownDescription = "Exact name. Either `id` or `name` is required."
	all := map[string]schema.Attribute{"id": id, "name": name}
	maps.Copy(all, attributes)
	return dataSource[M]{
		Type: "svcacct_wavefront_" + strings.ReplaceAll(thing, " ", "_"),
		Schema: schema.Schema{
			MarkdownDescription: shutDown + "Finds a Wavefront " + thing + " by its `id` or by its exact `name`. " +
				"If several objects have this name, the error lists them.",
			Attributes: all,
		},
		Validators: []datasource.ConfigValidator{
			datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name")),
		},
		Read: func(ctx context.Context, client *client, m *M, diags *diag.Diagnostics) {
			if err := find(ctx, client, m); err != nil {
				fail(diags, "read Wavefront "+thing, "", err)
			}
		},
	}
}

type roleDataModel struct {
	ID          types.String `tfsdk:"id"`
	Name        types.String `tfsdk:"name"`
	Description types.String `tfsdk:"description"`
	Permissions types.Set    `tfsdk:"permissions"`
}

func (m *roleDataModel) fromAPI(in *wavefrontapi.Role) {
	m.ID = types.StringValue(in.ID)
	m.Name = tfkit.OrPrior(tfkit.StringOrNull(in.Name), m.Name)
	m.Description = tfkit.StringOrNull(in.Description)
	m.Permissions = tfkit.StringSetOrNull(in.Permissions)
}

var roleDataSource = namedDataSource("role", map[string]schema.Attribute{
	"description": schema.StringAttribute{Computed: true, MarkdownDescription: "Text that says what the role is for."},
	"permissions": schema.SetAttribute{
		ElementType: types.StringType, Computed: true, MarkdownDescription: "Permissions that the role grants.",
	},
}, func(ctx context.Context, client *client, m *roleDataModel) error {
	role, err := roles(client).find(ctx, m.ID, m.Name)
	if err != nil {
		return err
	}
	m.fromAPI(role)
	return nil
})

type userGroupDataModel struct {
	ID          types.String `tfsdk:"id"`
	Name        types.String `tfsdk:"name"`
	Description types.String `tfsdk:"description"`
	Roles       types.Set    `tfsdk:"roles"`
	UserCount   types.Int64  `tfsdk:"user_count"`
	System      types.Bool   `tfsdk:"system"`
}

func (m *userGroupDataModel) fromAPI(in *wavefrontapi.UserGroup) {
	m.ID = types.StringValue(in.ID)
	m.Name = tfkit.OrPrior(tfkit.StringOrNull(in.Name), m.Name)
	m.Description = tfkit.StringOrNull(in.Description)
	m.Roles = tfkit.StringSetOrNull(ids(in.Roles))
	m.UserCount = types.Int64PointerValue(in.UserCount)
	m.System = types.BoolPointerValue(in.System())
}

var userGroupDataSource = namedDataSource("user group", map[string]schema.Attribute{
	"description": schema.StringAttribute{
		Computed: true, MarkdownDescription: "Text that says what the user group is for.",
	},
	"roles": schema.SetAttribute{
		ElementType: types.StringType, Computed: true, MarkdownDescription: "Ids of the roles that the user group " +
			"gives.",
	},
	"user_count": schema.Int64Attribute{Computed: true, MarkdownDescription: "Number of accounts in the user group."},
	"system": schema.BoolAttribute{
		Computed: true,
		MarkdownDescription: "Whether the server alone decides who is in the user group, as in `Service Accounts` " +
			"and `Everyone`. Null if the server does not return that.",
	},
}, func(ctx context.Context, client *client, m *userGroupDataModel) error {
	group, err := userGroups(client).find(ctx, m.ID, m.Name)
	if err != nil {
		return err
	}
	m.fromAPI(group)
	return nil
})
