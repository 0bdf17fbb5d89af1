package rotation

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// EphemeralKey is the part of an ephemeral resource's model that holds an API key. WithEphemeral
// returns its attribute.
type EphemeralKey struct {
	APIKey types.String `tfsdk:"api_key"`
}

// Set records the key.
func (k *EphemeralKey) Set(secret transport.Secret) { k.APIKey = types.StringValue(secret.Reveal()) }

// WithEphemeral returns the attribute of EphemeralKey together with the other attributes of an
// ephemeral resource.
func WithEphemeral(description string, others map[string]schema.Attribute) map[string]schema.Attribute {
	all := maps.Clone(others)
	all["api_key"] = schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: description}
	return all
}
