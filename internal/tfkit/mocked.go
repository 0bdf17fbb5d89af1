package tfkit

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// mockedForm is the form of the texts that a mock provider of a test creates for computed attributes: Terraform
// eight lower case letters and digits, OpenTofu 4 to 15 letters and digits.
var mockedForm = regexp.MustCompile(`^[0-9A-Za-z]{4,15}$`)

type unconfiguredKey struct{}

// Unconfigured returns the context of a validation by a provider that is not configured. Then Terraform is before a
// plan, or runs a test with a mock provider.
func Unconfigured(ctx context.Context) context.Context {
	return context.WithValue(ctx, unconfiguredKey{}, true)
}

// MayBeMocked makes the errors of a validator warnings if a mock provider may have created the text: the CLI has the
// real provider, which it does not configure then, validate the arguments of resources that have no real server. A
// real plan validates all arguments once more when the provider is configured. It is for arguments that take an
// attribute of another object, which a mock provider creates.
func MayBeMocked(v validator.String) validator.String { return mayBeMocked{v} }

type mayBeMocked struct{ validator.String }

func (m mayBeMocked) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	own := validator.StringResponse{}
	m.String.ValidateString(ctx, req, &own)
	resp.Diagnostics.Append(mocked(ctx, req.ConfigValue.ValueString(), own.Diagnostics)...)
}

// mocked returns the diagnostics of a text, as warnings if a mock provider may have created it.
func mocked(ctx context.Context, text string, diags diag.Diagnostics) diag.Diagnostics {
	if ctx.Value(unconfiguredKey{}) == nil || !mockedForm.MatchString(text) {
		return diags
	}
	var milder diag.Diagnostics
	for _, d := range diags {
		detail := d.Detail() + "\n\nA plan refuses this text, unless the provider is mocked in a test. A mock " +
			"provider can have a default for the attribute that the value comes from."
		if located, ok := d.(diag.DiagnosticWithPath); ok {
			milder.AddAttributeWarning(located.Path(), d.Summary(), detail)
		} else {
			milder.AddWarning(d.Summary(), detail)
		}
	}
	return milder
}
