package instaclustr

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A user whose keys the service does not return may have keys: the list would be incomplete.
func TestFindAPIKeysNotReturned(t *testing.T) {
	users := step{"GET", 200, "[" + incompleteUser + "," + userJSON("other", "OWNER", "MONITORING") + "]"}
	for username, want := range map[string]int{"": -1, "ci": -1, "other": 1} {
		filter := apiKeyFilter{Username: types.StringValue(username)}
		if username == "" {
			filter.Username = types.StringNull()
		}
		var diags diag.Diagnostics
		found := filter.find(t.Context(), scripted(t, users), &diags)
		if want == -1 {
			wantDiags(t, diags, "E did not return the API keys of this user")
		} else if wantNoError(t, diags); len(found) != want {
			t.Errorf("%q: found %+v", username, found)
		}
	}
}
