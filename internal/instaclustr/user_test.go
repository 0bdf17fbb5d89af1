package instaclustr_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

// What configuration can decide fails at plan, on the attribute, before anything is sent.
func TestAccInvalid(t *testing.T) {
	ofUser := func(username, email, role string, more ...string) string {
		return fmt.Sprintf("resource %q \"test\" {\n  username = %q\n  email = %q\n  role = %q\n  %s\n}\n", userType, username, email, role, strings.Join(more, "\n  "))
	}
	const mail = "ci@acme.example"
	for name, test := range map[string]struct{ config, words string }{
		"role":                    {ofUser("ci", mail, "ADMIN"), `Attribute role value must be one of`},
		"role in lower case":      {ofUser("ci", mail, "read_only"), `Attribute role value must be one of`},
		"e-mail address":          {ofUser("ci", "ci.acme.example", "OWNER"), `email must be an e-mail address such as`},
		"user name with a colon":  {ofUser("c:i", mail, "OWNER"), `username must not contain a colon`},
		"user name of dots":       {ofUser("..", mail, "OWNER"), `Attribute username value must be none of`},
		"empty user name":         {ofUser("", mail, "OWNER"), `Attribute username string length must be at least 1`},
		"no administrators":       {ofUser("ci", mail, "OWNER", `administrators = []`), `Attribute administrators set must contain at least 1 elements`},
		"initial keys":            {ofUser("ci", mail, "OWNER", `initial_api_keys = "rotate"`), `Attribute initial_api_keys value must be one of`},
		"bad CIDR":                {apiKeyOf("ci", "MONITORING", allow("198.51.100.0/33")), `cidr_allow_list[Value("198.51.100.0/33")] must be an address, a slash and the length of a prefix`},
		"address without length":  {apiKeyOf("ci", "MONITORING", allow("198.51.100.7")), `such as 198.51.100.0/24, 203.0.113.7/32`},
		"empty allow list":        {apiKeyOf("ci", "MONITORING", `cidr_allow_list = []`), `Attribute cidr_allow_list set must contain at least 1 elements`},
		"overlap":                 {apiKeyOf("ci", "MONITORING", `overlap = "24h"`), `overlap can't be set: a service user of Instaclustr has one key of a type`},
		"rotation before expiry":  {apiKeyOf("ci", "MONITORING", `rotate_before_expiry = "24h"`), `rotate_before_expiry can't be set: keys of Instaclustr don't end by themselves`},
		"type with a slash":       {apiKeyOf("ci", "MONITORING/X"), `key_type must not contain a slash`},
		"type of the wrong role":  {serviceUser("ci", "READ_ONLY") + apiKey("PROVISIONING"), `key_type = "PROVISIONING" the role READ_ONLY of ci allows no API key of type PROVISIONING`},
		"computed attribute":      {ofUser("ci", mail, "OWNER", `key_types = ["MONITORING"]`), `key_types`},
		"duration of a rotation":  {apiKeyOf("ci", "MONITORING", `rotate_after = "90 days"`), `rotate_after = "90 days"`},
		"padded display name":     {ofUser("ci", mail, "OWNER", `display_name = " CI"`), `display_name must not begin or end with white space`},
		"padded administrator":    {ofUser("ci", mail, "OWNER", `administrators = ["a "]`), `must not begin or end with white space`},
		"list as user":            {apiKeyOf("", "MONITORING"), `Attribute username string length must be at least 1`},
		"data source, user name":  {"data \"" + userType + "\" \"x\" {\n  username = \"a:b\"\n}\n", `username must not contain a colon`},
		"data source, empty type": {"data \"" + keyType + "s\" \"x\" {\n  key_type = \"\"\n}\n", `Attribute key_type string length must be at least 1`},
	} {
		t.Run(name, func(t *testing.T) {
			w := server(t)
			words := strings.Replace(test.words, `key_type = "PROVISIONING" the role`, `the role`, 1)
			w.Run(t, resource.TestStep{Config: test.config, PlanOnly: true, ExpectError: acctest.Words(words)})
			for _, sent := range w.Sim.Requests() {
				if sent.Operation != listOp { // is the name taken?
					t.Errorf("%s %s was sent", sent.Method, sent.Path)
				}
			}
		})
	}
}

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

// Without a display name and administrators, what the service chooses stays, and somebody else's changes are not undone.
func TestAccServiceUser_minimal(t *testing.T) {
	w := server(t)
	w.Sim.AddUser(instaclustrsim.HumanUser{Username: "a.smith", Role: instaclustrsim.ClusterAdmin})
	w.Run(t,
		resource.TestStep{
			Config: serviceUser("ci", "READ_ONLY"),
			ConfigStateChecks: []statecheck.StateCheck{has(user, "display_name", knownvalue.StringExact("ci")), has(user, "administrators", texts("j.doe")),
				has(user, "key_types", texts()), has(user, "initial_api_keys", knownvalue.StringExact("revoke"))},
			Check: requests(w, map[string]int{createOp: 1, revokeOp: 2, updateOp: 0}),
		},
		resource.TestStep{
			PreConfig: func() { w.Sim.SetDisplayName("ci", "by hand"); w.Sim.SetAdministrators("ci", "j.doe", "a.smith") },
			Config:    serviceUser("ci", "READ_ONLY"), ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionNoop),
			ConfigStateChecks: []statecheck.StateCheck{has(user, "display_name", knownvalue.StringExact("by hand")), has(user, "administrators", texts("a.smith", "j.doe"))},
		},
		resource.TestStep{ // another spelling of the address is no change
			Config:           strings.Replace(serviceUser("ci", "READ_ONLY"), "ci@acme.example", "CI@acme.example", 1),
			ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionNoop),
		},
	)
}

// The person who made the user stays an administrator, unless told otherwise; drift of the others shows.
func TestAccServiceUser_administrators(t *testing.T) {
	w := server(t)
	for _, name := range []string{"a.smith", "b.jones"} {
		w.Sim.AddUser(instaclustrsim.HumanUser{Username: name, Role: instaclustrsim.ClusterAdmin})
	}
	administered := func(want ...string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			if found, _ := w.Sim.ServiceUser("ci"); strings.Join(found.Administrators, " ") != strings.Join(want, " ") {
				return fmt.Errorf("the administrators are %q, want %q", found.Administrators, want)
			}
			return nil
		}
	}
	config := func(more ...string) string { return serviceUser("ci", "READ_ONLY", more...) }
	w.Run(t,
		resource.TestStep{Config: config(`administrators = ["a.smith"]`), Check: administered("a.smith", "j.doe")},
		resource.TestStep{
			PreConfig: func() { w.Sim.SetAdministrators("ci", "j.doe", "b.jones") },
			Config:    config(`administrators = ["a.smith"]`), ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionUpdate), Check: administered("a.smith", "j.doe"),
		},
		resource.TestStep{Config: config(`administrators = ["a.smith", "b.jones"]`), Check: administered("a.smith", "b.jones", "j.doe")},
		resource.TestStep{Config: config(`administrators = ["a.smith"]`, `allow_self_lockout = true`), Check: administered("a.smith")},
		resource.TestStep{Config: config(`administrators = ["a.smith", "j.doe"]`), Check: administered("a.smith", "j.doe")},
		resource.TestStep{ // now listed, and not known as the one who made the user any more
			Config: config(`administrators = ["a.smith"]`), PlanOnly: true, ExpectError: acctest.Words(`The administrators would not include "j.doe" any more`),
		},
		resource.TestStep{Config: config(), ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionNoop), Check: administered("a.smith", "j.doe")},
	)
}

func TestAccServiceUser_import(t *testing.T) {
	w := server(t)
	keys := w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci", Email: "CI@acme.example", DisplayName: "CI", Role: "CLUSTER_ADMIN", Keys: []string{"MONITORING"}})
	block := "import {\n  to = " + user + "\n  id = \"ci\"\n}\n"
	alive := func(*terraform.State) error {
		if !w.Sim.KeyAlive("ci", keys["MONITORING"]) {
			return fmt.Errorf("the import killed a key")
		}
		return nil
	}
	w.Run(t,
		resource.TestStep{Config: strings.Replace(block, `"ci"`, `"nobody"`, 1) + serviceUser("nobody", "READ_ONLY"), ExpectError: acctest.Words("It is not in the list of service users either")},
		resource.TestStep{
			Config: block + serviceUser("ci", "CLUSTER_ADMIN"), ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionNoop), Check: alive,
			ConfigStateChecks: []statecheck.StateCheck{has(user, "key_types", texts("MONITORING")), has(user, "administrators", texts("j.doe"))},
		},
		resource.TestStep{ResourceName: user, ImportState: true, ImportStateId: "ci", ImportStateVerify: true},
		resource.TestStep{Config: serviceUser("ci", "CLUSTER_ADMIN", `display_name = "Builds"`), Check: alive},
	)
}

func TestAccImport_identity(t *testing.T) {
	w := server(t)
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci", Email: "ci@acme.example", Role: "CLUSTER_ADMIN", Keys: []string{"MONITORING"}})
	w.RunFrom(t, tfversion.Version1_12_0, resource.TestStep{
		Config: "import {\n  to = " + user + "\n  identity = { username = \"ci\" }\n}\nimport {\n  to = " + key + "\n  identity = {\n    username = \"ci\"\n    key_type = \"MONITORING\"\n  }\n}\n" +
			serviceUser("ci", "CLUSTER_ADMIN") + apiKey("MONITORING"),
		ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionNoop),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectIdentity(user, map[string]knownvalue.Check{"username": knownvalue.StringExact("ci")}),
			statecheck.ExpectIdentity(key, map[string]knownvalue.Check{"username": knownvalue.StringExact("ci"), "key_type": knownvalue.StringExact("MONITORING")}),
		},
	})
}

// The name exists, or the address does: nothing is sent, and the error says how to import it.
func TestAccServiceUser_exists(t *testing.T) {
	w := server(t)
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci", Email: "CI@acme.example", Keys: []string{"MONITORING"}})
	elsewhere := w.Sim.AddAccount()
	w.Sim.AddUser(instaclustrsim.HumanUser{Account: elsewhere, Username: "foreigner"})
	w.Run(t,
		resource.TestStep{Config: serviceUser("ci", "READ_ONLY"), ExpectError: acctest.Words(`import { to = ` + userType + `.NAME id = "ci" }`)},
		resource.TestStep{Config: strings.Replace(serviceUser("ci2", "READ_ONLY"), "ci2@", "ci@", 1), ExpectError: acctest.Words(`belongs to the service user "ci"`)},
		resource.TestStep{Config: serviceUser("foreigner", "READ_ONLY"), ExpectError: acctest.Words("those of a service user are never free again")},
		resource.TestStep{Config: "# nothing", Check: requests(w, map[string]int{createOp: 1, revokeOp: 0})},
	)
}

// A key that stays in the configuration is an error; one that nobody manages ends with the role, as the plan says.
func TestAccServiceUser_stranded(t *testing.T) {
	for _, value := range []string{"", "keep", "refuse"} {
		t.Run("OnDowngrade="+value, func(t *testing.T) {
			w := acctest.NewInstaclustr(t, instaclustrsim.Options{OnDowngrade: value})
			w.Run(t,
				resource.TestStep{Config: serviceUser("ci", "CLUSTER_ADMIN") + apiKey("PROVISIONING")},
				resource.TestStep{Config: serviceUser("ci", "READ_ONLY") + apiKey("PROVISIONING"), PlanOnly: true, ExpectError: acctest.Words("API key type not allowed")},
				resource.TestStep{
					PreConfig:        func() { w.Sim.AddKey("ci", "USER_MANAGEMENT"); w.Sim.AddKey("ci", "MONITORING") },
					Config:           serviceUser("ci", "READ_ONLY"),
					ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionUpdate, acctest.UnknownAfter(user, "allowed_key_types", "key_types")),
					Check:            keysOf(w, "ci", "MONITORING"),
				},
			)
		})
	}
}

// One user goes down and loses its key, another one goes up and gets one, in one apply, whatever the service does about the keys.
func TestAccServiceUser_rolesDownAndUp(t *testing.T) {
	other := func(config string) string {
		return strings.NewReplacer(`"test"`, `"other"`, userType+".test", userType+".other").Replace(config)
	}
	for _, value := range []string{"", "keep", "refuse"} {
		t.Run("OnDowngrade="+value, func(t *testing.T) {
			w := acctest.NewInstaclustr(t, instaclustrsim.Options{OnDowngrade: value})
			down, up := serviceUser("down", "READ_ONLY"), other(serviceUser("up", "CLUSTER_ADMIN")+apiKey("PROVISIONING"))
			w.Run(t,
				resource.TestStep{
					Config: serviceUser("down", "CLUSTER_ADMIN") + apiKey("PROVISIONING") + other(serviceUser("up", "READ_ONLY")),
					Check:  resource.ComposeTestCheckFunc(keysOf(w, "down", "PROVISIONING"), keysOf(w, "up")),
				},
				resource.TestStep{Config: down + up, Check: resource.ComposeTestCheckFunc(keysOf(w, "down"), keysOf(w, "up", "PROVISIONING"))},
			)
		})
	}
}

// The revocation of a key that a lowered role leaves fails: the next apply revokes it.
func TestAccServiceUser_strandedStays(t *testing.T) {
	w := acctest.NewInstaclustr(t, instaclustrsim.Options{OnDowngrade: "keep"})
	w.Run(t,
		resource.TestStep{Config: serviceUser("ci", "CLUSTER_ADMIN")},
		resource.TestStep{
			PreConfig: func() { w.Sim.AddKey("ci", "PROVISIONING"); w.Sim.Inject(revokeOp, broken) },
			Config:    serviceUser("ci", "READ_ONLY"), ExpectError: acctest.Words("keys of the types PROVISIONING are still there"),
		},
		resource.TestStep{Config: serviceUser("ci", "READ_ONLY"), ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionUpdate), Check: keysOf(w, "ci")},
	)
}

// Changing what can't be changed makes another user, and leaves the old one behind without keys.
func TestAccServiceUser_replaced(t *testing.T) {
	w := server(t)
	w.Run(t,
		resource.TestStep{Config: serviceUser("ci", "READ_ONLY", `initial_api_keys = "keep"`), Check: keysOf(w, "ci", "MONITORING", "PROVISIONING_READONLY")},
		resource.TestStep{
			Config: serviceUser("ci2", "READ_ONLY"), ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionReplace),
			Check: resource.ComposeTestCheckFunc(keysOf(w, "ci"), keysOf(w, "ci2")),
		},
	)
}
