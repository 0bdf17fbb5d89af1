package rotation

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var words = Words{APIKey: "Called `token` there.", ExpiresAt: "After 90 days.", NoOverlap: "there is one key."}

func TestWith(t *testing.T) {
	own := map[string]schema.Attribute{"id": schema.StringAttribute{Computed: true}}
	all := With(words, own)
	names := slices.Sorted(maps.Keys(all))
	want := []string{"api_key", "expires_at", "id", "keepers", "overlap", "rotate_after", "rotate_before_expiry", "rotated_at"}
	if !slices.Equal(names, want) {
		t.Errorf("attributes %v, want %v", names, want)
	}
	if len(own) != 1 {
		t.Errorf("the caller's map was written to: %v", slices.Sorted(maps.Keys(own)))
	}
	if diags := (schema.Schema{Attributes: all}).ValidateImplementation(t.Context()); len(diags) > 0 {
		t.Errorf("invalid schema: %s", texts(diags))
	}
	for name, sentence := range map[string]string{"api_key": words.APIKey, "expires_at": words.ExpiresAt, "overlap": words.NoOverlap} {
		if text := all[name].GetMarkdownDescription(); !strings.Contains(text, sentence) {
			t.Errorf("the description of %s lacks %q: %s", name, sentence, text)
		}
	}
	for name, attribute := range all {
		computed := slices.Contains([]string{"id", "api_key", "expires_at", "rotated_at"}, name)
		if attribute.IsComputed() != computed || attribute.IsOptional() == computed || attribute.IsRequired() {
			t.Errorf("%s: computed %v, optional %v, required %v", name, attribute.IsComputed(), attribute.IsOptional(), attribute.IsRequired())
		}
		if attribute.IsSensitive() != (name == "api_key") {
			t.Errorf("%s: sensitive %v", name, attribute.IsSensitive())
		}
	}
}

// A model that embeds Key reads and writes the attributes, none too many and none missing.
func TestKeyFitsTheSchema(t *testing.T) {
	s := schema.Schema{Attributes: attributes(words)}
	kind := s.Type().TerraformType(t.Context())
	state := tfsdk.State{Schema: s, Raw: tftypes.NewValue(kind, nil)}

	type model struct{ Key }
	in := model{issued()}
	in.Keepers = keepers("v", "1")
	setBoth(&in.Key)
	wantTexts(t, state.Set(t.Context(), &in))
	var out model
	wantTexts(t, state.Get(t.Context(), &out))
	if !reflect.DeepEqual(out, in) {
		t.Errorf("got %+v, want %+v", out, in)
	}
}

// The state's values stand in a plan unless Plan says otherwise, null after an import too.
func TestComputedAttributesKeepTheirValues(t *testing.T) {
	s := schema.Schema{Attributes: attributes(words)}
	kind := s.Type().TerraformType(t.Context())
	state := tfsdk.State{Schema: s, Raw: tftypes.NewValue(kind, nil)}
	held := issued()
	wantTexts(t, state.Set(t.Context(), &held))

	for _, name := range []string{"api_key", "expires_at", "rotated_at"} {
		for _, value := range []types.String{types.StringValue("x"), types.StringNull()} {
			req := planmodifier.StringRequest{State: state, StateValue: value, PlanValue: types.StringUnknown(), ConfigValue: types.StringNull()}
			resp := planmodifier.StringResponse{PlanValue: req.PlanValue}
			for _, m := range s.Attributes[name].(schema.StringAttribute).PlanModifiers {
				m.PlanModifyString(t.Context(), req, &resp)
			}
			if !resp.PlanValue.Equal(value) || resp.RequiresReplace {
				t.Errorf("%s: %s is planned as %s, replace %v", name, value, resp.PlanValue, resp.RequiresReplace)
			}
		}
	}
}

func validate(t *testing.T, v validator.String, value types.String) []string {
	t.Helper()
	var resp validator.StringResponse
	v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("some").AtName("time"), ConfigValue: value}, &resp)
	return texts(resp.Diagnostics)
}

func TestAtLeast(t *testing.T) {
	refused := func(text string) []string {
		return []string{`Error some.time: Invalid duration: some.time must be at least 1m0s, got "` + text + `".`}
	}
	for name, test := range map[string]struct {
		value types.String
		want  []string
	}{
		"hours":                   {types.StringValue("2160h"), []string{}},
		"the least":               {types.StringValue("1m"), []string{}},
		"less":                    {types.StringValue("59s"), refused("59s")},
		"several units":           {types.StringValue("1h30m"), []string{}},
		"zero":                    {types.StringValue("0s"), refused("0s")},
		"zero without a unit":     {types.StringValue("0"), refused("0")},
		"negative":                {types.StringValue("-1h"), refused("-1h")},
		"null":                    {types.StringNull(), []string{}},
		"unknown":                 {types.StringUnknown(), []string{}},
		"left to the type: words": {types.StringValue("soon"), []string{}},
		"left to the type: empty": {types.StringValue(""), []string{}},
		"left to the type: days":  {types.StringValue("90d"), []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := validate(t, tfkit.DurationAtLeast(time.Minute), test.value); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestNoOverlap(t *testing.T) {
	refused := []string{"Error some.time: No overlap of keys: some.time can't be set: there is one key. For a change of keys without an outage, " +
		"keep two accounts, let consumers use one, rotate the key of the other, and switch consumers over."}
	for name, test := range map[string]struct {
		value types.String
		want  []string
	}{
		"null":    {types.StringNull(), []string{}},
		"known":   {types.StringValue("24h"), refused},
		"empty":   {types.StringValue(""), refused},
		"unknown": {types.StringUnknown(), refused},
	} {
		t.Run(name, func(t *testing.T) {
			if got := validate(t, attributes(words)["overlap"].(schema.StringAttribute).Validators[0], test.value); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestValidatorsOfTheAttributes(t *testing.T) {
	all := attributes(words)
	for name, bad := range map[string]string{"rotate_after": "0s", "rotate_before_expiry": "-1h", "overlap": "1h"} {
		refusals := 0
		for _, v := range all[name].(schema.StringAttribute).Validators {
			refusals += len(validate(t, v, types.StringValue(bad)))
			if v.Description(t.Context()) == "" || v.MarkdownDescription(t.Context()) != v.Description(t.Context()) {
				t.Errorf("%s: a validator without a description", name)
			}
		}
		if refusals != 1 {
			t.Errorf("%s = %q gets %d errors", name, bad, refusals)
		}
	}
}
