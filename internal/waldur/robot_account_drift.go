package waldur

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// replacedValues are, by attribute, the values that refreshes have replaced: of the error message, and
// of everything that can be written of a copy from another Waldur server. Nothing can write these
// attributes. A configuration that has a replaced value did not change, the account did: that is a
// warning, since an error would block the plan of everything else.
type replacedValues map[string][]string

var privateReplaced = tfkit.Private[replacedValues]{Key: "replaced_values", About: "the replaced values"}

// after returns the replaced values after a refresh. The prior model is incomplete after an import.
func (r replacedValues) after(prior, now *robotAccountResourceModel) replacedValues {
	if prior.ResourceUUID.IsNull() {
		return r
	}
	current := writtenTexts(now)
	for name, text := range writtenTexts(prior) {
		copied := now.BackendID.ValueString() != ""
		if text == current[name] || !copied && name != "error_message" || r.has(name, text) {
			continue
		}
		if r == nil {
			r = replacedValues{}
		}
		r[name] = append(r[name], text)
	}
	return r
}

func (r replacedValues) has(name, text string) bool { return slices.Contains(r[name], text) }

// writtenTexts returns the attributes that an update writes, as texts to compare.
func writtenTexts(m *robotAccountResourceModel) map[string]string {
	return map[string]string{
		"type":             m.Type.ValueString(),
		"username":         m.Username.ValueString(),
		"description":      m.Description.Canonical(),
		"users":            strings.Join(tfkit.Distinct(tfkit.CanonicalElements(m.Users)), " "),
		"responsible_user": m.ResponsibleUser.Canonical(),
		"keys":             strings.Join(tfkit.CanonicalElements(m.Keys), "\n"),
		"error_message":    m.ErrorMessage.ValueString(),
	}
}

// keepEmpty makes attributes of a copy that the other server has emptied empty instead of null, if the
// state has or had a value: see keepPrior.
func (r replacedValues) keepEmpty(prior, now *robotAccountResourceModel) {
	was := func(name string, value attr.Value) bool { return !value.IsNull() || len(r[name]) > 0 }
	if now.Description.IsNull() && was("description", prior.Description) {
		now.Description = tfkit.Text{StringValue: types.StringValue("")}
	}
	if now.ResponsibleUser.IsNull() && was("responsible_user", prior.ResponsibleUser) {
		now.ResponsibleUser = tfkit.UUID{StringValue: types.StringValue("")}
	}
	if now.Users.IsNull() && was("users", prior.Users) {
		now.Users = types.SetValueMust(tfkit.UUIDType{}, []attr.Value{})
	}
	if now.Keys.IsNull() && was("keys", prior.Keys) {
		now.Keys = types.ListValueMust(tfkit.PublicKeyType{}, []attr.Value{})
	}
}

// planLeftOut plans what the configuration leaves out: nothing, and on a copy from another Waldur server
// what it has, since it can't be removed here.
func (m *robotAccountResourceModel) planLeftOut(
	ctx context.Context, prior robotAccountResourceModel, req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) {
	var configured robotAccountResourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &configured)...)
	before := m.robotAccountModel
	kept := robotAccountModel{Users: types.SetNull(tfkit.UUIDType{}), Keys: types.ListNull(tfkit.PublicKeyType{})}
	if prior.BackendID.ValueString() != "" && m.ResourceUUID.Equal(prior.ResourceUUID) {
		kept = prior.robotAccountModel
	}
	if configured.Description.IsNull() {
		m.Description = kept.Description
	}
	if configured.ResponsibleUser.IsNull() {
		m.ResponsibleUser = kept.ResponsibleUser
	}
	if configured.Users.IsNull() {
		m.Users = kept.Users
	}
	if configured.Keys.IsNull() {
		m.Keys = kept.Keys
	}
	for name, a := range map[string]struct{ before, now attr.Value }{
		"description":      {before.Description, m.Description},
		"responsible_user": {before.ResponsibleUser, m.ResponsibleUser},
		"users":            {before.Users, m.Users},
		"keys":             {before.Keys, m.Keys},
	} {
		if !a.now.Equal(a.before) { // each write of an attribute converts the whole plan
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), a.now)...)
		}
	}
}

// keepPrior plans the value in state in place of the planned one. Terraform refuses that if one of them
// is null: see keepEmpty and planLeftOut.
func keepPrior(ctx context.Context, name string, prior, planned attr.Value, resp *resource.ModifyPlanResponse) {
	if !prior.IsNull() && !planned.IsNull() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), prior)...)
	}
}

// keepMessage plans the error message in state, with a warning, if the account has changed.
func (r replacedValues) keepMessage(
	ctx context.Context, prior, planned robotAccountResourceModel, resp *resource.ModifyPlanResponse,
) (kept bool) {
	if !r.has("error_message", planned.ErrorMessage.ValueString()) {
		return false
	}
	resp.Diagnostics.AddAttributeWarning(path.Root("error_message"), "Error message was changed",
		"The error message was changed outside of Terraform. Waldur accepts one only when the account changes from OK "+
			"to Error, so the apply can't change it back. Leave error_message out, or adapt it.")
	keepPrior(ctx, "error_message", prior.ErrorMessage, planned.ErrorMessage, resp)
	return true
}

// planRemoteCopy refuses changes of an account that is a copy from another Waldur server. Its state can
// be changed, and it can be deleted.
func (r replacedValues) planRemoteCopy(
	ctx context.Context, prior, planned robotAccountResourceModel, resp *resource.ModifyPlanResponse,
) {
	write, _ := planned.toUpdate(&prior)
	texts := writtenTexts(&planned)
	for name, a := range map[string]struct {
		changed        bool
		prior, planned attr.Value
	}{
		"type":     {write.Type != nil && !planned.Type.IsUnknown(), prior.Type, planned.Type},
		"username": {write.Username != nil && !planned.Username.IsUnknown(), prior.Username, planned.Username},
		"description": {write.Description != nil && !planned.Description.IsUnknown(),
			prior.Description, planned.Description},
		"users": {write.Users != nil && tfkit.WhollyKnown(planned.Users), prior.Users, planned.Users},
		"responsible_user": {write.ResponsibleUser != nil && !planned.ResponsibleUser.IsUnknown(),
			prior.ResponsibleUser, planned.ResponsibleUser},
		"keys": {write.Keys != nil && tfkit.WhollyKnown(planned.Keys), prior.Keys, planned.Keys},
	} {
		switch {
		case !a.changed:
		case r.has(name, texts[name]):
			warnOfRemoteChange(name, prior, &resp.Diagnostics)
			keepPrior(ctx, name, a.prior, a.planned, resp)
		default:
			resp.Diagnostics.AddAttributeError(path.Root(name), remoteCopy, fmt.Sprintf("This account is "+
				"a copy of account %s on another Waldur server. Change it there: here Waldur refuses all changes but "+
				"those of its state, and its deletion.", prior.BackendID))
		}
	}
}

const remoteCopy = "Copy from another Waldur server"

func warnOfRemoteChange(name string, prior robotAccountResourceModel, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root(name), remoteCopy, fmt.Sprintf("This account is a copy of account %s on "+
		"another Waldur server, and %s was changed outside of Terraform. The apply can't change it back: change it "+
		"on the other server, or adapt the configuration.", prior.BackendID, name))
}
