package wavefront

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// What the older provider calls a service account, and the token that it makes with each one and shows to nobody.
const (
	olderProvider = "/vmware/wavefront"
	olderType     = "wavefront_service_account"
	olderToken    = "main"
)

// privateMoved is whether an account came from the older provider, until the first read.
var privateMoved = tfkit.Private[bool]{Key: "moved", About: "whether the account was moved"}

// MoveState takes over the state of a wavefront_service_account of the provider vmware/wavefront, whatever registry it came from.
func (r *serviceAccountResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{
		// Of version 5 of that provider. Attributes that are not named here, such as ingestion_policy, are left behind.
		SourceSchema: &schema.Schema{Attributes: map[string]schema.Attribute{
			"id":               schema.StringAttribute{Computed: true},
			"identifier":       schema.StringAttribute{Required: true},
			"active":           schema.BoolAttribute{Optional: true},
			"description":      schema.StringAttribute{Optional: true},
			"permissions":      schema.SetAttribute{ElementType: types.StringType, Optional: true},
			"user_groups":      schema.SetAttribute{ElementType: types.StringType, Optional: true},
			"ingestion_policy": schema.StringAttribute{Optional: true},
		}},
		StateMover: moveFromOlder,
	}}
}

func moveFromOlder(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if req.SourceTypeName != olderType || !strings.HasSuffix(req.SourceProviderAddress, olderProvider) || req.SourceState == nil {
		return
	}
	var source struct {
		ID              types.String `tfsdk:"id"`
		Identifier      types.String `tfsdk:"identifier"`
		Active          types.Bool   `tfsdk:"active"`
		Description     types.String `tfsdk:"description"`
		Permissions     types.Set    `tfsdk:"permissions"`
		UserGroups      types.Set    `tfsdk:"user_groups"`
		IngestionPolicy types.String `tfsdk:"ingestion_policy"`
	}
	resp.Diagnostics.Append(req.SourceState.Get(ctx, &source)...)
	if resp.Diagnostics.HasError() {
		return
	}
	empty := types.SetNull(types.StringType)
	m := managedServiceAccount{
		serviceAccount: serviceAccount{
			// The older provider keeps the spelling of the configuration, Wavefront does not.
			Identifier:  types.StringValue(strings.ToLower(source.Identifier.ValueString())),
			Active:      source.Active,
			Description: tfkit.TextOrNull(source.Description.ValueString()),
			Permissions: tfkit.StringSet(empty, tfkit.Strings(source.Permissions)),
			Roles:       empty, UnitedPermissions: empty, UnitedRoles: empty,
		},
		UserGroups: empty, EffectiveUserGroups: empty, // the older provider mixes both; the read that follows tells them apart
	}
	m.ID = m.Identifier
	tfkit.Save(ctx, &m, &resp.TargetState, resp.TargetIdentity, &resp.Diagnostics)
	privateMoved.Store(ctx, resp.TargetPrivate, true, &resp.Diagnostics)
}

// warnOfMoved tells, at the first read of an account from the older provider, of the token that it made.
func warnOfMoved(ctx context.Context, before, after tfkit.PrivateState, account *wavefrontapi.ServiceAccount, diags *diag.Diagnostics) {
	if !privateMoved.Load(ctx, before, diags) {
		return
	}
	for _, token := range account.Tokens {
		if token.Name == olderToken && token.LastUsed == 0 {
			diags.AddAttributeWarning(path.Root("identifier"), "An unused token of "+account.Identifier, "The provider that this account came from made a token named "+
				olderToken+" with it and showed it to nobody. It is valid, and Wavefront does not know of any use. Revoke it in Wavefront, or import it as a "+
				"svcacct_wavefront_service_account_token by "+account.Identifier+"/"+olderToken+" and destroy it.")
		}
	}
	privateMoved.Store(ctx, after, false, diags)
}
