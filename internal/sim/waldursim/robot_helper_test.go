package waldursim_test

import (
	"slices"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

const robots = "/api/marketplace-robot-accounts/"

// The digests of these keys were made with another program.
const (
	keyOne   = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUm ci@one"
	keyTwo   = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBE1RODESgs02NjsHNqjsd9CUCCGguQ+Ox9OXyoVBFZq/uQQD6MN3B11Wrr1SWhu5SbhskAIk1JFPN1FLu4/MF1s="
	keyThree = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIM8tlwZzaYL7JhZW0ucSNEw8OL2Us0pETqTzzpdZHNSP"
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

// robotWorld adds a provider with two resources in the project of the world, and
// another provider with a resource in another project of the same customer.
type robotWorld struct {
	*world
	provider, resource, spare    string
	rival, otherProject, foreign string
}

func newRobots(t *testing.T, change ...func(*waldursim.Options)) *robotWorld {
	t.Helper()
	w := &robotWorld{world: newWorld(t, change...)}
	w.provider = w.sim.AddCustomer(waldursim.Customer{Name: "Nordic HPC"})
	w.resource = w.sim.AddResource(waldursim.Resource{Name: "allocation", Project: w.project, Provider: w.provider})
	w.spare = w.sim.AddResource(waldursim.Resource{Name: "spare", Project: w.project, Provider: w.provider})
	w.rival = w.sim.AddCustomer(waldursim.Customer{Name: "Baltic Cloud"})
	w.otherProject = w.sim.AddProject(waldursim.Project{Name: "Aerosols", Customer: w.customer})
	w.foreign = w.sim.AddResource(waldursim.Resource{Name: "machine", Project: w.otherProject, Provider: w.rival})
	w.addUser("provider", waldursim.User{Username: "pia", FullName: "Pia Provider"}, grant{waldursim.ProviderOwner, w.provider})
	w.addUser("rival", waldursim.User{Username: "raul"}, grant{waldursim.ProviderOwner, w.rival})
	w.addUser("ada", waldursim.User{Username: "ada", FullName: "Ada Kask", Email: "Ada@acme.example"},
		grant{waldursim.ProjectMember, w.project})
	w.addUser("bo", waldursim.User{Username: "bo", FullName: "Bo Tamm", Email: "bo@acme.example"},
		grant{waldursim.CustomerReader, w.customer})
	w.addUser("olga", waldursim.User{Username: "olga", FullName: "Olga Out"},
		grant{waldursim.ProjectMember, w.otherProject})
	w.addUser("otto", waldursim.User{Username: "otto", FullName: "Otto Out"})
	return w
}

func (w *robotWorld) in(t *testing.T) *robotWorld {
	t.Helper()
	same := *w
	same.world = w.world.in(t)
	return &same
}

func resourcePath(uuid string) string { return "/api/marketplace-resources/" + uuid + "/" }

// user is the address of a user of the world, as the server writes it.
func (w *robotWorld) user(name string) string {
	w.t.Helper()
	if w.users[name] == "" {
		w.t.Fatalf("no user %s", name)
	}
	return w.server.URL + "/api/users/" + w.users[name] + "/"
}

func (w *robotWorld) userList(names ...string) []string {
	links := []string{}
	for _, name := range names {
		links = append(links, w.user(name))
	}
	return links
}

// robot seeds an account and gives its path.
func (w *robotWorld) robot(a waldursim.RobotAccount) string {
	w.t.Helper()
	if a.Resource == "" {
		a.Resource = w.resource
	}
	if a.Type == "" {
		a.Type = "cicd"
	}
	return robots + w.sim.AddRobotAccount(a) + "/"
}

// uuids gives the UUIDs of users of the world.
func (w *robotWorld) uuids(names ...string) []string {
	uuids := []string{}
	for _, name := range names {
		uuids = append(uuids, w.users[name])
	}
	return uuids
}

func (w *robotWorld) stored(path string) object {
	w.t.Helper()
	record, ok := w.sim.RobotAccount(path[len(robots) : len(path)-1])
	if !ok {
		w.t.Fatalf("%s is not stored", path)
	}
	return record
}

// wantSet compares without regard to order, which the server does not promise.
func wantSet(t *testing.T, got []string, want ...string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// wantPeople checks the people in an answer of either form, by name.
func (w *robotWorld) wantPeople(got object, responsible string, users ...string) {
	w.t.Helper()
	link := func(value any) string {
		if person, ok := value.(map[string]any); ok {
			return person["url"].(string)
		}
		return value.(string)
	}
	var links []string
	for _, value := range got["users"].([]any) {
		links = append(links, link(value))
	}
	wantSet(w.t, links, w.userList(users...)...)
	switch value := got["responsible_user"]; {
	case responsible == "" && value != nil:
		w.t.Errorf("responsible_user is %v, want null", value)
	case responsible != "" && (value == nil || link(value) != w.user(responsible)):
		w.t.Errorf("responsible_user is %v, want %s", value, responsible)
	}
}

func only(name, text string) string { return `{"` + name + `": ["` + text + `"]}` }

const (
	hourLater    = "2026-03-02T09:15:30.481207+00:00"
	robotMissing = `{"detail": "No RobotAccount matches the given query."}`
	notUnique    = `{"non_field_errors": ["The fields resource, type must make a unique set."]}`
)

func (w *robotWorld) anHourLater() { w.clock.advance(time.Hour) }
