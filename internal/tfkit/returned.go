package tfkit

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// IfReturned returns the value now if the response has its member. A response without the member does not
// say that it is empty: then the result is the prior value. If that is null or unknown, the result is
// now, which must be null without the member.
func IfReturned[V attr.Value](returned bool, now, prior V) V {
	if returned || prior.IsNull() || prior.IsUnknown() {
		return now
	}
	return prior
}

// OrPrior is IfReturned for a member that is never empty, so that now is null without the member.
func OrPrior[V attr.Value](now, prior V) V { return IfReturned(!now.IsNull(), now, prior) }

// StringSetOrNull is StringSetOf for a list that a response may leave out: it returns null for nil.
func StringSetOrNull(texts []string) types.Set {
	if texts == nil {
		return types.SetNull(types.StringType)
	}
	return StringSetOf(texts)
}

// StringPointerOrNull is StringOrNull for a member that a response may leave out: it returns null for
// nil, too.
func StringPointerOrNull(text *string) types.String {
	if text == nil {
		return types.StringNull()
	}
	return StringOrNull(*text)
}
