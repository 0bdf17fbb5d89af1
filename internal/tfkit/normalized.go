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
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Normalizer tells when two spellings of a text mean the same to a server.
type Normalizer interface {
	// Canonical returns the one spelling that all equal ones share, or an error that says what is wrong with
	// the text, in words that follow "must be".
	Canonical(text string) (string, error)
	// Name is the type's name for developers.
	Name() string
}

// NormalizedType is the attribute type of Normalized.
type NormalizedType[N Normalizer] struct{ basetypes.StringType }

// Normalized is a string that keeps the user's spelling as long as the server's means the same.
type Normalized[N Normalizer] struct{ basetypes.StringValue }

var (
	_ basetypes.StringTypable                    = UUIDType{}
	_ basetypes.StringValuableWithSemanticEquals = UUID{}
	_ xattr.ValidateableAttribute                = UUID{}
)

// NormalizedOrNull returns null for "", which is how a server writes a text that is not set.
func NormalizedOrNull[N Normalizer](text string) Normalized[N] {
	return Normalized[N]{StringOrNull(text)}
}

// Refreshed returns the value for what the server tells now. A server knows no difference between null and blank:
// where it tells "", a blank value stays as it is.
func (v Normalized[N]) Refreshed(text string) Normalized[N] {
	if text == "" && !v.IsNull() && !v.IsUnknown() && strings.TrimSpace(v.ValueString()) == "" {
		return v
	}
	return NormalizedOrNull[N](text)
}

// Canonical returns the canonical spelling of a known value, "" of null, unknown or malformed ones.
func (v Normalized[N]) Canonical() string {
	var normalizer N
	text, err := normalizer.Canonical(v.ValueString())
	if err != nil {
		return ""
	}
	return text
}

// Type returns the attribute type.
func (v Normalized[N]) Type(context.Context) attr.Type { return NormalizedType[N]{} }

// Equal tells whether two values are the same to the letter.
func (v Normalized[N]) Equal(o attr.Value) bool {
	other, ok := o.(Normalized[N])
	return ok && v.StringValue.Equal(other.StringValue)
}

// StringSemanticEquals tells whether two values mean the same.
func (v Normalized[N]) StringSemanticEquals(_ context.Context, o basetypes.StringValuable) (bool, diag.Diagnostics) {
	other, ok := o.(Normalized[N])
	return ok && v.means(other), nil
}

// means tells whether two values mean the same. Malformed ones do only if they are the same.
func (v Normalized[N]) means(other Normalized[N]) bool {
	var normalizer N
	mine, err := normalizer.Canonical(v.ValueString())
	theirs, otherErr := normalizer.Canonical(other.ValueString())
	if err != nil || otherErr != nil {
		return v.ValueString() == other.ValueString()
	}
	return mine == theirs
}

// ValidateAttribute refuses a text that has no canonical spelling.
func (v Normalized[N]) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if !v.IsNull() && !v.IsUnknown() {
		validateNormalized[N](req.Path, v.ValueString(), &resp.Diagnostics)
	}
}

func validateNormalized[N Normalizer](where path.Path, text string, diags *diag.Diagnostics) {
	var normalizer N
	if _, err := normalizer.Canonical(text); err != nil {
		diags.AddAttributeError(where, "Invalid "+normalizer.Name(), fmt.Sprintf("%s must be %s.", where, err))
	}
}

// String names the type for developers.
func (t NormalizedType[N]) String() string {
	var normalizer N
	return "tfkit." + normalizer.Name() + "Type"
}

// Equal tells whether another type is the same.
func (t NormalizedType[N]) Equal(o attr.Type) bool {
	_, ok := o.(NormalizedType[N])
	return ok
}

// ValueType returns the value that this type produces.
func (t NormalizedType[N]) ValueType(context.Context) attr.Value { return Normalized[N]{} }

// ValueFromString makes a value from the framework's own string.
func (t NormalizedType[N]) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return Normalized[N]{in}, nil
}

// ValueFromTerraform makes a value from one that Terraform sent.
func (t NormalizedType[N]) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	text, ok := value.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("a string was expected, got %T", value)
	}
	return Normalized[N]{text}, nil
}

// KeepEquivalent plans the state's spelling where the configuration means the same, so that another spelling is
// no difference and never a reason to replace. It goes before RequiresReplace. Terraform accepts the prior value
// in place of the configured one.
func KeepEquivalent[N Normalizer]() planmodifier.String { return keepEquivalent[N]{} }

type keepEquivalent[N Normalizer] struct{}

func (keepEquivalent[N]) Description(context.Context) string {
	return "Another spelling of the same value is no change."
}

func (m keepEquivalent[N]) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepEquivalent[N]) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if (Normalized[N]{req.StateValue}).means(Normalized[N]{req.ConfigValue}) {
		resp.PlanValue = req.StateValue
	}
}
