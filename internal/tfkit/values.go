// Package tfkit is what all systems need of the framework: values, errors, private state, the
// connection to a system, skeletons of data sources and list resources.
package tfkit

import (
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// StringOrNull returns null for "". Servers write "" for a text that is not set, configurations
// omit the attribute.
func StringOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// StringSet returns a set of the texts that a server returns. Without texts the set is null, but
// empty if the prior set is empty: servers do not distinguish null from an empty list.
func StringSet(prior types.Set, now []string) types.Set {
	if len(now) == 0 && !IsEmpty(prior) {
		return types.SetNull(types.StringType)
	}
	elements := []attr.Value{}
	for _, text := range Distinct(now) { // a set has no element twice
		elements = append(elements, types.StringValue(text))
	}
	return types.SetValueMust(types.StringType, elements)
}

// StringSetOf returns a set that is never null, so that expressions can use it without a check.
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

// MillisOrNull returns the time of milliseconds since 1970, without the fraction of a second. 0
// gives null.
func MillisOrNull(millis int64) timetypes.RFC3339 {
	if millis == 0 {
		return timetypes.NewRFC3339Null()
	}
	return timetypes.NewRFC3339TimeValue(time.UnixMilli(millis).UTC().Truncate(time.Second))
}

// TimeOrNull returns the time of a text in RFC 3339. Every other text gives null.
func TimeOrNull(text string) timetypes.RFC3339 {
	value, diags := timetypes.NewRFC3339Value(text)
	if diags.HasError() {
		return timetypes.NewRFC3339Null()
	}
	return value
}
