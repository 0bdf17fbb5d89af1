package tfkit

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestTimeOrNull(t *testing.T) {
	micro := time.Date(2026, time.February, 4, 9, 10, 8, 383795000, time.UTC)
	for name, test := range map[string]struct {
		text string
		want time.Time // zero: null
	}{
		"microseconds, offset": {"2026-02-04T09:10:08.383795+00:00", micro},
		"no fraction":          {"2026-02-04T09:10:08+00:00", micro.Truncate(time.Second)},
		"Z":                    {"2026-02-04T09:10:08.383795Z", micro},
		"another zone":         {"2026-02-04T11:10:08.383795+02:00", micro},
		"empty":                {"", time.Time{}},
		"no offset":            {"2026-02-04T09:10:08.383795", time.Time{}},
		"a date":               {"2026-02-04", time.Time{}},
		"words":                {"yesterday", time.Time{}},
		"no such day":          {"2026-02-30T09:10:08Z", time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := TimeOrNull(test.text)
			if test.want.IsZero() {
				if !got.IsNull() {
					t.Errorf("got %s", got)
				}
				return
			}
			when, diags := got.ValueRFC3339Time()
			if len(diags) > 0 || !when.Equal(test.want) {
				t.Errorf("got %s, %s, want %s", when, texts(diags), test.want)
			}
			if got.ValueString() != test.text {
				t.Errorf("the server's spelling is %q, state has %q", test.text, got.ValueString())
			}
		})
	}
}

func TestUnpadded(t *testing.T) {
	const refused = "Error name: Invalid text: name must not begin or end with white space, got "
	for name, test := range map[string]struct {
		value types.String
		want  []string
	}{
		"a text":             {types.StringValue("x"), nil},
		"white space inside": {types.StringValue("a \n b"), nil},
		"null":               {types.StringNull(), nil},
		"unknown":            {types.StringUnknown(), nil},
		"empty":              {types.StringValue(""), nil},
		"blank":              {types.StringValue(" "), []string{refused + `" ".`}},
		"space before":       {types.StringValue(" x"), []string{refused + `" x".`}},
		"a line's end":       {types.StringValue("x\n"), []string{refused + `"x\n".`}},
		"no-break space":     {types.StringValue("x\u00a0"), []string{refused + `"x\u00a0".`}},
	} {
		t.Run(name, func(t *testing.T) {
			var resp validator.StringResponse
			Unpadded().ValidateString(t.Context(), validator.StringRequest{Path: path.Root("name"), ConfigValue: test.value}, &resp)
			wantStrings(t, texts(resp.Diagnostics), test.want...)
		})
	}
	if v := Unpadded(); v.Description(t.Context()) == "" || v.MarkdownDescription(t.Context()) != v.Description(t.Context()) {
		t.Error("no description")
	}
}
