package instaclustr

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// ModifyPlan plans rotation and restriction. It refuses key types that the role of the user does
// not allow, and plans that would lock the provider out.
func (r *apiKeyResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	var prior, planned apiKeyResourceModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	}
	at := rotation.LoadPlanContext(ctx, req.Private, &resp.Diagnostics)
	tail := privateKeyTail.Load(ctx, req.Private, &resp.Diagnostics)
	lists := privateLists.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	refuseOwn := func(allowed types.Bool, doing string) { r.refuseOwn(prior, tail, allowed, doing, &resp.Diagnostics) }
	switch {
	case req.Plan.Raw.IsNull():
		refuseOwn(prior.AllowSelfLockout, "Destroying this resource revokes")
	case req.State.Raw.IsNull():
		r.checkType(ctx, planned, true, &resp.Diagnostics)
		r.refuseOwnReplacement(ctx, planned, tail, &resp.Diagnostics)
		planned.PlanCreate()
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &planned)...)
	case !planned.Username.Equal(prior.Username) || !planned.KeyType.Equal(prior.KeyType):
		// the framework has marked the unknown attributes of the new key
		r.checkType(ctx, planned, true, &resp.Diagnostics)
		warnOfReplacement(prior, planned, &resp.Diagnostics)
		refuseOwn(planned.AllowSelfLockout, "Replacing this resource revokes")
	default:
		r.checkType(ctx, planned, false, &resp.Diagnostics)
		at = at.With(r.Data.ImportSettings())
		resp.Diagnostics.Append(planned.Plan(prior.Key, at, "The current key stops working at once.")...)
		if planned.WillRotate() {
			refuseOwn(planned.AllowSelfLockout, "Applying this plan "+
				mayOr(planned.CertainToRotate(prior.Key, at), "rotate"))
		}
		if planned.planRestriction(prior.EffectiveCIDRAllowList, lists.Dropped) {
			refuseOwn(planned.AllowSelfLockout, "Applying this plan "+
				mayOr(tfkit.WhollyKnown(planned.CIDRAllowList), "restrict"))
		}
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &planned)...)
	}
}

// mayOr returns a verb for what a plan does, or for what it may do while a value is not known.
func mayOr(certain bool, verb string) string {
	if certain {
		return verb + "s"
	}
	return "may " + verb
}

// warnOfReplacement warns of a key that is replaced because of a value that is not known yet.
func warnOfReplacement(prior, planned apiKeyResourceModel, diags *diag.Diagnostics) {
	for _, attribute := range []struct {
		name  string
		value types.String
	}{{"username", planned.Username}, {"key_type", planned.KeyType}} {
		if attribute.value.IsUnknown() {
			diags.AddAttributeWarning(path.Root(attribute.name), "API key is replaced", fmt.Sprintf("%s is not known "+
				"before apply. Applying this plan revokes the API key %s and issues another key, even if the value "+
				"turns out the same.", attribute.name, prior.ID.ValueString()))
		}
	}
}

// planRestriction plans the allow list that is in force after the apply. It returns whether the
// apply writes one. Dropped is a list that is to be written if none is configured.
func (m *apiKeyResourceModel) planRestriction(effective types.Set, dropped []string) (writes bool) {
	wanted := m.wanted(dropped)
	switch {
	case m.CIDRAllowList.IsNull() && len(dropped) > 0:
	case m.CIDRAllowList.IsNull() && m.WillRotate() && effective.IsNull(): // the response has the list
		m.EffectiveCIDRAllowList = types.SetUnknown(types.StringType)
		return false
	case m.CIDRAllowList.IsNull():
		m.EffectiveCIDRAllowList = effective
		return false
	case !tfkit.WhollyKnown(m.CIDRAllowList):
		m.EffectiveCIDRAllowList = types.SetUnknown(types.StringType)
		return true
	}
	m.EffectiveCIDRAllowList = tfkit.StringSetOf(wanted)
	return !isEffective(wanted, effective)
}

// refuseOwn refuses a change of the key that the provider signs in with. If the tail is empty, the
// key in state is used.
func (r *apiKeyResource) refuseOwn(
	m apiKeyResourceModel, tail string, allowed types.Bool, doing string, diags *diag.Diagnostics,
) {
	username, _, id := m.key()
	if secret, known := m.Known(); tail == "" && known {
		tail = instaclustrapi.TailOf(secret.Reveal())
	}
	if r.Client != nil && r.Client.RunsWith(username, tail) && !lockoutAllowed(allowed) {
		tfkit.RefuseLockout(diags, path.Root("key_type"), doing+" the API key "+id)
	}
}

// refuseOwnAtApply is refuseOwn for an apply, whose plan may be old: the key may be another one by now, and
// the provider may sign in with it.
func (r *apiKeyResource) refuseOwnAtApply(
	ctx context.Context, m apiKeyResourceModel, tail string, allowed types.Bool, doing string, diags *diag.Diagnostics,
) {
	username, keyType, _ := m.key()
	if r.Client.signsInAs(username) && !allowed.ValueBool() {
		if user, err := r.Client.users().recent(ctx, username); err == nil && user.Key(keyType) != nil {
			tail = user.Key(keyType).Tail
		}
	}
	r.refuseOwn(m, tail, allowed, doing, diags)
}

// refuseOwnReplacement refuses to replace or to adopt the key that the provider signs in with: the
// plan of a replacement looks like that of a create. A key that can't be read, as by a service
// user, counts as that key.
func (r *apiKeyResource) refuseOwnReplacement(
	ctx context.Context, planned apiKeyResourceModel, tail string, diags *diag.Diagnostics,
) {
	username, keyType, id := planned.key()
	if !r.Client.signsInAs(username) || lockoutAllowed(planned.AllowSelfLockout) {
		return
	}
	if tail == "" {
		if user, err := r.Client.users().recent(ctx, username); err == nil {
			key := user.Key(keyType)
			if key == nil {
				return
			}
			tail = key.Tail
		}
	}
	if tail == "" || r.Client.RunsWith(username, tail) {
		tfkit.RefuseLockout(diags, path.Root("key_type"), "Applying this plan replaces or adopts the API key "+id)
	}
}

// checkType refuses a type that the role that is planned in the same run does not allow. For a new key of
// a user that is not planned, it warns if the current role does not allow the type: somebody else may
// have changed the role, and that must not block everything else. If the user can't be read, the apply
// reports the type.
func (r *apiKeyResource) checkType(
	ctx context.Context, planned apiKeyResourceModel, created bool, diags *diag.Diagnostics,
) {
	username, keyType, _ := planned.key()
	if r.Client == nil || username == "" || keyType == "" {
		return
	}
	const advice = ". Choose another type or another role, or remove this key."
	at, summary := path.Root("key_type"), "API key type not allowed"
	if role, ok := r.Client.roles.of(username); ok {
		if !role.IsUnknown() && !allows(role.ValueString(), keyType) {
			diags.AddAttributeError(at, summary, notAllowed(keyType, username, role.ValueString())+advice)
		}
		return
	}
	if !created {
		return
	}
	if user, err := r.Client.known.Find(ctx, username); err == nil && user != nil && !user.Allows(keyType) {
		diags.AddAttributeWarning(at, summary, "Applying this plan fails: "+notAllowed(keyType, username, user.Role)+
			advice+" If the role is raised in the same run: take username from the resource of the user, so that the "+
			"plan knows the new role.")
	}
}
