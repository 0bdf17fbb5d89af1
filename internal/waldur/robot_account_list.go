package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// robotAccountListResource finds robot accounts for terraform query.
var robotAccountListResource = tfkit.ListResource[client, robotAccountFilterModel]{
	Type: robotAccountType,
	Schema: schema.Schema{
		MarkdownDescription: "Finds robot accounts of Waldur for `terraform query`, oldest first.",
		Attributes:          tfkit.ListFilters(robotAccountFilters()),
	},
	List: listRobotAccounts,
}

func listRobotAccounts(
	ctx context.Context, c *client, m *robotAccountFilterModel, diags *diag.Diagnostics,
) []tfkit.Listed {
	found, err := robotAccounts{c}.list(ctx, m.toAPI())
	if err != nil {
		failRobotAccount(diags, "list", "", err)
	}
	listed := make([]tfkit.Listed, len(found))
	for i := range found {
		model := &robotAccountResourceModel{}
		model.fromAPI(&found[i])
		name := found[i].Type + " on " + found[i].ResourceName
		if username := model.Username.ValueString(); username != "" {
			name = username + ", " + name
		}
		listed[i] = tfkit.Listed{DisplayName: name, Model: model}
	}
	return listed
}
