package wavefront

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// serviceAccountResource manages service accounts.
type serviceAccountResource struct{ resourceBase }

var (
	_ resource.ResourceWithConfigure   = &serviceAccountResource{}
	_ resource.ResourceWithIdentity    = &serviceAccountResource{}
	_ resource.ResourceWithImportState = &serviceAccountResource{}
	_ resource.ResourceWithModifyPlan  = &serviceAccountResource{}
	_ resource.ResourceWithMoveState   = &serviceAccountResource{}
)

func newServiceAccountResource(c *connection) resource.Resource {
	return &serviceAccountResource{resourceBase{Base: base{Connection: c}}}
}

func (r *serviceAccountResource) Metadata(
	_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = serviceAccountType
}

func (r *serviceAccountResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = serviceAccountSchema()
}

func (r *serviceAccountResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"identifier": identityschema.StringAttribute{
			RequiredForImport: true, Description: "Identifier of the account, with its prefix sa::.",
		},
	}}
}

func (r *serviceAccountResource) accounts() serviceAccounts { return serviceAccounts{r.Client} }

func (r *serviceAccountResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m serviceAccountResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.SaveIdentity(ctx, &m, resp.Identity, &resp.Diagnostics)

	account, err := r.accounts().read(ctx, m.Identifier.ValueString())
	if transport.NotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		fail(&resp.Diagnostics, "read Wavefront service account", m.Identifier.ValueString(), err)
		return
	}
	added := privateAddedGroups.Load(ctx, req.Private, &resp.Diagnostics)
	added = added.refreshed(tfkit.Strings(m.UserGroups), account)
	privateAddedGroups.Store(ctx, resp.Private, added, &resp.Diagnostics)
	privateOwnsCredential.Store(ctx, resp.Private, r.accounts().ownsCredential(account), &resp.Diagnostics)
	warnOfUnusedToken(ctx, req.Private, resp.Private, account, &resp.Diagnostics)

	m.fromAPI(account, added)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

// Update writes all members, reads them and compares: the server may return success and ignore a part.
func (r *serviceAccountResource) Update(
	ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse,
) {
	var m, prior serviceAccountResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	added := privateAddedGroups.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	wanted := m.toWrite(added)
	account, remark, err := r.accounts().update(ctx, wanted)
	if err != nil {
		fail(&resp.Diagnostics, "update Wavefront service account", wanted.Identifier, err)
		return
	}
	planned := m.UserGroups
	wanted.UserGroups = tfkit.Strings(planned) // the configuration does not ask for the added groups
	added = added.refreshed(wanted.UserGroups, account)
	left := without(tfkit.Strings(prior.UserGroups), wanted.UserGroups)
	ignored := verify(wanted, account, remark)
	ignored.Append(verifyLeft(left, without(ids(account.UserGroups), added))...)
	resp.Diagnostics.Append(ignored...)

	privateAddedGroups.Store(ctx, resp.Private, added, &resp.Diagnostics)
	m.fromAPI(account, added)
	if !ignored.HasError() {
		m.UserGroups = planned // the next refresh shows a group that somebody else added meanwhile
	}
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

func (r *serviceAccountResource) Delete(
	ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse,
) {
	var m serviceAccountResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	err := r.mayDelete(ctx, &m)
	if err == nil {
		err = r.accounts().remove(ctx, m.Identifier.ValueString())
	}
	if err != nil {
		fail(&resp.Diagnostics, "delete Wavefront service account", m.Identifier.ValueString(), err)
	}
}

// mayDelete refuses to delete the account that the provider signs in with. The plan has refused
// that already, except for a tainted account, whose private state Terraform does not pass on, and
// for a plan that was made without a refresh.
func (r *serviceAccountResource) mayDelete(ctx context.Context, m *serviceAccountResourceModel) error {
	if m.AllowSelfLockout.ValueBool() {
		return nil
	}
	account, err := r.accounts().find(ctx, m.Identifier.ValueString())
	if account != nil && r.accounts().ownsCredential(account) {
		return tfkit.LockoutError("This apply would delete the account")
	}
	return err
}

func (r *serviceAccountResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	id := req.ID
	if id == "" {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("identifier"), &id)...)
	}
	if right := normalizedIdentifier(id); right != id || right == identifierPrefix {
		resp.Diagnostics.AddError("Invalid import id",
			"A service account is imported by its identifier, in lower case and with its prefix: "+right+".")
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("identifier"), id)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("identifier"), id)...)
}
