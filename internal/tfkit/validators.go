package tfkit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// CheckString returns a validator that passes each known value, with the path of its attribute, to a function. The
// description completes "must ..." for developers.
func CheckString(description string, check func(at path.Path, text string, diags *diag.Diagnostics)) validator.String {
	return stringCheck{description, check}
}

type stringCheck struct {
	description string
	check       func(path.Path, string, *diag.Diagnostics)
}

func (v stringCheck) Description(context.Context) string { return v.description }

func (v stringCheck) MarkdownDescription(context.Context) string { return v.description }

func (v stringCheck) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	v.check(req.Path, req.ConfigValue.ValueString(), &resp.Diagnostics)
}

// NotEmpty refuses an empty text.
var NotEmpty = []validator.String{stringvalidator.LengthAtLeast(1)}

// Unpadded refuses a text that begins or ends with white space: servers cut it off and return another text.
func Unpadded() validator.String {
	const description = "must not begin or end with white space"
	return CheckString(description, func(at path.Path, text string, diags *diag.Diagnostics) {
		if strings.TrimSpace(text) != text {
			diags.AddAttributeError(at, "Invalid text", fmt.Sprintf("%s %s, got %q.", at, description, text))
		}
	})
}

// DurationAtLeast refuses shorter durations. The type of the attribute checks that a text is a duration.
func DurationAtLeast(least time.Duration) validator.String {
	description := fmt.Sprintf("must be at least %s", least)
	return CheckString(description, func(at path.Path, text string, diags *diag.Diagnostics) {
		if duration, err := time.ParseDuration(text); err == nil && duration < least {
			diags.AddAttributeError(at, "Invalid duration", fmt.Sprintf("%s %s, got %q.", at, description, text))
		}
	})
}

// WellFormed refuses a text that its normalizer refuses. It is for the elements of collections: the framework
// validates the types of attributes, but not those of elements.
func WellFormed[N Normalizer]() validator.String {
	return CheckString("must be well-formed", func(at path.Path, text string, diags *diag.Diagnostics) {
		validateNormalized[N](at, text, diags)
	})
}
