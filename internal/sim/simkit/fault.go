package simkit

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Drop is when a fault closes the connection without a response.
type Drop int

const (
	// DropNone keeps the connection.
	DropNone Drop = iota
	// DropBefore closes the connection and does no work.
	DropBefore
	// DropAfter does the work, then closes the connection: the response, and the key in it, is
	// lost.
	DropAfter
)

// FaultHeader marks a response that came from a Fault, for tests that check the responses of the
// simulator itself.
const FaultHeader = "X-Injected-Fault"

// Fault is one disturbance of the HTTP side. At least one of Status, Delay, Drop, Alter and
// StripBody is set; Status, Drop and Alter exclude each other.
//
// Go's own client repeats a GET when a kept-alive connection breaks, so the code under test may not
// notice that a GET was dropped once.
type Fault struct {
	// Times is how many requests it hits; 0 means 1, -1 means all to come.
	Times int
	// Skip is how many matching requests pass first, counted from Inject on, those that another
	// fault hit included.
	Skip int
	// Window makes the fault a limit of the rate: Skip counts anew in each window of this length. A
	// window begins with the first matching request after the last window. 0 means that it never ends.
	Window time.Duration
	// Status is the response instead of the work, before authentication.
	Status int
	// Body belongs to Status. Without a Content-Type in Header, a body that parses as JSON is sent
	// as JSON and any other as HTML.
	Body string
	// Header belongs to Status.
	Header http.Header
	// Delay passes before anything else happens. Nothing is done for a client that gives up
	// meanwhile, unless Late is set.
	Delay time.Duration
	// Late, with a Delay, does the work although the client gave up meanwhile, as a server does that
	// does not notice.
	Late bool
	// Drop is when the connection is closed.
	Drop Drop
	// Alter changes the response of the work, as a server in between does.
	Alter func(Response) Response
	// StripBody removes the body of the request, as some proxies do with the body of a DELETE.
	StripBody bool
}

type pendingFault struct {
	matches func(Request) bool
	Fault
	passed int       // in this window
	began  time.Time // this window
}

// skips reports whether a matching request passes, and counts it.
func (f *pendingFault) skips() bool {
	if now := time.Now(); f.Window > 0 && now.Sub(f.began) >= f.Window {
		f.began, f.passed = now, 0
	}
	f.passed++
	return f.passed <= f.Skip
}

// Inject arms a fault for an operation, by its operationId in the API document; "*" stands for all.
// An operation that is not served, or a fault that could not act, panics.
func (t *Traffic) Inject(operation string, fault Fault) {
	t.mustServe(operation)
	err := t.InjectWhere(func(r Request) bool {
		return r.Operation == operation || operation == "*" && r.Operation != ""
	}, fault)
	if err != nil {
		panic("simulator: " + err.Error())
	}
}

// InjectWhere arms a fault for the requests that match, which may be requests that reach no
// operation. The request that matches gets has neither header nor body. A fault that could not act
// is an error.
func (t *Traffic) InjectWhere(matches func(Request) bool, fault Fault) error {
	switch {
	case fault.Status == 0 && fault.Delay == 0 && fault.Drop == DropNone && fault.Alter == nil &&
		!fault.StripBody:
		return errors.New("a fault needs a Status, a Delay, a Drop, an Alter or a StripBody")
	case fault.Late && fault.Delay == 0:
		return errors.New("a fault needs a Delay to be Late")
	case fault.Status != 0 && fault.Drop != DropNone:
		return errors.New("a dropped connection has no Status")
	case fault.Alter != nil && (fault.Status != 0 || fault.Drop != DropNone):
		return errors.New("an Alter needs a response of the work")
	}
	if fault.Times == 0 {
		fault.Times = 1
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = append(t.faults, &pendingFault{matches: matches, Fault: fault})
	return nil
}

// ClearFaults disarms all faults that are still armed.
func (t *Traffic) ClearFaults() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = nil
}

// takeFault returns the first armed fault that is due, and counts the request against the Skip of
// the others.
func (t *Traffic) takeFault(request Request) (due Fault, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	left := t.faults[:0:0]
	for _, f := range t.faults {
		switch {
		case !f.matches(request):
		case f.skips():
		case !ok:
			due, ok = f.Fault, true
			if f.Times > 0 {
				f.Times--
			}
		}
		if f.Times != 0 {
			left = append(left, f)
		}
	}
	t.faults = left
	return due, ok
}

// wait reports whether the time passed before the client gave up.
func wait(ctx context.Context, delay time.Duration) bool {
	if delay <= 0 {
		return true
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// hangUp closes the connection with no byte sent.
func hangUp(w http.ResponseWriter) {
	if hijacker, ok := w.(http.Hijacker); ok {
		if connection, _, err := hijacker.Hijack(); err == nil {
			_ = connection.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}
