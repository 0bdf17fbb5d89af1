package waldur

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// The table of unknown values has every attribute that a configuration may have.
func TestUnknownsAreComplete(t *testing.T) {
	for name, a := range robotAccountSchema().Attributes {
		if (a.IsOptional() || a.IsRequired()) != (unknowns[name] != nil) {
			t.Errorf("%s", name)
		}
	}
}

// planned runs ModifyPlan. A prior nil is a create. It returns the planned model.
func planned(
	t *testing.T, prior *robotAccountResourceModel, m robotAccountResourceModel,
) (robotAccountResourceModel, diag.Diagnostics) {
	t.Helper()
	return plannedFor(t, prior, m, m)
}

// plannedFor is planned with a configuration from which Terraform has made the plan m.
func plannedFor(
	t *testing.T, prior *robotAccountResourceModel, configured, m robotAccountResourceModel,
) (robotAccountResourceModel, diag.Diagnostics) {
	t.Helper()
	schema := robotAccountSchema()
	kind := schema.Type().TerraformType(t.Context())
	plan := tfsdk.Plan{Schema: schema, Raw: empty(t, kind)}
	wantDiagnostics(t, plan.Set(t.Context(), &m))
	state := tfsdk.State{Schema: schema, Raw: empty(t, kind)}
	if prior != nil {
		wantDiagnostics(t, state.Set(t.Context(), prior))
	} else {
		state.RemoveResource(t.Context())
	}
	config := tfsdk.Plan{Schema: schema, Raw: empty(t, kind)}
	wantDiagnostics(t, config.Set(t.Context(), &configured))
	req := resource.ModifyPlanRequest{Config: tfsdk.Config{Schema: schema, Raw: config.Raw}, Plan: plan, State: state}
	resp := resource.ModifyPlanResponse{Plan: plan}
	(&robotAccountResource{}).ModifyPlan(t.Context(), req, &resp)
	var got robotAccountResourceModel
	wantDiagnostics(t, resp.Plan.Get(t.Context(), &got))
	return got, resp.Diagnostics
}

var (
	unknownUUID = tfkit.UUID{StringValue: types.StringUnknown()}
	unknownText = tfkit.Text{StringValue: types.StringUnknown()}
)

// unknowns have the attributes that can be unknown in a plan.
var unknowns = map[string]func(*robotAccountResourceModel){
	"resource_uuid":    func(m *robotAccountResourceModel) { m.ResourceUUID = unknownUUID },
	"type":             func(m *robotAccountResourceModel) { m.Type = types.StringUnknown() },
	"username":         func(m *robotAccountResourceModel) { m.Username = types.StringUnknown() },
	"description":      func(m *robotAccountResourceModel) { m.Description = unknownText },
	"users":            func(m *robotAccountResourceModel) { m.Users = types.SetUnknown(tfkit.UUIDType{}) },
	"responsible_user": func(m *robotAccountResourceModel) { m.ResponsibleUser = unknownUUID },
	"keys":             func(m *robotAccountResourceModel) { m.Keys = types.ListUnknown(tfkit.PublicKeyType{}) },
	"state":            func(m *robotAccountResourceModel) { m.State = types.StringUnknown() },
	"error_message":    func(m *robotAccountResourceModel) { m.ErrorMessage = types.StringUnknown() },
	"deletion_mode":    func(m *robotAccountResourceModel) { m.DeletionMode = types.StringUnknown() },
	"a user": func(m *robotAccountResourceModel) {
		m.Users = types.SetValueMust(tfkit.UUIDType{}, []attr.Value{tfkit.UUIDOrNull(annUUID), unknownUUID})
	},
	"a key": func(m *robotAccountResourceModel) {
		unknown := tfkit.PublicKey{StringValue: types.StringUnknown()}
		m.Keys = types.ListValueMust(tfkit.PublicKeyType{}, []attr.Value{tfkit.PublicKeyOf(firstKey), unknown})
	},
}

// A value that is not known before apply is no error, and stays as it is. Only keys make
// fingerprints unknown, and not those of an account that is a copy, of which no change is allowed.
func TestPlanUnknownValues(t *testing.T) {
	for name, change := range unknowns {
		for _, backendID := range []string{"", "b-1"} {
			t.Run(name+backendID, func(t *testing.T) {
				prior := robotModel(func(m *robotAccountResourceModel) { m.BackendID = tfkit.StringOrNull(backendID) })
				want := *prior
				change(&want)
				got, diags := planned(t, prior, want)
				var warnings []string
				if name == "resource_uuid" {
					warnings = []string{"Warning resource_uuid: Replacement by an unknown value: resource_uuid is " +
						"not known at plan. The apply replaces the account with its keys and users, even if the " +
						"value turns out the same as before. To keep the account, write the value itself, or first " +
						"apply with -target what the value comes from."}
				}
				wantDiagnostics(t, diags, warnings...)
				if backendID == "" && (name == "keys" || name == "a key") {
					want.Fingerprints = types.ListUnknown(fingerprintType)
				}
				wantEqual(t, got, want)
			})
		}
		t.Run("create, "+name, func(t *testing.T) {
			want := *robotModel(func(*robotAccountResourceModel) {})
			change(&want)
			got, diags := planned(t, nil, want)
			wantDiagnostics(t, diags)
			wantEqual(t, got, want)
		})
	}
}

func TestPlanFingerprints(t *testing.T) {
	for name, test := range map[string]struct {
		keys    types.List
		unknown bool
	}{
		"the same":            {keyList(firstKey, secondKey), false},
		"another white space": {keyList(firstKey+"\n", secondKey), false},
		"another order":       {keyList(secondKey, firstKey), true},
		"one removed":         {keyList(firstKey), true},
		"all removed":         {noKeys, true},
	} {
		t.Run(name, func(t *testing.T) {
			prior := in("OK", "")
			m := *prior
			m.Keys = test.keys
			got, diags := planned(t, prior, m)
			wantDiagnostics(t, diags)
			wantEqual(t, got.Fingerprints.IsUnknown(), test.unknown)
		})
	}
}

// in is a model in a state, with a message for state Error.
func in(state, message string) *robotAccountResourceModel {
	return robotModel(func(m *robotAccountResourceModel) {
		m.State, m.ErrorMessage = tfkit.StringOrNull(state), tfkit.StringOrNull(message)
		m.BackendID = types.StringNull()
	})
}

func TestPlanState(t *testing.T) {
	const (
		alone = "Error error_message: Error message without an error: error_message can be set only together with " +
			`state = "Error".`
		changed = "Error error_message: Error message can't be changed: Waldur accepts an error message only when " +
			"the account changes from OK to Error. Leave error_message out, or as it is. " + replaceHint
		tooOld = "Error state: No states on this server: This Waldur server is too old to keep states of robot " +
			"accounts. Leave state out."
		behind = `Error state: Unreachable state: A new account is "OK" at once, and can't become "Creating" again. ` +
			`Leave state out, or choose "OK" or a later one.`
	)
	for name, test := range map[string]struct {
		prior, plan *robotAccountResourceModel
		want        []string
	}{
		"no change":                {in("OK", ""), in("OK", ""), nil},
		"to Error":                 {in("OK", ""), in("Error", ""), nil},
		"to Error, with a message": {in("OK", ""), in("Error", "no disk"), nil},
		"to Error, along the way":  {in("Requested", ""), in("Error", "no disk"), nil},
		"back to OK": {in("Error", ""), in("OK", ""),
			[]string{"Error state: Unreachable state: " + unreachable("Error", "OK")}},
		"another message":              {in("Error", "no disk"), in("Error", "no home"), []string{changed}},
		"a message, without its state": {in("OK", ""), in("OK", "no disk"), []string{alone}},
		"a message that was there":     {in("OK", "no disk"), in("OK", "no disk"), nil},
		"no states, none wanted":       {in("", ""), in("", ""), nil},
		"no states, one wanted":        {in("", ""), in("OK", ""), []string{tooOld}},
		"create":                       {nil, in("OK", ""), nil},
		"create, in Error":             {nil, in("Error", "no disk"), nil},
		"create, in an early state":    {nil, in("Creating", ""), []string{behind}},
		"create, with a message alone": {nil, in("OK", "no disk"), []string{alone}},
	} {
		t.Run(name, func(t *testing.T) {
			_, diags := planned(t, test.prior, *test.plan)
			wantDiagnostics(t, diags, test.want...)
		})
	}
}

// What the server of 2024 has nothing for is an error if it is new, and a warning if it is in the state.
func TestPlanWithoutStates(t *testing.T) {
	const (
		state = " state: No states on this server: This Waldur server is too old to keep states of robot accounts. " +
			"Leave state out."
		mode = " deletion_mode: No states on this server: This Waldur server is too old to keep states of robot " +
			"accounts: the deletion of an account can't be requested. Leave deletion_mode out, or choose \"delete\"."
	)
	request := func(m *robotAccountResourceModel) *robotAccountResourceModel {
		m.DeletionMode = types.StringValue(deleteOnRequest)
		return m
	}
	for name, test := range map[string]struct {
		prior, config *robotAccountResourceModel
		planned       string // the state
		want          []string
	}{
		"nothing":                {in("", ""), in("", ""), "", nil},
		"a state":                {in("", ""), in("OK", ""), "OK", []string{"Error" + state}},
		"the state as it was":    {in("OK", ""), in("OK", ""), "OK", []string{"Warning" + state}},
		"another state":          {in("OK", ""), in("Error", ""), "Error", []string{"Error" + state}},
		"no state any more":      {in("OK", ""), in("", ""), "", nil},
		"a deletion mode":        {in("", ""), request(in("", "")), "", []string{"Error" + mode}},
		"the mode as it was":     {request(in("", "")), request(in("", "")), "", []string{"Warning" + mode}},
		"the mode as it must be": {request(in("", "")), in("", ""), "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			schema := robotAccountSchema()
			plan := tfsdk.Plan{Schema: schema, Raw: empty(t, schema.Type().TerraformType(t.Context()))}
			wantDiagnostics(t, plan.Set(t.Context(), test.config))
			resp := resource.ModifyPlanResponse{Plan: plan}
			config := tfsdk.Config{Schema: schema, Raw: plan.Raw}
			planWithoutStates(t.Context(), *test.prior, *test.config, config, &resp)
			wantDiagnostics(t, resp.Diagnostics, test.want...)
			var got robotAccountResourceModel
			wantDiagnostics(t, resp.Plan.Get(t.Context(), &got))
			wantEqual(t, got.State, tfkit.StringOrNull(test.planned))
		})
	}
}

// A plan goes on if the server does not answer, a create does not. A server is not asked without need.
func TestRefuseStates(t *testing.T) {
	const question = "GET " + robotList + "?state=OK"
	old, now := exchange{question, "200 []"}, exchange{question, `400 {"state": ["No."]}`}
	both := in("OK", "")
	both.DeletionMode = types.StringValue(deleteOnRequest)
	tooOld := []string{
		"Error state: No states on this server: " + leaveStateOut,
		"Error deletion_mode: No states on this server: " + leaveModeOut,
	}
	for name, test := range map[string]struct {
		m      *robotAccountResourceModel
		verb   string
		script []exchange
		want   []string
	}{
		"nothing to ask for":      {in("", ""), "create", nil, nil},
		"a server with states":    {both, "create", []exchange{now}, nil},
		"a plan, an old server":   {both, "plan", []exchange{old}, tooOld},
		"a create, an old server": {both, "create", []exchange{old}, tooOld},
		"a state, an old server":  {in("Error", ""), "plan", []exchange{old}, tooOld[:1]},
		"a plan, not answered":    {both, "plan", []exchange{{question, broken}}, nil},
		"a create, not answered": {both, "create", []exchange{{question, broken}},
			[]string{"Error: Unable to create Waldur robot account: GET " + robotList + brokenText}},
	} {
		t.Run(name, func(t *testing.T) {
			var r robotAccountResource
			r.Client = newServer(t, test.script...).client
			var diags diag.Diagnostics
			r.refuseStates(t.Context(), *test.m, test.verb, &diags)
			wantDiagnostics(t, diags, test.want...)
		})
	}
}

// If the account has changed, and not the configuration, the plan keeps the state of the account.
func TestPlanDriftedState(t *testing.T) {
	prior, m := in("Error", "no disk"), in("OK", "")
	schema := robotAccountSchema()
	resp := resource.ModifyPlanResponse{Plan: tfsdk.Plan{
		Schema: schema, Raw: empty(t, schema.Type().TerraformType(t.Context())),
	}}
	wantDiagnostics(t, resp.Plan.Set(t.Context(), m))
	refuseTransition(t.Context(), *prior, *m, "OK", nil, &resp)
	wantDiagnostics(t, resp.Diagnostics,
		`Warning state: Unreachable state: The state was changed from "OK" to "Error" `+
			"outside of Terraform. "+unreachable("Error", "OK"))
	var got robotAccountResourceModel
	wantDiagnostics(t, resp.Plan.Get(t.Context(), &got))
	wantEqual(t, got, *prior)
}

// What the configuration leaves out is removed from an account, and stays as it is on a copy from another
// Waldur server. Terraform plans a value that it knows, or an unknown one.
func TestPlanOfWhatIsLeftOut(t *testing.T) {
	unset := func(m *robotAccountResourceModel) {
		m.Description, m.ResponsibleUser, m.Users, m.Keys = tfkit.Text{}, tfkit.UUID{}, noUsers, noKeys
	}
	unknown := func(m *robotAccountResourceModel) {
		for _, name := range []string{"description", "responsible_user", "users", "keys"} {
			unknowns[name](m)
		}
	}
	as := func(backendID string, changes ...func(*robotAccountResourceModel)) robotAccountResourceModel {
		return *robotModel(func(m *robotAccountResourceModel) {
			m.BackendID = tfkit.StringOrNull(backendID)
			for _, change := range changes {
				change(m)
			}
		})
	}
	removed := func(m *robotAccountResourceModel) { m.Fingerprints = types.ListUnknown(fingerprintType) }
	full, copied, bare := as(""), as("b-1"), as("b-1", unset)
	for name, test := range map[string]struct {
		prior         *robotAccountResourceModel
		planned, want robotAccountResourceModel
	}{
		"create":                        {nil, as("", unknown), as("", unset)},
		"removed":                       {&full, as(""), as("", unset, removed)},
		"removed, with another change":  {&full, as("", unknown), as("", unset, removed)},
		"of a copy":                     {&copied, as("b-1"), as("b-1")},
		"of a copy, with a change":      {&copied, as("b-1", unknown), as("b-1")},
		"of a copy that has none":       {&bare, as("b-1", unset), as("b-1", unset)},
		"of a copy that has none, with": {&bare, as("b-1", unknown), as("b-1", unset)},
	} {
		t.Run(name, func(t *testing.T) {
			got, diags := plannedFor(t, test.prior, as("", unset), test.planned)
			wantDiagnostics(t, diags)
			wantEqual(t, got, test.want)
		})
	}
}

func TestPlanRemoteCopy(t *testing.T) {
	copied := func(m *robotAccountResourceModel) { m.BackendID = types.StringValue("b-1") }
	for name, change := range map[string]func(*robotAccountResourceModel){
		"type":             func(m *robotAccountResourceModel) { m.Type = types.StringValue("hpc") },
		"username":         func(m *robotAccountResourceModel) { m.Username = types.StringValue("r2") },
		"description":      func(m *robotAccountResourceModel) { m.Description = description("Tests") },
		"users":            func(m *robotAccountResourceModel) { m.Users = uuidSet(boUUID) },
		"responsible_user": func(m *robotAccountResourceModel) { m.ResponsibleUser = tfkit.UUIDOrNull(boUUID) },
		"keys":             func(m *robotAccountResourceModel) { m.Keys = keyList(secondKey) },
	} {
		t.Run(name, func(t *testing.T) {
			m := robotModel(copied)
			change(m)
			_, diags := planned(t, robotModel(copied), *m)
			wantDiagnostics(t, diags,
				"Error "+name+": Copy from another Waldur server: This account is a copy of account \"b-1\" on "+
					"another Waldur server. Change it there: here Waldur refuses all changes but those of its state, "+
					"and its deletion.")
		})
	}
	// A copy may be deleted in another way, and replaced.
	for name, change := range map[string]func(*robotAccountResourceModel){
		"deletion_mode": func(m *robotAccountResourceModel) { m.DeletionMode = types.StringValue("request_deletion") },
		"resource_uuid": func(m *robotAccountResourceModel) {
			m.ResourceUUID, m.Type = tfkit.UUIDOrNull(projectUUID), types.StringValue("hpc")
		},
	} {
		m := robotModel(copied)
		change(m)
		_, diags := planned(t, robotModel(copied), *m)
		t.Run(name, func(t *testing.T) { wantDiagnostics(t, diags) })
	}
}

// States of earlier versions hold this text.
func TestConfiguredStateInPrivateState(t *testing.T) {
	var diags diag.Diagnostics
	private := privateState{}
	privateConfiguredState.Store(t.Context(), private, "Requested deletion", &diags)
	wantEqual(t, slices.Sorted(maps.Keys(private)), []string{"wanted_state"})
	wantEqual(t, string(private["wanted_state"]), `"Requested deletion"`)
	wantEqual(t, privateConfiguredState.Load(t.Context(), private, &diags), "Requested deletion")
	wantEqual(t, privateConfiguredState.Load(t.Context(), privateState{}, &diags), "")
	wantDiagnostics(t, diags)
}
