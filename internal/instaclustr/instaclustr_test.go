package instaclustr_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// The whole life of a user and its key, under every value of every option, several options at once:
// the result is the same, whatever the service does. Each step is followed by a plan that must be empty.
func TestAccLife_matrix(t *testing.T) {
	all := map[string]instaclustrsim.Options{"defaults": {}}
	if !testing.Short() { // the options are about the server: another CLI adds nothing
		maps.Copy(all, simkit.Combine(instaclustrsim.AllOptions(), 4))
		maps.Copy(all, simkit.Combine(instaclustrsim.AllOptions(), len(instaclustrsim.AllOptions())))
	}
	for name, options := range all {
		t.Run(name, func(t *testing.T) { life(t, simulator(t, options)) })
	}
}

func life(t *testing.T, w *acctest.Instaclustr) {
	t.Helper()
	w.Sim.AddUser(instaclustrsim.HumanUser{Username: "a.smith", Role: instaclustrsim.ClusterAdmin})
	first := ""
	const name = "ci_pipeline"
	list := allow("198.51.100.9/24", "203.0.113.7/32")
	named := serviceUser(name, "OWNER", `display_name = "CI pipeline"`, `administrators = ["a.smith"]`)
	changed := func(*terraform.State) error {
		found, _ := w.Sim.ServiceUser(name)
		if len(found.Administrators) != 2 || found.DisplayName != "CI pipeline" || found.Role != "OWNER" {
			return fmt.Errorf("the server has %+v", found)
		}
		return nil
	}
	w.Run(t,
		resource.TestStep{
			Config: serviceUser(name, "CLUSTER_ADMIN") + apiKey("PROVISIONING", list, keepers("1")),
			Check: resource.ComposeTestCheckFunc(
				restricted(w), keysOf(w, name, "PROVISIONING"), acctest.Remember(key, "api_key", &first),
				requests(w, map[string]int{createOp: 1, generateOp: 1, rotateOp: 0}),
			),
			ConfigStateChecks: []statecheck.StateCheck{
				has(user, "id", knownvalue.StringExact(name)),
				has(user, "administrators", texts(w.Settings["username"])),
				has(user, "allowed_key_types", texts(
					"MONITORING", "PROVISIONING", "PROVISIONING_READONLY", "USER_MANAGEMENT",
				)),
				has(key, "id", knownvalue.StringExact(name+"/PROVISIONING")), has(key, "expires_at", knownvalue.Null()),
				has(key, "effective_cidr_allow_list", texts("198.51.100.0/24", "203.0.113.7/32")),
				has(key, "cidr_allow_list", texts("198.51.100.9/24", "203.0.113.7/32")),
			},
		},
		resource.TestStep{ // the user changes, the key does not
			Config:           named + apiKey("PROVISIONING", list, keepers("1")),
			ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionNoop),
			Check: resource.ComposeTestCheckFunc(
				restricted(w), acctest.Unchanged(key, "api_key", &first), changed,
			),
		},
		resource.TestStep{
			Config:           named + apiKey("PROVISIONING", list, keepers("2")),
			ConfigPlanChecks: rotates(),
			Check: resource.ComposeTestCheckFunc(
				restricted(w), dead(w, name, &first), requests(w, map[string]int{rotateOp: 1}),
			),
		},
		resource.TestStep{ // the role is lowered and the key removed in one apply
			Config: serviceUser(name, "READ_ONLY", `administrators = ["a.smith"]`) +
				apiKey("MONITORING", allow("198.51.100.0/24")),
			Check: resource.ComposeTestCheckFunc(restricted(w), keysOf(w, name, "MONITORING")),
		},
		resource.TestStep{ // and are raised again
			Config: serviceUser(name, "CLUSTER_ADMIN") + apiKey("PROVISIONING", allow("198.51.100.0/24")),
			Check: resource.ComposeTestCheckFunc(
				restricted(w), keysOf(w, name, "PROVISIONING"), acctest.Remember(key, "api_key", &first),
			),
		},
		resource.TestStep{ // a server that keeps the name, without a key
			Config: "# nothing is left",
			Check:  resource.ComposeTestCheckFunc(dead(w, name, &first), keysOf(w, name)),
		},
	)
}

// The life of a key, and of a service user as it can be repeated, on a real server: created or adopted, changed,
// rotated, read by data sources and lists, imported. The destroy revokes the key; the user stays.
func TestAccRealServer(t *testing.T) {
	w := acctest.NewInstaclustr(t, instaclustrsim.Options{})
	w.RealOnly(t)
	t.Logf("the service user %s stays on the server, without API keys: no request deletes it, and its name and its "+
		"e-mail address can never be used again. The next run adopts it", w.Username)
	first, of := "", fmt.Sprintf("username = %q", w.Username)
	config := func(displayName string, attributes ...string) string {
		named := serviceUser(w.Username, "READ_ONLY", "adopt_existing = true",
			fmt.Sprintf("display_name = %q", displayName))
		return strings.Replace(named, w.Username+"@acme.example", w.Email, 1) + apiKey("MONITORING", attributes...)
	}
	name, later := acctest.Name(), acctest.Name() // a sweeper sees by it when a test ran
	read := dataSource(userType, "username = "+user+".username") + dataSource(userType+"s") +
		dataSource(keyType, "username = "+key+".username", "key_type = "+key+".key_type") +
		dataSource(keyType+"s", "username = "+key+".username")
	users := query(userType, 1000, -1)
	users.QueryResultChecks = []querycheck.QueryResultCheck{querycheck.ExpectLengthAtLeast(user, 1)}
	steps := []resource.TestStep{
		{
			Config: config(name, keepers("1"), allow(w.AllowList...)),
			Check:  acctest.Remember(key, "api_key", &first),
		},
		{
			Config: config(later, keepers("2"), allow(w.AllowList[0])) + read, ConfigPlanChecks: rotates(),
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttrWith(key, "api_key", func(now string) error {
					if now == first || now == "" {
						return fmt.Errorf("the key was not rotated")
					}
					return nil
				}),
				resource.TestCheckResourceAttr("data."+user, "display_name", later),
				resource.TestCheckResourceAttrSet("data."+userType+"s.test", "service_users.0.username"),
				resource.TestCheckResourceAttrSet("data."+key, "masked_key"),
				resource.TestCheckResourceAttr("data."+keyType+"s.test", "api_keys.#", "1"),
			),
		},
		{
			ResourceName: user, ImportState: true, ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"adopt_existing", "initial_api_keys"},
		},
		{
			ResourceName: key, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{
				"api_key", "key_version", "rotated_at", "keepers", "cidr_allow_list", "effective_cidr_allow_list",
			},
		},
	}
	w.Run(t, append(steps, acctest.WithLists(users, query(keyType, 1000, 1, of))...)...)
}

func TestAccRealServer_standIn(t *testing.T) {
	for _, left := range acctest.OnStandIn(t, "instaclustr", "TestAccRealServer").Instaclustr.ServiceUsers() {
		if left.Username != "legacy" && len(left.Keys) > 0 {
			t.Errorf("%s is left behind with keys: %q", left.Username, left.Keys)
		}
	}
}

// The provider is killed at each writing request of a create, and of an apply that lowers a role, restricts a key and
// rotates it, after the server has done its work. The next applies lead to one user with one key,
// which the state holds and which is restricted.
func TestAccKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("the provider is killed, not the CLI: another CLI adds nothing")
	}
	acctest.NeedsKill(t)
	w := simulator(t, instaclustrsim.Options{OnDowngrade: "keep", RotateKeepsAllowList: "false"})
	killer := &acctest.Killer{Next: w.Sim}
	server := httptest.NewServer(killer)
	t.Cleanup(server.Close)
	workspace := w.With("endpoint", server.URL).NewWorkspace(t, "# a user follows")
	users := 0
	for _, update := range []bool{false, true} {
		reads := map[int]bool{}
		for request := 0; request <= len(reads); request++ { // 0: nothing is killed, and the requests are recorded
			if reads[request] {
				continue
			}
			clearState(t, workspace)
			users++
			killed := killedUser{w: w, workspace: workspace, name: fmt.Sprintf("ci%d", users), update: update}
			killed.prepare(t)
			w.Sim.ResetRequests()
			killer.Arm(workspace, request, true)
			output, _, err := workspace.Run(t.Context(), "apply", "-auto-approve", "-no-color")
			if killer.Disarm() != (request > 0) && request > 0 || err != nil {
				t.Fatalf("request %d: the provider was not killed (%v):\n%s", request, err, output)
			}
			if request == 0 {
				for i, sent := range w.Sim.Requests() {
					reads[i+1] = sent.Method == http.MethodGet
				}
			}
			killed.settle(t, fmt.Sprintf("update %t, request %d", update, request))
		}
		if len(reads) < 7 {
			t.Errorf("%d requests, want more", len(reads))
		}
	}
}

// clearState removes the state of a workspace.
func clearState(t *testing.T, workspace acctest.Workspace) {
	t.Helper()
	for _, file := range []string{"terraform.tfstate", "terraform.tfstate.backup", ".terraform.tfstate.lock.info"} {
		if err := os.Remove(filepath.Join(workspace.Dir, file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
}

// killedUser is a service user with a key during whose management the provider was killed.
type killedUser struct {
	w         *acctest.Instaclustr
	workspace acctest.Workspace
	name      string
	update    bool
}

// write configures the user and its key: attributes of the user, and what a create or an update wants.
func (u killedUser) write(t *testing.T, imports string, user []string, role, prefix, release string) {
	t.Helper()
	user = append(user, `administrators = ["a.smith"]`)
	u.workspace.Write(t, imports+serviceUser(u.name, role, user...)+apiKey("MONITORING", allow(prefix),
		keepers(release)))
}

// prepare applies what is there before an update, and writes the configuration that is wanted.
func (u killedUser) prepare(t *testing.T) {
	t.Helper()
	if _, there := u.w.Sim.ServiceUser("a.smith"); !there && u.name == "ci1" {
		u.w.Sim.AddUser(instaclustrsim.HumanUser{Username: "a.smith", Role: instaclustrsim.ClusterAdmin})
	}
	if u.update {
		u.write(t, "", nil, "CLUSTER_ADMIN", "203.0.113.0/24", "0")
		u.workspace.MustRun(t, 0, "apply", "-auto-approve")
		u.w.Sim.AddKey(u.name, "PROVISIONING")
		u.workspace.MustRun(t, 0, "apply", "-refresh-only", "-auto-approve")
	}
	u.write(t, "", nil, "READ_ONLY", "198.51.100.0/24", "1")
}

var importBlock = regexp.MustCompile(`to = (\w+)\.NAME\s+id = "([^"]+)"`)

// settle does what a user does next: apply again, and follow the errors.
func (u killedUser) settle(t *testing.T, when string) {
	t.Helper()
	var imports string
	var user []string
	output, code, err := u.workspace.Run(t.Context(), "apply", "-auto-approve", "-no-color")
	for range 2 {
		hint := importBlock.FindStringSubmatch(output)
		if code == 0 || hint == nil {
			break
		}
		imports += fmt.Sprintf("import {\n  to = %s.test\n  id = %q\n}\n", hint[1], hint[2])
		if hint[1] == userType {
			user = []string{`initial_api_keys = "revoke"`}
		}
		u.write(t, imports, user, "READ_ONLY", "198.51.100.0/24", "1")
		output, code, err = u.workspace.Run(t.Context(), "apply", "-auto-approve", "-no-color")
	}
	if strings.Contains(imports, keyType) {
		u.write(t, "", user, "READ_ONLY", "198.51.100.0/24", "2")
		output, code, err = u.workspace.Run(t.Context(), "apply", "-auto-approve", "-no-color")
	}
	if err != nil || code != 0 {
		t.Fatalf("%s: the next apply fails (%v):\n%s", when, err, output)
	}
	if output, code, _ := u.workspace.Run(t.Context(), "plan", "-detailed-exitcode", "-no-color"); code != 0 {
		t.Errorf("%s: the plan is not empty:\n%s", when, output)
	}
	secret := u.w.Sim.Secret(u.name, "MONITORING")
	if state := u.workspace.MustRun(t, 0, "show", "-json"); secret == "" || !strings.Contains(state, secret) {
		t.Errorf("%s: the state does not hold the key that works", when)
	}
	if err := keysOf(u.w, u.name, "MONITORING")(nil); err != nil {
		t.Errorf("%s: %v", when, err)
	}
	found, _ := u.w.Sim.ServiceUser(u.name)
	slices.Sort(found.Administrators)
	if got := u.w.Sim.AllowList(u.name, "MONITORING"); !slices.Equal(got, []string{"198.51.100.0/24"}) ||
		found.Role != "READ_ONLY" || !slices.Equal(found.Administrators, []string{"a.smith", "j.doe"}) {
		t.Errorf("%s: the key is open to %q, and the user is %+v", when, got, found)
	}
}

func TestAccWrongCredential(t *testing.T) {
	w := server(t)
	w.Sim.AddUser(instaclustrsim.HumanUser{Username: "reader", Role: instaclustrsim.ReadOnly})
	owner, _ := w.Sim.Owner()
	own := w.Sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: "robot", Role: instaclustrsim.Owner, Keys: []string{instaclustrsim.UserManagement},
	})
	as := func(username, secret string) string {
		return w.With("username", username).With("api_key", secret).Config(serviceUser("ci", "READ_ONLY"))
	}
	const needed = "The API accepts a User Management API key of a person who is Owner or Cluster Admin of the account"
	w.Run(t,
		resource.TestStep{Config: as(owner, "wrong"), ExpectError: acctest.Words("401 Unauthorized")},
		resource.TestStep{Config: as(owner, "wrong"), ExpectError: acctest.Words(needed)},
		resource.TestStep{
			Config: as(owner, w.Sim.AddKey(owner, instaclustrsim.Provisioning)), ExpectError: acctest.Words(needed),
		},
		resource.TestStep{
			Config:      as("robot", own[instaclustrsim.UserManagement]),
			ExpectError: acctest.Words("Two kinds of keys can't manage service users: a Provisioning key"),
		},
		resource.TestStep{
			Config:      as("reader", w.Sim.Secret("reader", instaclustrsim.UserManagement)),
			ExpectError: acctest.Words(needed),
		},
		resource.TestStep{
			Config:            serviceUser("ci", "READ_ONLY"),
			ConfigStateChecks: []statecheck.StateCheck{has(user, "role", knownvalue.StringExact("READ_ONLY"))},
		},
	)
}

// If the service lets a service user manage service users, the provider does not remove its own
// access.
func TestAccSelfLockout(t *testing.T) {
	w := server(t)
	config := serviceUser("ci", "CLUSTER_ADMIN") + apiKey("USER_MANAGEMENT", keepers("1"))
	workspace := w.NewWorkspace(t, config)
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	secret := w.Sim.Secret("ci", "USER_MANAGEMENT")
	as := func(body string) string { return w.With("username", "ci").With("api_key", secret).Config(body) }
	for _, test := range []struct{ what, body, words string }{
		{
			"rotate", serviceUser("ci", "CLUSTER_ADMIN") + apiKey("USER_MANAGEMENT", keepers("2")),
			"Applying this plan rotates the API key ci/USER_MANAGEMENT.",
		},
		{
			"restrict",
			serviceUser("ci", "CLUSTER_ADMIN") + apiKey("USER_MANAGEMENT", keepers("1"), allow("192.0.2.0/24")),
			"Applying this plan restricts the API key ci/USER_MANAGEMENT.",
		},
		{
			"revoke", serviceUser("ci", "CLUSTER_ADMIN"),
			"Destroying this resource revokes the API key ci/USER_MANAGEMENT.",
		},
		{"replace", serviceUser("ci2", "CLUSTER_ADMIN"), "Replacing this service user revokes all API keys of \"ci\"."},
	} {
		workspace.Write(t, as(test.body))
		output := workspace.MustRun(t, 1, "plan", "-no-color", "-refresh=false")
		for _, words := range []string{test.words, "The provider could lock itself out"} {
			if !acctest.Words(words).MatchString(output) {
				t.Errorf("%s: not found: %s\n%s", test.what, words, output)
			}
		}
	}
	allowed := apiKey("USER_MANAGEMENT", keepers("2"), `allow_self_lockout = true`)
	workspace.Write(t, as(serviceUser("ci", "CLUSTER_ADMIN")+allowed))
	workspace.MustRun(t, 0, "plan", "-refresh=false")
	workspace.MustRun(t, 0, "state", "rm", key)
	workspace.Write(t, as(""))
	output := workspace.MustRun(t, 1, "plan", "-no-color", "-refresh=false")
	if !acctest.Words("Destroying this resource revokes all API keys of \"ci\".").MatchString(output) {
		t.Errorf("destroy: %s", output)
	}
	workspace.Write(t, serviceUser("ci", "CLUSTER_ADMIN")) // with a credential that is not its own
	workspace.MustRun(t, 0, "destroy", "-auto-approve")
}

// The guards against a lock-out, where Terraform plans a create.
func TestAccSelfLockout_byCreate(t *testing.T) {
	w := server(t)
	config := serviceUser("ci", "CLUSTER_ADMIN") + apiKey("USER_MANAGEMENT")
	workspace := w.NewWorkspace(t, config)
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	secret := w.Sim.Secret("ci", "USER_MANAGEMENT")
	as := func(body string) string { return w.With("username", "ci").With("api_key", secret).Config(body) }
	workspace.Write(t, as(config))
	for _, address := range []string{key, user} {
		output, code, _ := workspace.Run(t.Context(), "plan", "-no-color", "-refresh=false", "-replace="+address)
		if code != 1 || !acctest.Words("lock itself out").MatchString(output) {
			t.Errorf("-replace=%s: %d\n%s", address, code, output)
		}
	}
	workspace.MustRun(t, 0, "state", "rm", key)
	workspace.Write(t, as(serviceUser("ci", "CLUSTER_ADMIN")+apiKey("USER_MANAGEMENT", "adopt_by_rotation = true")))
	output, code, _ := workspace.Run(t.Context(), "plan", "-no-color", "-refresh=false")
	if code != 1 || !acctest.Words("lock itself out").MatchString(output) {
		t.Errorf("adopt: %d\n%s", code, output)
	}
}

// Warnings, which only the output of the CLI shows.
func TestAccWarnings(t *testing.T) {
	w := server(t)
	config := serviceUser("ci", "CLUSTER_ADMIN") + apiKey("MONITORING")
	workspace := w.NewWorkspace(t, config)
	expect := func(output, words string) {
		t.Helper()
		if !acctest.Words(words).MatchString(output) {
			t.Errorf("not found: %s\n%s", words, output)
		}
	}
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	w.Sim.RotateKey("ci", "MONITORING")
	expect(workspace.MustRun(t, 0, "plan", "-no-color", "-detailed-exitcode"), "API key no longer works")
	w.Sim.AddKey("ci", "PROVISIONING")

	workspace.Write(t, serviceUser("ci", "READ_ONLY")+apiKey("MONITORING"))
	expect(
		workspace.MustRun(t, 2, "plan", "-no-color", "-detailed-exitcode"),
		`The role READ_ONLY of "ci" does not allow API keys of the types PROVISIONING. Applying this plan revokes`,
	)
	workspace.Write(t, serviceUser("ci", "CLUSTER_ADMIN")+apiKey("MONITORING")+
		"resource \""+keyType+"\" \"other\" {\n  username = \"nobody\"\n  key_type = \"PROMETHEUS\"\n}\n")
	expect(
		workspace.MustRun(t, 0, "validate", "-no-color"),
		"key_type is \"PROMETHEUS\", which the documentation of Instaclustr does not name",
	)
	workspace.Write(t, config)
	expect(
		workspace.MustRun(t, 0, "destroy", "-no-color", "-auto-approve"),
		"Instaclustr has no way to delete a service user. All API keys of ci (ci@acme.example) are revoked",
	)
	if err := keysOf(w, "ci")(nil); err != nil {
		t.Error(err)
	}
}
