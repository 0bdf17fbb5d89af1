package instaclustr_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
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
