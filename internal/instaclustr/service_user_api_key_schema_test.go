package instaclustr_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

// A type that is not known is the server's to judge: with a user that exists its list of types decides, at plan.
func TestAccAPIKey_unknownType(t *testing.T) {
	w := server(t)
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "robot", Role: instaclustrsim.ReadOnly})
	w.Run(t,
		resource.TestStep{Config: serviceUser("ci", "READ_ONLY") + apiKey("PROMETHEUS"), PlanOnly: true, ExpectNonEmptyPlan: true},
		resource.TestStep{Config: apiKeyOf("robot", "PROMETHEUS"), PlanOnly: true, ExpectError: acctest.Words("the role READ_ONLY of robot allows no API key of type PROMETHEUS")},
		resource.TestStep{Config: apiKeyOf("robot", "PROVISIONING"), PlanOnly: true, ExpectError: acctest.Words("the role READ_ONLY of robot allows no API key of type PROVISIONING")},
		resource.TestStep{Config: apiKeyOf("robot", "MONITORING")},
	)
}

// Elements that are not known at plan, and a list that the server refuses.
func TestAccAPIKey_unknownAllowList(t *testing.T) {
	w := server(t)
	config := func(prefix string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"net\" {\n  input = %q\n}\n", prefix) + serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", `cidr_allow_list = [terraform_data.net.output]`)
	}
	w.Run(t,
		resource.TestStep{Config: config("198.51.100.0/24"), Check: restricted(w)},
		resource.TestStep{Config: config("198.51.100.1/24"), Check: resource.ComposeTestCheckFunc(restricted(w), requests(w, map[string]int{restrictOp: 1}))},
		resource.TestStep{Config: config("2001:db8::/32"), ExpectError: acctest.Words("which is not IPv4")},
		resource.TestStep{Config: config("198.51.100.0/24"), Check: restricted(w)},
	)
}
