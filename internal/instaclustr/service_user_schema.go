package instaclustr

import (
	"regexp"
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

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// serviceUserDescriptions describe the attributes that resource and data sources share.
var serviceUserDescriptions = map[string]string{
	"id":       "The same as `username`.",
	"username": "User name. It is unique among all users of Instaclustr.",
	"email": "E-mail address. It is unique among all users of Instaclustr; an alias such as `ci+2@example.com` " +
		"counts as another address. Case does not count.",
	"display_name": "Display name of the service user, for people. Requests and keys refer to `username`.",
	"role":         "Role: `READ_ONLY`, `CLUSTER_ADMIN` or `OWNER` (`profile` in requests of the Instaclustr API).",
	"administrators": "User names of the people who may manage the service user, besides the Owners of the account. " +
		"Each is a Cluster Admin or an Owner of the account.",
	"allowed_key_types": "Types of API keys that the role allows, such as `MONITORING`.",
	"key_types":         "Types of the API keys that exist, as of the last refresh, whoever created them.",
}

const lockoutDescription = "Whether to apply a plan that removes the access of the provider itself. Default: " +
	"`false`: such a plan is an error."

// usernameValidators refuse texts that can't be user names: basic authentication ends the name at
// the first colon.
func usernameValidators() []validator.String {
	const description = "must not contain a colon"
	return append([]validator.String{
		tfkit.Unpadded(), stringvalidator.NoneOf(".", ".."),
		tfkit.CheckString(description, func(at path.Path, text string, diags *diag.Diagnostics) {
			if strings.Contains(text, ":") {
				diags.AddAttributeError(at, "Invalid user name", at.String()+" "+description+": no key could sign in.")
			}
		}),
	}, tfkit.NotEmpty...)
}

// emailForm is the form of all addresses, those of hosts without a domain included.
var emailForm = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)

var emailAddress = tfkit.MayBeMocked(tfkit.CheckString("must be an e-mail address",
	func(at path.Path, text string, diags *diag.Diagnostics) {
		if !emailForm.MatchString(text) {
			diags.AddAttributeError(at, "Invalid e-mail address", at.String()+" must be an e-mail address such as "+
				"ci@example.com.")
		}
	}))

// credentialNeeded names the credential, for the documentation of a resource.
const credentialNeeded = "The provider needs the User Management API key of a person who is Owner of the account, or " +
	"Cluster Admin and administrator of the user: see [Permissions](../guides/permissions.md#instaclustr)."

func serviceUserSchema() schema.Schema {
	about := serviceUserDescriptions
	const replaced = " Changing both `username` and `email` creates another service user; the old user stays on the " +
		"server, without keys. Changing only one of the two attributes is an error."
	computed := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	computedSet := []planmodifier.Set{setplanmodifier.UseStateForUnknown()}
	return schema.Schema{
		MarkdownDescription: "Manages a service user of NetApp Instaclustr: a user who works through the API alone, " +
			"with the keys that `" + apiKeyType + "` manages.\n\n" +
			"Instaclustr documents **no way to delete a service user**. Destroying this resource revokes all API " +
			"keys of the user, so that nobody can sign in as it any more, and removes it from the state, with a " +
			"warning. No other user can ever get its user name or its e-mail address. If a user of the same name " +
			"exists already, the error says how to import it, or `adopt_existing` takes it in.\n\n" +
			"Public documentation confirms method and path of two operations only: listing and creating service " +
			"users. See the guide on [Instaclustr](../guides/instaclustr.md#what-is-confirmed).\n\n" + credentialNeeded,
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{Computed: true, PlanModifiers: computed, MarkdownDescription: about["id"]},
			"username": schema.StringAttribute{
				Required: true, Validators: usernameValidators(),
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: about["username"] + replaced,
			},
			"email": schema.StringAttribute{
				CustomType: emailType{}, Required: true, Validators: []validator.String{emailAddress},
				PlanModifiers: []planmodifier.String{
					tfkit.KeepEquivalent[emailNormalizer](), stringplanmodifier.RequiresReplace(),
				},
				MarkdownDescription: about["email"] + replaced,
			},
			"display_name": schema.StringAttribute{
				Optional: true, Computed: true, PlanModifiers: computed,
				Validators: append([]validator.String{tfkit.Unpadded()}, tfkit.NotEmpty...),
				MarkdownDescription: about["display_name"] + " A text that is not empty, without white space at its " +
					"ends. If it is not set, the service chooses it, and the provider does not change it. It can be " +
					"changed in place.",
			},
			"role": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf(instaclustrapi.Roles...)},
				MarkdownDescription: about["role"] + " It can't be above the role of the person whose key the " +
					"provider uses. It can be changed in place. Lowering it to `READ_ONLY` revokes the keys of types " +
					"that `READ_ONLY` does not allow; the plan names them. If an API key resource manages such a key " +
					"and takes its `username` from this resource, the plan is an error.",
			},
			"administrators": schema.SetAttribute{
				ElementType: types.StringType, Optional: true, Computed: true, PlanModifiers: computedSet,
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(),
					setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1), tfkit.Unpadded()),
				},
				MarkdownDescription: about["administrators"] + " The service adds the person whose key created the " +
					"user; that person stays an administrator without being listed. If it is not set, the provider " +
					"does not change the administrators. It can be changed in place.",
			},
			"allowed_key_types": schema.SetAttribute{
				ElementType: types.StringType, Computed: true, PlanModifiers: computedSet,
				MarkdownDescription: about["allowed_key_types"],
			},
			"key_types": schema.SetAttribute{
				ElementType: types.StringType, Computed: true, PlanModifiers: computedSet,
				MarkdownDescription: about["key_types"],
			},
			"adopt_existing": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether the create takes an existing service user of the same `username` and " +
					"the same `email` into the state. Otherwise such a user is an error. A user that was destroyed " +
					"still exists, since no service user can be deleted. The API keys of the existing user are " +
					"revoked, or kept with `initial_api_keys = \"keep\"`. Role, display name and administrators " +
					"become those of the configuration; what the configuration does not have stays. The plan warns " +
					"of the adoption, and of what it changes and revokes. A user of the same name with another " +
					"address is never adopted. Default: `false`. Changing it later has no effect.",
			},
			"initial_api_keys": schema.StringAttribute{
				Optional: true, Computed: true,
				Validators: []validator.String{stringvalidator.OneOf(initialRevoked, initialKept)},
				MarkdownDescription: "What to do with the API keys that the service may create with a new user, and " +
					"with those of a user that `adopt_existing` takes in. Nobody knows the keys of a new user, and " +
					"they work from all addresses. `revoke` revokes all keys at once. `keep` " +
					"keeps them; an API key resource can then take over one of them with `adopt_by_rotation = true`. " +
					"Default: `revoke`. Changing it later has no effect, except after an import: an import sets no " +
					"value, and touches no key. `revoke`, written in the configuration, then revokes the keys that " +
					"the user had when it was imported; the plan names them. Until one of the values is written, " +
					"the plan warns of such keys.",
			},
			"allow_self_lockout": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: lockoutDescription + " This concerns destroying or lowering the user whose key " +
					"the provider signs in with, and removing the person whose key the provider signs in with from " +
					"`administrators`. If it is `true`, `administrators` holds exactly the listed users, even " +
					"without the person who created the user.",
			},
		},
	}
}

// serviceUserDataAttributes returns the attributes of a service user with its keys, all of them
// computed.
func serviceUserDataAttributes() map[string]datasource.Attribute {
	about := serviceUserDescriptions
	attributes := map[string]datasource.Attribute{
		"email": datasource.StringAttribute{
			CustomType: emailType{}, Computed: true, MarkdownDescription: about["email"],
		},
		"api_keys": datasource.ListNestedAttribute{
			Computed: true,
			MarkdownDescription: "The API keys of the service user, sorted by type. Null if the service does not " +
				"return them.",
			NestedObject: datasource.NestedAttributeObject{Attributes: apiKeyDataAttributes()},
		},
	}
	for _, name := range []string{"id", "username", "display_name", "role"} {
		attributes[name] = datasource.StringAttribute{Computed: true, MarkdownDescription: about[name]}
	}
	for _, name := range []string{"administrators", "allowed_key_types", "key_types"} {
		attributes[name] = datasource.SetAttribute{
			ElementType: types.StringType, Computed: true, MarkdownDescription: about[name],
		}
	}
	return attributes
}
