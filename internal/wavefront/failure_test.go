package wavefront

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// messages writes diagnostics as "Severity path: summary: detail".
func messages(diags diag.Diagnostics) []string {
	all := []string{}
	for _, d := range diags {
		text := d.Severity().String()
		if located, ok := d.(diag.DiagnosticWithPath); ok {
			text += " " + located.Path().String()
		}
		all = append(all, text+": "+d.Summary()+": "+d.Detail())
	}
	return all
}

// wantMessages checks all diagnostics, each by its beginning.
func wantMessages(t *testing.T, got diag.Diagnostics, want ...string) {
	t.Helper()
	if !slices.EqualFunc(messages(got), want, strings.HasPrefix) {
		t.Errorf("got  %s\nwant %s", strings.Join(messages(got), "\n     "), strings.Join(want, "\n     "))
	}
}

func ptr[T any](value T) *T { return &value }

func wantEqual(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// wantError checks the whole text of an error; "": none.
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("error\n got %q\nwant %q", got, want)
	}
}

func TestFail(t *testing.T) {
	const prefix = "Error: Unable to read it: sa::ci: "
	status := func(code int) error { return &transport.Error{Method: "GET", Path: "/p", Status: code} }
	hinted := tfkit.WithHints(errors.New("taken"), "Import it.", "Or rename it.")
	for name, test := range map[string]struct {
		err   error
		hints []string
		want  string
	}{
		"no hint":      {errors.New("gone"), nil, prefix + "gone"},
		"a hint":       {errors.New("gone"), []string{"Look."}, prefix + "gone\n\nLook."},
		"of the error": {hinted, nil, prefix + "taken\n\nImport it.\n\nOr rename it."},
		"of both":      {hinted, []string{"Look."}, prefix + "taken\n\nLook.\n\nImport it.\n\nOr rename it."},
		"wrapped":      {fmt.Errorf("no: %w", hinted), nil, prefix + "no: taken\n\nImport it."},
		"unauthorized": {
			status(http.StatusUnauthorized), nil,
			prefix + "GET /p: 401 Unauthorized\n\nThe token, from wavefront.token or wavefront.token_file in the " +
				"provider block or the environment variable WAVEFRONT_TOKEN or WAVEFRONT_TOKEN_FILE, is wrong or " +
				"revoked",
		},
		"forbidden": {
			status(http.StatusForbidden), nil,
			prefix + "GET /p: 403 Forbidden\n\nThe token's account needs the permission user_management",
		},
		"another refusal": {status(http.StatusBadRequest), nil, prefix + "GET /p: 400 Bad Request"},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			fail(&diags, "read it", "sa::ci", test.err, test.hints...)
			wantMessages(t, diags, test.want)
		})
	}
	if got := tfkit.HintsOf(hinted); !slices.Equal(got, []string{"Import it.", "Or rename it."}) {
		t.Errorf("the hints of the error are %q now", got)
	}
}
