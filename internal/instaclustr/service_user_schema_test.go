package instaclustr_test

import (
	"fmt"
	"strings"
	"testing"
)

// Errors that the configuration shows are reported at plan, on the attribute, before any request.
func TestAccServiceUser_invalid(t *testing.T) {
	ofUser := func(username, email, role string, more ...string) string {
		const block = "resource %q \"test\" {\n  username = %q\n  email = %q\n  role = %q\n  %s\n}\n"
		return fmt.Sprintf(block, userType, username, email, role, strings.Join(more, "\n  "))
	}
	valid := func(attribute string) string { return ofUser("ci", "ci@acme.example", "OWNER", attribute) }
	const mail = "ci@acme.example"
	for name, test := range map[string]struct{ config, words string }{
		"role":                   {ofUser("ci", mail, "ADMIN"), `Attribute role value must be one of`},
		"role in lower case":     {ofUser("ci", mail, "read_only"), `Attribute role value must be one of`},
		"e-mail address":         {ofUser("ci", "ci.acme.example", "OWNER"), `email must be an e-mail address such as`},
		"user name with a colon": {ofUser("c:i", mail, "OWNER"), `username must not contain a colon`},
		"user name of dots":      {ofUser("..", mail, "OWNER"), `Attribute username value must be none of`},
		"empty user name":        {ofUser("", mail, "OWNER"), `Attribute username string length must be at least 1`},
		"padded user name":       {ofUser("ci ", mail, "OWNER"), `username must not begin or end with white space`},
		"no administrators": {
			valid(`administrators = []`), `Attribute administrators set must contain at least 1 elements`,
		},
		"empty administrator":  {valid(`administrators = [""]`), `string length must be at least 1`},
		"padded administrator": {valid(`administrators = ["a "]`), `must not begin or end with white space`},
		"initial keys": {
			valid(`initial_api_keys = "rotate"`), `Attribute initial_api_keys value must be one of`,
		},
		"computed attribute": {valid(`key_types = ["MONITORING"]`), `key_types`},
		"empty display name": {
			valid(`display_name = ""`), `Attribute display_name string length must be at least 1`,
		},
		"padded display name": {
			valid(`display_name = " CI"`), `display_name must not begin or end with white space`,
		},
		"data source": {dataSource(userType, `username = "a:b"`), `username must not contain a colon`},
	} {
		t.Run(name, func(t *testing.T) { invalid(t, test.config, test.words) })
	}
}
