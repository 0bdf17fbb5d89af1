package wavefront

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// tokenDescriptions are the descriptions that all kinds share.
var tokenDescriptions = map[string]string{
	"service_account": "Identifier of the service account that the token belongs to, such as `sa::ci`.",
	"name":            "Name of the token. Wavefront does not keep names unique.",
	"date_generated":  "When the token was generated, in RFC 3339. Null on servers before 2022.",
	"last_used":       "When the token was last used, in RFC 3339. Null if never, and on servers before 2022.",
	"account_type": "`SERVICE_ACCOUNT`, or `INACTIVE_SERVICE_ACCOUNT` while the account is inactive, as the server " +
		"returns it.",
}

const exactTokenName = "Exact name of the token. If several tokens have this name, the error lists when they were " +
	"generated."

var tokenWords = rotation.Words{
	Term:         "The Wavefront API calls it `tokenID`. It is sent in the header `Authorization: Bearer`.",
	Imported:     "After an import, the value of the existing token.",
	Resealed:     "Other recipients, or none, read the key from the server, and do not rotate it.",
	ExpiresAt:    "Always null: tokens of Wavefront do not expire.",
	NeverExpires: "tokens of Wavefront do not expire.",
	Invalid: "It has no effect here: a revoked token leaves the state, and the next apply generates " +
		"another token.",
}

func tokenSchema() schema.Schema {
	about := tokenDescriptions
	return schema.Schema{
		MarkdownDescription: shutDown + "Manages a token of a Wavefront service account: the key that the account " +
			"signs in with. An account may have 20 tokens at a time.\n\n" +
			"A rotation generates a new token with the same name. With `overlap`, the previous token stays valid for " +
			"that time, and its name ends with `" + previousSuffix + "`. Without `overlap`, it is revoked as soon as " +
			"there is a new token. In both cases a rotation needs one of the 20 places.\n\n" +
			"Wavefront returns the values of tokens at any time, to everybody who may read accounts. With " +
			"`store_api_key = false` the state has no value, and the ephemeral resource of the same name reads the " +
			"token when it is needed.\n\n" + permissionNeeded,
		Attributes: rotation.With(tokenWords, map[string]schema.Attribute{
			"id": schema.StringAttribute{Computed: true, MarkdownDescription: "`<service_account>/<name>`."},
			"service_account": schema.StringAttribute{
				Required: true, Validators: validAccount,
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: about["service_account"] + " Take it from `id` of the account's resource: if " +
					"the account is replaced, its tokens are revoked, and only with `id` the same apply creates new " +
					"ones. Changing it replaces the token.",
			},
			"name": schema.StringAttribute{
				Required: true, Validators: validTokenName,
				MarkdownDescription: about["name"] + " The provider refuses to create a second token with the same " +
					"name in an account. Changing it renames the token.",
			},
			"allow_self_lockout": allowSelfLockout(),
		}),
	}
}

// tokenDataAttributes are the attributes of a token in the data sources.
func tokenDataAttributes() map[string]datasource.Attribute {
	attributes := map[string]datasource.Attribute{}
	for name, description := range tokenDescriptions {
		attribute := datasource.StringAttribute{Computed: true, MarkdownDescription: description}
		if name == "date_generated" || name == "last_used" {
			attribute.CustomType = timetypes.RFC3339Type{}
		}
		attributes[name] = attribute
	}
	return attributes
}

// requiredServiceAccount is the account in the schemas of the data sources.
var requiredServiceAccount = datasource.StringAttribute{
	Required: true, Validators: validAccount, MarkdownDescription: tokenDescriptions["service_account"],
}

// validTokenName refuses names that the provider gives to tokens which it revokes later.
var validTokenName = []validator.String{
	stringvalidator.LengthAtLeast(1), tfkit.Unpadded(), tfkit.CheckString(unreservedName, checkUnreserved),
}

const unreservedName = "must not be like a name that the provider gives to previous or temporary tokens"

// reserved reports whether a name is that of a previous or a temporary token.
func reserved(name string) bool {
	return strings.HasSuffix(name, previousSuffix) || temporaryForm.MatchString(name)
}

func checkUnreserved(at path.Path, name string, diags *diag.Diagnostics) {
	if reserved(name) {
		diags.AddAttributeError(at, "Reserved name", fmt.Sprintf("%s %s, got %q.", at, unreservedName, name))
	}
}
