package waldur

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// create makes an account, unless one with its identifier exists. If the answer gets lost, the account is looked up: since
// there was none before, and creates of one identifier wait for each other, the one that is found is the one that was made.
// It returns nil after an error.
func (r *serviceAccountResource) create(ctx context.Context, wanted waldurapi.ServiceAccountCreate, diags *diag.Diagnostics) *waldurapi.ServiceAccount {
	defer r.Data.Locks.Lock(r.kind.typeName() + "/" + wanted.Scope + "/" + wanted.PreferredIdentifier)()

	existing, all, err := r.accounts().byIdentifier(ctx, wanted.Scope, wanted.PreferredIdentifier)
	if err != nil {
		r.kind.fail(diags, "create", "", err)
		return nil
	}
	if len(existing) > 0 {
		r.kind.fail(diags, "create", "", fmt.Errorf("the %s %s already has an account with preferred_identifier %q, username %q",
			r.kind.scope, wanted.Scope, wanted.PreferredIdentifier, existing[0].Username),
			tfkit.ImportHint(r.kind.typeName(), existing[0].UUID), "If another resource manages it, or this one is replaced by create_before_destroy, "+
				"don't import it: choose another preferred_identifier, or destroy that one first.")
		return nil
	}
	made, err := r.accounts().api().Create(ctx, wanted)
	if transport.Lost(err) {
		made, err = r.adopt(ctx, wanted, err)
	}
	if err != nil {
		r.kind.fail(diags, "create", "", err, r.accounts().limitHint(ctx, err, wanted.Scope, all)...)
		return nil
	}
	return made
}

// adopt finds the account that a create made whose answer was lost.
func (r *serviceAccountResource) adopt(ctx context.Context, wanted waldurapi.ServiceAccountCreate, lost error) (*waldurapi.ServiceAccount, error) {
	ctx = context.WithoutCancel(ctx) // an interrupt is no reason to leave an account behind
	found, _, err := r.accounts().byIdentifier(ctx, wanted.Scope, wanted.PreferredIdentifier)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w. Whether the account was made is not known, since looking for it failed, too: %w. "+
			"Apply again: if it was made, the error will say how to import it", lost, err)
	case len(found) == 1 && matches(&found[0], wanted):
		return &found[0], nil
	case len(found) > 0:
		return nil, fmt.Errorf("%w. Meanwhile another account with this preferred_identifier was made, %s, username %q",
			lost, found[0].UUID, found[0].Username)
	}
	return nil, fmt.Errorf("%w. No account was found afterwards. Should the server still be at work and make one, the next apply "+
		"says how to import it", lost)
}
