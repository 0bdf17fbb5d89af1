package waldur_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestAccRobotAccount_invalid(t *testing.T) {
	const place, kind = `resource_uuid = "b20d5c6e8fa14b7f9e31c7d84a60f2e5"`, `type = "x"`
	cases := map[string]struct {
		attributes []string
		words      string
	}{
		"resource": {[]string{`resource_uuid = "x"`, kind}, `resource_uuid must be a UUID`},
		"type too long": {[]string{place, `type = "robots"`},
			`Attribute type UTF-8 character count must be between 1 and 5`},
		"type empty": {[]string{place, `type = ""`},
			`Attribute type UTF-8 character count must be between 1 and 5`},
		"username too long": {[]string{place, kind, `username = "` + strings.Repeat("x", 33) + `"`},
			`Attribute username UTF-8 character count must be at most 32`},
		"user": {[]string{place, kind, `users = ["ada"]`}, `users[Value("ada")] must be a UUID`},
		"responsible user": {[]string{place, kind, `responsible_user = "ada"`},
			`responsible_user must be a UUID`},
		"key": {[]string{place, kind, fmt.Sprintf("keys = [%q, \"ssh-rsa AAAA\"]", robotKey)},
			`keys[1] must be one SSH public key`},
		"one user in two spellings": {[]string{place, kind,
			`users = ["b20d5c6e8fa14b7f9e31c7d84a60f2e5", "b20d5c6e-8fa1-4b7f-9e31-c7d84a60f2e5"]`}, `has the UUID`},
		"username padded": {[]string{place, kind, `username = "deploy "`},
			`username must not begin or end with white space`},
		"private key, then a key": {[]string{place, kind,
			"keys = [\"-----BEGIN OPENSSH PRIVATE KEY-----\\n" + robotKey + "\"]"},
			`keys[0] must be one SSH public key`},
		"null among keys": {[]string{place, kind, `keys = [null]`}, `null value`},
		"key with options": {[]string{place, kind, `keys = ["no-pty ` + robotKey + `"]`},
			`keys[0] must be one SSH public key`},
		"private key": {[]string{place, kind, `keys = ["-----BEGIN OPENSSH PRIVATE KEY-----"]`},
			`keys[0] must be one SSH public key`},
		"state": {[]string{place, kind, `state = "Broken"`},
			`Attribute state value must be one of`},
		"state that is behind": {[]string{place, kind, `state = "Creating"`}, `A new account is "OK" at once`},
		"message without its state": {[]string{place, kind, `error_message = "no"`},
			`error_message can be set only together with state`},
		"deletion mode": {[]string{place, kind, `deletion_mode = "maybe"`},
			`Attribute deletion_mode value must be one of`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := acctest.NewWaldur(t, waldursim.Options{})
			w.Run(t, resource.TestStep{
				Config: fmt.Sprintf("resource \"svcacct_waldur_robot_account\" \"test\" {\n  %s\n}\n",
					strings.Join(c.attributes, "\n  ")),
				PlanOnly: true, ExpectError: acctest.Words(c.words),
			})
			if w.Sim != nil && len(w.Sim.Requests()) > 0 {
				t.Errorf("%d requests were sent, want none", len(w.Sim.Requests()))
			}
		})
	}
}
