package instaclustr

import (
	"net/url"
	"strings"
	"testing"
)

func TestImportID(t *testing.T) {
	const users = "https://api.instaclustr.com/v1/service-users/"
	for pasted, want := range map[string]string{
		"ci": "ci", " ci\n": "ci", "ci/MONITORING": "ci/MONITORING", "\tteam/ci/MONITORING ": "team/ci/MONITORING",
		users + "ci": "ci", users + "ci/": "ci", " " + users + "team%2Fci?x=y ": "team/ci",
		"http://localhost:8080/base/v1/service-users/ci": "ci",
		users + "ci/api-keys/MONITORING":                 "ci/MONITORING",
		users + "ci/api-keys/MONITORING/rotate":          "ci/MONITORING",
		users + "ci/other":                               users + "ci/other",
		"https://api.instaclustr.com/v2/x":               "https://api.instaclustr.com/v2/x",
		"/v1/service-users/ci/":                          "ci",
		" /v1/service-users/ci/api-keys/MONITORING":      "ci/MONITORING",
		"/v2/x": "/v2/x", "v1/service-users/ci": "v1/service-users/ci",
		"ftp://x/v1/service-users/ci": "ftp://x/v1/service-users/ci",
		users + "%zz":                 users + "%zz",
	} {
		if got := importID(pasted); got != want {
			t.Errorf("%q is %q, want %q", pasted, got, want)
		}
	}
}

// An import id of a user's name stays as it is.
func FuzzImportID(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		id := importID(text)
		if !strings.Contains(text, "/v1/service-users/") && id != strings.TrimSpace(text) {
			t.Errorf("%q became %q", text, id)
		}
		address := "https://api.instaclustr.com/v1/service-users/" + url.PathEscape(text)
		if got := importID(address); text != "" && got != text {
			t.Errorf("the address of %q became %q", text, got)
		}
	})
}
