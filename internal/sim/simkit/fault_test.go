package simkit

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// injection is a fault and the operation that it is for.
type injection struct {
	operation string
	fault     Fault
}

func TestInject(t *testing.T) {
	const g, m = "/get", "/make"
	for name, test := range map[string]struct {
		faults []injection
		paths  []string
		want   []int
	}{
		"once, by default":             {[]injection{{"get", Fault{Status: 500}}}, []string{g, g}, []int{500, 201}},
		"once":                         {[]injection{{"get", Fault{Status: 500, Times: 1}}}, []string{g, g}, []int{500, 201}},
		"three times":                  {[]injection{{"get", Fault{Status: 500, Times: 3}}}, []string{g, g, g, g}, []int{500, 500, 500, 201}},
		"for ever":                     {[]injection{{"get", Fault{Status: 500, Times: -1}}}, []string{g, g, g, g, g}, []int{500, 500, 500, 500, 500}},
		"not another operation":        {[]injection{{"get", Fault{Status: 500}}}, []string{m, g, m}, []int{201, 500, 201}},
		"all operations":               {[]injection{{"*", Fault{Status: 500, Times: 2}}}, []string{m, g, m}, []int{500, 500, 201}},
		"not what is no operation":     {[]injection{{"*", Fault{Status: 500}}}, []string{"/x", g}, []int{201, 500}},
		"skip one":                     {[]injection{{"get", Fault{Status: 500, Skip: 1}}}, []string{g, g, g}, []int{201, 500, 201}},
		"skip two, strike two":         {[]injection{{"get", Fault{Status: 500, Skip: 2, Times: 2}}}, []string{g, g, g, g, g}, []int{201, 201, 500, 500, 201}},
		"skip, then for ever":          {[]injection{{"get", Fault{Status: 500, Skip: 1, Times: -1}}}, []string{g, g, g, g}, []int{201, 500, 500, 500}},
		"another operation is no skip": {[]injection{{"get", Fault{Status: 500, Skip: 1}}}, []string{m, m, g, g}, []int{201, 201, 201, 500}},
		"skip counts all operations":   {[]injection{{"*", Fault{Status: 500, Skip: 2}}}, []string{m, g, m}, []int{201, 201, 500}},
		"in turn":                      {[]injection{{"get", Fault{Status: 500}}, {"get", Fault{Status: 502}}}, []string{g, g, g}, []int{500, 502, 201}},
		"skip counts what another hit": {[]injection{{"get", Fault{Status: 500}}, {"get", Fault{Status: 502, Skip: 1}}}, []string{g, g, g}, []int{500, 502, 201}},
		"a later one waits":            {[]injection{{"get", Fault{Status: 500, Times: 2}}, {"get", Fault{Status: 502, Skip: 1}}}, []string{g, g, g, g}, []int{500, 500, 502, 201}},
		"an earlier one is not due":    {[]injection{{"get", Fault{Status: 500, Skip: 1}}, {"*", Fault{Status: 502}}}, []string{g, g, g}, []int{502, 500, 201}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for _, i := range test.faults {
				w.Inject(i.operation, i.fault)
			}
			wantStatuses(t, w.statuses(t, test.paths...), test.want...)
			for i, r := range w.Requests() {
				if r.Status != test.want[i] || r.Fault != (test.want[i] >= 500) {
					t.Errorf("request %d is recorded as %+v", i, r)
				}
			}
			if done := len(w.done()); done != len(test.want)-count(test.want, 500) {
				t.Errorf("the work was done %d times", done)
			}
		})
	}
}

// count tells how many statuses are at least as high.
func count(statuses []int, least int) int {
	n := 0
	for _, status := range statuses {
		if status >= least {
			n++
		}
	}
	return n
}

// Skip counts from the moment on when a fault was armed.
func TestSkipCountsFromInject(t *testing.T) {
	w := newWorld(t)
	w.statuses(t, "/get", "/get")
	w.Inject("get", Fault{Status: 500, Skip: 1})
	wantStatuses(t, w.statuses(t, "/get", "/get"), 201, 500)
}

func TestClearFaults(t *testing.T) {
	w := newWorld(t)
	w.Inject("get", Fault{Status: 500, Times: -1})
	w.Inject("*", Fault{Status: 500, Skip: 1})
	w.ClearFaults()
	wantStatuses(t, w.statuses(t, "/get", "/get", "/make"), 201, 201, 201)
	w.Inject("get", Fault{Status: 502})
	wantStatuses(t, w.statuses(t, "/get", "/get"), 502, 201)
}

func TestFaultAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		fault Fault
		kind  string // of the content
	}{
		"no body":                       {Fault{Status: 502}, "text/html; charset=utf-8"},
		"a page":                        {Fault{Status: 502, Body: "<h1>Bad Gateway</h1>"}, "text/html; charset=utf-8"},
		"an object":                     {Fault{Status: 406, Body: `{"status":{}}`}, "application/json; charset=utf-8"},
		"a list":                        {Fault{Status: 400, Body: `["x"]`}, "application/json; charset=utf-8"},
		"JSON that is cut off":          {Fault{Status: 500, Body: `{"status":`}, "text/html; charset=utf-8"},
		"a kind of its own":             {Fault{Status: 500, Body: `{}`, Header: http.Header{"Content-Type": {"text/plain"}}}, "text/plain"},
		"a kind, in another spelling":   {Fault{Status: 500, Body: `{}`, Header: http.Header{"content-type": {"text/plain"}}}, "text/plain"},
		"a status that is no failure":   {Fault{Status: 200, Body: `{}`}, "application/json; charset=utf-8"},
		"a header, in another spelling": {Fault{Status: 429, Body: `{}`, Header: http.Header{"retry-after": {"7"}}}, "application/json; charset=utf-8"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.Inject("make", test.fault)
			got := w.send(t, "/make", "x")
			if got.status != test.fault.Status || got.body != test.fault.Body || got.header.Get("Content-Type") != test.kind || got.header.Get(FaultHeader) != "true" {
				t.Errorf("got %+v", got)
			}
			if strings.HasPrefix(name, "a header") && got.header.Get("Retry-After") != "7" {
				t.Errorf("header %v", got.header)
			}
			if len(w.done()) != 0 {
				t.Error("the work was done")
			}
			if r := w.Requests()[0]; r.Status != test.fault.Status || !r.Fault || r.Body != "x" {
				t.Errorf("recorded %+v", r)
			}
		})
	}
}

func TestDrop(t *testing.T) {
	for name, test := range map[string]struct {
		drop Drop
		done []string
	}{
		"before": {DropBefore, []string{}},
		"after":  {DropAfter, []string{"x"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.Inject("make", Fault{Drop: test.drop})
			if got := w.send(t, "/make", "x"); got.status != 0 {
				t.Errorf("answered %+v", got)
			}
			if done := w.done(); !slices.Equal(done, test.done) {
				t.Errorf("done %q", done)
			}
			if r := w.Requests(); len(r) != 1 || r[0].Status != 0 || !r[0].Fault || r[0].Body != "x" || r[0].Operation != "make" {
				t.Errorf("recorded %+v", r)
			}
			wantStatuses(t, w.statuses(t, "/make"), 201)
		})
	}
}

// Where no connection can be taken over, the handler is given up in the way that net/http knows.
func TestDropWithoutAConnection(t *testing.T) {
	traffic := NewTraffic("get")
	traffic.Inject("get", Fault{Drop: DropBefore})
	defer func() {
		if err := recover(); err != http.ErrAbortHandler { //nolint:errorlint // what net/http compares with
			t.Errorf("got %v", err)
		}
	}()
	traffic.Serve(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/get", nil), "get", func([]byte) Answer {
		t.Error("the work was done")
		return Answer{Status: 200}
	})
}

func TestStripBody(t *testing.T) {
	w := newWorld(t)
	w.Inject("make", Fault{StripBody: true, Times: 2})
	w.Inject("make", Fault{StripBody: true, Drop: DropAfter})
	if got := w.send(t, "/make", "x"); got.status != 201 || got.body != "made " {
		t.Errorf("got %+v", got)
	}
	w.send(t, "/make", "y")
	w.send(t, "/make", "z")
	w.send(t, "/make", "whole")
	if done := w.done(); !slices.Equal(done, []string{"", "", "", "whole"}) {
		t.Errorf("done %q", done)
	}
	recorded := []string{}
	for _, r := range w.Requests() {
		recorded = append(recorded, r.Body)
	}
	if !slices.Equal(recorded, []string{"", "", "", "whole"}) {
		t.Errorf("recorded %q", recorded)
	}
}

func TestDelay(t *testing.T) {
	const delay = 30 * time.Millisecond
	for name, fault := range map[string]Fault{
		"then the work": {Delay: delay},
		"then a status": {Delay: delay, Status: 503},
		"then a drop":   {Delay: delay, Drop: DropAfter},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.Inject("make", fault)
			start := time.Now()
			got := w.send(t, "/make", "x")
			if waited := time.Since(start); waited < delay {
				t.Errorf("answered after %s", waited)
			}
			want := map[string]int{"then the work": 201, "then a status": 503, "then a drop": 0}[name]
			if got.status != want || w.Requests()[0].Status != want {
				t.Errorf("got %+v, recorded %+v", got, w.Requests()[0])
			}
		})
	}
}

// A client that gives up during a delay has nothing done for it, and is recorded.
func TestDelayOutlivesTheClient(t *testing.T) {
	w := newWorld(t)
	w.Inject("make", Fault{Delay: time.Minute})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.server.URL+"/make", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := w.server.Client().Do(r); err == nil {
		_ = resp.Body.Close()
		t.Error("an answer came")
	}
	for deadline := time.Now().Add(5 * time.Second); w.Count("make") == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the server waits on")
		}
	}
	if r := w.Requests()[0]; r.Status != 0 || !r.Fault || r.Body != "x" {
		t.Errorf("recorded %+v", r)
	}
	if done := w.done(); len(done) != 0 {
		t.Errorf("done %q", done)
	}
	wantStatuses(t, w.statuses(t, "/make"), 201)
}

// A body that breaks off reaches no operation, and spends no fault.
func TestBodyThatBreaksOff(t *testing.T) {
	traffic := NewTraffic("make")
	traffic.Inject("make", Fault{Status: 500})
	broken := httptest.NewRequest(http.MethodPost, "/make", iotest.ErrReader(io.ErrUnexpectedEOF))
	func() {
		defer func() {
			if err := recover(); err != http.ErrAbortHandler { //nolint:errorlint // what net/http compares with
				t.Errorf("got %v", err)
			}
		}()
		traffic.Serve(httptest.NewRecorder(), broken, "make", func([]byte) Answer { return Answer{Status: 200} })
	}()
	to := httptest.NewRecorder()
	traffic.Serve(to, httptest.NewRequest(http.MethodPost, "/make", nil), "make", func([]byte) Answer { return Answer{Status: 200} })
	if to.Code != 500 || traffic.Count("make") != 1 {
		t.Errorf("got %d, %d recorded", to.Code, traffic.Count("make"))
	}
}
