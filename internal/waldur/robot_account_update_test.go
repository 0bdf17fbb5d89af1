package waldur

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// A failed update is an error at the attribute that the user has to correct. The people of the
// resource are looked up only if the server named no field.
func TestFailRobotAccountUpdate(t *testing.T) {
	const (
		patch     = "PATCH " + robotObject
		fields    = "field=uuid&field=username&field=full_name&field=email&field=is_active"
		ofProject = "GET /api/users/?" + fields + "&project_uuid=" + projectUUID
		ofCust    = "GET /api/users/?customer_uuid=" + customerUUID + "&" + fields
		outside   = `400 {"non_field_errors": ["User should belong to the project."]}`
		page      = "500 <h1>Server Error (500)</h1>"
		subject   = "Unable to update Waldur robot account: " + accountUUID + ": "
		refused   = subject + patch + ": 400 Bad Request: User should belong to the project.\n\n"
		failed    = subject + patch + ": 500 Internal Server Error: the response is not JSON: the server " +
			"or a proxy failed, or the endpoint is not the address of the API"
		taken = "Error type: " + subject + "resource " + resourceUUID +
			` already has a robot account of type "cicd": ` + scopeUUID + `, in state "OK"` + "\n\n" + robotSwapHint
	)
	people := func(uuids ...string) string {
		rows := []string{}
		for _, uuid := range uuids {
			rows = append(rows, `{"uuid": "`+uuid+`"}`)
		}
		return "200 [" + strings.Join(rows, ", ") + "]"
	}
	holder := `200 [{"uuid": "` + scopeUUID + `", "state": "OK"}]`
	ann, bo := []string{annUUID}, []string{boUUID}
	for name, test := range map[string]struct {
		users       []string
		responsible string
		kind        string // the new type; "": no change
		script      []exchange
		want        string
	}{
		"a user has left": {[]string{annUUID, boUUID}, annUUID, "",
			[]exchange{{patch, outside}, {ofProject, people(boUUID)}, {ofCust, people(scopeUUID)}},
			"Error users: " + refused + unseenHint(ann) + "\n\n" + robotPeopleHint},
		"two have left": {[]string{boUUID}, annUUID, "",
			[]exchange{{patch, outside}, {ofProject, people(scopeUUID)}, {ofCust, people()}},
			"Error users: " + refused + unseenHint([]string{annUUID, boUUID}) + "\n\n" + robotPeopleHint},
		"the responsible user alone has left": {bo, annUUID, "",
			[]exchange{{patch, outside}, {ofProject, people()}, {ofCust, people(boUUID)}},
			"Error responsible_user: " + refused + unseenHint(ann) + "\n\n" + robotPeopleHint},
		"nobody has left": {ann, "", "",
			[]exchange{{patch, outside}, {ofProject, people(annUUID)}, {ofCust, people()}},
			"Error users: " + refused + robotPeopleHint},
		"nobody is seen": {ann, "", "", []exchange{{patch, outside}, {ofProject, people()}, {ofCust, people()}},
			"Error users: " + refused + robotPeopleHint},
		"nobody is known": {ann, "", "", []exchange{{patch, outside}, {ofProject, people(boUUID)}, {ofCust, forbidden}},
			"Error users: " + refused + robotPeopleHint},
		"the responsible user, not known": {nil, annUUID, "", []exchange{{patch, outside}, {ofProject, forbidden}},
			"Error responsible_user: " + refused + robotPeopleHint},
		"an account without people": {nil, "", "", []exchange{{patch, outside}},
			"Error: " + strings.TrimSpace(refused)},
		"a failure, a user has left": {ann, "", "",
			[]exchange{{patch, page}, {ofProject, people(boUUID)}, {ofCust, people()}},
			"Error users: " + failed + "\n\n" + unseenHint(ann) + "\n\n" + robotPeopleHint},
		"a failure, nobody has left": {ann, "", "",
			[]exchange{{patch, page}, {ofProject, people(annUUID)}, {ofCust, people()}}, "Error: " + failed},
		"a field is refused": {ann, "", "", []exchange{{patch, `400 {"keys": ["Invalid SSH public key."]}`}},
			"Error keys: " + subject + "Invalid SSH public key. (" + patch + ")"},
		"no permission": {ann, "", "", []exchange{{patch, forbidden}},
			"Error: " + subject + patch + forbiddenText + "\n\n" + robotPermissionHint},
		"the type is taken": {ann, "", "cicd", []exchange{{pairOfRobot, holder}}, taken},
		"the type was taken meanwhile": {ann, "", "cicd",
			[]exchange{{pairOfRobot, "200 []"}, {patch, notUnique}, {pairOfRobot, holder}}, taken},
		"the type was taken meanwhile, on an old server": {ann, "", "cicd",
			[]exchange{{pairOfRobot, "200 []"}, {patch, page}, {pairOfRobot, holder}}, taken},
		"the type is not to be looked up": {ann, "", "cicd", []exchange{{pairOfRobot, broken}},
			"Error: " + subject + "GET " + robotList + brokenText},
		"another type, a user has left": {ann, "", "cicd", []exchange{{pairOfRobot, "200 []"}, {patch, outside},
			{pairOfRobot, "200 []"}, {ofProject, people(boUUID)}, {ofCust, people()}},
			"Error users: " + refused + unseenHint(ann) + "\n\n" + robotPeopleHint},
	} {
		t.Run(name, func(t *testing.T) {
			prior := robotModel(func(m *robotAccountResourceModel) {
				m.ProjectUUID, m.CustomerUUID = tfkit.UUIDOrNull(projectUUID), tfkit.UUIDOrNull(customerUUID)
				m.Users, m.ResponsibleUser = uuidSet(test.users...), tfkit.UUIDOrNull(test.responsible)
				m.Type = types.StringValue("hpc")
			})
			m := *prior
			m.Keys = noKeys
			if test.kind != "" {
				m.Type = types.StringValue(test.kind)
			}
			s := robotAccounts{newServer(t, test.script...).client}
			write, _ := m.toUpdate(prior)
			_, err := s.update(t.Context(), accountUUID, resourceUUID, write)
			var diags diag.Diagnostics
			s.failUpdate(t.Context(), &m, write, err, &diags)
			wantDiagnostics(t, diags, test.want)
		})
	}
}

// Without the UUIDs of project and customer nobody is looked up: that would be a list of all users.
func TestUnseenWithoutProject(t *testing.T) {
	s := users{newServer(t).client}
	got, err := s.unseen(t.Context(), "", customerUUID, []string{annUUID})
	wantError(t, err, "the project or customer is not known")
	wantEqual(t, got, []string(nil))
}
