package tfkit

import (
	"context"
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

var thingDataSource = DataSource[client, thing]{
	Type: "svcacct_thing",
	Schema: schema.Schema{MarkdownDescription: "A thing.", Attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{Required: true}, "color": schema.StringAttribute{Computed: true},
	}},
	Validators: []datasource.ConfigValidator{datasourcevalidator.AtLeastOneOf(path.MatchRoot("name"))},
	Read: func(_ context.Context, c *client, m *thing, diags *diag.Diagnostics) {
		switch m.Name.ValueString() {
		case "broken":
			m.Color = types.StringValue("half")
			diags.AddError("Broken", "read")
		case "odd":
			diags.AddWarning("Odd", "read")
		}
		if m.Color.IsNull() {
			m.Color = types.StringValue("color of " + c.token)
		}
	},
}

// connected returns an object of a system with a client.
func connected[T any](t *testing.T, construct func(*Connection[client]) T) T {
	t.Helper()
	c := &Connection[client]{}
	http, err := transport.New(transport.Options{Endpoint: "https://example.org"})
	if err != nil {
		t.Fatal(err)
	}
	c.state.Store(&connectionState[client]{
		data: &Data{}, client: &client{transport.Unavailable(errors.New("off")), "t"}, http: http,
	})
	return construct(c)
}

// thingValue returns a thing as Terraform sends it, from what Go has for its attributes.
func thingValue(t *testing.T, name, color any) tftypes.Value {
	t.Helper()
	return tftypes.NewValue(thingSchema.Type().TerraformType(t.Context()), map[string]tftypes.Value{
		"name": tftypes.NewValue(tftypes.String, name), "color": tftypes.NewValue(tftypes.String, color),
	})
}

func TestDataSource(t *testing.T) {
	d := connected(t, thingDataSource.New).(datasource.DataSourceWithConfigure)
	var configured datasource.ConfigureResponse
	d.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: 1}, &configured)
	wantStrings(t, texts(configured.Diagnostics))

	kind := thingSchema.Type().TerraformType(t.Context())
	for name, test := range map[string]struct {
		config tftypes.Value
		want   any // the state; nil: null
		diags  []string
	}{
		"read": {thingValue(t, "a", nil), thingValue(t, "a", "color of t"), nil},
		"a warning": {
			thingValue(t, "odd", nil), thingValue(t, "odd", "color of t"), []string{"Warning: Odd: read"},
		},
		"an error":      {thingValue(t, "broken", nil), nil, []string{"Error: Broken: read"}},
		"not an object": {tftypes.NewValue(tftypes.String, "x"), nil, []string{"Error : Value Conversion Error: "}},
	} {
		t.Run(name, func(t *testing.T) {
			resp := datasource.ReadResponse{
				State: tfsdk.State{Schema: thingDataSource.Schema, Raw: tftypes.NewValue(kind, nil)},
			}
			config := tfsdk.Config{Schema: thingDataSource.Schema, Raw: test.config}
			d.Read(t.Context(), datasource.ReadRequest{Config: config}, &resp)
			wantPrefixes(t, texts(resp.Diagnostics), test.diags...)
			want := tftypes.NewValue(kind, nil)
			if test.want != nil {
				want = test.want.(tftypes.Value)
			}
			if !resp.State.Raw.Equal(want) {
				t.Errorf("state %s, want %s", resp.State.Raw, want)
			}
		})
	}
}

// Without a client nothing is read: the framework stops at the error of Configure.
func TestDataSourceWithoutClient(t *testing.T) {
	c := &Connection[client]{}
	c.state.Store(&connectionState[client]{unusable: errors.New("no token"), summary: "Missing provider configuration"})
	var resp datasource.ConfigureResponse
	d := thingDataSource.New(c).(datasource.DataSourceWithConfigure)
	d.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: 1}, &resp)
	wantStrings(t, texts(resp.Diagnostics), "Error: Missing provider configuration: no token")
}

func TestDataSourceDescribesItself(t *testing.T) {
	d := thingDataSource.New(nil)
	var meta datasource.MetadataResponse
	d.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "other"}, &meta)
	var s datasource.SchemaResponse
	d.Schema(t.Context(), datasource.SchemaRequest{}, &s)
	if meta.TypeName != "svcacct_thing" || s.Schema.MarkdownDescription != "A thing." || len(s.Schema.Attributes) != 2 {
		t.Errorf("type %s, schema %+v", meta.TypeName, s.Schema)
	}
	if got := d.(datasource.DataSourceWithConfigValidators).ConfigValidators(t.Context()); len(got) != 1 {
		t.Errorf("%d validators", len(got))
	}
}
