package simkit

import "net/http"

// What follows is for simulators that are not on Server yet; it goes with the last of them.

// Answer is Response.
type Answer = Response

// Write sends the response.
func (a Response) Write(w http.ResponseWriter) { a.write(w) }

// NewTraffic returns the traffic of a simulator that serves these operations.
func NewTraffic(operations ...string) *Traffic {
	t := &Traffic{}
	for _, id := range operations {
		t.serve(id)
	}
	return t
}

// Serve answers one request.
func (t *Traffic) Serve(w http.ResponseWriter, r *http.Request, operation string, work func(body []byte) Response) {
	t.pass(w, r, operation, work)
}
