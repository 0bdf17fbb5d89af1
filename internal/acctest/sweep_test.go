package acctest

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

// ages are names of objects that a sweep finds: only the first is to go.
type ages struct{ old, young, other string }

func newAges(now time.Time) ages {
	return ages{nameAt(now.Add(-sweepAge - time.Hour)), nameAt(now.Add(-time.Hour)), "acc-production"}
}

func (a ages) all() []string { return []string{a.old, a.young, a.other} }

// testUser is the service user of all tests, as the environment of a stand-in names it.
const testUser = "acc-terraform"

// A sweeper removes objects of tests that are old enough, and no others. A second sweep finds nothing.
func TestSweepers(t *testing.T) {
	now := time.Now().Add(2 * sweepAge)
	id := func(w *world.World, name string) string {
		for _, entry := range w.IDs() {
			if value, ok := strings.CutPrefix(entry, name+"="); ok {
				return value
			}
		}
		panic("no " + name)
	}
	tests := map[string]struct {
		add  func(w *world.World, a ages)
		left func(w *world.World) []string // the names of what is left
		gone func(a ages) []string         // the names that the sweeper returns, a.old if nil
	}{
		"svcacct_waldur_customer_service_account": {
			add: func(w *world.World, a ages) {
				elsewhere := w.Waldur.AddCustomer(waldursim.Customer{Name: "Elsewhere"})
				scope := id(w, "WALDUR_CUSTOMER_UUID")
				for _, name := range a.all() {
					w.Waldur.AddCustomerServiceAccount(waldursim.ServiceAccount{Scope: scope, Username: name,
						PreferredIdentifier: name})
				}
				w.Waldur.AddCustomerServiceAccount(waldursim.ServiceAccount{Scope: elsewhere, Username: "elsewhere",
					PreferredIdentifier: a.old})
			},
			left: openAccounts,
		},
		"svcacct_waldur_project_service_account": {
			add: func(w *world.World, a ages) {
				for _, name := range a.all() {
					w.Waldur.AddProjectServiceAccount(waldursim.ServiceAccount{Scope: id(w, "WALDUR_PROJECT_UUID"),
						Username: name, PreferredIdentifier: name})
				}
			},
			left: openAccounts,
		},
		"svcacct_waldur_robot_account": {
			add: func(w *world.World, a ages) {
				place, other := id(w, "WALDUR_RESOURCE_UUID"), w.Waldur.AddResource(waldursim.Resource{
					Name: "other", Project: id(w, "WALDUR_PROJECT_UUID"), State: "OK",
				})
				add := func(resource, kind, name string) {
					w.Waldur.AddRobotAccount(waldursim.RobotAccount{Resource: resource, Type: kind, Username: name})
				}
				for i, name := range a.all() {
					add(place, fmt.Sprintf("acc0%d", i), name)
				}
				for _, kind := range []string{"accnt", "acc", "cicd"} { // of somebody else, and old
					add(place, kind, "account-"+kind)
				}
				add(place, "acc99", "") // a type as tests use it is not enough
				add(other, "acc00", nameAt(now.Add(-sweepAge-2*time.Hour)))
				w.Waldur.Advance(2 * sweepAge)
			},
			left: func(w *world.World) (names []string) {
				for _, account := range w.Waldur.RobotAccounts() {
					names = append(names, account.Username)
				}
				return names
			},
		},
		"svcacct_wavefront_service_account": {
			add: func(w *world.World, a ages) {
				for _, name := range a.all() {
					w.Wavefront.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::" + name})
					w.Wavefront.AddToken("sa::"+name, "deploy")
				}
			},
			left: func(w *world.World) (names []string) {
				for _, account := range w.Wavefront.Accounts() {
					names = append(names, account.Identifier)
				}
				return names
			},
			gone: func(a ages) []string { return []string{"sa::" + a.old} },
		},
		"svcacct_instaclustr_service_user_api_key": {
			add: func(w *world.World, a ages) {
				for _, username := range []string{testUser, "ci", "acc-production", testUser + "-2"} {
					w.Instaclustr.AddServiceUser(instaclustrsim.ServiceUser{Username: username, DisplayName: a.old,
						Keys: []string{instaclustrsim.Monitoring}})
				}
			},
			left: func(w *world.World) (names []string) {
				for _, user := range w.Instaclustr.ServiceUsers() {
					for _, key := range user.Keys {
						names = append(names, user.Username+"/"+key)
					}
				}
				return names
			},
			gone: func(ages) []string { return []string{testUser + "/MONITORING"} },
		},
	}
	for block, p := range places() {
		for _, s := range p.sweepers {
			t.Run(s.name, func(t *testing.T) {
				test, ok := tests[s.name]
				if !ok {
					t.Fatal("the sweeper has no test")
				}
				w, err := world.New(world.Settings{})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(w.Close)
				a := newAges(now)
				test.add(w, a)
				before := test.left(w)
				checkSweeps(t, w, block, s, now, test.gone, a)
				if after := test.left(w); len(after) != len(before)-1 || slices.Contains(after, a.old) {
					t.Errorf("left: %q, before: %q", after, before)
				}
			})
		}
	}
}

// The keys of the tests' user stay while a test may use them, and if no test has named the user.
func TestSweepInstaclustrKeys_inUse(t *testing.T) {
	now := time.Now()
	a := newAges(now)
	for _, displayName := range []string{a.young, a.other, ""} {
		w, err := world.New(world.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(w.Close)
		w.Instaclustr.AddServiceUser(instaclustrsim.ServiceUser{Username: testUser, DisplayName: displayName,
			Keys: []string{instaclustrsim.Monitoring}})
		s := sweeper{"svcacct_instaclustr_service_user_api_key", sweepInstaclustrKeys}
		removed, err := runSweeper(t.Context(), "instaclustr", s, getenv(w, "instaclustr"), now)
		if err != nil || len(removed) > 0 {
			t.Errorf("%q: removed %q, %v", displayName, removed, err)
		}
	}
}

// getenv returns a function that reads the environment of a stand-in.
func getenv(w *world.World, block string) func(string) string {
	environment := map[string]string{}
	for _, entry := range standInEnvironment(w, block) {
		name, value, _ := strings.Cut(entry, "=")
		environment[name] = value
	}
	return func(name string) string { return environment[name] }
}

func checkSweeps(
	t *testing.T, w *world.World, block string, s sweeper, now time.Time, gone func(ages) []string, a ages,
) {
	t.Helper()
	want := []string{a.old}
	if gone != nil {
		want = gone(a)
	}
	for _, want := range [][]string{want, nil} {
		removed, err := runSweeper(t.Context(), block, s, getenv(w, block), now)
		if err != nil || !slices.Equal(removed, want) {
			t.Errorf("removed %q, %v, want %q", removed, err, want)
		}
	}
}

// openAccounts returns the identifiers of service accounts that are not closed.
func openAccounts(w *world.World) (names []string) {
	for _, account := range w.Waldur.ServiceAccounts() {
		if account.State != "Closed" {
			names = append(names, account.Username)
		}
	}
	return names
}

// A removal that fails is an error with the name of the object, and the sweep goes on.
func TestSweep_fails(t *testing.T) {
	var s sweep
	s.did("acc-1", os.ErrPermission)
	s.did("acc-2", nil)
	if s.err == nil || !strings.Contains(s.err.Error(), "acc-1") || !slices.Equal(s.removed, []string{"acc-2"}) {
		t.Errorf("got %q, %v", s.removed, s.err)
	}
}
