package wavefront

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

const inventoryAbout = "Service accounts, with `active`, `key_count` and `last_used`, and their tokens, with " +
	"`created`, `last_used`, and `active` of their account, by one list. `last_used` is null if a key was never " +
	"used. A token without a name has no `id`, since no resource can manage it. Tokens of one account may have the " +
	"same name, and then the same `id`."

// inventory lists all accounts with their tokens, by one list.
func inventory(ctx context.Context, c *client, diags *diag.Diagnostics) (rows []tfkit.InventoryRow) {
	found, err := serviceAccounts{c}.list(ctx, nil)
	if err != nil {
		fail(diags, "list Wavefront service accounts", "", err)
		return nil
	}
	for _, account := range found {
		row := tfkit.InventoryRow{
			Type: serviceAccountType, ID: account.Identifier, Name: account.Identifier, Active: account.Active,
			LastUsed: timeOf(account.LastUsed),
		}
		if account.Tokens != nil {
			count := int64(len(account.Tokens))
			row.KeyCount = &count
		}
		rows = append(rows, row)
		for _, token := range account.Tokens {
			rows = append(rows, tokenRow(account, token))
		}
	}
	return rows
}

// tokenRow never has the id of the token: it is the token itself.
func tokenRow(account wavefrontapi.ServiceAccount, token wavefrontapi.Token) tfkit.InventoryRow {
	row := tfkit.InventoryRow{
		Type: tokenType, Account: account.Identifier, Name: token.Name, Active: account.Active,
		LastUsed: timeOf(token.LastUsed), Created: timeOf(token.DateGenerated),
	}
	if token.Name != "" {
		row.ID = account.Identifier + "/" + token.Name
	}
	return row
}

// timeOf returns the time of milliseconds since 1970, and the zero time for 0.
func timeOf(millis int64) time.Time {
	if millis == 0 {
		return time.Time{}
	}
	return time.UnixMilli(millis)
}
