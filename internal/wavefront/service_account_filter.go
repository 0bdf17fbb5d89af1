package wavefront

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	list "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// serviceAccountFilterModel says which accounts a list has.
type serviceAccountFilterModel struct {
	Search []conditionModel `tfsdk:"search"`
}

type conditionModel struct {
	Key            types.String   `tfsdk:"key"`
	Values         []types.String `tfsdk:"values"`
	MatchingMethod types.String   `tfsdk:"matching_method"`
	Negated        types.Bool     `tfsdk:"negated"`
}

// find returns the accounts that fulfil all conditions, by identifier.
func (m *serviceAccountFilterModel) find(
	ctx context.Context, client *client, diags *diag.Diagnostics,
) []wavefrontapi.ServiceAccount {
	conditions := make([]wavefrontapi.Condition, len(m.Search))
	for i, c := range m.Search {
		conditions[i] = wavefrontapi.Condition{
			Key: c.Key.ValueString(), MatchingMethod: c.MatchingMethod.ValueString(), Negated: c.Negated.ValueBool(),
		}
		for _, value := range c.Values {
			conditions[i].Values = append(conditions[i].Values, value.ValueString())
		}
	}
	found, err := serviceAccounts{client}.list(ctx, conditions)
	if err != nil {
		fail(diags, "list Wavefront service accounts", "", err)
	}
	return found
}

const searchDescription = "Only accounts that fulfil all these conditions. Default: all accounts. The search of the " +
	"server may miss a recent change for a moment; a list without conditions does not."

var conditionAttributes = map[string]datasource.Attribute{
	"key": datasource.StringAttribute{
		Required: true, Validators: tfkit.NotEmpty,
		MarkdownDescription: "Member of the account as the Wavefront API names it, such as `identifier` or " +
			"`description`.",
	},
	"values": datasource.ListAttribute{
		ElementType: types.StringType, Required: true,
		Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
		MarkdownDescription: "Values, one of which must match.",
	},
	"matching_method": datasource.StringAttribute{
		Optional: true, Validators: []validator.String{
			stringvalidator.OneOf(wavefrontapi.Contains, wavefrontapi.StartsWith, wavefrontapi.Exact),
		},
		MarkdownDescription: "How a value matches: `CONTAINS`, `STARTSWITH` or `EXACT`. Default: `CONTAINS`.",
	},
	"negated": datasource.BoolAttribute{
		Optional: true, MarkdownDescription: "Whether the condition must not be fulfilled. Default: `false`.",
	},
}

// dataSourceSearch is the filter in the schema of the data source.
var dataSourceSearch = datasource.ListNestedAttribute{
	Optional: true, MarkdownDescription: searchDescription,
	NestedObject: datasource.NestedAttributeObject{Attributes: conditionAttributes},
}

// listSearch is the filter in the schema of the list resource, which has the same attributes as
// types of its own.
func listSearch() list.ListNestedAttribute {
	nested := map[string]list.Attribute{}
	for name, attribute := range conditionAttributes {
		switch a := attribute.(type) {
		case datasource.StringAttribute:
			nested[name] = list.StringAttribute{
				Required: a.Required, Optional: a.Optional, Validators: a.Validators,
				MarkdownDescription: a.MarkdownDescription,
			}
		case datasource.ListAttribute:
			nested[name] = list.ListAttribute{
				ElementType: a.ElementType, Required: a.Required, Optional: a.Optional, Validators: a.Validators,
				MarkdownDescription: a.MarkdownDescription,
			}
		case datasource.BoolAttribute:
			nested[name] = list.BoolAttribute{Optional: a.Optional, MarkdownDescription: a.MarkdownDescription}
		}
	}
	return list.ListNestedAttribute{
		Optional: true, MarkdownDescription: searchDescription,
		NestedObject: list.NestedAttributeObject{Attributes: nested},
	}
}
