package waldur

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// The data source goes through the look-up.
func TestReadUser(t *testing.T) {
	const (
		ann = `{"uuid": "` + annUUID + `", "username": "ann", "full_name": "Ann A", "email": "ann@acme.example",
			"is_active": true}`
		joann  = `{"uuid": "` + boUUID + `", "username": "joann", "full_name": "", "email": "joann@acme.example"}`
		unable = "Error: Unable to read Waldur user: "
		sight  = "\n\nA token sees only people who share a project or a customer with its user. The provider of a " +
			"resource sees the people of the projects that use the resource."
		searched = "\n\nOnly the people of the project and customer of the configuration were searched. The user may " +
			"belong to another project or customer: name that, or leave project_uuid and customer_uuid out."
	)
	model := func(email string) userDataModel {
		return userDataModel{
			UUID: tfkit.UUIDOrNull(annUUID), Username: types.StringValue("ann"), Email: types.StringValue(email),
			FullName: types.StringValue("Ann A"), IsActive: types.BoolValue(true),
		}
	}
	uuid, name := userDataModel{UUID: tfkit.UUIDOrNull(annHyphens)}, userDataModel{Username: types.StringValue("ann")}
	nameAndUUID := userDataModel{UUID: tfkit.UUIDOrNull(annUUID), Username: name.Username}
	email, inProject := userDataModel{Email: types.StringValue("Ann@acme.example")}, name
	inProject.ProjectUUID, inProject.CustomerUUID = tfkit.UUIDOrNull(hyphenated), tfkit.UUIDOrNull(customerUUID)
	annInProject := model("ann@acme.example")
	annInProject.ProjectUUID, annInProject.CustomerUUID = inProject.ProjectUUID, inProject.CustomerUUID
	byEmail := "GET /api/users/?email=Ann%40acme.example"
	byName := "GET /api/users/?username=ann"
	inactive, unknown := model("ann@acme.example"), model("ann@acme.example")
	inactive.IsActive, unknown.IsActive = types.BoolValue(false), types.BoolNull()
	active := func(instead string) string {
		return "200 [" + strings.Replace(ann, `"is_active": true`, instead, 1) + "]"
	}
	testRead(t, userDataSource, map[string]readCase[userDataModel]{
		"by uuid": {uuid, exchange{"GET /api/users/" + annUUID + "/", "200 " + ann},
			model("ann@acme.example"), ""},
		"by uuid, not visible": {uuid, exchange{"GET /api/users/" + annUUID + "/", missing}, uuid,
			unable + "GET /api/users/" + annUUID + "/" + missingText + sight},
		"by username":                   {name, exchange{byName, "200 [" + ann + "]"}, model("ann@acme.example"), ""},
		"not active":                    {name, exchange{byName, active(`"is_active": false`)}, inactive, ""},
		"active is null":                {name, exchange{byName, active(`"is_active": null`)}, unknown, ""},
		"active is not returned":        {name, exchange{byName, active(`"x": 1`)}, unknown, ""},
		"nothing returned, by username": {name, exchange{byName, `200 [{"uuid": "` + annUUID + `"}]`}, nameAndUUID, ""},
		"by username in a project": {inProject,
			exchange{"GET /api/users/?customer_uuid=" + customerUUID +
				"&project_uuid=" + accountUUID + "&username=ann", "200 [" + ann + "]"}, annInProject, ""},
		"by username, none": {name, exchange{byName, "200 []"}, name,
			unable + `the user with username "ann" was not found. Names are case-sensitive` + sight},
		"by username in a project, none": {inProject,
			exchange{"GET /api/users/?customer_uuid=" + customerUUID +
				"&project_uuid=" + accountUUID + "&username=ann", "200 []"}, inProject,
			unable + `the user with username "ann" was not found. Names are case-sensitive` + searched + sight},
		"the whole address counts, in any case": {email, exchange{byEmail, "200 [" + joann + "," + ann + "]"},
			model("Ann@acme.example"), ""},
		"by address, none": {email, exchange{byEmail, "200 [" + joann + "]"}, email,
			unable + `the user with the e-mail address "Ann@acme.example" was not found` + sight},
		"by address, several": {email,
			exchange{byEmail, "200 [" + ann + "," + strings.Replace(ann, annUUID, boUUID, 1) + "]"}, email,
			unable + "there is more than one user with the e-mail address \"Ann@acme.example\"; choose by uuid:\n " +
				" " + annUUID +
				" (username \"ann\", Ann A)\n  " + boUUID + " (username \"ann\", Ann A)"},
		"not permitted": {name, exchange{byName, forbidden}, name, unable + "GET /api/users/" + forbiddenText},
	})
}
