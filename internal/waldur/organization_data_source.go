package waldur

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// uuidOrName asks for exactly one of the two ways to look an object up.
func uuidOrName() []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("uuid"), path.MatchRoot("name"))}
}

func uuidAttribute(thing string) schema.StringAttribute {
	return schema.StringAttribute{
		CustomType: tfkit.UUIDType{}, Optional: true, Computed: true,
		MarkdownDescription: fmt.Sprintf("UUID of the %s, with or without hyphens.", thing),
	}
}

func nameAttribute(thing string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		MarkdownDescription: fmt.Sprintf("Exact name of the %s.", thing),
	}
}

func text(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func maxServiceAccountsAttribute(thing string) schema.Int64Attribute {
	return schema.Int64Attribute{
		Computed:            true,
		MarkdownDescription: fmt.Sprintf("How many service accounts the %s may have; null: as many as it likes. Waldur's default is 0.", thing),
	}
}
