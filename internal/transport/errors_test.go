package transport

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	noJSON = "the response is not JSON: the server or a proxy failed, or the endpoint is not the address of the API. " +
		"The address comes from here"
	notExpected = "GET /x: 200 OK: the response is not the expected JSON: "
)

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
		{"no response", Error{Method: "GET", Path: "/x", Err: errors.New("dial failed")}, "GET /x: dial failed",
			"dial failed"},
		{
			"fields in order", Error{Method: "POST", Path: "/x/", Status: 400, Problem: problem},
			"POST /x/: 400 Bad Request: " + reason, reason,
		},
		{
			"unknown status", Error{Method: "GET", Path: "/x", Status: 520, Problem: Problem{Message: "no"}},
			"GET /x: 520: no", "no",
		},
		{
			"words and cause", Error{Method: "PUT", Path: "/x", Status: 500, Problem: Problem{Message: "no"},
				Err: errors.New("cut")},
			"PUT /x: 500 Internal Server Error: no; cut", "no; cut",
		},
		{
			"redacted", Error{
				Method: "GET", Path: "/x", Problem: Problem{Message: "s3cret is bad",
					Fields: map[string][]string{"key": {"got s3cret"}}},
				Err: errors.New("sent s3cret"), redact: redactor(Credential{Secret: "s3cret"}),
			},
			"GET /x: (redacted) is bad; key: got (redacted); sent (redacted)",
			"(redacted) is bad; key: got (redacted); sent (redacted)",
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
		"NotFound": NotFound, "Unauthorized": Unauthorized, "Forbidden": Forbidden, "Conflict": Conflict,
		"BadRequest": BadRequest,
	}
	tests := []struct {
		name string
		err  error
		yes  string // the only function that returns true
	}{
		{"nil", nil, ""},
		{"another error", errors.New("404"), ""},
		{"never sent", &Error{Err: errors.New("dial")}, ""},
		{"400", &Error{Status: 400}, "BadRequest"},
		{"401", &Error{Status: 401}, "Unauthorized"},
		{"403", &Error{Status: 403}, "Forbidden"},
		{"404", &Error{Status: 404}, "NotFound"},
		{"409", &Error{Status: 409}, "Conflict"},
		{"a page with 400", &Error{Status: 400, notFromAPI: true}, ""},
		{"a page with 401", &Error{Status: 401, notFromAPI: true}, ""},
		{"a page with 403", &Error{Status: 403, notFromAPI: true}, ""},
		{"a page with 409", &Error{Status: 409, notFromAPI: true}, ""},
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
		name     string
		step     step
		requests int
		lost     bool
	}{
		{"created", reply(201, `{}`), 1, false},
		{"connection cut", cut, 1, true},
		{"response cut off", truncate(201), 1, true},
		{"refusal cut off", truncate(400), 1, true},
		{"timeout", hang, 1, true},
		{"timeout within the response", stall, 1, true},
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
		{"429 to the end", reply(429, `{}`, "Retry-After", "3600"), 1, false},
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
			err := call(t.Context(), s.client(t, timeout(limit)),
				Request{Method: http.MethodPost, Path: "/x", Body: thing{"n"}})
			wantLost(t, err, test.lost)
			s.wantRequests(t, test.requests)
		})
	}
}

func TestLostWithoutServer(t *testing.T) {
	refused := call(t.Context(), client(t, "http://"+closedPort(t)), Request{Method: http.MethodPost, Path: "/x"})
	unencodable := call(t.Context(), client(t, "http://127.0.0.1"),
		Request{Method: http.MethodPost, Path: "/x", Body: func() {}})
	tests := []struct {
		name string
		err  error
		want bool
	}{
		{"nil", nil, false},
		{"another error", errors.New("lost"), false},
		{"dial refused", refused, false},
		{"wrapped dial refused", fmt.Errorf("creating: %w", refused), false},
		{"body that is no JSON", unencodable, false},
		{"unavailable", call(t.Context(), Unavailable(errors.New("later")),
			Request{Method: http.MethodPost, Path: "/x"}), false},
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
		{"JSON without a message", reply(403, `[1]`), "GET /x: 403 Forbidden"},
		{"empty body", reply(404, ""), "GET /x: 404 Not Found"},
		{"HTML", reply(404, "<!doctype html><h1>Not Found</h1>"), "GET /x: 404 Not Found: " + noJSON},
		{"broken JSON", reply(400, `{"detail":`), "GET /x: 400 Bad Request: " + noJSON},
		{"HTML after all retries", reply(502, "<html>"), "GET /x: 502 Bad Gateway: " + noJSON},
		{"HTML in 200", reply(200, "<html>"), "GET /x: 200 OK: " + noJSON},
		{"nothing in 200", reply(200, ""), notExpected + "it is empty"},
		{"white space in 200", reply(200, " \n"), notExpected + "it is empty"},
		{"another type in 200", reply(200, `[]`), notExpected + "it has the wrong type: expected an object"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, test.step)
			c := s.client(t, func(o *Options) { o.Origin = "here" })
			_, err := Get[thing](t.Context(), c, "/x", url.Values{"email": {"private@example.org"}})
			wantText(t, err, test.want)
			var e *Error
			if !errors.As(err, &e) {
				t.Errorf("%T is not an *Error", err)
			}
		})
	}
}

// TestErrorsHideSecret has the server return the secret in all the parts of a response that an error
// may quote.
func TestErrorsHideSecret(t *testing.T) {
	tests := []struct {
		name string
		step step
		want string
	}{
		{"message", reply(401, `{"detail":"unknown token `+secret+`"}`),
			"GET /x: 401 Unauthorized: unknown token (redacted)"},
		{"field", reply(400, `{"token":"`+secret+` twice `+secret+`"}`),
			"GET /x: 400 Bad Request: token: (redacted) twice (redacted)"},
		{"escaped", reply(400, `{"detail":"`+url.QueryEscape(secret)+`"}`), "GET /x: 400 Bad Request: (redacted)"},
		{"HTML", reply(401, "<p>"+secret+"</p>"), "GET /x: 401 Unauthorized: " + noJSON},
		{"JSON in 200", reply(200, `{"name":["`+secret+`"]}`),
			"GET /x: 200 OK: the response is not the expected JSON: " +
				"the member name has the wrong type: expected a string"},
		{"no HTTP", raw(secret + "\r\n\r\n"),
			"GET /x: ADDRESS can't be reached: the response is not HTTP. Check scheme, host and port. The " +
				"address comes from here"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, test.step)
			c := s.client(t, func(o *Options) { o.Origin = "here" })
			err := call(t.Context(), c, Request{Method: http.MethodGet, Path: "/x"})
			wantText(t, err, strings.Replace(test.want, "ADDRESS", s.URL, 1))
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

// The first attempt of a rotation is executed and its response is lost; the later attempts fail,
// and did nothing.
func TestLostRemembersEarlierAttempts(t *testing.T) {
	r := Request{Method: http.MethodPost, Path: "/rotate", Repeatable: true}
	for name, second := range map[string]step{"400": reply(400, `{}`), "409": reply(409, `{}`), "429": reply(429, "")} {
		t.Run("cut, then "+name, func(t *testing.T) {
			wantLost(t, call(t.Context(), serve(t, cut, second).client(t), r), true)
		})
	}
	t.Run("cut, then dial refused", func(t *testing.T) {
		var s *script
		s = serve(t, func(w http.ResponseWriter, r *http.Request) { _ = s.Listener.Close(); cut(w, r) })
		err := call(t.Context(), s.client(t), r)
		s.wantRequests(t, 1)
		wantLost(t, err, true)
	})
}

// Diagnostics read the messages of fields from Problem itself.
func TestProblemHidesSecret(t *testing.T) {
	err := call(t.Context(), serve(t, reply(400, `{"token":"`+secret+`"}`)).client(t),
		Request{Method: http.MethodGet, Path: "/x"})
	var e *Error
	if !errors.As(err, &e) || strings.Contains(strings.Join(e.Problem.Fields["token"], " "), secret) {
		t.Errorf("the secret is in Problem.Fields: %q", e.Problem.Fields)
	}
}

// The header of a Basic credential contains the secret in base64.
func TestBasicCredentialEchoed(t *testing.T) {
	encoded := base64.StdEncoding.EncodeToString([]byte("user:" + secret))
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		reply(401, `{"detail":"bad header `+r.Header.Get("Authorization")+`"}`)(w, r)
	})
	c := s.client(t, func(o *Options) { o.Credential.Header = "Basic " + encoded })
	err := call(t.Context(), c, Request{Method: http.MethodGet, Path: "/x"})
	if strings.Contains(err.Error(), encoded) {
		t.Errorf("the credential is in %q", err)
	}
}

func TestPathHidesSecret(t *testing.T) {
	c := serve(t, reply(404, "")).client(t, func(o *Options) { o.Credential = Credential{"Bearer s3cret", "s3cret"} })
	if err := Delete(t.Context(), c, Path("tokens", "s3cret")); strings.Contains(err.Error(), "s3cret") {
		t.Errorf("the secret is in %q", err)
	}
}

func TestNoDecoder(t *testing.T) {
	s := serve(t, reply(400, `{"detail":"no"}`))
	err := call(t.Context(), s.client(t, func(o *Options) { o.DecodeProblem = nil }),
		Request{Method: http.MethodGet, Path: "/x"})
	if strings.Contains(err.Error(), "no JSON") {
		t.Error(err)
	}
}

// A 404 from a gateway says nothing about the object: gateways send pages, no body, or JSON of their
// own.
func TestNotFoundByProxy(t *testing.T) {
	for body, want := range map[string]bool{
		`{"detail": "Not found."}`: true, "": false, "<h1>Not Found</h1>": false,
		`{"message": "no Route matched with those values"}`: false,
	} {
		err := call(t.Context(), serve(t, reply(404, body)).client(t), Request{Method: http.MethodGet, Path: "/x"})
		if got := NotFound(err); got != want {
			t.Errorf("NotFound after the body %q = %t, want %t", body, got, want)
		}
	}
}
