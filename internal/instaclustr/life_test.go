package instaclustr_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

// The whole life of a user and its key, under every value of every option: whatever the service turns out to do, the
// outcome is the same. Each step is followed by a plan that must be empty.
func TestAccLife_matrix(t *testing.T) {
	run := func(name string, options instaclustrsim.Options) {
		t.Run(name, func(t *testing.T) { life(t, acctest.NewInstaclustr(t, options)) })
	}
	run("defaults", instaclustrsim.Options{})
	if testing.Short() {
		return // the options are about the server: another CLI adds nothing
	}
	var first, last instaclustrsim.Options
	for _, option := range instaclustrsim.AllOptions() {
		for _, value := range option.Values {
			var options instaclustrsim.Options
			option.Set(&options, value)
			run(option.Name+"="+value, options)
		}
		option.Set(&first, option.Values[0])
		option.Set(&last, option.Values[len(option.Values)-1])
	}
	run("the first values of all", first)
	run("the last values of all", last)
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
