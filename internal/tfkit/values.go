// Package tfkit is the glue between the framework and the systems: values, errors, settings, locks.
package tfkit

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// StringOrNull returns null for "": servers write "" for a text that is not set, configurations leave it out.
func StringOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// TimeOrNull returns a time that a server wrote in RFC 3339, null for "" and for anything else.
func TimeOrNull(text string) timetypes.RFC3339 {
	value, diags := timetypes.NewRFC3339Value(text)
	if diags.HasError() {
		return timetypes.NewRFC3339Null()
	}
	return value
}
