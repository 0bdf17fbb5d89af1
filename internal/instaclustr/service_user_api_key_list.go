package instaclustr

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// apiKeyListResource finds API keys for terraform query.
func apiKeyListResource() tfkit.ListResource[client, apiKeyFilter] {
	return tfkit.ListResource[client, apiKeyFilter]{
		Type: apiKeyType,
		Schema: schema.Schema{
			MarkdownDescription: "Finds API keys of service users of NetApp Instaclustr for `terraform query`, " +
				"sorted by user name and type.",
			Attributes: tfkit.ListFilters(apiKeyFilters),
		},
		List: func(ctx context.Context, c *client, m *apiKeyFilter, diags *diag.Diagnostics) []tfkit.Listed {
			found := m.find(ctx, c, diags)
			objects := make([]tfkit.Listed, len(found))
			for i := range found {
				username, keyType, id := found[i].key()
				objects[i] = tfkit.Listed{DisplayName: id, Model: newAPIKeyResourceModel(username, keyType)}
			}
			return objects
		},
	}
}
