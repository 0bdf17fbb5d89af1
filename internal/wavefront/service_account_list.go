package wavefront

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

var serviceAccountListResource = listResource[serviceAccountFilterModel]{
	Type: serviceAccountType,
	Schema: schema.Schema{
		MarkdownDescription: shutDown + "Finds Wavefront service accounts for `terraform query`, sorted by identifier.",
		Attributes:          map[string]schema.Attribute{"search": listSearch()},
	},
	List: func(
		ctx context.Context, client *client, m *serviceAccountFilterModel, diags *diag.Diagnostics,
	) []tfkit.Listed {
		found := m.find(ctx, client, diags)
		listed := make([]tfkit.Listed, len(found))
		for i := range found {
			listed[i] = tfkit.Listed{DisplayName: found[i].Identifier, Model: importedServiceAccount(&found[i])}
		}
		return listed
	},
}

// importedServiceAccount returns the model that an import would write to the state.
func importedServiceAccount(in *wavefrontapi.ServiceAccount) *serviceAccountResourceModel {
	var m serviceAccountResourceModel
	m.listNoGroups()
	m.fromAPI(in, addedGroups{}.refreshed(in))
	return &m
}
