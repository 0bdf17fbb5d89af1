package instaclustr

import (
	"strings"
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
				`E The provider could lock itself out: Replacing this service user revokes all API keys of "ops".`,
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

// While the value of an attribute is not known, the plan of an existing user says what each value may do.
func TestServiceUserPlanUnknown(t *testing.T) {
	const target = "is not known before apply. If it turned out the same, the service user would have been replaced"
	table := map[string]struct {
		unknown string // attributes besides the attribute itself
		diags   []string
	}{
		"username":       {"", []string{"E The username of \"ci\" " + target}},
		"email":          {"", []string{"E The email of \"ci\" " + target}},
		"display_name":   {"", nil},
		"administrators": {"", nil},
		"role": {"allowed_key_types key_types", []string{
			"W If it turns out READ_ONLY, the apply revokes the API keys of the types PROVISIONING, whoever uses them.",
		}},
		"initial_api_keys": {"key_types", []string{
			`W API keys of the types MONITORING, which still exist. initial_api_keys is not known before apply.`,
		}},
		"allow_self_lockout": {"", nil},
		"adopt_existing":     {"", nil},
	}
	wantAllConfigurable(t, serviceUserSchema(), table)
	for name, test := range table {
		t.Run(name, func(t *testing.T) {
			private := serviceUserPrivate{}
			if name == "initial_api_keys" {
				private.ImportedKeys = map[string]string{"MONITORING": "11111"}
			}
			var planned serviceUserResourceModel
			withUnknown(t, serviceUserSchema(), serviceUserInState(), &planned, name)
			got := modifyUserPlan(t, scripted(t), serviceUserInState(), &planned, private, test.diags...)
			wantEqual(t, unknownIn(t, serviceUserSchema(), got), tfkit.Distinct(strings.Fields(test.unknown+" "+name)))
		})
	}
}

// The keys that a user had when it was imported end only if the configuration says so.
func TestServiceUserPlanImportedKeys(t *testing.T) {
	text, null := types.StringValue, types.StringNull()
	for name, test := range map[string]struct {
		prior, configured types.String
		own, revokes      bool
		diags             []string
	}{
		"nothing configured": {null, null, false, false, []string{`W set initial_api_keys = "revoke"`}},
		"revoke": {null, text("revoke"), false, true,
			[]string{"W Applying this plan revokes them"}},
		"keep": {null, text("keep"), false, false, nil},
		"keep before": {text("keep"), text("revoke"), false, true,
			[]string{"W Applying this plan revokes"}},
		"revoke before":               {text("revoke"), text("revoke"), false, false, nil},
		"revoke before, now left out": {text("revoke"), null, false, false, nil},
		"the provider's own":          {null, text("revoke"), true, true, []string{"E ends API keys of \"ops\""}},
	} {
		t.Run(name, func(t *testing.T) {
			prior, planned := serviceUserInState(), serviceUserInState()
			prior.InitialAPIKeys, planned.InitialAPIKeys = test.prior, test.configured
			if test.own {
				prior.Username, planned.Username = text("ops"), text("ops")
			}
			private := serviceUserPrivate{ImportedKeys: map[string]string{"MONITORING": "11111"}}
			got := modifyUserPlan(t, scripted(t), prior, planned, private, test.diags...)
			wantEqual(t, got.KeyTypes.IsUnknown(), test.revokes)
		})
	}
}

func TestServiceUserPlanEnd(t *testing.T) {
	address := tfkit.NormalizedOrNull[emailNormalizer]
	unknownAddress := address("x")
	unknownAddress.StringValue = types.StringUnknown()
	const left, lockout = "W A service user is left behind", "E The provider could lock itself out"
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
