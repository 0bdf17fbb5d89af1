package waldursim_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestBodyForms(t *testing.T) {
	w := newWorld(t)
	path := w.robot(waldursim.RobotAccount{})
	for _, test := range []struct {
		kind, body string
		status     int
		detail     string // its start
	}{
		{"application/json", `{"description": "d"}`, 200, ""},
		{"application/json; charset=utf-8", `{"description": "d", "nonsense": 1}`, 200, ""},
		{"text/plain", "", 200, ""}, // without a body the type does not matter
		{"text/plain", "{}", 415, `Unsupported media type "text/plain" in request.`},
		{"application/json", `{"description": `, 400, "JSON parse error - "},
		{"application/json", "[]", 400, ""},
	} {
		header := http.Header{"Authorization": {"Token " + w.tokens["provider"]}, "Content-Type": {test.kind}}
		r := w.Send("PATCH", path, header, test.body).Want(test.status)
		if detail, _ := r.Object()["detail"].(string); !strings.HasPrefix(detail, test.detail) {
			t.Errorf("%s %q: detail %q", test.kind, test.body, detail)
		}
	}
}

func TestTextFields(t *testing.T) {
	const noMail = "Enter a valid email address."
	most := func(characters string) string {
		return "Ensure this field has no more than " + characters + " characters."
	}
	long := strings.Repeat("õ", 33)
	at := "@acme.example"
	tests := []struct {
		field string
		value any
		want  any // the text that is stored; with a status of 400, the faults
		code  int
	}{
		{"username", long[2:], long[2:], 200},
		{"username", long, []string{most("32")}, 400},
		{"username", "", "", 200},
		{"username", nil, []string{isNull}, 400},
		{"preferred_identifier", long, []string{most("32")}, 400},
		{"preferred_identifier", " " + long[2:] + "\n", long[2:], 200},
		{"description", "\n two words ", "two words", 200},
		{"description", "   ", "", 200},
		{"description", 12.5, "12.5", 200},
		{"description", nil, []string{isNull}, 400},
		{"description", true, []string{noText}, 400},
		{"description", []string{"a"}, []string{noText}, 400},
		{"email", "bot@acme", []string{noMail}, 400},
		{"email", " bot+x" + at + "\n", "bot+x" + at, 200},
		{"email", " ", []string{isBlank}, 400},
		{"email", nil, []string{isNull}, 400},
		{"email", "Bot <bot@acme.example>", []string{noMail}, 400},
		{"email", strings.Repeat("x", 320-len(at)) + at, strings.Repeat("x", 320-len(at)) + at, 200},
		{"email", strings.Repeat("x", 321), []string{most("320"), noMail}, 400},
		// Read-only and unknown fields are ignored.
		{"state", "Closed", "OK", 200},
		{"error_message", 1, "", 200},
		{"token", "mine", nil, 200},
		{"expires_at", "2030-01-01", nil, 200},
		{"created", "x", made, 200},
	}
	eachKind(t, func(w *world, k kind) {
		for _, test := range tests {
			account, _ := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "old"})
			r := w.do(k.manager, "PATCH", k.one(account), object{test.field: test.value}).Want(test.code)
			r.WantFields(object{test.field: test.want})
			if test.code == 400 {
				r.WantNames(test.field)
			}
			// A create applies the same rules.
			body := w.body(k, "new")
			body[test.field] = test.value
			w.sim.SetLimit(w.scope(k), waldursim.Unlimited)
			w.do(k.manager, "POST", k.path, body).Want(map[int]int{200: 201, 400: 400}[test.code])
		}
	})
}

func TestAllFaultyFieldsAreReported(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		w.do(k.manager, "POST", k.path, object{k.scope: nobody, "email": "no", "username": nil}).Want(400).WantBody(`{
			"` + k.scope + `": ["Object with uuid=` + nobody + ` does not exist."],
			"email": ["Enter a valid email address."], "username": ["` + isNull + `"]
		}`)
	})
}
