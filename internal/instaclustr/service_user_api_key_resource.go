package instaclustr

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// apiKeyResource manages API keys of service users.
type apiKeyResource struct{ resourceBase }

var (
	_ resource.ResourceWithConfigure   = &apiKeyResource{}
	_ resource.ResourceWithIdentity    = &apiKeyResource{}
	_ resource.ResourceWithImportState = &apiKeyResource{}
	_ resource.ResourceWithModifyPlan  = &apiKeyResource{}
)

func newAPIKeyResource(c *connection) resource.Resource {
	return &apiKeyResource{resourceBase{base{Connection: c}}}
}

func (r *apiKeyResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = apiKeyType
}

func (r *apiKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = apiKeySchema()
}

// apiKeyIdentity is the identity of a key.
type apiKeyIdentity struct {
	Username types.String `tfsdk:"username"`
	KeyType  types.String `tfsdk:"key_type"`
}

func (r *apiKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"username": identityschema.StringAttribute{RequiredForImport: true, Description: "User name of the service user."},
		"key_type": identityschema.StringAttribute{RequiredForImport: true, Description: "Type of the key."},
	}}
}

func (r *apiKeyResource) users() serviceUsers { return serviceUsers{r.Client} }

// Create makes the key, saves, and then restricts it. That the key can't be restricted is a warning: Terraform revokes and replaces what an error
// leaves behind. State shows that the list is not in force, so that the next plan restricts it.
func (r *apiKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m apiKeyResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	username, kind := m.Username.ValueString(), m.KeyType.ValueString()
	defer lock(r.Data, username)()

	m.ID, m.EffectiveCIDRAllowList = types.StringValue(m.subject()), types.SetNull(types.StringType)
	issued, err := r.users().issue(ctx, username, kind, m.AdoptByRotation.ValueBool())
	if err != nil {
		failAPIKey(&resp.Diagnostics, "create", m.subject(), err, createHints(err, m.subject())...)
		if errors.Is(err, errUnknown) { // the next apply revokes it and makes another one
			m.Clear()
			tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
		}
		return
	}
	m.Set(rotation.Issued{Secret: issued.Secret}, r.Data.Clock)
	m.EffectiveCIDRAllowList = inForce(issued.AllowList)
	privateTail.Store(ctx, resp.Private, instaclustrapi.TailOf(issued.Secret.Reveal()), &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)

	if err := r.enforce(ctx, &m, m.wanted(types.SetNull(types.StringType))); err != nil {
		resp.Diagnostics.AddAttributeWarning(path.Root("cidr_allow_list"), "The API key is not restricted", fmt.Sprintf("The API key %s was made, but its allow list could not be put in force: it "+
			"works from any address. The next apply restricts it.\n\n%s\n\n%s", m.subject(), err, hintOn(err)))
		return
	}
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

// enforce puts an allow list in force unless it is already. nil is whichever.
func (r *apiKeyResource) enforce(ctx context.Context, m *apiKeyResourceModel, wanted []string) error {
	if wanted == nil || holds(m.EffectiveCIDRAllowList, wanted) {
		return nil
	}
	if err := r.users().restrict(ctx, m.Username.ValueString(), m.KeyType.ValueString(), wanted); err != nil {
		return err
	}
	m.EffectiveCIDRAllowList = tfkit.StringSetOf(wanted)
	return nil
}

func createHints(err error, id string) []string {
	switch {
	case errors.Is(err, errUnknown):
		return []string{"The resource is in state, without a key. The next apply replaces it, which revokes a key that there may be."}
	case !errors.Is(err, errExists):
		return nil
	}
	return []string{tfkit.ImportHint(apiKeyType, id), "Or set adopt_by_rotation = true, which rotates the existing key: whoever uses it is cut off at once. It may have come with the user " +
		"(initial_api_keys on its resource says what becomes of those), or be in the hands of somebody else, or of an ephemeral resource whose run has crashed."}
}

func (r *apiKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m apiKeyResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	at := rotation.LoadPlanContext(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	m.ID = types.StringValue(m.subject())
	tfkit.SaveIdentity(ctx, &m, resp.Identity, &resp.Diagnostics)

	key, err := r.users().key(ctx, m.Username.ValueString(), m.KeyType.ValueString())
	if err != nil {
		failAPIKey(&resp.Diagnostics, "read", m.subject(), err)
		return
	}
	if key == nil {
		resp.State.RemoveResource(ctx)
		return
	}
	secret, known := m.Known()
	if known && key.Tail != "" && !strings.HasSuffix(secret.Reveal(), key.Tail) && !at.Unconfirmed {
		resp.Diagnostics.AddAttributeWarning(rotation.KeyPath, "API key rotated elsewhere", fmt.Sprintf("The API key %s ends with other characters than the one in state: somebody has rotated it, "+
			"or revoked it and made another one. The key in state is dead. The provider does not rotate by itself, which would cut off whoever has the new key. To have a key that works, change a "+
			"keeper and apply. The allow list may have changed, too, which can't be read: that rotation puts the one in state in force again.", m.subject()))
	}
	privateTail.Store(ctx, resp.Private, key.Tail, &resp.Diagnostics)
	rotation.StoreReadTime(ctx, resp.Private, r.Data.Clock, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

// Update restricts the key first, saves, then rotates it, saves, and restricts it again if the rotation has opened it.
func (r *apiKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var prior, m apiKeyResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	defer lock(r.Data, m.Username.ValueString())()

	wanted := m.wanted(prior.EffectiveCIDRAllowList)
	m.EffectiveCIDRAllowList = prior.EffectiveCIDRAllowList
	if err := r.enforce(ctx, &m, wanted); err != nil {
		failAPIKey(&resp.Diagnostics, "restrict", m.subject(), err)
		return
	}
	save := func() { tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics) }
	rotated := m.Rotate(ctx, prior.Key, rotation.Steps{
		Issue: func(ctx context.Context) (issued rotation.Issued, err error) {
			issued, wanted, err = r.rotate(ctx, &m, prior.EffectiveCIDRAllowList, resp)
			return issued, err
		},
		Save: save,
		Fail: func(err error, hints ...string) {
			failAPIKey(&resp.Diagnostics, "rotate", m.subject(), err, hints...)
		},
		Private: resp.Private, Clock: r.Data.Clock,
	}, &resp.Diagnostics)
	if !rotated {
		return
	}
	if err := r.enforce(ctx, &m, wanted); err != nil {
		failAPIKey(&resp.Diagnostics, "restrict", m.subject(), err, "The key was rotated, and state holds the new key, but the "+
			"server has dropped its allow list: the key works from any address. The next apply restricts it.")
		return
	}
	save()
}

// rotate has a new key issued, and records the allow list that the response holds. It returns the allow list to put in
// force again; nil: whichever.
func (r *apiKeyResource) rotate(
	ctx context.Context, m *apiKeyResourceModel, prior types.Set, resp *resource.UpdateResponse,
) (rotation.Issued, []string, error) {
	issued, err := r.Client.APIKeys.Rotate(ctx, m.Username.ValueString(), m.KeyType.ValueString())
	if err != nil {
		if transport.Lost(err) {
			err = rotation.Unconfirmed(err)
		}
		return rotation.Issued{}, nil, err
	}
	wanted := m.afterRotation(prior, issued.AllowList)
	if wanted == nil && open(m.EffectiveCIDRAllowList) && prior.IsNull() {
		resp.Diagnostics.AddAttributeWarning(path.Root("cidr_allow_list"), "The API key works from any address", fmt.Sprintf("The "+
			"API key %s was rotated, and works from any address now. It was imported, so that it is not known whether it did "+
			"before. Set cidr_allow_list to restrict it.", m.subject()))
	}
	privateTail.Store(ctx, resp.Private, instaclustrapi.TailOf(issued.Secret.Reveal()), &resp.Diagnostics)
	return rotation.Issued{Secret: issued.Secret}, wanted, nil
}

func (r *apiKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m apiKeyResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	defer lock(r.Data, m.Username.ValueString())()

	tail := privateTail.Load(ctx, req.Private, &resp.Diagnostics)
	// The plan has refused that already, but for that of a tainted key, whose private state the CLI does not hand on.
	if r.refuse(m, tail, m.AllowSelfLockout, "This revokes", &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	if _, err := r.users().revoke(ctx, m.Username.ValueString(), []string{m.KeyType.ValueString()}); err != nil {
		failAPIKey(&resp.Diagnostics, "revoke", m.subject(), err)
	}
}

func (r *apiKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var identity apiKeyIdentity
	username, kind, err := parseKeyID(req.ID)
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		username, kind, err = identity.Username.ValueString(), identity.KeyType.ValueString(), nil
	}
	var user *instaclustrapi.ServiceUser
	var key *instaclustrapi.Key
	if err == nil {
		if user, err = r.users().get(ctx, username); err == nil {
			username = user.Username // in the service's own spelling
			key, err = r.users().keyOf(ctx, user, kind)
		}
	}
	if err == nil && key == nil {
		err = fmt.Errorf("the service user %q has no API key of type %q", username, kind)
	}
	if err != nil {
		failAPIKey(&resp.Diagnostics, "import", req.ID, err)
		return
	}
	for name, value := range map[string]string{"username": username, "key_type": kind} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
		resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root(name), value)...)
	}
}
