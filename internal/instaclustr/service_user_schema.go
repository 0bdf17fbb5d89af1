package instaclustr

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// The values of initial_api_keys.
const (
	initialRevoked = "revoke"
	initialKept    = "keep"
)

// descriptions of the attributes that resources and data sources share.
var serviceUserDescriptions = map[string]string{
	"username":     "User name, unique among all users of Instaclustr.",
	"email":        "E-mail address, unique among all users of Instaclustr, aliases such as `ci+2@example.com` counted as addresses of their own.",
	"display_name": "Name for people.",
	"role":         "`READ_ONLY`, `CLUSTER_ADMIN` or `OWNER` (`profile` in requests of the Instaclustr API).",
	"administrators": "User names of the people who may manage the service user, besides the Owners of the account. They are Cluster Admins or Owners " +
		"of the account.",
	"allowed_key_types": "Types of API keys that the role allows, such as `MONITORING`.",
	"key_types":         "Types of the API keys that exist, as of the last refresh, whoever made them.",
}

// usernameChecks refuse what can't be a user name: basic authentication ends the name at the first colon.
func usernameChecks() []validator.String {
	return []validator.String{stringvalidator.LengthAtLeast(1), tfkit.Unpadded(), stringvalidator.NoneOf(".", ".."), withoutColon{}}
}

type withoutColon struct{}

func (withoutColon) Description(context.Context) string { return "must not contain a colon" }

func (v withoutColon) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (withoutColon) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	for _, r := range req.ConfigValue.ValueString() {
		if r == ':' {
			resp.Diagnostics.AddAttributeError(req.Path, "Invalid user name", req.Path.String()+" must not contain a colon, with which no API key could sign in.")
			return
		}
	}
}

const lockoutDescription = "Whether to carry out a plan that takes away the access that the provider itself works with. Without it, such a plan is an error."

func serviceUserSchema() schema.Schema {
	about := serviceUserDescriptions
	fixed := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	fixedSet := []planmodifier.Set{setplanmodifier.UseStateForUnknown()}
	return schema.Schema{
		MarkdownDescription: "A service user of NetApp Instaclustr: a user who works through the API alone, with the keys that `" + apiKeyType + "` manages.\n\n" +
			"Instaclustr documents **no way to delete a service user**. Destroying this resource revokes all API keys of the user, so that nobody can sign in as it any more, " +
			"and takes it out of the state, with a warning; user name and e-mail address are used up for good. Where there is one with that name already, the error says how " +
			"to import it.\n\n" +
			"Only listing and creating service users are confirmed by public documentation with method and path; see the guide on Instaclustr.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{Computed: true, PlanModifiers: fixed, MarkdownDescription: "The same as `username`."},
			"username": schema.StringAttribute{
				Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}, Validators: usernameChecks(),
				MarkdownDescription: about["username"] + " Changing it, together with `email`, makes a new user and leaves the old one behind, without keys.",
			},
			"email": schema.StringAttribute{
				CustomType: emailType{}, Required: true,
				PlanModifiers:       []planmodifier.String{tfkit.KeepEquivalent[emailNormalizer](), stringplanmodifier.RequiresReplace()},
				MarkdownDescription: about["email"] + " Changing it, together with `username`, makes a new user and leaves the old one behind, without keys.",
			},
			"display_name": schema.StringAttribute{
				Optional: true, Computed: true, PlanModifiers: fixed, Validators: append([]validator.String{tfkit.Unpadded()}, notEmpty...),
				MarkdownDescription: about["display_name"] + " If it is left out, the service chooses it, and the provider leaves it as it is.",
			},
			"role": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf(instaclustrapi.Roles...)},
				MarkdownDescription: about["role"] + " It can't be above the role of the person whose key the provider uses. Lowering it to `READ_ONLY` ends keys of types that " +
					"`READ_ONLY` does not allow: the plan names them, and the provider revokes those that the service would leave. An API key resource that would be " +
					"left with such a key is an error at plan, if it takes its `username` from this resource.",
			},
			"administrators": schema.SetAttribute{
				ElementType: types.StringType, Optional: true, Computed: true, PlanModifiers: fixedSet,
				Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1), tfkit.Unpadded())},
				MarkdownDescription: about["administrators"] + " The service adds the person whose key made the user: that person stays an administrator without being listed. " +
					"If it is left out, the provider leaves the administrators as they are.",
			},
			"allowed_key_types": schema.SetAttribute{ElementType: types.StringType, Computed: true, PlanModifiers: fixedSet, MarkdownDescription: about["allowed_key_types"]},
			"key_types":         schema.SetAttribute{ElementType: types.StringType, Computed: true, PlanModifiers: fixedSet, MarkdownDescription: about["key_types"]},
			"initial_api_keys": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(initialRevoked),
				Validators: []validator.String{stringvalidator.OneOf(initialRevoked, initialKept)},
				MarkdownDescription: "What becomes of the API keys with which a new user may come, which nobody has seen and which are open to all addresses. `revoke` revokes them at once. " +
					"`keep` leaves them; an API key resource can then take over one of them with `adopt_by_rotation = true`. It has a meaning only when the user is made. Default: `revoke`.",
			},
			"allow_self_lockout": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: lockoutDescription + " It concerns destroying or lowering the user whose key the provider signs in with, and taking the person " +
					"whose key the provider signs in with off the `administrators`. With it, `administrators` means exactly those that are listed, even without the " +
					"person who made the user.",
			},
		},
	}
}
