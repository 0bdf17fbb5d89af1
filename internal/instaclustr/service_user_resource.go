package instaclustr

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
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
	return &serviceUserResource{resourceBase{base{Connection: c}}}
}

func (r *serviceUserResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = serviceUserType
}

func (r *serviceUserResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = serviceUserSchema()
}

// serviceUserIdentity is the identity of a service user.
type serviceUserIdentity struct {
	Username types.String `tfsdk:"username"`
}

func (r *serviceUserResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"username": identityschema.StringAttribute{RequiredForImport: true, Description: "User name of the service user."},
	}}
}

func (r *serviceUserResource) users() serviceUsers { return serviceUsers{r.Client} }

// Create makes the user, saves, and then does what a create can't. From the moment that there is a user, what fails is a warning: Terraform replaces
// a resource whose create ended with an error, and the name can't be used again. The next plan completes it.
func (r *serviceUserResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m serviceUserResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	defer lock(r.Data, m.Username.ValueString())()

	made, hints, err := r.users().create(ctx, m.toCreate())
	if err != nil {
		failServiceUser(&resp.Diagnostics, "create", m.Username.ValueString(), err, hints...)
		return
	}
	memory := remembered(made, m.InitialAPIKeys.ValueString())
	m.complete(made)
	privateUser.Store(ctx, resp.Private, memory, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)

	now, err := r.settle(ctx, m, memory, made)
	if err != nil {
		resp.Diagnostics.AddWarning("Service user not complete", fmt.Sprintf("The service user %s was made, but not all of the rest could be done. The next apply completes it; until then, API keys that came with it "+
			"may work, from any address.\n\n%s\n\n%s", m.Username, err, hintOn(err)))
	}
	m.complete(now)
	privateUser.Store(ctx, resp.Private, memory.still(now), &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

// settle revokes the keys that came with the user, and chooses administrators. It returns the user as it is then, as far as is known.
func (r *serviceUserResource) settle(ctx context.Context, m serviceUserResourceModel, memory userMemory, made *instaclustrapi.ServiceUser) (*instaclustrapi.ServiceUser, error) {
	ctx = context.WithoutCancel(ctx) // an interrupt would leave keys that work from any address
	now, failed := made, []error{}
	if kinds := memory.doomedTypes(); len(kinds) > 0 {
		after, err := r.users().revoke(ctx, made.Username, kinds)
		if err != nil {
			failed = append(failed, err)
		}
		if after != nil {
			now = after
		}
	}
	if wanted := m.toUpdate(memory); !done(wanted, made.DisplayName, made.Role, made.Administrators) {
		after, err := r.users().update(ctx, made.Username, wanted, false)
		if err != nil {
			failed = append(failed, err)
		} else {
			now = after
		}
	}
	return now, errors.Join(failed...)
}

func (r *serviceUserResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m serviceUserResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	memory := privateUser.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.SaveIdentity(ctx, &m, resp.Identity, &resp.Diagnostics)

	found, err := r.users().get(ctx, m.Username.ValueString())
	if err != nil {
		failServiceUser(&resp.Diagnostics, "read", m.Username.ValueString(), err)
		return
	}
	memory.settle(found)
	memory = memory.still(found)
	m.fromAPI(found, memory)
	privateUser.Store(ctx, resp.Private, memory, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

// Update changes the fields, and revokes what is still to be revoked.
func (r *serviceUserResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var prior, m serviceUserResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	memory := privateUser.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	username := m.Username.ValueString()
	defer lock(r.Data, username)()

	var now *instaclustrapi.ServiceUser
	var err error
	actual := append(stringsOf(prior.Administrators), memory.Creator...)
	if wanted := m.toUpdate(memory); !done(wanted, prior.DisplayName.ValueString(), prior.Role.ValueString(), actual) {
		now, err = r.update(ctx, req.Config, wanted, username, lowers(prior.Role, m.Role))
		if err != nil {
			failServiceUser(&resp.Diagnostics, "update", username, err)
			switch {
			case now != nil:
				memory.doom(now, strandedBy(wanted.Role, keyTypesOf(now)))
			case transport.Lost(err) && lowers(prior.Role, m.Role):
				memory.Lowering = wanted.Role
			}
			privateUser.Store(ctx, resp.Private, memory, &resp.Diagnostics)
			return
		}
	}
	if len(memory.Doomed) > 0 {
		after, err := r.revokeDoomed(ctx, username, memory)
		if err != nil {
			failServiceUser(&resp.Diagnostics, "revoke API keys of", username, err)
		}
		if after != nil {
			now = after
		}
	}
	m.fill(prior, now)
	if now != nil {
		memory = memory.still(now)
	}
	privateUser.Store(ctx, resp.Private, memory, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

// update sends an update. Administrators who are not configured are those whom the user has by now: the plan may be of yesterday.
func (r *serviceUserResource) update(ctx context.Context, config tfsdk.Config, wanted instaclustrapi.ServiceUserUpdate, username string, lowered bool) (*instaclustrapi.ServiceUser, error) {
	var administrators types.Set
	if diags := config.GetAttribute(ctx, path.Root("administrators"), &administrators); !diags.HasError() && administrators.IsNull() {
		now, err := r.users().get(ctx, username)
		if err != nil {
			return nil, err
		}
		wanted.Administrators = distinct(now.Administrators)
	}
	return r.users().update(ctx, username, wanted, lowered)
}

// revokeDoomed revokes keys that are still the ones that were to be revoked.
func (r *serviceUserResource) revokeDoomed(ctx context.Context, username string, memory userMemory) (*instaclustrapi.ServiceUser, error) {
	now, err := r.users().get(ctx, username)
	if err != nil {
		return nil, err
	}
	kinds := memory.still(now).doomedTypes()
	if len(kinds) == 0 {
		return now, nil
	}
	return r.users().revoke(ctx, username, kinds)
}

// Delete revokes all keys, whoever made them: there is no way to delete the user.
func (r *serviceUserResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m serviceUserResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	username := m.Username.ValueString()
	defer lock(r.Data, username)()

	// The plan has refused that already, but for that of a tainted user.
	if r.refuseEnd(m, m, "This", &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	found, err := r.users().get(ctx, username)
	if err == nil && !found.KeysReported {
		err = errKeysUntold
	}
	if err == nil && len(found.Keys) > 0 {
		_, err = r.users().revoke(ctx, username, keyTypesOf(found))
	}
	if err != nil {
		failServiceUser(&resp.Diagnostics, "revoke all API keys of", username, err, "The service user stays in state.")
		return
	}
	resp.Diagnostics.AddWarning("The service user still exists", fmt.Sprintf("Instaclustr has no way to delete a service user. All API keys of %s (%s) are revoked, so that nobody can "+
		"sign in as it, and Terraform forgets it. It keeps its user name and its e-mail address, which can't be used again. To have it removed, ask the support of Instaclustr; to manage it "+
		"again, import it by its user name.", username, strings.ToLower(m.Email.ValueString())))
}

func (r *serviceUserResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	username := req.ID
	if username == "" {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("username"), &username)...)
	}
	found, err := r.users().get(ctx, username)
	if err != nil {
		failServiceUser(&resp.Diagnostics, "import", username, err)
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("username"), found.Username)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("username"), found.Username)...)
}
