package tfkit

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

const lockoutWords = "This plan revokes the token. The provider itself signs in with it, and could not work " +
	"afterwards. If you want this, set allow_self_lockout = true; before a destroy, apply this setting first. " +
	"Otherwise run the provider with another credential."

func TestRefuseLockout(t *testing.T) {
	for name, test := range map[string]struct {
		at   path.Path
		want string
	}{
		"an attribute": {path.Root("keepers"), "Error keepers: The provider could lock itself out: " + lockoutWords},
		"an element": {
			path.Root("roles").AtListIndex(1), "Error roles[1]: The provider could lock itself out: " + lockoutWords,
		},
		"the resource": {path.Empty(), "Error: The provider could lock itself out: " + lockoutWords},
	} {
		t.Run(name, func(t *testing.T) {
			diags := diag.Diagnostics{diag.NewWarningDiagnostic("Before", "it")}
			RefuseLockout(&diags, test.at, "This plan revokes the token")
			wantStrings(t, texts(diags), "Warning: Before: it", test.want)
		})
	}
}

func TestLockoutError(t *testing.T) {
	if got := LockoutError("This plan revokes the token").Error(); got != lockoutWords {
		t.Errorf("got %q", got)
	}
}
