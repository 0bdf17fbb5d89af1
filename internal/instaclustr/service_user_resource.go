package instaclustr

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// serviceUserResource manages service users.
type serviceUserResource struct{ tfkit.Resource[client] }

var (
	_ resource.ResourceWithConfigure   = &serviceUserResource{}
	_ resource.ResourceWithIdentity    = &serviceUserResource{}
	_ resource.ResourceWithImportState = &serviceUserResource{}
	_ resource.ResourceWithModifyPlan  = &serviceUserResource{}
)

func newServiceUserResource(c *connection) resource.Resource {
	return &serviceUserResource{tfkit.ResourceType[client]{
		Name: serviceUserType, Schema: serviceUserSchema(),
		Identity: []tfkit.IdentityAttribute{{Name: "username", Description: "Name of the service user."}},
		Resolve: func(ctx context.Context, client *client, id string, diags *diag.Diagnostics) []string {
			found, err := client.users().get(ctx, id)
			if err != nil {
				failServiceUser(diags, "import", id, err)
				return nil
			}
			return []string{found.Username}
		},
	}.Bind(c)}
}

func (r *serviceUserResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m serviceUserResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	private := privateServiceUser.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.SaveIdentity(ctx, &m, resp.Identity, &resp.Diagnostics)

	found, err := r.Client.users().read(ctx, m.Username.ValueString())
	if err != nil {
		failServiceUser(&resp.Diagnostics, "read", m.Username.ValueString(), err)
		return
	}
	private = private.refreshed(found)
	m.fromAPI(found, private)
	privateServiceUser.Store(ctx, resp.Private, private, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

// Delete revokes all keys, whoever created them: there is no way to delete the user.
func (r *serviceUserResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m serviceUserResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	username := m.Username.ValueString()
	defer lock(r.Data, username)()

	// The plan has refused this already, except for a tainted user.
	if r.refuseOwnEnd(m, m.AllowSelfLockout, "This", &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.keys().removeAll(ctx, username); err != nil {
		failServiceUser(&resp.Diagnostics, "revoke all API keys of", username, err, "The service user stays in state.")
		return
	}
	resp.Diagnostics.AddWarning("The service user still exists", fmt.Sprintf("Instaclustr has no way to delete a "+
		"service user. All API keys of %s (%s) are revoked, so that nobody can sign in as it, and it is removed from "+
		"the state. Its user name and its e-mail address can't be used again. To have it deleted, ask the support of "+
		"Instaclustr. To manage it again, import it by its name.", username, strings.ToLower(m.Email.ValueString())))
}
