package waldur

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// The values of deletion_mode.
const (
	deleteAtOnce    = "delete"
	deleteOnRequest = "request_deletion"
)

const maxRobotType = 5 // the limit of the server's column

var robotAccountDescriptions = map[string]string{
	"uuid":             "UUID of the account, as 32 hexadecimal digits.",
	"created":          "When the account was made, in RFC 3339.",
	"resource_uuid":    "UUID of the resource that the account is on (`resource` in the Waldur API, an address there), with or without hyphens.",
	"type":             fmt.Sprintf("What kind of account it is, in at most %d characters. A resource has one account of a type.", maxRobotType),
	"username":         "Name of the account on the resource. If it is left out, the provider of the resource may fill it in.",
	"description":      "What the account is for.",
	"users":            "UUIDs of the users who may use the account.",
	"responsible_user": "UUID of the user who answers for the account.",
	"keys":             "SSH public keys that may sign in. White space around them does not count.",
	"fingerprints":     "Fingerprints of the keys, in their order.",
	"state":            "`Requested`, `Creating`, `OK`, `Requested deletion`, `Deleted` or `Error`.",
	"error_message":    "Why the account is in state `Error`.",
	"backend_id":       "Identifier of the account at another Waldur that this one is a copy of; null: it is none.",
	"resource_name":    "Name of the resource.",
	"project_uuid":     "UUID of the project that uses the resource.",
	"project_name":     "Name of the project that uses the resource.",
	"customer_uuid":    "UUID of the customer that uses the resource.",
	"customer_name":    "Name of the customer that uses the resource.",
	"provider_uuid":    "UUID of the customer that provides the resource.",
	"provider_name":    "Name of the customer that provides the resource.",
}

func robotAccountSchema() schema.Schema {
	about := robotAccountDescriptions
	fixed := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	attributes := map[string]schema.Attribute{
		"id":   schema.StringAttribute{Computed: true, PlanModifiers: fixed, MarkdownDescription: "The same as `uuid`."},
		"uuid": schema.StringAttribute{CustomType: tfkit.UUIDType{}, Computed: true, PlanModifiers: fixed, MarkdownDescription: about["uuid"]},
		"resource_uuid": schema.StringAttribute{
			CustomType: tfkit.UUIDType{}, Required: true,
			PlanModifiers:       []planmodifier.String{tfkit.KeepUUID(), stringplanmodifier.RequiresReplace()},
			MarkdownDescription: about["resource_uuid"] + " Changing it replaces the account.",
		},
		"type": schema.StringAttribute{
			Required: true,
			Validators: []validator.String{
				stringvalidator.UTF8LengthBetween(1, maxRobotType), tfkit.Unpadded(),
			},
			MarkdownDescription: about["type"],
		},
		"username": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: fixed, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(maxIdentifier), tfkit.Unpadded()},
			MarkdownDescription: about["username"],
		},
		"description": schema.StringAttribute{
			CustomType: tfkit.TextType{}, Optional: true, PlanModifiers: []planmodifier.String{tfkit.KeepText()}, MarkdownDescription: about["description"],
		},
		"users": schema.SetAttribute{
			ElementType: tfkit.UUIDType{}, Optional: true, Validators: tfkit.UUIDElements(),
			MarkdownDescription: about["users"] + " They must belong to the project or customer that uses the resource.",
		},
		"responsible_user": schema.StringAttribute{
			CustomType: tfkit.UUIDType{}, Optional: true, PlanModifiers: []planmodifier.String{tfkit.KeepUUID()},
			MarkdownDescription: about["responsible_user"] + " The user must belong to the project or customer that uses the resource.",
		},
		"keys": schema.ListAttribute{
			ElementType: tfkit.PublicKeyType{}, Optional: true, Validators: tfkit.PublicKeyElements(), MarkdownDescription: about["keys"],
		},
		"fingerprints": schema.ListNestedAttribute{
			Computed: true, PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()}, MarkdownDescription: about["fingerprints"],
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"md5":    schema.StringAttribute{Computed: true, MarkdownDescription: "MD5, as pairs of digits with colons."},
				"sha256": schema.StringAttribute{Computed: true, MarkdownDescription: "`SHA256:` and the hash in base64."},
				"sha512": schema.StringAttribute{Computed: true, MarkdownDescription: "`SHA512:` and the hash in base64."},
			}},
		},
		"state": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: fixed, Validators: []validator.String{stringvalidator.OneOf(waldurapi.RobotAccountStates...)},
			MarkdownDescription: about["state"] + " Setting it takes the account there, step by step: from `Requested` to `Creating` to `OK`, and from `OK` to `Error`, or to " +
				"`Requested deletion` and `Deleted`. There is no way back; a plan that wants one is refused.",
		},
		"error_message": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: fixed, Validators: []validator.String{stringvalidator.LengthAtLeast(1), tfkit.Unpadded()},
			MarkdownDescription: about["error_message"] + " Can be set together with `state = \"Error\"`, and not be changed after that.",
		},
		"deletion_mode": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(deleteAtOnce),
			Validators: []validator.String{stringvalidator.OneOf(deleteAtOnce, deleteOnRequest)},
			MarkdownDescription: "What destroying does, as applied last. `delete` deletes the account, in any state. `request_deletion` sets its state to `Requested deletion`, " +
				"which it can't from `Error`, for the provider of the resource to act on, and Terraform forgets the account; until the provider deletes it the resource can " +
				"have no other account of this type. Default: `delete`.",
		},
		"created": schema.StringAttribute{CustomType: timetypes.RFC3339Type{}, Computed: true, PlanModifiers: fixed, MarkdownDescription: about["created"]},
	}
	for _, name := range []string{"backend_id", "resource_name", "project_name", "customer_name", "provider_name"} {
		attributes[name] = schema.StringAttribute{Computed: true, PlanModifiers: fixed, MarkdownDescription: about[name]}
	}
	for _, name := range []string{"project_uuid", "customer_uuid", "provider_uuid"} {
		attributes[name] = schema.StringAttribute{CustomType: tfkit.UUIDType{}, Computed: true, PlanModifiers: fixed, MarkdownDescription: about[name]}
	}
	return schema.Schema{
		MarkdownDescription: "A robot account on a marketplace resource of Waldur, made by those who provide the resource. It has no API key: " +
			"those who hold one of the SSH keys in `keys` sign in with it.\n\n" +
			"A user who has left project and customer of the resource keeps Waldur from changing anything of the account: where the token sees who that is, the provider takes " +
			"the user off and says so. Where an offering asks for consent, Waldur hides users who have not given it, and keeps them when they are removed: the provider counts " +
			"those in whom it has sent. An account that is a copy from another Waldur can't be changed, only deleted and set in its state. A Waldur of 2024 has no states and " +
			"no descriptions.",
		Attributes: attributes,
	}
}
