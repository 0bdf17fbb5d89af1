package waldur

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// The data source goes through the look-up.
func TestReadCustomer(t *testing.T) {
	const (
		whole = `{"uuid": "` + customerUUID + `", "name": "ACME & Co", "native_name": "ACME und Co",
			"abbreviation": "AC", "slug": "acme", "backend_id": "4711", "max_service_accounts": 5, "archived": true,
			"blocked": true, "projects": [{}]}`
		bare = `{"uuid": "` + customerUUID + `", "name": "ACME & Co", "native_name": "", "abbreviation": "", "slug": "",
			"backend_id": "", "max_service_accounts": null, "archived": false, "blocked": false}`
		other    = `{"uuid": "` + projectUUID + `", "name": "ACME & Co", "abbreviation": ""}`
		byUUID   = "GET /api/customers/" + accountUUID + "/"
		byName   = "GET /api/customers/?name_exact=ACME+%26+Co"
		unable   = "Error: Unable to read Waldur customer: "
		sight    = "\n\nA token sees the customers in which its user has a role, or in one of whose projects. "
		leastOne = `{"uuid": "` + customerUUID + `"}`
		null     = `{"uuid": "` + customerUUID + `", "name": null, "archived": null, "blocked": null}`
	)
	wholeModel := customerDataModel{
		UUID: tfkit.UUIDOrNull(customerUUID), Name: types.StringValue("ACME & Co"),
		NativeName: types.StringValue("ACME und Co"), Abbreviation: types.StringValue("AC"),
		Slug: types.StringValue("acme"), BackendID: types.StringValue("4711"), MaxServiceAccounts: types.Int64Value(5),
		Archived: types.BoolValue(true), Blocked: types.BoolValue(true),
	}
	bareModel := customerDataModel{
		UUID: tfkit.UUIDOrNull(customerUUID), Name: types.StringValue("ACME & Co"),
		Archived: types.BoolValue(false), Blocked: types.BoolValue(false),
	}
	limited := bareModel
	limited.MaxServiceAccounts = types.Int64Value(0)
	uuid := customerDataModel{UUID: tfkit.UUIDOrNull(hyphenated)}
	name := customerDataModel{Name: types.StringValue("ACME & Co")}
	notReturned := customerDataModel{UUID: tfkit.UUIDOrNull(customerUUID)}
	notEvenTheName := notReturned
	notEvenTheName.Name = name.Name
	testRead(t, customerDataSource, map[string]readCase[customerDataModel]{
		"by uuid": {uuid, exchange{byUUID, "200 " + whole}, wholeModel, ""},
		"by uuid, not visible": {uuid, exchange{byUUID, missing}, uuid, unable + byUUID + missingText + sight +
			providersSight},
		"by name": {name, exchange{byName, "200 [" + bare + "]"}, bareModel, ""},
		"by name, no account": {name,
			exchange{byName, "200 [" + strings.Replace(bare, `accounts": null`, `accounts": 0`, 1) + "]"}, limited, ""},
		"nothing returned":          {uuid, exchange{byUUID, "200 " + leastOne}, notReturned, ""},
		"null":                      {uuid, exchange{byUUID, "200 " + null}, notReturned, ""},
		"nothing returned, by name": {name, exchange{byName, "200 [" + leastOne + "]"}, notEvenTheName, ""},
		"by name, none": {name, exchange{byName, "200 []"}, name,
			unable + `the customer named "ACME & Co" was not found. Names are case-sensitive` + sight +
				providersSight},
		"by name, not permitted": {name, exchange{byName, forbidden}, name,
			unable + "GET /api/customers/" + forbiddenText},
		"by name, several": {name, exchange{byName, "200 [" + whole + "," + other + "]"}, name, unable +
			"there is more than one customer named \"ACME & Co\"; choose by uuid:\n  " + customerUUID +
			" (abbreviation \"AC\")\n  " + projectUUID + " (abbreviation \"\")"},
	})
}
