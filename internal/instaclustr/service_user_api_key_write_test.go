package instaclustr

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

const (
	generateStep = `POST /ci/api-keys {"apiKeyType":"MONITORING"}`
	rotateStep   = "POST /ci/api-keys/MONITORING/rotate"
	restrictStep = `PUT /ci/api-keys/MONITORING/ip-restrictions {"cidrAllowList":["198.51.100.0/24"]}`
)

func before() time.Time { return now.Add(-24 * time.Hour) }

// anAPIKey returns a key in state, which an earlier apply has issued and restricted.
func anAPIKey() *apiKeyResourceModel {
	m := newAPIKeyResourceModel("ci", "MONITORING")
	m.Set(rotation.Issued{Secret: transport.NewSecret("old-secret")}, before, &diag.Diagnostics{})
	m.CIDRAllowList, m.EffectiveCIDRAllowList = cidrs("198.51.100.7/24"), tfkit.StringSetOf([]string{"198.51.100.0/24"})
	return m
}

// wantKey checks the key in state and the list that is in force; no prefixes stand for an unknown list.
func wantKey(t *testing.T, m *apiKeyResourceModel, secret string, effective ...string) {
	t.Helper()
	if known, _ := m.Known(); known.Reveal() != secret {
		t.Errorf("the key in state is not the %q", secret)
	}
	wantEqual(t, tfkit.Strings(m.EffectiveCIDRAllowList), tfkit.Distinct(effective))
}

func TestAPIKeyCreate(t *testing.T) {
	none, exists := step{"GET /ci", 200, userJSON("ci", "OWNER")}, step{
		"GET /ci", 200, userJSON("ci", "OWNER", "MONITORING"),
	}
	issued := step{generateStep, 200, issuedKey}
	unrestricted := func(m *apiKeyResourceModel) { m.CIDRAllowList = types.SetNull(cidrType{}) }
	for name, test := range map[string]struct {
		change    func(*apiKeyResourceModel)
		steps     []step
		diags     []string
		saved     bool
		secret    string
		effective []string
	}{
		"restricted": {
			nil, []step{none, issued, {restrictStep, 200, ""}}, nil, true, "new-secret", []string{"198.51.100.0/24"},
		},
		"unrestricted": {unrestricted, []step{none, issued}, nil, true, "new-secret", []string{"0.0.0.0/0"}},
		"restricted already": {
			nil, []step{none, {generateStep, 200, `{"cidrAllowList": ["198.51.100.9/24"], "key": "new-secret"}`}}, nil,
			true,
			"new-secret", []string{"198.51.100.0/24"},
		},
		"no list returned": {
			unrestricted, []step{none, {generateStep, 200, `{"key": "new-secret"}`}}, nil, true, "new-secret", nil,
		},
		"not restricted": {
			nil, []step{none, issued, {restrictStep, 400, `{"cidrAllowList": "no"}`}},
			[]string{
				"W The API key is not restricted: The API key ci/MONITORING was issued, but its allow list could not",
			},
			true, "new-secret", []string{"0.0.0.0/0"},
		},
		"adopted": {
			func(m *apiKeyResourceModel) { m.AdoptByRotation = types.BoolValue(true) },
			[]step{exists, {rotateStep, 200, issuedKey}, {restrictStep, 200, ""}}, nil, true, "new-secret",
			[]string{"198.51.100.0/24"},
		},
		"exists":  {nil, []step{exists}, []string{`E id = "ci/MONITORING"`}, false, "", nil},
		"refused": {nil, []step{none, {generateStep, 403, forbidden}}, []string{"E 403 Forbidden"}, false, "", nil},
		"unconfirmed": {
			nil, []step{none, {generateStep, 0, ""}, {"GET /ci", 403, ""}},
			[]string{"E There may be a key now, or soon, that nobody knows and that works from all addresses."},
			true, "", nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newAPIKeyResourceModel("ci", "MONITORING")
			m.ID, m.EffectiveCIDRAllowList = types.StringUnknown(), types.SetUnknown(types.StringType)
			m.CIDRAllowList = cidrs("198.51.100.7/24")
			if test.change != nil {
				test.change(m)
			}
			resp := resource.CreateResponse{State: stateOf(t, apiKeySchema(), nil)}
			allocate(&resp.Private)
			r := &apiKeyResource{configured(scripted(t, test.steps...))}
			r.Create(t.Context(), resource.CreateRequest{Plan: planOf(t, apiKeySchema(), m)}, &resp)
			wantDiags(t, resp.Diagnostics, test.diags...)
			if resp.State.Raw.IsNull() == test.saved {
				t.Fatalf("in state: %t, want %t", !resp.State.Raw.IsNull(), test.saved)
			}
			if !test.saved {
				return
			}
			wantNoError(t, resp.State.Get(t.Context(), m))
			wantKey(t, m, test.secret, test.effective...)
			if m.Held() != (test.secret != "") || m.ID.ValueString() != "ci/MONITORING" {
				t.Errorf("held: %t, id: %s", m.Held(), m.ID)
			}
			tail := privateKeyTail.Load(t.Context(), resp.Private, &resp.Diagnostics)
			wantEqual(t, tail, map[bool]string{true: "ecret"}[test.secret != ""])
			at := rotation.LoadPlanContext(t.Context(), resp.Private, &resp.Diagnostics)
			wantEqual(t, at.Unconfirmed, test.secret == "")
		})
	}
}

// The plan may be old: the update itself looks whether it would rotate the key that the provider signs in with.
func TestAPIKeyUpdateLockout(t *testing.T) {
	for tail, test := range map[string]struct {
		steps []step
		diags []string
	}{
		"f-ops": {nil, []string{"E This rotates or restricts the API key ops/MONITORING."}},
		"12345": {[]step{{"POST /ops/api-keys/MONITORING/rotate", 200, issuedKey}, {"PUT /ops", 200, ""}}, nil},
	} {
		prior, planned := anAPIKey(), anAPIKey()
		prior.Username, planned.Username = types.StringValue("ops"), types.StringValue("ops")
		planned.Plan(prior.Key, rotation.PlanContext{Unconfirmed: true}, "")
		req := resource.UpdateRequest{State: stateOf(t, apiKeySchema(), prior),
			Plan: planOf(t, apiKeySchema(), planned)}
		allocate(&req.Private)
		resp := resource.UpdateResponse{State: req.State, Private: req.Private}
		user := strings.Replace(userJSON("ops", "OWNER", "MONITORING"), "12345", tail, 1)
		r := &apiKeyResource{configured(scripted(t, append([]step{{"GET /ops", 200, user}}, test.steps...)...))}
		r.Update(t.Context(), req, &resp)
		wantDiags(t, resp.Diagnostics, test.diags...)
	}
}

func TestAPIKeyUpdate(t *testing.T) {
	const restricted = `{"cidrAllowList": ["198.51.100.0/24"], "key": "new-secret"}`
	closed, open := "198.51.100.0/24", "0.0.0.0/0"
	rewrite := func(prior, _ *apiKeyResourceModel) { prior.EffectiveCIDRAllowList = tfkit.StringSetOf([]string{open}) }
	rotate := func(prior, planned *apiKeyResourceModel) {
		planned.Plan(prior.Key, rotation.PlanContext{Unconfirmed: true}, "")
	}
	withoutList := func(prior, planned *apiKeyResourceModel) {
		prior.CIDRAllowList, planned.CIDRAllowList = types.SetNull(cidrType{}), types.SetNull(cidrType{})
		rotate(prior, planned)
	}
	imported := func(prior, planned *apiKeyResourceModel) {
		*prior = *newAPIKeyResourceModel("ci", "MONITORING")
		withoutList(prior, planned)
	}
	for name, test := range map[string]struct {
		change      func(prior, planned *apiKeyResourceModel)
		steps       []step
		diags       []string
		secret      string
		effective   []string
		unconfirmed bool
	}{
		"nothing to do": {func(_, _ *apiKeyResourceModel) {}, nil, nil, "old-secret", []string{closed}, false},
		"restricted":    {rewrite, []step{{restrictStep, 200, ""}}, nil, "old-secret", []string{closed}, false},
		"not restricted": {
			rewrite, []step{{restrictStep, 400, `{"cidrAllowList": "no"}`}}, []string{"E ci/MONITORING: no"},
			"old-secret", []string{open}, false,
		},
		"rotated": {
			rotate, []step{{rotateStep, 200, restricted}}, nil, "new-secret", []string{closed}, false,
		},
		"rotated, list dropped": {
			rotate, []step{{rotateStep, 200, issuedKey}, {restrictStep, 200, ""}}, nil, "new-secret", []string{closed},
			false,
		},
		"rotated, no list returned": {
			rotate, []step{{rotateStep, 200, `{"key": "new-secret"}`}, {restrictStep, 200, ""}}, nil, "new-secret",
			[]string{closed}, false,
		},
		"rotated, not restricted again": {
			rotate, []step{{rotateStep, 200, issuedKey}, {restrictStep, 403, ""}},
			[]string{"E The key was rotated, and state holds the new key, but the server has dropped its allow list"},
			"new-secret", []string{open}, false,
		},
		"restricted, then refused": {
			func(prior, planned *apiKeyResourceModel) { rewrite(prior, planned); rotate(prior, planned) },
			[]step{{restrictStep, 200, ""}, {rotateStep, 403, ""}}, []string{"E 403 Forbidden"}, "old-secret",
			[]string{closed}, false,
		},
		"not restricted, so not rotated": {
			func(prior, planned *apiKeyResourceModel) { rewrite(prior, planned); rotate(prior, planned) },
			[]step{{restrictStep, 403, ""}}, []string{"E 403 Forbidden"}, "old-secret", []string{open}, false,
		},
		"rotation lost": {
			rotate, []step{{rotateStep, 0, ""}},
			[]string{"E The current key may no longer work. The next apply rotates again."},
			"old-secret", []string{closed}, true,
		},
		"without a list, dropped": {
			withoutList, []step{{rotateStep, 200, issuedKey}, {restrictStep, 200, ""}}, nil, "new-secret",
			[]string{closed}, false,
		},
		"without a list, kept": {
			withoutList, []step{{rotateStep, 200, restricted}}, nil, "new-secret", []string{closed}, false,
		},
		"imported, with a list": {
			func(prior, planned *apiKeyResourceModel) {
				*prior = *newAPIKeyResourceModel("ci", "MONITORING")
				rotate(prior, planned)
			},
			[]step{{restrictStep, 200, ""}, {rotateStep, 200, issuedKey}, {restrictStep, 200, ""}}, nil, "new-secret",
			[]string{closed}, false,
		},
		"imported, and open": {
			imported, []step{{rotateStep, 200, issuedKey}},
			[]string{"W The API key works from any address: The API key ci/MONITORING was rotated"}, "new-secret",
			[]string{open}, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			prior, planned := anAPIKey(), anAPIKey()
			test.change(prior, planned)
			req := resource.UpdateRequest{
				State: stateOf(t, apiKeySchema(), prior), Plan: planOf(t, apiKeySchema(), planned),
			}
			allocate(&req.Private)
			resp := resource.UpdateResponse{State: req.State, Private: req.Private}
			r := &apiKeyResource{configured(scripted(t, test.steps...))}
			r.Update(t.Context(), req, &resp)
			wantDiags(t, resp.Diagnostics, test.diags...)
			var m apiKeyResourceModel
			wantNoError(t, resp.State.Get(t.Context(), &m))
			wantKey(t, &m, test.secret, test.effective...)
			at := rotation.LoadPlanContext(t.Context(), resp.Private, &resp.Diagnostics)
			tail := privateKeyTail.Load(t.Context(), resp.Private, &resp.Diagnostics)
			wantEqual(t, at.Unconfirmed, test.unconfirmed)
			rotated := test.secret == "new-secret"
			wantEqual(t, tail, map[bool]string{true: "ecret"}[rotated])
			wantEqual(t, m.RotatedAt.ValueString() == now.Format(time.RFC3339), rotated)
		})
	}
}
