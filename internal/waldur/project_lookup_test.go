package waldur

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// The data source goes through the look-up.
func TestReadProject(t *testing.T) {
	const (
		whole = `{"uuid": "` + projectUUID + `", "name": "Climate", "customer_uuid": "` + customerUUID + `",
			"customer_name": "ACME", "slug": "climate", "backend_id": "42", "end_date": "2027-01-31",
			"max_service_accounts": 3}`
		bare = `{"uuid": "` + projectUUID + `", "name": "Climate", "customer_uuid": "` + customerUUID + `",
			"customer_name": "", "slug": "", "backend_id": "", "end_date": null, "max_service_accounts": null}`
		byUUID = "GET /api/projects/" + accountUUID + "/"
		byName = "GET /api/projects/?name_exact=Climate"
		within = "GET /api/projects/?customer=" + accountUUID + "&name_exact=Climate"
		unable = "Error: Unable to read Waldur project: "
		sight  = "\n\nA token sees the projects in which, or in whose customer, its user has a role. "
		none   = unable + `the project named "Climate" was not found. Names are case-sensitive`
	)
	wholeModel := projectDataModel{
		UUID: tfkit.UUIDOrNull(projectUUID), Name: types.StringValue("Climate"),
		CustomerUUID: tfkit.UUIDOrNull(customerUUID), CustomerName: types.StringValue("ACME"),
		Slug: types.StringValue("climate"), BackendID: types.StringValue("42"),
		EndDate: types.StringValue("2027-01-31"), MaxServiceAccounts: types.Int64Value(3),
	}
	bareModel := projectDataModel{
		UUID: tfkit.UUIDOrNull(projectUUID), Name: types.StringValue("Climate"),
		CustomerUUID: tfkit.UUIDOrNull(customerUUID),
	}
	uuid := projectDataModel{UUID: tfkit.UUIDOrNull(hyphenated)}
	name := projectDataModel{Name: types.StringValue("Climate")}
	inCustomer := name
	inCustomer.CustomerUUID = tfkit.UUIDOrNull(hyphenated)
	leastByUUID, leastInCustomer := projectDataModel{UUID: tfkit.UUIDOrNull(projectUUID)}, inCustomer
	leastInCustomer.UUID = tfkit.UUIDOrNull(projectUUID)
	const least = `{"uuid": "` + projectUUID + `"}`
	testRead(t, projectDataSource, map[string]readCase[projectDataModel]{
		"by uuid": {uuid, exchange{byUUID, "200 " + whole}, wholeModel, ""},
		"by uuid, not visible": {uuid, exchange{byUUID, missing}, uuid,
			unable + byUUID + missingText + sight + providersSight},
		"by name":               {name, exchange{byName, "200 [" + bare + "]"}, bareModel, ""},
		"by name in a customer": {inCustomer, exchange{within, "200 [" + whole + "]"}, wholeModel, ""},
		"by name, none":         {name, exchange{byName, "200 []"}, name, none + sight + providersSight},
		"by name in a customer, none": {inCustomer, exchange{within, "200 []"}, inCustomer,
			none + "\n\nOnly the projects of the customer of the configuration were searched." + sight +
				providersSight},
		"nothing returned":               {uuid, exchange{byUUID, "200 " + least}, leastByUUID, ""},
		"nothing returned in a customer": {inCustomer, exchange{within, "200 [" + least + "]"}, leastInCustomer, ""},
		"by name, not permitted": {name, exchange{byName, forbidden}, name,
			unable + "GET /api/projects/" + forbiddenText},
		"by name, several": {name,
			exchange{byName, "200 [" + whole + `, {"uuid": "` + accountUUID + `", "customer_name": "B"}]`},
			name, unable + "there is more than one project named \"Climate\"; choose by uuid:\n  " + projectUUID +
				" (of customer \"ACME\", " + customerUUID + ")\n  " + accountUUID + " (of customer \"B\", )"},
	})
}
