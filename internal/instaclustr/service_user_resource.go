package instaclustr

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
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
		Name: serviceUserType, Schema: serviceUserSchema,
		Identity: []tfkit.IdentityAttribute{{Name: "username", Description: "Name of the service user."}},
		Resolve: func(ctx context.Context, client *client, id string, diags *diag.Diagnostics) []string {
			found, err := client.users().get(ctx, importID(id))
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
	save := tfkit.BeginRead(ctx, &m, resp)

	found, err := r.Client.users().read(ctx, m.Username.ValueString())
	if err != nil {
		failServiceUser(&resp.Diagnostics, "read", m.Username.ValueString(), err)
		return
	}
	switch stored, _ := req.Private.GetKey(ctx, privateServiceUser.Key); {
	case len(stored) > 0:
	case m.Email.IsNull() && m.Role.IsNull(): // after an import
		private = importedServiceUserPrivate(found, r.Client.Username())
	default:
		private = recoveredServiceUserPrivate(found, tfkit.Strings(m.Administrators), m.Role.ValueString())
		warnOfLostPrivate(found, &resp.Diagnostics)
	}
	private.keepCaller(found, tfkit.Strings(m.Administrators), r.Client.Username())
	private = private.refreshed(found)
	m.fromAPI(found, private)
	private.store(ctx, resp.Private, &resp.Diagnostics)
	save()
}

// warnOfLostPrivate warns of keys that were to be revoked, and that the provider can't distinguish any more.
func warnOfLostPrivate(found *instaclustrapi.ServiceUser, diags *diag.Diagnostics) {
	if len(found.Keys) == 0 {
		return
	}
	diags.AddAttributeWarning(path.Root("key_types"), "API keys may still be to be revoked", fmt.Sprintf("The "+
		"provider was terminated during an update of %s. If an earlier run warned that API keys of this user were "+
		"still to be revoked, the provider does not know them any more. The user has keys of the types %s. Revoke "+
		"those that nobody uses in the console. This warning comes once.",
		found.Username, strings.Join(tfkit.Distinct(keyTypesOf(found)), ", ")))
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
		failServiceUser(&resp.Diagnostics, "revoke all API keys of", username, adviseRemoval(err),
			"The service user stays in state.")
		return
	}
	resp.Diagnostics.AddWarning("The service user still exists", fmt.Sprintf("Instaclustr has no way to delete a "+
		"service user. All API keys of %s (%s) are revoked, so that nobody can sign in as it, and it is removed from "+
		"the state. Its user name and its e-mail address can't be used again. To have it deleted, ask the support of "+
		"Instaclustr. To manage it again, import it by its name.", username, strings.ToLower(m.Email.ValueString())))
}
