package wavefront

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// create makes an account, unless one with its identifier exists, and reads it back; if that fails, the answer to the create has to do. If
// that got lost, the account is looked up: since there was none before, the one that is found is the one that was made. It returns nil after an
// error, and what the server said in spite of success.
func (r *serviceAccountResource) create(ctx context.Context, wanted wavefrontapi.ServiceAccountWrite, diags *diag.Diagnostics) (made *wavefrontapi.ServiceAccount, warning string) {
	const doing = "create Wavefront service account"
	defer r.Data.Locks.Lock(serviceAccountType + "/" + wanted.Identifier)()

	_, err := r.Client.ServiceAccounts.Get(ctx, wanted.Identifier)
	if err == nil {
		fail(diags, doing, wanted.Identifier, errors.New("there is one already"), tfkit.ImportHint(serviceAccountType, wanted.Identifier))
		return nil, ""
	}
	if !transport.NotFound(err) {
		fail(diags, doing, wanted.Identifier, err)
		return nil, ""
	}
	answered, warning, refused := r.Client.ServiceAccounts.Create(ctx, wanted)
	if refused != nil && !transport.Lost(refused) {
		fail(diags, doing, wanted.Identifier, refused)
		return nil, ""
	}
	made, err = r.Client.ServiceAccounts.Get(context.WithoutCancel(ctx), wanted.Identifier) // an interrupt is no reason to leave an account behind
	switch {
	case err == nil:
		return made, warning
	case refused == nil: // it is as the answer says, as far as can be known
		diags.AddWarning("The account was made, but not read back", fmt.Sprintf("What state holds of %s is what the server answered to its creation. The next refresh reads it. %s",
			wanted.Identifier, err))
		return answered, warning
	case transport.NotFound(err):
		fail(diags, doing, wanted.Identifier, fmt.Errorf("%w. No account was found afterwards", refused), "Should the server still be at work and make one, "+importLater)
	default:
		fail(diags, doing, wanted.Identifier, fmt.Errorf("%w. Whether the account was made is not known, since looking for it failed, too: %w", refused, err),
			"If it was made, "+importLater)
	}
	return nil, ""
}

const importLater = "the next apply says how to import it."
