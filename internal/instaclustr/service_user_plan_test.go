package instaclustr

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// serviceUserInState returns a service user in state.
func serviceUserInState() *serviceUserResourceModel {
	m := plannedServiceUser()
	user := aServiceUser()
	user.Role = "OWNER"
	m.fromAPI(user, serviceUserPrivate{})
	return m
}

// modifyUserPlan runs ModifyPlan. Without a state it is a create, without a plan a destroy.
func modifyUserPlan(
	t *testing.T, c *client, prior, planned *serviceUserResourceModel, private serviceUserPrivate, diags ...string,
) *serviceUserResourceModel {
	t.Helper()
	req := resource.ModifyPlanRequest{
		State: stateOf(t, serviceUserSchema(), nil), Plan: planOf(t, serviceUserSchema(), nil),
	}
	if prior != nil {
		req.State = stateOf(t, serviceUserSchema(), prior)
	}
	if planned != nil {
		req.Plan = planOf(t, serviceUserSchema(), planned)
	}
	req.Config = tfsdk.Config(req.Plan)
	resp := resource.ModifyPlanResponse{Plan: req.Plan}
	allocate(&req.Private)
	privateServiceUser.Store(t.Context(), req.Private, private, &resp.Diagnostics)
	(&serviceUserResource{configured(c)}).ModifyPlan(t.Context(), req, &resp)
	wantDiags(t, resp.Diagnostics, diags...)
	var m serviceUserResourceModel
	if planned != nil {
		wantNoError(t, resp.Plan.Get(t.Context(), &m))
	}
	return &m
}

func TestServiceUserPlanCreate(t *testing.T) {
	address := tfkit.NormalizedOrNull[emailNormalizer]
	unknownAddress := address("x")
	unknownAddress.StringValue = types.StringUnknown()
	creator := serviceUserPrivate{Creator: []string{"j.doe"}}
	listed := step{"GET", 200, "[" + userJSON("ci", "OWNER") + "]"}
	for name, test := range map[string]struct {
		change  func(*serviceUserResourceModel)
		private serviceUserPrivate
		steps   []step
		diags   []string
	}{
		"free": {nil, serviceUserPrivate{}, []step{{"GET", 200, "[]"}}, nil},
		"an unknown user name": {
			func(m *serviceUserResourceModel) { m.Username = types.StringUnknown() }, creator, nil, nil,
		},
		"an unknown address": {func(m *serviceUserResourceModel) { m.Email = unknownAddress }, creator, nil, nil},
		"an unknown role": {
			func(m *serviceUserResourceModel) { m.Role = types.StringUnknown() }, creator, []step{{"GET", 200, "[]"}},
			nil,
		},
		"users that can't be read": {nil, creator, []step{{"GET", 403, ""}}, nil},
		"a name in use":            {nil, serviceUserPrivate{}, []step{listed}, []string{"W Run terraform untaint"}},
		"an address in use": {
			func(m *serviceUserResourceModel) {
				m.Username, m.Email = types.StringValue("new"), address("CI@example.com")
			}, serviceUserPrivate{}, []step{listed}, []string{`W belongs to the service user "ci"`},
		},
		"replaced by itself": {
			nil, creator, []step{listed}, []string{
				"E A service user can't be replaced by a service user of the same name",
			},
		},
		"the provider's own": {
			func(m *serviceUserResourceModel) { m.Username = types.StringValue("ops") }, creator, nil,
			[]string{
				`E The provider would lock itself out: Replacing this service user revokes all API keys of "ops".`,
			},
		},
		"the provider's own, allowed": {
			func(m *serviceUserResourceModel) {
				m.Username, m.AllowSelfLockout = types.StringValue("ops"), types.BoolValue(true)
			}, creator, []step{{"GET", 200, "[]"}}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			planned := plannedServiceUser()
			if test.change != nil {
				test.change(planned)
			}
			c := scripted(t, test.steps...)
			wantEqual(
				t, modifyUserPlan(t, c, nil, planned, test.private, test.diags...), planned,
			) // as the framework made it
			role, known := c.roles.of(planned.Username.ValueString())
			if known == planned.Username.IsUnknown() || known && !role.Equal(planned.Role) {
				t.Errorf("the planned role is %s, known: %t", role, known)
			}
		})
	}
	modifyUserPlan(t, nil, nil, plannedServiceUser(), creator) // the provider is not configured yet
}

func TestServiceUserPlanUpdate(t *testing.T) {
	unknown := types.SetUnknown(types.StringType)
	set := func(names ...string) types.Set { return tfkit.StringSetOf(names) }
	for name, test := range map[string]struct {
		change            func(prior, planned *serviceUserResourceModel)
		private           serviceUserPrivate
		allowed, keyTypes types.Set
		diags             []string
	}{
		"no change": {
			func(_, _ *serviceUserResourceModel) {}, serviceUserPrivate{}, set("MONITORING", "PROVISIONING"),
			set("MONITORING", "PROVISIONING"), nil,
		},
		"an unknown role": {
			func(_, planned *serviceUserResourceModel) { planned.Role = types.StringUnknown() },
			serviceUserPrivate{}, unknown, unknown,
			[]string{"W If it turns out READ_ONLY, the apply revokes the API keys of the types PROVISIONING, whoever"},
		},
		"a lower role": {
			func(_, planned *serviceUserResourceModel) { planned.Role = types.StringValue("CLUSTER_ADMIN") },
			serviceUserPrivate{}, unknown, set("MONITORING", "PROVISIONING"), nil,
		},
		"a role that ends keys": {
			func(_, planned *serviceUserResourceModel) {
				planned.Role = types.StringValue(
					"READ_ONLY",
				)
			}, serviceUserPrivate{}, unknown, unknown,
			[]string{
				`W The role READ_ONLY of "ci" does not allow API keys of the types PROVISIONING. Applying this plan`,
			},
		},
		"keys to revoke": {
			func(_, _ *serviceUserResourceModel) {}, serviceUserPrivate{KeysToRevoke: map[string]string{"A": "1"}},
			set("MONITORING", "PROVISIONING"), unknown,
			[]string{"W that an earlier apply could not revoke, of the types A"},
		},
		"unknown administrators": {
			func(prior, planned *serviceUserResourceModel) {
				prior.Administrators, planned.Administrators = set("ops"), unknown
			}, serviceUserPrivate{}, set("MONITORING", "PROVISIONING"), set("MONITORING", "PROVISIONING"), nil,
		},
		"the provider's person leaves": {
			func(prior, planned *serviceUserResourceModel) {
				prior.Administrators, planned.Administrators = set("ops"), set("a.smith")
			}, serviceUserPrivate{}, set("MONITORING", "PROVISIONING"), set("MONITORING", "PROVISIONING"),
			[]string{`E The administrators would not include "ops" any more.`},
		},
		"the provider's person leaves, allowed": {
			func(prior, planned *serviceUserResourceModel) {
				prior.Administrators, planned.Administrators = set("ops"), set("a.smith")
				planned.AllowSelfLockout = types.BoolValue(true)
			}, serviceUserPrivate{}, set("MONITORING", "PROVISIONING"), set("MONITORING", "PROVISIONING"), nil,
		},
		"the creator stays": {
			func(prior, planned *serviceUserResourceModel) {
				prior.Administrators, planned.Administrators = set("ops"), set("a.smith")
			}, serviceUserPrivate{Creator: []string{"ops"}}, set(
				"MONITORING", "PROVISIONING",
			), set("MONITORING", "PROVISIONING"), nil,
		},
		"the provider's own role": {
			func(prior, planned *serviceUserResourceModel) {
				prior.Username, planned.Username = types.StringValue("ops"), types.StringValue("ops")
				planned.Role = types.StringValue("READ_ONLY")
			}, serviceUserPrivate{}, unknown, unknown, []string{`E The role READ_ONLY ends API keys of "ops".`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			prior, planned := serviceUserInState(), serviceUserInState()
			test.change(prior, planned)
			got := modifyUserPlan(t, scripted(t), prior, planned, test.private, test.diags...) // without any request
			if !got.AllowedKeyTypes.Equal(test.allowed) || !got.KeyTypes.Equal(test.keyTypes) {
				t.Errorf("allowed %s, existing %s", got.AllowedKeyTypes, got.KeyTypes)
			}
			if !got.Administrators.Equal(planned.Administrators) || !got.Role.Equal(planned.Role) {
				t.Errorf("administrators %s, role %s", got.Administrators, got.Role)
			}
		})
	}
}

func TestServiceUserPlanEnd(t *testing.T) {
	address := tfkit.NormalizedOrNull[emailNormalizer]
	unknownAddress := address("x")
	unknownAddress.StringValue = types.StringUnknown()
	const left, lockout = "W A service user is left behind", "E The provider would lock itself out"
	replace := func(username types.String, email email) func(*serviceUserResourceModel) {
		return func(m *serviceUserResourceModel) { m.Username, m.Email = username, email }
	}
	same, other := types.StringValue("ci"), types.StringValue("ci2")
	for name, test := range map[string]struct {
		own    bool
		change func(*serviceUserResourceModel) // nil: destroy
		diags  []string
	}{
		"destroy": {false, nil, nil},
		"destroy the provider's own": {
			true, nil, []string{lockout + `: Destroying this resource revokes all API keys of "ops".`},
		},
		"replace":                    {false, replace(other, address("new@example.com")), []string{left}},
		"replace the provider's own": {true, replace(other, address("new@example.com")), []string{lockout, left}},
		"another address alone": {
			false, replace(same, address("new@example.com")), []string{`E The user name "ci" stays in use.`, left},
		},
		"another name alone": {
			false, replace(other, address("ci@example.com")),
			[]string{`E The e-mail address "ci@example.com" stays`, left},
		},
		"an unknown address": {false, replace(same, unknownAddress), []string{"E apply -target=ADDRESS"}},
		"an unknown name": {
			false, replace(types.StringUnknown(), address("new@example.com")), []string{"E The username of \"ci\""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			prior := serviceUserInState()
			if test.own {
				prior.Username = types.StringValue("ops")
			}
			var planned *serviceUserResourceModel
			if test.change != nil {
				planned = serviceUserInState()
				test.change(planned)
			}
			modifyUserPlan(t, scripted(t), prior, planned, serviceUserPrivate{}, test.diags...)
		})
	}
}
