package wavefront

import (
	"reflect"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// The rows have no value of a token, not even for a token without a name.
func TestInventory(t *testing.T) {
	c := script{`GET 200 [
		{"identifier": "sa::ci", "active": false, "lastUsed": 2000, "tokens": [
			{"tokenID": "secret-1", "tokenName": "a", "dateGenerated": 1000, "lastUsed": 2000},
			{"tokenID": "secret-2"}]},
		{"identifier": "sa::old"}]`}.client(t)
	var diags diag.Diagnostics
	got := inventory(t.Context(), c, &diags)
	inactive, two := false, int64(2)
	want := []tfkit.InventoryRow{
		{Type: serviceAccountType, ID: "sa::ci", Name: "sa::ci", Active: &inactive, KeyCount: &two,
			LastUsed: time.UnixMilli(2000)},
		{Type: tokenType, ID: "sa::ci/a", Account: "sa::ci", Name: "a", Active: &inactive,
			Created: time.UnixMilli(1000), LastUsed: time.UnixMilli(2000)},
		{Type: tokenType, Account: "sa::ci", Active: &inactive},
		{Type: serviceAccountType, ID: "sa::old", Name: "sa::old"},
	}
	if len(diags) > 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, got\n%+v\nwant\n%+v", diags, got, want)
	}
}
