package waldursim_test

import (
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// newBeta adds a customer Beta with a project to the world.
func newBeta(t *testing.T) (w *world, beta, project string) {
	t.Helper()
	w = newWorld(t)
	beta = w.sim.AddCustomer(waldursim.Customer{
		Name: "Beta Labs", Abbreviation: "BL", NativeName: "Beeta laborid", Slug: "beta", BackendID: "crm-7",
		MaxServiceAccounts: waldursim.Unlimited, Archived: true, Blocked: true,
	})
	project = w.sim.AddProject(waldursim.Project{
		Name: "Climate models", Customer: beta, BackendID: "p-9", EndDate: "2020-01-31", MaxServiceAccounts: 3,
	})
	return w, beta, project
}

func TestLookupFields(t *testing.T) {
	w, beta, project := newBeta(t)
	offering := strings.Repeat("0f", 16)
	resource := w.sim.AddResource(waldursim.Resource{
		Name: "hpc-allocation-7", Project: project, Offering: offering, OfferingName: "Compute", BackendID: "alloc-7",
	})
	resourceFields := object{
		// Both views have the address in the consumer's.
		"url": w.URL + resourcePath(resource), "uuid": resource, "name": "hpc-allocation-7", "slug": "hpc-alloca",
		"state": "OK", "backend_id": "alloc-7", "project_uuid": project, "customer_uuid": beta, "provider_uuid": beta,
		"offering_uuid": offering, "offering_name": "Compute",
	}
	for path, want := range map[string]object{
		"customers/" + beta: {
			"url": w.URL + "/api/customers/" + beta + "/", "uuid": beta, "name": "Beta Labs", "slug": "beta",
			"native_name": "Beeta laborid", "abbreviation": "BL", "backend_id": "crm-7", "archived": true,
			"blocked": true, "max_service_accounts": nil,
		},
		"projects/" + project: {
			"url": w.URL + "/api/projects/" + project + "/", "uuid": project, "name": "Climate models",
			"slug": "climate-mo", "backend_id": "p-9", "customer": w.URL + "/api/customers/" + beta + "/",
			"customer_uuid": beta, "customer_name": "Beta Labs", "end_date": "2020-01-31", "max_service_accounts": 3,
		},
		"marketplace-resources/" + resource:          resourceFields,
		"marketplace-provider-resources/" + resource: resourceFields,
		"users/" + w.users["ada"]: {
			"url": w.user("ada"), "uuid": w.users["ada"], "username": "ada", "full_name": "Ada Kask",
			"email": "Ada@acme.example", "is_active": true,
		},
		"customers/" + w.provider:    {"max_service_accounts": 0, "archived": false, "slug": "nordic-hpc"},
		"projects/" + w.otherProject: {"max_service_accounts": 0, "end_date": nil},
	} {
		w.do("staff", "GET", "/api/"+path+"/", nil).Want(200).WantFields(want)
	}
	for path, model := range map[string]string{
		"customers": "Customer", "projects": "Project", "users": "User", "marketplace-provider-resources": "Resource",
	} {
		w.do("staff", "GET", "/api/"+path+"/"+nobody+"/", nil).Want(404).WantBody(missing(model))
		w.do("staff", "GET", "/api/"+path+"/x/", nil).Want(404).WantBody(missing(model))
	}
}

func TestVisibility(t *testing.T) {
	w, beta, project := newBeta(t)
	w.sim.AddResource(waldursim.Resource{Name: "storage", Project: project, Provider: w.provider})
	w.addUser("beta", waldursim.User{}, waldursim.CustomerOwner, beta)
	const acme = "ada bo manager member olga owner reader"
	for _, test := range []struct{ caller, customers, projects, consumed, provided, users string }{
		{
			"support", "ACME Research,Nordic HPC,Baltic Cloud,Beta Labs", "Climate models,Aerosols,Climate models",
			"allocation,spare,machine,storage", "allocation,spare,machine,storage",
			"ada beta bo manager member olga owner provider reader rival staff support zed",
		},
		{"owner", "ACME Research", "Climate models,Aerosols", "allocation,spare,machine", "", acme},
		{"reader", "ACME Research", "Climate models,Aerosols", "allocation,spare,machine", "", acme},
		{"manager", "ACME Research", "Climate models", "allocation,spare", "",
			"ada bo manager member owner reader"},
		{"provider", "Nordic HPC", "", "", "allocation,spare,storage", "ada manager member provider"},
		{"beta", "Beta Labs", "Climate models", "storage", "", "beta"},
		{"zed", "", "", "", "", "zed"},
	} {
		t.Run(test.caller, func(t *testing.T) {
			w := w.in(t)
			for path, want := range map[string]string{
				"customers": test.customers, "projects": test.projects, "marketplace-resources": test.consumed,
				"marketplace-provider-resources": test.provided,
			} {
				names := w.do(test.caller, "GET", "/api/"+path+"/", nil).Want(200).Column("name")
				simtest.Equal(t, path, strings.Join(names, ","), want)
			}
			users := w.do(test.caller, "GET", "/api/users/?page_size=20", nil).Want(200).Column("username")
			simtest.Equal(t, "users", strings.Join(users, " "), test.users)
		})
	}
	// Staff is hidden from users.
	w.sim.Grant(w.users["staff"], waldursim.ProjectMember, w.project)
	w.do("owner", "GET", "/api/users/"+w.users["staff"]+"/", nil).Want(404)
	w.do("support", "GET", "/api/users/"+w.users["staff"]+"/", nil).Want(200)
}

func TestLookupFilters(t *testing.T) {
	w, beta, project := newBeta(t)
	offering := strings.Repeat("0f", 16)
	w.sim.AddResource(waldursim.Resource{Name: "spare", Project: project, State: "Terminated", Offering: offering})
	for _, test := range []struct{ path, query, want string }{
		{"customers", "name_exact=Beta+Labs", "Beta Labs"},
		{"customers", "name_exact=beta+labs", ""},
		{"customers", "name_exact=", "ACME Research,Nordic HPC,Baltic Cloud,Beta Labs"},
		{"customers", "nonsense=1", "ACME Research,Nordic HPC,Baltic Cloud,Beta Labs"},
		{"projects", "name_exact=Climate+models", "Climate models,Climate models"},
		{"projects", "name_exact=Climate+models&customer=" + hyphened(beta), "Climate models"},
		{"projects", "customer=" + nobody, ""},
		{"marketplace-resources", "name_exact=spare", "spare,spare"},
		{"marketplace-resources", "name_exact=spare&state=OK&state=Erred", "spare"},
		{"marketplace-resources", "state=Terminated", "spare"},
		{"marketplace-resources", "project_uuid=" + w.project, "allocation,spare"},
		{"marketplace-resources", "customer_uuid=" + beta, "spare"},
		{"marketplace-provider-resources", "provider_uuid=" + hyphened(w.rival), "machine"},
		{"marketplace-provider-resources", "offering_uuid=" + offering, "spare"},
		{"users", "username=ada", "Ada Kask"},
		{"users", "username=Ada", ""},
		{"users", "email=ACME", "Ada Kask,Bo Tamm"},
		{"users", "customer_uuid=" + w.customer + "&email=@", "Ada Kask,Bo Tamm"},
		{"users", "customer_uuid=" + beta, ""},
		{"users", "project_uuid=" + w.otherProject, "Olga Out"},
	} {
		column := map[bool]string{true: "full_name", false: "name"}[test.path == "users"]
		names := w.do("staff", "GET", "/api/"+test.path+"/?"+test.query, nil).Want(200).Column(column)
		simtest.Equal(t, test.path+"?"+test.query, strings.Join(names, ","), test.want)
	}
	for query, want := range map[string]string{
		"projects/?customer=x": noUUID, "users/?project_uuid=x": noUUID, "users/?customer_uuid=x": noUUID,
		"marketplace-resources/?offering_uuid=x": noUUID, "marketplace-resources/?state=ok": choice("ok"),
	} {
		_, parameter, _ := strings.Cut(query, "?")
		name, _, _ := strings.Cut(parameter, "=")
		w.do("staff", "GET", "/api/"+query, nil).Want(400).WantBody(only(name, want))
	}
}
