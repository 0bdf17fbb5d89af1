package simkit_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

// world is a server with the operations get and make. Their work is to keep the body.
type world struct {
	*simtest.Client
	*simkit.Server
	done []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Server: simkit.NewServer(nil, func(*http.Request, []string) simkit.Response {
		return simkit.JSON(http.StatusNotFound, nil)
	})}
	work := func(_ *http.Request, body []byte) simkit.Response {
		w.done = append(w.done, string(body))
		return simkit.JSON(http.StatusCreated, string(body))
	}
	w.Handle("get", "GET /things", work)
	w.Handle("make", "POST /things", work)
	w.Client = simtest.Serve(t, w.Server)
	return w
}

func (w *world) bodies() []string {
	w.Lock()
	defer w.Unlock()
	return slices.Clone(w.done)
}

func (w *world) make(body string) simtest.Reply {
	w.Helper()
	header := http.Header{"Authorization": {"s3cret"}, "X-Auth-Token": {"s3cret"}}
	return w.Send("POST", "/things?a=b&c=%20", header, body)
}

func TestRecord(t *testing.T) {
	w := newWorld(t)
	w.make("one").Want(201)
	w.Inject("make", simkit.Fault{Drop: simkit.DropAfter})
	_, _ = w.Try("POST", "/things", http.Header{"Authorization": {"s3cret"}}, "two")
	w.Send("PUT", "/else/where", nil, "three").Want(404)
	got := w.Requests()
	want := []simkit.Request{
		{Operation: "make", Method: "POST", Path: "/things", RawQuery: "a=b&c=%20", Body: "one", Status: 201},
		{Operation: "make", Method: "POST", Path: "/things", Body: "two", Fault: true},
		{Method: "PUT", Path: "/else/where", Body: "three", Status: 404},
	}
	for i := range got {
		for name, values := range got[i].Header {
			if strings.Contains(strings.Join(values, ""), "s3cret") {
				t.Errorf("the record has the credential %s", name)
			}
		}
		got[i].Header.Set("X-Changed", "by the test")
		got[i].Header = nil
	}
	simtest.Equal(t, "record", got, want)
	simtest.Equal(t, "the record is a copy", w.Requests()[0].Header.Get("X-Changed"), "")
	simtest.Equal(t, "counts", []int{w.Count("make"), w.Count("get"), w.Count("*")}, []int{2, 0, 3})
	w.ResetRequests()
	simtest.Equal(t, "after a reset", w.Count("*"), 0)
}

// TestConcurrency is for the race detector, and loses no request.
func TestConcurrency(t *testing.T) {
	w := newWorld(t)
	w.Inject("make", simkit.Fault{Status: 503, Times: 5})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			w.make("x")
			w.Requests()
			w.Inject("get", simkit.Fault{Status: 418, Times: -1})
		})
	}
	all.Wait()
	simtest.Equal(t, "recorded and done", []int{w.Count("*"), len(w.bodies())}, []int{20, 15})
}

func TestRecordBriefly(t *testing.T) {
	w := newWorld(t)
	w.RecordBriefly()
	w.make("one").Want(201)
	simtest.Equal(t, "record", w.Requests(), []simkit.Request{
		{Operation: "make", Method: "POST", Path: "/things", RawQuery: "a=b&c=%20", Status: 201},
	})
}

// TestLatency does the work first, and delays the responses of faults too.
func TestLatency(t *testing.T) {
	const latency = 30 * time.Millisecond
	w := newWorld(t)
	w.SetLatency(latency)
	for _, status := range []int{201, 503} {
		begun := time.Now()
		w.make("x").Want(status)
		if time.Since(begun) < latency {
			t.Errorf("%d is not delayed", status)
		}
		w.Inject("make", simkit.Fault{Status: 503})
	}
	w.ClearFaults()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w.SetLatency(time.Minute)
	w.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/things", nil).WithContext(ctx))
	simtest.Equal(t, "done", len(w.bodies()), 2)
}
