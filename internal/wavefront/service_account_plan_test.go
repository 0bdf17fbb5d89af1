package wavefront

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestRemoved(t *testing.T) {
	partly := types.SetValueMust(types.StringType, append(setOf("a").Elements(), types.StringUnknown()))
	for name, test := range map[string]struct {
		state, plan types.Set
		want        []string
	}{
		"nothing":         {noSet(), noSet(), nil},
		"the same":        {setOf("a", "b"), setOf("b", "a"), nil},
		"one":             {setOf("a", "b"), setOf("a"), []string{"b"}},
		"all, left out":   {setOf("a", "b"), noSet(), []string{"a", "b"}},
		"all, empty":      {setOf("a", "b"), setOf(), []string{"a", "b"}},
		"one for another": {setOf("a"), setOf("b"), []string{"a"}},
		"one more":        {setOf("a"), setOf("a", "b"), nil},
		"not known yet":   {setOf("a", "b"), unknownSet(), nil},
		"partly known":    {setOf("a", "b"), partly, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := removed(test.state, test.plan); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// The account of the provider itself: each possible change, and each value that may
// be unknown.
func TestRefuseLockoutOfAccount(t *testing.T) {
	const summary = ": The provider would lock itself out: This plan "
	own := serviceAccountResourceModel{UserGroups: setOf("g1"), serviceAccountModel: serviceAccountModel{
		Identifier: types.StringValue("sa::tf"), Active: types.BoolValue(true),
		Permissions: setOf("user_management", "ingestion"), Roles: setOf("r1"),
	}}
	for name, test := range map[string]struct {
		change func(*serviceAccountResourceModel)
		want   []string
	}{
		"nothing": {func(*serviceAccountResourceModel) {}, nil},
		"another identifier": {
			func(m *serviceAccountResourceModel) { m.Identifier = types.StringValue("sa::b") },
			[]string{"Error identifier" + summary + "revokes the tokens of the account"},
		},
		"an unknown identifier": {
			func(m *serviceAccountResourceModel) { m.Identifier = types.StringUnknown() },
			[]string{"Error identifier" + summary + "revokes the tokens of the account"},
		},
		"inactive": {
			func(m *serviceAccountResourceModel) { m.Active = types.BoolValue(false) },
			[]string{"Error active" + summary + "deactivates the account. The provider itself signs in with it"},
		},
		"active is unknown": {func(m *serviceAccountResourceModel) { m.Active = types.BoolUnknown() }, nil},
		"another permission": {
			func(m *serviceAccountResourceModel) { m.Permissions = setOf("user_management") }, nil,
		},
		"no permissions": {
			func(m *serviceAccountResourceModel) { m.Permissions = noSet() },
			[]string{"Error permissions" + summary + "removes user_management"},
		},
		"permissions are unknown": {func(m *serviceAccountResourceModel) { m.Permissions = unknownSet() }, nil},
		"one more role":           {func(m *serviceAccountResourceModel) { m.Roles = setOf("r1", "r2") }, nil},
		"no roles": {
			func(m *serviceAccountResourceModel) { m.Roles = setOf() },
			[]string{"Error roles" + summary + "removes a role"},
		},
		"roles are unknown": {func(m *serviceAccountResourceModel) { m.Roles = unknownSet() }, nil},
		"another user group": {
			func(m *serviceAccountResourceModel) { m.UserGroups = setOf("g2") },
			[]string{"Error user_groups" + summary + "removes a user group"},
		},
		"user groups are unknown": {func(m *serviceAccountResourceModel) { m.UserGroups = unknownSet() }, nil},
		"a description is harmless": {
			func(m *serviceAccountResourceModel) { m.Description.StringValue = types.StringValue("x") }, nil,
		},
		"several": {
			func(m *serviceAccountResourceModel) { m.Active, m.Roles = types.BoolValue(false), noSet() },
			[]string{"Error active", "Error roles"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan := own
			test.change(&plan)
			var diags diag.Diagnostics
			plan.refuseLockout(&own, &diags)
			wantMessages(t, diags, test.want...)
		})
	}
}
