package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// kill is what ends by a signal during a fault.
type kill int

const (
	killNothing kill = iota
	killProvider
	killCLI
)

// kindOfFault is one way in which a request can break.
type kindOfFault struct {
	name  string
	fault func(system string) simkit.Fault
	kill  kill
	// refused reports whether nobody listens from this request on, until the end of the run.
	refused bool
	// lasting reports whether the fault is also tried until retries are used up, and for all writes.
	lasting bool
	// fits reports whether a request can break in this way; nil: all can.
	fits func(system string, r simkit.Request) bool
	// logs reports whether the log at TRACE is searched for keys: logging takes time.
	logs bool
	// late is a time after which the server does the work, longer than the provider waits.
	late time.Duration
}

// lateAfter is when late work is done. The provider waits for lateTimeout.
const (
	lateAfter   = 1500 * time.Millisecond
	lateTimeout = "1s"
)

func same(f simkit.Fault) func(string) simkit.Fault { return func(string) simkit.Fault { return f } }

func page(status int, title string) func(string) simkit.Fault {
	return same(simkit.Fault{Status: status, Body: "<!doctype html><html><h1>" + title + "</h1></html>"})
}

// inWords returns a refusal in the words of each API.
func inWords(status int, waldur, wavefront, instaclustr string) func(string) simkit.Fault {
	return func(system string) simkit.Fault {
		body := map[string]string{"Waldur": waldur, "Wavefront": wavefront, "Instaclustr": instaclustr}[system]
		return simkit.Fault{Status: status, Body: body}
	}
}

const throttled = `{"message":"rate limit exceeded"}`

var kindsOfFaults = []*kindOfFault{
	{name: "refused", refused: true},
	{name: "reset-before", lasting: true, fault: same(simkit.Fault{Drop: simkit.DropBefore})},
	{name: "reset-after", lasting: true, fault: same(simkit.Fault{Drop: simkit.DropAfter})},
	{name: "late", lasting: true, late: lateAfter, fault: same(simkit.Fault{Delay: lateAfter, Late: true})},
	{name: "429", lasting: true, fault: same(simkit.Fault{Status: http.StatusTooManyRequests, Body: throttled})},
	{name: "429-retry-after", lasting: true, fault: same(simkit.Fault{
		Status: http.StatusTooManyRequests, Body: throttled, Header: http.Header{"Retry-After": {"1"}},
	})},
	{
		name: "406", lasting: true,
		fault: same(simkit.Fault{Status: http.StatusNotAcceptable,
			Body: `{"status":{"result":"ERROR","message":"Request rate limit exceeded","code":406}}`}),
		fits: func(system string, _ simkit.Request) bool { return system == "Wavefront" },
	},
	{name: "500", lasting: true, fault: page(http.StatusInternalServerError, "Server Error (500)")},
	{name: "502", lasting: true, fault: page(http.StatusBadGateway, "502 Bad Gateway")},
	{name: "503", lasting: true, fault: page(http.StatusServiceUnavailable, "503 Service Unavailable")},
	{name: "502-after", fault: same(simkit.Fault{Alter: func(simkit.Response) simkit.Response {
		return simkit.Response{Status: http.StatusBadGateway, Body: []byte("<h1>502 Bad Gateway</h1>")}
	}})},
	{name: "truncated", logs: true, fault: same(simkit.Fault{Alter: truncated})},
	{name: "other-shape", logs: true, fault: same(simkit.Fault{
		Status: http.StatusOK, Body: `{"unexpected":["shape"]}`,
	})},
	{name: "empty", fault: same(simkit.Fault{
		Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
	})},
	{name: "login-page", fault: page(http.StatusOK, "Sign in")},
	{name: "401", fault: inWords(http.StatusUnauthorized, `{"detail":"Invalid token."}`,
		`{"status":{"result":"ERROR","message":"Invalid token","code":401}}`, "")},
	{name: "403", lasting: true, fault: inWords(http.StatusForbidden,
		`{"detail":"You do not have permission to perform this action."}`,
		`{"status":{"result":"ERROR","message":"Access denied","code":403}}`, `{"message":"Access denied"}`)},
	{name: "404-api", fault: inWords(http.StatusNotFound, `{"detail":"Not found."}`,
		`{"status":{"result":"ERROR","message":"not found","code":404}}`,
		`{"status":404,"message":"Resource not found"}`)},
	{name: "404-html", lasting: true, fault: page(http.StatusNotFound, "404 Not Found")},
	{name: "404-json", lasting: true, fault: same(simkit.Fault{
		Status: http.StatusNotFound, Body: `{"message":"no Route matched with those values"}`,
	})},
	{name: "missing-page", fault: same(simkit.Fault{Alter: withoutRows}), fits: counted},
	{name: "kill-provider-before", kill: killProvider, fault: same(simkit.Fault{Drop: simkit.DropBefore})},
	{name: "kill-provider-after", kill: killProvider, fault: same(simkit.Fault{Drop: simkit.DropAfter})},
	{name: "kill-cli-before", kill: killCLI, fault: same(simkit.Fault{Drop: simkit.DropBefore})},
	{name: "kill-cli-after", kill: killCLI, fault: same(simkit.Fault{Drop: simkit.DropAfter})},
}

// truncated returns the first half of a response.
func truncated(r simkit.Response) simkit.Response {
	r.Body = r.Body[:len(r.Body)/2]
	return r
}

// counted reports whether a request reads a list whose response has the number of rows.
func counted(_ string, r simkit.Request) bool {
	return strings.HasSuffix(r.Operation, "_list") || strings.HasPrefix(r.Operation, "search")
}

// withoutRows returns a list without its rows: the number of rows stays.
func withoutRows(r simkit.Response) simkit.Response {
	var rows []any
	if json.Unmarshal(r.Body, &rows) == nil {
		r.Body = []byte("[]")
		return r
	}
	var envelope map[string]json.RawMessage
	var members map[string]any
	if json.Unmarshal(r.Body, &envelope) == nil && json.Unmarshal(envelope["response"], &members) == nil {
		members["items"] = []any{}
		envelope["response"], _ = json.Marshal(members)
		r.Body, _ = json.Marshal(envelope)
	}
	return r
}

// extents of faults.
const (
	once      = "once"
	always    = "always" // until retries are used up
	allWrites = "all-writes"
	all       = "all" // requests
)

// Case is one run with a fault.
type Case struct {
	resource *resource
	phase    *phase
	number   int    // of the request in the phase, from 1; 0: of all writes, or of all requests
	request  string // its operation
	passed   int    // requests of this operation before it
	kind     *kindOfFault
	extent   string
}

// Name names a case: it is the same in each run of the same provider.
func (c Case) Name() string {
	request := c.extent
	if c.number > 0 {
		request = fmt.Sprintf("%d.%s", c.number, c.request)
	}
	name := strings.Join([]string{c.resource.name, c.phase.name, request, c.kind.name}, "/")
	if c.extent == always {
		name += "/" + always
	}
	return name
}

// writes reports whether a request changes something.
func writes(r simkit.Request) bool {
	return r.Method != http.MethodGet && r.Method != http.MethodHead && !strings.HasPrefix(r.Operation, "search")
}

// casesOf returns all cases of a phase whose requests without a fault are given.
func casesOf(of *resource, in *phase, requests []simkit.Request) (cases []Case) {
	passed := map[string]int{}
	for i, r := range requests {
		for _, kind := range kindsOfFaults {
			if kind.fits != nil && !kind.fits(of.system, r) {
				continue
			}
			c := Case{of, in, i + 1, r.Operation, passed[r.Operation], kind, once}
			cases = append(cases, c)
			if kind.lasting {
				c.extent = always
				cases = append(cases, c)
			}
		}
		passed[r.Operation]++
	}
	for _, kind := range kindsOfFaults {
		if !kind.lasting || kind.fits != nil && !kind.fits(of.system, simkit.Request{}) {
			continue
		}
		cases = append(cases, Case{of, in, 0, "", 0, kind, all})
		if slices.ContainsFunc(requests, writes) {
			cases = append(cases, Case{of, in, 0, "", 0, kind, allWrites})
		}
	}
	return cases
}

// inject arms the fault of a case. During is called for each request that it hits.
func (c Case) inject(sim interface {
	InjectWhere(func(simkit.Request) bool, simkit.Fault) error
}, during func()) error {
	fault := c.kind.fault(c.resource.system)
	if fault.Times = -1; c.extent == once {
		fault.Times = 1
	}
	passed, hit := 0, false
	return sim.InjectWhere(func(r simkit.Request) bool {
		switch {
		case c.extent == all:
			hit = r.Operation != ""
		case c.extent == allWrites:
			hit = writes(r)
		case r.Operation != c.request:
			return false
		default:
			passed++
			hit = passed > c.passed
		}
		if hit && (c.extent != once || passed == c.passed+1) {
			during()
		}
		return hit
	}, fault)
}
