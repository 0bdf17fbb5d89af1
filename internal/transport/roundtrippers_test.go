package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// nextFunc is the next RoundTripper of a chain.
type nextFunc func(*http.Request) (*http.Response, error)

func (f nextFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func respond(body string) nextFunc {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
}

func fails(err error) nextFunc {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

func newRequest(t *testing.T, ctx context.Context) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1/a%2Fb?email=private", nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// roundTrip sends one request through a RoundTripper and reads the response.
func roundTrip(t *testing.T, l http.RoundTripper) (string, error) {
	t.Helper()
	resp, err := l.RoundTrip(newRequest(t, t.Context()))
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), nil
}

func TestLimitTransportSize(t *testing.T) {
	tests := []struct {
		name, body string
		large      bool
	}{
		{"empty", "", false},
		{"below", "abc", false},
		{"at the limit", "abcd", false},
		{"above", "abcde", true},
		{"far above", strings.Repeat("a", 4096), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			body, err := roundTrip(t, &limitTransport{next: respond(test.body), timeout: time.Minute, size: 4})
			if got := errors.Is(err, errTooLarge); got != test.large {
				t.Fatalf("error %v, too large wanted: %t", err, test.large)
			}
			if !test.large && body != test.body {
				t.Errorf("body %q, want %q", body, test.body)
			}
		})
	}
}

func TestTooLargeIsFinal(t *testing.T) {
	s := serve(t, reply(200, strings.Repeat(" ", 1<<20)+"1"))
	c := s.client(t)
	c.http.HTTPClient.Transport = &limitTransport{next: http.DefaultTransport, timeout: time.Minute, size: 1 << 20}
	err := call(t.Context(), c, Request{Method: http.MethodGet, Path: "/x"})
	wantText(t, err, "GET /x: the response is larger than the limit of 1 MiB")
	s.wantRequests(t, 1)
}

func TestLimitTransportUnsent(t *testing.T) {
	cause := errors.New("dial failed")
	_, err := roundTrip(t, &limitTransport{next: fails(cause), timeout: time.Minute, size: 4})
	var unsent *unsentError
	if !errors.As(err, &unsent) || !errors.Is(err, cause) || err.Error() != "dial failed" {
		t.Errorf("got %v (%T), want the cause as an unsent error", err, err)
	}
}

// TestLimitTransportTimeout has the next RoundTripper return only the context's error, as HTTP/2 does.
func TestLimitTransportTimeout(t *testing.T) {
	next := nextFunc(func(req *http.Request) (*http.Response, error) {
		<-req.Context().Done()
		return nil, fmt.Errorf("stream: %w", req.Context().Err())
	})
	_, err := roundTrip(t, &limitTransport{next: next, timeout: time.Millisecond, size: 4})
	wantText(t, err, "no complete response within 1ms")
}

func TestDefaultTimeout(t *testing.T) {
	_, err := roundTrip(t, chain(Options{}, nextFunc(func(req *http.Request) (*http.Response, error) {
		at, _ := req.Context().Deadline()
		if left := time.Until(at).Round(time.Second); left != DefaultRequestTimeout {
			t.Errorf("time limit %s, want %s", left, DefaultRequestTimeout)
		}
		return respond("")(req)
	})))
	if err != nil {
		t.Error(err)
	}
}

func TestTimeout(t *testing.T) {
	tests := []struct {
		name     string
		method   string
		step     step
		requests int
		want     string
	}{
		{"no response", http.MethodGet, hang, 2, "GET /x: no complete response within 50ms"},
		{"no response to a POST", http.MethodPost, hang, 1, "POST /x: no complete response within 50ms"},
		{"response stalls", http.MethodGet, stall, 2,
			"GET /x: the response ended early: no complete response within 50ms"},
		{"response to a POST stalls", http.MethodPost, stall, 1,
			"POST /x: the response ended early: no complete response within 50ms"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, test.step)
			c := s.client(t, retries(1), timeout(shortly))
			wantText(t, call(t.Context(), c, Request{Method: test.method, Path: "/x"}), test.want)
			s.wantRequests(t, test.requests)
		})
	}
}

func TestHeaderTransport(t *testing.T) {
	var got http.Header
	l := &headerTransport{
		next:   nextFunc(func(req *http.Request) (*http.Response, error) { got = req.Header; return respond("")(req) }),
		header: http.Header{"Authorization": {"Token k"}, "X-Many": {"a", "b"}},
	}
	req := newRequest(t, t.Context())
	req.Header.Set("Content-Type", "application/json")
	resp, err := l.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	want := http.Header{"Authorization": {"Token k"}, "X-Many": {"a", "b"}, "Content-Type": {"application/json"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("headers %v, want %v", got, want)
	}
	if len(req.Header) != 1 {
		t.Errorf("the caller's request was changed: %v", req.Header)
	}
}

// logOf decodes what a test had logged. A field "@..." is the logger's own.
func logOf(t *testing.T, output *bytes.Buffer) []map[string]any {
	t.Helper()
	entries, err := tflogtest.MultilineJSONDecode(output)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if d, ok := entry["duration_ms"].(float64); !ok || d < 0 {
			t.Errorf("duration_ms is %v", entry["duration_ms"])
		}
		delete(entry, "duration_ms")
		delete(entry, "@module")
	}
	return entries
}

func TestLogTransport(t *testing.T) {
	line := func(fields map[string]any) map[string]any {
		all := map[string]any{"@level": "debug", "@message": "HTTP request", "http_method": "GET",
			"http_path": "/a%2Fb"}
		for name, value := range fields {
			all[name] = value
		}
		return all
	}
	withID := func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 404, Header: http.Header{"X-Request-Id": {"r-1"}}, Body: http.NoBody}, nil
	}
	tests := []struct {
		name string
		next nextFunc
		want map[string]any
	}{
		{"response", respond("body"), line(map[string]any{"http_status": 200.0})},
		{"response with an id", withID, line(map[string]any{"http_status": 404.0, "request_id": "r-1"})},
		{"failure", fails(errors.New("dial failed")), line(map[string]any{"error": "dial failed"})},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var output bytes.Buffer
			resp, err := (&logTransport{next: test.next}).RoundTrip(newRequest(t,
				tflogtest.RootLogger(t.Context(), &output)))
			if err == nil {
				_ = resp.Body.Close()
			}
			if got := logOf(t, &output); !reflect.DeepEqual(got, []map[string]any{test.want}) {
				t.Errorf("log\n got %v\nwant %v", got, test.want)
			}
		})
	}
}

// TestLogHidesContents logs everything at TRACE and looks for what no log may hold.
func TestLogHidesContents(t *testing.T) {
	const private, issued = "private@example.org", "issued-key"
	tests := []struct {
		name  string
		steps []step
		lines int
	}{
		{"success", []step{reply(200, `{"name":"`+issued+`"}`, "X-Echo", secret)}, 1},
		{"retry and refusal", []step{reply(503, issued), reply(401, `{"detail":"`+secret+`"}`)}, 2},
		{"redirect", []step{reply(301, issued, "Location", "/y?token="+secret)}, 1},
		{"cut", []step{cut}, 3},
		{"garbage", []step{reply(200, issued+secret)}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var output bytes.Buffer
			s := serve(t, test.steps...)
			_ = call(tflogtest.RootLogger(t.Context(), &output), s.client(t), Request{
				Method: http.MethodPatch, Path: "/x", Query: url.Values{"email": {private}}, Body: thing{private},
			})
			text := output.String()
			for _, hidden := range []string{secret, url.QueryEscape(secret), private, url.QueryEscape(private), issued,
				"email", "Authorization"} {
				if strings.Contains(text, hidden) {
					t.Errorf("%q is in the log: %s", hidden, text)
				}
			}
			if got := strings.Count(text, "\n"); got != test.lines || !strings.Contains(text, `"http_path":"/x"`) {
				t.Errorf("%d lines, want %d with the path: %s", got, test.lines, text)
			}
		})
	}
}

func TestLogHidesSecret(t *testing.T) {
	for name, s := range map[string]step{
		"error":      raw(secret + "\r\n\r\n"),
		"request id": reply(200, `{}`, "X-Request-Id", secret),
	} {
		t.Run(name, func(t *testing.T) {
			var output bytes.Buffer
			_ = call(tflogtest.RootLogger(t.Context(), &output), serve(t, s).client(t, retries(0)),
				Request{Method: http.MethodGet, Path: "/x"})
			if strings.Contains(output.String(), secret) {
				t.Errorf("the secret is in the log: %s", output.String())
			}
		})
	}
}
