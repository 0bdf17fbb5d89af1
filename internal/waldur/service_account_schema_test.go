package waldur_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// Errors that the configuration shows are reported at plan, on the attribute, before any request.
func TestAccServiceAccount_invalid(t *testing.T) {
	const name, scope = `preferred_identifier = "bot"`, `%s_uuid = "7c1e0f4b92d84f5aa1c6e6f20b8d3a91"`
	cases := map[string]struct {
		attributes []string
		words      string
	}{
		"malformed uuid": {[]string{`%s_uuid = "7c1e0f4b"`, name}, `%s_uuid must be a UUID`},
		"uuid that is a URL": {
			[]string{`%s_uuid = "https://waldur.example.org/api/customers/7c1e0f4b92d84f5aa1c6e6f20b8d3a91/"`, name},
			`%s_uuid must be a UUID`,
		},
		"identifier too long": {[]string{scope, `preferred_identifier = "` + strings.Repeat("x", 33) + `"`},
			`Attribute preferred_identifier UTF-8 character count must be at most 32`},
		"identifier empty": {[]string{scope, `preferred_identifier = ""`},
			`preferred_identifier must have 1 to 32 characters`},
		"identifier padded": {[]string{scope, `preferred_identifier = "bot "`},
			`preferred_identifier must not begin or end with white space`},
		"identifier padded wide": {[]string{scope, "preferred_identifier = \"bot\\u00a0\""},
			`preferred_identifier must not begin or end with white space`},
		"identifier missing": {[]string{scope}, `The argument "preferred_identifier" is required`},
		"no e-mail address": {[]string{scope, name, `email = "nobody"`},
			`email must be an e-mail address`},
		"e-mail address empty": {[]string{scope, name, `email = ""`},
			`email must be an e-mail address`},
		"no duration": {[]string{scope, name, `rotate_after = "90 days"`}, `rotate_after = "90 days"`},
		"no duration before expiry": {[]string{scope, name, `rotate_before_expiry = "soon"`},
			`rotate_before_expiry = "soon"`},
		"negative duration": {[]string{scope, name, `rotate_after = "-24h"`}, `rotate_after must be`},
		"zero duration": {[]string{scope, name, `rotate_before_expiry = "0s"`},
			`rotate_before_expiry must be`},
		"overlap, which can't be": {[]string{scope, name, `overlap = "24h"`},
			`overlap can't be set: a Waldur service account has one key`},
		"computed attribute written": {[]string{scope, name, `username = "mine"`}, `username = "mine"`},
	}
	for caseName, c := range cases {
		t.Run(caseName, func(t *testing.T) {
			eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
				body := strings.Join(c.attributes, "\n  ")
				words := c.words
				if strings.Contains(body, "%s") {
					body = fmt.Sprintf(body, k.scope)
				}
				if strings.Contains(words, "%s") {
					words = fmt.Sprintf(words, k.scope)
				}
				w.Run(t, resource.TestStep{
					Config:   fmt.Sprintf("resource %q \"test\" {\n  %s\n}\n", k.typeName(), body),
					PlanOnly: true, ExpectError: acctest.Words(words),
				})
				if w.Sim != nil && len(w.Sim.Requests()) > 0 {
					t.Errorf("%d requests were sent, want none", len(w.Sim.Requests()))
				}
			})
		})
	}
}

// A refusal that only the server can decide is an error on the attribute that the server names.
func TestAccServiceAccount_refusedByServer(t *testing.T) {
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		unknown := fmt.Sprintf("resource %q \"test\" {\n  %s_uuid = %q\n  preferred_identifier = \"bot\"\n}\n",
			k.typeName(), k.scope, strings.Repeat("0", 32))
		words := acctest.Words(fmt.Sprintf("in resource %q \"test\":", k.typeName())).String() +
			fmt.Sprintf(`[\s│]+\d+: +%s_uuid =`, k.scope)
		if k.scope == "project" { // the token would not see an account there, and so the create is not sent
			words = acctest.Words("If there is no project " + strings.Repeat("0", 32) +
				", correct project_uuid.").String()
		}
		w.Run(t, resource.TestStep{Config: unknown, ExpectError: regexp.MustCompile(words)})
	})
}
