package transport

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// longestWait is the longest wait between two attempts, whatever Retry-After says.
const longestWait = 2 * time.Minute

// requestState is the state of one request over all its attempts.
type requestState struct {
	readOnly      bool
	repeatable    bool
	exclusive     bool
	final         []int
	slow          bool
	secret        string            // the secret in the path of the request
	redact        *strings.Replacer // hides the secrets of the request, also in its path
	maybeExecuted bool              // the server may have executed an attempt whose response is an error or was lost
	overdue       error             // why a request that was refused because of the rate is not sent again
	unreadable    error             // why a refused credential has no replacement: the file can't be read
}

type requestStateKey struct{}

// requestStateOf returns the state of the request that a context belongs to. Client.send put it there.
func requestStateOf(ctx context.Context) *requestState {
	state, ok := ctx.Value(requestStateKey{}).(*requestState)
	if !ok {
		return &requestState{redact: strings.NewReplacer()}
	}
	return state
}

// retryPolicy decides what is sent again. A request that is not repeatable may have created an account
// or a key even if its response is an error or was lost. It is sent again only if it was never sent.
// go-retryablehttp's own policy would send any POST again. A request that was refused because of the rate
// of requests, with a status in throttled, was sent again before: see gateTransport.
func retryPolicy(throttled []int) retryablehttp.CheckRetry {
	return func(ctx context.Context, resp *http.Response, err error) (bool, error) {
		state := requestStateOf(ctx)
		if maybeExecuted(resp, err) {
			state.maybeExecuted = true
		}
		if ctx.Err() != nil {
			if err == nil {
				return false, nil // the response arrived before the end of the context was seen
			}
			return false, context.Cause(ctx)
		}
		cutOff := errors.Is(err, errTooLarge) || state.slow && errors.Is(err, errTooLate)
		if cutOff || !state.repeatable && state.maybeExecuted {
			return false, nil
		}
		if err == nil && slices.Contains(state.final, resp.StatusCode) {
			return false, nil
		}
		if fault := connectionFaultOf(err); fault != nil && fault.lasting {
			return false, nil
		}
		_, overdue := errors.AsType[*maxWaitError](err)
		if overdue || err == nil && slices.Contains(throttled, resp.StatusCode) {
			return false, nil
		}
		return retryablehttp.DefaultRetryPolicy(ctx, resp, unwrapUnsent(err))
	}
}

// maybeExecuted reports whether the server may have executed an attempt that has no good response.
func maybeExecuted(resp *http.Response, err error) bool {
	var unsent *unsentError
	if err != nil {
		return !errors.As(err, &unsent)
	}
	return resp.StatusCode == http.StatusRequestTimeout || resp.StatusCode >= 500
}

// unwrapUnsent removes the unsentError within an error of net/http. go-retryablehttp does not retry
// after an error of certificates, but it recognizes such an error only directly within the error of
// net/http.
func unwrapUnsent(err error) error {
	var outer *url.Error
	var unsent *unsentError
	if errors.As(err, &outer) && errors.As(outer.Err, &unsent) {
		return &url.Error{Op: outer.Op, URL: outer.URL, Err: unsent.err}
	}
	return err
}

func backoff(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
	wait := retryablehttp.DefaultBackoff(least, most, attempt, resp)
	if wait < 0 { // Retry-After is longer than a duration can be
		return longestWait
	}
	return min(wait, longestWait)
}
