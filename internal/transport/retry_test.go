package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// kinds are the kinds of requests that the retry policy distinguishes.
var kinds = []struct {
	name       string
	request    Request
	repeatable bool
	readOnly   bool
}{
	{"GET", Request{Method: http.MethodGet, Path: "/x"}, true, true},
	{"PUT", Request{Method: http.MethodPut, Path: "/x", Body: thing{"n"}}, true, false},
	{"PATCH", Request{Method: http.MethodPatch, Path: "/x", Body: thing{"n"}}, true, false},
	{"DELETE", Request{Method: http.MethodDelete, Path: "/x"}, true, false},
	{"repeatable POST", Request{Method: http.MethodPost, Path: "/x", Repeatable: true}, true, false},
	{"POST", Request{Method: http.MethodPost, Path: "/x", Body: thing{"n"}}, false, false},
	{"search", Request{Method: http.MethodPost, Path: "/x", ReadOnly: true}, true, true},
	{"POST without body", Request{Method: http.MethodPost, Path: "/x"}, false, false},
}

func TestRetry(t *testing.T) {
	const never, repeatables, all = 0, 1, 2
	tests := []struct {
		name  string
		first step
		who   int
	}{
		{"connection cut", cut, repeatables},
		{"response cut off", truncate(200), repeatables},
		{"error response cut off", truncate(404), repeatables},
		{"no HTTP", raw("hello\r\n\r\n"), repeatables},
		{"500", reply(500, ""), repeatables},
		{"502", reply(502, ""), repeatables},
		{"503", reply(503, ""), repeatables},
		{"503 that asks to come again", reply(503, "", "Retry-After", "0"), repeatables},
		{"504", reply(504, ""), repeatables},
		{"429", reply(429, "", "Retry-After", "0"), all},
		{"429 without Retry-After", reply(429, ""), all},
		{"501", reply(501, ""), never},
		{"200", reply(200, "{}"), never},
		{"200 with garbage", reply(200, "<html>"), never},
		{"301", reply(301, "", "Location", "/y"), never},
		{"400", reply(400, "{}"), never},
		{"401", reply(401, "{}"), never},
		{"403", reply(403, "{}"), never},
		{"404", reply(404, "{}"), never},
		{"408", reply(408, "{}"), never},
		{"409", reply(409, "{}"), never},
	}
	for _, test := range tests {
		for _, kind := range kinds {
			t.Run(test.name+"/"+kind.name, func(t *testing.T) {
				s := serve(t, test.first, reply(200, `{"name":"second"}`))
				got, _, err := Call[thing](t.Context(), s.client(t), kind.request)
				if test.who == never || test.who == repeatables && !kind.repeatable {
					s.wantRequests(t, 1)
					return
				}
				s.wantRequests(t, 2)
				if err != nil || got.Name != "second" {
					t.Errorf("got %v, %v; want the second response", got, err)
				}
			})
		}
	}
}

func TestFinal(t *testing.T) {
	tests := []struct {
		status   int
		requests int
	}{{500, 1}, {502, 2}}
	for _, test := range tests {
		s := serve(t, reply(test.status, "<html>"), reply(200, `{}`))
		err := call(t.Context(), s.client(t), Request{Method: http.MethodPatch, Path: "/x", Final: []int{500}})
		s.wantRequests(t, test.requests)
		if Lost(err) != (test.requests == 1) {
			t.Errorf("%d: error %v", test.status, err)
		}
	}
}

func TestSlow(t *testing.T) {
	for slow, requests := range map[bool]int{true: 1, false: 2} {
		s := serve(t, hang)
		c := s.client(t, retries(1), timeout(shortly))
		err := call(t.Context(), c, Request{Method: http.MethodPatch, Path: "/x", Slow: slow})
		wantText(t, err, "PATCH /x: no complete response within 50ms")
		s.wantRequests(t, requests)
	}
	s := serve(t, cut, reply(200, "{}"))
	if err := call(t.Context(), s.client(t), Request{Method: http.MethodPatch, Path: "/x", Slow: true}); err != nil {
		t.Error(err)
	}
}

func TestRetryOfWhatWasNeverSent(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			address := closedPort(t)
			c := client(t, "http://"+address)
			var s *script
			c.http.PrepareRetry = func(*http.Request) error {
				s = listen(t, address, reply(200, `{"name":"second"}`))
				return nil
			}
			got, _, err := Call[thing](t.Context(), c, kind.request)
			if err != nil || got.Name != "second" {
				t.Fatalf("got %v, %v; want the response of the server that started", got, err)
			}
			s.wantRequests(t, 1)
		})
	}
}

func TestMaxRetries(t *testing.T) {
	faults := map[string]step{"503": reply(503, ""), "cut": cut}
	for name, fault := range faults {
		for _, most := range []int{0, 1, 3} {
			t.Run(fmt.Sprintf("%s/%d", name, most), func(t *testing.T) {
				s := serve(t, fault)
				err := call(t.Context(), s.client(t, retries(most)), Request{Method: http.MethodGet, Path: "/x"})
				if err == nil {
					t.Error("no error after the last attempt")
				}
				s.wantRequests(t, most+1)
			})
		}
	}
}

func TestMaxRetriesOfDials(t *testing.T) {
	c := client(t, "http://"+closedPort(t), retries(3))
	dials := 1
	c.http.PrepareRetry = func(*http.Request) error { dials++; return nil }
	err := call(t.Context(), c, Request{Method: http.MethodPost, Path: "/x"})
	wantParts(t, err, "POST /x: http://127.0.0.1:", " can't be reached: dial tcp 127.0.0.1:", "refused",
		"Nothing accepts connections there")
	if dials != 4 {
		t.Errorf("dials = %d, want 4", dials)
	}
}

func TestLastAnswerIsTheError(t *testing.T) {
	s := serve(t, reply(500, `{"detail":"first"}`), reply(502, `{"detail":"second"}`), reply(503, `{"detail":"third"}`))
	err := call(t.Context(), s.client(t), Request{Method: http.MethodGet, Path: "/x"})
	wantText(t, err, "GET /x: 503 Service Unavailable: third")
}

func TestRetrySendsBodyWhole(t *testing.T) {
	for _, r := range []Request{
		{Method: http.MethodPatch, Path: "/x", Body: thing{"whole"}},
		{Method: http.MethodPost, Path: "/x", Body: thing{"whole"}, Repeatable: true},
	} {
		t.Run(r.Method, func(t *testing.T) {
			s := serve(t, cut, reply(500, ""), reply(200, `{}`))
			if err := call(t.Context(), s.client(t), r); err != nil {
				t.Fatal(err)
			}
			s.wantRequests(t, 3)
			for i, got := range s.received() {
				if got.body != `{"name":"whole"}` || got.header.Get("Content-Type") != "application/json" {
					t.Errorf("attempt %d: body %q as %q", i+1, got.body, got.header.Get("Content-Type"))
				}
			}
		})
	}
}

func TestBackoff(t *testing.T) {
	date := func(ahead time.Duration) string { return time.Now().Add(ahead).UTC().Format(http.TimeFormat) }
	tests := []struct {
		name     string
		attempt  int
		status   int // 0: no response
		after    string
		from, to time.Duration
	}{
		{"first", 0, 0, "", time.Second, time.Second},
		{"second", 1, 0, "", 2 * time.Second, 2 * time.Second},
		{"third", 2, 500, "", 4 * time.Second, 4 * time.Second},
		{"at most", 20, 500, "", 30 * time.Second, 30 * time.Second},
		{"503 with seconds", 3, 503, "7", 7 * time.Second, 7 * time.Second},
		{"503 with zero", 3, 503, "0", 0, 0},
		{"longer than the usual most", 0, 503, "90", 90 * time.Second, 90 * time.Second},
		{"seconds at the cap", 0, 503, "120", longestWait, longestWait},
		{"seconds over the cap", 0, 503, "3600", longestWait, longestWait},
		{"date", 0, 503, date(time.Minute), 58 * time.Second, time.Minute},
		{"date over the cap", 0, 503, date(time.Hour), longestWait, longestWait},
		{"date in the past", 2, 503, date(-time.Hour), 0, 0},
		{"negative", 1, 503, "-5", 2 * time.Second, 2 * time.Second},
		{"neither", 1, 503, "soon", 2 * time.Second, 2 * time.Second},
		{"500 with seconds", 1, 500, "7", 2 * time.Second, 2 * time.Second},
		{"more seconds than a duration holds", 0, 503, "10000000000", longestWait, longestWait},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var resp *http.Response
			if test.status != 0 {
				resp = &http.Response{StatusCode: test.status, Header: http.Header{}}
			}
			if test.after != "" {
				resp.Header.Set("Retry-After", test.after)
			}
			if got := backoff(time.Second, 30*time.Second, test.attempt, resp); got < test.from || got > test.to {
				t.Errorf("backoff = %s, want %s to %s", got, test.from, test.to)
			}
		})
	}
}

func TestBackoffOfClient(t *testing.T) {
	asked := &http.Response{StatusCode: 503, Header: http.Header{"Retry-After": {"3600"}}}
	tests := []struct {
		name string
		wait time.Duration
		resp *http.Response
		want time.Duration
	}{
		{"default", 0, nil, time.Second},
		{"RetryWait", 3 * time.Millisecond, nil, 3 * time.Millisecond},
		{"Retry-After", 3 * time.Millisecond, asked, longestWait},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := client(t, "http://127.0.0.1", func(o *Options) { o.RetryWait = test.wait })
			if got := c.http.Backoff(c.http.RetryWaitMin, c.http.RetryWaitMax, 0, test.resp); got != test.want {
				t.Errorf("first wait = %s, want %s", got, test.want)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	tests := []struct {
		name     string
		when     string
		requests int
	}{
		{"before the first attempt", "start", 0},
		{"while it waits for the response", "send", 1},
		{"between two attempts", "wait", 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if test.when == "send" {
					cancel()
					hang(w, r)
				}
				w.WriteHeader(http.StatusServiceUnavailable)
			})
			c := s.client(t)
			c.http.Backoff = func(time.Duration, time.Duration, int, *http.Response) time.Duration {
				cancel()
				return time.Hour
			}
			if test.when == "start" {
				cancel()
			}
			err := call(ctx, c, Request{Method: http.MethodGet, Path: "/x"})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("error %v is not context.Canceled", err)
			}
			wantText(t, err, "GET /x: context canceled")
			s.wantRequests(t, test.requests)
		})
	}
}

func TestCancelledWithCause(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("the user pressed Ctrl-C")
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel(cause)
		hang(w, r)
	})
	err := call(ctx, s.client(t), Request{Method: http.MethodGet, Path: "/x"})
	if !errors.Is(err, cause) {
		t.Errorf("error %v is not the cause", err)
	}
	s.wantRequests(t, 1)
}

// The server may have executed a write that was cut off, and its response may hold a key.
func TestInterruptCutsOffReadsAlone(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				cancel()
				select {
				case <-r.Context().Done():
				case <-time.After(shortly):
				}
				reply(200, `{"name":"n"}`)(w, r)
			})
			err := call(ctx, s.client(t), kind.request)
			if got := errors.Is(err, context.Canceled); got != kind.readOnly {
				t.Errorf("cut off = %t, want %t; error %v", got, kind.readOnly, err)
			}
			s.wantRequests(t, 1)
		})
	}
}

// go-retryablehttp recognizes an error of certificates only directly within the error of net/http.
func TestLastingFaultIsNotRetried(t *testing.T) {
	for name, start := range map[string]func(*httptest.Server){
		"a certificate that nobody trusts": (*httptest.Server).StartTLS,
		"TLS with a server without it":     (*httptest.Server).Start,
	} {
		t.Run(name, func(t *testing.T) {
			var opened atomic.Int32
			s := httptest.NewUnstartedServer(http.NotFoundHandler())
			s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					opened.Add(1)
				}
			}
			start(s)
			defer s.Close()
			encrypted := strings.Replace(s.URL, "http:", "https:", 1)
			_ = call(t.Context(), client(t, encrypted), Request{Method: http.MethodGet, Path: "/x"})
			if got := opened.Load(); got != 1 {
				t.Errorf("connections = %d, want 1", got)
			}
		})
	}
}

// The response to a request that was never sent, or was refused with 429, is not lost when the context
// ends.
func TestCancelledIsNotLost(t *testing.T) {
	r := Request{Method: http.MethodPost, Path: "/x"}
	t.Run("before the first attempt", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		s := serve(t, reply(200, `{}`))
		err := call(ctx, s.client(t), r)
		s.wantRequests(t, 0)
		wantLost(t, err, false)
	})
	t.Run("in the wait after 429", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTooManyRequests)
			time.AfterFunc(shortly, cancel)
		})
		err := call(ctx, s.client(t, func(o *Options) { o.RetryWait = time.Hour }), r)
		s.wantRequests(t, 1)
		wantLost(t, err, false)
		wantText(t, err, "POST /x: context canceled")
	})
	t.Run("in the wait after refused dial", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := client(t, "http://"+closedPort(t))
		c.http.Backoff = func(time.Duration, time.Duration, int, *http.Response) time.Duration {
			cancel()
			return time.Hour
		}
		wantLost(t, call(ctx, c, r), false)
	})
}

func TestThrottled(t *testing.T) {
	throttled := func(o *Options) { o.Throttled = []int{http.StatusNotAcceptable} }
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			s := serve(t, reply(406, "{}"), reply(406, ""), reply(200, `{"name":"third"}`))
			got, _, err := Call[thing](t.Context(), s.client(t, throttled, retries(0)), kind.request) // no wait counts
			if err != nil || got.Name != "third" {
				t.Errorf("got %v, %v", got, err)
			}
			s = serve(t, reply(406, `{"detail":"later"}`, "Retry-After", "3600"))
			err = call(t.Context(), s.client(t, throttled), kind.request)
			s.wantRequests(t, 1)
			wantLost(t, err, false)
			wantParts(t, err, "406 Not Acceptable: later")
			s = serve(t, reply(406, "{}"))
			_ = call(t.Context(), s.client(t), kind.request)
			s.wantRequests(t, 1)
		})
	}
}
