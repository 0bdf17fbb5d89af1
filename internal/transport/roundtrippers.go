package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// maxResponse is the largest response that is read, in bytes.
const maxResponse = 32 << 20

// headerTransport adds the headers that all requests have in common.
type headerTransport struct {
	next   http.RoundTripper
	header http.Header
}

func (t *headerTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	for name, values := range t.header {
		req.Header[name] = values
	}
	return t.next.RoundTrip(req)
}

// logTransport writes one log line for each attempt. The line has no bodies, headers or queries, since
// each of them may contain a key. Secrets are hidden in the rest of it: a path may contain a token,
// and an error may quote the request.
type logTransport struct{ next http.RoundTripper }

func (t *logTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	redact := requestStateOf(req.Context()).redact
	start := time.Now()
	resp, err := t.next.RoundTrip(req)
	fields := map[string]any{
		"http_method": req.Method,
		"http_path":   redact.Replace(req.URL.EscapedPath()),
		"duration_ms": time.Since(start).Milliseconds(),
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

// redirectedTo is the header into which noRedirectTransport moves the target of a redirect.
const redirectedTo = "X-Redirected-To"

// noRedirectTransport removes the target of a redirect, so that net/http neither follows it nor fails
// because it is malformed. A redirected POST would arrive as a GET, and the credential might be sent
// to another server.
type noRedirectTransport struct{ next http.RoundTripper }

func (t *noRedirectTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err == nil && resp.StatusCode >= 300 && resp.StatusCode < 400 {
		resp.Header.Set(redirectedTo, resp.Header.Get("Location"))
		resp.Header.Del("Location")
	}
	return resp, err
}

// limitTransport gives one attempt a time limit and its response a size limit. It reads the whole
// response, so that a response that ends early is a failed attempt, which the retry policy sees,
// and not an error in decoding. The end of the context cuts off reads alone: the server may have
// executed a write that is cut off, and its response may hold a key.
type limitTransport struct {
	next    http.RoundTripper
	timeout time.Duration
	size    int64
}

func (t *limitTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	base := req.Context()
	if !requestStateOf(base).readOnly {
		base = context.WithoutCancel(base)
	}
	tooLate := fmt.Errorf("%w %s", errTooLate, t.timeout)
	ctx, cancel := context.WithTimeoutCause(base, t.timeout, tooLate)
	defer cancel()
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})

	resp, err := t.next.RoundTrip(req.WithContext(ctx))
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
	if resp.StatusCode == http.StatusSwitchingProtocols { // its body is the connection, which no context ends
		return nil, errors.New("the server switches to another protocol, which nobody asked for")
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, t.size+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the response ended early: %w", err)
	case int64(len(body)) > t.size:
		return nil, fmt.Errorf("%w of %d MiB", errTooLarge, t.size>>20)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

var (
	errTooLarge = errors.New("the response is larger than the limit")
	errTooLate  = errors.New("no complete response within")
	errWaiting  = errors.New("waiting")
)

// unsentError is the failure of an attempt that never had a connection: the server can't have executed
// the request.
type unsentError struct{ err error }

func (e *unsentError) Error() string { return e.err.Error() }
func (e *unsentError) Unwrap() error { return e.err }
