package transport

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// TestExclusive has a server that needs more than half the time limit for each request: a request whose
// wait for the others counts would exceed the limit.
func TestExclusive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const exclusive = 100 // more than the other requests
		var inFlight, together, failed atomic.Int32
		rt := chain(Options{RequestTimeout: time.Second}, nextFunc(func(req *http.Request) (*http.Response, error) {
			weight := int32(1)
			if requestStateOf(req.Context()).exclusive {
				weight = exclusive
			}
			if inFlight.Add(weight) > exclusive {
				together.Add(1)
			}
			defer inFlight.Add(-weight)
			select {
			case <-req.Context().Done():
				return nil, req.Context().Err()
			case <-time.After(600 * time.Millisecond):
				return respond("")(req)
			}
		}))
		for i := range 8 {
			state := &requestState{exclusive: i%4 != 3, redact: strings.NewReplacer()}
			req := newRequest(t, context.WithValue(t.Context(), requestStateKey{}, state))
			go func() {
				if _, err := rt.RoundTrip(req); err != nil { //nolint:bodyclose // there is nothing to close
					failed.Add(1)
				}
			}()
		}
		time.Sleep(time.Minute) // of the bubble's clock
		if together.Load() > 0 || failed.Load() > 0 || inFlight.Load() != 0 {
			t.Errorf("%d were in flight together with an exclusive request, %d failed, %d are not done",
				together.Load(), failed.Load(), inFlight.Load())
		}
	})
}

// The rate that the user has set, with ten requests at a time.
func TestPace(t *testing.T) {
	tests := []struct {
		perSecond float64
		requests  int
		want      time.Duration
	}{{0, 40, 400 * time.Millisecond}, {0.5, 3, 4 * time.Second}, {10, 40, 3 * time.Second}}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			server := &limited{allow: func(time.Time) bool { return true }, latency: 100 * time.Millisecond}
			rt := chain(Options{MaxRequestsPerSecond: test.perSecond}, server)
			start := time.Now()
			failed := run(t.Context(), rt, test.requests, plain(t))
			took := time.Since(start)
			if failed > 0 || took < test.want || took > test.want+200*time.Millisecond {
				t.Errorf("%v a second: %d failed, %s", test.perSecond, failed, took)
			}
		})
	}
}

func TestPaceHoldsForRetries(t *testing.T) {
	s := serve(t, reply(500, ""))
	ctx, cancel := context.WithTimeout(t.Context(), 4*shortly)
	defer cancel()
	err := call(ctx, s.client(t, func(o *Options) { o.MaxRequestsPerSecond = 0.1 }), Request{Method: "GET", Path: "/x"})
	wantText(t, err, "GET /x: context deadline exceeded")
	s.wantRequests(t, 1)
}

func TestBurst(t *testing.T) {
	for perSecond, want := range map[float64]int{0: 1, 0.1: 1, 1: 1, 1.5: 2, 10: 10, 50: 50} {
		if got := burst(perSecond); got != want {
			t.Errorf("burst(%v) = %d, want %d", perSecond, got, want)
		}
	}
}

// limited is a server with a limit of requests, as a RoundTripper within a bubble of synctest.
type limited struct {
	allow   func(now time.Time) bool
	latency time.Duration
	header  func(now time.Time) http.Header // of a refusal; nil: none

	mu                sync.Mutex
	accepted, refused int
	at                []time.Duration // when requests arrived, from the start
	began             time.Time
}

func (l *limited) RoundTrip(req *http.Request) (*http.Response, error) {
	l.mu.Lock()
	if l.began.IsZero() {
		l.began = time.Now()
	}
	l.at = append(l.at, time.Since(l.began))
	resp := &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}
	if l.allow(time.Now()) {
		l.accepted++
	} else {
		l.refused++
		resp.StatusCode = http.StatusTooManyRequests
		if l.header != nil {
			resp.Header = l.header(time.Now())
		}
	}
	l.mu.Unlock()
	time.Sleep(l.latency)
	return resp, req.Context().Err()
}

// perWindow allows n requests in each window that begins with the first request after the last window.
func perWindow(n int, window time.Duration) func(time.Time) bool {
	var begin time.Time
	count := 0
	return func(now time.Time) bool {
		if begin.IsZero() || now.Sub(begin) >= window {
			begin, count = now, 0
		}
		count++
		return count <= n
	}
}

// sliding allows n accepted requests within any window.
func sliding(n int, window time.Duration) func(time.Time) bool {
	var accepted []time.Time
	return func(now time.Time) bool {
		for len(accepted) > 0 && now.Sub(accepted[0]) >= window {
			accepted = accepted[1:]
		}
		if len(accepted) == n {
			return false
		}
		accepted = append(accepted, now)
		return true
	}
}

// slidingAll allows n requests within any window, where refused requests count too.
func slidingAll(n int, window time.Duration) func(time.Time) bool {
	var all []time.Time
	return func(now time.Time) bool {
		all = append(all, now)
		for now.Sub(all[0]) >= window {
			all = all[1:]
		}
		return len(all) <= n
	}
}

// bucket allows a burst of n requests, and refills in the given time.
func bucket(n int, window time.Duration) func(time.Time) bool {
	tokens, last := float64(n), time.Now()
	return func(now time.Time) bool {
		tokens = math.Min(float64(n), tokens+float64(n)*float64(now.Sub(last))/float64(window))
		last = now
		if tokens < 1 {
			return false
		}
		tokens--
		return true
	}
}

// run sends requests, ten at a time as Terraform does, and returns how many failed.
func run(ctx context.Context, rt http.RoundTripper, requests int, req func(context.Context) *http.Request) int {
	var group sync.WaitGroup
	var failed atomic.Int32
	work := make(chan struct{}, requests)
	for range requests {
		work <- struct{}{}
	}
	close(work)
	for range 10 {
		group.Go(func() {
			for range work {
				resp, err := rt.RoundTrip(req(ctx)) //nolint:bodyclose // there is nothing to close
				if err != nil || resp.StatusCode != 200 {
					failed.Add(1)
				}
			}
		})
	}
	group.Wait()
	return int(failed.Load())
}

// plain returns a request that is neither exclusive nor has a state.
func plain(t *testing.T) func(context.Context) *http.Request {
	return func(ctx context.Context) *http.Request { return newRequest(t, ctx) }
}

// Whatever way a server counts: nothing fails, less than a fifth is refused, and the waits have
// about the length that the limit needs.
func TestServerLimits(t *testing.T) {
	const minute = time.Minute
	type limit func(n int, window time.Duration) func(time.Time) bool
	of := func(l limit, n int, window time.Duration) func() func(time.Time) bool {
		return func() func(time.Time) bool { return l(n, window) }
	}
	tests := []struct {
		name     string
		allow    func() func(time.Time) bool // begins to count
		after    bool                        // the server sends Retry-After
		requests int
		most     time.Duration
	}{
		{"100 a minute, fixed", of(perWindow, 100, minute), false, 400, 5 * minute},
		{"100 a minute, sliding", of(sliding, 100, minute), false, 400, 5 * minute},
		{"100 a minute, refilled", of(bucket, 100, minute), false, 400, 5 * minute},
		{"100 a minute, and refusals count", of(slidingAll, 100, minute), false, 400, 6 * minute},
		{"1000 a minute, fixed", of(perWindow, 1000, minute), false, 3000, 3 * minute},
		{"10 a second, refilled", of(bucket, 10, time.Second), false, 400, 2 * minute},
		{"with Retry-After", of(perWindow, 100, minute), true, 400, 4 * minute},
		{"no limit", of(perWindow, math.MaxInt, minute), false, 1000, 11 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &limited{allow: test.allow(), latency: 100 * time.Millisecond}
				if test.after {
					server.header = func(now time.Time) http.Header {
						left := minute - now.Sub(server.began)%minute
						return http.Header{"Retry-After": {strconv.Itoa(int(math.Ceil(left.Seconds())))}}
					}
				}
				start := time.Now()
				failed := run(t.Context(), chain(Options{}, server), test.requests, plain(t))
				took := time.Since(start)
				t.Logf("%d accepted, %d refused, %s", server.accepted, server.refused, took)
				if failed > 0 || server.accepted != test.requests || took > test.most ||
					server.refused*5 >= server.accepted+server.refused {
					t.Errorf("%d failed, %d accepted, %d refused, %s", failed, server.accepted, server.refused, took)
				}
			})
		})
	}
}

// The pauses of a request that the server always refuses.
func TestPauses(t *testing.T) {
	const s = time.Second
	growing := []time.Duration{4 * s, 8 * s, 16 * s, 32 * s, 64 * s, 64 * s, 64 * s}
	tests := []struct {
		name  string
		after string // Retry-After; empty: none
		wait  time.Duration
		max   time.Duration
		want  []time.Duration // each at least, and an eighth longer at most
		err   string
	}{
		{"growing", "", 0, 0, growing, "has accepted none for 5m0s; http.max_wait is 5m0s. Raise it, or set " +
			"http.max_requests_per_second below the limit of the server"},
		{"RetryWait scales all", "", time.Millisecond, 0,
			[]time.Duration{4e6, 8e6, 16e6, 32e6, 64e6, 64e6, 64e6}, "has accepted none for 300ms; "},
		{"max_wait in between", "", 0, 10 * s, []time.Duration{4 * s, 11 * s / 2}, "has accepted none for 10s; "},
		{"Retry-After", "7", 0, 40 * s, []time.Duration{7 * s, 7 * s, 8 * s}, "has accepted none for 40s"},
		{"Retry-After that is always 0", "0", 0, 20 * s, []time.Duration{0, 4 * s, 8 * s}, "has accepted none for 20s"},
		{"Retry-After that is too long", "3600", 0, 0, nil, "asks to wait 1h0m0s; http.max_wait is 5m0s. "},
		{"Retry-After that can't be read", "soon", 0, 4 * s, []time.Duration{4 * s}, "has accepted none for 4s"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &limited{allow: func(time.Time) bool { return false }, header: refusal(test.after)}
				state := &requestState{redact: strings.NewReplacer()}
				rt := chain(Options{RetryWait: test.wait, MaxWait: test.max}, server)
				ctx := context.WithValue(t.Context(), requestStateKey{}, state)
				resp, err := rt.RoundTrip(newRequest(t, ctx)) //nolint:bodyclose // there is nothing to close
				if err != nil || resp.StatusCode != http.StatusTooManyRequests {
					t.Fatalf("got %v, %v", resp, err)
				}
				wantParts(t, state.overdue, "the server limits the rate of requests and "+test.err)
				for i, want := range test.want {
					if i+1 == len(server.at) {
						t.Fatalf("attempts at %v", server.at)
					}
					if got := server.at[i+1] - server.at[i]; got < want || got > want+want/8+1 {
						t.Errorf("pause %d is %s, want %s", i+1, got, want)
					}
				}
			})
		})
	}
}

// refusal returns the header of a limited server; empty: none.
func refusal(after string) func(time.Time) http.Header {
	if after == "" {
		return nil
	}
	return func(time.Time) http.Header { return http.Header{"Retry-After": {after}} }
}

// All requests wait together: after the refusals of those in flight, one goes at a time, exclusive or
// not, and all others wait for its result.
func TestOneProbe(t *testing.T) {
	for _, exclusive := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			server := &limited{latency: 100 * time.Millisecond}
			server.allow = func(now time.Time) bool { return now.Sub(server.began) > 20*time.Second }
			var n atomic.Int32
			failed := run(t.Context(), chain(Options{}, server), 10, func(ctx context.Context) *http.Request {
				state := &requestState{exclusive: exclusive && n.Add(1)%2 == 0, redact: strings.NewReplacer()}
				return newRequest(t, context.WithValue(ctx, requestStateKey{}, state))
			})
			// The requests in flight at the first refusal, then after 4, 12 and 28 s.
			var early int
			for _, at := range server.at {
				if at < 4*time.Second {
					early++
				}
			}
			if exclusive && early > 1 { // an exclusive request is the second, and waits for the first
				t.Errorf("%d requests at once", early)
			}
			if failed > 0 || server.refused != early+2 || server.accepted != 10 {
				t.Errorf("exclusive %t: %d failed, %d refused, %d early", exclusive, failed, server.refused, early)
			}
		})
	}
}

// After max_wait no request waits any more: what comes in the pause fails unsent, and what comes later
// is sent once.
func TestAfterMaxWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		accepts := false
		server := &limited{allow: func(time.Time) bool { return accepts }, header: refusal("60")}
		rt := chain(Options{MaxWait: 30 * time.Second}, server)
		send := func(wantStatus, wantSent int, wantErr string) {
			t.Helper()
			resp, err := rt.RoundTrip(newRequest(t, t.Context())) //nolint:bodyclose // there is nothing to close
			if err == nil && (resp.StatusCode != wantStatus || wantErr != "") {
				t.Errorf("status %d", resp.StatusCode)
			}
			if err != nil {
				if _, unsent := errors.AsType[*unsentError](err); !unsent || wantErr == "" {
					t.Errorf("got %v", err)
				}
				wantParts(t, err, wantErr)
			}
			if got := len(server.at); got != wantSent {
				t.Errorf("%d requests were sent, want %d", got, wantSent)
			}
		}
		send(429, 1, "")
		send(0, 1, "not sent, since other requests got 429 Too Many Requests: the server limits the rate of requests "+
			"and asks to wait 1m0s; http.max_wait is 30s. ")
		time.Sleep(time.Minute)
		send(429, 2, "")
		accepts = true
		send(0, 2, "not sent")
		time.Sleep(65 * time.Second)
		send(200, 3, "")
		accepts = false // counted again from here
		server.header = refusal("20")
		start := time.Now()
		send(429, 5, "")
		if took := time.Since(start); took != 20*time.Second {
			t.Errorf("waited %s", took)
		}
	})
}

// The end of the context ends a pause at once, and the others go on.
func TestPauseCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &limited{allow: perWindow(1, 3*time.Second), header: refusal("3")}
		rt := chain(Options{}, server)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if failed := run(t.Context(), rt, 1, plain(t)); failed > 0 {
			t.Fatal("the first request fails")
		}
		start := time.Now()
		var group sync.WaitGroup
		group.Go(func() {
			_, err := rt.RoundTrip(newRequest(t, ctx)) //nolint:bodyclose // there is nothing to close
			_, unsent := errors.AsType[*unsentError](err)
			if took := time.Since(start); !unsent || !errors.Is(err, context.DeadlineExceeded) || took != time.Second {
				t.Errorf("after %s: %v", took, err)
			}
		})
		synctest.Wait()
		if failed := run(t.Context(), rt, 1, plain(t)); failed > 0 {
			t.Error("the request after it fails")
		}
		group.Wait()
		if server.refused != 1 {
			t.Errorf("%d refused", server.refused)
		}
	})
}

// A request whose wait ends does not hold up the others.
func TestExclusiveWaitEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(Options{})
		first, err := g.enter(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var group sync.WaitGroup
		group.Go(func() {
			_, err := g.enter(ctx, true)
			wantText(t, err, "waiting for other requests: context deadline exceeded")
		})
		synctest.Wait()
		if _, err := g.enter(t.Context(), false); err != nil {
			t.Error(err)
		}
		group.Wait()
		g.leave(first, nil, false)
	})
}

// A pause has one line in the log, without what requests and responses hold.
func TestPauseIsLogged(t *testing.T) {
	var output bytes.Buffer
	s := serve(t, reply(429, secret), reply(200, "{}"))
	if err := call(tflogtest.RootLogger(t.Context(), &output), s.client(t), Request{
		Method: http.MethodPost, Path: "/x", Body: thing{secret}, Secret: secret,
	}); err != nil {
		t.Fatal(err)
	}
	entries, err := tflogtest.MultilineJSONDecode(&output)
	if err != nil || len(entries) != 3 || entries[1]["@level"] != "info" || entries[1]["wait"] == "" ||
		entries[1]["http_host"] != strings.TrimPrefix(s.URL, "http://") || entries[1]["max_wait"] != "300ms" {
		t.Errorf("got %v, %v", entries, err)
	}
	if strings.Contains(output.String(), secret) {
		t.Error("the log has a secret")
	}
}

// The error of a request that waited for too long names the settings and the server's reason.
func TestMaxWait(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			s := serve(t, reply(429, `{"detail":"Rate Limit Exceeded"}`))
			short := func(o *Options) { o.MaxWait = 10 * time.Millisecond }
			err := call(t.Context(), s.client(t, retries(0), short), kind.request)
			wantParts(t, err, kind.request.Method+" /x: 429 Too Many Requests: Rate Limit Exceeded; the server limits "+
				"the rate of requests and has accepted none for ", "; http.max_wait is 10ms. Raise it, or set "+
				"http.max_requests_per_second below the limit of the server")
			wantLost(t, err, false)
			if got := len(s.received()); got < 2 { // after 4 ms, and at the end
				t.Errorf("%d attempts", got)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	date := func(ahead time.Duration) string { return now.Add(ahead).Format(http.TimeFormat) }
	tests := []struct {
		name, after, date string
		want              time.Duration
		ok                bool
	}{
		{"none", "", "", 0, false},
		{"seconds", "7", "", 7 * time.Second, true},
		{"zero", "0", "", 0, true},
		{"negative", "-5", "", 0, false},
		{"no number", "soon", "", 0, false},
		{"more than a duration holds", "10000000000", "", 9223372036 * time.Second, true},
		{"date", date(time.Minute), "", time.Minute, true},
		{"date in the past", date(-time.Hour), "", 0, true},
		{"date of a server whose clock is late", date(time.Minute), date(-time.Hour), 61 * time.Minute, true},
		{"date of a server with a broken clock", date(time.Minute), "today", time.Minute, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			resp := &http.Response{Header: http.Header{}}
			resp.Header.Set("Retry-After", test.after)
			resp.Header.Set("Date", test.date)
			if got, ok := retryAfter(resp, now); max(got, 0) != test.want || ok != test.ok {
				t.Errorf("got %s, %t; want %s, %t", got, ok, test.want, test.ok)
			}
		})
	}
}

func FuzzRetryAfter(f *testing.F) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, after, date string) {
		resp := &http.Response{Header: http.Header{"Retry-After": {after}, "Date": {date}}}
		if wait, ok := retryAfter(resp, now); ok && wait < 0 {
			t.Errorf("%q at %q: %s", after, date, wait)
		}
	})
}
