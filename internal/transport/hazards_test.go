package transport

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// The first send of a rotation is carried out and its answer lost; later sends fail in ways that, alone, did nothing.
func TestLostRemembersEarlierSends(t *testing.T) {
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
		s.wantSends(t, 1)
		wantLost(t, err, true)
	})
}

// Diagnostics take the messages of the fields from Problem itself.
func TestProblemHidesSecret(t *testing.T) {
	err := call(t.Context(), serve(t, reply(400, `{"token":"`+secret+`"}`)).client(t), Request{Method: http.MethodGet, Path: "/x"})
	var e *Error
	if !errors.As(err, &e) || strings.Contains(strings.Join(e.Problem.Fields["token"], " "), secret) {
		t.Errorf("the secret is in Problem.Fields: %q", e.Problem.Fields)
	}
}

// The header of a Basic credential holds it in base64.
func TestBasicCredentialEchoed(t *testing.T) {
	encoded := base64.StdEncoding.EncodeToString([]byte("user:" + secret))
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		reply(401, `{"detail":"bad header `+r.Header.Get("Authorization")+`"}`)(w, r)
	})
	c := s.client(t, func(o *Options) { o.Credential.Header = "Basic " + encoded })
	if err := call(t.Context(), c, Request{Method: http.MethodGet, Path: "/x"}); strings.Contains(err.Error(), encoded) {
		t.Errorf("the credential is in %q", err)
	}
}

func TestLogHidesSecret(t *testing.T) {
	for name, s := range map[string]step{
		"error":      raw(secret + "\r\n\r\n"),
		"request id": reply(200, `{}`, "X-Request-Id", secret),
	} {
		t.Run(name, func(t *testing.T) {
			var output bytes.Buffer
			_ = call(tflogtest.RootLogger(t.Context(), &output), serve(t, s).client(t, retries(0)), Request{Method: http.MethodGet, Path: "/x"})
			if strings.Contains(output.String(), secret) {
				t.Errorf("the secret is in the log: %s", output.String())
			}
		})
	}
}

func TestPathHidesSecret(t *testing.T) {
	c := serve(t, reply(404, "")).client(t, func(o *Options) { o.Credential = Credential{"Bearer s3cret", "s3cret"} })
	if err := Delete(t.Context(), c, Path("tokens", "s3cret")); strings.Contains(err.Error(), "s3cret") {
		t.Errorf("the secret is in %q", err)
	}
}

// go-retryablehttp knows an error of certificates by the type right below that of net/http.
func TestUntrustedCertificateIsNotRetried(t *testing.T) {
	var opened atomic.Int32
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.StartTLS()
	defer s.Close()
	_ = call(t.Context(), client(t, s.URL), Request{Method: http.MethodGet, Path: "/x"})
	if got := opened.Load(); got != 1 {
		t.Errorf("connections = %d, want 1", got)
	}
}

// Parts that a server or proxy tidies away lead elsewhere: they are refused before anything is sent.
func TestPathThatLeadsElsewhere(t *testing.T) {
	for _, part := range []string{".", "..", ""} {
		s := serve(t, reply(204, ""))
		err := Delete(t.Context(), s.client(t), Path("api", "accounts", part, "rotate"))
		s.wantSends(t, 0)
		wantLost(t, err, false)
		wantParts(t, err, "an identifier in the path is empty, or made of dots")
	}
}

func TestRedirectWithoutItsQuery(t *testing.T) {
	for _, location := range []string{"/login?next=private", "?page=private", "login?a=private#b"} {
		s := serve(t, reply(302, "", "Location", location))
		err := call(t.Context(), s.client(t), Request{Method: http.MethodGet, Path: "/x"})
		if strings.Contains(err.Error(), "private") {
			t.Errorf("the query is in %q", err)
		}
	}
}

func TestRedirectToNoURL(t *testing.T) {
	s := serve(t, reply(302, "", "Location", "http://%zz/?a=private"))
	err := call(t.Context(), s.client(t), Request{Method: http.MethodGet, Path: "/x"})
	s.wantSends(t, 1)
	wantLost(t, err, false)
	wantParts(t, err, "302 Found", "the server redirects to")
	if strings.Contains(err.Error(), "private") {
		t.Errorf("the query is in %q", err)
	}
}

// A request that never left, or was refused by 429, is not lost when the context ends.
func TestCancelledIsNotLost(t *testing.T) {
	r := Request{Method: http.MethodPost, Path: "/x"}
	t.Run("before the first send", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		s := serve(t, reply(200, `{}`))
		err := call(ctx, s.client(t), r)
		s.wantSends(t, 0)
		wantLost(t, err, false)
	})
	for name, endpoint := range map[string]string{
		"in the wait after 429":          serve(t, reply(429, "")).URL,
		"in the wait after refused dial": "http://" + closedPort(t),
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			c := client(t, endpoint)
			c.http.Backoff = func(time.Duration, time.Duration, int, *http.Response) time.Duration {
				cancel()
				return time.Hour
			}
			wantLost(t, call(ctx, c, r), false)
		})
	}
}

func TestNoDecoder(t *testing.T) {
	s := serve(t, reply(400, `{"detail":"no"}`))
	err := call(t.Context(), s.client(t, func(o *Options) { o.DecodeProblem = nil }), Request{Method: http.MethodGet, Path: "/x"})
	if strings.Contains(err.Error(), "no JSON") {
		t.Error(err)
	}
}

func TestRetryAfterOverflows(t *testing.T) {
	resp := &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {"10000000000"}}}
	if got := backoff(time.Second, 30*time.Second, 0, resp); got != maxWait {
		t.Errorf("backoff = %s, want %s", got, maxWait)
	}
}

// An empty query would swallow the path; a password with a slash in it looks like a port.
func TestParseEndpointTraps(t *testing.T) {
	for _, endpoint := range []string{"https://h/?", "https://h?", "http://:8080"} {
		if u, err := ParseEndpoint(endpoint); err == nil {
			t.Errorf("ParseEndpoint(%q) = %q, whose requests go to %q", endpoint, u, u.String()+"/api/x/")
		}
	}
	if _, err := ParseEndpoint("https://user:s3cret/x@h"); strings.Contains(err.Error(), "s3cret") {
		t.Errorf("the password is in %q", err)
	}
}

func TestPlainTextSpellings(t *testing.T) {
	for _, endpoint := range []string{"http://LOCALHOST:80", "http://localhost.:80", "http://[::1%25lo]:80"} {
		if PlainText(endpoint) {
			t.Errorf("PlainText(%q)", endpoint)
		}
	}
}

// null decodes into anything.
func TestAnswerNull(t *testing.T) {
	got, err := Post[thing](t.Context(), serve(t, reply(201, " null\n")).client(t), "/x", nil)
	if err == nil {
		t.Fatalf("null was read as %+v", *got)
	}
	wantLost(t, err, true)
}

type named struct{ Name string }

func (n *named) Complete() error {
	if n.Name == "" {
		return errors.New("it has no name")
	}
	return nil
}

// An answer without what makes it one is as good as none.
func TestAnswerIncomplete(t *testing.T) {
	_, err := Post[named](t.Context(), serve(t, reply(201, `{}`)).client(t), "/x", nil)
	wantLost(t, err, true)
	wantParts(t, err, "the answer is not the expected JSON: it has no name")
	if got, err := Post[named](t.Context(), serve(t, reply(201, `{"Name": "n"}`)).client(t), "/x", nil); err != nil || got.Name != "n" {
		t.Errorf("got %v, %v", got, err)
	}
}

// A 404 of whatever stands in between is no word of the API's: gateways send pages, nothing, or JSON of their own.
func TestNotFoundByProxy(t *testing.T) {
	for body, want := range map[string]bool{
		`{"detail": "Not found."}`: true, "": false, "<h1>Not Found</h1>": false, `{"message": "no Route matched with those values"}`: false,
	} {
		err := call(t.Context(), serve(t, reply(404, body)).client(t), Request{Method: http.MethodGet, Path: "/x"})
		if got := NotFound(err); got != want {
			t.Errorf("NotFound after the body %q = %t, want %t", body, got, want)
		}
	}
}

func TestUnknownStatus(t *testing.T) {
	wantText(t, &Error{Method: "GET", Path: "/x", Status: 520, Problem: Problem{Message: "m"}}, "GET /x: 520: m")
}
