package waldursim_test

import (
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// estate adds more customers, projects, resources and users to a world.
type estate struct {
	*world
	beta, betaProject, twin   string
	alloc, storage, cancelled string
	offering                  string
}

func newEstate(t *testing.T) *estate {
	t.Helper()
	e := &estate{world: newWorld(t)}
	e.beta = e.sim.AddCustomer(waldursim.Customer{
		Name: "Beta Labs", Abbreviation: "BL", NativeName: "Beeta laborid", Slug: "beta", BackendID: "crm-7",
		MaxServiceAccounts: waldursim.Unlimited, Archived: true, Blocked: true,
	})
	e.betaProject = e.sim.AddProject(waldursim.Project{
		Name: "Climate models", Customer: e.beta, Slug: "beta-clim", BackendID: "p-9", EndDate: "2020-01-31",
		MaxServiceAccounts: waldursim.Unlimited,
	})
	e.twin = e.sim.AddProject(waldursim.Project{Name: "Aerosols", Customer: e.customer})
	e.offering = strings.Repeat("0f", 16)
	e.alloc = e.sim.AddResource(waldursim.Resource{
		Name: "hpc-allocation-7", Project: e.project, Provider: e.beta, Offering: e.offering,
		OfferingName: "Compute", BackendID: "alloc-7",
	})
	e.storage = e.sim.AddResource(waldursim.Resource{Name: "HPC-storage", Project: e.betaProject, State: "Erred"})
	e.cancelled = e.sim.AddResource(waldursim.Resource{Name: "hpc-allocation-7", Project: e.project, State: "Terminated"})
	e.addUser("beta", waldursim.User{Username: "bob", FullName: "Bob Beeta", Email: "bob@beta.example"},
		grant{waldursim.CustomerOwner, e.beta})
	e.addUser("full", waldursim.User{Username: "ada", FullName: "Ada Kask", Email: "Ada.Kask@acme.example"},
		grant{waldursim.ProjectMember, e.project})
	return e
}

func TestCustomerFields(t *testing.T) {
	e := newEstate(t)
	got := e.do("staff", "GET", "/api/customers/"+hyphened(e.beta)+"/", nil).want(200).object()
	want := object{
		"url": e.server.URL + "/api/customers/" + e.beta + "/", "uuid": e.beta,
		"created": "2026-03-02T08:15:30.481207+00:00", "name": "Beta Labs", "native_name": "Beeta laborid",
		"abbreviation": "BL", "slug": "beta", "email": "", "backend_id": "crm-7",
		"archived": true, "blocked": true, "max_service_accounts": nil,
	}
	wantFields(t, got, want)
	wantFields(t, want, got)
	acme := e.do("staff", "GET", "/api/customers/"+e.customer+"/", nil).want(200).object()
	wantFields(t, acme, object{
		"slug": "acme-resea", "max_service_accounts": 5.0, "archived": false, "blocked": false, "email": "office@acme.example",
	})
	e.sim.SetLimit(e.customer, waldursim.LimitOf(7))
	acme = e.do("staff", "GET", "/api/customers/"+e.customer+"/", nil).want(200).object()
	wantFields(t, acme, object{"max_service_accounts": 7.0})
	fresh := e.sim.AddCustomer(waldursim.Customer{Name: "Fresh"})
	wantFields(t, e.do("staff", "GET", "/api/customers/"+fresh+"/", nil).object(), object{"max_service_accounts": 0.0})
}

func TestProjectFields(t *testing.T) {
	e := newEstate(t)
	got := e.do("staff", "GET", "/api/projects/"+e.betaProject+"/", nil).want(200).object()
	want := object{
		"url": e.server.URL + "/api/projects/" + e.betaProject + "/", "uuid": e.betaProject,
		"created": "2026-03-02T08:15:30.481207+00:00", "name": "Climate models", "slug": "beta-clim", "backend_id": "p-9",
		"customer": e.server.URL + "/api/customers/" + e.beta + "/", "customer_uuid": e.beta,
		"customer_name": "Beta Labs", "customer_abbreviation": "BL",
		"end_date": "2020-01-31", "is_removed": false, "max_service_accounts": nil,
	}
	wantFields(t, got, want)
	wantFields(t, want, got)
	first := e.do("staff", "GET", "/api/projects/"+e.project+"/", nil).want(200).object()
	wantFields(t, first, object{"slug": "climate-mo", "end_date": nil, "max_service_accounts": 5.0})
	twin := e.do("staff", "GET", "/api/projects/"+e.twin+"/", nil).want(200).object()
	wantFields(t, twin, object{"max_service_accounts": 0.0})
}

func TestResourceFields(t *testing.T) {
	e := newEstate(t)
	for _, view := range []string{"marketplace-resources", "marketplace-provider-resources"} {
		got := e.do("staff", "GET", "/api/"+view+"/"+e.alloc+"/", nil).want(200).object()
		want := object{
			// Both views give the address in the consumer's.
			"url": e.server.URL + "/api/marketplace-resources/" + e.alloc + "/", "uuid": e.alloc,
			"created": "2026-03-02T08:15:30.481207+00:00", "name": "hpc-allocation-7", "slug": "hpc-alloca",
			"state": "OK", "backend_id": "alloc-7", "project_uuid": e.project, "project_name": "Climate models",
			"customer_uuid": e.customer, "provider_uuid": e.beta, "offering_uuid": e.offering, "offering_name": "Compute",
		}
		wantFields(t, got, want)
		wantFields(t, want, got)
	}
	other := e.do("staff", "GET", "/api/marketplace-resources/"+e.storage+"/", nil).want(200).object()
	wantFields(t, other, object{"provider_uuid": e.beta, "customer_uuid": e.beta, "state": "Erred"})
	wantMatch(t, other["offering_uuid"], "[0-9a-f]{32}")
}

func TestUserFields(t *testing.T) {
	e := newEstate(t)
	want := object{
		"url": e.server.URL + "/api/users/" + e.users["full"] + "/", "uuid": e.users["full"], "username": "ada",
		"full_name": "Ada Kask", "email": "Ada.Kask@acme.example", "is_active": true, "is_staff": false, "is_support": false,
	}
	for _, path := range []string{"/api/users/me/", "/api/users/" + hyphened(e.users["full"]) + "/"} {
		got := e.do("full", "GET", path, nil).want(200).object()
		wantFields(t, got, want)
		wantFields(t, want, got)
	}
	gone, _ := e.sim.AddUser(waldursim.User{Username: "gone", Inactive: true})
	wantFields(t, e.do("staff", "GET", "/api/users/"+gone+"/", nil).want(200).object(), object{"is_active": false})
	wantFields(t, e.do("staff", "GET", "/api/users/me/", nil).want(200).object(), object{"is_staff": true})
	wantFields(t, e.do("support", "GET", "/api/users/me/", nil).want(200).object(), object{"is_support": true})
}

func TestLookupReadsOfTheMissing(t *testing.T) {
	e := newEstate(t)
	unknown := strings.Repeat("0", 32)
	for path, model := range map[string]string{
		"/api/customers/": "Customer", "/api/projects/": "Project", "/api/users/": "User",
		"/api/marketplace-resources/": "Resource", "/api/marketplace-provider-resources/": "Resource",
	} {
		e.do("staff", "GET", path+unknown+"/", nil).want(404).wantBody(`{"detail": "No ` + model + ` matches the given query."}`)
		e.do("staff", "GET", path+"nonsense/", nil).want(404).wantBody(`{"detail": "Not found."}`)
	}
	for _, hidden := range []string{
		"/api/customers/" + e.beta, "/api/projects/" + e.betaProject, "/api/users/" + e.users["beta"],
		"/api/marketplace-resources/" + e.storage, "/api/marketplace-provider-resources/" + e.alloc,
	} {
		e.do("staff", "GET", hidden+"/", nil).want(200)
		e.do("manager", "GET", hidden+"/", nil).want(404)
	}
}

func TestVisibility(t *testing.T) {
	e := newEstate(t)
	all := "ACME Research,Beta Labs"
	everyProject := "Climate models,Climate models,Aerosols"
	everyResource := "hpc-allocation-7,HPC-storage,hpc-allocation-7"
	acme := "ada,ada.kask,mart,mia,rita"
	for _, test := range []struct {
		caller, customers, projects, consumed, provided, users string
	}{
		{"staff", all, everyProject, everyResource, everyResource, "ada,ada.kask,bob,helpdesk,mart,mia,rita,root,zed"},
		{"support", all, everyProject, everyResource, everyResource, "ada,ada.kask,bob,helpdesk,mart,mia,rita,root,zed"},
		{"owner", "ACME Research", "Climate models,Aerosols", "hpc-allocation-7,hpc-allocation-7", "hpc-allocation-7", acme},
		{"reader", "ACME Research", "Climate models,Aerosols", "hpc-allocation-7,hpc-allocation-7", "hpc-allocation-7", acme},
		{"manager", "ACME Research", "Climate models", "hpc-allocation-7,hpc-allocation-7", "", "ada,mart,mia"},
		{"member", "ACME Research", "Climate models", "hpc-allocation-7,hpc-allocation-7", "", "ada,mart,mia"},
		{"beta", "Beta Labs", "Climate models", "HPC-storage", "hpc-allocation-7,HPC-storage", "bob"},
		{"stranger", "", "", "", "", "zed"},
	} {
		t.Run(test.caller, func(t *testing.T) {
			for path, want := range map[string]string{
				"/api/customers/?field=name":                      test.customers,
				"/api/projects/?field=name":                       test.projects,
				"/api/marketplace-resources/?field=name":          test.consumed,
				"/api/marketplace-provider-resources/?field=name": test.provided,
			} {
				got := e.in(t).do(test.caller, "GET", path, nil).want(200).column("name")
				if strings.Join(got, ",") != want {
					t.Errorf("%s: %q, want %q", path, got, want)
				}
			}
			// Users come in the order of their names.
			got := e.in(t).do(test.caller, "GET", "/api/users/?field=username", nil).want(200).column("username")
			if strings.Join(got, ",") != test.users {
				t.Errorf("users %q, want %q", got, test.users)
			}
		})
	}
}

func TestStaffIsHiddenFromUsers(t *testing.T) {
	e := newEstate(t)
	e.sim.Grant(e.users["staff"], waldursim.ProjectMember, e.project)
	e.do("owner", "GET", "/api/users/"+e.users["staff"]+"/", nil).want(404)
	e.do("support", "GET", "/api/users/"+e.users["staff"]+"/", nil).want(200)
}

func TestLookupFilters(t *testing.T) {
	e := newEstate(t)
	hpc := "hpc-allocation-7"
	unknown := strings.Repeat("0", 32)
	resources := []struct{ query, want string }{
		{"name_exact=" + hpc, hpc + "," + hpc},
		{"name_exact=" + hpc + "&state=OK&state=Erred", hpc},
		{"name_exact=hpc", ""},
		{"name=hpc", hpc + ",HPC-storage," + hpc},
		{"name=STORAGE", "HPC-storage"},
		{"project_uuid=" + hyphened(e.project), hpc + "," + hpc},
		{"customer_uuid=" + e.beta, "HPC-storage"},
		{"provider_uuid=" + e.beta, hpc + ",HPC-storage"},
		{"offering_uuid=" + e.offering, hpc},
		{"state=Terminated", hpc},
		{"state=Creating&state=Updating&state=Terminating", ""},
		{"backend_id=alloc-7", hpc},
		{"backend_id=alloc", ""},
		{"query=alloc-7", hpc},
		{"query=storage", "HPC-storage"},
		{"query=" + e.storage, "HPC-storage"},
		{"project_uuid=" + e.project + "&customer_uuid=" + e.beta, ""},
		{"uuid=" + e.storage, hpc + ",HPC-storage," + hpc},
	}
	for path, tests := range map[string][]struct{ query, want string }{
		"/api/customers/": {
			{"", "ACME Research,Beta Labs"},
			{"name_exact=Beta+Labs", "Beta Labs"},
			{"name_exact=beta+labs", ""},
			{"name_exact=Beta", ""},
			{"name=LAB", "Beta Labs"},
			{"name=a", "ACME Research,Beta Labs"},
			{"abbreviation=acm", "ACME Research"},
			{"native_name=laborid", "Beta Labs"},
			{"slug=beta", "Beta Labs"},
			{"slug=bet", ""},
			{"backend_id=crm-7", "Beta Labs"},
			{"backend_id=crm", ""},
			{"query=BEETA", "Beta Labs"},
			{"query=acme", "ACME Research"},
			{"query=" + hyphened(e.beta), "Beta Labs"},
			{"query=nothing", ""},
			{"uuid=" + unknown, "ACME Research,Beta Labs"},
			{"name_exact=&name=", "ACME Research,Beta Labs"},
			{"name_exact=+", "ACME Research,Beta Labs"},
		},
		"/api/projects/": {
			{"name_exact=Climate+models", "Climate models,Climate models"},
			{"name_exact=Climate+models&customer=" + e.beta, "Climate models"},
			{"name_exact=Aerosols&customer=" + e.beta, ""},
			{"name=aero", "Aerosols"},
			{"customer=" + hyphened(e.customer), "Climate models,Aerosols"},
			{"customer=" + e.customer + "," + e.beta, "Climate models,Climate models,Aerosols"},
			{"customer=" + unknown, ""},
			{"slug=beta-clim", "Climate models"},
			{"backend_id=p-9", "Climate models"},
			{"query=sol", "Aerosols"},
			{"query=" + e.twin, "Aerosols"},
		},
		"/api/marketplace-resources/":          resources,
		"/api/marketplace-provider-resources/": resources,
	} {
		for _, test := range tests {
			t.Run(path+"?"+test.query, func(t *testing.T) {
				got := e.in(t).do("staff", "GET", path+"?"+test.query, nil).want(200).column("name")
				if strings.Join(got, ",") != test.want {
					t.Errorf("%q, want %q", got, test.want)
				}
			})
		}
	}
}

func TestUserFilters(t *testing.T) {
	e := newEstate(t)
	for query, want := range map[string]string{
		"username=ada":                     "ada",
		"username=Ada":                     "",
		"username=ad":                      "",
		"email=ada.kask@":                  "ada",
		"email=EXAMPLE":                    "ada,bob",
		"full_name=kask":                   "ada",
		"full_name=b":                      "bob",
		"user_keyword=kask":                "ada,ada.kask",
		"user_keyword=beta.ex":             "bob",
		"customer_uuid=" + e.beta:          "bob",
		"customer_uuid=" + e.customer:      "ada,ada.kask,mart,mia,rita",
		"project_uuid=" + e.project:        "ada,mart,mia",
		"project_uuid=" + hyphened(e.twin): "",
		"project_uuid=" + e.project + "&customer_uuid=" + e.beta: "",
	} {
		t.Run(query, func(t *testing.T) {
			got := e.in(t).do("staff", "GET", "/api/users/?"+query, nil).want(200).column("username")
			if strings.Join(got, ",") != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

func TestUserFilterForgetsRemovedProjects(t *testing.T) {
	e := newEstate(t)
	e.sim.RemoveProject(e.project)
	for query, want := range map[string]string{
		"customer_uuid=" + e.customer: "ada.kask,rita",
		"project_uuid=" + e.project:   "",
	} {
		got := e.do("staff", "GET", "/api/users/?"+query, nil).want(200).column("username")
		if strings.Join(got, ",") != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	// Its resources stay for those who see everything, and are the provider's.
	wantStrings(t, e.do("member", "GET", "/api/marketplace-resources/", nil).want(200).column("name"))
	wantStrings(t, e.do("owner", "GET", "/api/marketplace-resources/", nil).want(200).column("name"))
	wantStrings(t, e.do("beta", "GET", "/api/marketplace-provider-resources/", nil).want(200).column("name"),
		"hpc-allocation-7", "HPC-storage")
	if got := e.do("staff", "GET", "/api/marketplace-resources/", nil).want(200).list(); len(got) != 3 {
		t.Errorf("staff sees %d resources, want 3", len(got))
	}
}

func TestLookupFilterErrors(t *testing.T) {
	e := newEstate(t)
	badUUID := "Enter a valid UUID."
	for _, test := range []struct{ path, parameter, value, want string }{
		{"projects", "customer", "nonsense", badUUID},
		{"projects", "customer", e.customer + ",x", badUUID},
		{"projects", "customer", "/api/customers/" + e.customer + "/", badUUID},
		{"marketplace-resources", "project_uuid", "x", badUUID},
		{"marketplace-resources", "customer_uuid", "x", badUUID},
		{"marketplace-provider-resources", "provider_uuid", "x", badUUID},
		{"marketplace-provider-resources", "offering_uuid", "x", badUUID},
		{"marketplace-resources", "state", "ok", "Select a valid choice. ok is not one of the available choices."},
		{"users", "customer_uuid", "x", badUUID},
		{"users", "project_uuid", "x", badUUID},
		{"customers", "o", "bogus", "Select a valid choice. bogus is not one of the available choices."},
		{"projects", "o", "name,-bogus", "Select a valid choice. -bogus is not one of the available choices."},
	} {
		t.Run(test.path+" "+test.parameter+" "+test.value, func(t *testing.T) {
			e.in(t).do("staff", "GET", "/api/"+test.path+"/?"+test.parameter+"="+test.value, nil).want(400).
				wantBody(`{"` + test.parameter + `": ["` + test.want + `"]}`)
		})
	}
}

func TestOrdering(t *testing.T) {
	e := newEstate(t)
	for _, test := range []struct{ path, field, want string }{
		{"/api/customers/?o=name", "name", "ACME Research,Beta Labs"},
		{"/api/customers/?o=-name", "name", "Beta Labs,ACME Research"},
		{"/api/customers/?o=-created", "name", "Beta Labs,ACME Research"},
		{"/api/customers/?o=", "name", "ACME Research,Beta Labs"},
		{"/api/projects/?o=name", "name", "Aerosols,Climate models,Climate models"},
		{"/api/projects/?o=name,customer_name", "customer_name", "ACME Research,ACME Research,Beta Labs"},
		{"/api/projects/?o=name,-customer_name", "customer_name", "ACME Research,Beta Labs,ACME Research"},
		{"/api/projects/?o=-created", "name", "Aerosols,Climate models,Climate models"},
		{"/api/projects/?o=end_date", "customer_name", "Beta Labs,ACME Research,ACME Research"},
		{"/api/projects/?o=-end_date", "customer_name", "ACME Research,ACME Research,Beta Labs"},
		{"/api/projects/?o=end_date,-name", "name", "Climate models,Climate models,Aerosols"},
		{"/api/projects/?o=-end_date,name", "name", "Aerosols,Climate models,Climate models"},
		{"/api/marketplace-resources/?o=state", "state", "Erred,OK,Terminated"},
		{"/api/marketplace-provider-resources/?o=-name", "state", "OK,Terminated,Erred"},
		{"/api/users/?o=-username&customer_uuid=" + e.customer, "username", "rita,mia,mart,ada.kask,ada"},
		{"/api/users/?o=full_name&user_keyword=.example", "full_name", "Ada Kask,Bob Beeta"},
		{"/api/users/?o=-email&user_keyword=.example", "full_name", "Bob Beeta,Ada Kask"},
	} {
		t.Run(test.path, func(t *testing.T) {
			got := e.in(t).do("staff", "GET", test.path, nil).want(200).column(test.field)
			if strings.Join(got, ",") != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
	// Order comes before the cut into pages.
	r := e.do("staff", "GET", "/api/customers/?o=-name&page_size=1", nil).want(200)
	wantStrings(t, r.column("name"), "Beta Labs")
}

func TestProjection(t *testing.T) {
	e := newEstate(t)
	for _, path := range []string{
		"/api/customers/", "/api/projects/", "/api/marketplace-resources/", "/api/marketplace-provider-resources/",
	} {
		row := func(query string) object { return e.do("staff", "GET", path+query, nil).want(200).list()[0] }
		full := row("")
		wantNames(t, row("?field=uuid&field=name"), "uuid", "name")
		wantNames(t, row("?field=uuid&field=bogus"), "uuid")
		if got := row("?field=bogus&field=other"); len(got) != len(full) {
			t.Errorf("%s: with unknown names only, %d fields, want all %d", path, len(got), len(full))
		}
		uuid := full["uuid"].(string)
		wantNames(t, e.do("staff", "GET", path+uuid+"/?field=url", nil).want(200).object(), "url")
		wantFields(t, row("?field=name"), object{"name": full["name"]})
	}
	wantNames(t, e.do("staff", "GET", "/api/users/?field=email", nil).want(200).list()[0], "email")
	wantNames(t, e.do("staff", "GET", "/api/users/me/?field=username&field=uuid", nil).want(200).object(), "username", "uuid")
	// A filter works on fields that are not asked for.
	r := e.do("staff", "GET", "/api/customers/?field=uuid&name_exact=Beta+Labs", nil).want(200)
	wantStrings(t, r.column("uuid"), e.beta)
}
