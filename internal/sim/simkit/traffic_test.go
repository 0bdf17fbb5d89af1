package simkit

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// world is a server that serves the operations "get" and "make", and counts how often their work was done.
type world struct {
	*Traffic
	server *httptest.Server
	mu     sync.Mutex
	bodies []string // that work was done on
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Traffic: NewTraffic("get", "make")}
	w.server = httptest.NewServer(w)
	w.server.Config.SetKeepAlivesEnabled(false) // so that net/http sends nothing again by itself
	t.Cleanup(w.server.Close)
	return w
}

// ServeHTTP takes the operation from the path; all but "get" and "make" is none.
func (w *world) ServeHTTP(to http.ResponseWriter, r *http.Request) {
	operation := strings.TrimPrefix(r.URL.Path, "/")
	if operation != "get" && operation != "make" {
		operation = ""
	}
	w.Serve(to, r, operation, func(body []byte) Answer {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.bodies = append(w.bodies, string(body))
		return Answer{Status: 201, Header: http.Header{"X-Work": {"done"}}, Body: []byte("made " + string(body))}
	})
}

func (w *world) done() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.bodies)
}

// answer is what came back; status 0: the connection was closed.
type answer struct {
	status int
	header http.Header
	body   string
}

// send sends a POST with a body and headers given as name and value in turn.
func (w *world) send(t *testing.T, path, body string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := w.server.Client().Do(r)
	if err != nil {
		return answer{}
	}
	defer func() { _ = resp.Body.Close() }()
	text, _ := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(text)}
}

// statuses sends requests to paths in turn and returns what they got.
func (w *world) statuses(t *testing.T, paths ...string) []int {
	t.Helper()
	all := []int{}
	for _, path := range paths {
		all = append(all, w.send(t, path, "").status)
	}
	return all
}

func wantStatuses(t *testing.T, got []int, want ...int) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("statuses %v, want %v", got, want)
	}
}

func mustPanic(t *testing.T, what string, f func()) {
	t.Helper()
	defer func() {
		if text, ok := recover().(string); !ok || !strings.HasPrefix(text, "simulator: ") {
			t.Errorf("%s: no panic that says what is wrong: %q", what, text)
		}
	}()
	f()
}

func TestServe(t *testing.T) {
	w := newWorld(t)
	got := w.send(t, "/make", "a thing")
	if got.status != 201 || got.body != "made a thing" || got.header.Get("X-Work") != "done" || got.header.Get(FaultHeader) != "" {
		t.Errorf("got %+v", got)
	}
	if done := w.done(); !slices.Equal(done, []string{"a thing"}) {
		t.Errorf("done %q", done)
	}
}

func TestRequests(t *testing.T) {
	w := newWorld(t)
	w.send(t, "/make?a=b&c=%20", "a thing", "X-More", "yes")
	w.send(t, "/else%2Fwhere", "")
	got := w.Requests()
	if len(got) != 2 {
		t.Fatalf("got %+v", got)
	}
	first, second := got[0], got[1]
	if first.Header.Get("X-More") != "yes" {
		t.Errorf("header %v", first.Header)
	}
	first.Header, second.Header = nil, nil
	for i, want := range []Request{
		{Operation: "make", Method: "POST", Path: "/make", RawQuery: "a=b&c=%20", Body: "a thing", Status: 201},
		{Operation: "", Method: "POST", Path: "/else/where", Status: 201},
	} {
		got := []Request{first, second}[i]
		if got.Operation != want.Operation || got.Method != want.Method || got.Path != want.Path || got.RawQuery != want.RawQuery || got.Body != want.Body ||
			got.Status != want.Status || got.Fault {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

// The record is for tests to look at, and to write to without harm.
func TestRequestsAreACopy(t *testing.T) {
	w := newWorld(t)
	w.send(t, "/get", "", "X-More", "yes")
	copied := w.Requests()
	copied[0].Method, copied[0].Header["X-More"][0] = "changed", "changed"
	copied[0].Header.Set("X-Added", "yes")
	again := w.Requests()
	if again[0].Method != "POST" || again[0].Header.Get("X-More") != "yes" || again[0].Header.Get("X-Added") != "" {
		t.Errorf("got %+v", again[0])
	}
	w.send(t, "/get", "")
	if len(copied) != 1 || len(w.Requests()) != 2 {
		t.Errorf("%d copied, %d now", len(copied), len(w.Requests()))
	}
	w.ResetRequests()
	if len(w.Requests()) != 0 || len(again) != 1 {
		t.Error("the record was not emptied")
	}
}

func TestRecordHoldsNoCredential(t *testing.T) {
	for name, test := range map[string]struct {
		inject Fault
		header string
	}{
		"bearer":              {Fault{}, "Authorization"},
		"another form":        {Fault{}, "X-AUTH-TOKEN"},
		"with a fault":        {Fault{Status: 500}, "Authorization"},
		"a connection closed": {Fault{Drop: DropAfter}, "X-Auth-Token"},
		"closed at once":      {Fault{Drop: DropBefore}, "authorization"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if test.inject.Status != 0 || test.inject.Drop != DropNone {
				w.Inject("*", test.inject)
			}
			w.send(t, "/get", "", test.header, "Bearer s3cret")
			all := w.Requests()
			if len(all) != 1 {
				t.Fatalf("%d requests", len(all))
			}
			for name, values := range all[0].Header {
				if strings.Contains(strings.Join(values, " "), "s3cret") {
					t.Errorf("%s: %v", name, values)
				}
			}
		})
	}
}

// The handler still has the credential: only the record is without.
func TestServeLeavesTheRequestAlone(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/get", nil)
	r.Header.Set("Authorization", "Bearer s3cret")
	NewTraffic("get").Serve(httptest.NewRecorder(), r, "get", func([]byte) Answer { return Answer{Status: 200} })
	if r.Header.Get("Authorization") != "Bearer s3cret" {
		t.Error("it is gone")
	}
}

func TestCount(t *testing.T) {
	w := newWorld(t)
	w.Inject("make", Fault{Status: 500})
	w.Inject("get", Fault{Drop: DropBefore})
	w.statuses(t, "/make", "/make", "/get", "/nothing")
	for operation, want := range map[string]int{"make": 2, "get": 1, "*": 4} {
		if got := w.Count(operation); got != want {
			t.Errorf("%s: %d, want %d", operation, got, want)
		}
	}
	w.ResetRequests()
	if w.Count("*") != 0 || w.Count("make") != 0 {
		t.Error("the record was not emptied")
	}
}

func TestPanics(t *testing.T) {
	traffic := NewTraffic("get")
	for name, f := range map[string]func(){
		"count of an unknown operation":  func() { traffic.Count("make") },
		"count of no operation":          func() { traffic.Count("") },
		"fault of an unknown operation":  func() { traffic.Inject("make", Fault{Status: 500}) },
		"fault of no operation":          func() { traffic.Inject("", Fault{Status: 500}) },
		"fault that does nothing":        func() { traffic.Inject("get", Fault{}) },
		"fault that does nothing, often": func() { traffic.Inject("get", Fault{Times: 3, Skip: 1, Body: "x", Header: http.Header{"A": {"b"}}}) },
		"answer and drop":                func() { traffic.Inject("get", Fault{Status: 500, Drop: DropAfter}) },
		"answer and drop before":         func() { traffic.Inject("*", Fault{Status: 500, Drop: DropBefore}) },
	} {
		t.Run(name, func(t *testing.T) { mustPanic(t, name, f) })
	}
	if traffic.Count("get") != 0 || traffic.Count("*") != 0 {
		t.Error("something was recorded")
	}
}

// The whole of it at once: nothing is lost, and the race detector is content.
func TestConcurrency(t *testing.T) {
	w := newWorld(t)
	w.Inject("make", Fault{Status: 503, Times: 5})
	var all sync.WaitGroup
	statuses := make(chan int, 40)
	for range 20 {
		all.Go(func() {
			statuses <- w.send(t, "/make", "x").status
			statuses <- w.send(t, "/get", "x").status
			w.Count("*")
			w.Requests()
			w.Inject("get", Fault{Status: 418, Times: -1, Skip: 1000})
		})
	}
	all.Wait()
	close(statuses)
	seen := map[int]int{}
	for status := range statuses {
		seen[status]++
	}
	if seen[503] != 5 || seen[201] != 35 || w.Count("*") != 40 || len(w.done()) != 35 {
		t.Errorf("got %v, %d recorded, %d done", seen, w.Count("*"), len(w.done()))
	}
}
