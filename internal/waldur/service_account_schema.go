package waldur

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

const maxEmail = 320 // the limit of the server's column

// emailForm is what Waldur accepts: the general form of an address, and the host localhost.
var emailForm = regexp.MustCompile(`^[^@\s]+@([^@\s.]+(\.[^@\s.]+)+|localhost)$`)

var emailAddress = tfkit.MayBeMocked(tfkit.CheckString("must be an e-mail address", checkEmail))

func checkEmail(at path.Path, text string, diags *diag.Diagnostics) {
	if !emailForm.MatchString(text) {
		diags.AddAttributeError(at, "Invalid address", fmt.Sprintf("%s must be an e-mail address, got %s.", at,
			tfkit.Quote(text)))
	}
}

var serviceAccountDescriptions = map[string]string{
	"uuid":                 "UUID of the account, as 32 hexadecimal digits.",
	"preferred_identifier": "Name that was requested when the account was created.",
	"username":             "Name of the account at the account service, which chooses it.",
	"description":          "What the account is for.",
	"email":                "E-mail address of the people who are responsible for the account.",
	"state":                "State of the account: `OK`, or `Erred` if the account service refused the last update.",
	"error_message":        "Why the account is in state `Erred`, in the words of the account service. Null otherwise.",
	"created":              "When the account was created, in RFC 3339.",
}

// serviceAccountTexts are the types of the texts of an account that are not the framework's own string.
var serviceAccountTexts = map[string]basetypes.StringTypable{
	"uuid": tfkit.UUIDType{}, "description": tfkit.TextType{}, "created": timetypes.RFC3339Type{},
}

func (k *serviceAccountKind) schema() schema.Schema {
	about := serviceAccountDescriptions
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	computed := func(name string) schema.StringAttribute {
		return schema.StringAttribute{
			CustomType: serviceAccountTexts[name], Computed: true, PlanModifiers: keep,
			MarkdownDescription: about[name],
		}
	}
	return schema.Schema{
		MarkdownDescription: fmt.Sprintf("Manages a service account of a Waldur %s, together with its API "+
			"key.\n\nWaldur returns the key only once, when it issues the key. A rotation revokes the current key at "+
			"once. A %s may have as many service accounts as its `max_service_accounts` says; Waldur's default is 0."+
			"\n\nThe user of the token needs a role on the %s itself with the permission `%s`: see "+
			"[Permissions](../guides/permissions.md#waldur).",
			k.scope, k.scope, k.scope, manageServiceAccounts),
		Attributes: rotation.With(rotationWords, map[string]schema.Attribute{
			"id":   schema.StringAttribute{Computed: true, PlanModifiers: keep, MarkdownDescription: "Same as `uuid`."},
			"uuid": computed("uuid"),
			k.scopeAttribute(): schema.StringAttribute{
				CustomType: tfkit.UUIDType{}, Required: true,
				PlanModifiers: []planmodifier.String{tfkit.KeepUUID(), stringplanmodifier.RequiresReplace()},
				MarkdownDescription: fmt.Sprintf("UUID of the %s that the account belongs to, with or without "+
					"hyphens (`%s` in the Waldur API). Changing it replaces the account.", k.scope, k.scope),
			},
			"preferred_identifier": schema.StringAttribute{
				Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				Validators: []validator.String{stringvalidator.UTF8LengthAtMost(maxIdentifier), tfkit.Unpadded()},
				MarkdownDescription: fmt.Sprintf("Name to request, of 1 to %d characters. The account service "+
					"derives the username from it. The provider creates no second account with the same name in a "+
					"%s. Changing it replaces the account.", maxIdentifier, k.scope),
			},
			"username": computed("username"),
			"description": schema.StringAttribute{
				CustomType: tfkit.TextType{}, Optional: true, PlanModifiers: []planmodifier.String{tfkit.KeepText()},
				MarkdownDescription: about["description"] + " White space around the text has no effect.",
			},
			"email": schema.StringAttribute{
				Optional: true, Computed: true, PlanModifiers: keep,
				Validators: []validator.String{stringvalidator.UTF8LengthAtMost(maxEmail), emailAddress},
				MarkdownDescription: about["email"] +
					" Waldur can't clear an address: it stays if the configuration no longer has it. Set an address: " +
					"without it, the account service gets the address of the customer in the create, and an empty " +
					"address in every later update.",
			},
			"state": schema.StringAttribute{
				Computed: true, PlanModifiers: keep,
				MarkdownDescription: about["state"] + " The next apply then sends the update again, which repairs " +
					"the account.",
			},
			"error_message": computed("error_message"),
			"created":       computed("created"),
		}),
	}
}

var rotationWords = rotation.Words{
	Term:     "`token` in the Waldur API. It is not a token for Waldur itself.",
	Imported: rotation.ImportedWithoutKey,
	ImportKey: "If the environment variable `SVCACCT_IMPORT_API_KEY` has the key during an import, the next apply " +
		"stores it, unchecked: Waldur shows nothing of a key.",
	Resealed:  rotation.RotatedToReseal,
	ExpiresAt: "As the account service writes it. Null if it returns none, and after an import.",
	NoOverlap: "a Waldur service account has one key, and a rotation revokes it at once.",
	Invalid:   "A refresh sees it by `expires_at`." + rotation.InvalidDefault,
}

// dataAttributes returns the attributes of an account in data sources, all computed.
func (k *serviceAccountKind) dataAttributes() map[string]dataschema.Attribute {
	attributes := map[string]dataschema.Attribute{}
	for name, description := range serviceAccountDescriptions {
		attributes[name] = computed(serviceAccountTexts[name], description)
	}
	for name, description := range k.owner {
		attributes[name] = computed(nil, description)
		if strings.HasSuffix(name, "_uuid") {
			attributes[name] = computed(tfkit.UUIDType{}, description)
		}
	}
	return attributes
}
