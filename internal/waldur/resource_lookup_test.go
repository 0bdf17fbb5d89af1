package waldur

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

const resourceFields = "field=uuid&field=name&field=slug&field=state&field=project_uuid&field=customer_uuid" +
	"&field=provider_uuid&field=offering_uuid&field=offering_name&field=backend_id"

// The data source goes through the look-up.
func TestReadResource(t *testing.T) {
	const (
		one = `{"uuid": "` + resourceUUID + `", "name": "Cluster", "slug": "cl", "state": "OK",
			"project_uuid": "` + projectUUID + `", "customer_uuid": "` + customerUUID + `",
			"provider_uuid": "` + scopeUUID + `",
			"offering_uuid": "` + accountUUID + `", "offering_name": "HPC", "backend_id": ""}`
		provider = "GET /api/marketplace-provider-resources/"
		consumer = "GET /api/marketplace-resources/"
		alive    = "&name_exact=Cluster&state=Creating&state=OK&state=Erred&state=Updating&state=Terminating"
		unable   = "Error: Unable to read Waldur resource: "
	)
	model := func(view types.String, states types.Set) resourceDataModel {
		return resourceDataModel{
			UUID: tfkit.UUIDOrNull(resourceUUID), Name: types.StringValue("Cluster"), View: view, States: states,
			ProjectUUID: tfkit.UUIDOrNull(projectUUID), CustomerUUID: tfkit.UUIDOrNull(customerUUID),
			ProviderUUID: tfkit.UUIDOrNull(scopeUUID), OfferingUUID: tfkit.UUIDOrNull(accountUUID),
			OfferingName: types.StringValue("HPC"), Slug: types.StringValue("cl"), State: types.StringValue("OK"),
		}
	}
	null, noStates := types.StringNull(), types.SetNull(types.StringType)
	uuid := resourceDataModel{UUID: tfkit.UUIDOrNull(hyphenated), States: noStates}
	name := resourceDataModel{Name: types.StringValue("Cluster"), States: noStates}
	used, dead, filtered := uuid, name, name
	used.View = types.StringValue("consumer")
	dead.View = types.StringValue("provider")
	dead.States = types.SetValueMust(types.StringType, []attr.Value{types.StringValue("Terminated")})
	filtered.ProjectUUID, filtered.CustomerUUID = tfkit.UUIDOrNull(hyphenated), tfkit.UUIDOrNull(customerUUID)
	filtered.ProviderUUID, filtered.OfferingUUID = tfkit.UUIDOrNull(scopeUUID), tfkit.UUIDOrNull(projectUUID)
	leastByName, leastByFilters := name, filtered
	leastByName.UUID, leastByFilters.UUID = tfkit.UUIDOrNull(resourceUUID), tfkit.UUIDOrNull(resourceUUID)
	testRead(t, resourceDataSource, map[string]readCase[resourceDataModel]{
		"by uuid": {uuid, exchange{provider + accountUUID + "/?" + resourceFields, "200 " + one},
			model(null, noStates), ""},
		"by uuid, as consumer": {used, exchange{consumer + accountUUID + "/?" + resourceFields, "200 " + one},
			model(used.View, noStates), ""},
		"by uuid, not visible": {uuid, exchange{provider + accountUUID + "/?" + resourceFields, missing}, uuid,
			unable + provider + accountUUID + "/" + missingText},
		"by name": {name, exchange{provider + "?" + resourceFields + alive, "200 [" + one + "]"}, model(null, noStates),
			""},
		"by name and state": {dead, exchange{provider + "?" + resourceFields + "&name_exact=Cluster&state=Terminated",
			"200 [" + one + "]"},
			model(dead.View, dead.States), ""},
		"nothing returned": {name, exchange{provider + "?" + resourceFields + alive,
			`200 [{"uuid": "` + resourceUUID + `"}]`}, leastByName, ""},
		"null": {name, exchange{provider + "?" + resourceFields + alive, `200 [{"uuid": "` + resourceUUID +
			`", "name": null, "state": null, "provider_uuid": null}]`}, leastByName, ""},
		"nothing returned, by filters": {filtered,
			exchange{"GET /api/marketplace-provider-resources/?customer_uuid=" + customerUUID +
				"&" + resourceFields + "&name_exact=Cluster&offering_uuid=" + projectUUID +
				"&project_uuid=" + accountUUID + "&provider_uuid=" + scopeUUID + alive[len("&name_exact=Cluster"):],
				`200 [{"uuid": "` + resourceUUID + `"}]`}, leastByFilters, ""},
		"by name, none": {name, exchange{provider + "?" + resourceFields + alive, "200 []"}, name,
			unable + `no resource named "Cluster" is visible to the token`},
		"by name and filters, several": {filtered,
			exchange{"GET /api/marketplace-provider-resources/?customer_uuid=" + customerUUID +
				"&" + resourceFields + "&name_exact=Cluster&offering_uuid=" + projectUUID +
				"&project_uuid=" + accountUUID + "&provider_uuid=" + scopeUUID + alive[len("&name_exact=Cluster"):],
				"200 [" + one + `, {"uuid": "x"}]`}, filtered,
			unable + "there is more than one resource named \"Cluster\"; choose by uuid:\n  " + resourceUUID +
				" (OK, of project " + projectUUID + ", from \"HPC\")\n  x (, of project , from \"\")"},
	})
}
