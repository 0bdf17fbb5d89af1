package tfkit

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var filters = map[string]Filter{
	"name": {Description: "Exact name.", Validators: NotEmpty},
	"uuid": {Description: "UUID.", Type: UUIDType{}},
	"states": {
		Description: "One of these states.", Validators: []validator.String{stringvalidator.OneOf("OK")}, Several: true,
	},
}

func TestDataSourceFilters(t *testing.T) {
	attributes := DataSourceFilters(filters)
	s := datasource.SchemaResponse{Schema: datasourceschema.Schema{Attributes: attributes}}
	wantStrings(t, texts(s.Schema.ValidateImplementation(t.Context())))
	kinds := map[string]attr.Type{
		"name": types.StringType, "uuid": UUIDType{}, "states": types.SetType{ElemType: types.StringType},
	}
	if len(attributes) != len(filters) {
		t.Errorf("%d attributes", len(attributes))
	}
	for name, attribute := range attributes {
		if !attribute.IsOptional() || attribute.IsComputed() || attribute.IsRequired() {
			t.Errorf("%s is not optional", name)
		}
		if attribute.GetMarkdownDescription() != filters[name].Description || !attribute.GetType().Equal(kinds[name]) {
			t.Errorf("%s: %s, %q", name, attribute.GetType(), attribute.GetMarkdownDescription())
		}
	}

	name := attributes["name"].(datasourceschema.StringAttribute)
	wantStrings(t, errorsOf(t, types.StringValue(""), name.Validators...),
		"Error name: Invalid Attribute Value Length: Attribute name string length must be at least 1, got: 0")
	for _, test := range []struct {
		states types.Set
		want   string
	}{
		{stringsOf("OK", "Bad"), `Error states[Value("Bad")]: Invalid Attribute Value Match: ` +
			`Attribute states[Value("Bad")] value must be one of: ["OK"], got: "Bad"`},
		{stringsOf(), "Error states: Invalid Attribute Value: Attribute states set must contain at least 1 elements, " +
			"got: 0"},
		{types.SetValueMust(types.StringType, []attr.Value{types.StringNull()}), "Error states: Null Set Value: This " +
			"attribute contains a null value."},
	} {
		var resp validator.SetResponse
		for _, v := range attributes["states"].(datasourceschema.SetAttribute).Validators {
			v.ValidateSet(t.Context(), validator.SetRequest{Path: path.Root("states"), ConfigValue: test.states}, &resp)
		}
		wantStrings(t, texts(resp.Diagnostics), test.want)
	}
}

func TestListFilters(t *testing.T) {
	attributes := ListFilters(filters)
	s := list.ListResourceSchemaResponse{Schema: listschema.Schema{Attributes: attributes}}
	wantStrings(t, texts(s.Schema.ValidateImplementation(t.Context())))
	kinds := map[string]attr.Type{
		"name": types.StringType, "uuid": UUIDType{}, "states": types.ListType{ElemType: types.StringType},
	}
	if len(attributes) != len(filters) {
		t.Errorf("%d attributes", len(attributes))
	}
	for name, attribute := range attributes {
		if !attribute.IsOptional() || attribute.IsRequired() {
			t.Errorf("%s is not optional", name)
		}
		if attribute.GetMarkdownDescription() != filters[name].Description || !attribute.GetType().Equal(kinds[name]) {
			t.Errorf("%s: %s, %q", name, attribute.GetType(), attribute.GetMarkdownDescription())
		}
	}

	name := attributes["name"].(listschema.StringAttribute)
	wantStrings(t, errorsOf(t, types.StringValue(""), name.Validators...),
		"Error name: Invalid Attribute Value Length: Attribute name string length must be at least 1, got: 0")
	for _, test := range []struct {
		states []attr.Value
		want   string
	}{
		{[]attr.Value{types.StringValue("OK"), types.StringValue("Bad")}, `Error states[1]: Invalid Attribute Value ` +
			`Match: Attribute states[1] value must be one of: ["OK"], got: "Bad"`},
		{nil, "Error states: Invalid Attribute Value: Attribute states list must contain at least 1 elements, got: 0"},
		{[]attr.Value{types.StringNull()}, "Error states: Null List Value: This attribute contains a null value."},
	} {
		var resp validator.ListResponse
		req := validator.ListRequest{
			Path: path.Root("states"), ConfigValue: types.ListValueMust(types.StringType, test.states),
		}
		for _, v := range attributes["states"].(listschema.ListAttribute).Validators {
			v.ValidateList(t.Context(), req, &resp)
		}
		wantStrings(t, texts(resp.Diagnostics), test.want)
	}
}
