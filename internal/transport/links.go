package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	"golang.org/x/time/rate"
)

// maxAnswer is the most that is read of one answer, in bytes.
const maxAnswer = 32 << 20

// introduced adds the headers that say who is asking.
type introduced struct {
	next   http.RoundTripper
	header http.Header
}

func (l *introduced) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	for name, values := range l.header {
		req.Header[name] = values
	}
	return l.next.RoundTrip(req)
}

// budgeted waits until the request budget allows one more send.
type budgeted struct {
	next    http.RoundTripper
	limiter *rate.Limiter
}

func (l *budgeted) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := l.limiter.Wait(req.Context()); err != nil {
		return nil, &unsentError{fmt.Errorf("waiting for the request budget: %w", err)}
	}
	return l.next.RoundTrip(req)
}

func burst(perSecond float64) int { return int(math.Max(1, math.Ceil(perSecond))) }

// logged writes one line a send: nothing of bodies, headers or queries, since any of them may hold a key. Secrets are hidden in the
// rest: a path may hold one, and a server's words may hold what it was sent.
type logged struct{ next http.RoundTripper }

func (l *logged) RoundTrip(req *http.Request) (*http.Response, error) {
	redact := sendsOf(req.Context()).redact
	start := time.Now()
	resp, err := l.next.RoundTrip(req)
	fields := map[string]any{
		"http_method": req.Method, "http_path": redact.Replace(req.URL.EscapedPath()), "duration_ms": time.Since(start).Milliseconds(),
	}
	if err != nil {
		fields["error"] = redact.Replace(err.Error())
	} else {
		fields["http_status"] = resp.StatusCode
		if id := resp.Header.Get("X-Request-Id"); id != "" {
			fields["request_id"] = redact.Replace(id)
		}
	}
	tflog.Debug(req.Context(), "HTTP request", fields)
	return resp, err
}

// redirectedTo is where unfollowed puts the target of a redirect.
const redirectedTo = "X-Redirected-To"

// unfollowed takes the target out of a redirect, so that net/http neither follows it nor stumbles over one that is malformed.
// Followed, a POST would arrive as a GET, and credentials might go elsewhere.
type unfollowed struct{ next http.RoundTripper }

func (l *unfollowed) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(req)
	if err == nil && resp.StatusCode >= 300 && resp.StatusCode < 400 {
		resp.Header.Set(redirectedTo, resp.Header.Get("Location"))
		resp.Header.Del("Location")
	}
	return resp, err
}

// bounded gives one send a time limit and its answer a size limit. It reads the answer whole, so that an answer
// cut off on the way is a failed send, which the retry policy sees, and not a decoding error.
type bounded struct {
	next    http.RoundTripper
	timeout time.Duration
	size    int64
}

func (l *bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	base := req.Context()
	if sendsOf(base).whole {
		base = context.WithoutCancel(base)
	}
	ctx, cancel := context.WithTimeoutCause(base, l.timeout, fmt.Errorf("no complete answer within %s", l.timeout))
	defer cancel()
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})

	resp, err := l.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		if cause := context.Cause(ctx); cause != nil && errors.Is(err, ctx.Err()) {
			err = cause
		}
		if !connected.Load() {
			err = &unsentError{err}
		}
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, l.size+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the answer broke off: %w", err)
	case int64(len(body)) > l.size:
		return nil, fmt.Errorf("%w of %d MiB", errTooLarge, l.size>>20)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

var errTooLarge = errors.New("the answer is larger than the limit")

// unsentError says that a request failed before there was a connection to write it to: the far side can't have acted on it.
type unsentError struct{ err error }

func (e *unsentError) Error() string { return e.err.Error() }
func (e *unsentError) Unwrap() error { return e.err }
