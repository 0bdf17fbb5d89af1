package instaclustr

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// ModifyPlan says what becomes of keys, and refuses what would lock the provider out.
func (r *serviceUserResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var prior, planned serviceUserResourceModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	}
	if req.Plan.Raw.IsNull() {
		r.refuseEnd(prior, prior, "Destroying this resource", &resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	memory := privateUser.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if r.Client != nil {
		r.Client.roles.note(planned.Username, planned.Role)
	}
	if req.State.Raw.IsNull() {
		r.foreseeTaken(ctx, planned, len(memory.Creator) > 0, &resp.Diagnostics)
		return
	}
	if !planned.Username.Equal(prior.Username) || !planned.Email.Equal(prior.Email) {
		refuseHalf(prior, planned, &resp.Diagnostics)
		r.refuseEnd(prior, planned, "Replacing this service user", &resp.Diagnostics)
		resp.Diagnostics.AddWarning("A service user is left behind", fmt.Sprintf("Instaclustr can't change user name or e-mail address, and can't delete a service user. Applying this plan "+
			"revokes all API keys of %s and makes another service user beside it. Its name and its address can't be used again.", prior.Username))
		return // a new user; the framework does not tell here what is replaced
	}
	r.refuseLeaving(prior, planned, memory, &resp.Diagnostics)
	r.planRole(prior, &planned, &resp.Diagnostics)
	planDoomed(prior, &planned, memory, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &planned)...)
}

// foreseeTaken tells that a user can't be made since its name or address is taken: by somebody else, or by the very user that is to be replaced, since
// nothing frees a name. The plan of a replacement looks like that of a create, but for the private state, which the CLI does not hand on for a tainted
// resource. Where it is not sure, it is a warning, since an error would keep everything else from being destroyed. Users that can't be read are
// left to the apply.
func (r *serviceUserResource) foreseeTaken(ctx context.Context, planned serviceUserResourceModel, replaced bool, diags *diag.Diagnostics) {
	if r.Client == nil || planned.Username.IsUnknown() || planned.Email.IsUnknown() {
		return
	}
	if r.self(planned.Username) && !planned.AllowSelfLockout.ValueBool() {
		lockedOut(diags, path.Root("username"), "Replacing this service user revokes all API keys of "+planned.Username.String()+".")
		return
	}
	existing, err := r.Client.ServiceUsers.List(ctx)
	if err != nil {
		return
	}
	hints, err := taken(existing, planned.toCreate())
	switch {
	case err == nil:
	case replaced:
		diags.AddAttributeError(path.Root("username"), "A service user can't be replaced by one of its name", fmt.Sprintf("%s. Replacing it would revoke all its API keys, and then fail: Instaclustr "+
			"can't delete it, and its name stays taken.", err))
	default:
		diags.AddAttributeWarning(path.Root("username"), "The service user can't be made", fmt.Sprintf("Applying this plan fails: %s.\n\n%s\n\nIf this resource is tainted, don't apply: that would revoke all its "+
			"API keys first. Run terraform untaint.", err, strings.Join(hints, "\n\n")))
	}
}

// refuseHalf refuses a replacement by a user of the same name or the same address, which are never free again.
func refuseHalf(prior, planned serviceUserResourceModel, diags *diag.Diagnostics) {
	const used = " Neither can be changed, nor used again: another service user needs both a name and an address of its own."
	switch {
	case planned.Username.IsUnknown() || planned.Email.IsUnknown():
	case planned.Username.Equal(prior.Username):
		diags.AddAttributeError(path.Root("email"), "The e-mail address can't be changed alone", "The user name "+prior.Username.String()+" stays taken."+used)
	case planned.Email.Equal(prior.Email):
		diags.AddAttributeError(path.Root("username"), "The user name can't be changed alone", "The e-mail address "+prior.Email.String()+" stays taken."+used)
	}
}

// self tells whether a service user is the one that the provider signs in as. By the documentation none can be, but for rotating its own
// keys; should the service allow for more, this keeps it from sawing off the branch.
func (r *serviceUserResource) self(username types.String) bool {
	return r.Client != nil && username.ValueString() != "" && r.Client.Username() == username.ValueString()
}

func (r *serviceUserResource) refuseEnd(prior, planned serviceUserResourceModel, what string, diags *diag.Diagnostics) {
	if r.self(prior.Username) && !planned.AllowSelfLockout.ValueBool() {
		lockedOut(diags, path.Root("username"), what+" revokes all API keys of "+prior.Username.String()+".")
	}
}

// refuseLeaving refuses to take the person whose key the provider uses off the administrators. The one who made the user stays anyway.
func (r *serviceUserResource) refuseLeaving(prior, planned serviceUserResourceModel, memory userMemory, diags *diag.Diagnostics) {
	if r.Client == nil || planned.AllowSelfLockout.ValueBool() || !tfkit.WhollyKnown(planned.Administrators) {
		return
	}
	caller := r.Client.Username()
	stays := slices.Contains(stringsOf(planned.Administrators), caller) || slices.Contains(memory.Creator, caller)
	if slices.Contains(stringsOf(prior.Administrators), caller) && !stays {
		lockedOut(diags, path.Root("administrators"), fmt.Sprintf("The administrators would not include %q any more: add it, unless that person is an Owner of the account, who needs no listing.", caller))
	}
}

// planRole marks what a change of the role changes, and names the keys that end with it.
func (r *serviceUserResource) planRole(prior serviceUserResourceModel, planned *serviceUserResourceModel, diags *diag.Diagnostics) {
	if planned.Role.Equal(prior.Role) {
		return
	}
	planned.AllowedKeyTypes = types.SetUnknown(types.StringType)
	if planned.Role.IsUnknown() {
		planned.KeyTypes = types.SetUnknown(types.StringType)
		return
	}
	ending := strandedBy(planned.Role.ValueString(), stringsOf(prior.KeyTypes))
	if len(ending) == 0 {
		return
	}
	planned.KeyTypes = types.SetUnknown(types.StringType)
	if r.self(prior.Username) && !planned.AllowSelfLockout.ValueBool() {
		lockedOut(diags, path.Root("role"), "The role "+planned.Role.ValueString()+" ends API keys of "+prior.Username.String()+".")
		return
	}
	diags.AddAttributeWarning(path.Root("role"), "API keys end with the role", fmt.Sprintf("The role %s of %s does not allow API keys of the types %s. Applying this plan ends those keys, whoever uses them.",
		planned.Role.ValueString(), prior.Username, strings.Join(ending, ", ")))
}

// planDoomed plans to revoke what a former apply could not.
func planDoomed(prior serviceUserResourceModel, planned *serviceUserResourceModel, memory userMemory, diags *diag.Diagnostics) {
	kinds := memory.doomedTypes()
	if len(kinds) == 0 {
		return
	}
	planned.KeyTypes = types.SetUnknown(types.StringType)
	diags.AddAttributeWarning(path.Root("key_types"), "API keys are still to be revoked", fmt.Sprintf("Applying this plan revokes API keys of %s that a former apply could not revoke, of the types %s. They came with the "+
		"user, or its role does not allow them any more.", prior.Username, strings.Join(kinds, ", ")))
}

// lowers tells whether a change of the role may end keys.
func lowers(prior, planned types.String) bool {
	return !planned.Equal(prior) && slices.Index(instaclustrapi.Roles, planned.ValueString()) < slices.Index(instaclustrapi.Roles, prior.ValueString())
}
