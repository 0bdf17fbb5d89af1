// Package waldursim is a stateful stand-in for the part of Waldur MasterMind's
// HTTP API that keeps service accounts and robot accounts, and for the external
// account service behind the former. It shares no type with a client, so a
// mistake there cannot cancel itself out here.
//
// It serves both kinds of service accounts and the robot accounts in full and, for
// looking things up, the lists and single reads of customers, projects, resources
// and users. Other
// writes that a real server takes (creating a customer, raising a limit) are
// refused with 405: tests make those objects with the Add and Set methods.
package waldursim

import (
	"net/http"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// BackendMode tells what stands behind Waldur's service accounts. API clients of
// a real server cannot see the setting, only its effects.
type BackendMode int

const (
	// BackendAPI has an account service that names accounts and mints keys.
	BackendAPI BackendMode = iota
	// BackendMock has Waldur invent names and keys itself. No account service
	// learns of them, so a mock key opens nothing.
	BackendMock
	// BackendOff has neither, nor the address of an account service: creating is
	// refused, rotating is a server fault, and deleting answers 204 and does
	// nothing.
	BackendOff
)

// Options are the settings of a Sim. The zero value is a server of 2026 with a
// working account service.
type Options struct {
	// Backend is the mode at the start; SetBackend changes it later.
	Backend BackendMode
	// DateTimeZ writes date-times with a trailing Z, as servers of 2024 did,
	// instead of +00:00.
	DateTimeZ bool
	// KeyLifetime is how long a key of the account service lives, to the second.
	// Zero means 30 days; a negative value means that keys do not expire and that
	// expires_at is null. Mock keys always say 90 days.
	KeyLifetime time.Duration
	// Now is the clock of the server and of the account service; nil is time.Now.
	Now func() time.Time

	// OldRobotAccounts serves robot accounts as a server of October 2024 did: no
	// state, description, error_message and error_traceback, no set_state paths,
	// offering_customer_uuid instead of provider_uuid and provider_name, and only
	// the filters by resource, project, customer, provider and type. It brings
	// DateTimeZ, UntrimmedKeys and FrozenResource with it. Service accounts, which
	// such a server does not have, are served all the same.
	OldRobotAccounts bool
	// UntrimmedKeys takes keys of robot accounts as any JSON that is a list of keys
	// and stores them with the white space around them, as servers before 8.0.9 did.
	UntrimmedKeys bool
	// FrozenResource ignores the resource in PUT and PATCH of a robot account.
	FrozenResource bool
	// LeaveRequested leaves a new robot account in the state Requested instead of
	// taking it to OK within the request.
	LeaveRequested bool
	// ConsentRedaction enforces the terms of service of every offering: users
	// without consent (SetConsent) cannot be linked to a robot account, and callers
	// on the provider's side do not see those who are linked.
	ConsentRedaction bool
}

// Sim is one server with its account service. It is an http.Handler, and all its
// methods may be called while it serves.
type Sim struct {
	*simkit.Traffic
	options Options
	routes  []route

	mu      sync.Mutex
	mode    BackendMode
	store   store
	service accountService
}

// New returns a server without customers, users or accounts.
func New(options Options) *Sim {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.KeyLifetime == 0 {
		options.KeyLifetime = 30 * 24 * time.Hour
	}
	if options.OldRobotAccounts {
		options.DateTimeZ, options.UntrimmedKeys, options.FrozenResource = true, true, true
	}
	s := &Sim{
		options: options,
		mode:    options.Backend,
		store:   newStore(),
		service: newAccountService(options.Now, options.KeyLifetime),
	}
	s.routes = append(s.routes, serviceAccountRoutes(customerAccounts)...)
	s.routes = append(s.routes, serviceAccountRoutes(projectAccounts)...)
	s.routes = append(s.routes, robotAccountRoutes(options.OldRobotAccounts)...)
	s.routes = append(s.routes, lookupRoutes()...)
	var operations []string
	for _, r := range s.routes {
		for _, op := range r.methods {
			operations = append(operations, op.id)
		}
	}
	s.Traffic = simkit.NewTraffic(operations...)
	return s
}

// SetBackend changes what stands behind the service accounts. What the account
// service knows is kept while another mode is on.
func (s *Sim) SetBackend(mode BackendMode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode = mode
}

// operation is one method of one path under the name of the published API
// document.
type operation struct {
	id  string
	run func(*call) answer
}

// route is one path. A segment {uuid} stands for any text without a dot, as in
// the server's router; whether it is a UUID is asked later and answered in JSON.
type route struct {
	view    string
	pattern string
	methods map[string]operation
}

func (r route) match(path string) (uuid string, ok bool) {
	want, got := strings.Split(r.pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return "", false
	}
	for i := range want {
		if want[i] == "{uuid}" && got[i] != "" && !strings.Contains(got[i], ".") {
			uuid = got[i]
		} else if want[i] != got[i] {
			return "", false
		}
	}
	return uuid, true
}

func (r route) allow() string {
	methods := make([]string, 0, len(r.methods))
	for method := range r.methods {
		methods = append(methods, method)
	}
	sort.Strings(methods)
	return strings.Join(methods, ", ")
}

func (s *Sim) find(path string) (r route, uuid string, ok bool) {
	for _, r := range s.routes {
		if uuid, ok := r.match(path); ok {
			return r, uuid, true
		}
	}
	return route{}, "", false
}

// call is one request on its way through the server.
type call struct {
	sim     *Sim
	request *http.Request
	body    []byte
	route   route
	uuid    string // of the path, as sent
	user    *userRow
}

// link builds the absolute address of an object. The real server takes scheme
// and host from the request too, so the same object has as many addresses as the
// server has names.
func (c *call) link(path, uuid string) string {
	return c.base() + "/api/" + path + "/" + uuid + "/"
}

func (c *call) base() string {
	scheme := "http"
	if c.request.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.request.Host
}

// ServeHTTP answers one request. GET /account-service/whoami is the one path
// outside Waldur: it asks the account service which account a key opens, and is
// not recorded.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == probePath {
		s.serveProbe(w, r)
		return
	}
	c := &call{sim: s, request: r}
	routed := false
	c.route, c.uuid, routed = s.find(r.URL.Path)
	op := c.route.methods[r.Method]
	s.Serve(w, r, op.id, func(body []byte) simkit.Answer {
		if !routed {
			return s.unrouted(r).wire()
		}
		c.body = body
		return s.work(c, op).wire()
	})
}

// work authenticates before it looks at the method: a wrong token is 401 even
// where the method would be 405.
func (s *Sim) work(c *call, op operation) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := func() answer {
		if problem := c.authenticate(); problem != nil {
			return *problem
		}
		if op.run == nil {
			return refuse(http.StatusMethodNotAllowed, `Method "`+c.request.Method+`" not allowed.`)
		}
		return op.run(c)
	}()
	return a.with("Allow", c.route.allow())
}

// unrouted answers a path that is not served. A missing slash is a redirect for
// every method: a client that follows it turns a POST into a GET.
func (s *Sim) unrouted(r *http.Request) answer {
	if _, _, ok := s.find(r.URL.Path + "/"); ok {
		target := r.URL.EscapedPath() + "/"
		if r.URL.RawQuery != "" {
			target += "?" + r.URL.RawQuery
		}
		return htmlAnswer(http.StatusMovedPermanently, "").with("Location", target)
	}
	return htmlAnswer(http.StatusNotFound, "Not Found")
}
