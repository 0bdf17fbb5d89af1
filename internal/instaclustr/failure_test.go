package instaclustr

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

func TestHints(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		words  []string
	}{
		"401":             {401, "", []string{"IC_USERNAME", "IC_API_KEY", credentialHint}},
		"403":             {403, forbidden, []string{credentialHint, "also be an administrator of the service user"}},
		"a page with 401": {401, "<html>Sign in</html>", nil},
		"a page with 403": {403, "<html>No</html>", nil},
		"a body that was dropped": {
			400, `{"resource": "resource cannot be null."}`, []string{"configure an exception from the proxy"},
		},
		"anything else": {400, `{"username": "no"}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := scripted(t, step{"GET /ci", test.status, test.body}).users().get(t.Context(), "ci")
			got := strings.Join(hintsOn(err, "first"), "\n\n")
			if !strings.HasPrefix(got, "first") || test.words == nil && got != "first" {
				t.Errorf("the hint is %q", got)
			}
			for _, words := range test.words {
				if !strings.Contains(got, words) {
					t.Errorf("the hint is %q, want %q", got, words)
				}
			}
		})
	}
	own := tfkit.WithHints(errors.New("x"), "own", "more")
	if got := hintOn(fmt.Errorf("wrapped: %w", own)); got != "own\n\nmore" {
		t.Errorf("the hints are %q", got)
	}
}

// A refused field is reported on its attribute, also if the error has hints.
func TestRefusedFields(t *testing.T) {
	for field, attribute := range map[string]string{
		"username": "username", "email": "email", "profile": "role", "displayName": "display_name",
		"administrators": "administrators", "apiKeyType": "key_type", "cidrAllowList": "cidr_allow_list",
	} {
		body := fmt.Sprintf(`{%q: "not this"}`, field)
		_, err := scripted(t, step{"GET /ci", 400, body}).users().get(t.Context(), "ci")
		var diags diag.Diagnostics
		failServiceUser(&diags, "update", "ci", err)
		failAPIKey(&diags, "create", "ci/X", tfkit.WithHints(err, "try that"))
		if len(diags) != 2 {
			t.Fatalf("%s: %v", field, diags)
		}
		for _, d := range diags {
			located, ok := d.(diag.DiagnosticWithPath)
			if !ok || !located.Path().Equal(path.Root(attribute)) || !strings.Contains(d.Detail(), "not this") {
				t.Errorf("%s: %v", field, d)
			}
		}
		if !strings.HasSuffix(diags[1].Detail(), "try that") || !strings.HasPrefix(diags[1].Detail(), "ci/X: ") {
			t.Errorf("%s: %s", field, diags[1].Detail())
		}
	}
}
