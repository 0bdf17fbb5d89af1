package rotation

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Private is the private state of a resource, as the framework's requests and responses carry it.
type Private interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// Store puts a value under a key. An error names what it is.
func Store(ctx context.Context, private Private, key, what string, value any) diag.Diagnostics {
	text, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to store "+what, err.Error())}
	}
	return private.SetKey(ctx, key, text)
}

// Load reads a value that Store put under a key; without one it leaves the value as it is.
func Load(ctx context.Context, private Private, key, what string, into any) diag.Diagnostics {
	text, diags := private.GetKey(ctx, key)
	if len(text) == 0 || diags.HasError() {
		return diags
	}
	if err := json.Unmarshal(text, into); err != nil {
		diags.AddError("Unable to read "+what, err.Error())
	}
	return diags
}
