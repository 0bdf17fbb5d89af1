package tfkit

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

const lockoutHint = "The provider itself signs in with it, and could not work afterwards. If you want this, set " +
	"allow_self_lockout = true; before a destroy, apply this setting first. Otherwise run the provider with another " +
	"credential."

// RefuseLockout refuses a plan that revokes the credential of the provider itself, or removes its
// permissions. What the plan does is a sentence without a full stop. With an empty path the error
// is about the whole resource.
func RefuseLockout(diags *diag.Diagnostics, at path.Path, what string) {
	const summary = "The provider could lock itself out"
	if at.Equal(path.Empty()) {
		diags.AddError(summary, what+". "+lockoutHint)
		return
	}
	diags.AddAttributeError(at, summary, what+". "+lockoutHint)
}

// LockoutError is RefuseLockout for an apply, if the plan could not know it.
func LockoutError(what string) error { return fmt.Errorf("%s. %s", what, lockoutHint) }
