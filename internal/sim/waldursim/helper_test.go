package waldursim_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

type object = simtest.Object

const (
	made      = "2026-03-02T08:15:30.481207+00:00" // when the clock has not moved
	hourLater = "2026-03-02T09:15:30.481207+00:00"
	nobody    = "00000000000000000000000000000000"

	forbidden = `{"detail": "You do not have permission to perform this action."}`
	required  = "This field is required."
	isNull    = "This field may not be null."
	isBlank   = "This field may not be blank."
	noText    = "Not a valid string."
	noUUID    = "Enter a valid UUID."
)

func missing(model string) string { return `{"detail": "No ` + model + ` matches the given query."}` }

func only(field, text string) string { return `{"` + field + `": ["` + text + `"]}` }

func choice(word string) string {
	return "Select a valid choice. " + word + " is not one of the available choices."
}

// world is a server with callers of every kind. A provider has two resources in the project of the
// customer; a rival provider has the resource of the rival in another project of the same customer.
type world struct {
	*simtest.Client
	sim   *waldursim.Sim
	clock *simtest.Clock

	customer, project, otherProject string
	provider, rival                 string
	resource, spare, rivals         string
	users, tokens                   map[string]string // by the name of the caller
}

func newWorld(t *testing.T, change ...func(*waldursim.Options)) *world {
	t.Helper()
	w := &world{clock: &simtest.Clock{}, users: map[string]string{}, tokens: map[string]string{}}
	options := waldursim.Options{Now: w.clock.Now}
	for _, f := range change {
		f(&options)
	}
	w.sim = waldursim.New(options)
	w.Client = simtest.Serve(t, w.sim)
	w.customer = w.sim.AddCustomer(waldursim.Customer{
		Name: "ACME Research", Abbreviation: "ACME", MaxServiceAccounts: 5,
	})
	w.project = w.sim.AddProject(waldursim.Project{
		Name: "Climate models", Customer: w.customer, MaxServiceAccounts: 5,
	})
	w.otherProject = w.sim.AddProject(waldursim.Project{Name: "Aerosols", Customer: w.customer})
	w.provider = w.sim.AddCustomer(waldursim.Customer{Name: "Nordic HPC"})
	w.rival = w.sim.AddCustomer(waldursim.Customer{Name: "Baltic Cloud"})
	w.resource = w.sim.AddResource(waldursim.Resource{Name: "allocation", Project: w.project, Provider: w.provider})
	w.spare = w.sim.AddResource(waldursim.Resource{Name: "spare", Project: w.project, Provider: w.provider})
	w.rivals = w.sim.AddResource(waldursim.Resource{Name: "machine", Project: w.otherProject, Provider: w.rival})
	w.addUser("staff", waldursim.User{Staff: true}, "", "")
	w.addUser("support", waldursim.User{Support: true}, "", "")
	w.addUser("owner", waldursim.User{}, waldursim.CustomerOwner, w.customer)
	w.addUser("reader", waldursim.User{}, waldursim.CustomerReader, w.customer)
	w.addUser("manager", waldursim.User{}, waldursim.ProjectManager, w.project)
	w.addUser("member", waldursim.User{}, waldursim.ProjectMember, w.project)
	w.addUser("provider", waldursim.User{}, waldursim.ProviderOwner, w.provider)
	w.addUser("rival", waldursim.User{}, waldursim.ProviderOwner, w.rival)
	ada := waldursim.User{FullName: "Ada Kask", Email: "Ada@acme.example"}
	bo := waldursim.User{FullName: "Bo Tamm", Email: "bo@acme.example"}
	w.addUser("ada", ada, waldursim.ProjectMember, w.project)
	w.addUser("bo", bo, waldursim.CustomerReader, w.customer)
	w.addUser("olga", waldursim.User{FullName: "Olga Out"}, waldursim.ProjectMember, w.otherProject)
	w.addUser("zed", waldursim.User{FullName: "Zed Out"}, "", "")
	return w
}

func (w *world) addUser(name string, user waldursim.User, role waldursim.Role, scope string) {
	user.Username = name
	w.users[name], w.tokens[name] = w.sim.AddUser(user)
	if role != "" {
		w.sim.Grant(w.users[name], role, scope)
	}
}

// in is the same world for a subtest, which fails by itself.
func (w *world) in(t *testing.T) *world {
	same := *w
	same.Client = w.In(t)
	return &same
}

// do sends one request as a caller of the world; "" has no credentials.
func (w *world) do(caller, method, path string, body any) simtest.Reply {
	w.Helper()
	header := http.Header{}
	if caller != "" {
		header.Set("Authorization", "Token "+w.tokens[caller])
	}
	return w.Send(method, path, header, body)
}

// kind is one of the two kinds of service accounts.
type kind struct {
	scope, other string
	path         string
	model        string
	manager      string // a caller who may write
}

var kinds = []kind{
	{"customer", "project", "/api/marketplace-customer-service-accounts/", "CustomerServiceAccount", "owner"},
	{"project", "customer", "/api/marketplace-project-service-accounts/", "ProjectServiceAccount", "manager"},
}

// eachKind runs a test against a new world for both kinds.
func eachKind(t *testing.T, run func(w *world, k kind), change ...func(*waldursim.Options)) {
	t.Helper()
	for _, k := range kinds {
		t.Run(k.scope, func(t *testing.T) { run(newWorld(t, change...), k) })
	}
}

func (k kind) one(uuid string) string    { return k.path + uuid + "/" }
func (k kind) rotate(uuid string) string { return k.one(uuid) + "rotate_api_key/" }

func (w *world) scope(k kind) string {
	return map[string]string{"customer": w.customer, "project": w.project}[k.scope]
}

// body is a body of create.
func (w *world) body(k kind, identifier string) object {
	return object{k.scope: w.scope(k), "preferred_identifier": identifier}
}

// create creates an account over the API.
func (w *world) create(k kind, identifier string) simtest.Reply {
	w.Helper()
	return w.do(k.manager, "POST", k.path, w.body(k, identifier)).Want(201)
}

func (w *world) seed(k kind, a waldursim.ServiceAccount) (uuid, key string) {
	if a.Scope == "" {
		a.Scope = w.scope(k)
	}
	if k.scope == "customer" {
		return w.sim.AddCustomerServiceAccount(a)
	}
	return w.sim.AddProjectServiceAccount(a)
}

// stored returns an account past the API.
func (w *world) stored(uuid string) waldursim.ServiceAccount {
	w.Helper()
	accounts := w.sim.ServiceAccounts()
	i := slices.IndexFunc(accounts, func(a waldursim.ServiceAccount) bool { return a.UUID == uuid })
	if i < 0 {
		w.Fatalf("no account %s", uuid)
	}
	return accounts[i]
}

const robots = "/api/marketplace-robot-accounts/"

// The digests of these keys come from another program.
const (
	keyOne = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUm ci@one"
	keyTwo = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBE1RODESgs02NjsHNqjsd9CUCCGguQ" +
		"+Ox9OXyoVBFZq/uQQD6MN3B11Wrr1SWhu5SbhskAIk1JFPN1FLu4/MF1s="
)

var (
	printOne = object{
		"md5":    "81:ec:68:37:6e:e4:63:49:d5:e9:e5:6b:47:fa:21:85",
		"sha256": "SHA256:WZ64x5CuWPIPCGCuuSA1DB7xipz7cI/vWRWoqW3keDM",
		"sha512": "SHA512:vLQF91LhFkzUDcjHOoZEuO0PTlnNUDV5tEZ/194dW+xQinOS9cnL8Xw21xHfl1itxuqQQcm6+ZSn0M2SeIOuEg",
	}
	printTwo = object{
		"md5":    "6d:d3:37:72:eb:2b:4e:28:3d:ae:29:3e:48:f7:38:75",
		"sha256": "SHA256:0ObA4MvsQmqPyL2/a6V3MWtPCPUBb3BHEl9YiN9RjnY",
		"sha512": "SHA512:RsN/ZMJjUvR89REFDQwJtJ3uPaZbH2Lng2J3zVmHcsglujGcSx7esXVRhU+Fl5YTM4O+WLa4Vqyf7lUVqdGn9Q",
	}
)

func resourcePath(uuid string) string { return "/api/marketplace-resources/" + uuid + "/" }

// user is the address of a user of the world, as the server writes it.
func (w *world) user(name string) string { return w.URL + "/api/users/" + w.users[name] + "/" }

// links are such addresses, in the order in which the server writes them.
func (w *world) links(names ...string) []string {
	links := []string{}
	for _, uuid := range w.uuids(names...) {
		links = append(links, w.URL+"/api/users/"+uuid+"/")
	}
	return links
}

func (w *world) uuids(names ...string) []string {
	uuids := []string{}
	for _, name := range names {
		uuids = append(uuids, w.users[name])
	}
	return slices.Sorted(slices.Values(uuids))
}

// robot seeds an account and returns its path.
func (w *world) robot(a waldursim.RobotAccount) string {
	w.Helper()
	if a.Resource == "" {
		a.Resource = w.resource
	}
	if a.Type == "" {
		a.Type = "cicd"
	}
	return robots + w.sim.AddRobotAccount(a) + "/"
}

func (w *world) storedRobot(path string) waldursim.RobotAccount {
	return w.sim.RobotAccount(strings.Trim(strings.TrimPrefix(path, robots), "/"))
}

// robotBody is a body of create.
func (w *world) robotBody(changes ...object) object {
	body := object{"resource": resourcePath(w.resource), "type": "cicd"}
	for _, change := range changes {
		maps.Copy(body, change)
	}
	return body
}

func hyphened(uuid string) string {
	return strings.ToUpper(uuid[:8] + "-" + uuid[8:12] + "-" + uuid[12:16] + "-" + uuid[16:20] + "-" + uuid[20:])
}

func old(o *waldursim.Options)         { o.OldRobotAccounts = true }
func withConsent(o *waldursim.Options) { o.ConsentRedaction = true }
