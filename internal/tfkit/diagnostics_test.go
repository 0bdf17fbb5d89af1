package tfkit

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// refusal returns a 400 with the words of the server.
func refusal(message string, fields map[string][]string) *transport.Error {
	return &transport.Error{
		Method: "POST", Path: "/api/things/", Status: 400,
		Problem: transport.Problem{Message: message, Fields: fields},
	}
}

func TestFailure(t *testing.T) {
	attributes := map[string]path.Path{
		"email":    path.Root("email"),
		"customer": path.Root("customer_uuid"),
		"keys":     path.Root("keys").AtListIndex(1),
	}
	bad := map[string][]string{"email": {"Enter a valid email address."}}
	type fields = map[string][]string
	const failed = "Error: Unable to create thing: "

	for _, test := range []struct {
		name    string
		failure Failure // Doing and Attributes are the same in all
		err     error
		want    []string
	}{
		{"a plain error", Failure{}, errors.New("it broke"), []string{failed + "it broke"}},
		{
			"a plain error, subject", Failure{Subject: "abc"}, errors.New("it broke"),
			[]string{failed + "abc: it broke"},
		},
		{
			"a plain error, hint", Failure{Hints: []string{"Mend it."}}, errors.New("it broke"),
			[]string{failed + "it broke\n\nMend it."},
		},
		{
			"a plain error, subject and hint", Failure{Subject: "abc", Hints: []string{"Mend it."}},
			errors.New("it broke"),
			[]string{failed + "abc: it broke\n\nMend it."},
		},
		{
			"a wrapped plain error", Failure{}, fmt.Errorf("while trying: %w", io.ErrUnexpectedEOF),
			[]string{failed + "while trying: unexpected EOF"},
		},

		{
			"no response", Failure{Subject: "abc"},
			&transport.Error{Method: "GET", Path: "/api/things/", Err: errors.New("connection refused")},
			[]string{failed + "abc: GET /api/things/: connection refused"},
		},
		{
			"a status without words", Failure{}, &transport.Error{Method: "GET", Path: "/api/things/", Status: 502},
			[]string{failed + "GET /api/things/: 502 Bad Gateway"},
		},
		{
			"a message", Failure{Hints: []string{"Ask for more."}}, refusal("Maximum reached", nil),
			[]string{failed + "POST /api/things/: 400 Bad Request: Maximum reached\n\nAsk for more."},
		},
		{
			"a message, no fields", Failure{}, refusal("Maximum reached", fields{}),
			[]string{failed + "POST /api/things/: 400 Bad Request: Maximum reached"},
		},
		{
			"a message, wrapped", Failure{Subject: "abc"},
			fmt.Errorf("%w: and here is why", refusal("Maximum reached", nil)),
			[]string{failed + "abc: POST /api/things/: 400 Bad Request: Maximum reached: and here is why"},
		},
		{
			"a message and a cause", Failure{}, &transport.Error{
				Method: "GET", Path: "/api/things/", Status: 200, Err: io.EOF,
				Problem: transport.Problem{Message: "Odd"},
			},
			[]string{failed + "GET /api/things/: 200 OK: Odd; EOF"},
		},

		{
			"a field", Failure{}, refusal("", bad),
			[]string{"Error email: Unable to create thing: Enter a valid email address. (POST /api/things/)"},
		},
		{
			"a field, subject and hint", Failure{Subject: "abc", Hints: []string{"Mend it."}}, refusal("", bad),
			[]string{"Error email: Unable to create thing: abc: Enter a valid email address. (POST /api/things/)\n\n" +
				"Mend it."},
		},
		{
			"a field whose attribute has another name", Failure{}, refusal("", fields{"customer": {"Invalid value."}}),
			[]string{"Error customer_uuid: Unable to create thing: Invalid value. (POST /api/things/)"},
		},
		{
			"a field whose attribute is an element", Failure{}, refusal("", fields{"keys": {"Invalid key."}}),
			[]string{"Error keys[1]: Unable to create thing: Invalid key. (POST /api/things/)"},
		},
		{
			"two messages of a field", Failure{}, refusal("", fields{"email": {"Too long.", "No address."}}),
			[]string{"Error email: Unable to create thing: Too long. No address. (POST /api/things/)"},
		},
		{"two fields, by name", Failure{}, refusal("", fields{"email": {"E."}, "customer": {"C."}}), []string{
			"Error customer_uuid: Unable to create thing: C. (POST /api/things/)",
			"Error email: Unable to create thing: E. (POST /api/things/)",
		}},
		{
			"a field without an attribute", Failure{}, refusal("", fields{"username": {"Taken."}}),
			[]string{failed + "POST /api/things/: 400 Bad Request: username: Taken."},
		},
		{"one of each", Failure{}, refusal("", fields{"email": {"E."}, "username": {"Taken."}}), []string{
			"Error email: Unable to create thing: E. (POST /api/things/)",
			failed + "POST /api/things/: 400 Bad Request: username: Taken.",
		}},
		{"a field and a message", Failure{Hints: []string{"Mend it."}}, refusal("Both are wrong", bad), []string{
			"Error email: Unable to create thing: Enter a valid email address. (POST /api/things/)\n\nMend it.",
			failed + "POST /api/things/: 400 Bad Request: Both are wrong\n\nMend it.",
		}},
		{
			"a field without an attribute, and a message", Failure{},
			refusal("Both are wrong", fields{"username": {"Taken."}}),
			[]string{failed + "POST /api/things/: 400 Bad Request: Both are wrong; username: Taken."},
		},
		{
			"a field, with words around it that must not be lost", Failure{},
			fmt.Errorf("once more: %w", refusal("", bad)),
			[]string{failed + "once more: POST /api/things/: 400 Bad Request: email: Enter a valid email address."},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var before map[string][]string
			var refused *transport.Error
			if errors.As(test.err, &refused) {
				before = maps.Clone(refused.Problem.Fields)
			}
			test.failure.Doing, test.failure.Attributes = "create thing", attributes
			diags := diag.Diagnostics{diag.NewWarningDiagnostic("Before", "it")}
			test.failure.Add(&diags, test.err)
			wantStrings(t, texts(diags), append([]string{"Warning: Before: it"}, test.want...)...)
			if refused != nil && !maps.EqualFunc(before, refused.Problem.Fields, slices.Equal) {
				t.Errorf("the error has changed: %v, before %v", refused.Problem.Fields, before)
			}
		})
	}
}

func TestFailureWithoutAttributes(t *testing.T) {
	var diags diag.Diagnostics
	Failure{Doing: "read thing"}.Add(&diags, refusal("", map[string][]string{"email": {"E."}}))
	wantStrings(t, texts(diags), "Error: Unable to read thing: POST /api/things/: 400 Bad Request: email: E.")
}

// The credential is in no diagnostic, even where a server quotes it.
func TestFailureHidesTheCredential(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(w, "%q", "no entry for "+r.Header.Get("Authorization"))
	}))
	defer server.Close()
	for name, test := range map[string]struct {
		decode func(string) transport.Problem
		want   string
	}{
		"in a message": {func(said string) transport.Problem { return transport.Problem{Message: said} },
			`Error: Unable to read thing: abc: GET /x: 403 Forbidden: "no entry for Token (redacted)": is that so?`},
		"in a field with an attribute": {func(said string) transport.Problem {
			return transport.Problem{Fields: map[string][]string{"email": {said}}}
		}, `Error email: Unable to read thing: abc: "no entry for Token (redacted)" (GET /x)`},
		"in another field": {func(said string) transport.Problem {
			return transport.Problem{Fields: map[string][]string{"username": {said}}}
		}, `Error: Unable to read thing: abc: GET /x: 403 Forbidden: username: "no entry for Token (redacted)"`},
	} {
		t.Run(name, func(t *testing.T) {
			client, err := transport.New(transport.Options{
				Endpoint:      server.URL,
				Credential:    transport.Credential{Header: "Token s3cret", Secret: "s3cret"},
				DecodeProblem: func(body []byte) transport.Problem { return test.decode(string(body)) },
			})
			if err != nil {
				t.Fatal(err)
			}
			_, err = transport.Get[string](t.Context(), client, "/x", nil)
			if test.decode("").Fields == nil {
				err = fmt.Errorf("%w: is that so?", err)
			}
			var diags diag.Diagnostics
			Failure{
				Doing: "read thing", Subject: "abc", Attributes: map[string]path.Path{"email": path.Root("email")},
			}.Add(&diags, err)
			wantStrings(t, texts(diags), test.want)
		})
	}
}

func TestHinted(t *testing.T) {
	refused := refusal("", map[string][]string{"email": {"Taken."}})
	attributes := map[string]path.Path{"email": path.Root("email")}
	for name, test := range map[string]struct {
		err   error
		hints []string
		want  string
	}{
		"no hint":       {errors.New("gone"), nil, "Error: Unable to read it: gone"},
		"of the caller": {errors.New("gone"), []string{"Look."}, "Error: Unable to read it: gone\n\nLook."},
		"of the error": {WithHints(errors.New("gone"), "A.", "B."), nil,
			"Error: Unable to read it: gone\n\nA.\n\nB."},
		"of both": {WithHints(errors.New("gone"), "A."), []string{"Look."},
			"Error: Unable to read it: gone\n\nLook.\n\nA."},
		"wrapped": {fmt.Errorf("no: %w", WithHints(errors.New("gone"), "A.")), nil,
			"Error: Unable to read it: no: gone\n\nA."},
		"a field's error": {WithHints(refused, "A."), nil,
			"Error email: Unable to read it: Taken. (POST /api/things/)\n\nA."},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			Failure{Doing: "read it", Attributes: attributes, Hints: test.hints}.Add(&diags, test.err)
			wantStrings(t, texts(diags), test.want)
		})
	}
}

func TestImportHint(t *testing.T) {
	got := ImportHint("svcacct_waldur_customer_service_account", bare)
	want := strings.Join([]string{
		`If you renamed the resource block, the object is in the state at its old address. Apply again with a moved ` +
			`block:`,
		``,
		`  moved {`,
		`    from = svcacct_waldur_customer_service_account.OLD_NAME`,
		`    to   = svcacct_waldur_customer_service_account.NAME`,
		`  }`,
		``,
		`To manage an object that is in no state, import it, with the address of your resource block after "to":`,
		``,
		`  import {`,
		`    to = svcacct_waldur_customer_service_account.NAME`,
		`    id = "` + bare + `"`,
		`  }`,
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := ImportHint("x", `${file("/x")}/%{if}"`); !strings.Contains(got, `id = "$${file(\"/x\")}/%%{if}\""`) {
		t.Errorf("the id is a template:\n%s", got)
	}
}
