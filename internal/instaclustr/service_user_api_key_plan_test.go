package instaclustr

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// modifyKeyPlan runs ModifyPlan, with the end of the key in private state.
func modifyKeyPlan(
	t *testing.T, c *client, prior, planned *apiKeyResourceModel, tail string, diags ...string,
) *apiKeyResourceModel {
	t.Helper()
	req := resource.ModifyPlanRequest{State: stateOf(t, apiKeySchema(), nil), Plan: planOf(t, apiKeySchema(), nil)}
	if prior != nil {
		req.State = stateOf(t, apiKeySchema(), prior)
	}
	if planned != nil {
		req.Plan = planOf(t, apiKeySchema(), planned)
	}
	resp := resource.ModifyPlanResponse{Plan: req.Plan}
	allocate(&req.Private)
	privateKeyTail.Store(t.Context(), req.Private, tail, &resp.Diagnostics)
	tfkit.Private[time.Time]{Key: "observed_at"}.Store(t.Context(), req.Private, now, &resp.Diagnostics)
	(&apiKeyResource{configured(c)}).ModifyPlan(t.Context(), req, &resp)
	wantDiags(t, resp.Diagnostics, diags...)
	var m apiKeyResourceModel
	if planned != nil {
		wantNoError(t, resp.Plan.Get(t.Context(), &m))
	}
	return &m
}

func aKeyOf(username, keyType types.String) *apiKeyResourceModel {
	m := newAPIKeyResourceModel("ci", "MONITORING")
	m.Username, m.KeyType, m.EffectiveCIDRAllowList = username, keyType, types.SetUnknown(types.StringType)
	return m
}

func TestAPIKeyPlanCreate(t *testing.T) {
	text, unknown := types.StringValue, types.StringUnknown()
	ofUser := func(keyTypes ...string) step { return step{"GET /ci", 200, userJSON("ci", "OWNER", keyTypes...)} }
	own := func(keyTypes ...string) step { return step{"GET /ops", 200, userJSON("ops", "OWNER", keyTypes...)} }
	const refused, fails = "E allows no API key of type", "W Applying this plan fails: the role OWNER of ci allows no"
	const lockout = "E Applying this plan replaces or adopts the API key ops/MONITORING."
	for name, test := range map[string]struct {
		username, keyType types.String
		role              types.String // planned in the same run; null: none
		tail              string
		steps             []step
		diags             []string
	}{
		"allowed by the server": {text("ci"), text("MONITORING"), types.StringNull(), "", []step{ofUser()}, nil},
		"refused by the server": {
			text("ci"), text("PROVISIONING"), types.StringNull(), "", []step{ofUser()}, []string{fails},
		},
		"a user that can't be read": {
			text("ci"), text("PROVISIONING"), types.StringNull(), "", []step{{"GET /ci", 403, ""}}, nil,
		},
		"an unknown user":           {unknown, text("PROVISIONING"), types.StringNull(), "", nil, nil},
		"an unknown type":           {text("ci"), unknown, types.StringNull(), "", nil, nil},
		"allowed by a planned role": {text("ci"), text("PROVISIONING"), text("OWNER"), "", nil, nil},
		"refused by a planned role": {
			text("ci"), text("PROVISIONING"), text("READ_ONLY"), "", nil, []string{refused},
		},
		"an unknown planned role": {text("ci"), text("PROVISIONING"), unknown, "", nil, nil},
		"a key of the provider's user": {
			text("ops"), text("MONITORING"), text("OWNER"), "", []step{own("MONITORING")}, nil,
		},
		"no key yet": {text("ops"), text("MONITORING"), text("OWNER"), "", []step{own()}, nil},
		"the provider's own": {
			text("ops"), text("MONITORING"), text("OWNER"), "f-ops", nil, []string{lockout},
		},
		"the provider's own, perhaps": {
			text("ops"), text("MONITORING"), text("OWNER"), "", []step{{"GET /ops", 403, ""}}, []string{lockout},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := scripted(t, test.steps...)
			if !test.role.IsNull() {
				c.roles.add(test.username, test.role)
			}
			planned := aKeyOf(test.username, test.keyType)
			got := modifyKeyPlan(t, c, nil, planned, test.tail, test.diags...)
			planned.PlanCreate()
			wantEqual(t, got, planned) // otherwise as the framework made it
		})
	}
	allowed := aKeyOf(text("ops"), text("MONITORING"))
	allowed.AllowSelfLockout = types.BoolValue(true)
	c := scripted(t)
	c.roles.add(text("ops"), text("OWNER"))
	modifyKeyPlan(t, c, nil, allowed, "f-ops")
	modifyKeyPlan(t, nil, nil, aKeyOf(text("ops"), text("MONITORING")), "f-ops") // the provider is not configured yet
}

func TestAPIKeyPlanUpdate(t *testing.T) {
	const rotates, restricts = "Applying this plan rotates the API key", "Applying this plan restricts the API key"
	keepers := func(value attr.Value) types.Map {
		return types.MapValueMust(types.StringType, map[string]attr.Value{"release": value})
	}
	rotate := func(planned *apiKeyResourceModel) { planned.Keepers = keepers(types.StringValue("2")) }
	restrict := func(planned *apiKeyResourceModel) { planned.CIDRAllowList = cidrs("192.0.2.0/24") }
	other := func(planned *apiKeyResourceModel) { planned.KeyType = types.StringValue("PROVISIONING") }
	own := func(change func(*apiKeyResourceModel)) func(*apiKeyResourceModel) {
		return func(planned *apiKeyResourceModel) { planned.Username = types.StringValue("ops"); change(planned) }
	}
	for name, test := range map[string]struct {
		change  func(planned *apiKeyResourceModel) // of the user ci, or ops for the provider's own key
		rotates bool
		steps   []step
		diags   []string
	}{
		"no change": {func(*apiKeyResourceModel) {}, false, nil, nil},
		"a keeper": {
			rotate, true, nil, []string{"W its keepers have changed. The current key stops working at once."},
		},
		"an unknown keeper": {
			func(planned *apiKeyResourceModel) { planned.Keepers = keepers(types.StringUnknown()) }, true, nil,
			[]string{"W a keeper is not known before apply"},
		},
		"unknown keepers": {
			func(planned *apiKeyResourceModel) { planned.Keepers = types.MapUnknown(types.StringType) }, true, nil,
			[]string{"W a keeper is not known before apply"},
		},
		"another list": {restrict, false, nil, nil},
		"another type": {
			other, false, []step{{"GET /ci", 200, userJSON("ci", "OWNER")}},
			[]string{"W the role OWNER of ci allows no API key of type PROVISIONING"},
		},
		"own, rotated":    {own(rotate), true, nil, []string{"W keepers", "E " + rotates}},
		"own, restricted": {own(restrict), false, nil, []string{"E " + restricts}},
		"own, with a list that is not known": {
			own(func(planned *apiKeyResourceModel) { planned.CIDRAllowList = types.SetUnknown(cidrType{}) }), false,
			nil,
			[]string{"E Applying this plan may restrict the API key ops/MONITORING."},
		},
		"own, with a prefix that is not known": {
			own(func(planned *apiKeyResourceModel) {
				unknown := cidr{StringValue: types.StringUnknown()}
				planned.CIDRAllowList = types.SetValueMust(cidrType{}, []attr.Value{unknown})
			}), false, nil, []string{"E Applying this plan may restrict the API key ops/MONITORING."},
		},
		"own, with a keeper that is not known": {
			own(func(planned *apiKeyResourceModel) { planned.Keepers = keepers(types.StringUnknown()) }), true, nil,
			[]string{
				"W Applying this plan may rotate the API key: a keeper",
				"E Applying this plan may rotate the API key ops/MONITORING.",
			},
		},
		"own, replaced": {
			own(other), false, []step{{"GET /ops", 403, ""}},
			[]string{"E Replacing this resource revokes the API key ops/MONITORING."},
		},
		"own, perhaps allowed": { // the plan during the apply decides
			own(
				func(planned *apiKeyResourceModel) {
					rotate(planned)
					planned.AllowSelfLockout = types.BoolUnknown()
				},
			), true, nil,
			[]string{"W keepers"},
		},
		"own, allowed": {
			own(
				func(planned *apiKeyResourceModel) {
					rotate(planned)
					planned.AllowSelfLockout = types.BoolValue(true)
				},
			), true, nil,
			[]string{"W keepers"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			prior, planned := anAPIKey(), anAPIKey()
			prior.Keepers, planned.Keepers = keepers(types.StringValue("1")), keepers(types.StringValue("1"))
			test.change(planned)
			tail := ""
			if planned.Username.ValueString() == "ops" {
				prior.Username, tail = planned.Username, "f-ops"
			}
			got := modifyKeyPlan(t, scripted(t, test.steps...), prior, planned, tail, test.diags...)
			if got.WillRotate() != test.rotates {
				t.Errorf("rotates: %t, want %t", got.WillRotate(), test.rotates)
			}
		})
	}
}

// While the value of an attribute is not known, the plan of an existing key says what each value may do.
func TestAPIKeyPlanUnknown(t *testing.T) {
	const replaced = "W is not known before apply. Applying this plan revokes the API key ci/MONITORING and issues " +
		"another"
	const rotated = "api_key expires_at rotated_at"
	table := map[string]struct {
		unknown string // attributes besides the attribute itself
		diags   []string
	}{
		"username":           {"", []string{replaced}}, // Terraform marks everything else
		"key_type":           {"", []string{replaced}},
		"cidr_allow_list":    {"effective_cidr_allow_list", nil},
		"keepers":            {rotated, []string{"W a keeper is not known before apply, and may have changed"}},
		"rotate_after":       {rotated, []string{"W the time of its rotation is not known before apply"}},
		"adopt_by_rotation":  {"", nil},
		"allow_self_lockout": {"", nil},
		"rotate_when_dead":   {"", nil}, // the key works
		"age_recipients":     {"api_key encrypted_api_key", nil},
		// Only null is possible: the plan during the apply refuses every other value.
		"overlap": {"", nil}, "rotate_before_expiry": {"", nil},
	}
	wantAllConfigurable(t, apiKeySchema(), table)
	for name, test := range table {
		t.Run(name, func(t *testing.T) {
			prior := anAPIKey()
			prior.Keepers = types.MapValueMust(types.StringType,
				map[string]attr.Value{"release": types.StringValue("1")})
			var planned apiKeyResourceModel
			withUnknown(t, apiKeySchema(), prior, &planned, name)
			got := modifyKeyPlan(t, scripted(t), prior, &planned, "", test.diags...)
			unknown := slices.DeleteFunc(unknownIn(t, apiKeySchema(), got),
				func(n string) bool { return n == "key_version" })
			wantEqual(t, unknown, tfkit.Distinct(strings.Fields(test.unknown+" "+name)))
		})
	}
}

// A list that the service dropped, and that could not be written again, is written unless one is configured.
func TestPlanDroppedList(t *testing.T) {
	open, dropped := tfkit.StringSetOf([]string{"0.0.0.0/0"}), []string{"10.0.0.0/8"}
	for want, configured := range map[string]types.Set{
		"10.0.0.0/8": types.SetNull(cidrType{}), "192.0.2.0/24": cidrs("192.0.2.1/24"),
	} {
		m := apiKeyResourceModel{CIDRAllowList: configured}
		if !m.planRestriction(open, dropped) {
			t.Error("nothing is written")
		}
		wantEqual(t, tfkit.Strings(m.EffectiveCIDRAllowList), []string{want})
	}
}

// The end of the key that the provider signs in with may be known from state alone, as before the
// first refresh.
func TestAPIKeyPlanDestroy(t *testing.T) {
	const lockout = "E Destroying this resource revokes the API key ops/MONITORING."
	prior := anAPIKey()
	modifyKeyPlan(t, scripted(t), prior, nil, "")
	prior.Username = types.StringValue("ops")
	modifyKeyPlan(t, scripted(t), prior, nil, "")
	modifyKeyPlan(t, scripted(t), prior, nil, "f-ops", lockout)
	prior.Set(rotation.Issued{Secret: transport.NewSecret("key-of-ops")}, before, &diag.Diagnostics{})
	modifyKeyPlan(t, scripted(t), prior, nil, "", lockout)
	prior.AllowSelfLockout = types.BoolValue(true)
	modifyKeyPlan(t, scripted(t), prior, nil, "")
}

func TestPlanRestriction(t *testing.T) {
	none, unknown := types.SetNull(types.StringType), types.SetUnknown(types.StringType)
	written := tfkit.StringSetOf([]string{"10.0.0.0/8"})
	unknownElement := types.SetValueMust(cidrType{}, []attr.Value{cidr{StringValue: types.StringUnknown()}})
	for name, test := range map[string]struct {
		configured, prior types.Set
		rotates           bool
		want              types.Set
		writes            bool
	}{
		"no list":               {types.SetNull(cidrType{}), none, false, none, false},
		"left out":              {types.SetNull(cidrType{}), written, false, written, false},
		"left out, rotated":     {types.SetNull(cidrType{}), written, true, written, false},
		"imported, rotated":     {types.SetNull(cidrType{}), none, true, unknown, false},
		"another spelling":      {cidrs("10.9.9.9/8"), written, false, written, false},
		"the same, rotated":     {cidrs("10.0.0.0/8"), written, true, written, false},
		"first after an import": {cidrs("10.0.0.0/8"), none, false, written, true},
		"another list": {
			cidrs("10.0.0.0/8"), tfkit.StringSetOf([]string{"0.0.0.0/0"}), false, written, true,
		},
		"unknown":                 {types.SetUnknown(cidrType{}), written, false, unknown, true},
		"an unknown element":      {unknownElement, written, false, unknown, true},
		"an empty list was there": {cidrs("10.0.0.0/8"), tfkit.StringSetOf(nil), false, written, true},
	} {
		m := apiKeyResourceModel{CIDRAllowList: test.configured}
		if test.rotates {
			m.Plan(rotation.NoKey(), rotation.PlanContext{Unconfirmed: true}, "")
		}
		if got := m.planRestriction(test.prior, nil); got != test.writes || !m.EffectiveCIDRAllowList.Equal(test.want) {
			t.Errorf("%s: %t, %s", name, got, m.EffectiveCIDRAllowList)
		}
	}
}
