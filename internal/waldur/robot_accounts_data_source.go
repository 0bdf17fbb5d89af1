package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

type robotAccountsDataModel struct {
	robotAccountFilterModel
	RobotAccounts []robotAccountDataModel `tfsdk:"robot_accounts"`
}

func (m *robotAccountsDataModel) fromAPI(in []waldurapi.RobotAccount) {
	m.RobotAccounts = make([]robotAccountDataModel, len(in))
	for i := range in {
		m.RobotAccounts[i].fromAPI(&in[i])
	}
}

// robotAccountsDataSource lists robot accounts.
var robotAccountsDataSource = tfkit.DataSource[client, robotAccountsDataModel]{
	Type: robotAccountType + "s", Schema: robotAccountsDataSchema(),
	Read: reader(
		func(ctx context.Context, c *client, m *robotAccountsDataModel) ([]waldurapi.RobotAccount, error) {
			return robotAccounts{c}.list(ctx, m.toAPI())
		},
		func(diags *diag.Diagnostics, err error) { failRobotAccount(diags, "list", "", err) },
	),
}

func robotAccountsDataSchema() schema.Schema {
	attributes := tfkit.DataSourceFilters(robotAccountFilters())
	attributes["robot_accounts"] = schema.ListNestedAttribute{
		Computed: true, MarkdownDescription: "The accounts.",
		NestedObject: schema.NestedAttributeObject{Attributes: robotAccountDataAttributes()},
	}
	return schema.Schema{
		MarkdownDescription: "Lists the robot accounts of Waldur that match all filters and that the token may see, " +
			"oldest first. All pages are read.",
		Attributes: attributes,
	}
}
