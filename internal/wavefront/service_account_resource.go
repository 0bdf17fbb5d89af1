package wavefront

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

const serviceAccountType = "svcacct_wavefront_service_account"

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
	return &serviceAccountResource{resourceBase{base{Connection: c}}}
}

func (r *serviceAccountResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = serviceAccountType
}

func (r *serviceAccountResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = serviceAccountSchema()
}

func (r *serviceAccountResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"identifier": identityschema.StringAttribute{RequiredForImport: true, Description: "Identifier of the account, with its prefix sa::."},
	}}
}

func (r *serviceAccountResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m managedServiceAccount
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	wanted := m.toWrite(nil)
	made, warning := r.create(ctx, wanted, &resp.Diagnostics)
	if made == nil {
		return
	}
	kept := addedTo(wanted.UserGroups, made)
	m.fromAPI(made, kept)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
	privateKeptGroups.Store(ctx, resp.Private, kept, &resp.Diagnostics)

	refused := verify(wanted, made, warning)
	resp.Diagnostics.Append(refused...)
	if refused.HasError() {
		r.takeBack(ctx, wanted.Identifier, resp)
	}
}

// takeBack deletes an account that was made a moment ago, but not as it was asked for. Left in place it would be tainted, and replaced by
// the next apply anyway.
func (r *serviceAccountResource) takeBack(ctx context.Context, identifier string, resp *resource.CreateResponse) {
	if err := r.delete(context.WithoutCancel(ctx), identifier); err != nil {
		fail(&resp.Diagnostics, "take Wavefront service account back", identifier, err, "The account stays in state. The next apply replaces it.")
		return
	}
	resp.State.RemoveResource(ctx)
	resp.Diagnostics.AddWarning("The account was deleted again", "The service account "+identifier+" was not made as the configuration wants it. It was deleted right "+
		"away, so that nothing is left behind.")
}

func (r *serviceAccountResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m managedServiceAccount
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.SaveIdentity(ctx, &m, resp.Identity, &resp.Diagnostics)

	account, err := r.Client.ServiceAccounts.Get(ctx, m.Identifier.ValueString())
	if transport.NotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		fail(&resp.Diagnostics, "read Wavefront service account", m.Identifier.ValueString(), err)
		return
	}
	kept := privateKeptGroups.Load(ctx, req.Private, &resp.Diagnostics)
	kept = kept.refreshed(tfkit.Strings(m.UserGroups), account)
	privateKeptGroups.Store(ctx, resp.Private, kept, &resp.Diagnostics)
	privateOwn.Store(ctx, resp.Private, runsProvider(r.Client, account), &resp.Diagnostics)
	warnOfMoved(ctx, req.Private, resp.Private, account, &resp.Diagnostics)

	m.fromAPI(account, kept)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

// Update writes all members, reads them back and compares: a success may have left something out.
func (r *serviceAccountResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var m, prior managedServiceAccount
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	kept := privateKeptGroups.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	wanted := m.toWrite(kept)
	warning, err := r.Client.ServiceAccounts.Update(ctx, wanted)
	if err != nil {
		fail(&resp.Diagnostics, "update Wavefront service account", wanted.Identifier, err)
		return
	}
	account, err := r.Client.ServiceAccounts.Get(context.WithoutCancel(ctx), wanted.Identifier)
	if err != nil {
		fail(&resp.Diagnostics, "read Wavefront service account after its update", wanted.Identifier, err)
		return
	}
	planned := m.UserGroups
	wanted.UserGroups = tfkit.Strings(planned) // of the others, none was asked for
	kept = kept.refreshed(wanted.UserGroups, account)
	refused := verify(wanted, account, warning)
	refused.Append(verifyLeft(without(tfkit.Strings(prior.UserGroups), wanted.UserGroups), without(ids(account.UserGroups), kept))...)
	resp.Diagnostics.Append(refused...)
	privateKeptGroups.Store(ctx, resp.Private, kept, &resp.Diagnostics)
	m.fromAPI(account, kept)
	if !refused.HasError() {
		m.UserGroups = planned // a group that somebody else added meanwhile is for the next refresh
	}
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

func (r *serviceAccountResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m managedServiceAccount
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	err := r.mayDelete(ctx, &m)
	if err == nil {
		err = r.delete(ctx, m.Identifier.ValueString())
	}
	if err != nil {
		fail(&resp.Diagnostics, "delete Wavefront service account", m.Identifier.ValueString(), err)
	}
}

// mayDelete refuses to delete the account that the provider runs with. The plan has refused that already, but for that of a tainted account, whose
// private state the CLI does not hand on, and one that was made without a refresh.
func (r *serviceAccountResource) mayDelete(ctx context.Context, m *managedServiceAccount) error {
	if m.AllowSelfLockout.ValueBool() {
		return nil
	}
	account, err := r.Client.ServiceAccounts.Get(ctx, m.Identifier.ValueString())
	if transport.NotFound(err) {
		return nil
	}
	if err == nil && runsProvider(r.Client, account) {
		err = lockoutError("a token of this account")
	}
	return err
}

// delete deletes an account and makes sure that it is gone. One that is gone already is as good. With its own account gone, the provider is
// refused.
func (r *serviceAccountResource) delete(ctx context.Context, identifier string) error {
	deleted := r.Client.ServiceAccounts.Delete(ctx, identifier)
	if deleted != nil && !transport.NotFound(deleted) {
		return deleted
	}
	_, err := r.Client.ServiceAccounts.Get(ctx, identifier)
	switch {
	case transport.NotFound(err), deleted == nil && transport.Unauthorized(err):
		return nil
	case err != nil:
		return err
	}
	return errors.New("the server answered that it deleted the account, but it is still there")
}

func (r *serviceAccountResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	if id == "" {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("identifier"), &id)...)
	}
	if right := spelledIdentifier(id); right != id || right == "sa::" {
		resp.Diagnostics.AddError("Invalid import id", "A service account is imported by its identifier, in lower case and with its prefix: "+right+".")
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("identifier"), id)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("identifier"), id)...)
}

// privateOwn is whether the provider itself signs in with a token of the account.
var privateOwn = tfkit.Private[bool]{Key: "runs_the_provider", About: "whether the provider signs in with a token of the account"}

// runsProvider tells whether the provider itself runs with a token of an account.
func runsProvider(client *wavefrontapi.Client, account *wavefrontapi.ServiceAccount) bool {
	return slices.ContainsFunc(account.Tokens, func(t wavefrontapi.Token) bool { return client.RunsWith(t.ID) })
}
