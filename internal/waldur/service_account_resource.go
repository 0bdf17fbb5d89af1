package waldur

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// serviceAccountResource manages the service accounts of one kind.
type serviceAccountResource struct {
	resourceBase
	kind *serviceAccountKind
}

var (
	_ resource.ResourceWithConfigure   = &serviceAccountResource{}
	_ resource.ResourceWithIdentity    = &serviceAccountResource{}
	_ resource.ResourceWithImportState = &serviceAccountResource{}
	_ resource.ResourceWithModifyPlan  = &serviceAccountResource{}
)

func (r *serviceAccountResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.kind.typeName()
}

func (r *serviceAccountResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = serviceAccountSchema(r.kind)
}

func (r *serviceAccountResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"uuid": identityschema.StringAttribute{RequiredForImport: true, Description: "UUID of the account."},
	}}
}

func (r *serviceAccountResource) accounts() serviceAccounts { return serviceAccounts{r.kind, r.Client} }

// ModifyPlan plans the healing of an account in Erred, refuses to clear the e-mail address, and plans the rotation.
func (r *serviceAccountResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	state, plan := r.kind.newResource(), r.kind.newResource()
	resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	situation, diags := rotation.Recall(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	prior, planned := state.account(), plan.account()
	if !plan.scope().Equal(*state.scope()) || !planned.PreferredIdentifier.Equal(prior.PreferredIdentifier) {
		return // a new account; the framework does not tell here what is replaced
	}
	if planned.Email.IsNull() && !prior.Email.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("email"), "The e-mail address can't be cleared",
			"Waldur refuses an empty address. Set email to the current one, "+prior.Email.String()+", or to another one. "+replaceHint)
	}
	if prior.erred() {
		planned.State, planned.ErrorMessage = types.StringValue(waldurapi.ServiceAccountOK), types.StringNull()
	}
	resp.Diagnostics.Append(planned.Plan(prior.Key, situation, "The current key stops working at once.")...)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

func (r *serviceAccountResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	model := r.kind.newResource()
	resp.Diagnostics.Append(req.Plan.Get(ctx, model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m := model.account()

	made := r.create(ctx, m.toCreate(*model.scope()), &resp.Diagnostics)
	if made == nil {
		return
	}
	m.fromAPI(made)
	m.Forget()
	if apiKey, expiresAt := made.Key(); apiKey != "" {
		m.Issued(apiKey, expiresAt, r.Data.Clock)
	}
	save(ctx, model, &resp.State, resp.Identity, &resp.Diagnostics)

	if m.APIKey.IsNull() && !resp.Diagnostics.HasError() {
		r.rotate(ctx, &m.Key, m.UUID.ValueString(), &resp.Diagnostics, "The account is in state, without a key. The next apply replaces it; "+
			"after terraform untaint it keeps it, and rotates its key.")
		resp.Diagnostics.Append(rotation.Doubt(ctx, resp.Private, m.APIKey.IsNull())...)
		save(ctx, model, &resp.State, resp.Identity, &resp.Diagnostics)
	}
}

func (r *serviceAccountResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	model := r.kind.newResource()
	resp.Diagnostics.Append(req.State.Get(ctx, model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m := model.account()
	identify(ctx, m, resp.Identity, &resp.Diagnostics) // even of an account that is gone: Terraform before 1.12 has none stored

	account, err := r.accounts().get(ctx, m.UUID.ValueString(), model.scope().Canonical())
	if errors.Is(err, errUnseen) {
		resp.Diagnostics.AddWarning(r.kind.title+" is gone", r.accounts().unseenHint(m.UUID.ValueString(), m.Username.ValueString()))
	}
	if errors.Is(err, errAbsent) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		r.kind.fail(&resp.Diagnostics, "read", m.UUID.ValueString(), err)
		return
	}
	m.fromAPI(account)
	*model.scope() = tfkit.UUIDOrNull(r.kind.scopeOf(account))
	resp.Diagnostics.Append(rotation.Observe(ctx, resp.Private, r.Data.Clock)...)
	save(ctx, model, &resp.State, resp.Identity, &resp.Diagnostics)
}

// Update changes the fields first, which heals an account in Erred, saves, and then rotates.
func (r *serviceAccountResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	state, plan := r.kind.newResource(), r.kind.newResource()
	resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	prior, m := state.account(), plan.account()
	uuid := m.UUID.ValueString()

	if update, needed := m.toUpdate(prior); needed {
		// All but the key is as planned; what somebody else has changed meanwhile, the next refresh tells.
		if _, err := r.accounts().api().Update(ctx, uuid, update); err != nil {
			r.kind.fail(&resp.Diagnostics, "update", uuid, err)
			return
		}
	}
	planned := m.Key
	if planned.Planned() {
		m.Keep(prior.Key)
	}
	save(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
	if !planned.Planned() || resp.Diagnostics.HasError() {
		return
	}
	lost := r.rotate(ctx, &planned, uuid, &resp.Diagnostics)
	if lost || !planned.Planned() { // a refusal takes no former doubt away
		resp.Diagnostics.Append(rotation.Doubt(ctx, resp.Private, lost)...)
	}
	if !planned.Planned() {
		m.Key = planned
		save(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
	}
}

// rotate has a new key issued and records it. It tells whether the answer got lost, so that the current key may be dead. Hints go with an
// error.
func (r *serviceAccountResource) rotate(ctx context.Context, key *rotation.Key, uuid string, diags *diag.Diagnostics, hints ...string) (lost bool) {
	rotated, err := r.accounts().api().RotateAPIKey(ctx, uuid)
	if err == nil {
		if apiKey, expiresAt := rotated.Key(); apiKey != "" {
			key.Issued(apiKey, expiresAt, r.Data.Clock)
			return false
		}
		lost, err = true, errors.New("the server answered that it rotated the key, but did not tell the new one")
	}
	if lost = lost || transport.Lost(err); lost && len(hints) == 0 {
		hints = []string{"The current key may be dead. The next apply rotates again."}
	}
	r.kind.fail(diags, "rotate the API key of", uuid, err, hints...)
	return lost
}

func (r *serviceAccountResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	model := r.kind.newResource()
	resp.Diagnostics.Append(req.State.Get(ctx, model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	uuid := model.account().UUID.ValueString()

	if err := r.accounts().close(ctx, uuid, model.scope().Canonical()); err != nil {
		r.kind.fail(&resp.Diagnostics, "delete", uuid, err)
	}
}

func (r *serviceAccountResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	if id == "" {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("uuid"), &id)...)
	}
	uuid, err := r.accounts().resolve(ctx, id)
	if err != nil {
		r.kind.fail(&resp.Diagnostics, "import", id, err)
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("uuid"), uuid)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("uuid"), uuid)...)
}

func save(ctx context.Context, m serviceAccountResourceModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	diags.Append(state.Set(ctx, m)...)
	identify(ctx, m.account(), identity, diags)
}

func identify(ctx context.Context, m *managedServiceAccount, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	diags.Append(identity.SetAttribute(ctx, path.Root("uuid"), m.UUID)...)
}
