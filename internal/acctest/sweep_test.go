package acctest

import (
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

// A sweeper removes objects of tests that are old enough, and no others. A second sweep finds nothing.
func TestSweepers(t *testing.T) {
	now := time.Now().Add(2 * sweepAge) // the simulators are as far ahead, see the robot accounts
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
				add(place, "acc01", a.old)
				add(place, "cicd", "old, and of somebody else")
				add(other, "acc01", "old, on another resource")
				w.Waldur.Advance(2 * sweepAge)
				add(place, "acc02", a.young)
			},
			left: func(w *world.World) (names []string) {
				for _, account := range w.Waldur.RobotAccounts() {
					names = append(names, account.Username)
				}
				return names
			},
			gone: func(ages) []string { return []string{"acc01"} },
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
				for i, name := range a.all() {
					w.Instaclustr.AddServiceUser(instaclustrsim.ServiceUser{
						Username: []string{"acc-old", "acc-young", "acc-other"}[i], DisplayName: name,
						Keys: []string{instaclustrsim.Monitoring},
					})
				}
				w.Instaclustr.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci", DisplayName: a.old,
					Keys: []string{instaclustrsim.Monitoring}})
			},
			left: func(w *world.World) (names []string) {
				for _, user := range w.Instaclustr.ServiceUsers() {
					for _, key := range user.Keys {
						names = append(names, user.Username+"/"+key)
					}
				}
				return names
			},
			gone: func(ages) []string { return []string{"acc-old/MONITORING"} },
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

func checkSweeps(
	t *testing.T, w *world.World, block string, s sweeper, now time.Time, gone func(ages) []string, a ages,
) {
	t.Helper()
	environment := map[string]string{}
	for _, entry := range standInEnvironment(w, block) {
		name, value, _ := strings.Cut(entry, "=")
		environment[name] = value
	}
	want := []string{a.old}
	if gone != nil {
		want = gone(a)
	}
	for _, want := range [][]string{want, nil} {
		removed, err := runSweeper(t.Context(), block, s, func(name string) string { return environment[name] }, now)
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
