package tfkit

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

const lockoutHint = "The provider itself signs in with it, and could do nothing afterwards. If you want this, set " +
	"allow_self_lockout = true on this resource and apply that first. Otherwise run the provider with another credential."

// RefuseLockout refuses a plan that would take away the credential, or the rights, that the provider itself works
// with. What the plan does is a sentence without its full stop. An empty path reports it on the resource.
func RefuseLockout(diags *diag.Diagnostics, at path.Path, what string) {
	const summary = "The provider would lock itself out"
	if at.Equal(path.Empty()) {
		diags.AddError(summary, what+". "+lockoutHint)
		return
	}
	diags.AddAttributeError(at, summary, what+". "+lockoutHint)
}

// LockoutError is RefuseLockout for an apply: the plan could not know.
func LockoutError(what string) error { return fmt.Errorf("%s. %s", what, lockoutHint) }
