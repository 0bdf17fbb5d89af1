package waldursim

import (
	"net/http"
	"slices"
)

// Request is one request as the server saw it.
type Request struct {
	// Operation is the operationId; empty where no operation was reached: an
	// unknown path, a missing slash, a method that is not allowed.
	Operation string
	Method    string
	Path      string
	RawQuery  string
	// Header lacks Authorization.
	Header http.Header
	Body   string
	// Status is what was answered; 0 when the connection was dropped.
	Status int
	// Fault tells that an injected fault acted on the request.
	Fault bool
}

// record comes before the answer is sent: whoever has the answer finds the
// request in the record.
func (s *Sim) record(c *call, operation string, status int, faulty bool) {
	header := c.request.Header.Clone()
	header.Del("Authorization")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, Request{
		Operation: operation,
		Method:    c.request.Method,
		Path:      c.request.URL.Path,
		RawQuery:  c.request.URL.RawQuery,
		Header:    header,
		Body:      string(c.body),
		Status:    status,
		Fault:     faulty,
	})
}

// Requests returns a copy of the record, in the order of the answers.
func (s *Sim) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	copied := slices.Clone(s.requests)
	for i := range copied {
		copied[i].Header = copied[i].Header.Clone()
	}
	return copied
}

// ResetRequests empties the record.
func (s *Sim) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// Count tells how many requests of an operation are in the record, disturbed
// ones included; "*" counts all, those without an operation too. An operation
// that is not served panics.
func (s *Sim) Count(operation string) int {
	if operation != "*" && !s.operations[operation] {
		panic("waldursim: no operation " + operation)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	count := 0
	for _, r := range s.requests {
		if operation == "*" || r.Operation == operation {
			count++
		}
	}
	return count
}
