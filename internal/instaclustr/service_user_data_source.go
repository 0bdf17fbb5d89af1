package instaclustr

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// serviceUserDataSource reads one service user.
func serviceUserDataSource() tfkit.DataSource[client, serviceUserDataModel] {
	attributes := serviceUserDataAttributes()
	attributes["username"] = schema.StringAttribute{
		Required: true, Validators: usernameValidators(), MarkdownDescription: serviceUserDescriptions["username"],
	}
	return tfkit.DataSource[client, serviceUserDataModel]{
		Type: serviceUserType,
		Schema: schema.Schema{
			MarkdownDescription: "Reads a service user of NetApp Instaclustr by its `username`, with its API keys. " +
				"The service does not return the keys themselves.",
			Attributes: attributes,
		},
		Read: func(ctx context.Context, c *client, m *serviceUserDataModel, diags *diag.Diagnostics) {
			found, err := c.users().get(ctx, m.Username.ValueString())
			if err != nil {
				failServiceUser(diags, "read", m.Username.ValueString(), err)
				return
			}
			m.fromAPI(found)
		},
	}
}

type serviceUsersDataModel struct {
	ServiceUsers []serviceUserDataModel `tfsdk:"service_users"`
}

// serviceUsersDataSource reads all service users.
func serviceUsersDataSource() tfkit.DataSource[client, serviceUsersDataModel] {
	return tfkit.DataSource[client, serviceUsersDataModel]{
		Type: serviceUserType + "s",
		Schema: schema.Schema{
			MarkdownDescription: "Reads all service users of the account that the credential of the provider may " +
				"see, sorted by user name. The service documents no filters.",
			Attributes: map[string]schema.Attribute{
				"service_users": schema.ListNestedAttribute{
					Computed: true, MarkdownDescription: "The service users.",
					NestedObject: schema.NestedAttributeObject{Attributes: serviceUserDataAttributes()},
				},
			},
		},
		Read: func(ctx context.Context, c *client, m *serviceUsersDataModel, diags *diag.Diagnostics) {
			found, err := c.users().list(ctx)
			if err != nil {
				failServiceUser(diags, "list", "", err)
				return
			}
			m.ServiceUsers = make([]serviceUserDataModel, len(found))
			for i := range found {
				m.ServiceUsers[i].fromAPI(&found[i])
			}
		},
	}
}
