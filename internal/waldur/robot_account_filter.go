package waldur

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// robotAccountFilterModel narrows a list of robot accounts.
type robotAccountFilterModel struct {
	ResourceUUID    tfkit.UUID   `tfsdk:"resource_uuid"`
	ProjectUUID     tfkit.UUID   `tfsdk:"project_uuid"`
	CustomerUUID    tfkit.UUID   `tfsdk:"customer_uuid"`
	ProviderUUID    tfkit.UUID   `tfsdk:"provider_uuid"`
	Type            types.String `tfsdk:"type"`
	State           types.String `tfsdk:"state"`
	Username        types.String `tfsdk:"username"`
	UserEmail       types.String `tfsdk:"user_email"`
	ResponsibleUser tfkit.UUID   `tfsdk:"responsible_user"`
	CreatedAfter    tfkit.Time   `tfsdk:"created_after"`
	CreatedBefore   tfkit.Time   `tfsdk:"created_before"`
	ModifiedAfter   tfkit.Time   `tfsdk:"modified_after"`
	ModifiedBefore  tfkit.Time   `tfsdk:"modified_before"`
}

func (m *robotAccountFilterModel) toAPI() waldurapi.RobotAccountFilter {
	return waldurapi.RobotAccountFilter{
		ResourceUUID: m.ResourceUUID.Canonical(), ProjectUUID: m.ProjectUUID.Canonical(),
		CustomerUUID: m.CustomerUUID.Canonical(), ProviderUUID: m.ProviderUUID.Canonical(),
		Type: m.Type.ValueString(), State: m.State.ValueString(),
		Username: m.Username.ValueString(), UserEmail: m.UserEmail.ValueString(),
		ResponsibleUserUUID: m.ResponsibleUser.Canonical(),
		CreatedAfter:        m.CreatedAfter.ValueString(), CreatedBefore: m.CreatedBefore.ValueString(),
		ModifiedAfter: m.ModifiedAfter.ValueString(), ModifiedBefore: m.ModifiedBefore.ValueString(),
	}
}

// robotAccountFilters are all filters that Waldur documents. Servers before 8.0.7 ignore the newer
// filters.
func robotAccountFilters() map[string]tfkit.Filter {
	const since = " Requires Waldur 8.0.7."
	filter := func(kind basetypes.StringTypable, description string, validators ...validator.String) tfkit.Filter {
		return tfkit.Filter{Description: description, Type: kind, Validators: validators}
	}
	uuid := func(description string) tfkit.Filter { return filter(tfkit.UUIDType{}, description) }
	text := func(description string) tfkit.Filter { return filter(nil, description, tfkit.NotEmpty...) }
	time := func(description string) tfkit.Filter { return filter(tfkit.TimeType{}, description) }
	return map[string]tfkit.Filter{
		"resource_uuid": uuid("Only accounts on the resource with this UUID."),
		"project_uuid":  uuid("Only accounts on resources that the project with this UUID uses."),
		"customer_uuid": uuid("Only accounts on resources that the customer with this UUID uses."),
		"provider_uuid": uuid("Only accounts on resources that the customer with this UUID provides."),
		"type":          text("Only accounts of exactly this type."),
		"state": filter(nil, "Only accounts in this state, such as `OK`.",
			stringvalidator.OneOf(waldurapi.RobotAccountStates...)),
		"username": text("Only accounts with this text in their username, in upper or lower case." + since),
		"user_email": text("Only accounts with a user with this text in the e-mail address, in upper or lower case." +
			since),
		"responsible_user": uuid("Only accounts for which the user with this UUID is responsible." + since),
		"created_after":    time("Only accounts that were created at or after this time, in RFC 3339."),
		"created_before":   time("Only accounts that were created at or before this time, in RFC 3339." + since),
		"modified_after":   time("Only accounts that were last changed at or after this time, in RFC 3339."),
		"modified_before":  time("Only accounts that were last changed at or before this time, in RFC 3339." + since),
	}
}
