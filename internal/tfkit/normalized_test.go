package tfkit

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Null and unknown are not malformed, and have no canonical text.
func TestNullAndUnknown(t *testing.T) {
	for name, value := range map[string]types.String{"null": types.StringNull(), "unknown": types.StringUnknown()} {
		t.Run(name, func(t *testing.T) {
			uuid, text := normalizedOf[uuidNormalizer](value), normalizedOf[textNormalizer](value)
			wantStrings(t, append(validated(t, uuid), validated(t, text)...))
			if uuid.Canonical() != "" || text.Canonical() != "" {
				t.Errorf("canonical: %q, %q", uuid.Canonical(), text.Canonical())
			}
			if got := text.Refreshed(""); !got.IsNull() {
				t.Errorf("refreshed to %s", got)
			}
			if got := text.Refreshed("x"); !got.Equal(textOf("x")) {
				t.Errorf("refreshed to %s", got)
			}
		})
	}
}

func TestSemanticEquality(t *testing.T) {
	for name, test := range map[string]struct {
		a, b basetypes.StringValuable
		want bool
	}{
		"UUID: the same text":       {uuidOf(bare), uuidOf(bare), true},
		"UUID: hyphens":             {uuidOf(bare), uuidOf(hyphenated), true},
		"UUID: case":                {uuidOf(bare), uuidOf(strings.ToUpper(bare)), true},
		"UUID: case and hyphens":    {uuidOf(strings.ToUpper(hyphenated)), uuidOf(bare), true},
		"UUID: another":             {uuidOf(bare), uuidOf(other), false},
		"UUID: malformed":           {uuidOf(bare), uuidOf("x"), false},
		"UUID: a Text":              {uuidOf(bare), textOf(bare), false},
		"UUID: a string":            {uuidOf(bare), types.StringValue(bare), false},
		"Text: the same text":       {textOf("a b"), textOf("a b"), true},
		"Text: padded":              {textOf("a b"), textOf(" a b\n"), true},
		"Text: blank is empty":      {textOf(""), textOf(" \n"), true},
		"Text: space inside counts": {textOf("a b"), textOf("a  b"), false},
		"Text: case counts":         {textOf("a"), textOf("A"), false},
		"Text: another":             {textOf("a"), textOf(""), false},
		"Text: a UUID":              {textOf(bare), uuidOf(bare), false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, pair := range [][2]basetypes.StringValuable{{test.a, test.b}, {test.b, test.a}} {
				first, ok := pair[0].(basetypes.StringValuableWithSemanticEquals)
				if !ok {
					continue
				}
				got, diags := first.StringSemanticEquals(t.Context(), pair[1])
				if got != test.want || len(diags) > 0 {
					t.Errorf("%s and %s: %v %v", pair[0], pair[1], got, texts(diags))
				}
			}
		})
	}
}

func TestEqualComparesTexts(t *testing.T) {
	null := normalizedOf[uuidNormalizer](types.StringNull())
	unknown := normalizedOf[uuidNormalizer](types.StringUnknown())
	for name, test := range map[string]struct {
		a, b attr.Value
		want bool
	}{
		"the same":         {uuidOf(bare), uuidOf(bare), true},
		"another spelling": {uuidOf(bare), uuidOf(hyphenated), false},
		"another type":     {uuidOf(bare), textOf(bare), false},
		"a plain string":   {uuidOf(bare), types.StringValue(bare), false},
		"null":             {null, null, true},
		"unknown":          {unknown, unknown, true},
		"null and unknown": {null, unknown, false},
		"null and empty":   {null, uuidOf(""), false},
		"nothing":          {uuidOf(bare), nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.a.Equal(test.b); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestOrNull(t *testing.T) {
	null := normalizedOf[uuidNormalizer](types.StringNull())
	for name, test := range map[string]struct{ got, want attr.Value }{
		"UUID: empty":    {UUIDOrNull(""), null},
		"UUID: as it is": {UUIDOrNull(hyphenated), uuidOf(hyphenated)},
		"Text: empty":    {TextOrNull(""), normalizedOf[textNormalizer](types.StringNull())},
		"Text: blank":    {TextOrNull(" "), textOf(" ")},
		"string: empty":  {StringOrNull(""), types.StringNull()},
		"string: blank":  {StringOrNull(" "), types.StringValue(" ")},
		"string: a text": {StringOrNull("x"), types.StringValue("x")},
	} {
		t.Run(name, func(t *testing.T) {
			if !test.got.Equal(test.want) {
				t.Errorf("got %s, want %s", test.got, test.want)
			}
		})
	}
}

func TestRefreshed(t *testing.T) {
	null := normalizedOf[textNormalizer](types.StringNull())
	for name, test := range map[string]struct {
		held     Text
		returned string
		want     Text
	}{
		"nothing, nothing":                {null, "", null},
		"nothing, a text":                 {null, "x", textOf("x")},
		"a text, the same":                {textOf("x"), "x", textOf("x")},
		"a text, another":                 {textOf("x"), "y", textOf("y")},
		"a text, nothing":                 {textOf("x"), "", null},
		"empty stays empty":               {textOf(""), "", textOf("")},
		"blank stays blank":               {textOf(" \n"), "", textOf(" \n")},
		"empty, a text":                   {textOf(""), "x", textOf("x")},
		"semantic equality keeps padding": {textOf(" x "), "x", textOf("x")},
		"a blank text of the server":      {textOf("x"), " ", textOf(" ")},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.held.Refreshed(test.returned); !got.Equal(test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestKeepEquivalent(t *testing.T) {
	value, null, unknown := types.StringValue, types.StringNull(), types.StringUnknown()
	for name, test := range map[string]struct {
		modifier                  planmodifier.String
		state, config, plan, want types.String
	}{
		"UUID: another spelling": {
			KeepUUID(), value(bare), value(hyphenated), value(hyphenated), value(bare),
		},
		"UUID: another spelling, back": {
			KeepUUID(), value(hyphenated), value(bare), value(bare), value(hyphenated),
		},
		"UUID: the same":                      {KeepUUID(), value(bare), value(bare), value(bare), value(bare)},
		"UUID: another value":                 {KeepUUID(), value(bare), value(other), value(other), value(other)},
		"UUID: no state":                      {KeepUUID(), null, value(bare), value(bare), value(bare)},
		"UUID: no configuration":              {KeepUUID(), value(bare), null, unknown, unknown},
		"UUID: not known yet":                 {KeepUUID(), value(bare), unknown, unknown, unknown},
		"UUID: malformed":                     {KeepUUID(), value(bare), value("x"), value("x"), value("x")},
		"Text: padded":                        {KeepText(), value("a"), value(" a\n"), value(" a\n"), value("a")},
		"Text: another value":                 {KeepText(), value("a"), value("b"), value("b"), value("b")},
		"Text: empty for blank":               {KeepText(), value(""), value(" "), value(" "), value("")},
		"Text: cleared by an empty text":      {KeepText(), value("a"), value(""), value(""), value("")},
		"Text: no state, an empty text":       {KeepText(), null, value(""), value(""), value("")},
		"Text: an empty text, nothing set":    {KeepText(), value(""), null, null, null},
		"Text: an empty text, not known yet":  {KeepText(), value(""), unknown, unknown, unknown},
		"Text: a text, configuration removed": {KeepText(), value("a"), null, null, null},
	} {
		t.Run(name, func(t *testing.T) {
			req := planmodifier.StringRequest{StateValue: test.state, ConfigValue: test.config, PlanValue: test.plan}
			resp := planmodifier.StringResponse{PlanValue: test.plan}
			test.modifier.PlanModifyString(t.Context(), req, &resp)
			if !resp.PlanValue.Equal(test.want) {
				t.Errorf("got %s, want %s", resp.PlanValue, test.want)
			}
			if resp.RequiresReplace || len(resp.Diagnostics) > 0 {
				t.Errorf("replace %v, %s", resp.RequiresReplace, texts(resp.Diagnostics))
			}
			if test.modifier.Description(t.Context()) == "" || test.modifier.MarkdownDescription(t.Context()) == "" {
				t.Error("no description")
			}
		})
	}
}

func TestTypes(t *testing.T) {
	for _, test := range []struct {
		kind  basetypes.StringTypable
		name  string
		value attr.Value
		other attr.Type
	}{
		{UUIDType{}, "tfkit.UUIDType", UUID{}, TextType{}},
		{TextType{}, "tfkit.TextType", Text{}, UUIDType{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.kind.String(); got != test.name {
				t.Errorf("String: %q", got)
			}
			if got := test.kind.ValueType(t.Context()); reflect.TypeOf(got) != reflect.TypeOf(test.value) {
				t.Errorf("ValueType: %T", got)
			}
			if got := test.value.Type(t.Context()); got != test.kind {
				t.Errorf("Type of the value: %s", got)
			}
			for _, other := range []attr.Type{test.other, types.StringType, nil} {
				if test.kind.Equal(other) {
					t.Errorf("equal to %v", other)
				}
			}
			if !test.kind.Equal(test.kind) {
				t.Error("not equal to itself")
			}
			if got := test.kind.TerraformType(t.Context()); !got.Equal(tftypes.String) {
				t.Errorf("TerraformType: %s", got)
			}
		})
	}
}

func TestValueFromTerraform(t *testing.T) {
	for name, test := range map[string]struct {
		in   tftypes.Value
		want types.String
	}{
		"known":     {tftypes.NewValue(tftypes.String, hyphenated), types.StringValue(hyphenated)},
		"empty":     {tftypes.NewValue(tftypes.String, ""), types.StringValue("")},
		"malformed": {tftypes.NewValue(tftypes.String, "x"), types.StringValue("x")},
		"null":      {tftypes.NewValue(tftypes.String, nil), types.StringNull()},
		"unknown":   {tftypes.NewValue(tftypes.String, tftypes.UnknownValue), types.StringUnknown()},
	} {
		t.Run(name, func(t *testing.T) {
			for _, kind := range []attr.Type{UUIDType{}, TextType{}} {
				got, err := kind.ValueFromTerraform(t.Context(), test.in)
				if err != nil {
					t.Fatal(err)
				}
				var want attr.Value = normalizedOf[uuidNormalizer](test.want)
				if _, ok := kind.(TextType); ok {
					want = normalizedOf[textNormalizer](test.want)
				}
				if !got.Equal(want) {
					t.Errorf("%s: got %#v", kind, got)
				}
				if back, err := got.ToTerraformValue(t.Context()); err != nil || !back.Equal(test.in) {
					t.Errorf("%s: back to Terraform: %s, %v", kind, back, err)
				}
			}
		})
	}
	for name, in := range map[string]tftypes.Value{
		"a number":  tftypes.NewValue(tftypes.Number, 1),
		"a boolean": tftypes.NewValue(tftypes.Bool, true),
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := (UUIDType{}).ValueFromTerraform(t.Context(), in); err == nil {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestValueFromString(t *testing.T) {
	for name, in := range map[string]types.String{
		"known": types.StringValue(bare), "null": types.StringNull(), "unknown": types.StringUnknown(),
	} {
		t.Run(name, func(t *testing.T) {
			got, diags := UUIDType{}.ValueFromString(t.Context(), in)
			if !got.Equal(normalizedOf[uuidNormalizer](in)) || len(diags) > 0 {
				t.Errorf("got %s, %s", got, texts(diags))
			}
		})
	}
}

// shouting is a normalizer of this test: any package may add one.
type shouting struct{}

func (shouting) Name() string { return "Shout" }

func (shouting) Canonical(text string) (string, error) {
	if text == "" {
		return "", errors.New("loud")
	}
	return strings.ToUpper(text), nil
}

func TestAnotherNormalizer(t *testing.T) {
	hey := normalizedOf[shouting](types.StringValue("hey"))
	other := normalizedOf[shouting](types.StringValue("Hey"))
	if got, diags := hey.StringSemanticEquals(t.Context(), other); !got || len(diags) > 0 {
		t.Errorf("%v %s", got, texts(diags))
	}
	wantStrings(t, validated(t, normalizedOf[shouting](types.StringValue(""))), "Error some.uuid: Invalid Shout: "+
		"some.uuid must be loud.")
	if got := (NormalizedType[shouting]{}).String(); got != "tfkit.ShoutType" {
		t.Error(got)
	}
}

// Malformed texts have the canonical text "" in common, but are not equal.
func TestMalformedUUIDsAreNotEqual(t *testing.T) {
	for _, pair := range [][2]UUID{{uuidOf("x"), uuidOf("y")}, {uuidOf("x"), uuidOf("")}} {
		if got, _ := pair[0].StringSemanticEquals(t.Context(), pair[1]); got {
			t.Errorf("%s equals %s", pair[0], pair[1])
		}
	}
}
