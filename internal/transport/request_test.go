package transport

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

func TestPath(t *testing.T) {
	tests := []struct {
		name  string
		parts []string
		want  string
	}{
		{"none", nil, "/"},
		{"one", []string{"api"}, "/api"},
		{"slash at the end", []string{"api", "x", ""}, "/api/x/"},
		{"slash", []string{"a/b"}, "/a%2Fb"},
		{"way up with slashes", []string{"api", "../../admin"}, "/api/..%2F..%2Fadmin"},
		{"backslash", []string{`a\b`}, "/a%5Cb"},
		{"percent", []string{"a%2Fb"}, "/a%252Fb"},
		{"question mark and fragment", []string{"a?b#c"}, "/a%3Fb%23c"},
		{"semicolon", []string{"a;b"}, "/a%3Bb"},
		{"space and plus", []string{"a b+c"}, "/a%20b+c"},
		{"unicode", []string{"ä€"}, "/%C3%A4%E2%82%AC"},
		{"line break", []string{"a\r\nb"}, "/a%0D%0Ab"},
		{"dots within a name", []string{"a..b", ".hidden", "v1.2"}, "/a..b/.hidden/v1.2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Path(test.parts...); got != test.want {
				t.Errorf("Path(%q) = %q, want %q", test.parts, got, test.want)
			}
		})
	}
}

func TestQuery(t *testing.T) {
	if got := Query(map[string]string{"a": "1", "b": "", "c": "x&y"}).Encode(); got != "a=1&c=x%26y" {
		t.Errorf("query %q", got)
	}
	if Query(nil) == nil {
		t.Error("a query without parameters is nil, and no parameter can be set")
	}
}

// TestTarget checks the request line that arrives, since net/http parses and writes the URL once more.
func TestTarget(t *testing.T) {
	tests := []struct {
		name, base string
		path       string
		query      url.Values
		want       string
	}{
		{"plain", "", Path("api", "x", ""), nil, "/api/x/"},
		{"below a base path", "/waldur", Path("api", ""), nil, "/waldur/api/"},
		{"slashes after the base", "/waldur//", Path("api", ""), nil, "/waldur/api/"},
		{"escaped part", "", Path("api", "a/b%2F..?#ä", ""), nil, "/api/a%2Fb%252F..%3F%23%C3%A4/"},
		{"escaped base", "/a%2Fb", Path("c/d"), nil, "/a%2Fb/c%2Fd"},
		{"query in order", "", "/x", url.Values{"b": {"2"}, "a": {"1", "0"}}, "/x?a=1&a=0&b=2"},
		{"query escaped", "", "/x", url.Values{"q": {"a&b=c #ä+"}}, "/x?q=a%26b%3Dc+%23%C3%A4%2B"},
		{"empty query", "", "/x", url.Values{}, "/x"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, reply(200, `{}`))
			if _, err := Get[thing](t.Context(), client(t, s.URL+test.base), test.path, test.query); err != nil {
				t.Fatal(err)
			}
			if got := s.received()[0].uri; got != test.want {
				t.Errorf("target %q, want %q", got, test.want)
			}
		})
	}
}

func TestMethods(t *testing.T) {
	tests := []struct {
		name string
		call func(context.Context, *Client) (*thing, error)
		want sent
	}{
		{"Get", func(ctx context.Context, c *Client) (*thing, error) {
			return Get[thing](ctx, c, "/x", url.Values{"a": {"1"}})
		}, sent{method: "GET", uri: "/x?a=1"}},
		{"Post", func(ctx context.Context, c *Client) (*thing, error) {
			return Post[thing](ctx, c, "/x", thing{"new"})
		}, sent{method: "POST", uri: "/x", body: `{"name":"new"}`}},
		{"Patch", func(ctx context.Context, c *Client) (*thing, error) {
			return Patch[thing](ctx, c, "/x", map[string]any{"name": nil})
		}, sent{method: "PATCH", uri: "/x", body: `{"name":null}`}},
		{"Delete", func(ctx context.Context, c *Client) (*thing, error) {
			return &thing{"response"}, Delete(ctx, c, "/x")
		}, sent{method: "DELETE", uri: "/x"}},
		{"Call", func(ctx context.Context, c *Client) (*thing, error) {
			got, _, err := Call[thing](ctx, c, Request{Method: "PUT", Path: "/x", Query: url.Values{"a": {"1"}},
				Body: []int{1}})
			return got, err
		}, sent{method: "PUT", uri: "/x?a=1", body: `[1]`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, reply(201, `{"name":"response"}`))
			got, err := test.call(t.Context(), s.client(t))
			if err != nil || *got != (thing{"response"}) {
				t.Fatalf("got %v, %v", got, err)
			}
			arrived := s.received()[0]
			if arrived.method != test.want.method || arrived.uri != test.want.uri || arrived.body != test.want.body {
				t.Errorf("sent %+v, want %+v", arrived, test.want)
			}
		})
	}
}

func TestDelete(t *testing.T) {
	tests := []struct {
		name     string
		response step
		want     string
	}{
		{"204", reply(204, ""), ""},
		{"200 with text", reply(200, "gone"), ""},
		{"202 with JSON", reply(202, `{}`), ""},
		{"403", reply(403, `{"detail":"no"}`), "DELETE /x: 403 Forbidden: no"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantText(t, Delete(t.Context(), serve(t, test.response).client(t), "/x"), test.want)
		})
	}
}

func TestCallReturnsHeader(t *testing.T) {
	s := serve(t, reply(200, `[{"name":"a"},{"name":"b"}]`, "X-Result-Count", "7"))
	got, header, err := Call[[]thing](t.Context(), s.client(t), Request{Method: http.MethodGet, Path: "/x"})
	if err != nil || !slices.Equal(*got, []thing{{"a"}, {"b"}}) || header.Get("x-result-count") != "7" {
		t.Errorf("got %v, %v, %v", got, header, err)
	}
}

func TestHeaders(t *testing.T) {
	extra := func(o *Options) {
		o.UserAgent = "provider/1 Terraform/1.14"
		o.Header = http.Header{"Accept-Language": {"en"}, "Accept": {"text/html"}, "Authorization": {"Basic other"}}
	}
	anonymous := func(o *Options) { o.Credential = Credential{} }
	tests := []struct {
		name   string
		change func(*Options)
		body   any
		want   http.Header
	}{
		{"without body", extra, nil, http.Header{
			"Accept": {"application/json"}, "User-Agent": {"provider/1 Terraform/1.14"},
			"Authorization":   {"Token " + secret},
			"Accept-Language": {"en"}, "Content-Type": nil,
		}},
		{"with body", extra, thing{"n"}, http.Header{
			"Accept": {"application/json"}, "Accept-Language": {"en"}, "Content-Type": {"application/json"},
			"Authorization": {"Token " + secret},
		}},
		{"without credential", anonymous, nil, http.Header{"Accept": {"application/json"}, "Authorization": nil}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, reply(200, `{}`))
			err := call(t.Context(), s.client(t, test.change),
				Request{Method: http.MethodPut, Path: "/x", Body: test.body})
			if err != nil {
				t.Fatal(err)
			}
			for name, want := range test.want {
				if got := s.received()[0].header[name]; !slices.Equal(got, want) {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestOptionsHeaderStaysAsItWas(t *testing.T) {
	own := http.Header{"Accept-Language": {"en"}}
	client(t, "http://127.0.0.1", func(o *Options) { o.Header = own })
	if len(own) != 1 {
		t.Errorf("the caller's header became %v", own)
	}
}

func TestRedirects(t *testing.T) {
	const hint = `: the server redirects to %q; the redirect is not followed, so that no other server gets the ` +
		`credentials; the endpoint probably has the wrong scheme (http for https), host or path`
	elsewhere := serve(t, reply(200, `{"name":"stolen"}`))
	tests := []struct {
		name, location string
		shown          string
	}{
		{"absolute", elsewhere.URL + "/y/", elsewhere.URL + "/y/"},
		{"absolute with query", elsewhere.URL + "/y/?token=" + secret + "&page=2#part", elsewhere.URL + "/y/"},
		{"absolute with password", "https://user:password@waldur.example.org/", "https://waldur.example.org/"},
		{"without scheme", "//waldur.example.org/y?page=2", "//waldur.example.org/y"},
		{"relative", "/x/", "/x/"},
		{"none", "", ""},
		{"relative with query", "/login?next=private", "/login"},
		{"query alone", "?page=private", ""},
		{"relative without slash", "login?a=private#b", "login"},
		{"no URL", "http://%zz/?a=private", "an address that is not a URL"},
	}
	for _, test := range tests {
		for _, status := range []int{301, 302, 303, 307, 308} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				t.Run(fmt.Sprintf("%s/%d/%s", test.name, status, method), func(t *testing.T) {
					s := serve(t, reply(status, `{"detail":"moved"}`, "Location", test.location))
					_, _, err := Call[thing](t.Context(), s.client(t),
						Request{Method: method, Path: "/x", Query: url.Values{"q": {"1"}}})
					wantText(t, err, fmt.Sprintf("%s /x: %d %s"+hint, method, status, http.StatusText(status),
						test.shown))
					wantLost(t, err, false)
					s.wantRequests(t, 1)
				})
			}
		}
	}
	elsewhere.wantRequests(t, 0)
}

func TestUnavailable(t *testing.T) {
	reason := errors.New("waldur.token is not known yet")
	c := Unavailable(reason)
	_, getErr := Get[thing](t.Context(), c, "/x", nil)
	_, postErr := Post[thing](t.Context(), c, "/x", thing{"n"})
	for want, err := range map[string]error{
		"GET /x: waldur.token is not known yet":    getErr,
		"POST /x: waldur.token is not known yet":   postErr,
		"DELETE /x: waldur.token is not known yet": Delete(t.Context(), c, "/x"),
	} {
		wantText(t, err, want)
		if !errors.Is(err, reason) {
			t.Errorf("%v is not the reason", err)
		}
	}
}

// echo returns method and path of the request.
func echo(w http.ResponseWriter, r *http.Request) {
	reply(200, fmt.Sprintf("{%q:%q}", "name", r.Method+" "+r.URL.Path), "X-Path", r.URL.Path)(w, r)
}

func TestConcurrentUse(t *testing.T) {
	s := serve(t, echo)
	c := s.client(t, func(o *Options) { o.MaxRequestsPerSecond = 1000 })
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 10 {
				path := fmt.Sprintf("/%d/%d", worker, i)
				method := []string{http.MethodGet, http.MethodPost, http.MethodPatch}[i%3]
				got, header, err := Call[thing](t.Context(), c, Request{Method: method, Path: path, Body: thing{path}})
				if err != nil || got.Name != method+" "+path || header.Get("X-Path") != path {
					t.Errorf("%s %s: got %v, %v", method, path, got, err)
				}
			}
		})
	}
	group.Wait()
	s.wantRequests(t, 80)
}

// A server or proxy removes such parts, and the path is another path: the request is refused before it
// is sent.
func TestPathThatChanges(t *testing.T) {
	for _, part := range []string{".", "..", ""} {
		s := serve(t, reply(204, ""))
		err := Delete(t.Context(), s.client(t), Path("api", "accounts", part, "rotate"))
		s.wantRequests(t, 0)
		wantLost(t, err, false)
		wantParts(t, err, "an identifier in the path is empty, \".\" or \"..\"")
	}
}

// encoding/json decodes null into any type.
func TestResponseNull(t *testing.T) {
	got, err := Post[thing](t.Context(), serve(t, reply(201, " null\n")).client(t), "/x", nil)
	if err == nil {
		t.Fatalf("null was read as %+v", *got)
	}
	wantLost(t, err, true)
}

type named struct{ Name string }

func (n *named) Complete() error { return Required("name", n.Name) }

func TestResponseIncomplete(t *testing.T) {
	for body, want := range map[string]string{
		`{}`:                           "",
		`[{"Name": "n"}]`:              "",
		`[]`:                           "",
		`[{"Name": "n"}, {}]`:          "entry 2: it has no name",
		`[null]`:                       "entry 1: it has no name",
		`[{"Name": "n"}, {"Name": 1}]`: "the member Name has the wrong type: expected a string",
	} {
		c := serve(t, reply(201, body)).client(t)
		if strings.HasPrefix(body, "{") {
			_, err := Post[named](t.Context(), c, "/x", nil)
			wantLost(t, err, true)
			wantText(t, err, "POST /x: 201 Created: the response is not the expected JSON: it has no name")
			continue
		}
		got, err := Post[[]named](t.Context(), c, "/x", nil)
		wantLost(t, err, want != "")
		if want != "" {
			want = "POST /x: 201 Created: the response is not the expected JSON: " + want
		}
		if wantText(t, err, want); err == nil && len(*got) != strings.Count(body, `"n"`) {
			t.Errorf("got %v from %s", *got, body)
		}
	}
}

// Do accepts a response without a body, or with a body that is not JSON.
func TestDo(t *testing.T) {
	for name, step := range map[string]step{"204": reply(204, ""), "empty": reply(200, ""), "HTML": reply(200, "<p>")} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, step)
			err := Do(t.Context(), s.client(t), Request{Method: http.MethodDelete, Path: "/x", Body: thing{"n"}})
			if err != nil {
				t.Error(err)
			}
			if sent := s.received()[0]; sent.body != `{"name":"n"}` || sent.header.Get("Content-Length") != "12" {
				t.Errorf("sent %q, %v", sent.body, sent.header)
			}
		})
	}
}

// TestSecretInPath looks for a secret that a path contains in all errors and in the log.
func TestSecretInPath(t *testing.T) {
	const token = "9e107d9d/372b"
	for name, step := range map[string]step{
		"refused":             reply(400, `{"detail":"no token `+token+`"}`),
		"refused, by a field": reply(400, `{"token":"`+token+`"}`),
		"not found":           reply(404, `{"detail":"9e107d9d%2F372b"}`),
		"redirected":          reply(301, "", "Location", "/x/"+token),
		"cut":                 cut,
		"garbage":             raw(token + "\r\n\r\n"),
		"request id":          reply(200, "{}", "X-Request-Id", token),
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			ctx := tflogtest.RootLogger(t.Context(), &log)
			r := Request{Method: http.MethodDelete, Path: Path("tokens", token), Secret: token}
			clients := []*Client{
				serve(t, step).client(t), client(t, "http://"+closedPort(t)), Unavailable(errors.New("no settings")),
			}
			for _, c := range clients {
				err := Do(ctx, c, r)
				if text := fmt.Sprintf("%v %+v", err, err); strings.Contains(text, "372b") {
					t.Errorf("the error contains the secret: %s", text)
				}
				if err != nil {
					wantParts(t, err, "DELETE /tokens/(redacted)")
				}
			}
			if text := log.String(); strings.Contains(text, "372b") || !strings.Contains(text, "/tokens/(redacted)") {
				t.Errorf("the log contains the secret, or no path: %s", text)
			}
		})
	}
}

// endless sends a body that never ends, as fast as it can.
func endless(status int) step {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		chunk := []byte(`"` + strings.Repeat("a", 1<<16) + `",`)
		for {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
}

// drip sends a body that never ends, byte by byte.
func drip(w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		_, _ = io.WriteString(w, " ")
		w.(http.Flusher).Flush()
		time.Sleep(time.Millisecond)
	}
}

// bomb returns a handler that sends a small body, which unpacks to 64 MiB. The body is made before a time limit
// begins.
func bomb(t *testing.T) step {
	t.Helper()
	var body bytes.Buffer
	packed := gzip.NewWriter(&body)
	for range 64 {
		if _, err := packed.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	return reply(200, body.String(), "Content-Encoding", "gzip")
}

// switchProtocol answers with another protocol, and keeps the connection for 10 s.
func switchProtocol(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
	_, _ = io.Copy(io.Discard, conn)
}

// A redirect shows no part of a secret of the request, however long it is.
func TestRedirectHidesASecret(t *testing.T) {
	const token = "0b7c2f3e-1111-4222-8333-9c1d2e3f4a5b"
	for before := range 40 {
		where := "https://sso.example/" + strings.Repeat("x", before) + "/" + token + strings.Repeat("y", 60-before)
		server := serve(t, reply(302, "", "Location", where))
		request := Request{Method: http.MethodDelete, Path: "/t/" + token, Secret: token}
		err := call(t.Context(), server.client(t), request)
		if err == nil || strings.Contains(err.Error(), token[9:18]) || strings.Contains(err.Error(), token[19:]) {
			t.Fatalf("after %d characters: %.400v", before, err)
		}
	}
}

// A hostile or broken server gets an error: nothing is sent to another server, no terminal sees its control
// characters, and memory and time are bounded.
func TestHostileServer(t *testing.T) {
	elsewhere := serve(t, reply(200, `{"name":"stolen"}`))
	deep := strings.Repeat(`{"name":`, 10_001) + "1" + strings.Repeat("}", 10_001)
	const (
		tooLarge  = "the response is larger than the limit of 32 MiB"
		malformed = "the response is not the expected JSON: it is malformed, or not complete"
	)
	tests := []struct {
		name     string
		step     step
		requests int
		want     string // a part of the error
	}{
		{"redirect", reply(307, "", "Location", elsewhere.URL), 1, "the redirect is not followed"},
		{"redirect, long", reply(302, "", "Location", "/"+strings.Repeat("a", 1<<16)), 1, "is not followed"},
		{"redirect, escapes", reply(302, "", "Location", "/%1b[31m"), 1, "the redirect is not followed"},
		{"another protocol", switchProtocol, 3, "the server switches to another protocol"},
		{"refresh and link", reply(400, `{"detail":"no"}`, "Refresh", "0; url="+elsewhere.URL, "Link",
			"<"+elsewhere.URL+`>; rel="next"`), 1, "400 Bad Request: no"},
		{"endless body", endless(200), 1, tooLarge},
		{"endless error", endless(500), 1, tooLarge},
		{"slow body", drip, 3, "no complete response within"},
		{"slow header", hang, 3, "no complete response within"},
		{"gzip bomb", bomb(t), 1, tooLarge},
		{"broken gzip", reply(200, "\x1f\x8b\x08junk", "Content-Encoding", "gzip"), 3, "the response ended early"},
		{"deep", reply(200, deep), 1, malformed},
		{"deep list", reply(200, strings.Repeat("[", 1<<20)), 1, malformed},
		{"deep error", reply(400, deep), 1, errNotJSON.Error()},
		{"repeated member", reply(200, `{"name":"a","name":"b"}`), 1, "an object has the member name twice"},
		{"repeated member, escapes", reply(200, `{"\u001b[2Jname":"a","\u001b[2Jname":"b"}`), 1, " [2Jname twice"},
		{"repeated member of an error", reply(404, `{"detail":"a","detail":"b"}`), 1, errNotJSON.Error()},
		{"escapes", reply(400, `{"detail":"\u001b]0;title\u0007\u009b31m\r\nError: fake\u202e"}`), 1,
			"400 Bad Request:  ]0;title  31m  Error: fake "},
		{"escapes in a field", reply(400, `{"\u001b[2Jname":"\u001b[2Jno"}`), 1, " [2Jname:  [2Jno"},
		{"long message", reply(400, `{"detail":"`+strings.Repeat("a", 1<<20)+`"}`), 1, "aaa…aaa"},
		{"many fields", reply(400, "{"+manyFields(10_000)+`"z":"z"}`), 1, "f0000: no; f0001: no"},
		{"length too small", reply(200, `{"name":"abc"}`, "Content-Length", "5"), 3, "the response ended early"},
		{"negative length", raw("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}"), 3, "bad Content-Length"},
		{"two lengths", raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\n{}"), 3, ""},
		{"long status", raw("HTTP/1.1 99999 \x1b[31m\r\n\r\n"), 3, "malformed HTTP status code"},
		{"endless header", func(w http.ResponseWriter, r *http.Request) {
			raw("HTTP/1.1 200 OK\r\n"+strings.Repeat("X: "+strings.Repeat("a", 1<<10)+"\r\n", 20<<10))(w, r)
		}, 3, ""},
		{"NUL in JSON", reply(200, "{\"name\":\"a\x00\"}"), 1, malformed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, test.step)
			limit := timeout(5 * time.Second)
			if strings.HasPrefix(test.name, "slow") {
				limit = timeout(shortly)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := call(t.Context(), s.client(t, limit), Request{Method: http.MethodGet, Path: "/x"})
			runtime.ReadMemStats(&after)
			wantParts(t, err, test.want)
			s.wantRequests(t, test.requests)
			if text := err.Error(); len(text) > 12_000 || strings.ContainsFunc(text, unicode.IsControl) {
				t.Errorf("%d bytes: %.300q", len(text), text)
			}
			var e *Error
			if errors.As(err, &e) && len(e.Problem.Fields) > mostFields {
				t.Errorf("%d fields", len(e.Problem.Fields))
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 512<<20 {
				t.Errorf("%d MiB were allocated", used>>20)
			}
		})
	}
	elsewhere.wantRequests(t, 0)
}

func manyFields(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"f%04d":"no",`, i)
	}
	return b.String()
}

// Each part of a path stays a part, whatever it holds.
func FuzzPath(f *testing.F) {
	f.Fuzz(func(t *testing.T, part string) {
		path := Path("api", part, "end")
		if !validPath(path) {
			return
		}
		u, err := url.Parse("https://h" + path)
		if err != nil || u.Path != "/api/"+part+"/end" || u.RawQuery != "" || u.Fragment != "" ||
			strings.Count(u.EscapedPath(), "/") != 3 {
			t.Errorf("%q: %q, %v", part, path, err)
		}
	})
}

func TestBudget(t *testing.T) {
	s := serve(t, reply(200, `{"name":"in"}`))
	c := s.client(t)
	page := Request{Method: http.MethodGet, Path: "/x", Budget: NewBudget(2 * len(`{"name":"in"}`))}
	for i := range 3 {
		_, _, err := Call[thing](t.Context(), c, page)
		switch {
		case i < 2 && err != nil:
			t.Errorf("page %d: %v", i+1, err)
		case i == 2:
			wantText(t, err, "GET /x: the pages of the list are too large together")
		}
	}
}
