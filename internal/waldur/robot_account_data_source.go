package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// robotAccountDataSource reads one robot account.
var robotAccountDataSource = tfkit.DataSource[client, robotAccountDataModel]{
	Type: robotAccountType, Schema: robotAccountDataSchema(),
	Validators: oneKey([]string{"uuid", "resource_uuid"}),
	Read: reader(findRobotAccount, func(diags *diag.Diagnostics, err error) {
		failRobotAccount(diags, "read", "", err)
	}),
}

func robotAccountDataSchema() schema.Schema {
	attributes, about := robotAccountDataAttributes(), robotAccountDescriptions
	attributes["uuid"] = uuidKey("account")
	attributes["resource_uuid"] = keyAttribute(tfkit.UUIDType{}, about["resource_uuid"],
		stringvalidator.AlsoRequires(path.MatchRoot("type")))
	attributes["type"] = keyAttribute(nil, about["type"], stringvalidator.AlsoRequires(path.MatchRoot("resource_uuid")))
	return schema.Schema{
		MarkdownDescription: "Reads a robot account of Waldur, by its `uuid`, or by its `resource_uuid` and `type`.",
		Attributes:          attributes,
	}
}

func findRobotAccount(ctx context.Context, c *client, m *robotAccountDataModel) (*waldurapi.RobotAccount, error) {
	if !m.UUID.IsNull() {
		return robotAccounts{c}.read(ctx, m.UUID.Canonical(), "")
	}
	return robotAccounts{c}.existing(ctx, m.ResourceUUID.Canonical(), m.Type.ValueString())
}
