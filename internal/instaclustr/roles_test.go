package instaclustr

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestDisallowed(t *testing.T) {
	all := []string{
		"USER_MANAGEMENT", "MONITORING", "PROMETHEUS", "PROVISIONING", "PROVISIONING_READONLY", "PROVISIONING",
	}
	wantEqual(t, disallowed("READ_ONLY", all), []string{"PROVISIONING", "USER_MANAGEMENT"})
	wantEqual(t, disallowed("CLUSTER_ADMIN", all), []string{})
	wantEqual(t, disallowed("A_NEW_ROLE", all), []string{}) // the server decides
}

func TestLowers(t *testing.T) {
	for name, test := range map[string]struct {
		prior, planned string
		want           bool
	}{
		"down":                {"OWNER", "CLUSTER_ADMIN", true},
		"down by two":         {"OWNER", "READ_ONLY", true},
		"up":                  {"READ_ONLY", "OWNER", false},
		"the same":            {"OWNER", "OWNER", false},
		"from an unknown one": {"KING", "OWNER", false},
	} {
		if got := lowers(types.StringValue(test.prior), types.StringValue(test.planned)); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
