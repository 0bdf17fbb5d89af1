package wavefront

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// messages writes diagnostics as "Severity path: summary: detail".
func messages(diags diag.Diagnostics) []string {
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

// wantMessages checks all diagnostics, each by its beginning.
func wantMessages(t *testing.T, got diag.Diagnostics, want ...string) {
	t.Helper()
	if !slices.EqualFunc(messages(got), want, strings.HasPrefix) {
		t.Errorf("got  %s\nwant %s", strings.Join(messages(got), "\n     "), strings.Join(want, "\n     "))
	}
}

func wantEqual(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// decoded reads what a server writes.
func decoded[T any](t *testing.T, text string) *T {
	t.Helper()
	into := new(T)
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
	return into
}

func setOf(texts ...string) types.Set {
	elements := []attr.Value{}
	for _, text := range texts {
		elements = append(elements, types.StringValue(text))
	}
	return types.SetValueMust(types.StringType, elements)
}

func noSet() types.Set { return types.SetNull(types.StringType) }

func unknownSet() types.Set { return types.SetUnknown(types.StringType) }

func validated(t *testing.T, v validator.String, value types.String) diag.Diagnostics {
	t.Helper()
	if v.Description(t.Context()) == "" || v.MarkdownDescription(t.Context()) != v.Description(t.Context()) {
		t.Error("a validator without a description")
	}
	var resp validator.StringResponse
	v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("some"), ConfigValue: value}, &resp)
	return resp.Diagnostics
}

// private is a resource's private state.
type private map[string]string

func (p private) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return []byte(p[key]), nil
}

func (p private) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p[key] = string(value)
	return nil
}
