package waldurapi

import (
	"reflect"
	"testing"
)

const (
	resourceJSON = `{
		"url": "https://h/api/marketplace-resources/` + resource + `/", "uuid": "` + resource + `",
		"name": "Cluster", "slug": "cluster", "state": "OK",
		"project_uuid": "` + project + `", "customer_uuid": "` + customer + `", "provider_uuid": "p",
		"offering_uuid": "o", "offering_name": "HPC",
		"backend_id": "b-1", "limits": {"cpu": 1}
	}`
	resourceFieldsQuery = "field=uuid&field=name&field=slug&field=state&field=project_uuid&field=customer_uuid&" +
		"field=provider_uuid&field=offering_uuid&field=offering_name&field=backend_id"
)

// resourceViews are the two sides, which differ in path alone.
var resourceViews = map[ResourceView]string{ConsumerView: "/api/marketplace-resources/",
	ProviderView: "/api/marketplace-provider-resources/"}

func exampleResource() Resource {
	return Resource{
		UUID: resource, Name: "Cluster", Slug: "cluster", State: "OK", ProjectUUID: project, CustomerUUID: customer,
		ProviderUUID: "p",
		OfferingUUID: "o", OfferingName: "HPC", BackendID: "b-1",
	}
}

func TestResourcesGet(t *testing.T) {
	for view, path := range resourceViews {
		for name, test := range map[string]struct {
			status     int
			body, id   string
			path, fail string
		}{
			"one":             {200, resourceJSON, resource, resource + "/", ""},
			"id with a slash": {200, resourceJSON, "a/b", "a%2Fb/", ""},
			"none": {404, `{"detail":"Not found."}`, resource, resource + "/",
				": 404 Not Found: Not found."},
			"no uuid": {200, `{"name":"x"}`, resource, resource + "/",
				": 200 OK: the response is not the expected JSON: it has no uuid"},
		} {
			t.Run(string(view)+"/"+name, func(t *testing.T) {
				f := &fixed{status: test.status, body: test.body}
				got, err := serve(t, f).Resources.Get(t.Context(), view, test.id)
				switch {
				case test.fail != "":
					if want := "GET " + path + test.path + test.fail; got != nil || err == nil || err.Error() != want {
						t.Errorf("got %+v, %v\nwant %s", got, err, want)
					}
				case err != nil || *got != exampleResource():
					t.Errorf("got %+v, %v\nwant %+v", got, err, exampleResource())
				}
				f.wantSent(t, "GET "+path+test.path+"?"+resourceFieldsQuery+" ")
			})
		}
	}
}

func TestResourcesList(t *testing.T) {
	tests := []struct {
		name   string
		filter ResourceFilter
		query  string // besides the paging and the fields
	}{
		{"all", ResourceFilter{}, ""},
		{"name", ResourceFilter{Name: "a&b c"}, "name_exact=a%26b+c"},
		{"project", ResourceFilter{ProjectUUID: "p"}, "project_uuid=p"},
		{"customer", ResourceFilter{CustomerUUID: "c"}, "customer_uuid=c"},
		{"provider", ResourceFilter{ProviderUUID: "s"}, "provider_uuid=s"},
		{"offering", ResourceFilter{OfferingUUID: "o"}, "offering_uuid=o"},
		{"states", ResourceFilter{States: []string{"OK", "Erred"}}, "state=OK&state=Erred"},
		{"no states", ResourceFilter{States: []string{}}, ""},
	}
	for view, path := range resourceViews {
		for _, test := range tests {
			t.Run(string(view)+"/"+test.name, func(t *testing.T) {
				f := &fixed{status: 200, body: "[" + resourceJSON + "]", count: "1"}
				got, err := serve(t, f).Resources.List(t.Context(), view, test.filter)
				if want := []Resource{exampleResource()}; err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("got %+v, %v\nwant %+v", got, err, want)
				}
				f.wantSent(t,
					"GET "+path+"?"+sortedQuery("page=1&page_size=300&"+resourceFieldsQuery+"&"+test.query)+" ")
			})
		}
	}
}
