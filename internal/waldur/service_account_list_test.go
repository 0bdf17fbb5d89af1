package waldur_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestAccServiceAccountList(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "there are more accounts than fit on a page")
		uuid := ""
		for i := range 320 {
			erred := ""
			if i%100 == 7 {
				erred = "directory is read-only"
			}
			uuid, _ = k.add(w.Sim, waldursim.ServiceAccount{
				Scope: k.scopeUUID(w), Username: fmt.Sprintf("svc-%03d", i), ErrorMessage: erred,
				PreferredIdentifier: fmt.Sprintf("bot-%03d", i),
				Email:               fmt.Sprintf("team-%d@acme.example", i%2),
			})
		}
		address := k.typeName() + ".test"
		last := map[string]knownvalue.Check{"uuid": knownvalue.StringExact(uuid)}
		scope := fmt.Sprintf("%s_uuid = %q", k.scope, hyphenated(k.scopeUUID(w)))
		w.RunFrom(t, tfversion.Version1_14_0,
			resource.TestStep{Config: "# a state to begin with"},
			query(k.typeName(), 1000, append(found(k.typeName(), 320), querycheck.ExpectIdentity(address, last)),
				scope),
			query(k.typeName(), 5, found(k.typeName(), 5)),
			query(k.typeName(), 1000, found(k.typeName(), 4), `states = ["Erred"]`),
			query(k.typeName(), 1000, found(k.typeName(), 160), `email = "TEAM-1"`),
			query(k.typeName(), 1000, []querycheck.QueryResultCheck{
				querycheck.ExpectLength(address, 1),
				querycheck.ExpectResourceDisplayName(address, queryfilter.ByResourceIdentity(last),
					knownvalue.StringExact("svc-319")),
				querycheck.ExpectResourceKnownValues(address, queryfilter.ByResourceIdentity(last),
					[]querycheck.KnownValueCheck{
						{Path: tfjsonpath.New("username"), KnownValue: knownvalue.StringExact("svc-319")},
						{Path: tfjsonpath.New("preferred_identifier"), KnownValue: knownvalue.StringExact("bot-319")},
						{Path: tfjsonpath.New(k.scope + "_uuid"), KnownValue: knownvalue.StringExact(k.scopeUUID(w))},
						{Path: tfjsonpath.New("api_key"), KnownValue: knownvalue.Null()},
					}),
			}, `username = "svc-319"`),
			func() resource.TestStep { // an error of the API is one of the query, not an empty list
				step := query(k.typeName(), 1000, nil, scope)
				step.PreConfig = func() {
					w.Sim.Inject(k.operation+"_list",
						simkit.Fault{Status: 403, Body: `{"detail": "You shall not look."}`})
				}
				step.ExpectError = acctest.Words("You shall not look.")
				return step
			}(),
		)
	})
}

// What a query finds can be imported with the configuration that it generates, and the plan after
// that is empty.
func TestAccQueryGeneratedConfig(t *testing.T) {
	const accounts = 350 // more than a page
	w := robotServer(t, waldursim.Options{})
	for i := range accounts {
		w.Sim.AddProjectServiceAccount(waldursim.ServiceAccount{
			Scope: w.Project, Username: fmt.Sprintf("svc-%03d", i), PreferredIdentifier: fmt.Sprintf("bot-%03d", i),
			Description: "by hand", Email: "team@acme.example",
		})
	}
	w.Sim.AddCustomerServiceAccount(waldursim.ServiceAccount{Scope: w.Customer, Username: "svc-customer",
		PreferredIdentifier: "bot"})
	for _, username := range []string{"one", "two"} { // of one name, which is none, and with one username
		uuid, _ := w.Sim.AddCustomerServiceAccount(waldursim.ServiceAccount{Scope: w.Customer, Username: username})
		w.Sim.EditServiceAccount(uuid, func(a *waldursim.ServiceAccount) { a.Username = "twin" })
	}
	w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "x", Users: []string{w.Ada, w.Bo},
		ResponsibleUser: w.Ada, Keys: []string{robotKey}, State: "Error"})
	w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "y"})

	// Terraform's own parallelism, and the request budget, would make this a long test: the budget
	// is for real servers.
	workspace := w.NewWorkspaceFor114(t, "provider \"svcacct\" {\n  http = { max_requests_per_second = 1000 }\n}\n")
	var lists strings.Builder
	for _, typeName := range []string{kinds[0].typeName(), kinds[1].typeName(), "svcacct_waldur_robot_account"} {
		fmt.Fprintf(&lists, "list %q \"all\" {\n  provider = svcacct\n  limit = 1000\n}\n\n", typeName)
	}
	if err := os.WriteFile(filepath.Join(workspace.Dir, "all.tfquery.hcl"), []byte(lists.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	workspace.MustRun(t, 0, "query", "-generate-config-out=generated.tf")
	output := workspace.MustRun(t, 0, "apply", "-auto-approve")
	want := fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", accounts+5)
	if !strings.Contains(output, want) {
		t.Errorf("not found in the output: %s\n%s", want, output[max(0, len(output)-2000):])
	}
	workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
	for _, operation := range []string{"_create", "_partial_update", "_rotate_api_key", "_destroy"} {
		if got := w.Sim.Count(kinds[1].operation + operation); got != 0 {
			t.Errorf("%s was requested %d times, want none", operation, got)
		}
	}
}
