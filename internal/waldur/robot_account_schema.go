package waldur

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

const maxRobotType = 5 // the limit of the server's column

const robotTransitions = "The provider runs the operations that lead to the new state, one after the other: from " +
	"`Requested` to `Creating` to `OK`, from `OK` to `Error`, or from `OK` to `Requested deletion` to `Deleted`. No " +
	"operation leads back."

var robotAccountDescriptions = map[string]string{
	"uuid":             "UUID of the account, as 32 hexadecimal digits.",
	"created":          "When the account was created, in RFC 3339.",
	"resource_uuid":    "UUID of the resource that the account is on, with or without hyphens (`resource` in the API).",
	"type":             "Type of the account, 1 to 5 characters. A resource has one account of a type.",
	"username":         "Name of the account on the resource. If not set, the provider of the resource may set it.",
	"description":      "What the account is for.",
	"users":            "UUIDs of the users who may use the account.",
	"responsible_user": "UUID of the user who is responsible for the account.",
	"keys": "SSH public keys that may sign in, each as a line of an `authorized_keys` file without options. White " +
		"space around a key has no effect.",
	"fingerprints":  "Fingerprints of the keys, in the order of the keys.",
	"state":         "State of the account: `Requested`, `Creating`, `OK`, `Requested deletion`, `Deleted` or `Error`.",
	"error_message": "Why the account is in state `Error`.",
	"backend_id":    "Identifier of the account on the Waldur server that it is a copy from. Null if it is no copy.",
	"resource_name": "Name of the resource.",
	"project_uuid":  "UUID of the project that uses the resource.",
	"project_name":  "Name of the project that uses the resource.",
	"customer_uuid": "UUID of the customer that uses the resource.",
	"customer_name": "Name of the customer that uses the resource.",
	"provider_uuid": "UUID of the customer that provides the resource.",
	"provider_name": "Name of the customer that provides the resource. Null on a Waldur server of 2024, which does " +
		"not return it.",
}

// robotAccountTexts are the types of the texts of an account that are not the framework's own string.
var robotAccountTexts = map[string]basetypes.StringTypable{
	"uuid": tfkit.UUIDType{}, "resource_uuid": tfkit.UUIDType{}, "responsible_user": tfkit.UUIDType{},
	"project_uuid": tfkit.UUIDType{}, "customer_uuid": tfkit.UUIDType{}, "provider_uuid": tfkit.UUIDType{},
	"description": tfkit.TextType{}, "created": timetypes.RFC3339Type{},
}

var robotErrorMessage = []validator.String{stringvalidator.LengthAtLeast(1), tfkit.Unpadded()}

func robotAccountSchema() schema.Schema {
	about := robotAccountDescriptions
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	hash := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true, PlanModifiers: keep, MarkdownDescription: "Same as `uuid`."},
		"resource_uuid": schema.StringAttribute{
			CustomType: tfkit.UUIDType{}, Required: true,
			PlanModifiers:       []planmodifier.String{tfkit.KeepUUID(), stringplanmodifier.RequiresReplace()},
			MarkdownDescription: about["resource_uuid"] + " Changing it replaces the account.",
		},
		"type": schema.StringAttribute{
			Required: true, MarkdownDescription: about["type"] + " Two accounts that swap their types need a third, " +
				"temporary type, in two applies.",
			Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, maxRobotType), tfkit.Unpadded()},
		},
		"username": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: keep, MarkdownDescription: about["username"] +
				fmt.Sprintf(" At most %d characters.", maxIdentifier),
			Validators: []validator.String{stringvalidator.UTF8LengthAtMost(maxIdentifier), tfkit.Unpadded()},
		},
		"description": schema.StringAttribute{
			CustomType: tfkit.TextType{}, Optional: true, Computed: true, // see planLeftOut
			PlanModifiers:       []planmodifier.String{tfkit.KeepText()},
			MarkdownDescription: about["description"] + " White space around the text has no effect.",
		},
		"users": schema.SetAttribute{
			ElementType: tfkit.UUIDType{}, Optional: true, Computed: true, Validators: tfkit.UUIDElements(),
			MarkdownDescription: about["users"] + " They must belong to the project or customer that uses the " +
				"resource.",
		},
		"responsible_user": schema.StringAttribute{
			CustomType: tfkit.UUIDType{}, Optional: true, Computed: true,
			PlanModifiers: []planmodifier.String{tfkit.KeepUUID()},
			MarkdownDescription: about["responsible_user"] + " The user must belong to the project or customer that " +
				"uses the resource.",
		},
		"keys": schema.ListAttribute{
			ElementType: tfkit.PublicKeyType{}, Optional: true, Computed: true, Validators: tfkit.PublicKeyElements(),
			PlanModifiers: []planmodifier.List{tfkit.KeepPublicKeys()}, MarkdownDescription: about["keys"],
		},
		"fingerprints": schema.ListNestedAttribute{
			Computed: true, PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
			MarkdownDescription: about["fingerprints"],
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"md5":    hash("MD5, as hexadecimal pairs with colons."),
				"sha256": hash("`SHA256:` and the hash in base64."),
				"sha512": hash("`SHA512:` and the hash in base64."),
			}},
		},
		"state": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: keep,
			Validators: []validator.String{stringvalidator.OneOf(waldurapi.RobotAccountStates...)},
			MarkdownDescription: about["state"] + " If set, the account is changed to this state. " + robotTransitions +
				" A plan that needs a change back fails. If not set, the state stays as it is. A Waldur server of " +
				"October 2024 has no states: the plan fails if `state` is set.",
		},
		"error_message": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: keep,
			Validators: robotErrorMessage,
			MarkdownDescription: about["error_message"] + " It can be set only together with `state = \"Error\"`, " +
				"and can't be changed afterwards.",
		},
		"deletion_mode": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(deleteAtOnce),
			Validators: []validator.String{stringvalidator.OneOf(deleteAtOnce, deleteOnRequest)},
			MarkdownDescription: "What a destroy does. `delete` deletes the account, in any state. " +
				"`request_deletion` changes its state to `Requested deletion`, which fails in state `Error`, and " +
				"removes it from the Terraform state. Until the provider of the resource deletes the account, the " +
				"resource can't have another account of this type. The value that was applied last counts. A Waldur " +
				"server of October 2024 accepts `delete` alone. Default: `delete`.",
		},
	}
	for _, name := range []string{
		"uuid", "created", "backend_id", "resource_name", "project_uuid", "project_name", "customer_uuid",
		"customer_name", "provider_uuid", "provider_name",
	} {
		attributes[name] = schema.StringAttribute{
			CustomType: robotAccountTexts[name], Computed: true, PlanModifiers: keep, MarkdownDescription: about[name],
		}
	}
	return schema.Schema{MarkdownDescription: robotAccountAbout, Attributes: attributes}
}

const robotAccountAbout = "Manages a robot account on a marketplace resource of Waldur. The customer that provides " +
	"the resource creates such accounts. A robot account has no API key: the owners of the SSH keys in `keys` sign " +
	"in with it.\n\n" +
	"If a user of the account leaves the project and the customer of the resource, Waldur refuses any change of the " +
	"account until `users` and `responsible_user` no longer name this user. To remove a leaked key from `keys` then, " +
	"remove the user from `users` in the same apply. If an offering requires consent, Waldur " +
	"hides users who have not given it, and an update does not remove them. The Terraform provider remembers the " +
	"hidden users that it has written, and plans no change for them. An account that is a copy from another Waldur " +
	"server can't be changed, except for its state; it can be deleted. If it changes on the other server, the plan " +
	"shows no change, and a warning if the configuration still has the former value. A Waldur server of October " +
	"2024 has no states and no descriptions.\n\n" +
	"The user of the token needs `RESOURCE.CREATE_ROBOT_ACCOUNT`, `RESOURCE.UPDATE_ROBOT_ACCOUNT` and " +
	"`RESOURCE.DELETE_ROBOT_ACCOUNT` on the customer that provides the resource: see " +
	"[Permissions](../guides/permissions.md#waldur)."

const emptyInData = " Null if the server does not return them."

// robotAccountDataAttributes returns the attributes of an account in data sources, all computed.
func robotAccountDataAttributes() map[string]dataschema.Attribute {
	about := robotAccountDescriptions
	attributes := map[string]dataschema.Attribute{}
	for name, description := range about {
		attributes[name] = computed(robotAccountTexts[name], description)
	}
	attributes["users"] = dataschema.SetAttribute{
		ElementType: tfkit.UUIDType{}, Computed: true, MarkdownDescription: about["users"] + emptyInData,
	}
	attributes["keys"] = dataschema.ListAttribute{
		ElementType: tfkit.PublicKeyType{}, Computed: true, MarkdownDescription: about["keys"] + emptyInData,
	}
	attributes["fingerprints"] = dataschema.ListAttribute{
		ElementType: fingerprintType, Computed: true, MarkdownDescription: about["fingerprints"],
	}
	return attributes
}
