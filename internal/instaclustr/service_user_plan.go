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

// ModifyPlan announces what happens to keys, and refuses plans that would lock the provider out.
func (r *serviceUserResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	var prior, planned serviceUserResourceModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	}
	if req.Plan.Raw.IsNull() {
		r.claim(prior, &resp.Diagnostics)
		r.refuseOwnEnd(prior, prior.AllowSelfLockout, "Destroying this resource", &resp.Diagnostics)
		return
	}
	var initial types.String
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("initial_api_keys"), &initial)...)
	private := privateServiceUser.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if r.Client != nil {
		r.Client.roles.add(planned.Username, planned.Role)
	}
	if initial.IsNull() {
		planned.InitialAPIKeys = types.StringValue(initialRevoked)
	}
	r.claim(prior, &resp.Diagnostics)
	switch {
	case req.State.Raw.IsNull():
		if planned.AdoptExisting.ValueBool() && !planned.Username.IsUnknown() {
			planned.ID = planned.Username
		}
		r.planCreate(ctx, planned, len(private.Creator) > 0, &resp.Diagnostics)
	case !planned.Username.Equal(prior.Username) || !planned.Email.Equal(prior.Email):
		// the framework has marked the unknown attributes of the new user
		r.planReplace(prior, planned, &resp.Diagnostics)
	default:
		if initial.IsNull() { // after an import there is no value
			planned.InitialAPIKeys = prior.InitialAPIKeys
		}
		r.refuseOwnRemoval(prior, planned, private, &resp.Diagnostics)
		r.planRole(prior, &planned, &resp.Diagnostics)
		r.planImportedKeys(prior, &planned, private, &resp.Diagnostics)
		planRevocations(&planned, private, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &planned)...)
}

// planCreate reports a name or an e-mail address that is in use. The plan of a replacement looks
// like that of a create, except for the private state, which Terraform does not pass for a tainted
// resource. Without private state the conflict is a warning, since an error would also keep
// Terraform from destroying everything else. If the users can't be read, the apply reports the
// conflict.
func (r *serviceUserResource) planCreate(
	ctx context.Context, planned serviceUserResourceModel, replaced bool, diags *diag.Diagnostics,
) {
	if r.Client == nil || planned.Username.IsUnknown() || planned.Email.IsUnknown() {
		return
	}
	if replaced || !planned.AdoptExisting.ValueBool() {
		r.refuseOwnEnd(planned, planned.AllowSelfLockout, "Replacing this service user", diags)
	}
	if diags.HasError() {
		return
	}
	existing, err := r.Client.known.All(ctx)
	if err != nil {
		return
	}
	if found := planned.adopted(existing); found != nil && !replaced {
		r.planAdoption(found, planned, diags)
		return
	}
	switch err := conflict(existing, planned.toCreate()); {
	case err == nil, planned.AdoptExisting.IsUnknown() && !replaced: // Terraform plans again during apply
	case replaced:
		diags.AddAttributeError(path.Root("username"),
			"A service user can't be replaced by a service user of the same name", fmt.Sprintf("%s. Replacing it "+
				"would revoke all its API keys, and then fail or, with adopt_existing, adopt the same user: "+
				"Instaclustr can't delete it, and its name stays in use.", err))
	default:
		diags.AddAttributeWarning(path.Root("username"), "The service user can't be created",
			fmt.Sprintf("Applying this plan fails: %s.\n\n%s\n\nIf this resource is tainted, do not apply: that "+
				"would revoke all its API keys first. Run terraform untaint.", err, hintOn(err)))
	}
}

// planReplace refuses a replacement by a user of the same name or the same e-mail address, which
// can never be used again.
func (r *serviceUserResource) planReplace(prior, planned serviceUserResourceModel, diags *diag.Diagnostics) {
	const never = " Neither of them can be changed or used again: another service user needs its own name and address."
	for _, attribute := range []struct {
		name    string
		unknown bool
	}{{"username", planned.Username.IsUnknown()}, {"email", planned.Email.IsUnknown()}} {
		if attribute.unknown {
			diags.AddAttributeError(path.Root(attribute.name), "The value must be known before apply",
				fmt.Sprintf("The %s of %s is not known before apply. If it turned out the same, the service user "+
					"would have been replaced, which would revoke all its API keys and then fail: a name or an "+
					"address can't be used again. Write the value, or apply first what the value depends on: "+
					"terraform apply -target=ADDRESS.", attribute.name, prior.Username))
			return
		}
	}
	switch {
	case planned.Username.Equal(prior.Username):
		diags.AddAttributeError(path.Root("email"), "The e-mail address can't be changed alone",
			fmt.Sprintf("The user name %s stays in use.%s", prior.Username, never))
	case planned.Email.Equal(prior.Email):
		diags.AddAttributeError(path.Root("username"), "The user name can't be changed alone",
			fmt.Sprintf("The e-mail address %s stays in use.%s", prior.Email, never))
	}
	r.refuseOwnEnd(prior, planned.AllowSelfLockout, "Replacing this service user", diags)
	diags.AddWarning("A service user is left behind", fmt.Sprintf("Instaclustr can't change a user name or an e-mail "+
		"address, and can't delete a service user. Applying this plan revokes all API keys of %s and creates another "+
		"service user. The old name and the old address can't be used again.", prior.Username))
}

// refuseOwnEnd refuses to revoke all keys of the user that the provider signs in as.
func (r *serviceUserResource) refuseOwnEnd(
	m serviceUserResourceModel, allowed types.Bool, doing string, diags *diag.Diagnostics,
) {
	if r.Client.signsInAs(m.Username.ValueString()) && !lockoutAllowed(allowed) {
		tfkit.RefuseLockout(diags, path.Root("username"), doing+" revokes all API keys of "+m.Username.String())
	}
}

// refuseOwnRemoval refuses to remove the person whose key the provider uses from the
// administrators. The creator stays in any case.
func (r *serviceUserResource) refuseOwnRemoval(
	prior, planned serviceUserResourceModel, private serviceUserPrivate, diags *diag.Diagnostics,
) {
	if r.Client == nil || lockoutAllowed(planned.AllowSelfLockout) || !tfkit.WhollyKnown(planned.Administrators) {
		return
	}
	caller := r.Client.Username()
	stays := slices.Contains(tfkit.Strings(planned.Administrators), caller) || slices.Contains(private.Creator, caller)
	if slices.Contains(tfkit.Strings(prior.Administrators), caller) && !stays {
		tfkit.RefuseLockout(diags, path.Root("administrators"), fmt.Sprintf("The administrators would not include %q "+
			"any more. Add that name, unless it is an Owner of the account, who does not need to be listed", caller))
	}
}

// planRole marks the attributes that change with the role as unknown, and names the keys that the
// change revokes.
func (r *serviceUserResource) planRole(
	prior serviceUserResourceModel, planned *serviceUserResourceModel, diags *diag.Diagnostics,
) {
	if planned.Role.Equal(prior.Role) {
		return
	}
	planned.AllowedKeyTypes = types.SetUnknown(types.StringType)
	role := planned.Role.ValueString()
	if planned.Role.IsUnknown() {
		role = instaclustrapi.ReadOnly // the least that it may turn out
	}
	revoked := disallowed(role, tfkit.Strings(prior.KeyTypes))
	if len(revoked) == 0 && !planned.Role.IsUnknown() {
		return
	}
	planned.KeyTypes = types.SetUnknown(types.StringType)
	switch {
	case len(revoked) == 0:
		return
	case planned.Role.IsUnknown():
		diags.AddAttributeWarning(path.Root("role"), "API keys may end with the role", fmt.Sprintf("The role of %s is "+
			"not known before apply. If it turns out %s, the apply revokes the API keys of the types %s, whoever uses "+
			"them.", prior.Username, role, strings.Join(revoked, ", ")))
		return
	case r.Client.signsInAs(prior.Username.ValueString()) && !lockoutAllowed(planned.AllowSelfLockout):
		tfkit.RefuseLockout(diags, path.Root("role"), "The role "+role+" ends API keys of "+prior.Username.String())
		return
	}
	diags.AddAttributeWarning(path.Root("role"), "API keys end with the role", fmt.Sprintf("The role %s of %s does "+
		"not allow API keys of the types %s. Applying this plan revokes those keys, whoever uses them.",
		role, prior.Username, strings.Join(revoked, ", ")))
}

// planImportedKeys plans what happens to the keys that the user had when it was imported. They may have
// come with the user: after a create whose response was lost, nobody knows them.
func (r *serviceUserResource) planImportedKeys(
	prior serviceUserResourceModel, planned *serviceUserResourceModel, private serviceUserPrivate,
	diags *diag.Diagnostics,
) {
	const summary = "API keys of an imported service user"
	at, keyTypes := path.Root("initial_api_keys"), private.importedKeyTypes()
	if len(keyTypes) == 0 {
		return
	}
	had := fmt.Sprintf("%s was imported with API keys of the types %s, which still exist.", prior.Username,
		strings.Join(keyTypes, ", "))
	switch {
	case planned.InitialAPIKeys.IsNull():
		diags.AddAttributeWarning(at, summary, had+" If they came with the user, as after a create whose response was "+
			"lost, nobody knows them, and they work from all addresses. To revoke them, set initial_api_keys = "+
			"\"revoke\" in the configuration. If they are in use, set \"keep\".")
	case planned.InitialAPIKeys.IsUnknown():
		planned.KeyTypes = types.SetUnknown(types.StringType)
		diags.AddAttributeWarning(at, summary, had+" initial_api_keys is not known before apply. If it turns out "+
			"\"revoke\", the apply revokes them, whoever uses them.")
	case revokesImported(prior.InitialAPIKeys.ValueString(), planned.InitialAPIKeys.ValueString()):
		planned.KeyTypes = types.SetUnknown(types.StringType)
		if r.Client.signsInAs(prior.Username.ValueString()) && !lockoutAllowed(planned.AllowSelfLockout) {
			tfkit.RefuseLockout(diags, at, "initial_api_keys = \"revoke\" ends API keys of "+prior.Username.String())
			return
		}
		diags.AddAttributeWarning(at, summary, had+" Applying this plan revokes them, whoever uses them.")
	}
}

// planRevocations plans to revoke the keys that an earlier apply could not revoke.
func planRevocations(planned *serviceUserResourceModel, private serviceUserPrivate, diags *diag.Diagnostics) {
	keyTypes := private.keyTypesToRevoke()
	if len(keyTypes) == 0 {
		return
	}
	planned.KeyTypes = types.SetUnknown(types.StringType)
	diags.AddAttributeWarning(path.Root("key_types"), "API keys are still to be revoked", fmt.Sprintf("Applying this "+
		"plan revokes API keys of %s that an earlier apply could not revoke, of the types %s. They came with the "+
		"user, or its role does not allow them any more.", planned.Username, strings.Join(keyTypes, ", ")))
}
