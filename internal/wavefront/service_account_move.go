package wavefront

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// The name of the resource in the provider vmware/wavefront, and the token that it generates with each
// account and does not return.
const (
	vmwareType  = "wavefront_service_account"
	vmwareToken = "main"
)

// privateMoved is whether an account came from the provider vmware/wavefront, until the first read.
var privateMoved = tfkit.Private[bool]{Key: "moved", About: "whether the account was moved"}

// MoveState reads the state of a wavefront_service_account of the provider vmware/wavefront, from
// any registry. No other provider has a resource of this name.
func (r *serviceAccountResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{
		// Of version 5 of that provider: the attributes that are read. The framework ignores the
		// others.
		SourceSchema: &schema.Schema{Attributes: map[string]schema.Attribute{
			"identifier":  schema.StringAttribute{Required: true},
			"active":      schema.BoolAttribute{Optional: true},
			"description": schema.StringAttribute{Optional: true},
			"permissions": schema.SetAttribute{ElementType: types.StringType, Optional: true},
		}},
		StateMover: moveFromVMware,
	}}
}

func moveFromVMware(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	// The address of the provider says nothing: Terraform sends that of this provider after the first
	// of several instances, and OpenTofu up to 1.11 sends the local name alone.
	if req.SourceTypeName != vmwareType || req.SourceState == nil {
		return
	}
	var source struct {
		Identifier  types.String `tfsdk:"identifier"`
		Active      types.Bool   `tfsdk:"active"`
		Description types.String `tfsdk:"description"`
		Permissions types.Set    `tfsdk:"permissions"`
	}
	resp.Diagnostics.Append(req.SourceState.Get(ctx, &source)...)
	if resp.Diagnostics.HasError() {
		return
	}
	empty := types.SetNull(types.StringType)
	m := serviceAccountResourceModel{
		serviceAccountModel: serviceAccountModel{
			// That provider keeps the form of the configuration, the server does not.
			Identifier:  types.StringValue(strings.ToLower(source.Identifier.ValueString())),
			Active:      source.Active,
			Description: tfkit.TextOrNull(source.Description.ValueString()),
			Permissions: tfkit.StringSet(empty, tfkit.Strings(source.Permissions)),
			Roles:       empty, UnitedPermissions: empty, UnitedRoles: empty,
		},
		// Not read: user_groups of that provider also has the groups that the server added. The
		// next refresh separates them.
		UserGroups: empty, EffectiveUserGroups: empty,
	}
	m.ID = m.Identifier
	tfkit.Save(ctx, &m, &resp.TargetState, resp.TargetIdentity, &resp.Diagnostics)
	privateMoved.Store(ctx, resp.TargetPrivate, true, &resp.Diagnostics)
}

// warnOfUnusedToken warns of the token that vmware/wavefront generated with an account, at the
// first read after the account was moved.
func warnOfUnusedToken(
	ctx context.Context, before, after tfkit.PrivateState, account *wavefrontapi.ServiceAccount,
	diags *diag.Diagnostics,
) {
	if !privateMoved.Load(ctx, before, diags) {
		return
	}
	for _, token := range account.Tokens {
		if token.Name == vmwareToken && token.LastUsed == 0 {
			diags.AddAttributeWarning(path.Root("identifier"), "An unused token of "+account.Identifier, fmt.Sprintf(
				"The provider vmware/wavefront generated a token named %[1]s with this account and returned it to "+
					"nobody. It is valid, and Wavefront reports no use of it. Revoke it in Wavefront, or import it as "+
					"a %[2]s by %[3]s/%[1]s and destroy it.", vmwareToken, tokenType, account.Identifier))
		}
	}
	privateMoved.Store(ctx, after, false, diags)
}
