package instaclustr

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// descriptions of the attributes that resources, data sources and the ephemeral resource share.
var apiKeyDescriptions = map[string]string{
	"id":         "`<username>/<KEY_TYPE>`.",
	"username":   "User name of the service user that the key belongs to.",
	"key_type":   "Type of the key (`apiKeyType` in the Instaclustr API): " + ticked(knownKeyTypes) + ". A service user has one key of a type, and its role says which types it may have.",
	"masked_key": "The key as the service shows it: 27 bullets and the last five characters.",
	"account":    "UUID of the account that the service user belongs to.",
	"cidr_allow_list": "Prefixes of the addresses from which the key works, IPv4 or IPv6, such as `198.51.100.0/24`. Bits of the host don't count. The service documents IPv4 alone, " +
		"and may refuse IPv6.",
	"window": "The service takes no list when it makes a key: the key is open to all addresses for the moment between the two requests, which follow one upon the other.",
}

func ticked(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

// keyTypeChecks accepts types that are not known, with a warning: the documentation does not claim to name all.
func keyTypeChecks() []validator.String {
	return []validator.String{stringvalidator.LengthAtLeast(1), tfkit.Unpadded(), stringvalidator.NoneOf(".", ".."), knownKeyType{}}
}

type knownKeyType struct{}

func (knownKeyType) Description(context.Context) string { return "should be a known type" }

func (v knownKeyType) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (knownKeyType) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	kind := req.ConfigValue.ValueString()
	switch {
	case kind == "" || slices.Contains(knownKeyTypes, kind):
	case strings.Contains(kind, "/"):
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid API key type", fmt.Sprintf("%s must not contain a slash, got %q.", req.Path, kind))
	default:
		resp.Diagnostics.AddAttributeWarning(req.Path, "API key type not known", fmt.Sprintf("%s is %q, which the documentation of Instaclustr does not name among %s. It is sent as it is.",
			req.Path, kind, strings.Join(knownKeyTypes, ", ")))
	}
}

func apiKeySchema() schema.Schema {
	about := apiKeyDescriptions
	return schema.Schema{
		MarkdownDescription: "An API key of a service user of NetApp Instaclustr.\n\n" +
			"Instaclustr tells a key once, when it is issued. Rotating kills the current key at once: a user has one key of a type, so that there is **no overlap**. " + about["window"] + " " +
			"Should the second request fail, the key is kept, a warning says that it is open, and the next apply restricts it.\n\n" +
			"The service tells an allow list only when it issues a key. Changes of it that are made elsewhere are not noticed. A key that was rotated elsewhere is: a refresh warns of it, " +
			"state keeps the dead key, and a changed keeper has it rotated.\n\n" +
			"None of the operations on keys is confirmed by public documentation with method and path; see the guide on Instaclustr.",
		Attributes: rotation.With(apiKeyWords, map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}, MarkdownDescription: about["id"],
			},
			"username": schema.StringAttribute{
				Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}, Validators: usernameChecks(),
				MarkdownDescription: about["username"] + " Take it from the resource of the user, so that a plan knows of a role that is changed in the same run. Changing it replaces the key.",
			},
			"key_type": schema.StringAttribute{
				Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}, Validators: keyTypeChecks(),
				MarkdownDescription: about["key_type"] + " Another type is accepted with a warning. Changing it replaces the key.",
			},
			"cidr_allow_list": schema.SetAttribute{
				ElementType: cidrType{}, Optional: true, Validators: allowListElements(),
				MarkdownDescription: about["cidr_allow_list"] + " Without it, a new key is open to all addresses. Leaving it out later leaves the list in force as it is.",
			},
			"effective_cidr_allow_list": schema.SetAttribute{
				ElementType: types.StringType, Computed: true, PlanModifiers: []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
				MarkdownDescription: "The allow list that is in force, as far as the provider knows: as it was written or told last, without bits of the host. Null after an import, until a list is written.",
			},
			"adopt_by_rotation": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to take over a key of this type that exists when this resource is created, by rotating it. That kills the existing key at once, for whoever uses it. " +
					"Without it, such a key is an error that says how to import it.",
			},
			"allow_self_lockout": schema.BoolAttribute{
				Optional: true, MarkdownDescription: lockoutDescription + " It concerns rotating, restricting and revoking the key that the provider itself signs in with.",
			},
		}),
	}
}

var apiKeyWords = rotation.Words{
	Term:         "`key` in the Instaclustr API.",
	Imported:     rotation.ImportedWithoutKey,
	ExpiresAt:    "Always null: keys of Instaclustr don't end by themselves.",
	NoOverlap:    "a service user of Instaclustr has one key of a type, and rotating kills it at once.",
	NeverExpires: "keys of Instaclustr don't end by themselves.",
}
