package tfkit

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	bare       = "0123456789abcdef0123456789abcdef"
	hyphenated = "01234567-89ab-cdef-0123-456789abcdef"
	other      = "ffffffffffffffffffffffffffffffff"
)

func normalizedOf[N Normalizer](value types.String) Normalized[N] { return Normalized[N]{value} }

func uuidOf(text string) UUID { return normalizedOf[uuidNormalizer](types.StringValue(text)) }

func textOf(text string) Text { return normalizedOf[textNormalizer](types.StringValue(text)) }

// texts writes diagnostics as "Severity path: summary: detail".
func texts(diags diag.Diagnostics) []string {
	all := []string{}
	for _, d := range diags {
		text := d.Severity().String()
		if located, ok := d.(diag.DiagnosticWithPath); ok {
			text += " " + located.Path().String()
		}
		all = append(all, text+": "+d.Summary()+": "+d.Detail())
	}
	return all
}

func wantStrings(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

func validated(t *testing.T, value xattr.ValidateableAttribute) []string {
	t.Helper()
	var resp xattr.ValidateAttributeResponse
	value.ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: path.Root("some").AtName("uuid")}, &resp)
	return texts(resp.Diagnostics)
}

func noStrings() types.Set { return types.SetNull(types.StringType) }

func stringsOf(texts ...string) types.Set {
	elements := []attr.Value{}
	for _, text := range texts {
		elements = append(elements, types.StringValue(text))
	}
	return types.SetValueMust(types.StringType, elements)
}

// wantPrefixes is wantStrings for the beginnings of texts.
func wantPrefixes(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}
