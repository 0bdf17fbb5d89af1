package instaclustr

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// serviceUserResource manages service users.
type serviceUserResource struct{ resourceBase }

var (
	_ resource.ResourceWithConfigure   = &serviceUserResource{}
	_ resource.ResourceWithIdentity    = &serviceUserResource{}
	_ resource.ResourceWithImportState = &serviceUserResource{}
	_ resource.ResourceWithModifyPlan  = &serviceUserResource{}
)

func newServiceUserResource(c *connection) resource.Resource {
	return &serviceUserResource{resourceBase{Base: base{Connection: c}}}
}

func (r *serviceUserResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = serviceUserType
}

func (r *serviceUserResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = serviceUserSchema()
}

func (r *serviceUserResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"username": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the service user."},
	}}
}

func (r *serviceUserResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m serviceUserResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	private := serviceUserState.Load(ctx, req.Private, &resp.Diagnostics)
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
	serviceUserState.Store(ctx, resp.Private, private, &resp.Diagnostics)
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

func (r *serviceUserResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	username := req.ID
	if username == "" {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("username"), &username)...)
	}
	found, err := r.Client.users().get(ctx, username)
	if err != nil {
		failServiceUser(&resp.Diagnostics, "import", username, err)
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("username"), found.Username)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("username"), found.Username)...)
}
