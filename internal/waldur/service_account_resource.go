package waldur

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// serviceAccountResource manages the service accounts of one kind.
type serviceAccountResource struct {
	tfkit.Resource[client]
	kind *serviceAccountKind
}

var (
	_ resource.ResourceWithIdentity    = &serviceAccountResource{}
	_ resource.ResourceWithImportState = &serviceAccountResource{}
	_ resource.ResourceWithModifyPlan  = &serviceAccountResource{}
)

func (k *serviceAccountKind) newResource(c *connection) resource.Resource {
	resolve := func(ctx context.Context, c *client, id string) (string, error) {
		return serviceAccounts{k, c}.resolve(ctx, id)
	}
	return &serviceAccountResource{accountType(k.typeName(), k.schema, resolve, k.fail).Bind(c), k}
}

func (r *serviceAccountResource) accounts() serviceAccounts { return serviceAccounts{r.kind, r.Client} }

func (r *serviceAccountResource) Create(
	ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse,
) {
	model := r.kind.newModel()
	resp.Diagnostics.Append(req.Plan.Get(ctx, model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m := model.account()
	in := m.toCreate(*model.scope())
	defer r.lock(model)()

	sure, err := r.accounts().mayCreate(ctx, in.Scope)
	if err == nil && !sure { // wait for the first account of this run, which shows it
		defer r.Data.Locks.Lock("new account in " + in.Scope)()
		sure, err = r.accounts().mayCreate(ctx, in.Scope)
	}
	var created *waldurapi.ServiceAccount
	if err == nil {
		created, err = r.accounts().create(ctx, in)
	}
	if err != nil {
		r.kind.fail(&resp.Diagnostics, "create", "", err)
		return
	}
	m.fromAPI(created)
	m.Clear()
	if issued, ok := issuedKey(created); ok {
		m.Set(issued, r.Data.Clock, &resp.Diagnostics)
	}
	save := func() { tfkit.Save(ctx, model, &resp.State, resp.Identity, &resp.Diagnostics) }
	save()
	if !sure {
		if err := r.accounts().seesNew(ctx, created.UUID, in.Scope); err != nil {
			r.kind.fail(&resp.Diagnostics, "read", created.UUID, err)
		}
	}
	if !m.Held() && !resp.Diagnostics.HasError() {
		m.IssueMissing(ctx, r.steps(m.UUID.ValueString(), save, resp.Private, &resp.Diagnostics, withoutKeyHint),
			&resp.Diagnostics)
	}
}

// lock waits for the creates and the destroys of accounts with the same identifier. A resource block that
// is renamed destroys and creates one account in one apply, in any order.
func (r *serviceAccountResource) lock(model scopedResourceModel) (unlock func()) {
	return r.Data.Locks.Lock(r.kind.typeName() + "/" + model.scope().Canonical() + "/" +
		model.account().PreferredIdentifier.ValueString())
}

// ImportState also marks a key that the environment has.
func (r *serviceAccountResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	if r.Resource.ImportState(ctx, req, resp); !resp.Diagnostics.HasError() {
		rotation.MarkImport(ctx, r.Data.Imports, nil, resp.Private, &resp.Diagnostics)
	}
}

const withoutKeyHint = "The account is in the state, without a key. The next apply replaces it. If you run terraform " +
	"untaint first, the next apply keeps the account and rotates its key."

func (r *serviceAccountResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	model := r.kind.newModel()
	resp.Diagnostics.Append(req.State.Get(ctx, model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	save := tfkit.BeginRead(ctx, model, resp)

	m := model.account()
	account, err := r.accounts().read(ctx, m.UUID.ValueString(), model.scope().Canonical())
	if errors.Is(err, tfkit.ErrAbsent) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		r.kind.fail(&resp.Diagnostics, "read", m.UUID.ValueString(), err)
		return
	}
	r.kind.refresh(model, account)
	if model.scope().IsNull() || m.PreferredIdentifier.IsNull() {
		r.kind.fail(&resp.Diagnostics, "read", m.UUID.ValueString(), fmt.Errorf("the server did not return the %s or "+
			"the preferred_identifier of the account: without them, a plan would replace the account", r.kind.scope))
		return
	}
	m.FinishRead(ctx, "", resp.Private, r.Data.Clock, &resp.Diagnostics)
	save()
}

// Update changes the fields first, which repairs an account in Erred, and then rotates the key.
func (r *serviceAccountResource) Update(
	ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse,
) {
	state, plan := r.kind.newModel(), r.kind.newModel()
	resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	prior, m := state.account(), plan.account()
	uuid := m.UUID.ValueString()

	if update, needed := m.toUpdate(prior); needed {
		// The state gets what was planned. The next refresh shows what somebody else has changed
		// since the plan.
		if err := r.accounts().update(ctx, uuid, update); err != nil {
			r.kind.fail(&resp.Diagnostics, "update", uuid, err)
			return
		}
	}
	save := func() { tfkit.Save(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics) }
	m.Rotate(ctx, prior.Key, r.steps(uuid, save, resp.Private, &resp.Diagnostics), &resp.Diagnostics)
}

// steps returns the steps of a rotation of an account's key. Errors get the hints too.
func (r *serviceAccountResource) steps(
	uuid string, save func(), private tfkit.PrivateState, diags *diag.Diagnostics, hints ...string,
) rotation.Steps {
	return rotation.Steps{
		Issue: func(ctx context.Context) (rotation.Issued, error) { return r.accounts().issue(ctx, uuid) },
		Save:  save,
		Fail: func(err error, more ...string) {
			r.kind.fail(diags, "rotate the API key of", uuid, err, append(more, hints...)...)
		},
		Private: private, Clock: r.Data.Clock, Imports: r.Data.Imports,
	}
}

func (r *serviceAccountResource) Delete(
	ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse,
) {
	model := r.kind.newModel()
	resp.Diagnostics.Append(req.State.Get(ctx, model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	defer r.lock(model)()

	uuid := model.account().UUID.ValueString()
	if err := r.accounts().remove(ctx, uuid, model.scope().Canonical()); err != nil {
		r.kind.fail(&resp.Diagnostics, "delete", uuid, err)
	}
}
