package transport

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const secret = "s3cret/k+y"

// shortly is a time limit that only a server that hangs exceeds.
const shortly = 50 * time.Millisecond

// step is what the scripted server does with one attempt. The request's body was read before.
type step func(http.ResponseWriter, *http.Request)

// sent is one attempt as it arrived.
type sent struct {
	method, uri, body string
	header            http.Header
}

// script is a server that does one step for each attempt, and the last step for all further attempts.
type script struct {
	*httptest.Server
	mu    sync.Mutex
	steps []step
	sent  []sent
}

func serve(t *testing.T, steps ...step) *script {
	t.Helper()
	s := &script{steps: steps}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.record(r)(w, r)
}

func (s *script) record(r *http.Request) step {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, sent{r.Method, r.RequestURI, string(body), r.Header.Clone()})
	return s.steps[min(len(s.sent), len(s.steps))-1]
}

func (s *script) received() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// wantRequests checks how often a request arrived.
func (s *script) wantRequests(t *testing.T, want int) {
	t.Helper()
	if got := len(s.received()); got != want {
		t.Errorf("attempts = %d, want %d", got, want)
	}
}

// client returns a client of the server, with two retries and almost no wait unless an option
// changes that.
func (s *script) client(t *testing.T, change ...func(*Options)) *Client {
	t.Helper()
	return client(t, s.URL, change...)
}

func client(t *testing.T, endpoint string, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{
		Endpoint:      endpoint,
		Credential:    Credential{Header: "Token " + secret, Secret: secret},
		MaxRetries:    2,
		RetryWait:     time.Millisecond,
		DecodeProblem: decodeTest,
	}
	for _, f := range change {
		f(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func retries(n int) func(*Options) { return func(o *Options) { o.MaxRetries = n } }

func timeout(d time.Duration) func(*Options) { return func(o *Options) { o.RequestTimeout = d } }

// decodeTest reads "detail" as the message and all other members as fields.
func decodeTest(body []byte) Problem {
	var members map[string]string
	if json.Unmarshal(body, &members) != nil {
		return Problem{}
	}
	p := Problem{Message: members["detail"], Fields: map[string][]string{}}
	delete(members, "detail")
	for name, text := range members {
		p.Fields[name] = []string{text}
	}
	return p
}

// reply sends a status, a body and headers given as name and value in turn.
func reply(status int, body string, header ...string) step {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// cut closes the connection without a response.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// truncate sends less than it announced, then closes the connection.
func truncate(status int) step {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		reply(status, `{"name":`)(w, r)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

// hang sends no response until the client closes the connection.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// stall sends the first part of a response, and never the rest.
func stall(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Length", "100")
	reply(200, `{"name":`)(w, r)
	w.(http.Flusher).Flush()
	hang(w, r)
}

// raw sends bytes that need not be HTTP.
func raw(text string) step {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(conn, text)
		_ = conn.Close()
	}
}

// closedPort returns an address on which nothing listens.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// listen starts the scripted server on a given address.
func listen(t *testing.T, address string, steps ...step) *script {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s := &script{steps: steps}
	s.Server = httptest.NewUnstartedServer(s)
	_ = s.Listener.Close()
	s.Listener = listener
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// serveTLS starts the scripted server with a certificate that no machine trusts.
func serveTLS(t *testing.T, steps ...step) *script {
	t.Helper()
	s := &script{steps: steps}
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are expected
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// thing is what the tests read.
type thing struct {
	Name string `json:"name"`
}

// call sends a request of which only the error matters.
func call(ctx context.Context, c *Client, r Request) error {
	_, _, err := Call[thing](ctx, c, r)
	return err
}

// wantText checks an error's whole text; want "" is no error.
func wantText(t *testing.T, err error, want string) {
	t.Helper()
	var got string
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("error\n got %q\nwant %q", got, want)
	}
}

func wantParts(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q lacks %q", err, part)
		}
	}
}

func wantLost(t *testing.T, err error, want bool) {
	t.Helper()
	if got := Lost(err); got != want {
		t.Errorf("Lost(%v) = %t, want %t", err, got, want)
	}
}
