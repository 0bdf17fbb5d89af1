package transport

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	"golang.org/x/time/rate"
)

// Waits after a refusal without Retry-After, in units of Options.RetryWait. The first one is long
// enough for the rates that servers refill their limits at; together they fit a limit per minute:
// 4+8+16+32 = 60. Up to an eighth is added at random, so that several processes do not go on together.
const (
	firstPause   = 4
	longestPause = 64
)

// acceptedPerSlot is how many accepted requests allow one more request in flight after a pause. A pause
// that was too short then costs few refusals.
const acceptedPerSlot = 10

// gate decides when an attempt may start, in the order of arrival. It keeps the rate that the user has
// set, keeps exclusive requests alone, and after a refusal because of the rate it lets all requests
// wait. Then one request goes, and the others wait for its result; each acceptedPerSlot that the server
// accepts allow one more at the same time.
type gate struct {
	pace    *rate.Limiter
	unit    time.Duration // of the pauses
	maxWait time.Duration

	mu        sync.Mutex
	queue     []*turn
	timer     *time.Timer // for the first of the queue
	inFlight  int
	exclusive bool // the request in flight is exclusive

	epoch    int           // counts the pauses: attempts that started before a pause say nothing about its end
	until    time.Time     // the end of the pause
	status   int           // of the refusal that began it
	asked    time.Duration // what Retry-After said; 0: the pause has its length from here
	since    time.Time     // the first refusal after the last accepted request; zero: none
	refusals int           // pauses since the last accepted request
	started  int           // attempts of this epoch in flight
	accepted int           // requests that the server accepted in this epoch
}

// turn is an attempt that waits for its start or is in flight.
type turn struct {
	exclusive bool
	epoch     int
	ready     chan error // nil: it may start
}

func newGate(o Options) *gate {
	g := &gate{unit: o.RetryWait, maxWait: o.MaxWait}
	if g.unit == 0 {
		g.unit = time.Second
	}
	if g.maxWait == 0 {
		g.maxWait = time.Duration(DefaultMaxWait.Seconds()) * g.unit
	}
	limit := rate.Inf
	if o.MaxRequestsPerSecond > 0 {
		limit = rate.Limit(o.MaxRequestsPerSecond)
	}
	g.pace = rate.NewLimiter(limit, burst(o.MaxRequestsPerSecond))
	return g
}

func burst(perSecond float64) int { return int(math.Max(1, math.Ceil(perSecond))) }

// enter waits until an attempt may start. It returns a maxWaitError if the server refuses all requests
// for too long, and an error when the context ends. After an attempt that could start, leave is due.
func (g *gate) enter(ctx context.Context, exclusive bool) (*turn, error) {
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%w for other requests: %w", errWaiting, ctx.Err())
	}
	t := &turn{exclusive: exclusive, ready: make(chan error, 1)}
	g.mu.Lock()
	g.queue = append(g.queue, t)
	g.admit()
	g.mu.Unlock()
	select {
	case err := <-t.ready:
		return t, err
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.queue, t); i >= 0 {
		g.queue = slices.Delete(g.queue, i, i+1)
	} else if <-t.ready == nil {
		g.end(t)
	}
	g.admit()
	return nil, fmt.Errorf("%w for other requests: %w", errWaiting, ctx.Err())
}

// leave ends an attempt. Throttled says that the server has refused it because of the rate of requests.
// Resp is nil without a response. It returns the length of the pause that begins, or 0 if none begins or
// nobody waits for its end.
func (g *gate) leave(t *turn, resp *http.Response, throttled bool) (pause time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	current := t.epoch == g.epoch
	g.end(t)
	switch {
	case throttled:
		pause = g.refused(current, resp)
	case resp == nil || resp.StatusCode >= 500: // says nothing about the rate
	case current:
		g.accepted++
		g.refusals, g.since = 0, time.Time{}
	case !g.since.IsZero():
		g.since = time.Now()
	}
	g.admit()
	return pause
}

func (g *gate) end(t *turn) {
	g.inFlight--
	if t.exclusive {
		g.exclusive = false
	}
	if t.epoch == g.epoch {
		g.started--
	}
}

// refused begins a pause. An attempt that started before the last pause can make that pause longer.
func (g *gate) refused(current bool, resp *http.Response) time.Duration {
	now := time.Now()
	after, asked := retryAfter(resp, now)
	pause := after
	if current {
		// A server may refuse again what came after its Retry-After: then the pauses grow too.
		if grown := g.grown(asked); grown > after {
			pause, asked = grown, false
		}
		g.refusals++
	} else if !asked || !now.Add(after).After(g.until) {
		return 0
	}
	if g.since.IsZero() {
		g.since = now
	}
	last := g.since.Add(g.maxWait)
	g.until, g.status, g.asked = now.Add(pause), resp.StatusCode, 0
	if asked {
		g.asked = after
	} else if now.Before(last) && g.until.After(last) {
		g.until = last // one more attempt at the end
	}
	g.epoch++
	g.started, g.accepted = 0, 0
	if !current || g.overdue(now) != nil {
		return 0
	}
	return g.until.Sub(now)
}

// grown returns the length of the next pause. A Retry-After holds alone for the first pause.
func (g *gate) grown(asked bool) time.Duration {
	n := min(g.refusals, 10)
	if asked {
		n--
	}
	if n < 0 {
		return 0
	}
	pause := time.Duration(min(firstPause<<n, longestPause)) * g.unit
	return pause + rand.N(pause/8+1) //nolint:gosec // not a secret
}

// admit starts the first attempts of the queue that may start now.
func (g *gate) admit() {
	if g.timer != nil {
		g.timer.Stop()
	}
	for ; len(g.queue) > 0; g.queue = g.queue[1:] {
		first, now := g.queue[0], time.Now()
		if err := g.overdue(now); err != nil {
			first.ready <- err
			continue
		}
		if !g.free(first) {
			return
		}
		if delay := g.delay(now); delay > 0 {
			g.timer = time.AfterFunc(delay, func() {
				g.mu.Lock()
				defer g.mu.Unlock()
				g.admit()
			})
			return
		}
		first.epoch = g.epoch
		g.exclusive = first.exclusive
		g.inFlight++
		g.started++
		first.ready <- nil
	}
}

// free reports whether the requests in flight allow one more.
func (g *gate) free(t *turn) bool {
	if g.exclusive || t.exclusive && g.inFlight > 0 {
		return false
	}
	return g.epoch == 0 || g.started < 1+g.accepted/acceptedPerSlot
}

// delay is the time until a pause is over and the rate that the user has set allows an attempt. If the
// delay is 0, the attempt counts for that rate.
func (g *gate) delay(now time.Time) time.Duration {
	if now.Before(g.until) {
		return g.until.Sub(now)
	}
	reservation := g.pace.ReserveN(now, 1)
	delay := reservation.DelayFrom(now)
	if delay > 0 {
		reservation.CancelAt(now)
	}
	return delay
}

// overdue returns an error if the pause ends after the time that the user allows.
func (g *gate) overdue(now time.Time) error {
	if g.since.IsZero() || !now.Before(g.until) || !g.until.After(g.since.Add(g.maxWait)) {
		return nil
	}
	return &maxWaitError{status: g.status, asked: g.asked, refused: now.Sub(g.since), maxWait: g.maxWait}
}

// maxWaitError says that the server refuses all requests because of their rate, for longer than the user
// allows.
type maxWaitError struct {
	status                  int
	asked, refused, maxWait time.Duration // asked is 0 if the last refusal had no Retry-After
}

func (e *maxWaitError) Error() string {
	state := "has accepted none for " + rounded(e.refused)
	if e.asked > 0 {
		state = "asks to wait " + rounded(e.asked)
	}
	return fmt.Sprintf("the server limits the rate of requests and %s; http.max_wait is %s. Raise it, or set "+
		"http.max_requests_per_second below the limit of the server", state, e.maxWait)
}

// Is reports that such an error is no fault of the connection.
func (e *maxWaitError) Is(target error) bool { return target == errWaiting }

func rounded(d time.Duration) string {
	unit := time.Second
	if d < unit {
		unit = time.Millisecond
	}
	return d.Round(unit).String()
}

// retryAfter reads the header Retry-After: seconds, or a date, which is compared with the server's own
// clock if the response has a Date. It returns false without the header, and if it can't be read.
func retryAfter(resp *http.Response, now time.Time) (time.Duration, bool) {
	text := resp.Header.Get("Retry-After")
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Duration(min(seconds, math.MaxInt64/int64(time.Second))) * time.Second, seconds >= 0
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		now = date
	}
	return max(0, at.Sub(now)), true
}

// gateTransport lets each attempt wait for the gate. A request that the server refuses because of the
// rate of requests waits again, and is sent again: such a refusal says that nothing was done.
type gateTransport struct {
	next      http.RoundTripper
	gate      *gate
	throttled []int // statuses of such refusals
}

func (t *gateTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	var refusal *http.Response
	for {
		resp, err := t.attempt(req)
		if over, ok := errors.AsType[*maxWaitError](err); ok {
			if refusal == nil {
				return nil, &unsentError{fmt.Errorf("not sent, since other requests got %d %s: %w",
					over.status, http.StatusText(over.status), over)}
			}
			requestStateOf(req.Context()).overdue = over
			return refusal, nil
		}
		if err != nil || !slices.Contains(t.throttled, resp.StatusCode) {
			return resp, err
		}
		refusal = resp
		req = req.Clone(req.Context())
		if req.GetBody != nil {
			if req.Body, err = req.GetBody(); err != nil {
				return nil, &unsentError{err}
			}
		}
	}
}

func (t *gateTransport) attempt(req *http.Request) (*http.Response, error) {
	state := requestStateOf(req.Context())
	turn, err := t.gate.enter(req.Context(), state.exclusive)
	if err != nil {
		return nil, &unsentError{err}
	}
	resp, err := t.next.RoundTrip(req)
	throttled := err == nil && slices.Contains(t.throttled, resp.StatusCode)
	if pause := t.gate.leave(turn, resp, throttled); pause > 0 {
		tflog.Info(req.Context(), "The server limits the rate of requests: all requests to it wait", map[string]any{
			"http_host": req.URL.Host, "http_status": resp.StatusCode, "wait": rounded(pause),
			"max_wait": t.gate.maxWait.String(),
		})
	}
	return resp, err
}
