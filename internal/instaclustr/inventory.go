package instaclustr

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

const inventoryAbout = "Service users, with `key_count`, and their API keys, by one list. The service returns no " +
	"times: no filter can judge these rows."

// inventory lists all service users with their keys, by one list.
func inventory(ctx context.Context, c *client, diags *diag.Diagnostics) (rows []tfkit.InventoryRow) {
	found, err := c.users().list(ctx)
	if err != nil {
		failServiceUser(diags, "list", "", err)
		return nil
	}
	for _, user := range found {
		row := tfkit.InventoryRow{Type: serviceUserType, ID: user.Username, Name: user.Username}
		if user.Keys != nil {
			count := int64(len(user.Keys))
			row.KeyCount = &count
		}
		rows = append(rows, row)
		for _, key := range user.Keys {
			rows = append(rows, tfkit.InventoryRow{
				Type: apiKeyType, ID: keyID(user.Username, key.Type), Account: user.Username, Name: key.Type,
			})
		}
	}
	return rows
}
