package instaclustr_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

// The whole life of a user and its key, under every value of every knob: whatever the service turns out to do, the outcome is the same. Each step
// is followed by a plan that must be empty.
func TestAccLife_matrix(t *testing.T) {
	var ran atomic.Int32
	t.Cleanup(func() { t.Logf("%d settings of the service ran", ran.Load()) })
	run := func(name string, set func(*instaclustrsim.Options)) {
		t.Run(name, func(t *testing.T) {
			options := instaclustrsim.Options{}
			set(&options)
			life(t, acctest.NewInstaclustr(t, options))
			ran.Add(1)
		})
	}
	run("defaults", func(*instaclustrsim.Options) {})
	if testing.Short() {
		return // the settings are the service's: one more CLI tells nothing new of them
	}
	for _, knob := range instaclustrsim.Knobs() {
		run(knob.Name, knob.Set)
	}
	// What is neither documented nor likely to matter here, all at once; of what has several values, once the last and once the first.
	run("the last of all assumptions", func(o *instaclustrsim.Options) { setAll(o, instaclustrsim.Assumptions()) })
	run("the first of all assumptions", func(o *instaclustrsim.Options) {
		others := instaclustrsim.Assumptions()
		slices.Reverse(others)
		setAll(o, others)
	})
	run("the last of everything", func(o *instaclustrsim.Options) {
		setAll(o, append(instaclustrsim.Knobs(), instaclustrsim.Assumptions()...))
	})
}

func setAll(o *instaclustrsim.Options, knobs []instaclustrsim.Knob) {
	for _, knob := range knobs {
		knob.Set(o)
	}
}

func life(t *testing.T, w *acctest.Instaclustr) {
	t.Helper()
	w.Sim.AddUser(instaclustrsim.HumanUser{Username: "a.smith", Role: instaclustrsim.ClusterAdmin})
	first := ""
	const name = "ci_pipeline"
	list := allow("198.51.100.9/24", "203.0.113.7/32")
	var at struct{ created, rotated string }
	w.Run(t,
		resource.TestStep{
			Config: serviceUser(name, "CLUSTER_ADMIN") + apiKey("PROVISIONING", list, keepers("1")),
			Check: resource.ComposeTestCheckFunc(restricted(w), keysOf(w, name, "PROVISIONING"), acctest.Remember(key, "api_key", &first), acctest.Remember(key, "rotated_at", &at.created),
				requests(w, map[string]int{createOp: 1, generateOp: 1, rotateOp: 0})),
			ConfigStateChecks: []statecheck.StateCheck{
				has(user, "id", knownvalue.StringExact(name)), has(user, "administrators", texts(w.Settings["username"])),
				has(user, "allowed_key_types", texts("MONITORING", "PROVISIONING", "PROVISIONING_READONLY", "USER_MANAGEMENT")),
				has(key, "id", knownvalue.StringExact(name+"/PROVISIONING")), has(key, "expires_at", knownvalue.Null()),
				has(key, "effective_cidr_allow_list", texts("198.51.100.0/24", "203.0.113.7/32")),
				has(key, "cidr_allow_list", texts("198.51.100.9/24", "203.0.113.7/32")),
			},
		},
		resource.TestStep{ // the user changes, the key does not
			Config:           serviceUser(name, "OWNER", `display_name = "CI pipeline"`, `administrators = ["a.smith"]`) + apiKey("PROVISIONING", list, keepers("1")),
			ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionNoop),
			Check: resource.ComposeTestCheckFunc(restricted(w), acctest.Unchanged(key, "api_key", &first), func(*terraform.State) error {
				if found, _ := w.Sim.ServiceUser(name); len(found.Administrators) != 2 || found.DisplayName != "CI pipeline" || found.Role != "OWNER" {
					return fmt.Errorf("the server has %+v", found)
				}
				return nil
			}),
		},
		resource.TestStep{
			Config:           serviceUser(name, "OWNER", `display_name = "CI pipeline"`, `administrators = ["a.smith"]`) + apiKey("PROVISIONING", list, keepers("2")),
			ConfigPlanChecks: rotates(),
			Check:            resource.ComposeTestCheckFunc(restricted(w), dead(w, name, &first), acctest.Remember(key, "rotated_at", &at.rotated), requests(w, map[string]int{rotateOp: 1})),
		},
		resource.TestStep{ // role and key go down in one apply
			Config: serviceUser(name, "READ_ONLY", `administrators = ["a.smith"]`) + apiKey("MONITORING", allow("198.51.100.0/24")),
			Check:  resource.ComposeTestCheckFunc(restricted(w), keysOf(w, name, "MONITORING")),
		},
		resource.TestStep{ // and up again
			Config: serviceUser(name, "CLUSTER_ADMIN") + apiKey("PROVISIONING", allow("198.51.100.0/24")),
			Check:  resource.ComposeTestCheckFunc(restricted(w), keysOf(w, name, "PROVISIONING"), acctest.Remember(key, "api_key", &first)),
		},
		resource.TestStep{ // a server that keeps the name, without a key
			Config: "# nothing is left",
			Check:  resource.ComposeTestCheckFunc(dead(w, name, &first), keysOf(w, name)),
		},
	)
}
