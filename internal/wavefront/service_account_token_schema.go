package wavefront

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

var tokenDescriptions = map[string]string{
	"service_account": "Identifier of the service account that the token belongs to.",
	"name":            "Name of the token. Wavefront does not keep names unique; the provider makes no second token of one name in an account.",
	"date_generated":  "When the token was generated, in RFC 3339. Null on servers before 2022.",
	"last_used":       "When the token was last used, in RFC 3339. Null if never, or on servers before 2022.",
	"account_type":    "`SERVICE_ACCOUNT`, or `INACTIVE_SERVICE_ACCOUNT` while the account is inactive; as Wavefront writes it.",
}

var tokenWords = rotation.Words{
	Term:         "`tokenID` in the Wavefront API. It goes into the header `Authorization: Bearer`.",
	Imported:     "After an import, that of the existing token.",
	ExpiresAt:    "Always null: tokens of Wavefront do not expire.",
	NeverExpires: "tokens of Wavefront do not expire.",
}

// tokenName refuses names that the provider gives to tokens for a while: what is named so is revoked in time.
var tokenName = []validator.String{stringvalidator.LengthAtLeast(1), tfkit.Unpadded(), unreserved{}}

type unreserved struct{}

func (unreserved) Description(context.Context) string {
	return "must not be like a name that the provider gives to previous or temporary tokens"
}

func (v unreserved) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v unreserved) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if name := req.ConfigValue.ValueString(); strings.HasSuffix(name, previousSuffix) || temporaryForm.MatchString(name) {
		resp.Diagnostics.AddAttributeError(req.Path, "Reserved name", fmt.Sprintf("%s %s, got %q.", req.Path, v.Description(ctx), name))
	}
}

func tokenSchema() schema.Schema {
	about := tokenDescriptions
	return schema.Schema{
		MarkdownDescription: shutDown + "A token of a Wavefront service account: the key that it signs in with. An account may have 20 of them at a time.\n\n" +
			"A rotation generates a new token under the same name. With `overlap` the old one stays valid for that long, under its name with `" + previousSuffix +
			"` at the end; without, it is revoked as soon as there is a new one. A rotation needs one of the 20 places.\n\n" +
			"Wavefront shows tokens to everyone who may read accounts, at any time. With `store_api_key = false` none is in state, and the ephemeral resource of the " +
			"same name reads the current one when it is needed.",
		Attributes: rotation.With(tokenWords, map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, MarkdownDescription: "`<service_account>/<name>`.",
			},
			"service_account": schema.StringAttribute{
				Required: true, Validators: []validator.String{identifier{}},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: about["service_account"] + " Take it from `id` of the account's resource: if the account is replaced, its tokens die, and are made anew " +
					"in the same apply only if their account is not known before. Changing it replaces the token.",
			},
			"name": schema.StringAttribute{
				Required: true, Validators: tokenName,
				MarkdownDescription: about["name"] + " It can be changed in place.",
			},
			"allow_self_lockout": allowSelfLockout(),
		}),
	}
}
