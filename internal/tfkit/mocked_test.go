package tfkit

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A text that a mock provider may have created gives a warning, and only before the provider is configured.
func TestMayBeMocked(t *testing.T) {
	for name, test := range map[string]struct{ text, unconfigured, configured string }{
		"of Terraform":           {"p6cbp9oz", "Warning", "Error"},
		"of OpenTofu, short":     {"VEHZ", "Warning", "Error"},
		"of OpenTofu, long":      {"Tf0QpXTBQNB8TxY", "Warning", "Error"},
		"shorter":                {"abc", "Error", "Error"},
		"longer":                 {"0123456789abcdef", "Error", "Error"},
		"other than letters":     {"my-customer", "Error", "Error"},
		"with the end of a line": {"p6cbp9oz\n", "Error", "Error"},
		"a UUID":                 {bare, "", ""},
	} {
		for wanted, ctx := range map[string]context.Context{
			test.unconfigured: Unconfigured(t.Context()), test.configured + " ": t.Context(),
		} {
			at, want := path.Root("users"), strings.TrimSpace(wanted)
			var attribute xattr.ValidateAttributeResponse
			uuidOf(test.text).ValidateAttribute(ctx, xattr.ValidateAttributeRequest{Path: at}, &attribute)
			var element validator.StringResponse
			req := validator.StringRequest{Path: at, ConfigValue: types.StringValue(test.text)}
			MayBeMocked(WellFormed[uuidNormalizer]()).ValidateString(ctx, req, &element)
			for _, got := range [][]string{texts(attribute.Diagnostics), texts(element.Diagnostics)} {
				all := strings.Join(got, "\n")
				if want == "" && all != "" || want != "" && !strings.HasPrefix(all, want+" users: Invalid UUID: ") {
					t.Errorf("%s: got %q, want %q", name, all, want)
				}
			}
		}
	}
}

// A text of the same form in an attribute that no other object fills stays an error.
func TestNotMocked(t *testing.T) {
	var resp xattr.ValidateAttributeResponse
	normalizedOf[durationNormalizer](types.StringValue("2160d")).ValidateAttribute(Unconfigured(t.Context()),
		xattr.ValidateAttributeRequest{Path: path.Root("rotate_after")}, &resp)
	if !resp.Diagnostics.HasError() {
		t.Errorf("got %q", texts(resp.Diagnostics))
	}
}
