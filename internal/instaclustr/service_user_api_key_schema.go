package instaclustr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// apiKeyDescriptions describe the attributes that resource, data sources, ephemeral resource and
// action share.
var apiKeyDescriptions = map[string]string{
	"id":       "`<username>/<KEY_TYPE>`.",
	"username": "User name of the service user that the key belongs to.",
	"key_type": "Type of the key (`apiKeyType` in the Instaclustr API): `" + strings.Join(knownKeyTypes, "`, `") +
		"`. A service user has one key of each type that its role allows.",
	"masked_key": "The key as the service shows it: 27 bullets and the last five characters.",
	"account":    "UUID of the account that the service user belongs to.",
	"cidr_allow_list": "Prefixes of the addresses from which the key works, IPv4 or IPv6, such as `198.51.100.0/24`. " +
		"Bits of the host do not count. The service documents IPv4 alone, and may refuse IPv6.",
}

// openAtFirst says how long a new key is open.
const openAtFirst = "The service accepts no allow list when it issues a key: the key works from all addresses until " +
	"the second request, which follows at once, has restricted it."

// keyTypeValidators accept types that the documentation does not name, with a warning: it may not
// name all of them.
func keyTypeValidators() []validator.String {
	return append([]validator.String{
		tfkit.Unpadded(), stringvalidator.NoneOf(".", ".."), tfkit.CheckString("should be a known type", checkKeyType),
	}, tfkit.NotEmpty...)
}

func checkKeyType(at path.Path, keyType string, diags *diag.Diagnostics) {
	switch {
	case keyType == "" || slices.Contains(knownKeyTypes, keyType):
	case strings.Contains(keyType, "/"):
		diags.AddAttributeError(at, "Invalid key type", fmt.Sprintf("%s must not contain a slash: %s.", at,
			tfkit.Quote(keyType)))
	default:
		diags.AddAttributeWarning(at, "API key type not known", fmt.Sprintf("%s is %q, which the documentation of "+
			"Instaclustr does not name among %s. It is sent as it is.", at, keyType, strings.Join(knownKeyTypes, ", ")))
	}
}

// allowListValidators refuse an empty allow list, and one with an element that is no prefix.
func allowListValidators() []validator.Set {
	return []validator.Set{
		setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(),
		setvalidator.ValueStringsAre(tfkit.WellFormed[cidrNormalizer]()),
	}
}

func apiKeySchema() schema.Schema {
	about := apiKeyDescriptions
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	return schema.Schema{
		MarkdownDescription: "Manages an API key of a service user of NetApp Instaclustr.\n\n" +
			"Instaclustr returns a key once, when it issues the key. A rotation revokes the current key at once: a " +
			"user has one key of each type, so that there is **no overlap**. " + openAtFirst + " If the second " +
			"request fails, the key is kept, a warning says that it works from all addresses, and the next apply " +
			"restricts it.\n\n" +
			"The service returns an allow list only when it issues a key. The provider does not notice a list that " +
			"was changed elsewhere. It does notice a key that was rotated elsewhere: a refresh warns, the state " +
			"keeps the old key, and a changed keeper rotates it.\n\n" +
			"Public documentation confirms method and path of none of the operations on keys. See the guide on " +
			"[Instaclustr](../guides/instaclustr.md#what-is-confirmed).\n\n" + credentialNeeded,
		Attributes: rotation.With(apiKeyWords, map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, MarkdownDescription: about["id"],
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"username": schema.StringAttribute{
				Required: true, PlanModifiers: replace, Validators: usernameValidators(),
				MarkdownDescription: about["username"] + " Take it from the resource of the user, so that a plan " +
					"knows of a role that changes in the same run. Changing it replaces the key.",
			},
			"key_type": schema.StringAttribute{
				Required: true, PlanModifiers: replace, Validators: keyTypeValidators(),
				MarkdownDescription: about["key_type"] + " Other types give a warning. Changing it replaces the key.",
			},
			"cidr_allow_list": schema.SetAttribute{
				ElementType: cidrType{}, Optional: true, Validators: allowListValidators(),
				MarkdownDescription: about["cidr_allow_list"] + " If it is not set, a new key works from all " +
					"addresses. It can be changed in place. Removing it later does not change the list that is in " +
					"force.",
			},
			"effective_cidr_allow_list": schema.SetAttribute{
				ElementType: types.StringType, Computed: true,
				PlanModifiers: []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
				MarkdownDescription: "The allow list that is in force, without bits of the host, as the provider " +
					"last wrote it or the service last returned it. Null after an import, until a list is written.",
			},
			"adopt_by_rotation": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to take over a key of this type that exists when this resource is " +
					"created. The provider rotates it, which revokes the existing key at once for everybody who uses " +
					"it. Default: `false`: an existing key is an error that says how to import it.",
			},
			"allow_self_lockout": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: lockoutDescription + " This concerns rotating, restricting and revoking the key " +
					"that the provider itself signs in with.",
			},
		}),
	}
}

var apiKeyWords = rotation.Words{
	Term:     "`key` in the Instaclustr API.",
	Imported: rotation.ImportedWithoutKey,
	ImportKey: "If the environment variable `SVCACCT_IMPORT_API_KEY` has the key during an import, and it ends with " +
		"the characters that the service shows, the next apply stores it.",
	Resealed:     rotation.RotatedToReseal,
	ExpiresAt:    "Always null: keys of Instaclustr do not expire.",
	NoOverlap:    "a service user of Instaclustr has one key of each type, and a rotation revokes it at once.",
	NeverExpires: "keys of Instaclustr do not expire.",
	Invalid: "A refresh sees it by the last characters that the service shows: somebody has rotated the key, or " +
		"revoked it and issued another key." + rotation.InvalidDefault,
}

// apiKeyDataAttributes returns the attributes of a key, all of them computed.
func apiKeyDataAttributes() map[string]datasource.Attribute {
	attributes := map[string]datasource.Attribute{}
	for _, name := range []string{"id", "username", "key_type", "masked_key", "account"} {
		attributes[name] = datasource.StringAttribute{Computed: true, MarkdownDescription: apiKeyDescriptions[name]}
	}
	return attributes
}
