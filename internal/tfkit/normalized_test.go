package tfkit

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const (
	bare       = "0123456789abcdef0123456789abcdef"
	hyphenated = "01234567-89ab-cdef-0123-456789abcdef"
	other      = "ffffffffffffffffffffffffffffffff"
)

func spelled[N Normalizer](value types.String) Normalized[N] { return Normalized[N]{value} }

func uuidOf(text string) UUID { return spelled[uuidNormalizer](types.StringValue(text)) }

func textOf(text string) Text { return spelled[textNormalizer](types.StringValue(text)) }

func TestUUIDForms(t *testing.T) {
	for name, test := range map[string]struct {
		text, want string // "": malformed
	}{
		"bare":                     {bare, bare},
		"hyphens":                  {hyphenated, bare},
		"upper case":               {strings.ToUpper(bare), bare},
		"upper case, hyphens":      {strings.ToUpper(hyphenated), bare},
		"mixed case":               {"0123456789ABCDEF0123456789abcdef", bare},
		"empty":                    {"", ""},
		"a digit short":            {bare[1:], ""},
		"a digit long":             {bare + "0", ""},
		"no digit":                 {"g" + bare[1:], ""},
		"hyphens at other places":  {"0123-456789ab-cdef-0123-456789abcdef", ""},
		"some hyphens":             {"01234567-89abcdef0123456789abcdef", ""},
		"only hyphens":             {strings.Repeat("-", 32), ""},
		"braces":                   {"{" + hyphenated + "}", ""},
		"URN":                      {"urn:uuid:" + hyphenated, ""},
		"URL":                      {"https://waldur.example.org/api/customers/" + bare + "/", ""},
		"white space before":       {" " + bare, ""},
		"a line's end after":       {bare + "\n", ""},
		"two":                      {bare + "\n" + bare, ""},
		"digits of another script": {"٠" + bare[1:], ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := uuidOf(test.text).Canonical(); got != test.want {
				t.Errorf("Canonical: %q, want %q", got, test.want)
			}
			if got := CanonicalUUID(test.text); got != test.want {
				t.Errorf("CanonicalUUID: %q, want %q", got, test.want)
			}
			want := []string{}
			if test.want == "" {
				want = append(want, `Error some.uuid: Invalid UUID: some.uuid must be a UUID: 32 hexadecimal digits, with or without hyphens; got `+quoted(test.text)+`.`)
			}
			wantStrings(t, validated(t, uuidOf(test.text)), want...)
		})
	}
}

func TestTextForms(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"plain":              {"CI of ACME", "CI of ACME"},
		"empty":              {"", ""},
		"blank":              {" \t\r\n", ""},
		"padded":             {"  CI of ACME\n", "CI of ACME"},
		"white space inside": {"CI \n of  ACME", "CI \n of  ACME"},
		"no-break space":     {"\u00a0CI\u2003", "CI"},
		"case stays":         {"cI", "cI"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := textOf(test.text).Canonical(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			wantStrings(t, validated(t, textOf(test.text)))
		})
	}
}

func validated(t *testing.T, value xattr.ValidateableAttribute) []string {
	t.Helper()
	var resp xattr.ValidateAttributeResponse
	value.ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: path.Root("some").AtName("uuid")}, &resp)
	return texts(resp.Diagnostics)
}

// What is not there, or not there yet, is neither malformed nor anything else.
func TestNullAndUnknown(t *testing.T) {
	for name, value := range map[string]types.String{"null": types.StringNull(), "unknown": types.StringUnknown()} {
		t.Run(name, func(t *testing.T) {
			uuid, text := spelled[uuidNormalizer](value), spelled[textNormalizer](value)
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
		"UUID: to the letter":         {uuidOf(bare), uuidOf(bare), true},
		"UUID: hyphens":               {uuidOf(bare), uuidOf(hyphenated), true},
		"UUID: case":                  {uuidOf(bare), uuidOf(strings.ToUpper(bare)), true},
		"UUID: case and hyphens":      {uuidOf(strings.ToUpper(hyphenated)), uuidOf(bare), true},
		"UUID: another":               {uuidOf(bare), uuidOf(other), false},
		"UUID: malformed is no other": {uuidOf(bare), uuidOf("x"), false},
		"UUID: a text is none":        {uuidOf(bare), textOf(bare), false},
		"UUID: a string is none":      {uuidOf(bare), types.StringValue(bare), false},
		"Text: to the letter":         {textOf("a b"), textOf("a b"), true},
		"Text: padded":                {textOf("a b"), textOf(" a b\n"), true},
		"Text: blank is empty":        {textOf(""), textOf(" \n"), true},
		"Text: space inside counts":   {textOf("a b"), textOf("a  b"), false},
		"Text: case counts":           {textOf("a"), textOf("A"), false},
		"Text: another":               {textOf("a"), textOf(""), false},
		"Text: a UUID is none":        {textOf(bare), uuidOf(bare), false},
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

func TestEqualIsToTheLetter(t *testing.T) {
	null, unknown := spelled[uuidNormalizer](types.StringNull()), spelled[uuidNormalizer](types.StringUnknown())
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
	null := spelled[uuidNormalizer](types.StringNull())
	for name, test := range map[string]struct{ got, want attr.Value }{
		"UUID: empty":    {UUIDOrNull(""), null},
		"UUID: as it is": {UUIDOrNull(hyphenated), uuidOf(hyphenated)},
		"Text: empty":    {NormalizedOrNull[textNormalizer](""), spelled[textNormalizer](types.StringNull())},
		"Text: blank":    {NormalizedOrNull[textNormalizer](" "), textOf(" ")},
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
	null := spelled[textNormalizer](types.StringNull())
	for name, test := range map[string]struct {
		held Text
		told string
		want Text
	}{
		"nothing, nothing":               {null, "", null},
		"nothing, a text":                {null, "x", textOf("x")},
		"a text, the same":               {textOf("x"), "x", textOf("x")},
		"a text, another":                {textOf("x"), "y", textOf("y")},
		"a text, nothing":                {textOf("x"), "", null},
		"empty stays empty":              {textOf(""), "", textOf("")},
		"blank stays blank":              {textOf(" \n"), "", textOf(" \n")},
		"empty, a text":                  {textOf(""), "x", textOf("x")},
		"a spelling is for the protocol": {textOf(" x "), "x", textOf("x")},
		"what is blank, as it is told":   {textOf("x"), " ", textOf(" ")},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.held.Refreshed(test.told); !got.Equal(test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestKeepSpelling(t *testing.T) {
	value, null, unknown := types.StringValue, types.StringNull(), types.StringUnknown()
	for name, test := range map[string]struct {
		modifier                  planmodifier.String
		state, config, plan, want types.String
	}{
		"UUID: another spelling":              {KeepUUID(), value(bare), value(hyphenated), value(hyphenated), value(bare)},
		"UUID: another spelling, back":        {KeepUUID(), value(hyphenated), value(bare), value(bare), value(hyphenated)},
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
			if !test.kind.Equal(test.kind) || test.kind.Equal(test.other) || test.kind.Equal(types.StringType) || test.kind.Equal(nil) {
				t.Error("Equal: not to itself alone")
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
				var want attr.Value = spelled[uuidNormalizer](test.want)
				if _, ok := kind.(TextType); ok {
					want = spelled[textNormalizer](test.want)
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
	for name, in := range map[string]types.String{"known": types.StringValue(bare), "null": types.StringNull(), "unknown": types.StringUnknown()} {
		t.Run(name, func(t *testing.T) {
			got, diags := UUIDType{}.ValueFromString(t.Context(), in)
			if !got.Equal(spelled[uuidNormalizer](in)) || len(diags) > 0 {
				t.Errorf("got %s, %s", got, texts(diags))
			}
		})
	}
}

// shouting is a meaning of the test's own: any package may add one.
type shouting struct{}

func (shouting) Name() string { return "Shout" }

func (shouting) Canonical(text string) (string, error) {
	if text == "" {
		return "", errors.New("loud")
	}
	return strings.ToUpper(text), nil
}

func TestAnotherMeaning(t *testing.T) {
	hey := spelled[shouting](types.StringValue("hey"))
	if got, diags := hey.StringSemanticEquals(t.Context(), spelled[shouting](types.StringValue("Hey"))); !got || len(diags) > 0 {
		t.Errorf("%v %s", got, texts(diags))
	}
	wantStrings(t, validated(t, spelled[shouting](types.StringValue(""))), "Error some.uuid: Invalid Shout: some.uuid must be loud.")
	if got := (NormalizedType[shouting]{}).String(); got != "tfkit.ShoutType" {
		t.Error(got)
	}
}

func wantStrings(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// Texts that are no UUIDs have the canonical spelling "" in common, which makes them no more alike.
func TestMalformedUUIDsAreNotEqual(t *testing.T) {
	for _, pair := range [][2]UUID{{uuidOf("x"), uuidOf("y")}, {uuidOf("x"), uuidOf("")}} {
		if got, _ := pair[0].StringSemanticEquals(t.Context(), pair[1]); got {
			t.Errorf("%s equals %s", pair[0], pair[1])
		}
	}
}
