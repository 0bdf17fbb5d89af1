package instaclustr

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// now is the time of the clock in these tests.
var now = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// configured returns the base of a resource with a client.
func configured(c *client) tfkit.Resource[client] {
	data := &tfkit.Data{Clock: func() time.Time { return now }, Locks: &tfkit.Locks{}}
	var r tfkit.Resource[client]
	r.Client, r.Data = c, data
	return r
}

// stateOf returns a state that holds a model; without a model it is that of a resource that does
// not exist.
func stateOf(t *testing.T, s schema.Schema, model any) tfsdk.State {
	t.Helper()
	state := tfsdk.State{Schema: s, Raw: tftypes.NewValue(s.Type().TerraformType(t.Context()), nil)}
	if model != nil {
		wantNoError(t, state.Set(t.Context(), model))
	}
	return state
}

func planOf(t *testing.T, s schema.Schema, model any) tfsdk.Plan {
	t.Helper()
	return tfsdk.Plan(stateOf(t, s, model))
}

// allocate replaces a pointer to a type of the framework that has no name outside of it, as private
// states have.
func allocate[T any](pointer **T) { *pointer = new(T) }

func wantNoError(t *testing.T, diags diag.Diagnostics) {
	t.Helper()
	if diags.HasError() {
		t.Fatal(diags)
	}
}

// wantDiags checks that each text is in a diagnostic of its own, which begins with E for an error
// or W for a warning.
func wantDiags(t *testing.T, diags diag.Diagnostics, want ...string) {
	t.Helper()
	if len(diags) != len(want) {
		t.Errorf("got the diagnostics %v, want %q", diags, want)
		return
	}
	for i, d := range diags {
		text := d.Severity().String()[:1] + " " + d.Summary() + ": " + d.Detail()
		kind, words, _ := strings.Cut(want[i], " ")
		if !strings.HasPrefix(text, kind+" ") || !strings.Contains(text, words) {
			t.Errorf("got  %q\nwant %q", text, want[i])
		}
	}
}

// withUnknown reads into a model what another model has, with one attribute unknown.
func withUnknown(t *testing.T, s schema.Schema, model, into any, name string) {
	t.Helper()
	plan, kind := planOf(t, s, model), s.Attributes[name].GetType()
	unknown, err := kind.ValueFromTerraform(t.Context(),
		tftypes.NewValue(kind.TerraformType(t.Context()), tftypes.UnknownValue))
	if err != nil {
		t.Fatal(err)
	}
	wantNoError(t, plan.SetAttribute(t.Context(), path.Root(name), unknown))
	wantNoError(t, plan.Get(t.Context(), into))
}

// unknownIn returns the names of the attributes of a model that are unknown, sorted.
func unknownIn(t *testing.T, s schema.Schema, model any) []string {
	t.Helper()
	var members map[string]tftypes.Value
	if err := planOf(t, s, model).Raw.As(&members); err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for name, value := range members {
		if !value.IsFullyKnown() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// wantAllConfigurable checks that a table has every attribute that a configuration may set.
func wantAllConfigurable[V any](t *testing.T, s schema.Schema, table map[string]V) {
	t.Helper()
	for name, attribute := range s.Attributes {
		if _, listed := table[name]; listed != (attribute.IsRequired() || attribute.IsOptional()) {
			t.Errorf("%s: listed %t", name, listed)
		}
	}
}

// plannedServiceUser returns the plan of a new service user.
func plannedServiceUser() *serviceUserResourceModel {
	unknown := types.SetUnknown(types.StringType)
	return &serviceUserResourceModel{
		serviceUserModel: serviceUserModel{
			ID: types.StringUnknown(), Username: types.StringValue("ci"), Role: types.StringValue("OWNER"),
			Email:       tfkit.NormalizedOrNull[emailNormalizer]("ci@example.com"),
			DisplayName: types.StringUnknown(), Administrators: unknown, AllowedKeyTypes: unknown, KeyTypes: unknown,
		},
		InitialAPIKeys: types.StringValue(initialRevoked),
	}
}

func TestServiceUserCreate(t *testing.T) {
	none, created := step{"GET", 200, "[]"}, userJSON("ci", "OWNER", "A", "B")
	post := step{"POST", 201, created}
	revokeA, revokeB := step{
		`DELETE /ci/api-keys {"apiKeyType":"A"}`, 200, "",
	}, step{`DELETE /ci/api-keys {"apiKeyType":"B"}`, 200, ""}
	gone, left := step{"GET /ci", 200, userJSON("ci", "OWNER")}, step{"GET /ci", 200, created}
	const put = `PUT /ci {"displayName":"CI","profile":"OWNER","administrators":["a.smith","j.doe"]}`
	const incomplete = `W Service user not complete: The service user "ci" is in the state, but some further steps ` +
		"failed."
	administered := func(m *serviceUserResourceModel) {
		m.Administrators, m.InitialAPIKeys = tfkit.StringSetOf([]string{"a.smith"}), types.StringValue(initialKept)
	}
	for name, test := range map[string]struct {
		change   func(*serviceUserResourceModel)
		steps    []step
		diags    []string
		keyTypes []string // nil: nothing is in state
		toRevoke []string
	}{
		"all done": {nil, []step{none, post, revokeA, revokeB, gone}, nil, []string{}, nil},
		"keys are kept": {
			func(m *serviceUserResourceModel) { m.InitialAPIKeys = types.StringValue(initialKept) },
			[]step{none, post}, nil, []string{"A", "B"}, nil,
		},
		"no keys": {nil, []step{none, {"POST", 201, userJSON("ci", "OWNER")}}, nil, []string{}, nil},
		"keys stay": {
			nil, []step{none, post, revokeA, revokeB, left}, []string{incomplete}, []string{"A", "B"},
			[]string{"A", "B"},
		},
		"one key stays": {
			nil,
			[]step{none, post, revokeA, {revokeB.request, 403, ""}, {"GET /ci", 200, userJSON("ci", "OWNER", "B")}},
			[]string{incomplete}, []string{"B"}, []string{"B"},
		},
		"not to be read": {
			nil, []step{none, post, revokeA, revokeB, {"GET /ci", 403, ""}},
			[]string{incomplete}, []string{"A", "B"}, []string{"A", "B"},
		},
		"nothing revoked, and not to be read": {
			nil,
			[]step{none, post, {revokeA.request, 403, ""}, {revokeB.request, 409, ""}, {"GET /ci", 403, ""}},
			[]string{"W some further steps failed. The next apply completes it. Until then API keys that are to " +
				"be revoked may work, from all addresses."}, []string{"A", "B"}, []string{"A", "B"},
		},
		"administrators": {
			administered, []step{none, post, {put, 200, userJSON("ci", "OWNER", "A")}}, nil, []string{"A"}, nil,
		},
		"administrators refused": {
			administered, []step{none, post, {put, 400, `{"administrators": "no"}`}}, []string{incomplete},
			[]string{"A", "B"}, nil,
		},
		"everything fails": {
			func(m *serviceUserResourceModel) { m.Administrators = tfkit.StringSetOf([]string{"a.smith"}) },
			[]step{none, post, revokeA, revokeB, left, {put, 403, ""}}, []string{incomplete}, []string{"A", "B"},
			[]string{"A", "B"},
		},
		"keys are read where the response has none": {
			nil, []step{none, {"POST", 201, incompleteUser}, left, revokeA, revokeB, gone}, nil, []string{}, nil,
		},
		"refused": {nil, []step{none, {"POST", 400, `{"email": "taken"}`}, none}, []string{"E ci: taken"}, nil, nil},
		"exists":  {nil, []step{{"GET", 200, "[" + created + "]"}}, []string{`E id = "ci"`}, nil, nil},
		"unconfirmed": {
			nil, []step{none, {"POST", 0, ""}, {"GET", 403, ""}},
			[]string{"E since the search for it failed too: GET /v1/service-users: 403 Forbidden. Apply again"}, nil,
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := plannedServiceUser()
			if test.change != nil {
				test.change(m)
			}
			resp := resource.CreateResponse{State: stateOf(t, serviceUserSchema(), nil)}
			allocate(&resp.Private)
			r := &serviceUserResource{configured(scripted(t, test.steps...))}
			r.Create(t.Context(), resource.CreateRequest{Plan: planOf(t, serviceUserSchema(), m)}, &resp)
			wantDiags(t, resp.Diagnostics, test.diags...)
			if test.keyTypes == nil {
				if !resp.State.Raw.IsNull() {
					t.Error("a user that was not created is in state")
				}
				return
			}
			wantNoError(t, resp.State.Get(t.Context(), m))
			wantEqual(t, tfkit.Strings(m.KeyTypes), test.keyTypes)
			wantEqual(t, []string{m.ID.ValueString(), m.DisplayName.ValueString()}, []string{"ci", "CI"})
			private := privateServiceUser.Load(t.Context(), resp.Private, &resp.Diagnostics)
			wantEqual(t, private.keyTypesToRevoke(), test.toRevoke)
			wantEqual(t, private.Creator, []string{"j.doe"})
		})
	}
}

// Administrators that are not known can't be replaced: the creator could be among them.
func TestServiceUserCreateWithoutAdministrators(t *testing.T) {
	m := plannedServiceUser()
	m.Administrators, m.InitialAPIKeys = tfkit.StringSetOf([]string{"a.smith"}), types.StringValue(initialKept)
	resp := resource.CreateResponse{State: stateOf(t, serviceUserSchema(), nil)}
	allocate(&resp.Private)
	r := &serviceUserResource{configured(scripted(t, step{"GET", 200, "[]"}, step{"POST", 201, incompleteUser},
		step{"GET /ci", 200, incompleteUser}))}
	r.Create(t.Context(), resource.CreateRequest{Plan: planOf(t, serviceUserSchema(), m)}, &resp)
	wantDiags(t, resp.Diagnostics, "W the service did not return the administrators of this user")
	wantNoError(t, resp.State.Get(t.Context(), m))
	if !m.KeyTypes.IsNull() || !m.AllowedKeyTypes.IsNull() || !m.DisplayName.IsNull() {
		t.Errorf("%+v", m)
	}
}

func TestServiceUserUpdate(t *testing.T) {
	const put = `PUT /ci {"displayName":"New","profile":"OWNER","administrators":["j.doe"]}`
	const lower = `PUT /ci {"displayName":"CI","profile":"READ_ONLY","administrators":["j.doe"]}`
	const revoke = `DELETE /ci/api-keys {"apiKeyType":"PROVISIONING"}`
	prior, with, without := step{"GET /ci", 200, userJSON("ci", "OWNER", "PROVISIONING")},
		userJSON("ci", "READ_ONLY", "PROVISIONING"), userJSON("ci", "READ_ONLY")
	rename := func(m *serviceUserResourceModel) { m.DisplayName = types.StringValue("New") }
	pending := func(tail string) serviceUserPrivate {
		return serviceUserPrivate{Creator: []string{"j.doe"}, KeysToRevoke: map[string]string{"PROVISIONING": tail}}
	}
	lowered := func(m *serviceUserResourceModel) {
		m.Role, m.KeyTypes = types.StringValue("READ_ONLY"), types.SetUnknown(types.StringType)
	}
	revoked := func(m *serviceUserResourceModel) { m.KeyTypes = types.SetUnknown(types.StringType) }
	for name, test := range map[string]struct {
		private  serviceUserPrivate
		change   func(*serviceUserResourceModel)
		listed   bool // the administrators are in the configuration
		steps    []step
		diags    []string
		role     string
		keyTypes []string
		after    serviceUserPrivate
	}{
		"nothing to do": {
			change: func(*serviceUserResourceModel) {}, role: "OWNER", keyTypes: []string{"PROVISIONING"},
		},
		"renamed": {
			change: rename, listed: true, steps: []step{{put, 200, prior.body}}, role: "OWNER",
			keyTypes: []string{"PROVISIONING"},
			after:    serviceUserPrivate{},
		},
		"renamed, administrators as on the server": {
			change: rename, role: "OWNER", keyTypes: []string{"PROVISIONING"}, steps: []step{
				{"GET /ci", 200, strings.Replace(prior.body, `"j.doe"`, `"j.doe", "b.jones"`, 1)},
				{strings.Replace(put, `["j.doe"]`, `["b.jones","j.doe"]`, 1), 200, prior.body},
			},
		},
		"renamed, not to be read": {
			change: rename, steps: []step{{"GET /ci", 403, ""}}, diags: []string{"E 403 Forbidden"}, role: "OWNER",
			keyTypes: []string{"PROVISIONING"},
		},
		"renamed, refused": {
			change: rename, listed: true, steps: []step{{put, 400, `{"displayName": "no"}`}},
			diags: []string{"E ci: no"}, role: "OWNER",
			keyTypes: []string{"PROVISIONING"},
		},
		"lowered": {
			change: lowered, listed: true, steps: []step{{lower, 200, without}}, role: "READ_ONLY",
			keyTypes: []string{},
		},
		"lowered, keys revoked": {
			change: lowered, listed: true, role: "READ_ONLY", keyTypes: []string{},
			steps: []step{{lower, 200, with}, {revoke, 200, ""}, {"GET /ci", 200, without}},
		},
		"lowered, keys stay": {
			change: lowered, listed: true, role: "OWNER", keyTypes: []string{"PROVISIONING"},
			diags: []string{"E types PROVISIONING are still there"},
			steps: []step{{lower, 200, with}, {revoke, 403, ""}, {"GET /ci", 200, with}},
			after: serviceUserPrivate{KeysToRevoke: map[string]string{"PROVISIONING": "12345"}},
		},
		"lowered, keys not returned": {
			change: lowered, listed: true, role: "OWNER", keyTypes: []string{"PROVISIONING"},
			diags: []string{"E did not return the API keys"},
			steps: []step{{lower, 200, incompleteUser}, {"GET /ci", 200, incompleteUser}},
			after: serviceUserPrivate{Lowering: "READ_ONLY"},
		},
		"renamed, administrators not returned": {
			change: rename, steps: []step{{"GET /ci", 200, incompleteUser}},
			diags: []string{"E did not return the administrators"}, role: "OWNER", keyTypes: []string{"PROVISIONING"},
		},
		"pending keys, keys not returned": {
			private: pending("12345"), change: revoked, role: "OWNER", keyTypes: []string{"PROVISIONING"},
			steps: []step{{"GET /ci", 200, incompleteUser}, {revoke, 200, ""}, {"GET /ci", 200, incompleteUser}},
			diags: []string{"E did not return the API keys"}, after: pending("12345"),
		},
		"lowered, lost and not confirmed": {
			change: lowered, listed: true, role: "OWNER", keyTypes: []string{"PROVISIONING"},
			diags: []string{"E not the expected JSON"},
			steps: []step{{lower, 200, ""}, {"GET /ci", 403, ""}}, after: serviceUserPrivate{Lowering: "READ_ONLY"},
		},
		"renamed, lost and not confirmed": {
			change: rename, listed: true, role: "OWNER", keyTypes: []string{"PROVISIONING"},
			diags: []string{"E not the expected JSON"},
			steps: []step{{put, 200, ""}, {"GET /ci", 403, ""}},
		},
		"pending keys": {
			private: pending("12345"), change: revoked, role: "OWNER", keyTypes: []string{},
			steps: []step{prior, {revoke, 200, ""}, {"GET /ci", 200, userJSON("ci", "OWNER")}},
			after: serviceUserPrivate{Creator: []string{"j.doe"}},
		},
		"pending keys that were replaced": {
			private: pending("99999"), change: revoked, steps: []step{prior}, role: "OWNER",
			keyTypes: []string{"PROVISIONING"},
			after:    serviceUserPrivate{Creator: []string{"j.doe"}},
		},
		"pending keys, not to be read": {
			private: pending("12345"), change: revoked, steps: []step{{"GET /ci", 403, ""}},
			diags: []string{"E 403 Forbidden"},
			role:  "OWNER", keyTypes: []string{"PROVISIONING"}, after: pending("12345"),
		},
		"pending keys that stay": {
			private: pending("12345"), change: revoked, role: "OWNER", keyTypes: []string{"PROVISIONING"},
			steps: []step{prior, {revoke, 403, ""}, prior}, diags: []string{"E types PROVISIONING are still there"},
			after: pending("12345"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := plannedServiceUser()
			user := aServiceUser()
			user.Role, user.Administrators, user.Keys = "OWNER", []string{"j.doe"}, user.Keys[:1]
			m.fromAPI(user, serviceUserPrivate{})
			state, config := stateOf(t, serviceUserSchema(), m), *m
			if !test.listed {
				config.Administrators = types.SetNull(types.StringType)
			}
			test.change(m)
			req := resource.UpdateRequest{
				State: state, Plan: planOf(t, serviceUserSchema(), m),
				Config: tfsdk.Config(stateOf(t, serviceUserSchema(), &config)),
			}
			allocate(&req.Private)
			resp := resource.UpdateResponse{State: state, Private: req.Private}
			privateServiceUser.Store(t.Context(), req.Private, test.private, &resp.Diagnostics)
			if test.listed { // is the person whose key the provider uses an administrator?
				test.steps = append([]step{prior}, test.steps...)
			}
			r := &serviceUserResource{configured(scripted(t, test.steps...))}
			r.Update(t.Context(), req, &resp)
			wantDiags(t, resp.Diagnostics, test.diags...)
			wantNoError(t, resp.State.Get(t.Context(), m))
			wantEqual(t, m.Role.ValueString(), test.role)
			wantEqual(t, tfkit.Strings(m.KeyTypes), test.keyTypes)
			private := privateServiceUser.Load(t.Context(), resp.Private, &resp.Diagnostics)
			wantEqual(t, private, test.after)
		})
	}
}

// The plan may be old: the update itself looks whether it would lock the provider out.
func TestServiceUserUpdateLockout(t *testing.T) {
	own := step{"GET /ci", 200, strings.Replace(userJSON("ci", "OWNER"), `"j.doe"`, `"j.doe", "ops"`, 1)}
	put := step{`PUT /ci {"displayName":"New","profile":"OWNER","administrators":["j.doe"]}`, 200,
		userJSON("ci", "OWNER")}
	for allowed, test := range map[bool]struct {
		steps []step
		diags []string
	}{
		false: {[]step{own}, []string{`E The administrators would not include "ops" any more.`}},
		true:  {[]step{put}, nil},
	} {
		var m serviceUserResourceModel
		user := aServiceUser()
		user.Role, user.Administrators = "OWNER", []string{"j.doe"}
		m.fromAPI(user, serviceUserPrivate{})
		state := stateOf(t, serviceUserSchema(), &m)
		m.DisplayName, m.AllowSelfLockout = types.StringValue("New"), types.BoolValue(allowed)
		plan := planOf(t, serviceUserSchema(), &m)
		req := resource.UpdateRequest{State: state, Plan: plan, Config: tfsdk.Config(plan)}
		allocate(&req.Private)
		resp := resource.UpdateResponse{State: state, Private: req.Private}
		(&serviceUserResource{configured(scripted(t, test.steps...))}).Update(t.Context(), req, &resp)
		wantDiags(t, resp.Diagnostics, test.diags...)
	}
}

func TestLowerRole(t *testing.T) {
	wanted := instaclustrapi.ServiceUserUpdate{DisplayName: "CI", Role: "READ_ONLY", Administrators: []string{"j.doe"}}
	clean, left := userJSON("ci", "READ_ONLY", "MONITORING"), userJSON("ci", "READ_ONLY", "MONITORING", "PROVISIONING")
	const revoke = `DELETE /ci/api-keys {"apiKeyType":"PROVISIONING"}`
	refused := step{"PUT /ci", 400, `{"profile": "does not allow all API keys that exist"}`}
	for name, test := range map[string]struct {
		steps   []step
		words   []string
		lowered bool
	}{
		"no key is left": {[]step{{"PUT /ci", 200, clean}}, nil, true},
		"a key is left":  {[]step{{"PUT /ci", 200, left}, {revoke, 200, ""}, {"GET /ci", 200, clean}}, nil, true},
		"a key stays": {
			[]step{{"PUT /ci", 200, left}, {revoke, 403, ""}, {"GET /ci", 200, left}},
			[]string{"keys of the types PROVISIONING are still there"}, true,
		},
		"refused because of a key": {
			[]step{
				refused, {"GET /ci", 200, left}, {revoke, 200, ""}, {"GET /ci", 200, clean}, {"PUT /ci", 200, clean},
			}, nil, true,
		},
		"refused for another reason": {
			[]step{refused, {"GET /ci", 200, clean}}, []string{"does not allow all API keys"}, false,
		},
		"refused, and not to be read": {
			[]step{refused, {"GET /ci", 403, ""}}, []string{"does not allow all API keys", "403 Forbidden"}, false,
		},
		"refused, and the key stays": {
			[]step{refused, {"GET /ci", 200, left}, {revoke, 403, ""}, {"GET /ci", 200, left}},
			[]string{"are still there"}, false,
		},
		"refused twice": {
			[]step{refused, {"GET /ci", 200, left}, {revoke, 200, ""}, {"GET /ci", 200, clean}, refused},
			[]string{"does not allow all API keys"}, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := &serviceUserResource{configured(scripted(t, test.steps...))}
			now, err := r.lowerRole(t.Context(), "ci", wanted)
			wantError(t, err, test.words...)
			if (now != nil) != test.lowered {
				t.Errorf("the user is %+v", now)
			}
		})
	}
}
