package wavefront

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

func TestAfterRevocation(t *testing.T) {
	const summary = "Warning: A token was revoked outside of Terraform: The token sa::ci/x was revoked"
	previous := &live("p x (previous)")[0]
	for name, test := range map[string]struct {
		tokens    tokenList
		previous  *wavefrontapi.Token
		want      [2]string
		rotatedAt string
		warning   string
		err       string
	}{
		"nothing is left": {
			live("a y"), nil, [2]string{}, then, summary + ". The next apply generates a new token", "",
		},
		"another took over": {
			live("n x"), nil, [2]string{"n", ""}, "2026-03-01T12:00:00Z",
			summary + ". Another token of its name, generated at 2026-03-01T12:00:00Z", "",
		},
		"another took over, one before": {live("a y", "n x"), previous, [2]string{"n", "p"}, "2026-03-01T12:00:01Z",
			summary + ". Another token of its name, generated at 2026-03-01T12:00:01Z", ""},
		"the one before is valid still": {
			live("p y"), previous, [2]string{"p", ""}, "2026-03-01T12:00:00Z",
			summary + ". The previous token is still valid", "",
		},
		"several took over": {live("m x", "n x"), previous, [2]string{}, then, "",
			`sa::ci has 2 tokens named "x"` + twoDates},
	} {
		t.Run(name, func(t *testing.T) {
			m := tokenResourceModel{
				ServiceAccount: types.StringValue("sa::ci"), Name: types.StringValue("x"),
				OverlappingKey: planned(then, later),
			}
			var diags diag.Diagnostics
			valid, err := m.afterRevocation(test.tokens, tokenPair{previous: test.previous}, &diags)
			wantError(t, err, test.err)
			if got := [2]string{secretOf(valid.current), secretOf(valid.previous)}; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if m.RotatedAt.ValueString() != test.rotatedAt {
				t.Errorf("rotated_at is %s", m.RotatedAt)
			}
			if test.warning == "" {
				wantMessages(t, diags)
			} else {
				wantMessages(t, diags, test.warning)
			}
		})
	}
}
