package instaclustr

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// apiKeyFilter narrows a list of keys.
type apiKeyFilter struct {
	Username types.String `tfsdk:"username"`
	KeyType  types.String `tfsdk:"key_type"`
}

var apiKeyFilters = map[string]tfkit.Filter{
	"username": {Description: "Finds only keys of the service user with this name.", Validators: tfkit.NotEmpty},
	"key_type": {Description: "Finds only keys of this type.", Validators: tfkit.NotEmpty},
}

// find returns the keys that match. One request reads the keys of all users.
func (f apiKeyFilter) find(ctx context.Context, c *client, diags *diag.Diagnostics) []apiKeyDataModel {
	users, err := c.users().list(ctx)
	if err != nil {
		failAPIKey(diags, "list", "", err)
		return nil
	}
	for _, user := range users {
		if user.Keys == nil && (f.Username.IsNull() || f.Username.ValueString() == user.Username) {
			failAPIKey(diags, "list", user.Username, errKeysNotReturned)
			return nil
		}
	}
	return apiKeysOf(users, f.Username.ValueString(), f.KeyType.ValueString())
}
