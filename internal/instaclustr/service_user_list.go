package instaclustr

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// serviceUserListResource finds service users for terraform query.
func serviceUserListResource() tfkit.ListResource[client, struct{}] {
	return tfkit.ListResource[client, struct{}]{
		Type: serviceUserType,
		Schema: schema.Schema{
			MarkdownDescription: "Finds service users of NetApp Instaclustr for `terraform query`, sorted by user " +
				"name. The service documents no filters.",
		},
		List: func(ctx context.Context, c *client, _ *struct{}, diags *diag.Diagnostics) []tfkit.Listed {
			found, err := c.users().list(ctx)
			if err != nil {
				failServiceUser(diags, "list", "", err)
				return nil
			}
			objects := make([]tfkit.Listed, len(found))
			for i := range found {
				var m serviceUserResourceModel
				m.fromAPI(&found[i], serviceUserPrivate{})
				if name := m.DisplayName.ValueString(); strings.TrimSpace(name) != name {
					m.DisplayName = types.StringNull() // no configuration may have it, not even a generated one
				}
				objects[i] = tfkit.Listed{DisplayName: displayName(&found[i]), Model: &m}
			}
			return objects
		},
	}
}

func displayName(in *instaclustrapi.ServiceUser) string {
	if in.DisplayName == "" || in.DisplayName == in.Username {
		return in.Username
	}
	return in.Username + " (" + in.DisplayName + ")"
}
