package instaclustr_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
)

func TestAccDataSources(t *testing.T) {
	w := inhabited(t)
	mask := func(username, kind string) string {
		secret := w.Sim.Secret(username, kind)
		return strings.Repeat("•", 27) + secret[len(secret)-5:]
	}
	data := func(typeName string, attributes ...string) string {
		return fmt.Sprintf("data %q \"test\" {\n  %s\n}\n", typeName, strings.Join(attributes, "\n  "))
	}
	at := func(typeName string, path tfjsonpath.Path, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data."+typeName+".test", path, value)
	}
	monitoring := knownvalue.ObjectExact(map[string]knownvalue.Check{
		"id": knownvalue.StringExact("grafana_reader/MONITORING"), "username": knownvalue.StringExact("grafana_reader"), "key_type": knownvalue.StringExact("MONITORING"),
		"masked_key": knownvalue.StringExact(mask("grafana_reader", "MONITORING")), "account": knownvalue.StringExact(w.Sim.Account()),
	})
	w.Run(t,
		resource.TestStep{Config: data(userType, `username = "grafana_reader"`), ConfigStateChecks: []statecheck.StateCheck{
			at(userType, tfjsonpath.New("email"), knownvalue.StringExact("ops+grafana@example.com")),
			at(userType, tfjsonpath.New("allowed_key_types"), texts("MONITORING", "PROVISIONING_READONLY")),
			at(userType, tfjsonpath.New("key_types"), texts("MONITORING", "PROVISIONING_READONLY")),
			at(userType, tfjsonpath.New("api_keys").AtSliceIndex(0), monitoring),
		}},
		resource.TestStep{Config: data(userType + "s"), ConfigStateChecks: []statecheck.StateCheck{
			at(userType+"s", tfjsonpath.New("service_users"), knownvalue.ListSizeExact(3)),
			at(userType+"s", tfjsonpath.New("service_users").AtSliceIndex(1).AtMapKey("username"), knownvalue.StringExact("grafana_reader")),
		}},
		resource.TestStep{Config: data(keyType, `username = "grafana_reader"`, `key_type = "MONITORING"`), ConfigStateChecks: []statecheck.StateCheck{
			at(keyType, tfjsonpath.New("masked_key"), knownvalue.StringExact(mask("grafana_reader", "MONITORING"))),
		}},
		resource.TestStep{Config: data(keyType + "s"), ConfigStateChecks: []statecheck.StateCheck{at(keyType+"s", tfjsonpath.New("api_keys"), knownvalue.ListSizeExact(3))}},
		resource.TestStep{Config: data(keyType+"s", `username = "grafana_reader"`, `key_type = "MONITORING"`), ConfigStateChecks: []statecheck.StateCheck{
			at(keyType+"s", tfjsonpath.New("api_keys"), knownvalue.ListExact([]knownvalue.Check{monitoring})),
		}},
		resource.TestStep{Config: data(userType, `username = "nobody"`), ExpectError: acctest.Words("It is not in the list of service users either")},
		resource.TestStep{Config: data(keyType, `username = "idle"`, `key_type = "MONITORING"`), ExpectError: acctest.Words(`the service user "idle" has no API key of type "MONITORING"`)},
		resource.TestStep{Config: "# nothing"},
	)
}
