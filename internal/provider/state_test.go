package provider_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/provider"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

// States that earlier versions wrote are read by this version, and its plans are those of the
// version that wrote them.
//
// A folder testdata/states/<version>/<case> holds such a state (state.json), private state
// included, with its configuration (main.tf) and what the servers held at that time (a file for
// each system, read into the seeds of its simulator). All keys in them are keys of simulators.
// There are two cases:
//
//   - finished: a state of every resource, after applies that succeeded. Its plan is empty.
//   - unfinished: a state after applies whose responses were lost. changes.json has what its plans change.
//
// A kept state stays as it is. To keep a state of a further version:
//
//  1. Check out that version. Copy the folder "finished" of the newest version to testdata/states/<version>.
//  2. Add new resources, attributes and values to its main.tf. To rotate a key, change its keeper.
//  3. Run SVCACCT_TEST_KEEP_STATE=<version> make testacc TESTARGS='-run TestAccState_finished'. It applies main.tf and
//     writes the state, and the objects that the simulators hold then, into the folder.
//  4. Run the test without the variable. For every new key in private state, add a check that fails if the key is not
//     read.
//
// Private state that only a lost response leaves needs a folder "unfinished": let a simulator lose
// the response (Inject), and keep the state, the objects in the simulators, and the changes of both
// plans.
const keptStates = "testdata/states"

// keepVariable names the version whose state a run keeps.
const keepVariable = "SVCACCT_TEST_KEEP_STATE"

// changes are what a plan changes: by the address of a resource, the actions and the attributes
// that are unknown.
type changes map[string][]string

func TestAccState_finished(t *testing.T) {
	// A CLI that is too old for ephemeral resources plans a change of what a newer CLI has marked as sensitive in a
	// state.
	acctest.NeedsFeatures(t, `ephemeral "x" "y" {`)
	forEachKept(t, "finished", func(t *testing.T, k *kept) {
		if os.Getenv(keepVariable) == filepath.Base(filepath.Dir(k.folder)) {
			k.keep(t)
			return
		}
		k.wantChanges(t, nil)
		k.wantChanges(t, nil, "-refresh=false")
		// The time of the last refresh makes a key due.
		rotated := []string{"update", "api_key", "expires_at", "key_version", "rotated_at"}
		k.wantChanges(t, changes{
			"svcacct_instaclustr_service_user_api_key.rotated": rotated,
			"svcacct_waldur_customer_service_account.rotated":  rotated,
			"svcacct_waldur_project_service_account.rotated":   rotated,
			"svcacct_wavefront_service_account_token.plain":    rotated,
		}, "-refresh=false", "-var=rotate_after=1m")
		k.wantRefused(t, "svcacct_wavefront_service_account.own", "")
		k.wantRefused(t, "svcacct_instaclustr_service_user_api_key.imported", signedInAs(k.instaclustr, "legacy"))

		before := k.state(t)
		k.MustRun(t, 0, "apply", "-refresh-only", "-auto-approve")
		wantKept(t, before, k.state(t))
		k.wantChanges(t, nil)

		// The state that the configuration wanted makes this a warning.
		robot, _ := before["svcacct_waldur_robot_account.full"].Attributes["uuid"].(string)
		k.waldur.EditRobotAccount(robot, func(a *waldursim.RobotAccount) { a.State = "Error" })
		// The fingerprint finds a token whose key is not in state.
		k.wavefront.RenameToken(tokenID(t, k.wavefront, "sa::full", "unstored"), "renamed")
		k.wantChanges(t, changes{"svcacct_wavefront_service_account_token.unstored": {"update"}})
	})
}

func TestAccState_unfinished(t *testing.T) {
	forEachKept(t, "unfinished", func(t *testing.T, k *kept) {
		var want struct{ Refreshed, NotRefreshed changes }
		decode(t, k.folder, "changes.json", &want)
		k.wantChanges(t, want.NotRefreshed, "-refresh=false")
		const unused = "sa::moved/main" // the token in the warning after a move
		if output := k.wantChanges(t, want.Refreshed); !strings.Contains(output, unused) {
			t.Errorf("no warning of %s:\n%s", unused, output)
		}
		k.MustRun(t, 0, "apply", "-refresh-only", "-auto-approve")
		if output := k.wantChanges(t, want.Refreshed); strings.Contains(output, unused) {
			t.Errorf("another warning of %s:\n%s", unused, output)
		}

		k.MustRun(t, 0, "apply", "-auto-approve")
		k.wantChanges(t, nil)
		if got := k.wavefront.Count("generateTokenServiceAccount"); got != 0 {
			t.Errorf("%d tokens were generated, though the lost response held one", got)
		}
		// The keys that were still to be revoked, and those that the lower role does not allow.
		allowed := map[string][]string{"lowered": {"MONITORING", "PROVISIONING_READONLY"}, "revoking": nil}
		for username, want := range allowed {
			if user, _ := k.instaclustr.ServiceUser(username); !slices.Equal(user.Keys, want) {
				t.Errorf("%s has the keys %q, want %q", username, user.Keys, want)
			}
		}
	})
}

// A run that changes nothing writes no new state, unless a key has a time trigger.
func TestAccState_unchanged(t *testing.T) {
	w := world.Start()
	t.Cleanup(w.Close)
	workspace := acctest.NewWorkspace(t, `
data "svcacct_waldur_customer" "acme" {
  name = "ACME Research"
}

data "svcacct_waldur_project" "climate" {
  name = "Climate models"
}

data "svcacct_waldur_resource" "hpc" {
  name = "hpc-allocation-7"
}

resource "svcacct_waldur_customer_service_account" "a" {
  customer_uuid        = data.svcacct_waldur_customer.acme.uuid
  preferred_identifier = "unchanged"
  keepers              = { release = "1" }
}

resource "svcacct_waldur_project_service_account" "a" {
  project_uuid         = data.svcacct_waldur_project.climate.uuid
  preferred_identifier = "unchanged"
}

resource "svcacct_waldur_robot_account" "a" {
  resource_uuid = data.svcacct_waldur_resource.hpc.uuid
  type          = "ci"
}

resource "svcacct_wavefront_service_account" "a" {
  identifier = "sa::unchanged"
}

resource "svcacct_wavefront_service_account_token" "a" {
  service_account = svcacct_wavefront_service_account.a.id
  name            = "deploy"
}

resource "svcacct_instaclustr_service_user" "a" {
  username = "unchanged"
  email    = "unchanged@acme.example"
  role     = "CLUSTER_ADMIN"
}

resource "svcacct_instaclustr_service_user_api_key" "a" {
  username = svcacct_instaclustr_service_user.a.username
  key_type = "PROVISIONING"
}
`, w.Environment()...)
	for range 2 { // the second run shows the user the type of the key that the first run created after it
		workspace.MustRun(t, 0, "apply", "-auto-approve")
	}
	first := stateOf(t, workspace)
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	if second := stateOf(t, workspace); first != second {
		t.Errorf("a run that changes nothing has written a new state:\n%s\nwas\n%s", second, first)
	}
}

// stateOf returns the state without its serial number, and without the paths of sensitive attributes:
// Terraform 1.11 writes the paths of a resource in any order, and then raises the serial number.
func stateOf(t *testing.T, workspace acctest.Workspace) string {
	t.Helper()
	var state map[string]any
	if err := json.Unmarshal(read(t, workspace.Dir, "terraform.tfstate"), &state); err != nil {
		t.Fatal(err)
	}
	delete(state, "serial")
	resources, _ := state["resources"].([]any)
	for _, r := range resources {
		for _, one := range r.(map[string]any)["instances"].([]any) {
			delete(one.(map[string]any), "sensitive_attributes")
		}
	}
	if len(resources) < 10 {
		t.Fatalf("the state has %d resources and data sources, want 10", len(resources))
	}
	text, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestStates_everyResource checks that every resource has a kept state.
func TestStates_everyResource(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(keptStates, "*", "finished", "state.json"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, file := range files {
		for _, r := range instances(t, read(t, file)) {
			found[r.Type] = true
		}
	}
	for _, newResource := range provider.New("test", provider.Options{})().Resources(t.Context()) {
		var metadata resource.MetadataResponse
		newResource().Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "svcacct"}, &metadata)
		if !found[metadata.TypeName] {
			t.Errorf("no kept state has a %s; see the steps at keptStates", metadata.TypeName)
		}
	}
}

// kept is a workspace with a kept state, and simulators that hold what the servers held when the
// state was written.
type kept struct {
	acctest.Workspace
	folder      string
	books       books
	waldur      *waldursim.Sim
	wavefront   *wavefrontsim.Sim
	instaclustr *instaclustrsim.Sim
}

// forEachKept runs a test on the kept states of a case.
func forEachKept(t *testing.T, name string, run func(*testing.T, *kept)) {
	t.Helper()
	t.Parallel()
	folders, err := filepath.Glob(filepath.Join(keptStates, "*", name))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no kept state: %v", err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(filepath.Dir(folder)), func(t *testing.T) {
			k := &kept{folder: folder}
			env := slices.Concat(k.startWaldur(t), k.startWavefront(t), k.startInstaclustr(t))
			k.Workspace = acctest.NewWorkspace(t, string(read(t, folder, "main.tf")), env...)
			if err := os.WriteFile(k.stateFile(), read(t, folder, "state.json"), 0o600); err != nil {
				t.Fatal(err)
			}
			run(t, k)
		})
	}
}

func (k *kept) stateFile() string { return filepath.Join(k.Dir, "terraform.tfstate") }

// wantChanges plans, checks what the plan changes, and returns what the CLI wrote.
func (k *kept) wantChanges(t *testing.T, want changes, args ...string) (output string) {
	t.Helper()
	code := 0
	if len(want) > 0 {
		code = 2
	}
	output = k.MustRun(t, code, append([]string{"plan", "-detailed-exitcode", "-out=saved"}, args...)...)
	var plan struct {
		Changes []struct {
			Address string
			Change  struct {
				Actions []string
				Unknown map[string]any `json:"after_unknown"`
			}
		} `json:"resource_changes"`
	}
	shown := k.MustRun(t, 0, "show", "-json", "saved")
	if err := json.Unmarshal([]byte(shown), &plan); err != nil {
		t.Fatal(err)
	}
	got := changes{}
	for _, c := range plan.Changes {
		var unknown []string
		for name, is := range c.Change.Unknown {
			if is == true {
				unknown = append(unknown, name)
			}
		}
		slices.Sort(unknown)
		if !slices.Equal(c.Change.Actions, []string{"no-op"}) {
			got[c.Address] = append(c.Change.Actions, unknown...)
		}
	}
	if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("plan %q changes\n%v, want\n%v:\n%s", args, got, want, output)
	}
	return output
}

// wantRefused checks that a plan does not destroy a resource if that would lock the provider out,
// although nothing is read: private state must show it. The block configures the provider, "" if
// the environment does.
func (k *kept) wantRefused(t *testing.T, address, block string) {
	t.Helper()
	config := string(read(t, k.folder, "main.tf"))
	k.Write(t, config+block)
	output := k.MustRun(t, 1, "plan", "-destroy", "-refresh=false", "-target="+address)
	if !strings.Contains(output, "allow_self_lockout") {
		t.Errorf("another error:\n%s", output)
	}
	k.Write(t, config)
}

// signedInAs returns a provider block with a key of a service user.
func signedInAs(sim *instaclustrsim.Sim, username string) string {
	const block = "\nprovider \"svcacct\" {\n  instaclustr = { username = %q, api_key = %q }\n}\n"
	return fmt.Sprintf(block, username, sim.Secret(username, "MONITORING"))
}

func tokenID(t *testing.T, sim *wavefrontsim.Sim, account, name string) string {
	t.Helper()
	for _, token := range sim.LiveTokens(account) {
		if token.Name == name {
			return token.ID
		}
	}
	t.Fatalf("%s has no token %q", account, name)
	return ""
}

// instance is what a state holds of a resource.
type instance struct {
	Type       string
	Attributes map[string]any
	Private    map[string][]byte // by the provider's keys
}

// instances returns what a state holds, by address.
func instances(t *testing.T, text []byte) map[string]instance {
	t.Helper()
	var state struct {
		Resources []struct {
			Type, Name string
			Instances  []struct {
				Attributes map[string]any
				Private    []byte
			}
		}
	}
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	all := map[string]instance{}
	for _, r := range state.Resources {
		one := instance{Type: r.Type, Attributes: r.Instances[0].Attributes}
		if private := r.Instances[0].Private; len(private) > 0 {
			if err := json.Unmarshal(private, &one.Private); err != nil {
				t.Fatal(err)
			}
		}
		all[r.Type+"."+r.Name] = one
	}
	return all
}

func (k *kept) state(t *testing.T) map[string]instance {
	t.Helper()
	return instances(t, read(t, k.stateFile()))
}

// wantKept checks that a refresh has left everything in a state but the time of the refresh. A
// later version may add to it.
func wantKept(t *testing.T, before, after map[string]instance) {
	t.Helper()
	for address, was := range before {
		for name, value := range was.Attributes {
			if got := after[address].Attributes[name]; !reflect.DeepEqual(got, value) {
				t.Errorf("%s.%s is %v, was %v", address, name, got, value)
			}
		}
		for key, value := range was.Private {
			got := after[address].Private[key]
			if !bytes.Equal(got, value) && key != "observed_at" {
				t.Errorf("private state of %s: %s is %s, was %s", address, key, got, value)
			}
		}
	}
}

// keep applies the configuration, and writes the state and what the simulators hold into the folder.
func (k *kept) keep(t *testing.T) {
	t.Helper()
	k.MustRun(t, 0, "apply", "-auto-approve")
	time.Sleep(time.Minute) // the least rotate_after: a key of this apply is due at the refresh
	k.MustRun(t, 0, "apply", "-refresh-only", "-auto-approve")
	k.wantChanges(t, nil)
	k.books.update(k)
	files := map[string]any{
		"state.json": json.RawMessage(read(t, k.stateFile())), "waldur.json": k.books.waldur,
		"wavefront.json": k.books.wavefront, "instaclustr.json": k.books.instaclustr,
	}
	for name, content := range files {
		text, err := json.MarshalIndent(content, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(k.folder, name), append(text, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// books are what the servers hold.
type books struct {
	waldur struct {
		Now                                             time.Time
		Customers                                       []waldursim.Customer
		Projects                                        []waldursim.Project
		Resources                                       []waldursim.Resource
		Users                                           []waldursim.User // the provider runs as the first one
		Grants                                          []struct{ User, Role, Scope string }
		Consents                                        []struct{ User, Resource string }
		CustomerServiceAccounts, ProjectServiceAccounts []waldursim.ServiceAccount
		RobotAccounts                                   []waldursim.RobotAccount
	}
	wavefront struct {
		Roles             []wavefrontsim.Role
		UserGroups        []wavefrontsim.UserGroup
		DefaultUserGroups []string
		ServiceAccounts   []wavefrontsim.ServiceAccount
		Credential        string // of the provider; "": that of a person
	}
	instaclustr struct {
		Users        []instaclustrsim.HumanUser
		ServiceUsers []instaclustrsim.ServiceUser
		AllowLists   []allowList
	}
}

type allowList struct {
	Username, KeyType string
	Prefixes          []string
}

// update takes the objects that the configuration manages from the simulators.
func (b *books) update(k *kept) {
	b.waldur.CustomerServiceAccounts, b.waldur.ProjectServiceAccounts = nil, nil
	for _, a := range k.waldur.ServiceAccounts() {
		if slices.ContainsFunc(b.waldur.Customers, func(c waldursim.Customer) bool { return c.UUID == a.Scope }) {
			b.waldur.CustomerServiceAccounts = append(b.waldur.CustomerServiceAccounts, a)
		} else {
			b.waldur.ProjectServiceAccounts = append(b.waldur.ProjectServiceAccounts, a)
		}
	}
	b.waldur.RobotAccounts = k.waldur.RobotAccounts()
	b.wavefront.ServiceAccounts = k.wavefront.Accounts()
	b.instaclustr.ServiceUsers, b.instaclustr.AllowLists = k.instaclustr.ServiceUsers(), nil
	for i := range b.instaclustr.ServiceUsers {
		user := &b.instaclustr.ServiceUsers[i]
		user.Secrets = map[string]string{}
		for _, kind := range user.Keys {
			user.Secrets[kind] = k.instaclustr.Secret(user.Username, kind)
			list := allowList{user.Username, kind, k.instaclustr.AllowList(user.Username, kind)}
			b.instaclustr.AllowLists = append(b.instaclustr.AllowLists, list)
		}
	}
}

// startWaldur returns the settings of the provider.
func (k *kept) startWaldur(t *testing.T) (env []string) {
	t.Helper()
	b := &k.books.waldur
	decode(t, k.folder, "waldur.json", b)
	sim := waldursim.New(waldursim.Options{Now: func() time.Time { return b.Now }, ConsentRedaction: true})
	for _, c := range b.Customers {
		sim.AddCustomer(c)
	}
	for _, p := range b.Projects {
		sim.AddProject(p)
	}
	for _, r := range b.Resources {
		sim.AddResource(r)
	}
	for _, u := range b.Users {
		sim.AddUser(u)
	}
	for _, g := range b.Grants {
		sim.Grant(g.User, waldursim.Role(g.Role), g.Scope)
	}
	for _, c := range b.Consents {
		sim.SetConsent(c.User, c.Resource, true)
	}
	for _, a := range b.CustomerServiceAccounts {
		sim.AddCustomerServiceAccount(a)
	}
	for _, a := range b.ProjectServiceAccounts {
		sim.AddProjectServiceAccount(a)
	}
	for _, a := range b.RobotAccounts {
		sim.AddRobotAccount(a)
	}
	k.waldur = sim
	return []string{"WALDUR_API_URL=" + serve(t, "waldur", sim), "WALDUR_ACCESS_TOKEN=" + b.Users[0].Token}
}

func (k *kept) startWavefront(t *testing.T) (env []string) {
	t.Helper()
	b := &k.books.wavefront
	decode(t, k.folder, "wavefront.json", b)
	sim := wavefrontsim.New(wavefrontsim.Options{})
	for _, r := range b.Roles {
		sim.AddRole(r)
	}
	for _, g := range b.UserGroups {
		sim.AddUserGroup(g)
	}
	sim.SetDefaultUserGroups(b.DefaultUserGroups...)
	for _, a := range b.ServiceAccounts {
		sim.AddServiceAccount(a)
	}
	k.wavefront = sim
	token := cmp.Or(b.Credential, sim.Token())
	return []string{"WAVEFRONT_ADDRESS=" + serve(t, "wavefront", sim), "WAVEFRONT_TOKEN=" + token}
}

func (k *kept) startInstaclustr(t *testing.T) (env []string) {
	t.Helper()
	b := &k.books.instaclustr
	decode(t, k.folder, "instaclustr.json", b)
	sim := instaclustrsim.New(instaclustrsim.Options{OnDowngrade: "keep"})
	for _, u := range b.Users {
		sim.AddUser(u)
	}
	for _, u := range b.ServiceUsers {
		sim.AddServiceUser(u)
	}
	for _, l := range b.AllowLists {
		sim.SetAllowList(l.Username, l.KeyType, l.Prefixes...)
	}
	k.instaclustr = sim
	username, key := sim.Owner()
	return []string{"IC_API_URL=" + serve(t, "instaclustr", sim), "IC_USERNAME=" + username, "IC_API_KEY=" + key}
}

func serve(t *testing.T, system string, handler http.Handler) (url string) {
	t.Helper()
	server := httptest.NewServer(acctest.UnderContract(t, system, handler))
	t.Cleanup(server.Close)
	return server.URL
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// decode reads a file of a folder; a field that is not known is an error.
func decode(t *testing.T, folder, name string, into any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(read(t, folder, name)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s/%s: %s", folder, name, err)
	}
}
