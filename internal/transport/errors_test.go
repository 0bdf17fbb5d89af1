package transport

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const noJSON = "the answer is no JSON: it seems to come from a proxy, or the endpoint is not the API's"

func TestErrorText(t *testing.T) {
	problem := Problem{Message: "limit reached", Fields: map[string][]string{
		"name": {"too long", "taken"}, "email": {"invalid"}, "zone": {"gone"},
	}}
	const reason = "limit reached; email: invalid; name: too long taken; zone: gone"
	tests := []struct {
		name         string
		err          Error
		text, reason string
	}{
		{"nothing known", Error{Method: "GET", Path: "/x"}, "GET /x", ""},
		{"status alone", Error{Method: "GET", Path: "/x", Status: 404}, "GET /x: 404 Not Found", ""},
		{"no answer", Error{Method: "GET", Path: "/x", Err: errors.New("dial failed")}, "GET /x: dial failed", "dial failed"},
		{
			"fields in order", Error{Method: "POST", Path: "/x/", Status: 400, Problem: problem},
			"POST /x/: 400 Bad Request: " + reason, reason,
		},
		{
			"words and cause", Error{Method: "PUT", Path: "/x", Status: 500, Problem: Problem{Message: "no"}, Err: errors.New("cut")},
			"PUT /x: 500 Internal Server Error: no; cut", "no; cut",
		},
		{
			"redacted", Error{
				Method: "GET", Path: "/x", Problem: Problem{Message: "s3cret is bad", Fields: map[string][]string{"key": {"got s3cret"}}},
				Err: errors.New("sent s3cret"), redact: redactor(Credential{Secret: "s3cret"}),
			},
			"GET /x: (redacted) is bad; key: got (redacted); sent (redacted)", "(redacted) is bad; key: got (redacted); sent (redacted)",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantText(t, &test.err, test.text)
			if got := test.err.Reason(); got != test.reason {
				t.Errorf("Reason() = %q, want %q", got, test.reason)
			}
		})
	}
}

func TestErrorUnwrap(t *testing.T) {
	cause := errors.New("cause")
	if !errors.Is(&Error{Err: cause}, cause) {
		t.Error("the cause can't be reached")
	}
	if err := (&Error{Status: 404}).Unwrap(); err != nil {
		t.Errorf("a refusal unwraps to %v", err)
	}
}

func TestStatusQuestions(t *testing.T) {
	questions := map[string]func(error) bool{
		"NotFound": NotFound, "Unauthorized": Unauthorized, "Forbidden": Forbidden, "Conflict": Conflict, "BadRequest": BadRequest,
	}
	tests := []struct {
		name string
		err  error
		yes  string // the one question that is answered with yes
	}{
		{"nil", nil, ""},
		{"foreign", errors.New("404"), ""},
		{"never sent", &Error{Err: errors.New("dial")}, ""},
		{"400", &Error{Status: 400}, "BadRequest"},
		{"401", &Error{Status: 401}, "Unauthorized"},
		{"403", &Error{Status: 403}, "Forbidden"},
		{"404", &Error{Status: 404}, "NotFound"},
		{"409", &Error{Status: 409}, "Conflict"},
		{"410", &Error{Status: 410}, ""},
		{"500", &Error{Status: 500}, ""},
		{"wrapped", fmt.Errorf("reading: %w", &Error{Status: 404}), "NotFound"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for name, question := range questions {
				if got, want := question(test.err), name == test.yes; got != want {
					t.Errorf("%s = %t, want %t", name, got, want)
				}
			}
		})
	}
}

func TestLost(t *testing.T) {
	tests := []struct {
		name  string
		step  step
		sends int
		lost  bool
	}{
		{"made", reply(201, `{}`), 1, false},
		{"connection cut", cut, 1, true},
		{"answer cut off", truncate(201), 1, true},
		{"refusal cut off", truncate(400), 1, true},
		{"timeout", hang, 1, true},
		{"timeout within the answer", stall, 1, true},
		{"no HTTP", raw("hello\r\n\r\n"), 1, true},
		{"200 with garbage", reply(200, "<html>"), 1, true},
		{"201 without a body", reply(201, ""), 1, true},
		{"201 with another type", reply(201, `[]`), 1, true},
		{"301", reply(301, "", "Location", "/y"), 1, false},
		{"400", reply(400, `{}`), 1, false},
		{"401", reply(401, `{}`), 1, false},
		{"403", reply(403, `{}`), 1, false},
		{"404", reply(404, `{}`), 1, false},
		{"408", reply(408, `{}`), 1, true},
		{"409", reply(409, `{}`), 1, false},
		{"429 to the end", reply(429, `{}`), 3, false},
		{"500", reply(500, `{}`), 1, true},
		{"501", reply(501, `{}`), 1, true},
		{"502", reply(502, "<html>"), 1, true},
		{"503", reply(503, ""), 1, true},
		{"504", reply(504, ""), 1, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			limit := 5 * time.Second
			if strings.HasPrefix(test.name, "timeout") {
				limit = shortly
			}
			s := serve(t, test.step)
			err := call(t.Context(), s.client(t, timeout(limit)), Request{Method: http.MethodPost, Path: "/x", Body: thing{"n"}})
			wantLost(t, err, test.lost)
			s.wantSends(t, test.sends)
		})
	}
}

func TestLostWithoutServer(t *testing.T) {
	refused := call(t.Context(), client(t, "http://"+closedPort(t)), Request{Method: http.MethodPost, Path: "/x"})
	unencodable := call(t.Context(), client(t, "http://127.0.0.1"), Request{Method: http.MethodPost, Path: "/x", Body: func() {}})
	tests := []struct {
		name string
		err  error
		want bool
	}{
		{"nil", nil, false},
		{"foreign", errors.New("lost"), false},
		{"dial refused", refused, false},
		{"wrapped dial refused", fmt.Errorf("creating: %w", refused), false},
		{"body that is no JSON", unencodable, false},
		{"unavailable", call(t.Context(), Unavailable(errors.New("later")), Request{Method: http.MethodPost, Path: "/x"}), false},
		{"wrapped", fmt.Errorf("creating: %w", &Error{Status: 500, lost: true}), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantLost(t, test.err, test.want)
		})
	}
	wantParts(t, unencodable, "POST /x: json: unsupported type: func()")
}

func TestErrorDecoding(t *testing.T) {
	tests := []struct {
		name string
		step step
		want string
	}{
		{"message", reply(400, `{"detail":"limit reached"}`), "GET /x: 400 Bad Request: limit reached"},
		{"fields", reply(400, `{"b":"two","a":"one"}`), "GET /x: 400 Bad Request: a: one; b: two"},
		{"JSON that tells nothing", reply(403, `[1]`), "GET /x: 403 Forbidden"},
		{"empty body", reply(404, ""), "GET /x: 404 Not Found"},
		{"HTML", reply(404, "<!doctype html><h1>Not Found</h1>"), "GET /x: 404 Not Found: " + noJSON},
		{"broken JSON", reply(400, `{"detail":`), "GET /x: 400 Bad Request: " + noJSON},
		{"HTML after all retries", reply(502, "<html>"), "GET /x: 502 Bad Gateway: the server failed without saying why, or a proxy answered for it"},
		{
			"HTML in 200", reply(200, "<html>"),
			"GET /x: 200 OK: the answer is not the expected JSON: invalid character '<' looking for beginning of value",
		},
		{"nothing in 200", reply(200, ""), "GET /x: 200 OK: the answer is not the expected JSON: unexpected end of JSON input"},
		{
			"another type in 200", reply(200, `[]`),
			"GET /x: 200 OK: the answer is not the expected JSON: json: cannot unmarshal array into Go value of type transport.thing",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, test.step)
			_, err := Get[thing](t.Context(), s.client(t), "/x", url.Values{"email": {"private@example.org"}})
			wantText(t, err, test.want)
			var e *Error
			if !errors.As(err, &e) {
				t.Errorf("%T is not an *Error", err)
			}
		})
	}
}

// TestErrorsHideSecret has the server say back what it was sent, in all the ways that an error may quote.
func TestErrorsHideSecret(t *testing.T) {
	tests := []struct {
		name string
		step step
		want string
	}{
		{"message", reply(401, `{"detail":"unknown token `+secret+`"}`), "GET /x: 401 Unauthorized: unknown token (redacted)"},
		{"field", reply(400, `{"token":"`+secret+` twice `+secret+`"}`), "GET /x: 400 Bad Request: token: (redacted) twice (redacted)"},
		{"escaped", reply(400, `{"detail":"`+url.QueryEscape(secret)+`"}`), "GET /x: 400 Bad Request: (redacted)"},
		{"HTML", reply(401, "<p>"+secret+"</p>"), "GET /x: 401 Unauthorized: " + noJSON},
		{"JSON in 200", reply(200, `{"name":["`+secret+`"]}`), "GET /x: 200 OK: the answer is not the expected JSON: " +
			"json: cannot unmarshal array into Go struct field thing.name of type string"},
		{"no HTTP", raw(secret + "\r\n\r\n"), `GET /x: net/http: HTTP/1.x transport connection broken: malformed HTTP response "(redacted)"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, test.step)
			err := call(t.Context(), s.client(t), Request{Method: http.MethodGet, Path: "/x"})
			wantText(t, err, test.want)
			if text := fmt.Sprintf("%v %s", err, fmt.Errorf("wrapped: %w", err)); strings.Contains(text, secret) {
				t.Errorf("the secret is in %q", text)
			}
		})
	}
}

func TestRedactorWithoutSecret(t *testing.T) {
	if got := redactor(Credential{}).Replace("all stays"); got != "all stays" {
		t.Errorf("got %q", got)
	}
}
