package wavefront

import (
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
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
	const summary = ": The provider could lock itself out: This plan "
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

// What a plan keeps of the computed attributes: they are unknown only if the update can change them.
func TestKeepUnaffected(t *testing.T) {
	all := [3]bool{true, true, true}
	state := serviceAccountResourceModel{
		UserGroups: setOf("g1"), EffectiveUserGroups: setOf("g1", "sys"), serviceAccountModel: serviceAccountModel{
			Permissions: setOf("p1"), Roles: setOf("r1"),
			UnitedPermissions: setOf("p1", "p2"), UnitedRoles: setOf("r1"),
		},
	}
	for name, test := range map[string]struct {
		change func(*serviceAccountResourceModel)
		want   [3]bool // whether groups, united roles and united permissions are known
	}{
		"description": {func(m *serviceAccountResourceModel) { m.Description = tfkit.TextOrNull("x") }, all},
		"active":      {func(m *serviceAccountResourceModel) { m.Active = types.BoolUnknown() }, all},
		"permissions": {func(m *serviceAccountResourceModel) { m.Permissions = setOf() }, [3]bool{true, true, false}},
		"roles":       {func(m *serviceAccountResourceModel) { m.Roles = unknownSet() }, [3]bool{true, false, false}},
		"groups":      {func(m *serviceAccountResourceModel) { m.UserGroups = setOf("g2") }, [3]bool{}},
		"unknown":     {func(m *serviceAccountResourceModel) { m.UserGroups = unknownSet() }, [3]bool{}},
	} {
		t.Run(name, func(t *testing.T) {
			plan := state
			plan.EffectiveUserGroups, plan.UnitedRoles = unknownSet(), unknownSet()
			plan.UnitedPermissions = unknownSet()
			test.change(&plan)
			plan.keepUnaffected(&state)
			got := [3]bool{
				plan.EffectiveUserGroups.Equal(state.EffectiveUserGroups), plan.UnitedRoles.Equal(state.UnitedRoles),
				plan.UnitedPermissions.Equal(state.UnitedPermissions),
			}
			if got != test.want {
				t.Errorf("known: %v, want %v", got, test.want)
			}

			unread := serviceAccountResourceModel{EffectiveUserGroups: noSet()}
			plan.EffectiveUserGroups = unknownSet()
			plan.keepUnaffected(&unread)
			if !plan.EffectiveUserGroups.IsUnknown() {
				t.Error("a value that was never read is planned")
			}
		})
	}
}

func TestPlanGroups(t *testing.T) {
	partly := types.SetValueMust(types.StringType, append(setOf("g1").Elements(), types.StringUnknown()))
	for name, test := range map[string]struct {
		config, state, want types.Set
	}{
		"none":                          {noSet(), noSet(), noSet()},
		"none, after an import":         {noSet(), setOf(), setOf()},
		"none, and an added group":      {noSet(), setOf("sys"), noSet()},
		"none any more":                 {noSet(), setOf("g1"), noSet()},
		"an empty list":                 {setOf(), noSet(), setOf()},
		"an empty list, of added":       {setOf(), setOf("sys"), setOf()},
		"the same":                      {setOf("g1"), setOf("g1"), setOf("g1")},
		"another":                       {setOf("g2"), setOf("g1"), setOf("g2")},
		"the system group too":          {setOf("g1", "sys"), setOf("g1"), setOf("g1")},
		"the system group alone":        {setOf("sys"), setOf(), setOf()},
		"the system group, not in null": {setOf("sys"), noSet(), setOf("sys")},
		"the system group no more":      {setOf("g1"), setOf("g1", "sys"), setOf("g1")},
		"the system group and another":  {setOf("g2", "sys"), setOf("g1"), setOf("g2", "sys")},
		"unknown":                       {unknownSet(), setOf("g1"), unknownSet()},
		"partly known":                  {partly, setOf("g1"), partly},
	} {
		t.Run(name, func(t *testing.T) {
			state := serviceAccountResourceModel{UserGroups: test.state, EffectiveUserGroups: setOf("x")}
			plan := state
			plan.planGroups(test.config, &state, addedGroups{"sys"})
			if !plan.UserGroups.Equal(test.want) {
				t.Errorf("got %s, want %s", plan.UserGroups, test.want)
			}
			if plan.EffectiveUserGroups.IsUnknown() == plan.UserGroups.Equal(test.state) {
				t.Errorf("effective groups: %s", plan.EffectiveUserGroups)
			}
		})
	}
}

// A destroy waits for a create of the same account, and a create for a destroy: a resource block that is renamed
// does both in one apply.
func TestDestroyWaitsForCreate(t *testing.T) {
	r := newAccountResource(&connection{}).(*serviceAccountResource)
	r.Client = script{"GET " + active, "DELETE 200 {}", noAccounts}.client(t)
	r.Data = &tfkit.Data{Locks: &tfkit.Locks{}}
	s := serviceAccountSchema()
	state := tfsdk.State{Schema: s, Raw: tftypes.NewValue(s.Type().TerraformType(t.Context()), nil)}
	wantMessages(t, state.SetAttribute(t.Context(), path.Root("identifier"), "sa::ci"))

	unlock := r.Data.Locks.Lock(serviceAccountType + "/sa::ci") // as a create does
	var resp resource.DeleteResponse
	done := make(chan struct{})
	go func() {
		r.Delete(t.Context(), resource.DeleteRequest{State: state}, &resp)
		close(done)
	}()
	select {
	case <-done:
		t.Error("the destroy did not wait")
	case <-time.After(50 * time.Millisecond):
	}
	unlock()
	<-done
	wantMessages(t, resp.Diagnostics)
}
