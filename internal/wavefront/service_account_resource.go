package wavefront

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// serviceAccountResource manages service accounts.
type serviceAccountResource struct {
	tfkit.Resource[client]
}

var (
	_ resource.ResourceWithConfigure   = &serviceAccountResource{}
	_ resource.ResourceWithIdentity    = &serviceAccountResource{}
	_ resource.ResourceWithImportState = &serviceAccountResource{}
	_ resource.ResourceWithModifyPlan  = &serviceAccountResource{}
	_ resource.ResourceWithMoveState   = &serviceAccountResource{}
)

func newAccountResource(c *connection) resource.Resource {
	return &serviceAccountResource{tfkit.ResourceType[client]{
		Name: serviceAccountType, Schema: serviceAccountSchema,
		Identity: []tfkit.IdentityAttribute{
			{Name: "identifier", Description: "Identifier of the account, with its prefix sa::."},
		},
		Resolve: resolveAccount,
	}.Bind(c)}
}

func resolveAccount(_ context.Context, _ *client, id string, diags *diag.Diagnostics) []string {
	id = pastedIdentifier(id)
	if right := normalizedIdentifier(id); right != id || right == identifierPrefix {
		diags.AddError("Invalid import id", "A service account is imported by its identifier, in lower case and with "+
			"its prefix: "+right+"; or by its URL in the API.")
	}
	return []string{id}
}

func (r *serviceAccountResource) accounts() serviceAccounts { return serviceAccounts{r.Client} }

// Create creates an account and compares it with the plan: the server may return success and ignore
// a part.
func (r *serviceAccountResource) Create(
	ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse,
) {
	var m serviceAccountResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	wanted := m.toWrite(nil)
	defer r.Data.Locks.Lock(serviceAccountType + "/" + wanted.Identifier)()

	account, remark, err := r.accounts().create(ctx, wanted)
	if err != nil {
		fail(&resp.Diagnostics, "create Wavefront service account", wanted.Identifier, err)
		return
	}
	added := groupsAdded(wanted.UserGroups, account)
	m.fromAPI(account, added)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
	privateAddedGroups.Store(ctx, resp.Private, added, &resp.Diagnostics)

	ignored := verify(wanted, account, remark)
	resp.Diagnostics.Append(ignored...)
	if ignored.HasError() {
		r.deleteIncomplete(ctx, wanted.Identifier, resp)
	}
}

// deleteIncomplete deletes an account that the server created with a part missing. In the state it
// would be tainted, and replaced by the next apply.
func (r *serviceAccountResource) deleteIncomplete(
	ctx context.Context, identifier string, resp *resource.CreateResponse,
) {
	if err := r.accounts().remove(context.WithoutCancel(ctx), identifier, false); err != nil {
		const doing = "delete incomplete Wavefront service account"
		fail(&resp.Diagnostics, doing, identifier, err, "The account stays in the state. The next apply replaces it.")
		return
	}
	resp.State.RemoveResource(ctx)
	resp.Diagnostics.AddWarning("The account was deleted again", "The server did not create the service account "+
		identifier+" as the configuration says. It was deleted again, so that no incomplete account is left.")
}

func (r *serviceAccountResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m serviceAccountResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	save := tfkit.BeginRead(ctx, &m, resp)

	account, err := r.accounts().read(ctx, m.Identifier.ValueString())
	if errors.Is(err, tfkit.ErrAbsent) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		fail(&resp.Diagnostics, "read Wavefront service account", m.Identifier.ValueString(), err)
		return
	}
	added := loadAddedGroups(ctx, req.Private, &m, &resp.Diagnostics).refreshed(account)
	privateAddedGroups.Store(ctx, resp.Private, added, &resp.Diagnostics)
	privateOwnsCredential.Store(ctx, resp.Private, r.accounts().ownsCredential(account), &resp.Diagnostics)
	warnOfUnusedToken(ctx, req.Private, resp.Private, account, &resp.Diagnostics)

	m.listNoGroups()
	m.fromAPI(account, added)
	save()
}

// Update writes all members, reads them and compares: the server may return success and ignore a part.
func (r *serviceAccountResource) Update(
	ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse,
) {
	var m, prior serviceAccountResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	added := loadAddedGroups(ctx, req.Private, &prior, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	const doing = "update Wavefront service account"
	wanted := m.toWrite(added)
	if err := r.mayUpdate(ctx, &m, added); err != nil {
		fail(&resp.Diagnostics, doing, wanted.Identifier, err)
		return
	}
	account, remark, err := r.accounts().update(ctx, wanted)
	if err != nil {
		fail(&resp.Diagnostics, doing, wanted.Identifier, err)
		return
	}
	planned := m
	wanted.UserGroups = tfkit.Strings(planned.UserGroups) // the configuration does not ask for the added groups
	added = added.refreshed(account)
	left := without(tfkit.Strings(prior.UserGroups), wanted.UserGroups)
	ignored := verify(wanted, account, remark)
	ignored.Append(verifyLeft(left, without(ids(account.UserGroups), added))...)
	resp.Diagnostics.Append(ignored...)

	privateAddedGroups.Store(ctx, resp.Private, added, &resp.Diagnostics)
	m.fromAPI(account, added)
	m.keepPlanned(&planned, !ignored.HasError())
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

// mayUpdate refuses an update that cuts off the provider itself. The plan has refused that already,
// unless it was made without a refresh.
func (r *serviceAccountResource) mayUpdate(
	ctx context.Context, m *serviceAccountResourceModel, added addedGroups,
) error {
	if m.AllowSelfLockout.ValueBool() {
		return nil
	}
	account, err := r.accounts().read(ctx, m.Identifier.ValueString())
	if err == nil && account.Tokens == nil {
		account, err = r.accounts().withTokens(ctx, account)
	}
	if err != nil || !r.accounts().ownsCredential(account) {
		return err
	}
	var now serviceAccountResourceModel
	now.fromAPI(account, added.refreshed(account))
	for _, loss := range m.losses(&now) {
		return tfkit.LockoutError("This apply " + loss.what)
	}
	return nil
}

func (r *serviceAccountResource) Delete(
	ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse,
) {
	var m serviceAccountResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// A resource block that is renamed destroys and creates one account in one apply, in any order.
	defer r.Data.Locks.Lock(serviceAccountType + "/" + m.Identifier.ValueString())()

	own, err := r.mayDelete(ctx, &m)
	if err == nil {
		err = r.accounts().remove(ctx, m.Identifier.ValueString(), own)
	}
	if err != nil {
		fail(&resp.Diagnostics, "delete Wavefront service account", m.Identifier.ValueString(), err)
	}
}

// mayDelete reports whether the provider signs in with the account, and refuses to delete it then. The plan
// has refused that already, except for a tainted account, whose private state Terraform does not pass on,
// and for a plan that was made without a refresh.
func (r *serviceAccountResource) mayDelete(ctx context.Context, m *serviceAccountResourceModel) (own bool, err error) {
	account, err := orNone(r.Client.accounts.Get(ctx, m.Identifier.ValueString()))
	own = account != nil && r.accounts().ownsCredential(account)
	if own && !m.AllowSelfLockout.ValueBool() {
		err = tfkit.LockoutError("This apply would delete the account")
	}
	return own, err
}
