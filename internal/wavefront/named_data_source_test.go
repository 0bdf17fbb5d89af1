package wavefront

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// What a response leaves out is null; a name of the configuration stays.
func TestRoleFromAPI(t *testing.T) {
	id, ops := types.StringValue("r1"), types.StringValue("Ops")
	for name, test := range map[string]struct {
		configured types.String
		body       string
		want       roleDataModel
	}{
		"everything": {types.StringNull(), `{"id":"r1","name":"Ops","description":"x","permissions":["p"]}`,
			roleDataModel{id, ops, types.StringValue("x"), setOf("p")}},
		"empty": {types.StringNull(), `{"id":"r1","name":"Ops","description":"","permissions":[]}`,
			roleDataModel{id, ops, types.StringNull(), setOf()}},
		"left out": {types.StringNull(), `{"id":"r1"}`,
			roleDataModel{id, types.StringNull(), types.StringNull(), noSet()}},
		"left out, by name": {ops, `{"id":"r1"}`, roleDataModel{id, ops, types.StringNull(), noSet()}},
		"null": {ops, `{"id":"r1","name":null,"description":null,"permissions":null}`,
			roleDataModel{id, ops, types.StringNull(), noSet()}},
	} {
		t.Run(name, func(t *testing.T) {
			m := roleDataModel{Name: test.configured}
			m.fromAPI(decoded[wavefrontapi.Role](t, test.body))
			wantEqual(t, m, test.want)
		})
	}
}

func TestUserGroupFromAPI(t *testing.T) {
	id, ops := types.StringValue("g1"), types.StringValue("Ops")
	leftOut := userGroupDataModel{ID: id, Name: ops, Roles: noSet()}
	for name, test := range map[string]struct {
		body string
		want userGroupDataModel
	}{
		"everything": {
			`{"id":"g1","name":"Ops","description":"x","roles":["r1"],"userCount":3,
				"properties":{"nameEditable":false,"usersEditable":false}}`,
			userGroupDataModel{
				id, ops, types.StringValue("x"), setOf("r1"), types.Int64Value(3), types.BoolValue(true),
			},
		},
		"empty": {
			`{"id":"g1","name":"Ops","description":"","roles":[],"userCount":0,"properties":{"nameEditable":true}}`,
			userGroupDataModel{id, ops, types.StringNull(), setOf(), types.Int64Value(0), types.BoolValue(false)},
		},
		"left out": {`{"id":"g1"}`, leftOut},
		"null": {
			`{"id":"g1","name":null,"description":null,"roles":null,"userCount":null,"properties":null}`, leftOut,
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := userGroupDataModel{Name: ops}
			m.fromAPI(decoded[wavefrontapi.UserGroup](t, test.body))
			wantEqual(t, m, test.want)
		})
	}
}
