package instaclustr

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// ModifyPlan plans rotation and restriction, and refuses what the role of the user does not allow and what would lock the provider out.
func (r *apiKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var prior, planned apiKeyResourceModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	}
	at := rotation.LoadPlanContext(ctx, req.Private, &resp.Diagnostics)
	tail := privateTail.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.Plan.Raw.IsNull() {
		r.refuse(prior, tail, prior.AllowSelfLockout, "Destroying this resource revokes", &resp.Diagnostics)
		return
	}
	fresh := req.State.Raw.IsNull() || !planned.Username.Equal(prior.Username) || !planned.KeyType.Equal(prior.KeyType)
	r.refuseType(ctx, planned, fresh, &resp.Diagnostics)
	if fresh {
		if !req.State.Raw.IsNull() { // the framework does not tell here what is replaced
			r.refuse(prior, tail, planned.AllowSelfLockout, "Replacing this resource revokes", &resp.Diagnostics)
		} else {
			r.refuseOwn(ctx, planned, tail, &resp.Diagnostics)
		}
		return
	}
	resp.Diagnostics.Append(planned.Plan(prior.Key, at, "The current key stops working at once.")...)
	if planned.WillRotate() {
		r.refuse(prior, tail, planned.AllowSelfLockout, "Applying this plan rotates", &resp.Diagnostics)
	}
	if planned.planRestriction(prior) {
		r.refuse(prior, tail, planned.AllowSelfLockout, "Applying this plan restricts", &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &planned)...)
}

// planRestriction plans the allow list that is in force afterwards, and tells whether one is to be written.
func (m *apiKeyResourceModel) planRestriction(prior apiKeyResourceModel) bool {
	m.EffectiveCIDRAllowList = prior.EffectiveCIDRAllowList
	switch {
	case m.CIDRAllowList.IsNull():
		if m.WillRotate() {
			m.EffectiveCIDRAllowList = types.SetUnknown(types.StringType) // the answer to the rotation tells it
		}
		return false
	case !tfkit.WhollyKnown(m.CIDRAllowList):
		m.EffectiveCIDRAllowList = types.SetUnknown(types.StringType)
		return true
	case holds(prior.EffectiveCIDRAllowList, prefixes(m.CIDRAllowList)):
		return false
	}
	m.EffectiveCIDRAllowList = tfkit.StringSetOf(prefixes(m.CIDRAllowList))
	return true
}

// refuse refuses to do something to the key that the provider signs in with.
func (r *apiKeyResource) refuse(prior apiKeyResourceModel, tail string, allowed types.Bool, doing string, diags *diag.Diagnostics) {
	if secret, known := prior.Known(); tail == "" && known {
		tail = instaclustrapi.TailOf(secret.Reveal())
	}
	if r.Client != nil && r.Client.RunsWith(prior.Username.ValueString(), tail) && !allowed.ValueBool() {
		lockedOut(diags, path.Root("key_type"), doing+" the API key "+prior.subject()+".")
	}
}

// refuseOwn refuses to make, which is to replace or to adopt, the key that the provider signs in with: the plan of a replacement looks like that of a
// create. If the key can't be read, as by a service user, it is taken for that one.
func (r *apiKeyResource) refuseOwn(ctx context.Context, planned apiKeyResourceModel, tail string, diags *diag.Diagnostics) {
	username := planned.Username.ValueString()
	if r.Client == nil || username == "" || r.Client.Username() != username || planned.AllowSelfLockout.ValueBool() {
		return
	}
	if tail == "" {
		user, err := r.Client.ServiceUsers.Get(ctx, username)
		if err == nil {
			key := user.Key(planned.KeyType.ValueString())
			if key == nil {
				return
			}
			tail = key.Tail
		}
	}
	if tail == "" || r.Client.RunsWith(username, tail) {
		lockedOut(diags, path.Root("key_type"), "Applying this plan replaces or adopts the API key "+planned.subject()+".")
	}
}

// refuseType refuses a type that the role of the user does not allow: the role that is planned in the same run, or else, for a fresh key, the one
// that the user has. A user that can't be read is left to the apply.
func (r *apiKeyResource) refuseType(ctx context.Context, planned apiKeyResourceModel, fresh bool, diags *diag.Diagnostics) {
	username, keyType := planned.Username.ValueString(), planned.KeyType.ValueString()
	if r.Client == nil || username == "" || keyType == "" {
		return
	}
	refuse := func(role string) {
		diags.AddAttributeError(path.Root("key_type"), "API key type not allowed", notAllowed(keyType, username, role)+
			". Choose another type or another role, or leave this key out. Should the role be raised in the same run: take username from the resource of the user, so that "+
			"the plan knows.")
	}
	if role, ok := r.Client.roles.of(username); ok {
		if !role.IsUnknown() && !allowedBy(role.ValueString(), keyType) {
			refuse(role.ValueString())
		}
		return
	}
	if !fresh {
		return
	}
	if user, err := r.Client.ServiceUsers.Get(ctx, username); err == nil && !user.Allows(keyType) {
		refuse(user.Role)
	}
}
