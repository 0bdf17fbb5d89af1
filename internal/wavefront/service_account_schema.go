package wavefront

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// The permission that manages accounts, and the one that no service account may have.
const (
	userManagement  = "user_management"
	tokenManagement = "token_management"
)

// knownPermissions are the names in the vendor's documents. Its own lists disagree, so an unknown one is worth no more than a warning.
var knownPermissions = []string{
	"agent_management", "alerts_management", "application_management", "batch_query_priority", "dashboard_management",
	"derived_metrics_management", "embedded_charts", "events_management", "external_links_management", "host_tag_management",
	"ingestion", "log_management", "metrics_management", "monitored_application_service_management", "saml_sso_management",
	tokenManagement, userManagement,
}

// descriptions of the attributes that resources and data sources share.
var serviceAccountDescriptions = map[string]string{
	"identifier":            "Name of the account, with the prefix `sa::`, in lower case.",
	"active":                "Whether the account is active. The tokens of an inactive account are refused.",
	"description":           "What the account is for.",
	"permissions":           "Permissions that the account holds directly (`groups` in the Wavefront API), such as `metrics_management`, which it needs to run queries.",
	"roles":                 "Ids of the roles that the account holds directly.",
	"united_permissions":    "All permissions that the account has: its own, and those of its roles and user groups.",
	"united_roles":          "All roles that the account has, as Wavefront writes them: its own, and those of its user groups.",
	"effective_user_groups": "Ids of all user groups that the account is in, with those that the server added.",
}

func serviceAccountSchema() schema.Schema {
	about := serviceAccountDescriptions
	return schema.Schema{
		MarkdownDescription: shutDown + "A Wavefront service account. Its tokens are resources of their own, " +
			"`svcacct_wavefront_service_account_token`.\n\n`permissions`, `roles` and `user_groups` are the whole truth: what is not listed is taken away, and leaving " +
			"one out takes all away. Manage a membership here or at the role or user group, never at both ends.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}, MarkdownDescription: "The same as `identifier`.",
			},
			"identifier": schema.StringAttribute{
				Required: true, Validators: []validator.String{identifier{}},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: about["identifier"] + " Changing it replaces the account, and its tokens die with it.",
			},
			"active": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: about["active"] + " Default: `true`.",
			},
			"description": schema.StringAttribute{
				CustomType: tfkit.TextType{}, Optional: true, PlanModifiers: []planmodifier.String{tfkit.KeepText()}, MarkdownDescription: about["description"],
			},
			"permissions": schema.SetAttribute{
				ElementType: types.StringType, Optional: true,
				Validators:          []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(permission{})},
				MarkdownDescription: about["permissions"],
			},
			"roles": schema.SetAttribute{
				ElementType: types.StringType, Optional: true, Validators: idElements("role"),
				MarkdownDescription: about["roles"],
			},
			"user_groups": schema.SetAttribute{
				ElementType: types.StringType, Optional: true, Validators: idElements("user_group"),
				MarkdownDescription: "Ids of the user groups to put the account into. The groups that the server puts it into by itself, the system group " +
					"`Service Accounts` and the organization's defaults for new accounts, are kept whether or not they are listed, and never a difference.",
			},
			"effective_user_groups": schema.SetAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: about["effective_user_groups"]},
			"united_permissions":    schema.SetAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: about["united_permissions"]},
			"united_roles":          schema.SetAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: about["united_roles"]},
			"allow_self_lockout":    allowSelfLockout(),
		},
	}
}

func allowSelfLockout() schema.BoolAttribute {
	return schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Whether a plan may take away the token that the provider itself runs with, or its rights. Without it, such a plan is an error. " +
			"For a destroy it must be applied before.",
	}
}

// identifier refuses what the server would refuse, or write in another way, and shows the right spelling.
type identifier struct{}

func (identifier) Description(context.Context) string {
	return `must be a lower case name with the prefix "sa::"`
}

func (v identifier) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v identifier) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	given := req.ConfigValue.ValueString()
	right := spelledIdentifier(given)
	switch {
	case right == "sa::" || strings.Contains(given, "/"):
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid identifier", fmt.Sprintf(`%s %s, such as "sa::ci", and without a slash; got %q.`, req.Path, v.Description(ctx), given))
	case right != given:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid identifier", fmt.Sprintf("%s %s, without white space: write %q instead of %q.", req.Path, v.Description(ctx), right, given))
	}
}

var prefix = regexp.MustCompile(`^sa:{0,2}`)

// spelledIdentifier returns how the server would write an identifier: in lower case, with its prefix.
func spelledIdentifier(text string) string {
	text = strings.ToLower(strings.Join(strings.Fields(text), "-"))
	if !strings.HasPrefix(text, "sa::") {
		if strings.HasPrefix(text, "sa:") {
			text = prefix.ReplaceAllString(text, "")
		}
		text = "sa::" + text
	}
	return text
}

// permission refuses the one permission that no service account may have, and warns of names that no document knows.
type permission struct{}

func (permission) Description(context.Context) string { return "must be a permission" }

func (v permission) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (permission) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	name := req.ConfigValue.ValueString()
	switch {
	case req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown():
	case name == tokenManagement:
		resp.Diagnostics.AddAttributeError(req.Path, "Permission not for service accounts", "Wavefront gives token_management to people only.")
	case !slices.Contains(knownPermissions, name):
		resp.Diagnostics.AddAttributeWarning(req.Path, "Unknown permission", fmt.Sprintf("%q is not among the permissions that Wavefront documents: %s. "+
			"If Wavefront does not know it either, the apply fails.", name, strings.Join(without(knownPermissions, []string{tokenManagement}), ", ")))
	}
}

var idForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// idElements refuses names where Wavefront takes ids: it would ignore them.
func idElements(dataSource string) []validator.Set {
	return []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.RegexMatches(idForm,
		"must be an id, a lower case UUID with hyphens. The data source svcacct_wavefront_"+dataSource+" finds the id of a name"))}
}
