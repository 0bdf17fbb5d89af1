package tfkit

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestIfReturned(t *testing.T) {
	null, text := types.StringNull(), types.StringValue
	emptySet := types.SetValueMust(types.StringType, []attr.Value{})
	tests := []struct {
		name             string
		returned         bool
		now, prior, want attr.Value
	}{
		{"a new text", true, text("new"), text("old"), text("new")},
		{"an empty text", true, null, text("old"), null},
		{"no text", false, null, text("old"), text("old")},
		{"no text, a prior text that is empty", false, null, text(""), text("")},
		{"no text, none before", false, null, null, null},
		{"no text, unknown before", false, null, types.StringUnknown(), null},
		{"no text, no prior value at all", false, null, types.String{}, null},
		{"no UUID", false, UUIDOrNull(""), UUIDOrNull("u"), UUIDOrNull("u")},
		{"no set", false, types.SetNull(types.StringType), emptySet, emptySet},
		{"no set, no prior value at all", false, types.SetNull(types.StringType), types.Set{},
			types.SetNull(types.StringType)},
		{"no bool", false, types.BoolNull(), types.BoolValue(true), types.BoolValue(true)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := IfReturned(test.returned, test.now, test.prior); !got.Equal(test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestOrPrior(t *testing.T) {
	null, unknown, text := types.StringNull(), types.StringUnknown(), types.StringValue
	tests := []struct{ now, prior, want types.String }{
		{text("new"), text("old"), text("new")},
		{text("new"), unknown, text("new")},
		{null, text("old"), text("old")},
		{null, null, null},
		{null, unknown, null},
	}
	for _, test := range tests {
		if got := OrPrior(test.now, test.prior); !got.Equal(test.want) {
			t.Errorf("now %s, prior %s: got %s, want %s", test.now, test.prior, got, test.want)
		}
	}
}

func TestStringSetOrNull(t *testing.T) {
	for _, test := range []struct {
		in   []string
		want types.Set
	}{
		{nil, types.SetNull(types.StringType)},
		{[]string{}, types.SetValueMust(types.StringType, nil)},
		{[]string{"a"}, types.SetValueMust(types.StringType, []attr.Value{types.StringValue("a")})},
	} {
		if got := StringSetOrNull(test.in); !got.Equal(test.want) {
			t.Errorf("%v: got %s, want %s", test.in, got, test.want)
		}
	}
}

func TestStringPointerOrNull(t *testing.T) {
	empty, text := "", "text"
	for _, test := range []struct {
		in   *string
		want types.String
	}{{nil, types.StringNull()}, {&empty, types.StringNull()}, {&text, types.StringValue("text")}} {
		if got := StringPointerOrNull(test.in); !got.Equal(test.want) {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
