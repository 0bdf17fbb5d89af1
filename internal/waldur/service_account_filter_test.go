package waldur

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

func TestServiceAccountFilterToAPI(t *testing.T) {
	text := types.StringValue
	states := []types.String{text("OK"), text("Erred")}
	for name, test := range map[string]struct {
		filter serviceAccountFilterModel
		scope  string
		want   waldurapi.ServiceAccountFilter
	}{
		"nothing": {want: waldurapi.ServiceAccountFilter{}},
		"scope":   {scope: hyphenated, want: waldurapi.ServiceAccountFilter{Scope: accountUUID}},
		"username": {filter: serviceAccountFilterModel{Username: text("svc")},
			want: waldurapi.ServiceAccountFilter{Username: "svc"}},
		"email": {filter: serviceAccountFilterModel{Email: text("@acme")},
			want: waldurapi.ServiceAccountFilter{Email: "@acme"}},
		"a state": {
			filter: serviceAccountFilterModel{States: states[1:]},
			want:   waldurapi.ServiceAccountFilter{States: []string{"Erred"}},
		},
		"no states": {filter: serviceAccountFilterModel{States: states[:0]}, want: waldurapi.ServiceAccountFilter{}},
		"all": {serviceAccountFilterModel{text("svc"), text("@"), states}, customerUUID, waldurapi.ServiceAccountFilter{
			Scope: customerUUID, Username: "svc", Email: "@", States: []string{"OK", "Erred"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			customer := &customerServiceAccountFilterModel{test.filter, customerScope{tfkit.UUIDOrNull(test.scope)}}
			project := &projectServiceAccountFilterModel{test.filter, projectScope{tfkit.UUIDOrNull(test.scope)}}
			wantEqual(t, serviceAccountFilterToAPI(customer), test.want)
			wantEqual(t, serviceAccountFilterToAPI(project), test.want)
		})
	}
}
