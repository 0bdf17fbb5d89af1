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

// maxWait bounds a wait between two sends, whatever Retry-After asks for.
const maxWait = 2 * time.Minute

// sends is what is known of the sends of one request.
type sends struct {
	repeatable bool
	whole      bool
	redact     *strings.Replacer // hides the secrets of the request
	acted      bool              // one of them may have been carried out, although its answer is an error or never came
}

type sendsKey struct{}

// sendsOf returns what is known of the request that a context belongs to, which Client.send put there.
func sendsOf(ctx context.Context) *sends {
	request, ok := ctx.Value(sendsKey{}).(*sends)
	if !ok {
		return &sends{redact: strings.NewReplacer()}
	}
	return request
}

// retryPolicy decides what is sent again. A request that is not repeatable may have made an account or a key
// even if its answer is an error or never came: it goes out again only if the server says that it did nothing
// (429, or another status that means as much), or if it was never sent. go-retryablehttp's own policy would send any POST again.
func retryPolicy(throttled []int) retryablehttp.CheckRetry {
	return func(ctx context.Context, resp *http.Response, err error) (bool, error) {
		request := sendsOf(ctx)
		if mayHaveActed(resp, err) {
			request.acted = true
		}
		if ctx.Err() != nil {
			if err == nil {
				return false, nil // the answer came all the same
			}
			return false, context.Cause(ctx)
		}
		if errors.Is(err, errTooLarge) || !request.repeatable && request.acted {
			return false, nil
		}
		if err == nil && slices.Contains(throttled, resp.StatusCode) {
			return true, nil
		}
		return retryablehttp.DefaultRetryPolicy(ctx, resp, bareError(err))
	}
}

// mayHaveActed tells whether the far side may have done the work of one send that has no good answer.
func mayHaveActed(resp *http.Response, err error) bool {
	var unsent *unsentError
	if err != nil {
		return !errors.As(err, &unsent)
	}
	return resp.StatusCode == http.StatusRequestTimeout || resp.StatusCode >= 500
}

// bareError takes the mark of an unsent request off, since go-retryablehttp looks for errors of certificates, which are not
// worth another try, only right below the one of net/http.
func bareError(err error) error {
	var outer *url.Error
	var unsent *unsentError
	if errors.As(err, &outer) && errors.As(outer.Err, &unsent) {
		return &url.Error{Op: outer.Op, URL: outer.URL, Err: unsent.err}
	}
	return err
}

func backoff(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
	wait := retryablehttp.DefaultBackoff(least, most, attempt, resp)
	if wait < 0 { // a Retry-After beyond what a duration holds
		return maxWait
	}
	return min(wait, maxWait)
}
