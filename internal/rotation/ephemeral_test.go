package rotation

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

func TestWithEphemeral(t *testing.T) {
	others := map[string]schema.Attribute{"name": schema.StringAttribute{Required: true}}
	all := WithEphemeral("The key.", others)
	if names := slices.Sorted(maps.Keys(all)); !slices.Equal(names, []string{"api_key", "name"}) || len(others) != 1 {
		t.Errorf("attributes %q; the caller has %d", names, len(others))
	}
	key := all["api_key"]
	if !key.IsComputed() || key.IsOptional() || key.IsRequired() || !key.IsSensitive() {
		t.Error("the key is not a computed and sensitive attribute")
	}
	if got := key.GetMarkdownDescription(); got != "The key." {
		t.Errorf("description %q", got)
	}
	if diags := (schema.Schema{Attributes: all}).ValidateImplementation(t.Context()); len(diags) > 0 {
		t.Errorf("invalid schema: %s", texts(diags))
	}
}

// A model that embeds EphemeralKey has the attribute of the schema.
func TestEphemeralKeyFitsTheSchema(t *testing.T) {
	s := schema.Schema{Attributes: WithEphemeral("The key.", map[string]schema.Attribute{})}
	result := tfsdk.EphemeralResultData{Schema: s, Raw: tftypes.NewValue(s.Type().TerraformType(t.Context()), nil)}
	type model struct{ EphemeralKey }
	var in, out model
	in.Set(transport.NewSecret("key-1"))
	wantTexts(t, result.Set(t.Context(), &in))
	wantTexts(t, result.Get(t.Context(), &out))
	if got := out.APIKey.ValueString(); got != "key-1" {
		t.Errorf("got %q", got)
	}
}
