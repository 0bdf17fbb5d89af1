package waldur

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
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
		"by name and filters, several": {filtered,
			exchange{"GET /api/marketplace-provider-resources/?customer_uuid=" + customerUUID +
				"&" + resourceFields + "&name_exact=Cluster&offering_uuid=" + projectUUID +
				"&project_uuid=" + accountUUID + "&provider_uuid=" + scopeUUID + alive[len("&name_exact=Cluster"):],
				"200 [" + one + `, {"uuid": "x"}]`}, filtered,
			unable + "there is more than one resource named \"Cluster\"; choose by uuid:\n  " + resourceUUID +
				" (OK, of project " + projectUUID + ", from \"HPC\")\n  x (, of project , from \"\")"},
	})
}

// A resource that one view does not show is looked for in the other view, for the error.
func TestReadResourceElsewhere(t *testing.T) {
	const (
		provider = "GET /api/marketplace-provider-resources/"
		consumer = "GET /api/marketplace-resources/"
		one      = accountUUID + "/?" + resourceFields
		dead     = "?" + resourceFields + "&name_exact=Cluster&state=Terminated"
		alive    = "?" + resourceFields + "&name_exact=Cluster&state=Creating&state=OK&state=Erred&state=Updating" +
			"&state=Terminating"
		byUUID = "Error: Unable to read Waldur resource: " + provider + accountUUID + "/" + missingText + "\n\n"
		byName = "Error: Unable to read Waldur resource: the resource named \"Cluster\" was not found. " +
			"Names are case-sensitive\n\n"
		sight = "With view = \"provider\", a token sees the resources that customers of its user provide, with " +
			"view = \"consumer\" the resources of the projects in which, or in whose customer, its user has a role."
		ended = "\n\nTerminated resources are searched only if states has \"Terminated\"."
	)
	noStates, row := types.SetNull(types.StringType), `{"uuid": "x"}`
	uuid := resourceDataModel{UUID: tfkit.UUIDOrNull(hyphenated), States: noStates}
	name := resourceDataModel{Name: types.StringValue("Cluster"), States: noStates}
	used := name
	used.View, used.States = types.StringValue("consumer"), tfkit.StringSetOf([]string{"Terminated"})
	for title, test := range map[string]struct {
		config        resourceDataModel
		first, second exchange
		want          string
	}{
		"by uuid, in the other view": {uuid, exchange{provider + one, missing}, exchange{consumer + one, "200 " + row},
			byUUID + `It is visible with view = "consumer".`},
		"by uuid, nowhere": {uuid, exchange{provider + one, missing}, exchange{consumer + one, missing},
			byUUID + `It is not visible with view = "consumer" either. ` + sight},
		"by uuid, not known": {uuid, exchange{provider + one, missing}, exchange{consumer + one, forbidden},
			byUUID + `Perhaps it is visible with view = "consumer". ` + sight},
		"by name, in the other view": {name, exchange{provider + alive, "200 []"},
			exchange{consumer + alive, "200 [" + row + "]"}, byName + `It is visible with view = "consumer".`},
		"by name, several in the other view": {name, exchange{provider + alive, "200 []"},
			exchange{consumer + alive, "200 [" + row + `, {"uuid": "y"}]`},
			byName + `Perhaps it is visible with view = "consumer". ` + sight + ended},
		"by name and state, nowhere": {used, exchange{consumer + dead, "200 []"}, exchange{provider + dead, "200 []"},
			byName + `It is not visible with view = "provider" either. ` + sight},
	} {
		t.Run(title, func(t *testing.T) {
			var diags diag.Diagnostics
			m := test.config
			resourceDataSource.Read(t.Context(), newServer(t, test.first, test.second).client, &m, &diags)
			wantDiagnostics(t, diags, test.want)
			wantEqual(t, m, test.config)
		})
	}
}
