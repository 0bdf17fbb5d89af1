package instaclustrsim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

// Wrong fields are all reported at once, and change nothing.
func TestFields(t *testing.T) {
	w := newWorld(t)
	before := w.sim.ServiceUsers()
	const unknownType = `apiKeyType must be one of MONITORING, PROVISIONING, PROVISIONING_READONLY, USER_MANAGEMENT.`
	const unknownRole = `"profile":"profile must be one of READ_ONLY, CLUSTER_ADMIN, OWNER."`
	const noList = `"administrators":"administrators must be an array of strings."`
	for _, test := range []struct{ request, body, want string }{
		{"POST ", `{}`, `{"email":"email cannot be null.","profile":"profile cannot be null.",` +
			`"username":"username cannot be null."}`},
		{"POST ", `{"username":5,"email":"","profile":"BILLING","displayName":[]}`,
			`{"displayName":"displayName must be a string.","email":"email cannot be blank.",` + unknownRole +
				`,"username":"username must be a string."}`},
		{"POST ", `{"Username":"x","email":"x","profile":"OWNER"}`, `{"username":"username cannot be null."}`},
		{"PUT /ci", `{"displayName":1,"profile":"KING","administrators":"j.owner"}`,
			`{` + noList + `,"displayName":"displayName must be a string.",` + unknownRole + `}`},
		{"PUT /ci", `{"administrators":["j.owner",null]}`, `{` + noList + `}`},
		{"POST /ci/api-keys", `{"apiKeyType":null}`, `{"apiKeyType":"apiKeyType cannot be null."}`},
		{"POST /ci/api-keys", `{"apiKeyType":""}`, `{"apiKeyType":"apiKeyType cannot be null."}`},
		{"POST /ci/api-keys", `{"keyType":"MONITORING"}`, `{"apiKeyType":"apiKeyType cannot be null."}`},
		{"POST /ci/api-keys", `{"apiKeyType":1}`, `{"apiKeyType":"apiKeyType must be a string."}`},
		{"DELETE /ci/api-keys", `{"apiKeyType":"monitoring"}`, `{"apiKeyType":"` + unknownType + `"}`},
		{"POST /ci/api-keys/ANY/rotate", ``, `{"apiKeyType":"` + unknownType + `"}`},
		{"PUT /ci/api-keys/ANY/ip-restrictions", `{}`,
			`{"apiKeyType":"` + unknownType + `","cidrAllowList":"cidrAllowList cannot be null."}`},
		{"PUT /ci/api-keys/MONITORING/ip-restrictions", `{"cidrAllowList":"10.0.0.0/8"}`,
			`{"cidrAllowList":"cidrAllowList must be an array of strings."}`},
	} {
		w.run(step{owner, test.request, test.body, "", "400 " + test.want})
	}
	simtest.Equal(t, "users", w.sim.ServiceUsers(), before)
}
