// Package simkit is what the simulators share: an HTTP server that routes requests to operations,
// records them and disturbs them on demand, and helpers for responses, bodies, identifiers and
// options. It is independent of each API.
package simkit

import (
	"crypto/rand"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Work does what the API says about one request and returns the response. It runs under the lock of
// the Server. Values from the path are in r.PathValue; the body of r has been read into body.
type Work func(r *http.Request, body []byte) Response

// Server is the base of a simulator, which embeds it. It is an http.Handler. Its lock guards what
// the simulator stores: Work runs under the lock, and the simulator's methods for tests lock it.
type Server struct {
	Traffic
	sync.Mutex

	now      func() time.Time
	random   io.Reader
	advanced atomic.Int64
	unrouted func(r *http.Request, methods []string) Response
	routes   []route
}

type route struct {
	operation, method, path string
	work                    Work
}

// NewServer returns a server without operations. Now is its clock; nil is time.Now. Unrouted
// returns the response to a request that reaches no operation, and runs under the lock: methods are
// those that the path has, and empty for an unknown path.
func NewServer(now func() time.Time, unrouted func(r *http.Request, methods []string) Response) *Server {
	if now == nil {
		now = time.Now
	}
	return &Server{now: now, random: rand.Reader, unrouted: unrouted}
}

// Now returns the time of the server's clock.
func (s *Server) Now() time.Time { return s.now().Add(time.Duration(s.advanced.Load())) }

// SetNow replaces the server's clock, before it serves.
func (s *Server) SetNow(now func() time.Time) { s.now = now }

// Advance moves the server's clock, on top of what earlier calls moved it.
func (s *Server) Advance(d time.Duration) { s.advanced.Add(int64(d)) }

// Handle registers an operation under its operationId in the API document. The pattern is a method
// and a path, such as "GET /users/{id}", where {id} stands for one segment that is not empty.
// http.ServeMux is not used because it refuses patterns that overlap, as /accounts/{id}/activate
// and /{kind}/{id}/{verb} do. Here the first pattern that fits the path decides: register literal
// segments before parameters. An operation may have several patterns.
//
// Requests to an operation with an empty id are neither recorded nor disturbed: it is a probe for
// tests.
func (s *Server) Handle(operation, pattern string, work Work) {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok {
		panic("simulator: no method in the pattern " + pattern)
	}
	if operation != "" {
		s.serve(operation)
	}
	s.routes = append(s.routes, route{operation, method, path, work})
}

// ServeHTTP serves one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.Now().UTC().Format(http.TimeFormat))
	found, methods := s.find(r)
	work := func(body []byte) Response {
		s.Lock()
		defer s.Unlock()
		if found.work == nil {
			return s.unrouted(r, methods)
		}
		return found.work(r, body)
	}
	if found.work != nil && found.operation == "" {
		work(nil).write(w)
		return
	}
	s.pass(w, r, found.operation, work)
}

// Methods returns the methods that a path has, in the order of their registration. The path is
// percent-encoded.
func (s *Server) Methods(path string) []string {
	var methods []string
	for _, r := range s.on(path) {
		methods = append(methods, r.method)
	}
	return methods
}

// find sets the path values of the request.
func (s *Server) find(r *http.Request) (found route, methods []string) {
	for _, candidate := range s.on(r.URL.EscapedPath()) {
		if candidate.method != r.Method {
			methods = append(methods, candidate.method)
			continue
		}
		values, _ := match(candidate.path, r.URL.EscapedPath())
		for name, value := range values {
			r.SetPathValue(name, value)
		}
		return candidate, nil
	}
	return route{}, methods
}

// on returns the routes of the first pattern that fits a path.
func (s *Server) on(path string) []route {
	first := slices.IndexFunc(s.routes, func(r route) bool {
		_, ok := match(r.path, path)
		return ok
	})
	if first < 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.routes), func(r route) bool { return r.path != s.routes[first].path })
}

// match splits before it decodes: %2F is a part of a segment.
func match(pattern, path string) (values map[string]string, ok bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	values = map[string]string{}
	for i := range want {
		segment, err := url.PathUnescape(got[i])
		name, isParameter := strings.CutPrefix(want[i], "{")
		switch {
		case err != nil:
			return nil, false
		case isParameter && segment != "":
			values[strings.TrimSuffix(name, "}")] = segment
		case segment != want[i]:
			return nil, false
		}
	}
	return values, true
}
