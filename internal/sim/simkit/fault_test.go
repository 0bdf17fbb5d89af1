package simkit_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

// injection is a fault with the operation that it is for.
type injection struct {
	operation string
	simkit.Fault
}

// TestTimesAndSkip sends requests that reach the operations get (g) and make (m), and no operation (x).
func TestTimesAndSkip(t *testing.T) {
	const bad, worse = 500, 502
	for name, test := range map[string]struct {
		faults   []injection
		requests string
		want     []int // 0 is the response of the work
	}{
		"once by default":    {[]injection{{"get", simkit.Fault{Status: bad}}}, "gg", []int{bad, 0}},
		"twice":              {[]injection{{"get", simkit.Fault{Status: bad, Times: 2}}}, "ggg", []int{bad, bad, 0}},
		"for ever":           {[]injection{{"get", simkit.Fault{Status: bad, Times: -1}}}, "ggg", []int{bad, bad, bad}},
		"its operation only": {[]injection{{"get", simkit.Fault{Status: bad}}}, "mgm", []int{0, bad, 0}},
		"all operations":     {[]injection{{"*", simkit.Fault{Status: bad, Times: 2}}}, "mgm", []int{bad, bad, 0}},
		"no operation":       {[]injection{{"*", simkit.Fault{Status: bad}}}, "xg", []int{0, bad}},
		"skip one":           {[]injection{{"get", simkit.Fault{Status: bad, Skip: 1}}}, "mggg", []int{0, 0, bad, 0}},
		"in turn": {
			[]injection{{"get", simkit.Fault{Status: bad}}, {"get", simkit.Fault{Status: worse}}},
			"ggg", []int{bad, worse, 0},
		},
		"skip counts requests that another fault hit": {
			[]injection{{"get", simkit.Fault{Status: bad, Times: 2}}, {"get", simkit.Fault{Status: worse, Skip: 1}}},
			"gggg", []int{bad, bad, worse, 0},
		},
		"an earlier fault is not due": {
			[]injection{{"get", simkit.Fault{Status: bad, Skip: 1}}, {"*", simkit.Fault{Status: worse}}},
			"ggg", []int{worse, bad, 0},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for _, i := range test.faults {
				w.Inject(i.operation, i.Fault)
			}
			for i, request := range test.requests {
				method := map[rune]string{'g': "GET", 'm': "POST", 'x': "PUT"}[request]
				status := w.Send(method, "/things", nil, nil).Status
				if status == 201 || status == 404 {
					status = 0
				}
				simtest.Equal(t, "response", status, test.want[i])
			}
			w.Inject("*", simkit.Fault{Status: bad, Times: -1})
			w.ClearFaults()
			w.make("x").Want(201)
		})
	}
}

func TestWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := simkit.NewServer(nil, nil)
		server.Handle("get", "GET /things", func(*http.Request, []byte) simkit.Response {
			return simkit.JSON(http.StatusOK, nil)
		})
		server.Inject("*", simkit.Fault{Status: 429, Times: -1, Skip: 2, Window: time.Minute})
		for i, want := range []int{200, 200, 429, 429, 200, 200, 429} {
			if i == 4 {
				time.Sleep(time.Minute) // of the bubble's clock
			}
			response := httptest.NewRecorder()
			server.ServeHTTP(response, httptest.NewRequest(http.MethodGet, "/things", nil))
			simtest.Equal(t, "status", response.Code, want)
		}
	})
}

func TestFaultResponses(t *testing.T) {
	const json, html = "application/json; charset=utf-8", "text/html; charset=utf-8"
	for _, test := range []struct {
		fault simkit.Fault
		kind  string
	}{
		{simkit.Fault{Status: 502}, html},
		{simkit.Fault{Status: 502, Body: "<h1>Bad Gateway</h1>"}, html},
		{simkit.Fault{Status: 500, Body: `{"status":`}, html},
		{simkit.Fault{Status: 406, Body: `{"status": {}}`}, json},
		{simkit.Fault{Status: 200, Body: `["x"]`}, json},
		{simkit.Fault{Status: 500, Body: `{}`, Header: http.Header{"content-type": {"text/plain"}}}, "text/plain"},
	} {
		w := newWorld(t)
		w.Inject("make", test.fault)
		r := w.make("x").Want(test.fault.Status)
		simtest.Equal(t, "body", r.Body, test.fault.Body)
		simtest.Equal(t, "Content-Type", r.Header.Get("Content-Type"), test.kind)
		simtest.Equal(t, "mark", r.Header.Get(simkit.FaultHeader), "true")
		simtest.Equal(t, "done", len(w.bodies()), 0)
		simtest.Equal(t, "mark of a response of the work", w.make("x").Header.Get(simkit.FaultHeader), "")
	}
}

func TestDropDelayAndStrip(t *testing.T) {
	const delay = 30 * time.Millisecond
	for name, test := range map[string]struct {
		fault  simkit.Fault
		status int // 0: no response
		done   []string
	}{
		"drop before":           {simkit.Fault{Drop: simkit.DropBefore}, 0, nil},
		"drop after":            {simkit.Fault{Drop: simkit.DropAfter}, 0, []string{"x"}},
		"delay":                 {simkit.Fault{Delay: delay}, 201, []string{"x"}},
		"delay, then a status":  {simkit.Fault{Delay: delay, Status: 503}, 503, nil},
		"strip":                 {simkit.Fault{StripBody: true}, 201, []string{""}},
		"strip, drop and delay": {simkit.Fault{StripBody: true, Drop: simkit.DropAfter, Delay: delay}, 0, []string{""}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.Inject("make", test.fault)
			start := time.Now()
			r, err := w.Try("POST", "/things", nil, "x")
			if time.Since(start) < test.fault.Delay {
				t.Error("there was no delay")
			}
			simtest.Equal(t, "no response", err != nil, test.status == 0)
			simtest.Equal(t, "status", r.Status, test.status)
			simtest.Equal(t, "done", w.bodies(), test.done)
			recorded := w.Requests()[0]
			simtest.Equal(t, "recorded", []any{recorded.Status, recorded.Fault}, []any{test.status, true})
		})
	}
}

// TestClientGivesUpDuringADelay checks that nothing is done for such a client, and that other
// requests are served meanwhile.
func TestClientGivesUpDuringADelay(t *testing.T) {
	w := newWorld(t)
	w.Inject("make", simkit.Fault{Delay: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan any)
	go func() {
		defer func() { ended <- recover() }()
		w.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/things", nil).WithContext(ctx))
	}()
	w.Send("GET", "/things", nil, nil).Want(201)
	cancel()
	// A connection that cannot be taken over is aborted.
	if err, _ := (<-ended).(error); !errors.Is(err, http.ErrAbortHandler) {
		t.Errorf("panic %v", err)
	}
	simtest.Equal(t, "recorded and done", []int{w.Count("make"), len(w.bodies())}, []int{1, 1})
}

// TestLate does the work for a client that gave up during the delay.
func TestLate(t *testing.T) {
	w := newWorld(t)
	w.Inject("make", simkit.Fault{Delay: 30 * time.Millisecond, Late: true})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/things", nil).WithContext(ctx))
	simtest.Equal(t, "recorded and done", []int{w.Count("make"), len(w.bodies())}, []int{1, 1})
}

// TestAlter changes the response of the work, which is done.
func TestAlter(t *testing.T) {
	w := newWorld(t)
	w.Inject("make", simkit.Fault{Alter: func(r simkit.Response) simkit.Response {
		r.Status, r.Body = 502, nil
		return r
	}})
	r := w.make("x").Want(502)
	simtest.Equal(t, "body and done", []any{r.Body, len(w.bodies())}, []any{"", 1})
	simtest.Equal(t, "recorded", w.Requests()[0].Status, 502)
}

// TestBodyThatBreaksOff reaches no operation and is no request.
func TestBodyThatBreaksOff(t *testing.T) {
	w := newWorld(t)
	simtest.Panics(t, func() {
		broken := httptest.NewRequest("POST", "/things", iotest.ErrReader(io.ErrUnexpectedEOF))
		w.ServeHTTP(httptest.NewRecorder(), broken)
	})
	simtest.Equal(t, "recorded and done", []int{w.Count("*"), len(w.bodies())}, []int{0, 0})
}

func TestFaultsThatCannotActPanic(t *testing.T) {
	w := newWorld(t)
	for operation, fault := range map[string]simkit.Fault{
		"take": {Status: 500},
		"":     {Status: 500},
		"get":  {Times: 3, Skip: 1, Body: "x"},
		"make": {Status: 500, Drop: simkit.DropBefore},
		"*":    {Status: 500, Late: true},
	} {
		simtest.Panics(t, func() { w.Inject(operation, fault) })
	}
	same := func(r simkit.Response) simkit.Response { return r }
	simtest.Panics(t, func() { w.Inject("get", simkit.Fault{Status: 500, Alter: same}) })
	simtest.Panics(t, func() { w.Inject("get", simkit.Fault{Drop: simkit.DropAfter, Alter: same}) })
}

// TestInjectWhere hits requests by what the server sees, those that reach no operation too.
func TestInjectWhere(t *testing.T) {
	w := newWorld(t)
	matches := func(r simkit.Request) bool { return r.Method == "PUT" || r.RawQuery == "x=1" }
	if err := w.InjectWhere(matches, simkit.Fault{Status: 503, Times: -1}); err != nil {
		t.Fatal(err)
	}
	w.Send("PUT", "/else/where", nil, nil).Want(503)
	w.Send("GET", "/things?x=1", nil, nil).Want(503)
	w.Send("GET", "/things", nil, nil).Want(201)
	if err := w.InjectWhere(matches, simkit.Fault{Times: -1}); err == nil {
		t.Error("a fault that cannot act is accepted")
	}
}
