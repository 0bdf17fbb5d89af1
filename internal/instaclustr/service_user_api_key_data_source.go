package instaclustr

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// apiKeyDataSource reads one API key, without its secret.
func apiKeyDataSource() tfkit.DataSource[client, apiKeyDataModel] {
	attributes, about := apiKeyDataAttributes(), apiKeyDescriptions
	attributes["username"] = schema.StringAttribute{
		Required: true, Validators: usernameValidators(), MarkdownDescription: about["username"],
	}
	attributes["key_type"] = schema.StringAttribute{
		Required: true, Validators: keyTypeValidators(), MarkdownDescription: about["key_type"],
	}
	return tfkit.DataSource[client, apiKeyDataModel]{
		Type: apiKeyType,
		Schema: schema.Schema{
			MarkdownDescription: "Reads an API key of a service user of NetApp Instaclustr. The service returns " +
				"neither the key itself nor its allow list.",
			Attributes: attributes,
		},
		Read: func(ctx context.Context, c *client, m *apiKeyDataModel, diags *diag.Diagnostics) {
			username, keyType, id := m.key()
			_, key, err := c.keys().get(ctx, username, keyType)
			if err != nil {
				failAPIKey(diags, "read", id, err)
				return
			}
			m.fromAPI(username, *key)
		},
	}
}

type apiKeysDataModel struct {
	apiKeyFilter
	APIKeys []apiKeyDataModel `tfsdk:"api_keys"`
}

// apiKeysDataSource reads the API keys that match a filter.
func apiKeysDataSource() tfkit.DataSource[client, apiKeysDataModel] {
	attributes := tfkit.DataSourceFilters(apiKeyFilters)
	attributes["api_keys"] = schema.ListNestedAttribute{
		Computed: true, MarkdownDescription: "The keys.",
		NestedObject: schema.NestedAttributeObject{Attributes: apiKeyDataAttributes()},
	}
	return tfkit.DataSource[client, apiKeysDataModel]{
		Type: apiKeyType + "s",
		Schema: schema.Schema{
			MarkdownDescription: "Reads all API keys of the service users that the credential of the provider may " +
				"see, sorted by user name and type, with one request. The service returns neither the keys " +
				"themselves nor their allow lists.",
			Attributes: attributes,
		},
		Read: func(ctx context.Context, c *client, m *apiKeysDataModel, diags *diag.Diagnostics) {
			m.APIKeys = m.find(ctx, c, diags)
		},
	}
}
