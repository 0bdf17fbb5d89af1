package tfkit

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestWarnOfReplacement(t *testing.T) {
	for name, test := range map[string]struct {
		planned types.String
		want    int
	}{
		"unknown": {types.StringUnknown(), 1}, "known": {types.StringValue("x"), 0}, "null": {types.StringNull(), 0},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			WarnOfReplacement("name", test.planned, "the account", " with its keys", &diags)
			if len(diags) != test.want {
				t.Fatalf("%d diagnostics, want %d", len(diags), test.want)
			}
			const want = "name is not known at plan. The apply replaces the account with its keys, even if the value " +
				"turns out the same as before. To keep the account, write the value itself, or first apply with " +
				"-target what the value comes from."
			if len(diags) > 0 && (diags[0].Detail() != want || diags[0].Severity() != diag.SeverityWarning) {
				t.Errorf("got %s", diags[0].Detail())
			}
		})
	}
}
