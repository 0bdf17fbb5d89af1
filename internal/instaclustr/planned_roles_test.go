package instaclustr

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestPlannedRoles(t *testing.T) {
	var roles plannedRoles
	roles.add(types.StringValue("ci"), types.StringValue("READ_ONLY"))
	roles.add(types.StringValue("ci"), types.StringValue("OWNER")) // the plan during apply
	roles.add(types.StringValue("later"), types.StringUnknown())
	roles.add(types.StringUnknown(), types.StringValue("READ_ONLY"))
	for username, want := range map[string]types.String{
		"ci": types.StringValue("OWNER"), "later": types.StringUnknown(),
	} {
		if role, planned := roles.of(username); !planned || !role.Equal(want) {
			t.Errorf("the planned role of %s is %s, want %s", username, role, want)
		}
	}
	for _, username := range []string{"other", ""} {
		if role, planned := roles.of(username); planned {
			t.Errorf("%q has the planned role %s", username, role)
		}
	}
}
