package waldur

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

func TestInventory(t *testing.T) {
	const (
		robots    = "GET /api/marketplace-robot-accounts/"
		customers = "GET /api/marketplace-customer-service-accounts/"
		projects  = "GET /api/marketplace-project-service-accounts/"
		absent    = "404 <html>Not Found</html>"
		none      = "Warning: No service accounts on this server"
		robot     = `200 [{"uuid": "` + accountUUID + `", "type": "ci", "username": "", "state": "OK",
			"created": "2026-01-02T03:04:05.678Z", "keys": ["a", "b"]}]`
		account = `200 [{"uuid": "` + customerUUID + `", "username": "svc", "preferred_identifier": "p",
			"state": "Erred"}]`
		nameless = `200 [{"uuid": "` + projectUUID + `", "preferred_identifier": "p"}]`
	)
	two := int64(2)
	robotRow := tfkit.InventoryRow{Type: robotAccountType, ID: accountUUID, Name: "ci", State: "OK", KeyCount: &two,
		Created: time.Date(2026, time.January, 2, 3, 4, 5, 678e6, time.UTC)}
	for name, test := range map[string]struct {
		script []exchange
		want   []tfkit.InventoryRow
		diags  []string // how they begin
	}{
		"everything": {[]exchange{{robots, robot}, {customers, account}, {projects, nameless}}, []tfkit.InventoryRow{
			robotRow,
			{Type: "svcacct_waldur_customer_service_account", ID: customerUUID, Name: "svc", State: "Erred"},
			{Type: "svcacct_waldur_project_service_account", ID: projectUUID, Name: "p"},
		}, nil},
		"a server without service accounts": {
			[]exchange{{robots, robot}, {customers, absent}, {projects, absent}}, []tfkit.InventoryRow{robotRow},
			[]string{none, none},
		},
		"another server": {[]exchange{{robots, absent}}, nil, []string{"Error: Unable to list Waldur robot accounts"}},
		"no right": {[]exchange{{robots, robot}, {customers, forbidden}, {projects, "200 []"}},
			[]tfkit.InventoryRow{robotRow}, []string{"Error: Unable to list Waldur customer service accounts"}},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			rows := inventory(t.Context(), newServer(t, test.script...).client, &diags)
			if !reflect.DeepEqual(rows, test.want) {
				t.Errorf("got  %+v\nwant %+v", rows, test.want)
			}
			if len(diags) != len(test.diags) {
				t.Fatalf("got %v", diags)
			}
			for i, d := range diags {
				if got := d.Severity().String() + ": " + d.Summary(); !strings.HasPrefix(got, test.diags[i]) {
					t.Errorf("got %q", got)
				}
			}
		})
	}
}
