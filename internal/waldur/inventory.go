package waldur

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

const inventoryAbout = "Service accounts and robot accounts, with `state` and `created`, by three lists. `created` " +
	"is the time of the account, not of its current key. `key_count` is the number of SSH keys of a robot account; " +
	"the one key of a service account is not counted and has no row. `name` is the username, or else the " +
	"`preferred_identifier` of a service account or the `type` of a robot account."

// inventory lists all accounts, by one list of each kind.
func inventory(ctx context.Context, c *client, diags *diag.Diagnostics) (rows []tfkit.InventoryRow) {
	robots, err := robotAccounts{c}.list(ctx, waldurapi.RobotAccountFilter{})
	if err != nil {
		failRobotAccount(diags, "list", "", err)
		return nil
	}
	for i := range robots {
		rows = append(rows, robotAccountRow(&robots[i]))
	}
	for _, kind := range []*serviceAccountKind{customerServiceAccountKind, projectServiceAccountKind} {
		found, err := serviceAccounts{kind, c}.list(ctx, waldurapi.ServiceAccountFilter{})
		switch {
		case endpointMissing(err): // the other list shows that this is the right server
			diags.AddWarning("No service accounts on this server", fmt.Sprintf("The inventory has no service "+
				"accounts of Waldur %ss: %s. Servers of 2024 have none.", kind.scope, err))
		case err != nil:
			kind.fail(diags, "list", "", err)
		}
		for i := range found {
			rows = append(rows, kind.row(&found[i]))
		}
	}
	return rows
}

func robotAccountRow(in *waldurapi.RobotAccount) tfkit.InventoryRow {
	row := tfkit.InventoryRow{
		Type: robotAccountType, ID: in.UUID, Name: in.Type, State: string(in.State), Created: timeOf(in.Created),
	}
	if in.Username != nil {
		row.Name = cmp.Or(*in.Username, in.Type)
	}
	if in.Keys != nil {
		count := int64(len(in.Keys))
		row.KeyCount = &count
	}
	return row
}

func (k *serviceAccountKind) row(in *waldurapi.ServiceAccount) tfkit.InventoryRow {
	return tfkit.InventoryRow{
		Type: k.typeName(), ID: in.UUID, Name: cmp.Or(in.Username, in.Identifier()), State: in.State,
		Created: timeOf(in.Created),
	}
}

// timeOf returns the time of a text in RFC 3339, and the zero time for every other text.
func timeOf(text string) time.Time {
	at, _ := time.Parse(time.RFC3339, text)
	return at
}
