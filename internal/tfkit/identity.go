package tfkit

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// ResourceModel is the model that a resource manages.
type ResourceModel interface {
	// Identity returns the model of the resource's identity.
	Identity() any
}

// Save writes a model to the state, and its identity. A CLI that knows no identities has none, and the framework
// passes nil.
func Save(
	ctx context.Context, m ResourceModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics,
) {
	diags.Append(state.Set(ctx, m)...)
	saveIdentity(ctx, m, identity, diags)
}

func saveIdentity(ctx context.Context, m ResourceModel, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	if identity != nil {
		diags.Append(identity.Set(ctx, m.Identity())...)
	}
}

// BeginRead takes a pointer to the model that a Read has got from the state. It writes the identity if there is
// none, as in a state of Terraform before 1.12, since the framework requires an identity even if the object turns
// out to be deleted. The function that it returns saves the model, unless it is still what the state had: to write a
// state takes the framework as long as the rest of a Read.
func BeginRead(ctx context.Context, m ResourceModel, resp *resource.ReadResponse) (save func()) {
	if resp.Identity != nil && resp.Identity.Raw.IsFullyNull() {
		saveIdentity(ctx, m, resp.Identity, &resp.Diagnostics)
	}
	value := func() any { return reflect.ValueOf(m).Elem().Interface() }
	had := value()
	return func() {
		if !reflect.DeepEqual(value(), had) {
			Save(ctx, m, &resp.State, resp.Identity, &resp.Diagnostics)
		}
	}
}
