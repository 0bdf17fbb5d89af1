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

// Normalizer defines which texts are the same value to a server.
type Normalizer interface {
	// Canonical returns the same text for all texts with the same value. The error of a malformed
	// text says what the text must be, in words that follow "must be".
	Canonical(text string) (string, error)
	// Name is the name of the type in errors.
	Name() string
}

// NormalizedType is the attribute type of Normalized.
type NormalizedType[N Normalizer] struct{ basetypes.StringType }

// Normalized is a string that keeps the spelling of the user while the server returns the same value.
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

// Refreshed returns the value for a text that the server returned. If the text is "", a blank value
// stays as it is, since servers do not distinguish null from blank.
func (v Normalized[N]) Refreshed(text string) Normalized[N] {
	if text == "" && !v.IsNull() && !v.IsUnknown() && strings.TrimSpace(v.ValueString()) == "" {
		return v
	}
	return NormalizedOrNull[N](text)
}

// Canonical returns the canonical text of the value, "" if it is null, unknown or malformed.
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

// Equal reports whether two values are the same text.
func (v Normalized[N]) Equal(o attr.Value) bool {
	other, ok := o.(Normalized[N])
	return ok && v.StringValue.Equal(other.StringValue)
}

// StringSemanticEquals reports whether two texts are the same value.
func (v Normalized[N]) StringSemanticEquals(_ context.Context, o basetypes.StringValuable) (bool, diag.Diagnostics) {
	other, ok := o.(Normalized[N])
	return ok && v.equivalent(other), nil
}

// equivalent reports whether two texts are the same value. Malformed texts have no value and must
// be the same text.
func (v Normalized[N]) equivalent(other Normalized[N]) bool {
	var normalizer N
	mine, err := normalizer.Canonical(v.ValueString())
	theirs, otherErr := normalizer.Canonical(other.ValueString())
	if err != nil || otherErr != nil {
		return v.ValueString() == other.ValueString()
	}
	return mine == theirs
}

// ValidateAttribute refuses a malformed text.
func (v Normalized[N]) ValidateAttribute(
	ctx context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse,
) {
	if v.IsNull() || v.IsUnknown() {
		return
	}
	var diags diag.Diagnostics
	validateNormalized[N](req.Path, v.ValueString(), &diags)
	if _, isUUID := any(v).(UUID); isUUID {
		diags = mocked(ctx, v.ValueString(), diags)
	}
	resp.Diagnostics.Append(diags...)
}

func validateNormalized[N Normalizer](where path.Path, text string, diags *diag.Diagnostics) {
	var normalizer N
	if _, err := normalizer.Canonical(text); err != nil {
		diags.AddAttributeError(where, "Invalid "+normalizer.Name(), fmt.Sprintf("%s must be %s.", where, err))
	}
}

// String returns the name of the type.
func (t NormalizedType[N]) String() string {
	var normalizer N
	return "tfkit." + normalizer.Name() + "Type"
}

// Equal reports whether two types are the same.
func (t NormalizedType[N]) Equal(o attr.Type) bool {
	_, ok := o.(NormalizedType[N])
	return ok
}

// ValueType returns a value of this type.
func (t NormalizedType[N]) ValueType(context.Context) attr.Value { return Normalized[N]{} }

// ValueFromString converts a string of the framework.
func (t NormalizedType[N]) ValueFromString(
	_ context.Context, in basetypes.StringValue,
) (basetypes.StringValuable, diag.Diagnostics) {
	return Normalized[N]{in}, nil
}

// ValueFromTerraform converts a value that Terraform sent.
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

// KeepEquivalent plans the text in state if the configuration has another text with the same value.
// Then another spelling is not a difference, and not a reason to replace; RequiresReplace must come
// after it. Terraform accepts the prior value of an attribute in place of the configured value.
func KeepEquivalent[N Normalizer]() planmodifier.String { return keepEquivalent[N]{} }

type keepEquivalent[N Normalizer] struct{}

func (keepEquivalent[N]) Description(context.Context) string {
	return "Another spelling of the same value is no change."
}

func (m keepEquivalent[N]) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepEquivalent[N]) PlanModifyString(
	_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse,
) {
	if req.StateValue.IsNull() || req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if (Normalized[N]{req.StateValue}).equivalent(Normalized[N]{req.ConfigValue}) {
		resp.PlanValue = req.StateValue
	}
}
