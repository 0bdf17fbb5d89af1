package rotation

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	oneKey = Words{
		Term: "Called `token` there.", Imported: ImportedWithoutKey, ExpiresAt: "After 90 days.",
		NoOverlap: "there is one key.",
	}
	overlapping = Words{
		Term: "Called `tokenID` there.", Imported: "The value of the existing token.", ExpiresAt: "Always null.",
		NeverExpires: "tokens never end.",
	}
)

// schemaOf returns the schema of a resource with a key and without other attributes.
func schemaOf(words Words) schema.Schema {
	return schema.Schema{Attributes: With(words, map[string]schema.Attribute{})}
}

func TestWith(t *testing.T) {
	one := []string{
		"age_recipients", "api_key", "encrypted_api_key", "expires_at", "id", "keepers", "key_version", "overlap",
		"rotate_after", "rotate_before_expiry", "rotate_when_dead", "rotated_at",
	}
	two := slices.Sorted(slices.Values(append(slices.Clone(one),
		"encrypted_previous_api_key", "previous_api_key", "previous_expires_at", "store_api_key")))
	neither := Words{NoOverlap: "there is one key.", NeverExpires: "keys never end."}
	for name, test := range map[string]struct {
		words              Words
		names              []string
		refused, supported []string // durations
	}{
		"overlaps, expires": {Words{}, two, nil, []string{"overlap", "rotate_before_expiry", "rotate_after"}},
		"overlaps, never expires": {
			overlapping, two, []string{"rotate_before_expiry"}, []string{"overlap", "rotate_after"},
		},
		"no overlap, expires": {oneKey, one, []string{"overlap"}, []string{"rotate_before_expiry", "rotate_after"}},
		"neither": {
			neither, one, []string{"overlap", "rotate_before_expiry"}, []string{"rotate_after"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			others := map[string]schema.Attribute{"id": schema.StringAttribute{Computed: true}}
			all := With(test.words, others)
			if names := slices.Sorted(maps.Keys(all)); !slices.Equal(names, test.names) || len(others) != 1 {
				t.Errorf("attributes %q; the caller has %d", names, len(others))
			}
			if diags := (schema.Schema{Attributes: all}).ValidateImplementation(t.Context()); len(diags) > 0 {
				t.Errorf("invalid schema: %s", texts(diags))
			}
			for _, name := range test.refused {
				text := all[name].GetMarkdownDescription()
				if !strings.HasPrefix(text, "Not supported by this resource. Setting it is an error: ") {
					t.Errorf("the description of %s: %q", name, text)
				}
				if got := errorsOf(t, all[name], types.StringValue("24h")); len(got) != 1 {
					t.Errorf("%s: %q", name, got)
				}
			}
			for _, name := range test.supported {
				ok := errorsOf(t, all[name], types.StringValue("1m"))
				bad := errorsOf(t, all[name], types.StringValue("59s"))
				want := []string{`Error some.time: Invalid duration: some.time must be at least 1m0s, got "59s".`}
				if len(ok) != 0 || !slices.Equal(bad, want) {
					t.Errorf("%s: %q, %q", name, ok, bad)
				}
			}
		})
	}
}

// errorsOf returns what the validators of an attribute say of a value.
func errorsOf(t *testing.T, attribute schema.Attribute, value types.String) []string {
	t.Helper()
	var resp validator.StringResponse
	req := validator.StringRequest{Path: path.Root("some").AtName("time"), ConfigValue: value}
	for _, v := range attribute.(schema.StringAttribute).Validators {
		v.ValidateString(t.Context(), req, &resp)
		if v.Description(t.Context()) == "" || v.MarkdownDescription(t.Context()) != v.Description(t.Context()) {
			t.Error("a validator without a description")
		}
	}
	return texts(resp.Diagnostics)
}

func TestRefused(t *testing.T) {
	for _, test := range []struct {
		attribute   schema.Attribute
		want        string
		description string
	}{
		{
			schemaOf(oneKey).Attributes["overlap"],
			"Error some.time: No overlap of keys: some.time can't be set: there is one key. To change keys without " +
				"an outage, keep two accounts: let clients use one account, rotate the key of the other account, and " +
				"then switch the clients to it.",
			"Not supported by this resource. Setting it is an error: there is one key.",
		},
		{
			schemaOf(overlapping).Attributes["rotate_before_expiry"],
			"Error some.time: Rotation before an expiry: some.time can't be set: tokens never end. Use rotate_after.",
			"Not supported by this resource. Setting it is an error: tokens never end.",
		},
	} {
		for name, value := range map[string]types.String{
			"null": types.StringNull(), "unknown": types.StringUnknown(), "empty": types.StringValue(""),
			"known": types.StringValue("24h"), "malformed": types.StringValue("soon"),
		} {
			t.Run(name+" "+test.want[:30], func(t *testing.T) {
				want := []string{test.want}
				if value.IsNull() || value.IsUnknown() {
					want = []string{}
				}
				if got := errorsOf(t, test.attribute, value); !slices.Equal(got, want) {
					t.Errorf("got %q, want %q", got, want)
				}
				for _, modifier := range test.attribute.(schema.StringAttribute).PlanModifiers {
					var resp planmodifier.StringResponse
					request := planmodifier.StringRequest{Path: path.Root("some").AtName("time"), ConfigValue: value}
					modifier.PlanModifyString(t.Context(), request, &resp)
					if got := texts(resp.Diagnostics); !slices.Equal(got, want) {
						t.Errorf("at plan: got %q, want %q", got, want)
					}
				}
				if got := test.attribute.GetMarkdownDescription(); got != test.description {
					t.Errorf("description %q", got)
				}
			})
		}
	}
}

func TestAttributes(t *testing.T) {
	computed := []string{
		"api_key", "expires_at", "rotated_at", "key_version", "previous_api_key", "previous_expires_at",
		"encrypted_api_key", "encrypted_previous_api_key",
	}
	sensitive := []string{"api_key", "previous_api_key"}
	for title, test := range map[string]struct {
		words        Words
		descriptions map[string]string
	}{
		"one key": {oneKey, map[string]string{
			"api_key": "Called `token` there. Null after an import", "rotated_at": "Null after an import",
			"expires_at": "After 90 days.",
		}},
		"overlapping keys": {overlapping, map[string]string{
			"api_key":    "Called `tokenID` there. The value of the existing token.",
			"rotated_at": "The value of the existing token.",
			"expires_at": "Always null.", "overlap": "stays valid after a rotation", "store_api_key": "Default: `true`",
			"previous_api_key": "before the last rotation", "previous_expires_at": "Time at which the overlap ends",
		}},
	} {
		all := schemaOf(test.words).Attributes
		for name, sentence := range test.descriptions {
			if text := all[name].GetMarkdownDescription(); !strings.Contains(text, sentence) {
				t.Errorf("%s: the description of %s lacks %q: %s", title, name, sentence, text)
			}
		}
		for name, attribute := range all {
			both := name == "store_api_key" // optional, with a default
			if attribute.IsComputed() != (both || slices.Contains(computed, name)) || attribute.IsRequired() ||
				attribute.IsOptional() == (!both && slices.Contains(computed, name)) {
				t.Errorf("%s: %s: computed %t, optional %t",
					title, name, attribute.IsComputed(), attribute.IsOptional())
			}
			if attribute.IsSensitive() != slices.Contains(sensitive, name) {
				t.Errorf("%s: %s: sensitive %t", title, name, attribute.IsSensitive())
			}
		}
	}
}

// Models that embed Key or OverlappingKey have the attributes of the schema, no more and no fewer.
func TestKeysFitTheSchema(t *testing.T) {
	t.Run("Key", func(t *testing.T) {
		type model struct{ Key }
		in, out := model{issuedKey()}, model{}
		in.Keepers = keepers("v", "1")
		both(&in.Key)
		state := emptyState(t, schemaOf(oneKey))
		wantTexts(t, append(state.Set(t.Context(), &in), state.Get(t.Context(), &out)...))
		wantKey(t, out.Key, in.Key)
	})
	t.Run("OverlappingKey", func(t *testing.T) {
		type model struct{ OverlappingKey }
		in, out := model{withPrevious()}, model{}
		state := emptyState(t, schemaOf(overlapping))
		wantTexts(t, append(state.Set(t.Context(), &in), state.Get(t.Context(), &out)...))
		wantKey(t, out.OverlappingKey, in.OverlappingKey)
	})
}

func emptyState(t *testing.T, s schema.Schema) tfsdk.State {
	t.Helper()
	return tfsdk.State{Schema: s, Raw: tftypes.NewValue(s.Type().TerraformType(t.Context()), nil)}
}

// A plan takes the values of the state, unless Plan decides otherwise. Null stays null, as after an
// import.
func TestComputedAttributesKeepTheirValues(t *testing.T) {
	s := schemaOf(overlapping)
	state := emptyState(t, s)
	key := withPrevious()
	wantTexts(t, state.Set(t.Context(), &key))

	for _, name := range []string{"api_key", "expires_at", "rotated_at", "previous_api_key", "previous_expires_at"} {
		for _, value := range []types.String{types.StringValue("x"), types.StringNull()} {
			req := planmodifier.StringRequest{
				State: state, StateValue: value, PlanValue: types.StringUnknown(), ConfigValue: types.StringNull(),
			}
			resp := planmodifier.StringResponse{PlanValue: req.PlanValue}
			for _, m := range s.Attributes[name].(schema.StringAttribute).PlanModifiers {
				m.PlanModifyString(t.Context(), req, &resp)
			}
			if !resp.PlanValue.Equal(value) || resp.RequiresReplace {
				t.Errorf("%s: %s is planned as %s, replace %t", name, value, resp.PlanValue, resp.RequiresReplace)
			}
		}
	}
}
