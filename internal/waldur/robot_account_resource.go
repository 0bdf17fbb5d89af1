package waldur

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// robotAccountResource manages robot accounts.
type robotAccountResource struct {
	tfkit.Resource[client]
}

var (
	_ resource.ResourceWithIdentity    = &robotAccountResource{}
	_ resource.ResourceWithImportState = &robotAccountResource{}
	_ resource.ResourceWithModifyPlan  = &robotAccountResource{}
)

func newRobotAccountResource(c *connection) resource.Resource {
	resolve := func(ctx context.Context, c *client, id string) (string, error) {
		return robotAccounts{c}.resolve(ctx, id)
	}
	return &robotAccountResource{accountType(robotAccountType, robotAccountSchema, resolve, failRobotAccount).Bind(c)}
}

func (r *robotAccountResource) accounts() robotAccounts { return robotAccounts{r.Client} }

func (r *robotAccountResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m robotAccountResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if r.refuseStates(ctx, m, "create", &resp.Diagnostics); resp.Diagnostics.HasError() {
		return // a plan that was made elsewhere, or with an unknown value
	}
	write, planned := m.toCreate(), m
	defer r.lock(m.ResourceUUID.Canonical(), m.Type.ValueString())()

	created, err := r.accounts().create(ctx, write)
	if err != nil {
		failRobotAccount(&resp.Diagnostics, "create", "", err)
		return
	}
	hidden := hiddenUsers{}.after(write, created)
	m.fromAPI(hidden.addTo(created))
	privateHidden.Store(ctx, resp.Private, hidden, &resp.Diagnostics)
	storeConfiguredState(ctx, req.Config, resp.Private, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)

	// An interrupt here would leave an account that the next apply replaces.
	r.complete(context.WithoutCancel(ctx), &m, planned, created, hidden, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// complete reads what the response to a create lacks, and changes the state of the new account to
// the planned one.
func (r *robotAccountResource) complete(
	ctx context.Context, m *robotAccountResourceModel, planned robotAccountResourceModel,
	account *waldurapi.RobotAccount, hidden hiddenUsers, diags *diag.Diagnostics,
) {
	if whole, err := r.accounts().get(ctx, account.UUID, ""); err == nil {
		account = whole
		m.fromAPI(hidden.addTo(account))
	} else {
		diags.AddWarning("Incomplete state of the account", "The account was created, but could not be read: "+
			err.Error()+". The next refresh completes the state.")
	}
	warnOfMissingDescription(account, planned, diags)
	if planned.State.IsUnknown() {
		return
	}
	if err := r.setState(ctx, m, planned, account); err != nil {
		failRobotAccount(diags, "create", account.UUID, err, "The account was created, but not in the planned state.")
	}
}

// setState changes the state of an account to the planned one. The model gets the state that the
// account has then.
func (r *robotAccountResource) setState(
	ctx context.Context, m *robotAccountResourceModel, planned robotAccountResourceModel,
	account *waldurapi.RobotAccount,
) error {
	state, message := planned.State.ValueString(), planned.ErrorMessage.ValueString()
	account, err := r.accounts().setState(ctx, account, state, message, func(string) {})
	m.State, m.ErrorMessage = tfkit.StringOrNull(string(account.State)), tfkit.StringPointerOrNull(account.ErrorMessage)
	return err
}

func (r *robotAccountResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m robotAccountResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	hidden := privateHidden.Load(ctx, req.Private, &resp.Diagnostics)
	replaced := privateReplaced.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	save := tfkit.BeginRead(ctx, &m, resp)

	account, err := r.accounts().refresh(ctx, m.UUID.ValueString(), m.ResourceUUID.Canonical(),
		m.ProjectUUID.Canonical())
	if errors.Is(err, tfkit.ErrAbsent) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		failRobotAccount(&resp.Diagnostics, "read", m.UUID.ValueString(), err)
		return
	}
	hidden = hidden.refreshed(account)
	prior := m
	m.fromAPI(hidden.addTo(account))
	if m.ResourceUUID.IsNull() || m.Type.IsNull() {
		failRobotAccount(&resp.Diagnostics, "read", m.UUID.ValueString(), errors.New("the server did not return the "+
			"resource or the type of the account: without them, a plan would replace or change the account"))
		return
	}
	replaced = replaced.after(&prior, &m)
	if m.BackendID.ValueString() != "" {
		replaced.keepEmpty(&prior, &m)
	}
	privateHidden.Store(ctx, resp.Private, hidden, &resp.Diagnostics)
	privateNoStates.Store(ctx, resp.Private, account.State == "", &resp.Diagnostics)
	privateReplaced.Store(ctx, resp.Private, replaced, &resp.Diagnostics)
	save()
}

// Update changes the fields first, saves, and then changes the state of the account.
func (r *robotAccountResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var prior, m robotAccountResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	hidden := privateHidden.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	uuid, planned := m.UUID.ValueString(), m
	m.State = prior.State
	if !planned.State.Equal(prior.State) || m.ErrorMessage.IsUnknown() {
		m.ErrorMessage = prior.ErrorMessage
	}

	// The plan refuses changes of a copy, but for those that refreshes have found: nothing can undo them.
	if write, needed := m.toUpdate(&prior); needed && prior.BackendID.ValueString() == "" {
		updated, err := r.update(ctx, &m, write)
		if err != nil {
			r.accounts().failUpdate(ctx, &m, write, err, &resp.Diagnostics)
			return
		}
		// The state gets what was planned. The next refresh shows what somebody else has changed
		// since the plan.
		if m.Fingerprints.IsUnknown() {
			m.Fingerprints = fingerprints(updated.Fingerprints)
		}
		if m.Username.IsUnknown() {
			m.Username = types.StringPointerValue(updated.Username)
		}
		hidden.warn(write, &resp.Diagnostics)
		privateHidden.Store(ctx, resp.Private, hidden.after(write, updated), &resp.Diagnostics)
		warnOfMissingDescription(updated, planned, &resp.Diagnostics)
	}
	if planned.State.IsNull() { // the server has no states
		m.State = planned.State
	}
	storeConfiguredState(ctx, req.Config, resp.Private, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
	if planned.State.Equal(m.State) || resp.Diagnostics.HasError() {
		return
	}
	account := &waldurapi.RobotAccount{
		UUID: uuid, State: waldurapi.RobotAccountState(prior.State.ValueString()),
		ErrorMessage: prior.ErrorMessage.ValueStringPointer(),
	}
	if err := r.setState(ctx, &m, planned, account); err != nil {
		failRobotAccount(&resp.Diagnostics, "set the state of", uuid, err)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// lock waits for the creates, the updates of the type and the destroys that have one resource and type. A
// resource block that is renamed destroys and creates one account in one apply, in any order.
func (r *robotAccountResource) lock(resource, kind string) (unlock func()) {
	return r.Data.Locks.Lock(robotAccountType + "/" + resource + "/" + kind)
}

// update changes the fields of an account. It waits for creates and updates that want the new type.
func (r *robotAccountResource) update(
	ctx context.Context, m *robotAccountResourceModel, write waldurapi.RobotAccountWrite,
) (*waldurapi.RobotAccount, error) {
	resource := m.ResourceUUID.Canonical()
	if write.Type != nil {
		defer r.lock(resource, *write.Type)()
	}
	return r.accounts().update(ctx, m.UUID.ValueString(), resource, write)
}

func (r *robotAccountResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m robotAccountResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	defer r.lock(m.ResourceUUID.Canonical(), m.Type.ValueString())()

	remove := r.accounts().remove
	if m.DeletionMode.ValueString() == deleteOnRequest {
		remove = r.accounts().requestDeletion
	}
	if err := remove(ctx, m.UUID.ValueString(), m.ResourceUUID.Canonical()); err != nil {
		failRobotAccount(&resp.Diagnostics, "delete", m.UUID.ValueString(), err)
	}
}

// warnOfMissingDescription reports a description that a server of 2024 does not keep.
func warnOfMissingDescription(
	account *waldurapi.RobotAccount, planned robotAccountResourceModel, diags *diag.Diagnostics,
) {
	if account.Description == nil && !planned.Description.IsNull() && !planned.Description.IsUnknown() {
		diags.AddAttributeWarning(path.Root("description"), "No descriptions on this server",
			"This Waldur server is too old to keep descriptions of robot accounts.")
	}
}
