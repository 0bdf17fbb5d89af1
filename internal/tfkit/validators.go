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

// CheckString returns a validator from a function. The function gets each known value with its
// path, and adds an error if it refuses the value. The description says what the value must be, in
// words such as "must be one line".
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

// Unpadded refuses a text that begins or ends with white space: servers remove it and return
// another text.
func Unpadded() validator.String {
	const description = "must not begin or end with white space"
	return CheckString(description, func(at path.Path, text string, diags *diag.Diagnostics) {
		if strings.TrimSpace(text) != text {
			diags.AddAttributeError(at, "Invalid text", fmt.Sprintf("%s %s, such as the line break at the end of a "+
				"file: wrap the value in trimspace().", at, description))
		}
	})
}

// DurationAtLeast refuses a shorter duration. The type of the attribute refuses a text that is not
// a duration.
func DurationAtLeast(least time.Duration) validator.String {
	description := fmt.Sprintf("must be at least %s", least)
	return CheckString(description, func(at path.Path, text string, diags *diag.Diagnostics) {
		duration, err := time.ParseDuration(text)
		if err == nil && duration < least {
			diags.AddAttributeError(at, "Invalid duration", fmt.Sprintf("%s %s, got %q.", at, description, text))
		}
	})
}

// WellFormed refuses a malformed text. It is for the elements of collections: the framework calls
// ValidateAttribute for attributes, but not for elements.
func WellFormed[N Normalizer]() validator.String {
	return CheckString("must be well-formed", func(at path.Path, text string, diags *diag.Diagnostics) {
		validateNormalized[N](at, text, diags)
	})
}
