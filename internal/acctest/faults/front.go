package faults

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// sent is a request with which a world can be built again.
type sent struct {
	system, method, target string
	header                 http.Header // without the credential
	body                   []byte
	at                     time.Time
}

// front is a server at a fixed address, behind which the simulators of one world after the other serve.
type front struct {
	system, address string

	mu       sync.Mutex
	server   *http.Server
	listener net.Listener
	next     http.Handler
	record   func(sent) // nil: requests are not recorded
	left     int        // requests until nobody listens; -1: no end
}

// open listens, at the address from before if there is one.
func (f *front) open() error {
	address := f.address
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.address, f.listener, f.left = listener.Addr().String(), listener, -1
	f.server = &http.Server{Handler: f, ReadHeaderTimeout: time.Minute}
	server := f.server
	f.mu.Unlock()
	go func() { _ = server.Serve(listener) }() // until close
	return nil
}

// close ends all connections.
func (f *front) close() { _ = f.server.Close() }

// reset puts a simulator behind the server, and opens it again if nobody listens.
func (f *front) reset(next http.Handler) error {
	f.mu.Lock()
	f.next, f.record = next, nil
	shut := f.left == 0
	f.mu.Unlock()
	if shut {
		f.close()
		return f.open()
	}
	return nil
}

// endAfter lets nobody listen after some more requests.
func (f *front) endAfter(requests int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left = requests; requests == 0 {
		_ = f.listener.Close()
	}
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	next, record := f.next, f.record
	if f.left > 0 {
		w.Header().Set("Connection", "close")
		if f.left--; f.left == 0 {
			_ = f.listener.Close()
		}
	}
	f.mu.Unlock()
	if record != nil {
		body, _ := io.ReadAll(r.Body) // a request of the provider on loopback
		header := r.Header.Clone()
		header.Del("Authorization")
		record(sent{f.system, r.Method, r.URL.RequestURI(), header, body, time.Now()})
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	next.ServeHTTP(w, r)
}

// replay sends a recorded request to a simulator.
func (s sent) replay(to http.Handler, host, authorization string) {
	r := httptest.NewRequest(s.method, s.target, bytes.NewReader(s.body))
	r.Header, r.Host = s.header.Clone(), host
	r.Header.Set("Authorization", authorization)
	to.ServeHTTP(httptest.NewRecorder(), r)
}

// value returns the value of a variable among NAME=value.
func value(variables []string, name string) string {
	for _, variable := range variables {
		if got, value, _ := strings.Cut(variable, "="); got == name {
			return value
		}
	}
	return ""
}
