package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// ResourceModel is the model that a resource manages.
type ResourceModel interface {
	// Identity returns the model of the resource's identity.
	Identity() any
}

// Save writes a model to the state, and its identity.
func Save(
	ctx context.Context, m ResourceModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics,
) {
	diags.Append(state.Set(ctx, m)...)
	SaveIdentity(ctx, m, identity, diags)
}

// SaveIdentity writes the identity of a model. Without support for identities, the framework passes
// nil. Read calls SaveIdentity first, even if the object turns out to be deleted: a state of
// Terraform before 1.12 has no identity, and the framework requires an identity.
func SaveIdentity(ctx context.Context, m ResourceModel, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	if identity != nil {
		diags.Append(identity.Set(ctx, m.Identity())...)
	}
}
