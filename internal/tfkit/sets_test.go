package tfkit

import (
	"math"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func noStrings() types.Set { return types.SetNull(types.StringType) }

func stringsOf(texts ...string) types.Set {
	elements := []attr.Value{}
	for _, text := range texts {
		elements = append(elements, types.StringValue(text))
	}
	return types.SetValueMust(types.StringType, elements)
}

func TestStringSet(t *testing.T) {
	unknown := types.SetUnknown(types.StringType)
	for name, test := range map[string]struct {
		prior types.Set
		now   []string
		want  types.Set
	}{
		"null, nothing":           {noStrings(), nil, noStrings()},
		"null, an empty list":     {noStrings(), []string{}, noStrings()},
		"null, some":              {noStrings(), []string{"b", "a"}, stringsOf("a", "b")},
		"unknown, nothing":        {unknown, nil, noStrings()},
		"unknown, an empty list":  {unknown, []string{}, noStrings()},
		"unknown, some":           {unknown, []string{"a"}, stringsOf("a")},
		"empty, nothing":          {stringsOf(), nil, stringsOf()},
		"empty, an empty list":    {stringsOf(), []string{}, stringsOf()},
		"empty, some":             {stringsOf(), []string{"a"}, stringsOf("a")},
		"some, nothing":           {stringsOf("a"), nil, noStrings()},
		"some, an empty list":     {stringsOf("a"), []string{}, noStrings()},
		"some, others":            {stringsOf("a"), []string{"b"}, stringsOf("b")},
		"some, the same":          {stringsOf("a", "b"), []string{"b", "a"}, stringsOf("a", "b")},
		"one twice":               {noStrings(), []string{"a", "b", "a"}, stringsOf("a", "b")},
		"case counts":             {noStrings(), []string{"a", "A"}, stringsOf("A", "a")},
		"an empty text is a text": {noStrings(), []string{""}, stringsOf("")},
		"a set that never was":    {types.Set{}, nil, noStrings()},
	} {
		t.Run(name, func(t *testing.T) {
			given := slices.Clone(test.now)
			got := StringSet(test.prior, test.now)
			if !got.Equal(test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if !slices.Equal(given, test.now) {
				t.Errorf("the caller's list is %q now", test.now)
			}
			if got.ElementType(t.Context()) != types.StringType {
				t.Errorf("elements of type %s", got.ElementType(t.Context()))
			}
		})
	}
}

func TestStrings(t *testing.T) {
	mixed := types.SetValueMust(types.StringType, []attr.Value{types.StringUnknown(), types.StringValue("a"), types.StringNull(), types.StringValue("")})
	for name, test := range map[string]struct {
		set  types.Set
		want []string
	}{
		"null":                      {noStrings(), []string{}},
		"unknown":                   {types.SetUnknown(types.StringType), []string{}},
		"empty":                     {stringsOf(), []string{}},
		"some":                      {stringsOf("b", "a"), []string{"b", "a"}},
		"null and unknown elements": {mixed, []string{"a", ""}},
		"of another type":           {types.SetValueMust(types.BoolType, []attr.Value{types.BoolValue(true)}), []string{}},
		"a set that never was":      {types.Set{}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Strings(test.set); got == nil || !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestMillisOrNull(t *testing.T) {
	for name, test := range map[string]struct {
		millis int64
		want   string // "": null
	}{
		"none":                    {0, ""},
		"a second":                {1_000, "1970-01-01T00:00:01Z"},
		"fractions are cut":       {1_700_000_000_999, "2023-11-14T22:13:20Z"},
		"a full second":           {1_700_000_000_000, "2023-11-14T22:13:20Z"},
		"less than a second":      {1, "1970-01-01T00:00:00Z"},
		"more than 32 bits holds": {math.MaxInt32 * 1000, "2038-01-19T03:14:07Z"},
		"after that":              {4_102_444_800_000, "2100-01-01T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			want := timetypes.NewRFC3339Null()
			if test.want != "" {
				want = timetypes.NewRFC3339ValueMust(test.want)
			}
			if got := MillisOrNull(test.millis); !got.Equal(want) || got.ValueString() != test.want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}
