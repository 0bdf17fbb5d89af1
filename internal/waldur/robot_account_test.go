package waldur

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
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

// A response to a create, one without values, and one of a server of 2024.
const (
	plainRobot = `{
		"uuid": "` + accountUUID + `", "created": "2026-02-04T09:10:08.383795+00:00", "username": "robot",
		"description": "Builds", "state": "Error", "error_message": "no shell", "type": "cicd",
		"resource": "https://h/api/marketplace-resources/` + resourceUUID + `/",
		"users": ["https://h/api/users/` + boUUID + `/", "https://h/api/users/` + annUUID + `/"],
		"responsible_user": "https://h/api/users/` + annUUID + `/",
		"keys": ["` + firstKey + `", "` + secondKey + `"], "backend_id": "b-1",
		"fingerprints": [
			{"md5": "00:11", "sha256": "SHA256:a", "sha512": "SHA512:a"},
			{"md5": "22:33", "sha256": "SHA256:b", "sha512": "SHA512:b"}
		]
	}`
	bareRobot = `{
		"uuid": "` + accountUUID + `", "created": "2026-02-04T09:10:08Z", "username": "", "description": "",
		"state": "OK", "error_message": "", "type": "cicd", "users": [], "responsible_user": null, "keys": [],
		"resource": "https://h/api/marketplace-resources/` + resourceUUID + `/", "fingerprints": [], "backend_id": ""
	}`
	oldRobot = `{
		"uuid": "` + accountUUID + `", "created": "2026-02-04T09:10:08Z", "username": "", "type": "cicd", "users": [],
		"keys": [], "responsible_user": null, "resource": "https://h/api/marketplace-resources/` + resourceUUID + `/",
		"fingerprints": [], "backend_id": "", "offering_customer_uuid": "` + scopeUUID + `",
		"project_uuid": "` + projectUUID + `", "customer_uuid": "` + customerUUID + `"
	}`
	emptyResponse = `{"uuid": "` + accountUUID + `"}`
)

// detailedRobot is plainRobot as a read returns it.
var detailedRobot = strings.NewReplacer(
	`"https://h/api/users/`+boUUID+`/"`, `{"uuid": "`+boUUID+`"}`,
	`"https://h/api/users/`+annUUID+`/"`, `{"uuid": "`+annUUID+`"}`,
	`"type": "cicd"`, `"type": "cicd", "resource_name": "Cluster",
		"project_uuid": "`+projectUUID+`", "project_name": "Climate",
		"customer_uuid": "`+customerUUID+`", "customer_name": "ACME",
		"provider_uuid": "`+scopeUUID+`", "provider_name": "Centre"`,
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

var (
	noUsers        = types.SetNull(tfkit.UUIDType{})
	noKeys         = types.ListNull(tfkit.PublicKeyType{})
	noFingerprints = types.ListNull(fingerprintType)
)

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

func fullRobot(changes ...func(*robotAccountModel)) robotAccountModel {
	return changedRobot(robotAccountModel{
		UUID: tfkit.UUIDOrNull(accountUUID), Created: timetypes.NewRFC3339ValueMust("2026-02-04T09:10:08.383795+00:00"),
		ResourceUUID: tfkit.UUIDOrNull(resourceUUID), Type: types.StringValue("cicd"),
		Username:    types.StringValue("robot"),
		Description: description("Builds"), Users: uuidSet(annUUID,
			boUUID), ResponsibleUser: tfkit.UUIDOrNull(annUUID), Keys: keyList(firstKey, secondKey),
		Fingerprints: fingerprintList([3]string{"00:11", "SHA256:a", "SHA512:a"},
			[3]string{"22:33", "SHA256:b", "SHA512:b"}),
		State: types.StringValue("Error"), ErrorMessage: types.StringValue("no shell"),
		BackendID: types.StringValue("b-1"),
	}, changes)
}

func emptyRobot(changes ...func(*robotAccountModel)) robotAccountModel {
	return changedRobot(robotAccountModel{
		UUID: tfkit.UUIDOrNull(accountUUID), Created: timetypes.NewRFC3339ValueMust("2026-02-04T09:10:08Z"),
		ResourceUUID: tfkit.UUIDOrNull(resourceUUID), Type: types.StringValue("cicd"),
		Username: types.StringValue(""), Description: noDescription(),
		Users: noUsers, ResponsibleUser: tfkit.UUIDOrNull(""), Keys: noKeys, Fingerprints: fingerprintList(),
		State: types.StringValue("OK"), ErrorMessage: types.StringNull(),
	}, changes)
}

// robotOf2024 is oldRobot.
func robotOf2024(changes ...func(*robotAccountModel)) robotAccountModel {
	m := emptyRobot()
	m.State, m.ProviderUUID = types.StringNull(), tfkit.UUIDOrNull(scopeUUID)
	m.ProjectUUID, m.CustomerUUID = tfkit.UUIDOrNull(projectUUID), tfkit.UUIDOrNull(customerUUID)
	return changedRobot(m, changes)
}

func changedRobot(m robotAccountModel, changes []func(*robotAccountModel)) robotAccountModel {
	for _, change := range changes {
		change(&m)
	}
	return m
}

func TestRobotAccountFromAPI(t *testing.T) {
	detailed := fullRobot(func(m *robotAccountModel) {
		m.ResourceName, m.ProjectName = types.StringValue("Cluster"), types.StringValue("Climate")
		m.CustomerName, m.ProviderName = types.StringValue("ACME"), types.StringValue("Centre")
		m.ProjectUUID, m.CustomerUUID = tfkit.UUIDOrNull(projectUUID), tfkit.UUIDOrNull(customerUUID)
		m.ProviderUUID = tfkit.UUIDOrNull(scopeUUID)
	})
	twice := strings.Replace(plainRobot, `"users": [`, `"users": ["https://h/api/users/`+annUUID+`/", `, 1)
	for _, test := range []struct {
		name  string
		prior robotAccountModel
		in    string
		want  robotAccountModel
	}{
		{"a response to a create", robotAccountModel{}, plainRobot, fullRobot()},
		{"a response to a read", robotAccountModel{}, detailedRobot, detailed},
		{"nothing set", robotAccountModel{}, bareRobot, emptyRobot()},
		{"prior values are overwritten", fullRobot(), bareRobot, emptyRobot()},
		{"names that the response to a write lacks", detailed, plainRobot, detailed},
		{"nothing returned, in a data source", robotAccountModel{}, emptyResponse, robotAccountModel{
			UUID: tfkit.UUIDOrNull(accountUUID), Users: noUsers, Keys: noKeys, Fingerprints: noFingerprints,
		}},
		{"nothing returned, in a refresh", detailed, emptyResponse, detailed},
		{"nothing returned, empty before", emptyRobot(), emptyResponse, emptyRobot()},
		{"nothing returned, unknown before", robotAccountModel{
			Username: types.StringUnknown(), State: types.StringUnknown(), ErrorMessage: types.StringUnknown(),
			Fingerprints: types.ListUnknown(fingerprintType), ProviderUUID: unknownUUID,
		}, emptyResponse, robotAccountModel{
			UUID: tfkit.UUIDOrNull(accountUUID), Users: noUsers, Keys: noKeys, Fingerprints: noFingerprints,
		}},
		{"null", detailed, `{"uuid": "` + accountUUID + `", "username": null, "description": null, "state": null,
			"error_message": null, "resource": null, "type": null, "users": null, "keys": null, "fingerprints": null,
			"backend_id": null, "responsible_user": null}`,
			changedRobot(detailed, []func(*robotAccountModel){
				func(m *robotAccountModel) { m.ResponsibleUser = tfkit.UUIDOrNull("") },
			})},
		{"prior nulls are overwritten", emptyRobot(), detailedRobot, detailed},
		{"an old server", robotAccountModel{}, oldRobot, robotOf2024()},
		{"an old server has no description and no state", fullRobot(), oldRobot,
			robotOf2024(func(m *robotAccountModel) {
				m.State, m.ErrorMessage = fullRobot().State, fullRobot().ErrorMessage
				m.Description = fullRobot().Description
			})},
		{"an old server, an unknown description", robotAccountModel{Description: unknownText}, oldRobot,
			robotOf2024()},
		{"an unknown description", robotAccountModel{Description: unknownText}, bareRobot, emptyRobot()},
		{"a blank description stays", robotAccountModel{Description: description(" ")}, bareRobot,
			emptyRobot(func(m *robotAccountModel) { m.Description = description(" ") })},
		{"empty collections stay", robotAccountModel{Users: uuidSet(), Keys: keyList()}, bareRobot,
			emptyRobot(func(m *robotAccountModel) { m.Users, m.Keys = uuidSet(), keyList() })},
		{"unknown collections", robotAccountModel{
			Users: types.SetUnknown(tfkit.UUIDType{}), Keys: types.ListUnknown(tfkit.PublicKeyType{}),
		}, bareRobot, emptyRobot()},
		{"the form of users is kept", robotAccountModel{Users: uuidSet(annHyphens)}, plainRobot,
			fullRobot(func(m *robotAccountModel) { m.Users = uuidSet(annHyphens, boUUID) })},
		{"a user twice", robotAccountModel{}, twice, fullRobot()},
		{"keys with white space around them", robotAccountModel{},
			strings.Replace(plainRobot, firstKey, firstKey+` \r\n`, 1), fullRobot()},
		{"a time that can't be read", robotAccountModel{},
			strings.ReplaceAll(bareRobot, "2026-02-04T09:10:08Z", "04.02.2026"),
			emptyRobot(func(m *robotAccountModel) { m.Created = timetypes.NewRFC3339Null() })},
		{"a state as a number", robotAccountModel{}, strings.ReplaceAll(bareRobot, `"OK"`, "4"),
			emptyRobot(func(m *robotAccountModel) { m.State = types.StringValue("Requested deletion") })},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := decoded[waldurapi.RobotAccount](t, test.in)
			got := test.prior
			got.fromAPI(in)
			wantEqual(t, got, test.want)

			for mode, prior := range map[string]types.String{
				"delete": types.StringNull(), "request_deletion": types.StringValue("request_deletion"),
			} {
				resource := robotAccountResourceModel{robotAccountModel: test.prior, DeletionMode: prior}
				resource.fromAPI(in)
				wantEqual(t, resource, robotAccountResourceModel{
					robotAccountModel: test.want, ID: types.StringValue(accountUUID),
					DeletionMode: types.StringValue(mode),
				})
			}
			wantEqual(t, in, decoded[waldurapi.RobotAccount](t, test.in))
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
	m := &robotAccountResourceModel{robotAccountModel: fullRobot(), ID: types.StringValue(accountUUID),
		DeletionMode: types.StringValue("delete")}
	change(m)
	return m
}

// A data source has an empty list where the account has no users or keys, and null where the response
// does not have them.
func TestRobotAccountDataModel(t *testing.T) {
	for name, test := range map[string]struct {
		response string
		users    types.Set
		keys     types.List
	}{
		"no elements":  {`{"uuid": "` + accountUUID + `", "users": [], "keys": []}`, uuidSet(), keyList()},
		"not returned": {`{"uuid": "` + accountUUID + `"}`, noUsers, noKeys},
	} {
		t.Run(name, func(t *testing.T) {
			var got robotAccountDataModel
			got.fromAPI(decoded[waldurapi.RobotAccount](t, test.response))
			wantEqual(t, got.Users, test.users)
			wantEqual(t, got.Keys, test.keys)
		})
	}
}

func TestRobotAccountToCreate(t *testing.T) {
	const least = `"resource":"/api/marketplace-resources/` + resourceUUID + `/","type":"cicd"`
	planned := func(change func(*robotAccountResourceModel)) *robotAccountResourceModel {
		m := &robotAccountResourceModel{robotAccountModel: robotAccountModel{
			UUID:         tfkit.UUID{StringValue: types.StringUnknown()},
			ResourceUUID: tfkit.UUIDOrNull(strings.ToUpper(resourceUUID)), Type: types.StringValue("cicd"),
			Username: types.StringUnknown(), State: types.StringUnknown(), ErrorMessage: types.StringUnknown(),
			Users: noUsers, Keys: noKeys,
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
			m.Users, m.ResponsibleUser = uuidSet(boUUID, annHyphens), tfkit.UUIDOrNull(annHyphens)
			m.Keys, m.Description = keyList(secondKey+"\n", firstKey), description(" Builds\n")
		}), `{"description":"Builds","keys":["` + secondKey + `","` + firstKey + `"],` +
			`"resource":"/api/marketplace-resources/` + resourceUUID + `/",` +
			`"responsible_user":"/api/users/` + annUUID + `/","type":"cicd","username":"robot",` +
			`"users":["/api/users/` + boUUID + `/","/api/users/` + annUUID + `/"]}`},
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
		"no change":          {nil, nil, ""},
		"type":               {nil, func(m *model) { m.Type = types.StringValue("hpc") }, `{"type":"hpc"}`},
		"username":           {nil, func(m *model) { m.Username = types.StringValue("r2") }, `{"username":"r2"}`},
		"username, to empty": {nil, func(m *model) { m.Username = types.StringValue("") }, `{"username":""}`},
		"description": {nil, func(m *model) { m.Description = description(" Tests ") },
			`{"description":"Tests"}`},
		"description, padded":  {nil, func(m *model) { m.Description = description("Builds\n") }, ""},
		"description, to none": {nil, func(m *model) { m.Description = noDescription() }, `{"description":""}`},
		"description, null empty": {func(m *model) { m.Description = description("") },
			func(m *model) { m.Description = noDescription() }, ""},
		"users": {nil, func(m *model) { m.Users = uuidSet(boUUID) },
			`{"users":["/api/users/` + boUUID + `/"]}`},
		"users, another order": {nil, func(m *model) { m.Users = uuidSet(boUUID, annHyphens) }, ""},
		"users, to null":       {nil, func(m *model) { m.Users = noUsers }, `{"users":[]}`},
		"users, to empty":      {nil, func(m *model) { m.Users = uuidSet() }, `{"users":[]}`},
		"users, null empty":    {func(m *model) { m.Users = noUsers }, func(m *model) { m.Users = uuidSet() }, ""},
		"users, the first": {func(m *model) { m.Users = noUsers },
			func(m *model) { m.Users = uuidSet(annHyphens) }, `{"users":["/api/users/` + annUUID + `/"]}`},
		"responsible": {nil, func(m *model) { m.ResponsibleUser = tfkit.UUIDOrNull(boUUID) },
			`{"responsible_user":"/api/users/` + boUUID + `/"}`},
		"responsible, spelling": {nil, func(m *model) { m.ResponsibleUser = tfkit.UUIDOrNull(annHyphens) }, ""},
		"responsible, nobody": {nil, func(m *model) { m.ResponsibleUser = tfkit.UUIDOrNull("") },
			`{"responsible_user":null}`},
		"keys, another order": {nil, func(m *model) { m.Keys = keyList(secondKey, firstKey) },
			`{"keys":["` + secondKey + `","` + firstKey + `"]}`},
		"keys, a line's end": {nil, func(m *model) { m.Keys = keyList(firstKey+"\n", secondKey) }, ""},
		"keys, one twice": {nil, func(m *model) { m.Keys = keyList(firstKey, firstKey, secondKey) },
			`{"keys":["` + firstKey + `","` + firstKey + `","` + secondKey + `"]}`},
		"keys, to null":    {nil, func(m *model) { m.Keys = noKeys }, `{"keys":[]}`},
		"keys, null empty": {func(m *model) { m.Keys = noKeys }, func(m *model) { m.Keys = keyList() }, ""},
		"what is not sent": {nil, func(m *model) {
			m.State, m.ErrorMessage = types.StringValue("OK"), types.StringValue("x")
			m.DeletionMode = types.StringValue("request_deletion")
			m.Fingerprints, m.ResourceUUID = types.ListUnknown(fingerprintType), tfkit.UUIDOrNull(projectUUID)
		}, ""},
		"two": {nil, func(m *model) { m.Type, m.Username = types.StringValue("hpc"), types.StringValue("r2") },
			`{"type":"hpc","username":"r2"}`},
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
