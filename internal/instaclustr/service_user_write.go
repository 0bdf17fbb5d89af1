package instaclustr

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Create creates or adopts the user, saves, and then revokes keys and sets administrators, which the create
// request can't do. After that request a failure is a warning: Terraform replaces a resource whose
// create ended with an error, and the name can't be used again. The next plan completes the user.
func (r *serviceUserResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m serviceUserResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	username := m.Username.ValueString()
	defer lock(r.Data, username)()

	created, private, err := r.adopt(ctx, req.Config, &m)
	verb := "adopt"
	if created == nil && err == nil {
		verb = "create"
		created, err = r.Client.users().create(ctx, m.toCreate())
	}
	if err != nil {
		failServiceUser(&resp.Diagnostics, verb, username, err)
		return
	}
	if verb == "create" {
		private = newServiceUserPrivate(created, m.InitialAPIKeys.ValueString())
	}
	r.Client.adoptions.taken.Store(username, true)
	var returned serviceUserModel
	returned.fromAPI(created)
	m.fillUnknown(returned)
	private.store(ctx, resp.Private, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)

	now, err := r.completeCreate(ctx, m, private, created)
	if err != nil {
		resp.Diagnostics.AddWarning("Service user not complete", fmt.Sprintf("The service user %s is in the state, "+
			"but some further steps failed. The next apply completes it. Until then API keys that are to be revoked "+
			"may work, from all addresses.\n\n%s\n\n%s", m.Username, err, hintOn(err)))
	}
	m.keyTypesFromAPI(now)
	private.refreshed(now).store(ctx, resp.Private, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

// errAdministratorsNotReturned says that a response has no list of administrators.
var errAdministratorsNotReturned = errors.New("the service did not return the administrators of this user, so that " +
	"an update, which replaces them all, could remove some. Write all of them in administrators")

// completeCreate revokes the keys that came with the user, and sets the administrators. It returns
// the user, as read last. It goes on when the context ends: an interrupt would leave keys that work
// from all addresses.
func (r *serviceUserResource) completeCreate(
	ctx context.Context, m serviceUserResourceModel, private serviceUserPrivate, created *instaclustrapi.ServiceUser,
) (*instaclustrapi.ServiceUser, error) {
	ctx = context.WithoutCancel(ctx)
	now, err := r.Client.keys().removeOf(ctx, created, private.keyTypesToRevoke())
	wanted := m.toUpdate(private)
	if inEffect(wanted, created.DisplayName, created.Role, created.Administrators) {
		return now, err
	}
	if created.Administrators == nil {
		return now, errors.Join(err, errAdministratorsNotReturned)
	}
	after, updateErr := r.Client.users().update(ctx, created.Username, wanted)
	return cmp.Or(after, now), errors.Join(err, updateErr)
}

// Update changes the fields, and revokes the keys that are still to be revoked.
func (r *serviceUserResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var prior, m serviceUserResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	private := privateServiceUser.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	username := m.Username.ValueString()
	defer lock(r.Data, username)()
	private.settleImport(prior.InitialAPIKeys.ValueString(), m.InitialAPIKeys.ValueString())

	var now *instaclustrapi.ServiceUser
	wanted, administrators := m.toUpdate(private), append(tfkit.Strings(prior.Administrators), private.Creator...)
	if !inEffect(wanted, prior.DisplayName.ValueString(), prior.Role.ValueString(), administrators) {
		var err error
		if now, err = r.update(ctx, req.Config, m, wanted, lowers(prior.Role, m.Role)); err != nil {
			failServiceUser(&resp.Diagnostics, "update", username, err)
			switch {
			case now != nil && now.Keys != nil: // the role is lowered, but keys are left
				private.addKeysToRevoke(now, disallowed(wanted.Role, keyTypesOf(now)))
			case now != nil, transport.Lost(err) && lowers(prior.Role, m.Role):
				private.Lowering = wanted.Role
			}
			private.store(ctx, resp.Private, &resp.Diagnostics)
			return
		}
	}
	if len(private.KeysToRevoke) > 0 {
		after, err := r.Client.users().get(ctx, username)
		if err == nil { // keys that have been replaced meanwhile stay
			after, err = r.Client.keys().removeOf(ctx, after, private.refreshed(after).keyTypesToRevoke())
		}
		if err != nil {
			failServiceUser(&resp.Diagnostics, "revoke API keys of", username, err)
		}
		now = cmp.Or(after, now)
	}
	current := prior.serviceUserModel
	if now != nil {
		current.keyTypesFromAPI(now)
		private = private.refreshed(now)
	}
	m.fillUnknown(current)
	private.store(ctx, resp.Private, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

// update sends an update. Administrators that are not configured stay as they are on the server: the plan
// may be old. For the same reason it looks whether an update would remove the person whose key the provider
// uses. With an error, it returns the user if the server executed the update itself.
func (r *serviceUserResource) update(
	ctx context.Context, config tfsdk.Config, m serviceUserResourceModel, wanted instaclustrapi.ServiceUserUpdate,
	lowered bool,
) (*instaclustrapi.ServiceUser, error) {
	var administrators types.Set
	diags := config.GetAttribute(ctx, path.Root("administrators"), &administrators)
	configured, username, caller := diags.HasError() || !administrators.IsNull(), m.Username.ValueString(),
		r.Client.Username()
	if !configured || !slices.Contains(wanted.Administrators, caller) && !m.AllowSelfLockout.ValueBool() {
		now, err := r.Client.users().get(ctx, username)
		switch {
		case err != nil:
			return nil, err
		case now.Administrators == nil:
			return nil, errAdministratorsNotReturned
		case !configured:
			wanted.Administrators = tfkit.Distinct(now.Administrators)
		case slices.Contains(now.Administrators, caller):
			return nil, tfkit.LockoutError(fmt.Sprintf("The administrators would not include %q any more", caller))
		}
	}
	if lowered {
		return r.lowerRole(ctx, username, wanted)
	}
	return r.Client.users().update(ctx, username, wanted)
}

// lowerRole sends an update that lowers the role, and revokes the keys of types that the new role
// does not allow. A service may revoke such keys itself, keep them, or refuse the role because of
// them. The plan has named them. With an error, it returns the user if the role was lowered.
func (r *serviceUserResource) lowerRole(
	ctx context.Context, username string, wanted instaclustrapi.ServiceUserUpdate,
) (*instaclustrapi.ServiceUser, error) {
	now, err := r.Client.users().update(ctx, username, wanted)
	if instaclustrapi.Refused(err, "profile") {
		before, readErr := r.Client.users().get(ctx, username)
		if readErr != nil {
			return nil, errors.Join(err, readErr)
		}
		keyTypes := disallowed(wanted.Role, keyTypesOf(before))
		if len(keyTypes) == 0 {
			return nil, err
		}
		if _, err = r.Client.keys().removeOf(ctx, before, keyTypes); err == nil {
			now, err = r.Client.users().update(ctx, username, wanted)
		}
	}
	if err != nil {
		return nil, err
	}
	if now.Keys == nil {
		return now, errKeysNotReturned
	}
	return r.Client.keys().removeOf(ctx, now, disallowed(wanted.Role, keyTypesOf(now)))
}
