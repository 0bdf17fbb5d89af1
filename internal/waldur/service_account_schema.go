package waldur

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// The limits of the server's columns.
const (
	maxIdentifier = 32
	maxEmail      = 320
)

var emailForm = regexp.MustCompile(`^[^@\s]+@([^@\s.]+(\.[^@\s.]+)+|localhost)$`)

// descriptions of the attributes that resources and data sources share.
var serviceAccountDescriptions = map[string]string{
	"uuid":                 "UUID of the account, as 32 hexadecimal digits.",
	"preferred_identifier": "The name that was asked for when the account was made. The account service derives the username from it.",
	"username":             "Name of the account at the account service, which chooses it.",
	"description":          "What the account is for.",
	"email":                "Address of the people responsible for the account.",
	"state":                "`OK`, or `Erred` if the account service refused the last update.",
	"error_message":        "Why the account is `Erred`, in the words of the account service.",
	"created":              "When the account was made, in RFC 3339.",
}

func serviceAccountSchema(kind *serviceAccountKind) schema.Schema {
	about := serviceAccountDescriptions
	fixed := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	return schema.Schema{
		MarkdownDescription: fmt.Sprintf("A service account of a Waldur %s, together with its API key.\n\n"+
			"Waldur tells the key once, when it is issued. Rotating kills the current key at once. "+
			"A %s may have as many service accounts as its `max_service_accounts` says, by default none.", kind.scope, kind.scope),
		Attributes: rotation.With(rotationWords, map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, PlanModifiers: fixed, MarkdownDescription: "The same as `uuid`.",
			},
			"uuid": schema.StringAttribute{CustomType: tfkit.UUIDType{}, Computed: true, PlanModifiers: fixed, MarkdownDescription: about["uuid"]},
			kind.scopeAttribute(): schema.StringAttribute{
				CustomType: tfkit.UUIDType{}, Required: true,
				PlanModifiers:       []planmodifier.String{tfkit.KeepUUID(), stringplanmodifier.RequiresReplace()},
				MarkdownDescription: fmt.Sprintf("UUID of the %s that the account belongs to (`%s` in the Waldur API), with or without hyphens. Changing it replaces the account.", kind.scope, kind.scope),
			},
			"preferred_identifier": schema.StringAttribute{
				Required:      true,
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				Validators: []validator.String{
					stringvalidator.UTF8LengthBetween(1, maxIdentifier),
					tfkit.Unpadded(),
				},
				MarkdownDescription: fmt.Sprintf("The name to ask for, of at most %d characters. The account service derives the username from it. "+
					"The provider makes no second account with the same one in a %s. Changing it replaces the account.", maxIdentifier, kind.scope),
			},
			"username": schema.StringAttribute{Computed: true, PlanModifiers: fixed, MarkdownDescription: about["username"]},
			"description": schema.StringAttribute{
				CustomType: tfkit.TextType{}, Optional: true,
				PlanModifiers:       []planmodifier.String{tfkit.KeepText()},
				MarkdownDescription: about["description"],
			},
			"email": schema.StringAttribute{
				Optional: true,
				Validators: []validator.String{
					stringvalidator.UTF8LengthAtMost(maxEmail),
					stringvalidator.RegexMatches(emailForm, "must be an e-mail address"),
				},
				MarkdownDescription: about["email"] + " It can be changed, but not cleared.",
			},
			"state": schema.StringAttribute{
				Computed: true, PlanModifiers: fixed,
				MarkdownDescription: about["state"] + " The next apply then sends the update again, which heals the account.",
			},
			"error_message": schema.StringAttribute{Computed: true, PlanModifiers: fixed, MarkdownDescription: about["error_message"]},
			"created":       schema.StringAttribute{CustomType: timetypes.RFC3339Type{}, Computed: true, PlanModifiers: fixed, MarkdownDescription: about["created"]},
		}),
	}
}

var rotationWords = rotation.Words{
	Term:      "`token` in the Waldur API. It is not a token for Waldur itself.",
	Imported:  rotation.ImportedWithoutKey,
	ExpiresAt: "As the account service writes it; null if it tells none, and after an import.",
	NoOverlap: "a Waldur service account has one key, and rotating kills it at once.",
}
