package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
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
			if got := s.sends()[0].uri; got != test.want {
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
			return &thing{"answer"}, Delete(ctx, c, "/x")
		}, sent{method: "DELETE", uri: "/x"}},
		{"Call", func(ctx context.Context, c *Client) (*thing, error) {
			got, _, err := Call[thing](ctx, c, Request{Method: "PUT", Path: "/x", Query: url.Values{"a": {"1"}}, Body: []int{1}})
			return got, err
		}, sent{method: "PUT", uri: "/x?a=1", body: `[1]`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, reply(201, `{"name":"answer"}`))
			got, err := test.call(t.Context(), s.client(t))
			if err != nil || *got != (thing{"answer"}) {
				t.Fatalf("got %v, %v", got, err)
			}
			arrived := s.sends()[0]
			if arrived.method != test.want.method || arrived.uri != test.want.uri || arrived.body != test.want.body {
				t.Errorf("sent %s %s %q, want %s %s %q", arrived.method, arrived.uri, arrived.body, test.want.method, test.want.uri, test.want.body)
			}
		})
	}
}

func TestDelete(t *testing.T) {
	tests := []struct {
		name   string
		answer step
		want   string
	}{
		{"204", reply(204, ""), ""},
		{"200 with text", reply(200, "gone"), ""},
		{"202 with JSON", reply(202, `{}`), ""},
		{"403", reply(403, `{"detail":"no"}`), "DELETE /x: 403 Forbidden: no"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantText(t, Delete(t.Context(), serve(t, test.answer).client(t), "/x"), test.want)
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
			"Accept": {"application/json"}, "User-Agent": {"provider/1 Terraform/1.14"}, "Authorization": {"Token " + secret},
			"Accept-Language": {"en"}, "Content-Type": nil,
		}},
		{"with body", extra, thing{"n"}, http.Header{
			"Accept": {"application/json"}, "Accept-Language": {"en"}, "Content-Type": {"application/json"}, "Authorization": {"Token " + secret},
		}},
		{"without credential", anonymous, nil, http.Header{"Accept": {"application/json"}, "Authorization": nil}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, reply(200, `{}`))
			if err := call(t.Context(), s.client(t, test.change), Request{Method: http.MethodPut, Path: "/x", Body: test.body}); err != nil {
				t.Fatal(err)
			}
			for name, want := range test.want {
				if got := s.sends()[0].header[name]; !slices.Equal(got, want) {
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
	const hint = `: the server redirects to %q, which is not followed, so that credentials go nowhere else; ` +
		`the endpoint probably has the wrong scheme (http for https), host or path`
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
	}
	for _, test := range tests {
		for _, status := range []int{301, 302, 303, 307, 308} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				t.Run(fmt.Sprintf("%s/%d/%s", test.name, status, method), func(t *testing.T) {
					s := serve(t, reply(status, `{"detail":"moved"}`, "Location", test.location))
					_, _, err := Call[thing](t.Context(), s.client(t), Request{Method: method, Path: "/x", Query: url.Values{"q": {"1"}}})
					wantText(t, err, fmt.Sprintf("%s /x: %d %s"+hint, method, status, http.StatusText(status), test.shown))
					s.wantSends(t, 1)
				})
			}
		}
	}
	elsewhere.wantSends(t, 0)
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

// echo answers with what identifies the request.
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
	s.wantSends(t, 80)
}
