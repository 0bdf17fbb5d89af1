package wavefront

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
)

var serviceAccountDataSource = dataSource[serviceAccountDataModel]{
	Type:   serviceAccountType,
	Schema: serviceAccountDataSourceSchema(),
	Read: func(ctx context.Context, client *client, m *serviceAccountDataModel, diags *diag.Diagnostics) {
		account, err := serviceAccounts{client}.get(ctx, m.Identifier.ValueString())
		if err != nil {
			fail(diags, "read Wavefront service account", m.Identifier.ValueString(), err)
			return
		}
		m.fromAPI(account)
	},
}

func serviceAccountDataSourceSchema() schema.Schema {
	attributes := serviceAccountDataAttributes()
	attributes["identifier"] = schema.StringAttribute{
		Required: true, Validators: validIdentifier, MarkdownDescription: serviceAccountDescriptions["identifier"],
	}
	return schema.Schema{
		MarkdownDescription: shutDown + "Reads a Wavefront service account, without the values of its tokens.",
		Attributes:          attributes,
	}
}

type serviceAccountsDataModel struct {
	serviceAccountFilterModel
	ServiceAccounts []serviceAccountDataModel `tfsdk:"service_accounts"`
}

var serviceAccountsDataSource = dataSource[serviceAccountsDataModel]{
	Type: serviceAccountType + "s",
	Schema: schema.Schema{
		MarkdownDescription: shutDown + "Lists Wavefront service accounts, without the values of their tokens.",
		Attributes: map[string]schema.Attribute{
			"search": dataSourceSearch,
			"service_accounts": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The accounts, sorted by identifier.",
				NestedObject: schema.NestedAttributeObject{Attributes: serviceAccountDataAttributes()},
			},
		},
	},
	Read: func(ctx context.Context, client *client, m *serviceAccountsDataModel, diags *diag.Diagnostics) {
		found := m.find(ctx, client, diags)
		m.ServiceAccounts = make([]serviceAccountDataModel, len(found))
		for i := range found {
			m.ServiceAccounts[i].fromAPI(&found[i])
		}
	},
}
