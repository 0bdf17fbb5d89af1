package tfkit

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

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
		"the zero value":          {types.Set{}, nil, noStrings()},
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

// Expressions rely on a set that is not null.
func TestStringSetOf(t *testing.T) {
	for name, test := range map[string]struct {
		texts []string
		want  types.Set
	}{
		"none":       {nil, stringsOf()},
		"empty":      {[]string{}, stringsOf()},
		"some":       {[]string{"b", "a"}, stringsOf("a", "b")},
		"some twice": {[]string{"a", "a"}, stringsOf("a")},
	} {
		t.Run(name, func(t *testing.T) {
			if got := StringSetOf(test.texts); !got.Equal(test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestStrings(t *testing.T) {
	mixed := types.SetValueMust(types.StringType, []attr.Value{
		types.StringUnknown(), types.StringValue("a"), types.StringNull(), types.StringValue(""),
	})
	for name, test := range map[string]struct {
		set  types.Set
		want []string
	}{
		"null":                      {noStrings(), []string{}},
		"unknown":                   {types.SetUnknown(types.StringType), []string{}},
		"empty":                     {stringsOf(), []string{}},
		"some, sorted":              {stringsOf("b", "a"), []string{"a", "b"}},
		"null and unknown elements": {mixed, []string{"", "a"}},
		"of another type": {
			types.SetValueMust(types.BoolType, []attr.Value{types.BoolValue(true)}), []string{},
		},
		"the zero value": {types.Set{}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Strings(test.set); got == nil || !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestDistinct(t *testing.T) {
	a, b := []string{"b", "a", "b"}, []string{"c", "a"}
	if got := Distinct(a, nil, b); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("got %q", got)
	}
	if !slices.Equal(a, []string{"b", "a", "b"}) {
		t.Errorf("the list of the caller is now %q", a)
	}
	for _, lists := range [][][]string{nil, {nil}, {{}, nil}} { // JSON has nil as null
		if got := Distinct(lists...); got == nil || len(got) > 0 {
			t.Errorf("got %#v of %v", got, lists)
		}
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
				t.Errorf("the server's text is %q, state has %q", test.text, got.ValueString())
			}
		})
	}
}
