package wavefront

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// The permission that manages accounts, and the permission that no service account may have.
const (
	userManagement  = "user_management"
	tokenManagement = "token_management"
)

// knownPermissions are the names in the vendor's documents. Their own lists disagree, so that an
// unknown name is only a warning.
var knownPermissions = []string{
	"agent_management", "alerts_management", "application_management", "batch_query_priority", "dashboard_management",
	"derived_metrics_management", "embedded_charts", "events_management", "external_links_management",
	"host_tag_management", "ingestion", "log_management", "metrics_management",
	"monitored_application_service_management", "saml_sso_management", tokenManagement, userManagement,
}

// serviceAccountDescriptions are the descriptions that resources and data sources share.
var serviceAccountDescriptions = map[string]string{
	"identifier":  "Name of the account: lower case, with the prefix `sa::`, such as `sa::ci`.",
	"active":      "Whether the account is active. The server refuses the tokens of an inactive account.",
	"description": "Text that says what the account is for.",
	"permissions": "Permissions that the account holds directly, such as `metrics_management`, which queries need. " +
		"The Wavefront API calls them `groups`.",
	"roles":              "Ids of the roles that the account holds directly, as UUIDs with hyphens.",
	"united_permissions": "All permissions of the account: its own, and those of its roles and user groups.",
	"united_roles": "All roles of the account: its own, and those of its user groups. Ids or names, as the server " +
		"returns them.",
	"effective_user_groups": "Ids of all user groups that the account is in, also of those that the server added.",
}

// permissionNeeded names the right of the credential, for the documentation of a resource.
const permissionNeeded = "The account of the token needs the permission `user_management` (Accounts): see " +
	"[Permissions](../guides/permissions.md#wavefront)."

func serviceAccountSchema() schema.Schema {
	const whole = " Default: none. Values that are not listed are removed."
	about := serviceAccountDescriptions
	computed := func(name string) schema.SetAttribute {
		return schema.SetAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: about[name]}
	}
	return schema.Schema{
		MarkdownDescription: shutDown + "Manages a Wavefront service account. Its tokens are resources of their own, " +
			"`svcacct_wavefront_service_account_token`.\n\n`permissions`, `roles` and `user_groups` are complete " +
			"lists: the provider removes values that are not listed. Manage a membership either here, or at the role " +
			"or user group.\n\n" + permissionNeeded,
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
				MarkdownDescription: "The same as `identifier`.",
			},
			"identifier": schema.StringAttribute{
				Required: true, Validators: validIdentifier,
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: about["identifier"] + " Changing it replaces the account, which revokes its " +
					"tokens.",
			},
			"active": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: about["active"] + " Default: `true`.",
			},
			"description": schema.StringAttribute{
				CustomType: tfkit.TextType{}, Optional: true, PlanModifiers: []planmodifier.String{tfkit.KeepText()},
				MarkdownDescription: about["description"] + " Default: none.",
			},
			"permissions": schema.SetAttribute{
				ElementType: types.StringType, Optional: true, Validators: validPermissions,
				MarkdownDescription: about["permissions"] + whole,
			},
			"roles": schema.SetAttribute{
				ElementType: types.StringType, Optional: true, Validators: validIDs("role"),
				MarkdownDescription: about["roles"] + whole,
			},
			"user_groups": schema.SetAttribute{
				ElementType: types.StringType, Optional: true, Computed: true, Validators: validIDs("user_group"),
				MarkdownDescription: "Ids of the user groups of the account, as UUIDs with hyphens." + whole + " " +
					"Groups that the server adds by itself (the system group `Service Accounts`, the organization's " +
					"groups for new accounts) are kept, and need not be listed.",
			},
			"effective_user_groups": computed("effective_user_groups"),
			"united_permissions":    computed("united_permissions"),
			"united_roles":          computed("united_roles"),
			"allow_self_lockout":    allowSelfLockout(),
		},
	}
}

func allowSelfLockout() schema.BoolAttribute {
	return schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Whether a plan may revoke the token that the provider itself signs in with, or remove " +
			"its rights. Otherwise such a plan is an error. For a destroy, apply `true` first. Default: `false`.",
	}
}

// serviceAccountDataAttributes are the attributes of an account in the data sources.
func serviceAccountDataAttributes() map[string]datasource.Attribute {
	about := serviceAccountDescriptions
	set := func(name string) datasource.SetAttribute {
		return datasource.SetAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: about[name]}
	}
	return map[string]datasource.Attribute{
		"identifier": datasource.StringAttribute{Computed: true, MarkdownDescription: about["identifier"]},
		"active":     datasource.BoolAttribute{Computed: true, MarkdownDescription: about["active"]},
		"description": datasource.StringAttribute{
			CustomType: tfkit.TextType{}, Computed: true, MarkdownDescription: about["description"],
		},
		"permissions":        set("permissions"),
		"roles":              set("roles"),
		"user_groups":        set("effective_user_groups"),
		"united_permissions": set("united_permissions"),
		"united_roles":       set("united_roles"),
		"token_count": datasource.Int64Attribute{Computed: true, MarkdownDescription: "Number of tokens of " +
			"the account."},
		"last_used": datasource.StringAttribute{
			CustomType: timetypes.RFC3339Type{}, Computed: true,
			MarkdownDescription: "When a token of the account was last used, in RFC 3339. Null if never.",
		},
	}
}

// validIdentifier refuses an identifier that the server would refuse or change, and shows the right
// form.
var validIdentifier = []validator.String{tfkit.CheckString(identifierRule, checkIdentifier)}

// validAccount is validIdentifier for an attribute that takes the id of another object.
var validAccount = []validator.String{tfkit.MayBeMocked(validIdentifier[0])}

const identifierRule = `must be a lower case name with the prefix "sa::"`

func checkIdentifier(at path.Path, text string, diags *diag.Diagnostics) {
	const summary = "Invalid identifier"
	right := normalizedIdentifier(text)
	switch {
	case right == identifierPrefix || strings.Contains(text, "/"):
		diags.AddAttributeError(at, summary,
			fmt.Sprintf(`%s %s, such as "sa::ci", and without a slash; got %s.`, at, identifierRule, tfkit.Quote(text)))
	case right != text:
		diags.AddAttributeError(at, summary,
			fmt.Sprintf("%s %s, without white space: write %s instead of %s.", at, identifierRule,
				tfkit.Quote(right), tfkit.Quote(text)))
	}
}

const identifierPrefix = "sa::"

// normalizedIdentifier returns an identifier as the server stores it: in lower case, with its prefix.
func normalizedIdentifier(text string) string {
	text = strings.ToLower(strings.Join(strings.Fields(text), "-"))
	if strings.HasPrefix(text, identifierPrefix) {
		return text
	}
	return identifierPrefix + strings.TrimPrefix(text, "sa:")
}

// pastedIdentifier returns the identifier in an import id: without white space around it, and from the
// URL of the account in the API, or from the path of this URL.
func pastedIdentifier(id string) string {
	id = strings.TrimSpace(id)
	u, err := url.Parse(id)
	if err != nil || u.Host == "" && !strings.HasPrefix(id, "/") {
		return id
	}
	for _, collection := range []string{"/api/v2/account/serviceaccount/", "/api/v2/account/"} {
		if _, identifier, found := strings.Cut(u.Path, collection); found {
			return strings.Trim(identifier, "/")
		}
	}
	return id
}

// validPermissions refuses the permission that no service account may have, and warns of unknown
// names.
var validPermissions = []validator.Set{
	setvalidator.NoNullValues(),
	setvalidator.ValueStringsAre(tfkit.CheckString("must be a permission", checkPermission)),
}

func checkPermission(at path.Path, name string, diags *diag.Diagnostics) {
	switch {
	case name == tokenManagement:
		diags.AddAttributeError(at, "Permission not for service accounts",
			"Wavefront grants token_management to users only, not to service accounts.")
	case !slices.Contains(knownPermissions, name):
		known := strings.Join(without(knownPermissions, []string{tokenManagement}), ", ")
		diags.AddAttributeWarning(at, "Unknown permission", fmt.Sprintf("%q is not among the permissions that "+
			"Wavefront documents: %s. If the server does not know it either, the apply fails.", name, known))
	}
}

var idForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// validIDs refuses names where Wavefront expects ids: the server would ignore them.
func validIDs(dataSource string) []validator.Set {
	rule := "must be an id, a lower case UUID with hyphens. The data source svcacct_wavefront_" + dataSource +
		" finds the id of a name"
	return []validator.Set{
		setvalidator.NoNullValues(),
		setvalidator.ValueStringsAre(tfkit.MayBeMocked(stringvalidator.RegexMatches(idForm, rule))),
	}
}
