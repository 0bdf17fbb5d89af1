package tfkit

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Meaning tells when two spellings of a text mean the same to a server.
type Meaning interface {
	// Canonical returns the one spelling that all equal ones share, or an error that says what is wrong with
	// the text, in words that follow "must be".
	Canonical(text string) (string, error)
	// Name is the type's name for developers.
	Name() string
}

// SpelledType is the attribute type of Spelled.
type SpelledType[M Meaning] struct{ basetypes.StringType }

// Spelled is a string that keeps the user's spelling as long as the server's means the same.
type Spelled[M Meaning] struct{ basetypes.StringValue }

var (
	_ basetypes.StringTypable                    = UUIDType{}
	_ basetypes.StringValuableWithSemanticEquals = UUID{}
	_ xattr.ValidateableAttribute                = UUID{}
)

// SpelledOrNull returns null for "", which is how a server writes a text that is not set.
func SpelledOrNull[M Meaning](text string) Spelled[M] {
	return Spelled[M]{StringOrNull(text)}
}

// Refreshed returns the value for what the server tells now. A server knows no difference between null and blank:
// where it tells "", a blank value stays as it is.
func (v Spelled[M]) Refreshed(text string) Spelled[M] {
	if text == "" && !v.IsNull() && !v.IsUnknown() && strings.TrimSpace(v.ValueString()) == "" {
		return v
	}
	return SpelledOrNull[M](text)
}

// Canonical returns the canonical spelling of a known value, "" of null, unknown or malformed ones.
func (v Spelled[M]) Canonical() string {
	var meaning M
	text, err := meaning.Canonical(v.ValueString())
	if err != nil {
		return ""
	}
	return text
}

// Type returns the attribute type.
func (v Spelled[M]) Type(context.Context) attr.Type { return SpelledType[M]{} }

// Equal tells whether two values are the same to the letter.
func (v Spelled[M]) Equal(o attr.Value) bool {
	other, ok := o.(Spelled[M])
	return ok && v.StringValue.Equal(other.StringValue)
}

// StringSemanticEquals tells whether two values mean the same.
func (v Spelled[M]) StringSemanticEquals(_ context.Context, o basetypes.StringValuable) (bool, diag.Diagnostics) {
	other, ok := o.(Spelled[M])
	return ok && v.means(other), nil
}

// means tells whether two values mean the same. Malformed ones do only if they are the same.
func (v Spelled[M]) means(other Spelled[M]) bool {
	var meaning M
	mine, err := meaning.Canonical(v.ValueString())
	theirs, otherErr := meaning.Canonical(other.ValueString())
	if err != nil || otherErr != nil {
		return v.ValueString() == other.ValueString()
	}
	return mine == theirs
}

// ValidateAttribute refuses a text that has no canonical spelling.
func (v Spelled[M]) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	v.validate(req.Path, &resp.Diagnostics)
}

func (v Spelled[M]) validate(where path.Path, diags *diag.Diagnostics) {
	if v.IsNull() || v.IsUnknown() {
		return
	}
	var meaning M
	if _, err := meaning.Canonical(v.ValueString()); err != nil {
		diags.AddAttributeError(where, "Invalid "+meaning.Name(), fmt.Sprintf("%s must be %s.", where, err))
	}
}

// WellFormed refuses a text that has no canonical spelling. It is for the elements of collections: the framework asks the types of
// attributes alone.
func WellFormed[M Meaning]() validator.String { return wellFormed[M]{} }

type wellFormed[M Meaning] struct{}

func (wellFormed[M]) Description(context.Context) string { return "must be well-formed" }

func (v wellFormed[M]) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (wellFormed[M]) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	Spelled[M]{req.ConfigValue}.validate(req.Path, &resp.Diagnostics)
}

// String names the type for developers.
func (t SpelledType[M]) String() string {
	var meaning M
	return "tfkit." + meaning.Name() + "Type"
}

// Equal tells whether another type is the same.
func (t SpelledType[M]) Equal(o attr.Type) bool {
	_, ok := o.(SpelledType[M])
	return ok
}

// ValueType returns the value that this type produces.
func (t SpelledType[M]) ValueType(context.Context) attr.Value { return Spelled[M]{} }

// ValueFromString makes a value from the framework's own string.
func (t SpelledType[M]) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return Spelled[M]{in}, nil
}

// ValueFromTerraform makes a value from one that Terraform sent.
func (t SpelledType[M]) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	text, ok := value.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("a string was expected, got %T", value)
	}
	return Spelled[M]{text}, nil
}

// KeepSpelling plans the state's spelling where the configuration means the same, so that another spelling is
// no difference and never a reason to replace. It goes before RequiresReplace. Terraform accepts the prior value
// in place of the configured one.
func KeepSpelling[M Meaning]() planmodifier.String { return keepSpelling[M]{} }

type keepSpelling[M Meaning] struct{}

func (keepSpelling[M]) Description(context.Context) string {
	return "Another spelling of the same value is no change."
}

func (m keepSpelling[M]) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepSpelling[M]) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if (Spelled[M]{req.StateValue}).means(Spelled[M]{req.ConfigValue}) {
		resp.PlanValue = req.StateValue
	}
}
