package waldur

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

const (
	resourceUUID = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
	annUUID      = "11111111111111111111111111111111"
	boUUID       = "22222222222222222222222222222222"
	annHyphens   = "11111111-1111-1111-1111-111111111111"
	firstKey     = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUm ci"
	secondKey    = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIM8tlwZzaYL7JhZW0ucSNEw8OL2Us0pETqTzzpdZHNSP"
)

// An answer to a create, one to a read, and one of a server of 2024, each without what others have.
const (
	plainRobot = `{
		"uuid": "` + accountUUID + `", "created": "2026-02-04T09:10:08.383795+00:00", "username": "robot", "description": "Builds",
		"state": "Error", "error_message": "no shell", "resource": "https://h/api/marketplace-resources/` + resourceUUID + `/", "type": "cicd",
		"users": ["https://h/api/users/` + boUUID + `/", "https://h/api/users/` + annUUID + `/"], "responsible_user": "https://h/api/users/` + annUUID + `/",
		"keys": ["` + firstKey + `", "` + secondKey + `"], "backend_id": "b-1",
		"fingerprints": [{"md5": "00:11", "sha256": "SHA256:a", "sha512": "SHA512:a"}, {"md5": "22:33", "sha256": "SHA256:b", "sha512": "SHA512:b"}]
	}`
	bareRobot = `{
		"uuid": "` + accountUUID + `", "created": "2026-02-04T09:10:08Z", "username": "", "description": "", "state": "OK", "error_message": "",
		"resource": "https://h/api/marketplace-resources/` + resourceUUID + `/", "type": "cicd", "users": [], "responsible_user": null, "keys": [],
		"fingerprints": [], "backend_id": ""
	}`
	oldRobot = `{
		"uuid": "` + accountUUID + `", "created": "2026-02-04T09:10:08Z", "username": "", "type": "cicd", "users": [], "keys": [], "responsible_user": null,
		"resource": "https://h/api/marketplace-resources/` + resourceUUID + `/"
	}`
)

var detailedRobot = strings.NewReplacer(
	`"https://h/api/users/`+boUUID+`/"`, `{"uuid": "`+boUUID+`"}`, `"https://h/api/users/`+annUUID+`/"`, `{"uuid": "`+annUUID+`"}`,
	`"type": "cicd"`, `"type": "cicd", "resource_name": "Cluster", "project_uuid": "`+projectUUID+`", "project_name": "Climate",
	"customer_uuid": "`+customerUUID+`", "customer_name": "ACME", "provider_uuid": "`+scopeUUID+`", "provider_name": "Centre"`,
).Replace(plainRobot)

func uuidSet(uuids ...string) types.Set {
	elements := []attr.Value{}
	for _, uuid := range uuids {
		elements = append(elements, tfkit.UUIDOrNull(uuid))
	}
	return types.SetValueMust(tfkit.UUIDType{}, elements)
}

func keyList(keys ...string) types.List {
	elements := []attr.Value{}
	for _, key := range keys {
		elements = append(elements, tfkit.PublicKeyOf(key))
	}
	return types.ListValueMust(tfkit.PublicKeyType{}, elements)
}

var noUsers, noKeys = types.SetNull(tfkit.UUIDType{}), types.ListNull(tfkit.PublicKeyType{})

func fingerprintList(members ...[3]string) types.List {
	kinds := map[string]attr.Type{"md5": types.StringType, "sha256": types.StringType, "sha512": types.StringType}
	elements := []attr.Value{}
	for _, m := range members {
		elements = append(elements, types.ObjectValueMust(kinds, map[string]attr.Value{
			"md5": types.StringValue(m[0]), "sha256": types.StringValue(m[1]), "sha512": types.StringValue(m[2]),
		}))
	}
	return types.ListValueMust(types.ObjectType{AttrTypes: kinds}, elements)
}

func fullRobot(changes ...func(*robotAccount)) robotAccount {
	return changedRobot(robotAccount{
		UUID: tfkit.UUIDOrNull(accountUUID), Created: timetypes.NewRFC3339ValueMust("2026-02-04T09:10:08.383795+00:00"),
		ResourceUUID: tfkit.UUIDOrNull(resourceUUID), Type: types.StringValue("cicd"), Username: types.StringValue("robot"),
		Description: description("Builds"), Users: uuidSet(annUUID, boUUID), ResponsibleUser: tfkit.UUIDOrNull(annUUID), Keys: keyList(firstKey, secondKey),
		Fingerprints: fingerprintList([3]string{"00:11", "SHA256:a", "SHA512:a"}, [3]string{"22:33", "SHA256:b", "SHA512:b"}),
		State:        types.StringValue("Error"), ErrorMessage: types.StringValue("no shell"),
	}, changes)
}

func emptyRobot(changes ...func(*robotAccount)) robotAccount {
	return changedRobot(robotAccount{
		UUID: tfkit.UUIDOrNull(accountUUID), Created: timetypes.NewRFC3339ValueMust("2026-02-04T09:10:08Z"),
		ResourceUUID: tfkit.UUIDOrNull(resourceUUID), Type: types.StringValue("cicd"), Username: types.StringValue(""), Description: noDescription(),
		Users: noUsers, ResponsibleUser: tfkit.UUIDOrNull(""), Keys: noKeys, Fingerprints: fingerprintList(),
		State: types.StringValue("OK"), ErrorMessage: types.StringNull(),
	}, changes)
}

func changedRobot(m robotAccount, changes []func(*robotAccount)) robotAccount {
	for _, change := range changes {
		change(&m)
	}
	return m
}

func TestRobotAccountFromAPI(t *testing.T) {
	unknownText := tfkit.Text{StringValue: types.StringUnknown()}
	place := robotAccountPlace{BackendID: types.StringValue("kept"), ProjectUUID: tfkit.UUIDOrNull(projectUUID)}
	placed := func(m *robotAccount) { m.robotAccountPlace = place }
	for _, test := range []struct {
		name   string
		held   robotAccount
		told   string
		hidden hiddenUsers
		want   robotAccount
	}{
		{"a plain answer", robotAccount{}, plainRobot, hiddenUsers{}, fullRobot()},
		{"a detailed answer", robotAccount{}, detailedRobot, hiddenUsers{}, fullRobot()},
		{"nothing set", robotAccount{}, bareRobot, hiddenUsers{}, emptyRobot()},
		{"what was held is overwritten", fullRobot(), bareRobot, hiddenUsers{}, emptyRobot()},
		{"and filled", emptyRobot(), plainRobot, hiddenUsers{}, fullRobot()},
		{"the place stays", emptyRobot(placed), detailedRobot, hiddenUsers{}, fullRobot(placed)},
		{"an old server", robotAccount{}, oldRobot, hiddenUsers{}, emptyRobot(func(m *robotAccount) { m.State = types.StringNull() })},
		{"an old server keeps no description", fullRobot(), oldRobot, hiddenUsers{},
			emptyRobot(func(m *robotAccount) { m.State, m.Description = fullRobot().State, description("Builds") })},
		{"an old server, a description not known yet", robotAccount{Description: unknownText}, oldRobot, hiddenUsers{},
			emptyRobot(func(m *robotAccount) { m.State = types.StringNull() })},
		{"a description not known yet", robotAccount{Description: unknownText}, bareRobot, hiddenUsers{}, emptyRobot()},
		{"a blank description stays", robotAccount{Description: description(" ")}, bareRobot, hiddenUsers{},
			emptyRobot(func(m *robotAccount) { m.Description = description(" ") })},
		{"empty collections stay", robotAccount{Users: uuidSet(), Keys: keyList()}, bareRobot, hiddenUsers{},
			emptyRobot(func(m *robotAccount) { m.Users, m.Keys = uuidSet(), keyList() })},
		{"collections not known yet", robotAccount{Users: types.SetUnknown(tfkit.UUIDType{}), Keys: types.ListUnknown(tfkit.PublicKeyType{})}, bareRobot, hiddenUsers{}, emptyRobot()},
		{"spellings of users are kept", robotAccount{Users: uuidSet(annHyphens)}, plainRobot, hiddenUsers{},
			fullRobot(func(m *robotAccount) { m.Users = uuidSet(annHyphens, boUUID) })},
		{"a hidden user", robotAccount{Users: uuidSet(annHyphens)}, bareRobot, hiddenUsers{Users: []string{annUUID}},
			emptyRobot(func(m *robotAccount) { m.Users = uuidSet(annHyphens) })},
		{"a hidden user besides", robotAccount{}, strings.Replace(plainRobot, `, "https://h/api/users/`+annUUID+`/"]`, `]`, 1), hiddenUsers{Users: []string{annUUID}}, fullRobot()},
		{"shown and hidden is one", robotAccount{}, plainRobot, hiddenUsers{Users: []string{boUUID}}, fullRobot()},
		{"a hidden responsible user", robotAccount{}, bareRobot, hiddenUsers{ResponsibleUser: boUUID},
			emptyRobot(func(m *robotAccount) { m.ResponsibleUser = tfkit.UUIDOrNull(boUUID) })},
		{"who is shown is responsible", robotAccount{}, plainRobot, hiddenUsers{ResponsibleUser: boUUID}, fullRobot()},
		{"a time that can't be read", robotAccount{}, strings.ReplaceAll(bareRobot, "2026-02-04T09:10:08Z", "04.02.2026"), hiddenUsers{},
			emptyRobot(func(m *robotAccount) { m.Created = timetypes.NewRFC3339Null() })},
		{"a state as a number", robotAccount{}, strings.ReplaceAll(bareRobot, `"OK"`, "4"), hiddenUsers{},
			emptyRobot(func(m *robotAccount) { m.State = types.StringValue("Requested deletion") })},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := decoded[waldurapi.RobotAccount](t, test.told)
			got := test.held
			got.fromAPI(in, test.hidden)
			wantEqual(t, got, test.want)

			for mode, kept := range map[string]types.String{"delete": types.StringNull(), "request_deletion": types.StringValue("request_deletion")} {
				managed := robotAccountResourceModel{robotAccount: test.held, DeletionMode: kept}
				managed.fromAPI(in, test.hidden)
				wantEqual(t, managed, robotAccountResourceModel{robotAccount: test.want, ID: types.StringValue(accountUUID), DeletionMode: types.StringValue(mode)})
			}
			wantEqual(t, in, decoded[waldurapi.RobotAccount](t, test.told))
		})
	}
}

func TestRobotAccountPlaceFromAPI(t *testing.T) {
	text, null := types.StringValue, types.StringNull()
	full := robotAccountPlace{
		text("b-1"), text("Cluster"), tfkit.UUIDOrNull(projectUUID), text("Climate"), tfkit.UUIDOrNull(customerUUID), text("ACME"), tfkit.UUIDOrNull(scopeUUID), text("Centre"),
	}
	none := tfkit.UUIDOrNull("")
	for name, test := range map[string]struct {
		told string
		want robotAccountPlace
	}{
		"details":  {detailedRobot, full},
		"plain":    {plainRobot, robotAccountPlace{text("b-1"), null, none, null, none, null, none, null}},
		"no place": {bareRobot, robotAccountPlace{null, null, none, null, none, null, none, null}},
	} {
		t.Run(name, func(t *testing.T) {
			got := full
			got.fromAPI(decoded[waldurapi.RobotAccount](t, test.told))
			wantEqual(t, got, test.want)
		})
	}
}

// written is what is sent, "" if nothing is.
func written(t *testing.T, write waldurapi.RobotAccountWrite) string {
	t.Helper()
	text, err := json.Marshal(write)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) == "{}" {
		return ""
	}
	return string(text)
}

func robotModel(change func(*robotAccountResourceModel)) *robotAccountResourceModel {
	m := &robotAccountResourceModel{robotAccount: fullRobot(), ID: types.StringValue(accountUUID), DeletionMode: types.StringValue("delete")}
	change(m)
	return m
}

func TestRobotAccountToCreate(t *testing.T) {
	const least = `"resource":"/api/marketplace-resources/` + resourceUUID + `/","type":"cicd"`
	planned := func(change func(*robotAccountResourceModel)) *robotAccountResourceModel {
		m := &robotAccountResourceModel{robotAccount: robotAccount{
			UUID: tfkit.UUID{StringValue: types.StringUnknown()}, ResourceUUID: tfkit.UUIDOrNull(strings.ToUpper(resourceUUID)), Type: types.StringValue("cicd"),
			Username: types.StringUnknown(), State: types.StringUnknown(), ErrorMessage: types.StringUnknown(), Users: noUsers, Keys: noKeys,
		}}
		change(m)
		return m
	}
	for name, test := range map[string]struct {
		model *robotAccountResourceModel
		want  string
	}{
		"the least": {planned(func(*robotAccountResourceModel) {}), `{` + least + `}`},
		"everything": {robotModel(func(m *robotAccountResourceModel) {
			m.Users, m.ResponsibleUser, m.Keys, m.Description = uuidSet(boUUID, annHyphens), tfkit.UUIDOrNull(annHyphens), keyList(secondKey+"\n", firstKey), description(" Builds\n")
		}), `{"description":"Builds","keys":["` + secondKey + `","` + firstKey + `"],` + `"resource":"/api/marketplace-resources/` + resourceUUID + `/",` +
			`"responsible_user":"/api/users/` + annUUID + `/","type":"cicd","username":"robot","users":["/api/users/` + boUUID + `/","/api/users/` + annUUID + `/"]}`},
		"a state is not sent": {planned(func(m *robotAccountResourceModel) {
			m.State, m.ErrorMessage = types.StringValue("Error"), types.StringValue("x")
		}), `{` + least + `}`},
		"all empty": {planned(func(m *robotAccountResourceModel) {
			m.Username, m.Description, m.Users, m.Keys = types.StringValue(""), description(" "), uuidSet(), keyList()
		}), `{` + least + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := written(t, test.model.toCreate()); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestRobotAccountToUpdate(t *testing.T) {
	type model = robotAccountResourceModel
	for name, test := range map[string]struct {
		prior, planned func(*model)
		want           string // "": nothing is sent
	}{
		"no change":               {nil, nil, ""},
		"type":                    {nil, func(m *model) { m.Type = types.StringValue("hpc") }, `{"type":"hpc"}`},
		"username":                {nil, func(m *model) { m.Username = types.StringValue("r2") }, `{"username":"r2"}`},
		"username, to empty":      {nil, func(m *model) { m.Username = types.StringValue("") }, `{"username":""}`},
		"description":             {nil, func(m *model) { m.Description = description(" Tests ") }, `{"description":"Tests"}`},
		"description, padded":     {nil, func(m *model) { m.Description = description("Builds\n") }, ""},
		"description, to none":    {nil, func(m *model) { m.Description = noDescription() }, `{"description":""}`},
		"description, null empty": {func(m *model) { m.Description = description("") }, func(m *model) { m.Description = noDescription() }, ""},
		"users":                   {nil, func(m *model) { m.Users = uuidSet(boUUID) }, `{"users":["/api/users/` + boUUID + `/"]}`},
		"users, another order":    {nil, func(m *model) { m.Users = uuidSet(boUUID, annHyphens) }, ""},
		"users, to null":          {nil, func(m *model) { m.Users = noUsers }, `{"users":[]}`},
		"users, to empty":         {nil, func(m *model) { m.Users = uuidSet() }, `{"users":[]}`},
		"users, null empty":       {func(m *model) { m.Users = noUsers }, func(m *model) { m.Users = uuidSet() }, ""},
		"users, the first":        {func(m *model) { m.Users = noUsers }, func(m *model) { m.Users = uuidSet(annHyphens) }, `{"users":["/api/users/` + annUUID + `/"]}`},
		"responsible":             {nil, func(m *model) { m.ResponsibleUser = tfkit.UUIDOrNull(boUUID) }, `{"responsible_user":"/api/users/` + boUUID + `/"}`},
		"responsible, spelling":   {nil, func(m *model) { m.ResponsibleUser = tfkit.UUIDOrNull(annHyphens) }, ""},
		"responsible, nobody":     {nil, func(m *model) { m.ResponsibleUser = tfkit.UUIDOrNull("") }, `{"responsible_user":null}`},
		"keys, another order":     {nil, func(m *model) { m.Keys = keyList(secondKey, firstKey) }, `{"keys":["` + secondKey + `","` + firstKey + `"]}`},
		"keys, a line's end":      {nil, func(m *model) { m.Keys = keyList(firstKey+"\n", secondKey) }, ""},
		"keys, one twice":         {nil, func(m *model) { m.Keys = keyList(firstKey, firstKey, secondKey) }, `{"keys":["` + firstKey + `","` + firstKey + `","` + secondKey + `"]}`},
		"keys, to null":           {nil, func(m *model) { m.Keys = noKeys }, `{"keys":[]}`},
		"keys, null empty":        {func(m *model) { m.Keys = noKeys }, func(m *model) { m.Keys = keyList() }, ""},
		"what is not sent": {nil, func(m *model) {
			m.State, m.ErrorMessage, m.DeletionMode = types.StringValue("OK"), types.StringValue("x"), types.StringValue("request_deletion")
			m.Fingerprints, m.ResourceUUID = types.ListUnknown(fingerprintType), tfkit.UUIDOrNull(projectUUID)
		}, ""},
		"two": {nil, func(m *model) { m.Type, m.Username = types.StringValue("hpc"), types.StringValue("r2") }, `{"type":"hpc","username":"r2"}`},
	} {
		t.Run(name, func(t *testing.T) {
			prior, planned := robotModel(func(*model) {}), robotModel(func(*model) {})
			if test.prior != nil {
				test.prior(prior)
			}
			if test.planned != nil {
				test.planned(planned)
			}
			write, needed := planned.toUpdate(prior)
			if got := written(t, write); got != test.want || needed != (test.want != "") {
				t.Errorf("got  %s, needed %v\nwant %s", got, needed, test.want)
			}
		})
	}
}

var robotStates = []string{robotRequested, robotCreating, robotOK, robotRequestedDeletion, robotDeleted, robotError}

func TestRoute(t *testing.T) {
	const no = "no way"
	// The columns are the states above, in their order.
	for from, want := range map[string][6]string{
		"Requested":          {"", "creating", "creating ok", "creating ok request_deletion", "creating ok request_deletion deleted", "creating ok erred"},
		"Creating":           {no, "", "ok", "ok request_deletion", "ok request_deletion deleted", "ok erred"},
		"OK":                 {no, no, "", "request_deletion", "request_deletion deleted", "erred"},
		"Requested deletion": {no, no, no, "", "deleted", no},
		"Deleted":            {no, no, no, no, "", no},
		"Error":              {no, no, no, no, no, ""},
		"Later":              {no, no, no, no, no, no},
	} {
		for i, to := range robotStates {
			t.Run(from+" to "+to, func(t *testing.T) {
				steps, ok := route(from, to)
				var got []string
				for _, step := range steps {
					got = append(got, strings.TrimPrefix(step.operation, "set_state_"))
				}
				if len(steps) > 0 && steps[len(steps)-1].to != to {
					t.Errorf("%v leads elsewhere", steps)
				}
				if text := strings.Join(got, " "); ok != (want[i] != no) || ok && text != want[i] || !ok && steps != nil {
					t.Errorf("got %q, %v; want %q", text, ok, want[i])
				}
			})
		}
	}
	steps, _ := route("Requested", "Deleted")
	wantEqual(t, steps, []transition{
		{"set_state_creating", "Creating"}, {"set_state_ok", "OK"}, {"set_state_request_deletion", "Requested deletion"}, {"set_state_deleted", "Deleted"},
	})
	steps, _ = route("OK", "Error")
	wantEqual(t, steps, []transition{{"set_state_erred", "Error"}})
	wantEqual(t, robotStates, waldurapi.RobotAccountStates)
}

func TestUnreachable(t *testing.T) {
	const ending = ". To have a new account, run terraform taint (or tofu taint) for this resource, and apply; a robot account with " +
		"deletion_mode = \"request_deletion\" needs \"delete\" applied before."
	only := func(text string) string { return ", only to " + text + ending }
	for _, test := range []struct{ from, to, want string }{
		{"Creating", "Requested", only(`"OK", "Requested deletion", "Deleted" or "Error"`)},
		{"OK", "Requested", only(`"Requested deletion", "Deleted" or "Error"`)},
		{"OK", "Creating", only(`"Requested deletion", "Deleted" or "Error"`)},
		{"Requested deletion", "OK", only(`"Deleted"`)},
		{"Requested deletion", "Error", only(`"Deleted"`)},
		{"Deleted", "OK", ", or to any other state" + ending},
		{"Error", "OK", ", or to any other state" + ending},
	} {
		t.Run(test.from+" to "+test.to, func(t *testing.T) {
			if got, want := unreachable(test.from, test.to), `Waldur lets no account get from "`+test.from+`" to "`+test.to+`"`+test.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
	for want, words := range map[string][]string{"a": {"a"}, "a or b": {"a", "b"}, "a, b or c": {"a", "b", "c"}} {
		if got := joinOr(words); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestHiddenFrom(t *testing.T) {
	for name, test := range map[string]struct {
		users       []string
		responsible string
		answer      string
		want        hiddenUsers
	}{
		"all shown":                    {[]string{annUUID, boUUID}, annUUID, plainRobot, hiddenUsers{}},
		"all shown, as objects":        {[]string{boUUID, annUUID}, annUUID, detailedRobot, hiddenUsers{}},
		"nobody sent":                  {nil, "", bareRobot, hiddenUsers{}},
		"others shown":                 {nil, "", plainRobot, hiddenUsers{}},
		"one hidden":                   {[]string{annUUID, scopeUUID, boUUID}, annUUID, plainRobot, hiddenUsers{Users: []string{scopeUUID}}},
		"all hidden":                   {[]string{annUUID, boUUID}, boUUID, bareRobot, hiddenUsers{[]string{annUUID, boUUID}, boUUID}},
		"the responsible alone":        {[]string{annUUID}, boUUID, strings.ReplaceAll(plainRobot, `"responsible_user": "https://h/api/users/`+annUUID+`/"`, `"responsible_user": null`), hiddenUsers{ResponsibleUser: boUUID}},
		"responsible, but not a user":  {nil, annUUID, plainRobot, hiddenUsers{}},
		"a responsible nobody sent":    {nil, "", plainRobot, hiddenUsers{}},
		"users of an old server's own": {[]string{annUUID}, "", oldRobot, hiddenUsers{Users: []string{annUUID}}},
	} {
		t.Run(name, func(t *testing.T) {
			wantEqual(t, hiddenFrom(test.users, test.responsible, decoded[waldurapi.RobotAccount](t, test.answer)), test.want)
		})
	}
}

func TestHiddenLess(t *testing.T) {
	both := hiddenUsers{[]string{annUUID, scopeUUID}, annUUID}
	for name, test := range map[string]struct {
		left []string
		want hiddenUsers
	}{
		"nobody":      {nil, both},
		"others":      {[]string{boUUID}, both},
		"one":         {[]string{scopeUUID}, hiddenUsers{[]string{annUUID}, annUUID}},
		"responsible": {[]string{annUUID}, hiddenUsers{[]string{scopeUUID}, ""}},
		"all":         {[]string{scopeUUID, annUUID}, hiddenUsers{[]string{}, ""}},
	} {
		t.Run("except "+name, func(t *testing.T) { wantEqual(t, both.except(test.left), test.want) })
	}
	for name, test := range map[string]struct {
		answer string
		want   hiddenUsers
	}{
		"shown":         {plainRobot, hiddenUsers{[]string{scopeUUID}, ""}},
		"still hidden":  {bareRobot, both},
		"a user only":   {strings.ReplaceAll(plainRobot, `"responsible_user": "https://h/api/users/`+annUUID+`/"`, `"responsible_user": null`), hiddenUsers{[]string{scopeUUID}, annUUID}},
		"somebody else": {strings.ReplaceAll(bareRobot, `"responsible_user": null`, `"responsible_user": {"uuid": "`+boUUID+`"}`), hiddenUsers{[]string{annUUID, scopeUUID}, ""}},
	} {
		t.Run("without "+name, func(t *testing.T) {
			wantEqual(t, both.without(decoded[waldurapi.RobotAccount](t, test.answer)), test.want)
		})
	}
	wantEqual(t, both, hiddenUsers{[]string{annUUID, scopeUUID}, annUUID})
	wantEqual(t, hiddenUsers{}.except([]string{annUUID}), hiddenUsers{})
	wantEqual(t, hiddenUsers{}.without(decoded[waldurapi.RobotAccount](t, plainRobot)), hiddenUsers{})
}

// privateState is a resource's private state.
type privateState struct {
	held   map[string][]byte
	broken bool
}

func (p *privateState) fault() diag.Diagnostics {
	if p.broken {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Broken", "It broke.")}
	}
	return nil
}

func (p *privateState) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p.held[key], p.fault()
}

func (p *privateState) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p.held[key] = value
	return p.fault()
}

func TestHiddenInPrivateState(t *testing.T) {
	for text, hidden := range map[string]hiddenUsers{
		`{}`: {},
		`{"users":["` + annUUID + `","` + boUUID + `"],"responsible_user":"` + boUUID + `"}`: {[]string{annUUID, boUUID}, boUUID},
		`{"users":["` + annUUID + `"]}`:          {Users: []string{annUUID}},
		`{"responsible_user":"` + annUUID + `"}`: {ResponsibleUser: annUUID},
	} {
		t.Run(text, func(t *testing.T) {
			private := &privateState{held: map[string][]byte{"key": []byte("other")}}
			wantTexts(t, hidden.store(t.Context(), private), []string{}...)
			if want := map[string]string{"key": "other", "hidden_users": text}; !maps.Equal(want, map[string]string{
				"key": string(private.held["key"]), "hidden_users": string(private.held["hidden_users"]),
			}) || len(private.held) != 2 {
				t.Errorf("stored %q, want %q", private.held, want)
			}
			got, diags := loadHidden(t.Context(), private)
			wantTexts(t, diags, []string{}...)
			wantEqual(t, got, hidden)
		})
	}
	for name, test := range map[string]struct {
		private privateState
		want    []string
	}{
		"nothing stored": {privateState{}, nil},
		"no JSON":        {privateState{held: map[string][]byte{"hidden_users": []byte("x")}}, []string{"Error: Unable to read the hidden users: invalid character 'x' looking for beginning of value"}},
		"can't be read":  {privateState{held: map[string][]byte{"hidden_users": []byte(`{"responsible_user":"x"}`)}, broken: true}, []string{"Error: Broken: It broke."}},
	} {
		t.Run(name, func(t *testing.T) {
			got, diags := loadHidden(t.Context(), &test.private)
			wantTexts(t, diags, test.want...)
			wantEqual(t, got, hiddenUsers{})
		})
	}
	broken := &privateState{held: map[string][]byte{}, broken: true}
	wantTexts(t, hiddenUsers{}.store(t.Context(), broken), "Error: Broken: It broke.")
}
