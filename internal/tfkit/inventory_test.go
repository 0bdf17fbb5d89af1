package tfkit

import (
	"context"
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

func TestSystemInventory(t *testing.T) {
	const summary = "Missing provider configuration"
	reason := errors.New("no token")
	for name, test := range map[string]struct {
		prepare    func(System)
		rows       int
		configured bool
		want       []string
	}{
		"not connected":  {func(System) {}, 0, false, nil},
		"not configured": {func(s System) { s.Unusable(summary, NotConfigured{reason}) }, 0, false, nil},
		"unusable": {
			func(s System) { s.Unusable(summary, reason) }, 0, true, []string{"Error: " + summary + ": no token"},
		},
		"connected": {func(s System) {
			s.Connect(&Data{}, transport.Unavailable(reason), Values{"token": "t"})
		}, 1, true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := definition
			d.Inventory = func(_ context.Context, c *client, _ *diag.Diagnostics) []InventoryRow {
				return []InventoryRow{{Name: c.token}}
			}
			s := d.System()
			test.prepare(s)
			var diags diag.Diagnostics
			rows, configured := s.Inventory(t.Context(), &diags)
			wantStrings(t, texts(diags), test.want...)
			if len(rows) != test.rows || configured != test.configured || len(rows) == 1 && rows[0].Name != "t" {
				t.Errorf("got %v, %t", rows, configured)
			}
		})
	}
}
