package tfkit

import (
	"context"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type thingQuery struct {
	Color types.String `tfsdk:"color"`
}

var thingList = ListResource[client, thingQuery]{
	Type: "svcacct_thing",
	Schema: schema.Schema{Attributes: map[string]schema.Attribute{
		"color": schema.StringAttribute{Optional: true},
	}},
	List: func(_ context.Context, c *client, m *thingQuery, diags *diag.Diagnostics) []Listed {
		if m.Color.ValueString() == "broken" {
			diags.AddError("Broken", "list")
		}
		listed := []Listed{}
		for i := range 3 {
			name := fmt.Sprintf("%s %d", c.token, i)
			listed = append(listed, Listed{"Thing " + name, &thing{types.StringValue(name), m.Color}})
		}
		return listed
	},
}

// query returns the request of a query, whose configuration has a color.
func query(t *testing.T, color tftypes.Value, limit int64, include bool) list.ListRequest {
	t.Helper()
	kind := thingList.Schema.Type().TerraformType(t.Context())
	raw := tftypes.NewValue(kind, map[string]tftypes.Value{"color": color})
	return list.ListRequest{
		Config: tfsdk.Config{Schema: thingList.Schema, Raw: raw}, Limit: limit, IncludeResource: include,
		ResourceSchema: thingSchema, ResourceIdentitySchema: thingIdentitySchema,
	}
}

func run(t *testing.T, req list.ListRequest) list.ListResultsStream {
	t.Helper()
	l := connected(t, thingList.New)
	var configured resource.ConfigureResponse
	l.(list.ListResourceWithConfigure).Configure(t.Context(), resource.ConfigureRequest{ProviderData: 1}, &configured)
	wantStrings(t, texts(configured.Diagnostics))
	var stream list.ListResultsStream
	l.List(t.Context(), req, &stream)
	return stream
}

func TestListResource(t *testing.T) {
	text := func(text any) tftypes.Value { return tftypes.NewValue(tftypes.String, text) }
	for name, test := range map[string]struct {
		color   tftypes.Value
		limit   int64
		include bool
		want    int
	}{
		"all":                       {text("red"), 100, false, 3},
		"no limit":                  {text(nil), 0, false, 3},
		"a limit":                   {text("red"), 2, false, 2},
		"as many as the limit":      {text("red"), 3, true, 3},
		"with the resources":        {text("red"), 100, true, 3},
		"with the resources, limit": {text(nil), 1, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			for result := range run(t, query(t, test.color, test.limit, test.include)).Results {
				var id thingIdentity
				diags := append(result.Diagnostics, result.Identity.Get(t.Context(), &id)...)
				wantStrings(t, texts(diags))
				name := fmt.Sprintf("t %d", n)
				if result.DisplayName != "Thing "+name || id.Name.ValueString() != name {
					t.Errorf("%q, identity %s", result.DisplayName, id.Name)
				}
				want := tftypes.NewValue(thingSchema.Type().TerraformType(t.Context()), nil)
				if test.include {
					want = tftypes.NewValue(want.Type(), map[string]tftypes.Value{
						"name": text(name), "color": test.color,
					})
				}
				if !result.Resource.Raw.Equal(want) {
					t.Errorf("resource %s, want %s", result.Resource.Raw, want)
				}
				n++
			}
			if n != test.want {
				t.Errorf("%d results, want %d", n, test.want)
			}
		})
	}
}

// An error is the only result, and comes with the stream: the framework takes the stream when List
// returns.
func TestListResourceThatFails(t *testing.T) {
	for name, test := range map[string]struct {
		color tftypes.Value
		want  string
	}{
		"the list fails": {tftypes.NewValue(tftypes.String, "broken"), "Error: Broken: list"},
		"the configuration does not fit": {
			tftypes.NewValue(tftypes.Bool, true), "Error color: Value Conversion Error: ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			req := query(t, tftypes.NewValue(tftypes.String, nil), 100, true)
			req.Config.Raw = tftypes.NewValue(
				tftypes.Object{AttributeTypes: map[string]tftypes.Type{"color": test.color.Type()}},
				map[string]tftypes.Value{"color": test.color})
			n := 0
			for result := range run(t, req).Results {
				n++
				wantPrefixes(t, texts(result.Diagnostics), test.want)
				if result.Identity != nil || result.Resource != nil {
					t.Errorf("got %+v", result)
				}
			}
			if n != 1 {
				t.Errorf("%d results", n)
			}
		})
	}
}

// A consumer that has enough ends the stream.
func TestStreamEnds(t *testing.T) {
	n := 0
	for range run(t, query(t, tftypes.NewValue(tftypes.String, nil), 0, false)).Results {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d results", n)
	}
}

// A model that does not fit the schema of the resource is an error of its own result, not of the
// others.
func TestStreamOfAModelThatDoesNotFit(t *testing.T) {
	req := query(t, tftypes.NewValue(tftypes.String, nil), 0, true)
	objects := []Listed{{"odd", &strangeThing{types.Int64Value(1)}}, {"fine", &thing{Name: types.StringValue("a")}}}
	failed := []bool{}
	for result := range stream(t.Context(), req, objects) {
		failed = append(failed, result.Diagnostics.HasError())
	}
	if len(failed) != 2 || !failed[0] || failed[1] {
		t.Errorf("failed: %v", failed)
	}
}

func TestListResourceDescribesItself(t *testing.T) {
	l := thingList.New(nil)
	var meta resource.MetadataResponse
	l.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "other"}, &meta)
	var s list.ListResourceSchemaResponse
	l.ListResourceConfigSchema(t.Context(), list.ListResourceSchemaRequest{}, &s)
	if meta.TypeName != "svcacct_thing" || len(s.Schema.Attributes) != 1 {
		t.Errorf("type %s, schema %+v", meta.TypeName, s.Schema)
	}
}
