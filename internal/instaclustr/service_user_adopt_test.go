package instaclustr

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// adopter returns the plan of a new service user that adopts.
func adopter(changes ...func(*serviceUserResourceModel)) *serviceUserResourceModel {
	m := plannedServiceUser()
	m.AdoptExisting = types.BoolValue(true)
	for _, change := range changes {
		change(m)
	}
	return m
}

func keeping(m *serviceUserResourceModel) { m.InitialAPIKeys = types.StringValue(initialKept) }

func ofProvider(m *serviceUserResourceModel) {
	m.Username, m.Email = types.StringValue("ops"), tfkit.NormalizedOrNull[emailNormalizer]("OPS@example.com")
}

func readOnly(m *serviceUserResourceModel) { m.Role = types.StringValue(instaclustrapi.ReadOnly) }

func lockoutAccepted(m *serviceUserResourceModel) { m.AllowSelfLockout = types.BoolValue(true) }

func TestServiceUserPlanAdoption(t *testing.T) {
	const (
		adopted = `The service user "ci" exists, with the same e-mail address. Applying this plan takes it into the ` +
			"state."
		ends = "E The provider could lock itself out: "
	)
	ci := userJSON("ci", "OWNER", "MONITORING", "USER_MANAGEMENT")
	unknown := func(m *serviceUserResourceModel) {
		m.AdoptExisting, m.InitialAPIKeys = types.BoolUnknown(), types.StringUnknown()
	}
	for name, test := range map[string]struct {
		planned *serviceUserResourceModel
		listed  string
		private serviceUserPrivate
		diags   []string
	}{
		"nothing to adopt": {adopter(), "", serviceUserPrivate{}, nil},
		"keys are revoked": {adopter(), ci, serviceUserPrivate{}, []string{
			"W " + adopted + " Its API keys of the types MONITORING, USER_MANAGEMENT are revoked, whoever uses them;",
		}},
		"keys are kept": {adopter(keeping), ci, serviceUserPrivate{}, []string{
			"W " + adopted + " It keeps its API keys of the types MONITORING, USER_MANAGEMENT.",
		}},
		"no keys": {adopter(), userJSON("ci", "OWNER"), serviceUserPrivate{}, []string{
			"W " + adopted + " It has no API keys.",
		}},
		"changes": {adopter(readOnly, keeping, func(m *serviceUserResourceModel) {
			m.DisplayName, m.Administrators = types.StringValue("New"), tfkit.StringSetOf([]string{"a.smith"})
		}), ci, serviceUserPrivate{}, []string{
			`W instead. Its role changes from "OWNER" to "READ_ONLY". Its display name changes from "CI" to "New". ` +
				"Its administrators change.",
			`W The role READ_ONLY of "ci" does not allow API keys of the types USER_MANAGEMENT.`,
		}},
		"another address": {adopter(func(m *serviceUserResourceModel) {
			m.Email = tfkit.NormalizedOrNull[emailNormalizer]("other@example.com")
		}), ci, serviceUserPrivate{}, []string{
			`W there is a service user "ci" already, with the address "ci@example.com"`,
		}},
		"not wanted": {plannedServiceUser(), ci, serviceUserPrivate{}, []string{"W Or set adopt_existing = true"}},
		"not known":  {adopter(unknown), ci, serviceUserPrivate{}, nil},
		"replaced by itself": {adopter(), ci, serviceUserPrivate{Creator: []string{"j.doe"}}, []string{
			"E A service user can't be replaced by a service user of the same name",
		}},
		"the provider's own": {adopter(ofProvider), userJSON("ops", "OWNER", "USER_MANAGEMENT"), serviceUserPrivate{},
			[]string{ends + `Adopting "ops" with initial_api_keys = "revoke" revokes all its API keys.`, "W adopted"}},
		"the provider's own, kept": {
			adopter(ofProvider, keeping), userJSON("ops", "OWNER", "USER_MANAGEMENT"), serviceUserPrivate{},
			[]string{"W It keeps its API keys"},
		},
		"the provider's own, lowered": {
			adopter(ofProvider, keeping, readOnly), userJSON("ops", "OWNER", "USER_MANAGEMENT"), serviceUserPrivate{},
			[]string{"W It keeps its API keys", ends + `The role READ_ONLY ends API keys of "ops".`},
		},
		"the provider's own, allowed": {
			adopter(ofProvider, lockoutAccepted), userJSON("ops", "OWNER", "USER_MANAGEMENT"), serviceUserPrivate{},
			[]string{"W are revoked"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := scripted(t, step{"GET", 200, "[" + test.listed + "]"})
			got := modifyUserPlan(t, c, nil, test.planned, test.private, test.diags...)
			if test.planned.AdoptExisting.ValueBool() {
				wantEqual(t, got.ID, test.planned.Username)
			}
		})
	}
}

// In one run, a user is either in the state or adopted, whichever plan comes first.
func TestServiceUserPlanManagedTwice(t *testing.T) {
	const twice = "E Two resources would manage one service user"
	list := step{"GET", 200, "[" + userJSON("ci", "OWNER") + "]"}
	inState, private := serviceUserInState(), serviceUserPrivate{Creator: []string{"j.doe"}}
	for name, prior := range map[string]*serviceUserResourceModel{"kept": inState, "destroyed": nil} {
		t.Run(name, func(t *testing.T) {
			c := scripted(t, list)
			modifyUserPlan(t, c, inState, prior, private)
			modifyUserPlan(t, c, nil, adopter(), serviceUserPrivate{}, twice)
			c = scripted(t, list)
			modifyUserPlan(t, c, nil, adopter(), serviceUserPrivate{}, "W adopted")
			modifyUserPlan(t, c, inState, prior, private, twice)
		})
	}
}

// adoptUser runs Create for a plan that adopts. The state is null if nothing was adopted.
func adoptUser(t *testing.T, c *client, planned *serviceUserResourceModel) *resource.CreateResponse {
	t.Helper()
	config := *planned
	if config.DisplayName.IsUnknown() {
		config.DisplayName = types.StringNull()
	}
	if config.Administrators.IsUnknown() {
		config.Administrators = types.SetNull(types.StringType)
	}
	resp := &resource.CreateResponse{State: stateOf(t, serviceUserSchema(), nil)}
	allocate(&resp.Private)
	(&serviceUserResource{configured(c)}).Create(t.Context(), resource.CreateRequest{
		Plan: planOf(t, serviceUserSchema(), planned), Config: tfsdk.Config(planOf(t, serviceUserSchema(), &config)),
	}, resp)
	return resp
}

func TestServiceUserAdopt(t *testing.T) {
	const (
		revoke = `DELETE /ci/api-keys {"apiKeyType":"MONITORING"}`
		raise  = `PUT /ci {"displayName":"CI","profile":"OWNER","administrators":["j.doe"]}`
		lower  = `PUT /ci {"displayName":"CI","profile":"READ_ONLY","administrators":["j.doe"]}`
		end    = `DELETE /ci/api-keys {"apiKeyType":"PROVISIONING"}`
	)
	listed := func(user string) step { return step{"GET", 200, "[" + user + "]"} }
	read := func(user string) step { return step{"GET /ci", 200, user} }
	owner, bare := userJSON("ci", "OWNER", "MONITORING"), userJSON("ci", "OWNER")
	weak := userJSON("ci", "CLUSTER_ADMIN", "MONITORING")
	strong := userJSON("ci", "OWNER", "PROVISIONING")
	own := userJSON("ops", "OWNER", "USER_MANAGEMENT")
	ownSteps := []step{listed(own), {"GET /ops", 200, own}}
	lowered := userJSON("ci", "READ_ONLY", "PROVISIONING")
	for name, test := range map[string]struct {
		planned  *serviceUserResourceModel
		steps    []step
		diags    []string
		keyTypes []string // nil: nothing is in state
		toRevoke []string
	}{
		"keys are revoked": {
			adopter(), []step{listed(owner), read(owner), {revoke, 200, ""}, read(bare)}, nil, []string{}, nil,
		},
		"keys are kept": {
			adopter(keeping), []step{listed(owner), read(owner)}, nil, []string{"MONITORING"}, nil,
		},
		"no keys": {adopter(), []step{listed(bare), read(bare)}, nil, []string{}, nil},
		"another role": {
			adopter(),
			[]step{listed(weak), read(weak), read(weak), {raise, 200, owner}, {revoke, 200, ""}, read(bare)},
			nil, []string{}, nil,
		},
		"another role, refused": {
			adopter(), []step{listed(weak), read(weak), read(weak), {raise, 400, `{"profile": "too high"}`}},
			[]string{"E ci: too high"}, nil, nil,
		},
		"a lower role, whose key stays": {
			adopter(readOnly, keeping), []step{
				listed(strong), read(strong), read(strong), {lower, 200, lowered}, {end, 403, ""}, read(lowered),
				{end, 403, ""}, read(lowered),
			}, []string{"W is in the state, but some further steps failed"}, []string{"PROVISIONING"},
			[]string{"PROVISIONING"},
		},
		"a key stays": {
			adopter(), []step{listed(owner), read(owner), {revoke, 403, ""}, read(owner)},
			[]string{"W is in the state, but some further steps failed"}, []string{"MONITORING"},
			[]string{"MONITORING"},
		},
		"not to be read": {
			adopter(), []step{listed(owner), {"GET /ci", 403, ""}},
			[]string{"E Unable to adopt Instaclustr service user"}, nil, nil,
		},
		"keys are not returned": {
			adopter(), []step{listed(owner), read(incompleteUser)},
			[]string{"E the service did not return the API keys"}, nil, nil,
		},
		"another address": {adopter(func(m *serviceUserResourceModel) {
			m.Email = tfkit.NormalizedOrNull[emailNormalizer]("other@example.com")
		}), []step{listed(owner)}, []string{`E there is a service user "ci" already`}, nil, nil},
		"the provider's own": {
			adopter(ofProvider), ownSteps, []string{`E Adopting "ops" with initial_api_keys = "revoke"`}, nil, nil,
		},
		"the provider's own, lowered": {
			adopter(ofProvider, keeping, readOnly), ownSteps, []string{`E The role READ_ONLY ends API keys of "ops"`},
			nil, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			resp := adoptUser(t, scripted(t, test.steps...), test.planned)
			wantDiags(t, resp.Diagnostics, test.diags...)
			if test.keyTypes == nil {
				if !resp.State.Raw.IsNull() {
					t.Error("a user that was not adopted is in state")
				}
				return
			}
			var m serviceUserResourceModel
			wantNoError(t, resp.State.Get(t.Context(), &m))
			wantEqual(t, tfkit.Strings(m.KeyTypes), test.keyTypes)
			wantEqual(t, strings.Join([]string{m.ID.ValueString(), m.DisplayName.ValueString()}, " "), "ci CI")
			private := privateServiceUser.Load(t.Context(), resp.Private, &resp.Diagnostics)
			wantEqual(t, private.keyTypesToRevoke(), test.toRevoke)
			wantEqual(t, private.importedKeyTypes(), []string(nil))
		})
	}
}

// Of two resources with one user name, the second does not adopt what the first has.
func TestServiceUserAdoptTwice(t *testing.T) {
	user := userJSON("ci", "OWNER")
	c := scripted(t, step{"GET", 200, "[" + user + "]"}, step{"GET /ci", 200, user})
	wantDiags(t, adoptUser(t, c, adopter()).Diagnostics)
	wantDiags(t, adoptUser(t, c, adopter()).Diagnostics, "E another resource of this configuration has created or")
}
