package tfkit

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// thing is the model of a resource, of which the name is the identity.
type thing struct {
	Name  types.String `tfsdk:"name"`
	Color types.String `tfsdk:"color"`
}

type thingIdentity struct {
	Name types.String `tfsdk:"name"`
}

func (m *thing) Identity() any { return thingIdentity{m.Name} }

var (
	thingSchema = schema.Schema{Attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{Required: true}, "color": schema.StringAttribute{Optional: true},
	}}
	thingIdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true},
	}}
)

func emptyThing(t *testing.T) (*tfsdk.State, *tfsdk.ResourceIdentity) {
	t.Helper()
	state := tftypes.NewValue(thingSchema.Type().TerraformType(t.Context()), nil)
	identity := tftypes.NewValue(thingIdentitySchema.Type().TerraformType(t.Context()), nil)
	return &tfsdk.State{Schema: thingSchema, Raw: state},
		&tfsdk.ResourceIdentity{Schema: thingIdentitySchema, Raw: identity}
}

func TestSave(t *testing.T) {
	m := &thing{types.StringValue("a"), types.StringValue("red")}
	state, identity := emptyThing(t)
	var diags diag.Diagnostics
	Save(t.Context(), m, state, identity, &diags)
	var saved thing
	var id thingIdentity
	diags.Append(state.Get(t.Context(), &saved)...)
	diags.Append(identity.Get(t.Context(), &id)...)
	wantStrings(t, texts(diags))
	if saved != *m || id.Name != m.Name {
		t.Errorf("saved %+v, identity %+v", saved, id)
	}
}

func TestBeginRead(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*thing)
		want   thing // of the state afterwards
	}{
		"no change": {func(*thing) {}, thing{types.StringNull(), types.StringNull()}},
		"a change": {func(m *thing) { m.Color = types.StringValue("red") },
			thing{types.StringValue("a"), types.StringValue("red")}},
		"null": {func(m *thing) { m.Color = types.StringNull() }, thing{types.StringValue("a"), types.StringNull()}},
	} {
		t.Run(name, func(t *testing.T) {
			m := &thing{types.StringValue("a"), types.StringValue("blue")}
			state, identity := emptyThing(t)
			state.Set(t.Context(), thing{}) // not the model: what is written can be told from what was there
			resp := &resource.ReadResponse{State: *state, Identity: identity}
			save := BeginRead(t.Context(), m, resp)
			test.change(m)
			save()
			var saved thing
			var id thingIdentity
			resp.Diagnostics.Append(resp.State.Get(t.Context(), &saved)...)
			resp.Diagnostics.Append(resp.Identity.Get(t.Context(), &id)...)
			wantStrings(t, texts(resp.Diagnostics))
			if saved != test.want || id.Name != m.Name {
				t.Errorf("state %+v, identity %+v, want %+v", saved, id, test.want)
			}
		})
	}
}

// A CLI that knows no identities gets none.
func TestSaveWithoutIdentity(t *testing.T) {
	m := &thing{types.StringValue("a"), types.StringNull()}
	state, _ := emptyThing(t)
	var diags diag.Diagnostics
	Save(t.Context(), m, state, nil, &diags)
	BeginRead(t.Context(), m, &resource.ReadResponse{State: *state})()
	var saved thing
	diags.Append(state.Get(t.Context(), &saved)...)
	wantStrings(t, texts(diags))
	if saved != *m {
		t.Errorf("saved %+v", saved)
	}
}

// strangeThing does not fit the schemas.
type strangeThing struct {
	Size types.Int64 `tfsdk:"size"`
}

func (m *strangeThing) Identity() any { return *m }

// Both errors are reported: neither hides the other.
func TestSaveOfAModelThatDoesNotFit(t *testing.T) {
	state, identity := emptyThing(t)
	var diags diag.Diagnostics
	Save(t.Context(), &strangeThing{types.Int64Value(1)}, state, identity, &diags)
	if len(diags) != 2 || diags.ErrorsCount() != 2 || !state.Raw.IsNull() || !identity.Raw.IsNull() {
		t.Errorf("got %q", texts(diags))
	}
}
