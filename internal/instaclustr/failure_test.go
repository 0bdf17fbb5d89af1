package instaclustr_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

var broken = simkit.Fault{Status: http.StatusBadRequest, Body: `{"resource": "not now"}`}

func times(n int, fault simkit.Fault) simkit.Fault {
	fault.Times = n
	return fault
}

// The key is made, but can't be restricted: it is kept, the next plan shows it, and the next apply restricts it without another key.
func TestAccAPIKey_restrictionFails(t *testing.T) {
	w, secret := server(t), ""
	w.Sim.Inject(restrictOp, broken)
	config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", allow("198.51.100.0/24"))
	w.Run(t,
		resource.TestStep{
			Config: config, ExpectNonEmptyPlan: true,
			Check: resource.ComposeTestCheckFunc(works(w), acctest.Remember(key, "api_key", &secret)),
			ConfigStateChecks: []statecheck.StateCheck{has(key, "effective_cidr_allow_list", texts("0.0.0.0/0")),
				has(key, "cidr_allow_list", texts("198.51.100.0/24"))},
		},
		resource.TestStep{
			Config: config, ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionUpdate, acctest.KnownAfter(key, "api_key", "rotated_at")),
			Check: resource.ComposeTestCheckFunc(restricted(w), acctest.Unchanged(key, "api_key", &secret), requests(w, map[string]int{generateOp: 1, rotateOp: 0, restrictOp: 2})),
		},
	)
}

// The service drops the list when it rotates, and the list can't be put in force again: the new key is kept, and the next apply restricts it.
func TestAccAPIKey_restrictionAfterRotationFails(t *testing.T) {
	w, secret := acctest.NewInstaclustr(t, instaclustrsim.Options{RotateKeepsAllowList: "false"}), ""
	config := func(release string) string {
		return serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", allow("198.51.100.0/24"), keepers(release))
	}
	w.Run(t,
		resource.TestStep{Config: config("1"), Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{
			PreConfig: func() { w.Sim.Inject(restrictOp, broken) },
			Config:    config("2"), ExpectError: acctest.Words("it works from any address. The next apply restricts it"),
		},
		resource.TestStep{
			Config: config("2"), ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionUpdate, acctest.KnownAfter(key, "api_key", "rotated_at")),
			Check: resource.ComposeTestCheckFunc(restricted(w), dead(w, "ci", &secret), requests(w, map[string]int{generateOp: 1, rotateOp: 1})),
		},
	)
}

func TestAccServiceUser_lostCreate(t *testing.T) {
	for name, fault := range map[string]simkit.Fault{"after the work": {Drop: simkit.DropAfter}, "no JSON": {Status: http.StatusOK, Body: "<html>"}} {
		t.Run(name, func(t *testing.T) {
			w := server(t)
			w.Sim.Inject(createOp, fault)
			config := serviceUser("ci", "READ_ONLY", `display_name = "CI"`) + apiKey("MONITORING")
			if fault.Drop == simkit.DropNone { // nothing was made
				w.Run(t, resource.TestStep{Config: config, ExpectError: acctest.Words("No service user was found afterwards")},
					resource.TestStep{Config: config, Check: works(w)})
				return
			}
			w.Run(t, resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(works(w), keysOf(w, "ci", "MONITORING"), requests(w, map[string]int{createOp: 1}))})
		})
	}
}

func TestAccServiceUser_lostCreateUnresolved(t *testing.T) {
	w := server(t)
	w.Sim.Inject(createOp, simkit.Fault{Drop: simkit.DropAfter})
	w.Sim.Inject(listOp, simkit.Fault{Skip: 3, Times: 5, Status: http.StatusBadGateway}) // two plans and the look before
	w.Run(t,
		resource.TestStep{Config: serviceUser("ci", "READ_ONLY"), ExpectError: acctest.Words("Whether the user was made is not known")},
		resource.TestStep{Config: serviceUser("ci", "READ_ONLY"), ExpectError: acctest.Words(`import { to = ` + userType + `.NAME id = "ci" }`)},
		resource.TestStep{
			Config: "import {\n  to = " + user + "\n  id = \"ci\"\n}\n" + serviceUser("ci", "READ_ONLY"),
			Check:  keysOf(w, "ci", "MONITORING", "PROVISIONING_READONLY"),
		},
	)
}

func TestAccAPIKey_lostGenerate(t *testing.T) {
	for name, test := range map[string]struct {
		fault              simkit.Fault
		generated, rotated int
	}{
		"after the work":  {simkit.Fault{Drop: simkit.DropAfter}, 1, 1},
		"before the work": {simkit.Fault{Drop: simkit.DropBefore}, 2, 0},
		"server error":    {simkit.Fault{Status: http.StatusServiceUnavailable}, 2, 0},
		"masked":          {simkit.Fault{Status: http.StatusOK, Body: `{"key": "•••••••••••••••••••••••••••7e8f9"}`}, 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := server(t)
			w.Sim.Inject(generateOp, test.fault)
			w.Run(t, resource.TestStep{
				Config: serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", allow("198.51.100.0/24")),
				Check:  resource.ComposeTestCheckFunc(restricted(w), requests(w, map[string]int{generateOp: test.generated, rotateOp: test.rotated})),
			})
		})
	}
}

// The key is made, its answer is lost, and so is every look at it: nobody knows the key. The next apply revokes it and makes another one.
func TestAccAPIKey_lostGenerateUnresolved(t *testing.T) {
	w := server(t)
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci"})
	w.Sim.Inject(generateOp, simkit.Fault{Drop: simkit.DropAfter})
	w.Sim.Inject(getOp, simkit.Fault{Skip: 3, Times: 5, Status: http.StatusBadGateway})
	config := apiKeyOf("ci", "MONITORING")
	w.Run(t,
		resource.TestStep{Config: config, ExpectError: acctest.Words("Whether the key was made is not known")},
		resource.TestStep{
			Config: config, ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionReplace),
			Check: resource.ComposeTestCheckFunc(works(w), requests(w, map[string]int{generateOp: 2})),
		},
	)
}

// What fails before a key is asked for does not touch a key that somebody else has.
func TestAccAPIKey_notToBeRead(t *testing.T) {
	w := server(t)
	secret := w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci", Keys: []string{"MONITORING"}})["MONITORING"]
	w.Run(t,
		resource.TestStep{
			PreConfig: func() { w.Sim.Inject(getOp, simkit.Fault{Times: -1, Status: http.StatusServiceUnavailable}) },
			Config:    apiKeyOf("ci", "MONITORING"), ExpectError: acctest.Words("503 Service Unavailable"),
		},
		resource.TestStep{PreConfig: w.Sim.ClearFaults, Config: apiKeyOf("ci", "MONITORING"), ExpectError: acctest.Words("there is an API key of this type already")},
	)
	if !w.Sim.KeyAlive("ci", secret) {
		t.Error("somebody else's key was touched")
	}
}

func TestAccAPIKey_lostRotation(t *testing.T) {
	w, secret := server(t), ""
	config := func(release string) string {
		return serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", keepers(release))
	}
	w.Run(t,
		resource.TestStep{Config: config("1"), Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{ // lost once: rotated again at once
			PreConfig: func() { w.Sim.Inject(rotateOp, simkit.Fault{Drop: simkit.DropAfter}) },
			Config:    config("2"), Check: resource.ComposeTestCheckFunc(works(w), dead(w, "ci", &secret), acctest.Remember(key, "api_key", &secret)),
		},
		resource.TestStep{
			PreConfig: func() { w.Sim.Inject(rotateOp, simkit.Fault{Times: 5, Drop: simkit.DropAfter}) },
			Config:    config("3"), ExpectError: acctest.Words("The next apply rotates again"),
		},
		resource.TestStep{ // even with the keepers as they were
			Config: config("2"), ConfigPlanChecks: rotates("effective_cidr_allow_list"), Check: resource.ComposeTestCheckFunc(works(w), dead(w, "ci", &secret)),
		},
	)
}

// The keys that came with the user can't be revoked at first: the user stays, and the next apply revokes them, but not a key that was adopted meanwhile.
func TestAccServiceUser_initialKeysStay(t *testing.T) {
	w := server(t)
	w.Sim.Inject(revokeOp, times(2, broken))
	w.Sim.Inject(revokeOp, times(1, simkit.Fault{StripBody: true}))
	config := serviceUser("ci", "CLUSTER_ADMIN") + apiKey("MONITORING", `adopt_by_rotation = true`)
	w.Run(t,
		resource.TestStep{Config: config, ExpectNonEmptyPlan: true, Check: resource.ComposeTestCheckFunc(works(w), keysOf(w, "ci", "MONITORING", "PROVISIONING", "PROVISIONING_READONLY"))},
		resource.TestStep{
			Config: config, ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionUpdate, acctest.UnknownAfter(user, "key_types")),
			Check: resource.ComposeTestCheckFunc(works(w), keysOf(w, "ci", "MONITORING"), requests(w, map[string]int{revokeOp: 5})),
		},
	)
}

// Other administrators are refused: the user stays, and the next apply says what is wrong with them.
func TestAccServiceUser_administratorsRefused(t *testing.T) {
	w := server(t)
	w.Sim.AddUser(instaclustrsim.HumanUser{Username: "a.smith", Role: instaclustrsim.ClusterAdmin})
	w.Run(t,
		resource.TestStep{Config: serviceUser("ci", "READ_ONLY", `administrators = ["nobody"]`), ExpectNonEmptyPlan: true, Check: keysOf(w, "ci")},
		resource.TestStep{Config: serviceUser("ci", "READ_ONLY", `administrators = ["nobody"]`), ExpectError: acctest.Words("administrators must be Owners or Cluster Admins of the account")},
		resource.TestStep{Config: serviceUser("ci", "READ_ONLY", `administrators = ["a.smith"]`), Check: requests(w, map[string]int{createOp: 1})},
	)
}

// A key that can't be revoked keeps user and key in state.
func TestAccDestroy_fails(t *testing.T) {
	w, secret := server(t), ""
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "other"})
	config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING")
	w.Run(t,
		resource.TestStep{Config: config, Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{
			PreConfig: func() { w.Sim.Inject(revokeOp, simkit.Fault{StripBody: true}) },
			Config:    serviceUser("ci", "READ_ONLY"), ExpectError: acctest.Words("which some proxies drop"),
		},
		resource.TestStep{ // answered, but not done
			PreConfig: func() { w.Sim.Inject(revokeOp, simkit.Fault{Status: http.StatusOK}) },
			Config:    serviceUser("ci", "READ_ONLY"), ExpectError: acctest.Words("the user still has keys of the types MONITORING"),
		},
		resource.TestStep{ // a key that nobody manages goes with the user, and nobody else's
			PreConfig: func() { w.Sim.AddKey("ci", "PROVISIONING_READONLY"); w.Sim.AddKey("other", "MONITORING") },
			Config:    "# nothing is left",
			Check:     resource.ComposeTestCheckFunc(dead(w, "ci", &secret), keysOf(w, "ci"), keysOf(w, "other", "MONITORING")),
		},
	)
}

// Absences: a key that is gone leaves the state, a user never does by itself.
func TestAccGone(t *testing.T) {
	w := server(t)
	config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING")
	w.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() { w.Sim.RevokeKey("ci", "MONITORING") },
			Config:    config, ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionCreate), Check: works(w),
		},
		resource.TestStep{ // a gateway's 404 is none
			PreConfig: func() {
				w.Sim.Inject(getOp, simkit.Fault{Status: http.StatusNotFound, Body: "<html>"})
				w.Sim.Inject(listOp, simkit.Fault{Status: http.StatusNotFound, Body: "<html>"})
			},
			Config: config, ExpectError: acctest.Words("it seems to come from a proxy"),
		},
		resource.TestStep{
			PreConfig: func() { w.Sim.RemoveServiceUser("ci") },
			Config:    config, ExpectError: acctest.Words("Instaclustr can't delete service users, so most likely the provider signs in to another account"),
		},
		resource.TestStep{
			PreConfig: func() { w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci", Email: "ci@acme.example"}) },
			Config:    serviceUser("ci", "READ_ONLY"),
		},
	)
}

func TestAccWrongCredential(t *testing.T) {
	w := server(t)
	w.Sim.AddUser(instaclustrsim.HumanUser{Username: "reader", Role: instaclustrsim.ReadOnly})
	owner, _ := w.Sim.Owner()
	own := w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "robot", Role: instaclustrsim.Owner, Keys: []string{instaclustrsim.UserManagement}})
	as := func(username, secret string) string {
		return w.With("username", username).With("api_key", secret).Config(serviceUser("ci", "READ_ONLY"))
	}
	const needed = "The API takes a User Management API key of a person who is Owner or Cluster Admin of the account"
	w.Run(t,
		resource.TestStep{Config: as(owner, "wrong"), ExpectError: acctest.Words("401 Unauthorized")},
		resource.TestStep{Config: as(owner, "wrong"), ExpectError: acctest.Words(needed)},
		resource.TestStep{Config: as(owner, w.Sim.AddKey(owner, instaclustrsim.Provisioning)), ExpectError: acctest.Words(needed)},
		resource.TestStep{Config: as("robot", own[instaclustrsim.UserManagement]), ExpectError: acctest.Words("and a key of a service user, whatever its type and role, can't manage service users")},
		resource.TestStep{Config: as("reader", w.Sim.Secret("reader", instaclustrsim.UserManagement)), ExpectError: acctest.Words(needed)},
		resource.TestStep{Config: serviceUser("ci", "READ_ONLY"), ConfigStateChecks: []statecheck.StateCheck{has(user, "role", knownvalue.StringExact("READ_ONLY"))}},
	)
}

// Ctrl-C while a request is under way loses no key, and leaves none open.
func TestAccInterrupted(t *testing.T) {
	w := server(t)
	config := "variable \"release\" {}\n\n" + serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", allow("198.51.100.0/24"), `keepers = { release = var.release }`)
	workspace := w.NewWorkspace(t, config)
	for i, operation := range []string{generateOp, rotateOp} {
		release := fmt.Sprintf("-var=release=%d", i)
		w.Sim.Inject(operation, simkit.Fault{Delay: 4 * time.Second})
		ctx, interrupt := context.WithCancel(context.Background())
		go func(before int) {
			for w.Sim.Count(getOp) == before { // the user is read right before the first key is made, and refreshed before it is rotated
				time.Sleep(10 * time.Millisecond)
			}
			time.Sleep(2500 * time.Millisecond)
			interrupt()
		}(w.Sim.Count(getOp))
		output, _, err := workspace.Run(ctx, "apply", "-auto-approve", release)
		interrupt()
		if !strings.Contains(output, "Interrupt received") {
			t.Fatalf("the CLI was not interrupted (%v):\n%s", err, output)
		}
		secret := w.Sim.Secret("ci", "MONITORING")
		if state := workspace.MustRun(t, 0, "show", "-json"); secret == "" || !strings.Contains(state, secret) {
			t.Fatalf("%s: the state does not hold the key that works", operation)
		}
		if got := w.Sim.AllowList("ci", "MONITORING"); !slices.Equal(got, []string{"198.51.100.0/24"}) {
			t.Errorf("%s: the key is open to %q", operation, got)
		}
		workspace.MustRun(t, 0, "plan", "-detailed-exitcode", release)
	}
	workspace.MustRun(t, 0, "destroy", "-auto-approve", "-var=release=9")
}
