package waldursim

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Drop tells when a fault closes the connection without an answer.
type Drop int

const (
	// DropNone answers.
	DropNone Drop = iota
	// DropBefore closes the connection and does no work.
	DropBefore
	// DropAfter does the work, then closes the connection: the answer, and a key
	// in it, is lost.
	DropAfter
)

// FaultHeader marks an answer that a Fault gave, for whoever checks the answers
// of the simulator itself.
const FaultHeader = "X-Injected-Fault"

// Fault is one disturbance of the HTTP side. At least one of Status, Delay and
// Drop is set; Status and Drop exclude each other.
//
// Go's own client sends a GET again without a word when a kept-alive connection
// breaks, so a single drop of a GET may go unnoticed by the code under test.
type Fault struct {
	// Times is how many requests it hits; 0 means 1, -1 means all to come.
	Times int
	// Skip is how many matching requests pass first, counted from Inject on,
	// whatever another fault did to them.
	Skip int
	// Status is answered instead of doing the work, before authentication.
	Status int
	// Body goes with Status. Without a Content-Type in Header, a body that parses
	// as JSON is sent as JSON and any other as HTML.
	Body string
	// Header goes with Status.
	Header http.Header
	// Delay passes before anything else happens. A client that gives up
	// meanwhile has nothing done for it.
	Delay time.Duration
	// Drop is when the connection is closed.
	Drop Drop
}

type pendingFault struct {
	operation string
	Fault
}

// Inject arms a fault for an operation, by its operationId in the published API
// document, such as marketplace_customer_service_accounts_rotate_api_key; "*"
// stands for all. HEAD of a list is the operation that ends in _count. An
// operation that is not served, or a fault that could not act, panics.
func (s *Sim) Inject(operation string, fault Fault) {
	if operation != "*" && !s.operations[operation] {
		panic("waldursim: no operation " + operation)
	}
	if fault.Status == 0 && fault.Delay == 0 && fault.Drop == DropNone {
		panic("waldursim: a fault needs a Status, a Delay or a Drop")
	}
	if fault.Status != 0 && fault.Drop != DropNone {
		panic("waldursim: a dropped connection has no Status")
	}
	if fault.Times == 0 {
		fault.Times = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &pendingFault{operation, fault})
}

// ClearFaults disarms everything that Inject armed and that has not struck yet.
func (s *Sim) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault gives the first armed fault that is due and counts the request
// against the Skip of the others.
func (s *Sim) takeFault(operation string) (due Fault, ok bool) {
	if operation == "" {
		return Fault{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	left := s.faults[:0:0]
	for _, f := range s.faults {
		switch {
		case f.operation != "*" && f.operation != operation:
		case f.Skip > 0:
			f.Skip--
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
	s.faults = left
	return due, ok
}

func (f Fault) answer() answer {
	a := answer{status: f.Status, html: f.Body, header: http.Header{FaultHeader: {"true"}}}
	if json.Valid([]byte(f.Body)) {
		a.header.Set("Content-Type", typeJSON)
	}
	for key, values := range f.Header {
		a.header[http.CanonicalHeaderKey(key)] = values
	}
	return a
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
