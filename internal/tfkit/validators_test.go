package tfkit

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// errorsOf returns what validators say of a value.
func errorsOf(t *testing.T, value types.String, validators ...validator.String) []string {
	t.Helper()
	var resp validator.StringResponse
	for _, v := range validators {
		v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("name"), ConfigValue: value}, &resp)
		if v.Description(t.Context()) == "" || v.MarkdownDescription(t.Context()) != v.Description(t.Context()) {
			t.Error("a validator without a description")
		}
	}
	return texts(resp.Diagnostics)
}

func TestCheckString(t *testing.T) {
	for name, test := range map[string]struct {
		value  types.String
		passed []string // to the function
		want   []string
	}{
		"known":   {types.StringValue("a"), []string{"name: a"}, nil},
		"empty":   {types.StringValue(""), []string{"name: "}, nil},
		"refused": {types.StringValue("bad"), []string{"name: bad"}, []string{"Error name: Refused: bad"}},
		"null":    {types.StringNull(), nil, nil},
		"unknown": {types.StringUnknown(), nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var passed []string
			v := CheckString("must be good", func(at path.Path, text string, diags *diag.Diagnostics) {
				passed = append(passed, fmt.Sprintf("%s: %s", at, text))
				if text == "bad" {
					diags.AddAttributeError(at, "Refused", text)
				}
			})
			wantStrings(t, errorsOf(t, test.value, v), test.want...)
			if !slices.Equal(passed, test.passed) {
				t.Errorf("passed %q, want %q", passed, test.passed)
			}
			if v.Description(t.Context()) != "must be good" {
				t.Errorf("description %q", v.Description(t.Context()))
			}
		})
	}
}

func TestNotEmpty(t *testing.T) {
	for name, test := range map[string]struct {
		value types.String
		want  []string
	}{
		"empty": {types.StringValue(""), []string{
			"Error name: Invalid Attribute Value Length: Attribute name string length must be at least 1, got: 0",
		}},
		"blank":   {types.StringValue(" "), nil},
		"a text":  {types.StringValue("x"), nil},
		"null":    {types.StringNull(), nil},
		"unknown": {types.StringUnknown(), nil},
	} {
		t.Run(name, func(t *testing.T) { wantStrings(t, errorsOf(t, test.value, NotEmpty...), test.want...) })
	}
}

func TestUnpadded(t *testing.T) {
	refused := []string{"Error name: Invalid text: name must not begin or end with white space, such as the line " +
		"break at the end of a file: wrap the value in trimspace()."}
	for name, test := range map[string]struct {
		value types.String
		want  []string
	}{
		"a text":             {types.StringValue("x"), nil},
		"white space inside": {types.StringValue("a \n b"), nil},
		"null":               {types.StringNull(), nil},
		"unknown":            {types.StringUnknown(), nil},
		"empty":              {types.StringValue(""), nil},
		"blank":              {types.StringValue(" "), refused},
		"space before":       {types.StringValue(" x"), refused},
		"a line's end":       {types.StringValue("x\n"), refused},
		"no-break space":     {types.StringValue("x\u00a0"), refused},
	} {
		t.Run(name, func(t *testing.T) { wantStrings(t, errorsOf(t, test.value, Unpadded()), test.want...) })
	}
}

func TestDurationAtLeast(t *testing.T) {
	refused := func(text string) []string {
		return []string{`Error name: Invalid duration: name must be at least 1m0s, got "` + text + `".`}
	}
	for name, test := range map[string]struct {
		value types.String
		want  []string
	}{
		"hours":                  {types.StringValue("2160h"), nil},
		"the least":              {types.StringValue("1m"), nil},
		"less":                   {types.StringValue("59s"), refused("59s")},
		"hardly less":            {types.StringValue("59.999999999s"), refused("59.999999999s")},
		"several units":          {types.StringValue("1h30m"), nil},
		"zero":                   {types.StringValue("0s"), refused("0s")},
		"zero without a unit":    {types.StringValue("0"), refused("0")},
		"negative":               {types.StringValue("-1h"), refused("-1h")},
		"null":                   {types.StringNull(), nil},
		"unknown":                {types.StringUnknown(), nil},
		"the type refuses words": {types.StringValue("soon"), nil},
		"the type refuses empty": {types.StringValue(""), nil},
	} {
		t.Run(name, func(t *testing.T) {
			wantStrings(t, errorsOf(t, test.value, DurationAtLeast(time.Minute)), test.want...)
		})
	}
}

func TestWellFormed(t *testing.T) {
	for name, test := range map[string]struct {
		value types.String
		want  []string
	}{
		"well-formed": {types.StringValue(hyphenated), nil},
		"null":        {types.StringNull(), nil},
		"unknown":     {types.StringUnknown(), nil},
		"malformed": {types.StringValue("x"), []string{
			`Error name: Invalid UUID: name must be a UUID: 32 hexadecimal digits, with or without hyphens; got "x".`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			wantStrings(t, errorsOf(t, test.value, WellFormed[uuidNormalizer]()), test.want...)
		})
	}
}
