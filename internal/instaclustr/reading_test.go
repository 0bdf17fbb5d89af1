package instaclustr_test

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
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// inhabited returns a simulator with the service users that the examples name.
func inhabited(t *testing.T) *acctest.Instaclustr {
	t.Helper()
	w := server(t)
	w.Sim.AddUser(instaclustrsim.HumanUser{Username: "a.smith", Role: instaclustrsim.ClusterAdmin})
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: "grafana_reader", Email: "ops+grafana@example.com", DisplayName: "Grafana reader", Keys: []string{"PROVISIONING_READONLY", "MONITORING"},
	})
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "backup", Role: "CLUSTER_ADMIN", Keys: []string{"PROVISIONING"}})
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "idle", Role: "OWNER"})
	return w
}

// Every example of the documentation applies, and the plan after it is empty.
func TestAccExamples(t *testing.T) {
	var files []string
	for _, kind := range []string{"resources", "data-sources"} {
		found, err := filepath.Glob(filepath.Join("..", "..", "examples", kind, "svcacct_instaclustr_*", "*e.tf"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) != 6 {
		t.Fatalf("found %d examples, want 6: %v", len(files), files)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			w := inhabited(t)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			w.Run(t, resource.TestStep{Config: string(text)})
			if len(w.Sim.Requests()) == 0 && os.Getenv(resource.EnvTfAcc) != "" {
				t.Errorf("the example asks nothing of Instaclustr:\n%s", strings.TrimSpace(string(text)))
			}
		})
	}
}

func TestAccDataSources(t *testing.T) {
	w := inhabited(t)
	mask := func(username, kind string) string {
		secret := w.Sim.Secret(username, kind)
		return strings.Repeat("•", 27) + secret[len(secret)-5:]
	}
	data := func(typeName string, attributes ...string) string {
		return fmt.Sprintf("data %q \"test\" {\n  %s\n}\n", typeName, strings.Join(attributes, "\n  "))
	}
	at := func(typeName string, path tfjsonpath.Path, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data."+typeName+".test", path, value)
	}
	monitoring := knownvalue.ObjectExact(map[string]knownvalue.Check{
		"id": knownvalue.StringExact("grafana_reader/MONITORING"), "username": knownvalue.StringExact("grafana_reader"), "key_type": knownvalue.StringExact("MONITORING"),
		"masked_key": knownvalue.StringExact(mask("grafana_reader", "MONITORING")), "account": knownvalue.StringExact(instaclustrsim.Account),
	})
	w.Run(t,
		resource.TestStep{Config: data(userType, `username = "grafana_reader"`), ConfigStateChecks: []statecheck.StateCheck{
			at(userType, tfjsonpath.New("email"), knownvalue.StringExact("ops+grafana@example.com")),
			at(userType, tfjsonpath.New("allowed_key_types"), texts("MONITORING", "PROVISIONING_READONLY")),
			at(userType, tfjsonpath.New("key_types"), texts("MONITORING", "PROVISIONING_READONLY")),
			at(userType, tfjsonpath.New("api_keys").AtSliceIndex(0), monitoring),
		}},
		resource.TestStep{Config: data(userType + "s"), ConfigStateChecks: []statecheck.StateCheck{
			at(userType+"s", tfjsonpath.New("service_users"), knownvalue.ListSizeExact(3)),
			at(userType+"s", tfjsonpath.New("service_users").AtSliceIndex(1).AtMapKey("username"), knownvalue.StringExact("grafana_reader")),
		}},
		resource.TestStep{Config: data(keyType, `username = "grafana_reader"`, `key_type = "MONITORING"`), ConfigStateChecks: []statecheck.StateCheck{
			at(keyType, tfjsonpath.New("masked_key"), knownvalue.StringExact(mask("grafana_reader", "MONITORING"))),
		}},
		resource.TestStep{Config: data(keyType + "s"), ConfigStateChecks: []statecheck.StateCheck{at(keyType+"s", tfjsonpath.New("api_keys"), knownvalue.ListSizeExact(3))}},
		resource.TestStep{Config: data(keyType+"s", `username = "grafana_reader"`, `key_type = "MONITORING"`), ConfigStateChecks: []statecheck.StateCheck{
			at(keyType+"s", tfjsonpath.New("api_keys"), knownvalue.ListExact([]knownvalue.Check{monitoring})),
		}},
		resource.TestStep{Config: data(userType, `username = "nobody"`), ExpectError: acctest.Words("It is not in the list of service users either")},
		resource.TestStep{Config: data(keyType, `username = "idle"`, `key_type = "MONITORING"`), ExpectError: acctest.Words(`the service user "idle" has no API key of type "MONITORING"`)},
		resource.TestStep{Config: "# nothing"},
	)
}

func TestAccLists(t *testing.T) {
	w := inhabited(t)
	query := func(typeName string, limit int, checks []querycheck.QueryResultCheck, config ...string) resource.TestStep {
		return resource.TestStep{
			Query: true, QueryResultChecks: checks,
			Config: fmt.Sprintf("list %q \"test\" {\n  provider = svcacct\n  limit = %d\n  include_resource = true\n  config {\n    %s\n  }\n}\n", typeName, limit, strings.Join(config, "\n    ")),
		}
	}
	found := func(typeName string, n int) []querycheck.QueryResultCheck {
		return []querycheck.QueryResultCheck{querycheck.ExpectLength(typeName+".test", n)}
	}
	identity := map[string]knownvalue.Check{"username": knownvalue.StringExact("grafana_reader")}
	w.RunFrom(t, tfversion.Version1_14_0,
		resource.TestStep{Config: "# a state to begin with"},
		query(userType, 100, append(found(userType, 3), querycheck.ExpectIdentity(user, identity),
			querycheck.ExpectResourceDisplayName(user, queryfilter.ByResourceIdentity(identity), knownvalue.StringExact("grafana_reader (Grafana reader)")))),
		query(userType, 2, found(userType, 2)),
		query(keyType, 100, found(keyType, 3)),
		query(keyType, 100, found(keyType, 2), `username = "grafana_reader"`),
		query(keyType, 100, append(found(keyType, 1), querycheck.ExpectIdentity(key, map[string]knownvalue.Check{
			"username": knownvalue.StringExact("backup"), "key_type": knownvalue.StringExact("PROVISIONING")})), `key_type = "PROVISIONING"`),
		func() resource.TestStep { // an error of the API is one of the query, not an empty list
			step := query(keyType, 100, nil)
			step.PreConfig = func() {
				w.Sim.Inject(listOp, simkit.Fault{Status: 403, Body: `{"message": "You shall not look."}`})
			}
			step.ExpectError = acctest.Words("You shall not look.")
			return step
		}(),
	)
}

// What a query finds can be imported with the configuration that it generates, and the plan after that is empty.
func TestAccQueryGeneratedConfig(t *testing.T) {
	w := inhabited(t)
	workspace := w.NewWorkspaceFor114(t, "provider \"svcacct\" {}\n")
	lists := fmt.Sprintf("list %q \"users\" {\n  provider = svcacct\n}\n\nlist %q \"keys\" {\n  provider = svcacct\n}\n", userType, keyType)
	if err := os.WriteFile(filepath.Join(workspace.Dir, "all.tfquery.hcl"), []byte(lists), 0o600); err != nil {
		t.Fatal(err)
	}
	workspace.MustRun(t, 0, "query", "-generate-config-out=generated.tf")
	output := workspace.MustRun(t, 0, "apply", "-auto-approve")
	if want := "6 imported, 0 added, 0 changed, 0 destroyed"; !strings.Contains(output, want) {
		t.Errorf("not found in the output: %s\n%s", want, output)
	}
	workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
	if err := requests(w, map[string]int{createOp: 0, updateOp: 0, generateOp: 0, revokeOp: 0, rotateOp: 0, restrictOp: 0})(nil); err != nil {
		t.Error(err)
	}
}

func TestAccRotateAPIKeyAction(t *testing.T) {
	w := inhabited(t)
	secret := w.Sim.Secret("backup", "PROVISIONING")
	action := func(name, username, kind string) string {
		return fmt.Sprintf("action \"svcacct_instaclustr_rotate_api_key\" %q {\n  config {\n    username = %q\n    key_type = %q\n  }\n}\n", name, username, kind)
	}
	workspace := w.NewWorkspaceFor114(t, action("leak", "backup", "PROVISIONING")+action("none", "idle", "PROVISIONING"))
	output := workspace.MustRun(t, 0, "apply", "-auto-approve", "-invoke=action.svcacct_instaclustr_rotate_api_key.leak")
	if w.Sim.KeyAlive("backup", secret) || w.Sim.Secret("backup", "PROVISIONING") == "" {
		t.Error("the leaked key was not replaced by another one")
	}
	if !acctest.Words("the key backup/PROVISIONING is dead").MatchString(output) {
		t.Errorf("no word of it in the output:\n%s", output)
	}
	for _, issued := range w.Sim.Keys() {
		if strings.Contains(output, issued) {
			t.Error("a key is in the output")
		}
	}
	output = workspace.MustRun(t, 1, "apply", "-no-color", "-auto-approve", "-invoke=action.svcacct_instaclustr_rotate_api_key.none")
	if !acctest.Words(`the service user "idle" has no API key of type "PROVISIONING"`).MatchString(output) {
		t.Errorf("the reason is not in the output:\n%s", output)
	}
}

// The key lives as long as the run, is restricted, and is in no state; whatever fails leaves none behind.
func TestAccEphemeral(t *testing.T) {
	w := inhabited(t)
	config := func(username, kind string) string {
		return fmt.Sprintf("ephemeral %q \"test\" {\n  username = %q\n  key_type = %q\n  %s\n}\n\nlocals {\n  key = ephemeral.%s.test.api_key\n}\n", keyType, username, kind, allow("198.51.100.0/24"), keyType)
	}
	workspace := w.NewWorkspace(t, config("idle", "MONITORING"))
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	if err := requests(w, map[string]int{generateOp: w.Sim.Count(revokeOp), restrictOp: w.Sim.Count(revokeOp)})(nil); err != nil || w.Sim.Count(generateOp) == 0 {
		t.Errorf("%d keys were made: %v", w.Sim.Count(generateOp), err)
	}
	fails := func(words string) {
		t.Helper()
		if output := workspace.MustRun(t, 1, "apply", "-no-color", "-auto-approve"); !acctest.Words(words).MatchString(output) {
			t.Errorf("not found: %s\n%s", words, output)
		}
		if err := keysOf(w, "idle")(nil); err != nil {
			t.Error(err)
		}
	}
	w.Sim.Inject(restrictOp, broken)
	fails("not now")
	w.Sim.Inject(generateOp, simkit.Fault{Drop: simkit.DropAfter})
	w.Sim.Inject(getOp, simkit.Fault{Skip: 1, Times: 5, Status: 502})
	fails("Whether the key was made is not known")
	w.Sim.Inject(generateOp, simkit.Fault{Drop: simkit.DropAfter}) // its answer is lost: rotated, used, revoked
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	if err := keysOf(w, "idle")(nil); err != nil {
		t.Error(err)
	}
	workspace.Write(t, config("grafana_reader", "MONITORING"))
	fails("It may be left from a run that crashed before it could revoke its key")
	workspace.Write(t, config("grafana_reader", "PROVISIONING"))
	fails("the role READ_ONLY of grafana_reader allows no API key of type PROVISIONING")
	state, err := os.ReadFile(filepath.Join(workspace.Dir, "terraform.tfstate"))
	for _, issued := range w.Sim.Keys() {
		if strings.Contains(string(state), issued) || err != nil {
			t.Fatalf("a key is in state (%v)", err)
		}
	}
}
