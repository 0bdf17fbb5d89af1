// Package tfkit is the glue between the framework and the systems: values, errors, settings, locks.
package tfkit

import (
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// StringOrNull returns null for "": servers write "" for a text that is not set, configurations leave it out.
func StringOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// StringSet returns a set of what a server tells. Servers know no difference between none and an empty list: an empty one is null,
// unless the prior set is empty.
func StringSet(prior types.Set, now []string) types.Set {
	if len(now) == 0 && (prior.IsNull() || prior.IsUnknown() || len(prior.Elements()) > 0) {
		return types.SetNull(types.StringType)
	}
	elements := []attr.Value{}
	for _, text := range Distinct(now) { // a set can't have an element twice
		elements = append(elements, types.StringValue(text))
	}
	return types.SetValueMust(types.StringType, elements)
}

// StringSetOf returns a set that is never null: an output on which expressions can rely.
func StringSetOf(texts []string) types.Set {
	return StringSet(types.SetValueMust(types.StringType, nil), texts)
}

// Distinct returns the texts of some lists together, sorted, each of them once.
func Distinct(lists ...[]string) []string {
	all := append([]string{}, slices.Concat(lists...)...) // never nil, which JSON has as null
	slices.Sort(all)
	return slices.Compact(all)
}

// Strings returns the known elements of a set of strings, sorted, each of them once.
func Strings(set types.Set) []string {
	texts := []string{}
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok && !text.IsNull() && !text.IsUnknown() {
			texts = append(texts, text.ValueString())
		}
	}
	return Distinct(texts)
}

// MillisOrNull returns a time that a server wrote as milliseconds since 1970, null for 0.
func MillisOrNull(millis int64) timetypes.RFC3339 {
	if millis == 0 {
		return timetypes.NewRFC3339Null()
	}
	return timetypes.NewRFC3339TimeValue(time.UnixMilli(millis).UTC().Truncate(time.Second))
}

// TimeOrNull returns a time that a server wrote in RFC 3339, null for "" and for anything else.
func TimeOrNull(text string) timetypes.RFC3339 {
	value, diags := timetypes.NewRFC3339Value(text)
	if diags.HasError() {
		return timetypes.NewRFC3339Null()
	}
	return value
}
