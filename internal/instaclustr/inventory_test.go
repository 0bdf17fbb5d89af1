package instaclustr

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

func TestInventory(t *testing.T) {
	c := scripted(t, step{"GET", 200, "[" + userJSON("ci", "OWNER", "MONITORING") + `, {"username": "other"}]`})
	var diags diag.Diagnostics
	got := inventory(t.Context(), c, &diags)
	one := int64(1)
	want := []tfkit.InventoryRow{
		{Type: serviceUserType, ID: "ci", Name: "ci", KeyCount: &one},
		{Type: apiKeyType, ID: "ci/MONITORING", Account: "ci", Name: "MONITORING"},
		{Type: serviceUserType, ID: "other", Name: "other"},
	}
	if len(diags) > 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, got\n%+v\nwant\n%+v", diags, got, want)
	}
}
