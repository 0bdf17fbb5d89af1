package wavefront

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

type (
	connection     = tfkit.Connection[wavefrontapi.Client]
	base           = tfkit.Base[wavefrontapi.Client]
	resourceBase   = tfkit.ResourceBase[wavefrontapi.Client]
	dataSourceBase = tfkit.DataSourceBase[wavefrontapi.Client]
	actionBase     = tfkit.ActionBase[wavefrontapi.Client]
	ephemeralBase  = tfkit.EphemeralBase[wavefrontapi.Client]
)

// shutDown stands on top of every page of this system.
const shutDown = "~> **The service is reported to be shut down since 31 October 2025.** The provider follows its API documents and is tested against a " +
	"simulator of them, since there is no server left to try it with.\n\n"

// fail reports a failed call. Doing is what was tried, such as "read Wavefront service account"; the subject tells which, "" if none is
// known. Hints say what to do, besides what the error itself suggests.
func fail(diags *diag.Diagnostics, doing, subject string, err error, hints ...string) {
	switch {
	case transport.Unauthorized(err):
		hints = append(hints, "The token, from "+tokenSetting.Sources(block)+", is wrong or revoked, or its account is inactive.")
	case transport.Forbidden(err):
		hints = append(hints, "The token's account needs the permission user_management (Accounts).")
	}
	tfkit.Failure{Doing: doing, Subject: subject, Hint: strings.Join(hints, "\n\n")}.Add(diags, err)
}

const (
	lockoutSummary = "The provider would lock itself out"
	lockoutHint    = "To do it all the same, set allow_self_lockout = true and apply that first. " +
		"Otherwise run the provider with a token of another account."
)

// lockoutError is what an apply says that would take away what the provider runs with, where the plan could not know.
func lockoutError(what string) error {
	return fmt.Errorf("the provider itself runs with %s. %s", what, lockoutHint)
}

// refuseLockout refuses a plan that takes the token away that the provider runs with, or rights from it.
func refuseLockout(diags *diag.Diagnostics, where path.Path, what string) {
	detail := "The provider itself runs with a token of this account. This plan " + what + ". " + lockoutHint
	if where.Equal(path.Empty()) {
		diags.AddError(lockoutSummary, detail)
		return
	}
	diags.AddAttributeError(where, lockoutSummary, detail)
}

// spaced returns a part of a type's name as words.
func spaced(name string) string { return strings.ReplaceAll(name, "_", " ") }
