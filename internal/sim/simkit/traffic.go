package simkit

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Request is one request as the server saw it.
type Request struct {
	// Operation is the operationId; empty where no operation was reached: an unknown path, a method
	// that a path does not have.
	Operation string
	Method    string
	Path      string
	RawQuery  string
	// Header lacks the credentials.
	Header http.Header
	Body   string
	// Status is that of the response; 0 when the connection was dropped.
	Status int
	// Fault reports that an injected fault acted on the request.
	Fault bool
}

// Traffic records the requests to a simulator, and injects faults. All its methods may be called
// while the simulator serves.
type Traffic struct {
	mu         sync.Mutex
	operations map[string]bool
	faults     []*pendingFault
	requests   []Request
	latency    time.Duration
	brief      bool
}

// SetLatency delays every response from now on, those of faults included. The work is done before
// the delay, and no lock is held during it. A client that gives up during the delay loses the
// response.
func (t *Traffic) SetLatency(latency time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.latency = latency
}

// RecordBriefly leaves headers and bodies out of the record from now on, for runs with very many
// requests.
func (t *Traffic) RecordBriefly() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.brief = true
}

// serve registers an operation.
func (t *Traffic) serve(operation string) {
	if t.operations == nil {
		t.operations = map[string]bool{}
	}
	t.operations[operation] = true
}

// pass serves one request: work is done unless a fault prevents it. Operation is empty if the
// request reached none.
func (t *Traffic) pass(w http.ResponseWriter, r *http.Request, operation string, work func(body []byte) Response) {
	// net/http notices that a client has gone only after the body is read, and a delayed response
	// has to notice.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	request := Request{Operation: operation, Method: r.Method, Path: r.URL.Path, RawQuery: r.URL.RawQuery}
	fault, faulty := t.takeFault(request)
	request.Fault = faulty
	if fault.StripBody {
		body = nil
	}
	var response Response
	ctx := r.Context()
	if fault.Late {
		ctx = context.WithoutCancel(ctx)
	}
	dropped := !wait(ctx, fault.Delay) || fault.Drop == DropBefore
	if !dropped {
		if fault.Status != 0 {
			response = fault.response()
		} else {
			response = work(body)
		}
		if fault.Alter != nil {
			response = fault.Alter(response)
		}
	}
	if dropped = dropped || fault.Drop == DropAfter; dropped {
		response.Status = 0
	}
	t.lag(r.Context())
	// The record comes before the response: a client that has the response finds the request in the
	// record.
	request.Status = response.Status
	t.record(request, r.Header, body)
	if dropped {
		hangUp(w)
		return
	}
	response.write(w)
}

func (t *Traffic) lag(ctx context.Context) {
	t.mu.Lock()
	latency := t.latency
	t.mu.Unlock()
	wait(ctx, latency)
}

func (t *Traffic) record(request Request, header http.Header, body []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.brief {
		request.Body, request.Header = string(body), header.Clone()
		request.Header.Del("Authorization")
		request.Header.Del("X-Auth-Token")
	}
	t.requests = append(t.requests, request)
}

// Requests returns a copy of the record, in the order of the responses.
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

// Count returns how many requests of an operation are in the record, disturbed requests included;
// "*" counts all, those without an operation too. An operation that is not served panics.
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

func (f Fault) response() Response {
	header := http.Header{FaultHeader: {"true"}, "Content-Type": {"text/html; charset=utf-8"}}
	if json.Valid([]byte(f.Body)) {
		header.Set("Content-Type", "application/json; charset=utf-8")
	}
	for key, values := range f.Header {
		header[http.CanonicalHeaderKey(key)] = values
	}
	return Response{Status: f.Status, Header: header, Body: []byte(f.Body)}
}
