package tfkit

import (
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	list "github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// Filter is an optional attribute that restricts which objects a plural data source or a list
// resource returns.
type Filter struct {
	Description string
	Type        basetypes.StringTypable // nil: the string type of the framework
	Validators  []validator.String
	// Several: several texts, one of which must match: a set in data sources, a list in list resources. It
	// must have texts: without any, no object would match, while servers take it for no filter at all.
	Several bool
}

// DataSourceFilters returns the filters as attributes of a data source.
func DataSourceFilters(filters map[string]Filter) map[string]datasource.Attribute {
	attributes := map[string]datasource.Attribute{}
	for name, f := range filters {
		attributes[name] = datasource.StringAttribute{
			CustomType: f.Type, Optional: true, Validators: f.Validators, MarkdownDescription: f.Description,
		}
		if f.Several {
			attributes[name] = datasource.SetAttribute{
				ElementType: types.StringType, Optional: true, MarkdownDescription: f.Description,
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(),
					setvalidator.ValueStringsAre(f.Validators...),
				},
			}
		}
	}
	return attributes
}

// ListFilters returns the filters as attributes of a list resource. Schemas of list resources have
// no sets.
func ListFilters(filters map[string]Filter) map[string]list.Attribute {
	attributes := map[string]list.Attribute{}
	for name, f := range filters {
		attributes[name] = list.StringAttribute{
			CustomType: f.Type, Optional: true, Validators: f.Validators, MarkdownDescription: f.Description,
		}
		if f.Several {
			attributes[name] = list.ListAttribute{
				ElementType: types.StringType, Optional: true, MarkdownDescription: f.Description,
				Validators: []validator.List{
					listvalidator.SizeAtLeast(1), listvalidator.NoNullValues(),
					listvalidator.ValueStringsAre(f.Validators...),
				},
			}
		}
	}
	return attributes
}
