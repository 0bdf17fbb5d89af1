package transport

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// maxWait bounds a wait between two sends, whatever Retry-After asks for.
const maxWait = 2 * time.Minute

type repeatableKey struct{}

func withRepeatable(ctx context.Context, repeatable bool) context.Context {
	return context.WithValue(ctx, repeatableKey{}, repeatable)
}

// checkRetry decides what is sent again. A request that is not repeatable may have made an account or a key
// even if its answer is an error or never came: it goes out again only if the server says that it did nothing
// (429), or if it was never sent. go-retryablehttp's own policy would send any POST again.
func checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	if errors.Is(err, errTooLarge) {
		return false, nil
	}
	if repeatable, _ := ctx.Value(repeatableKey{}).(bool); !repeatable && !untouched(resp, err) {
		return false, nil
	}
	return retryablehttp.DefaultRetryPolicy(ctx, resp, err)
}

// untouched tells whether the far side surely did no work for a request.
func untouched(resp *http.Response, err error) bool {
	var unsent *unsentError
	if err != nil {
		return errors.As(err, &unsent)
	}
	return resp.StatusCode == http.StatusTooManyRequests
}

func backoff(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
	return min(retryablehttp.DefaultBackoff(least, most, attempt, resp), maxWait)
}
