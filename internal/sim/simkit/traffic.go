// Package simkit is what the simulators share: a record of the requests that reached them, and faults on demand. It
// knows no API.
package simkit

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"
)

// Answer is what a simulator sends.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Write sends the answer.
func (a Answer) Write(w http.ResponseWriter) {
	for key, values := range a.Header {
		w.Header()[key] = values
	}
	w.WriteHeader(a.Status)
	// The client may be gone; there is nobody to tell.
	_, _ = w.Write(a.Body)
}

// Request is one request as the server saw it.
type Request struct {
	// Operation is the operationId; empty where no operation was reached: an
	// unknown path, a missing slash, a method that is not allowed.
	Operation string
	Method    string
	Path      string
	RawQuery  string
	// Header lacks the credentials.
	Header http.Header
	Body   string
	// Status is what was answered; 0 when the connection was dropped.
	Status int
	// Fault tells that an injected fault acted on the request.
	Fault bool
}

// Traffic records what passes a simulator, and disturbs it. All its methods may be called while the simulator serves.
type Traffic struct {
	mu         sync.Mutex
	operations map[string]bool
	faults     []*pendingFault
	requests   []Request
}

// NewTraffic returns the traffic of a simulator that serves these operations, by the operationId of its API document.
func NewTraffic(operations ...string) *Traffic {
	t := &Traffic{operations: map[string]bool{}}
	for _, id := range operations {
		t.operations[id] = true
	}
	return t
}

// Serve answers one request: work does what the API says, unless a fault prevents that. Operation is empty where the
// request reached none.
func (t *Traffic) Serve(w http.ResponseWriter, r *http.Request, operation string, work func(body []byte) Answer) {
	// net/http notices that a client has gone only after the body is read, and a
	// delayed answer has to notice.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	fault, faulty := t.takeFault(operation)
	if fault.StripBody {
		body = nil
	}
	if !wait(r.Context(), fault.Delay) || fault.Drop == DropBefore {
		t.record(r, body, operation, 0, faulty)
		hangUp(w)
		return
	}
	var a Answer
	if fault.Status != 0 {
		a = fault.answer()
	} else {
		a = work(body)
	}
	if fault.Drop == DropAfter {
		t.record(r, body, operation, 0, faulty)
		hangUp(w)
		return
	}
	// The record comes before the answer: whoever has the answer finds the request in the record.
	t.record(r, body, operation, a.Status, faulty)
	a.Write(w)
}

func (t *Traffic) record(r *http.Request, body []byte, operation string, status int, faulty bool) {
	header := r.Header.Clone()
	header.Del("Authorization")
	header.Del("X-Auth-Token")
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests = append(t.requests, Request{
		Operation: operation,
		Method:    r.Method,
		Path:      r.URL.Path,
		RawQuery:  r.URL.RawQuery,
		Header:    header,
		Body:      string(body),
		Status:    status,
		Fault:     faulty,
	})
}

// Requests returns a copy of the record, in the order of the answers.
func (t *Traffic) Requests() []Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	copied := slices.Clone(t.requests)
	for i := range copied {
		copied[i].Header = copied[i].Header.Clone()
	}
	return copied
}

// ResetRequests empties the record.
func (t *Traffic) ResetRequests() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests = nil
}

// Count tells how many requests of an operation are in the record, disturbed
// ones included; "*" counts all, those without an operation too. An operation
// that is not served panics.
func (t *Traffic) Count(operation string) int {
	t.mustServe(operation)
	t.mu.Lock()
	defer t.mu.Unlock()
	count := 0
	for _, r := range t.requests {
		if operation == "*" || r.Operation == operation {
			count++
		}
	}
	return count
}

func (t *Traffic) mustServe(operation string) {
	if operation != "*" && !t.operations[operation] {
		panic("simulator: no operation " + operation)
	}
}

func (f Fault) answer() Answer {
	header := http.Header{FaultHeader: {"true"}, "Content-Type": {"text/html; charset=utf-8"}}
	if json.Valid([]byte(f.Body)) {
		header.Set("Content-Type", "application/json; charset=utf-8")
	}
	for key, values := range f.Header {
		header[http.CanonicalHeaderKey(key)] = values
	}
	return Answer{Status: f.Status, Header: header, Body: []byte(f.Body)}
}
