// Package waldursim is a stateful simulator of the part of Waldur MasterMind's HTTP API that keeps
// service accounts and robot accounts, and of the external account service that service accounts
// use. It shares no type with a client, so a wrong JSON name in a client shows.
//
// It serves service accounts and robot accounts and, for looking things up, the lists and single
// reads of customers, projects, resources, users and roles. Writes of those (creating a customer,
// raising a limit) are refused, to staff with a 405 that a real server does not have: tests create
// those objects with the Add methods.
package waldursim

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// Sim is one server with its account service. It is an http.Handler, and all its methods may be
// called while it serves.
type Sim struct {
	*simkit.Server
	options Options
	service accountService
	turns   map[string]chan struct{} // by token: closed when the token's last request so far is done

	customers       table[*Customer]
	projects        table[*Project]
	resources       table[*Resource]
	users           table[*User]
	serviceAccounts table[*serviceAccount]
	places          int               // of service accounts, given so far
	listed          []*serviceAccount // in the order of their places; nil if that has changed
	robotAccounts   table[*robotAccount]
	robotTypes      map[robotType]*robotAccount // see robotTaken
	sshKeys         []sshKey
	consents        map[consent]bool
	credentials     map[string]*credential
	grants          []grant
	roles           []*role
}

// New returns a server without customers, users or accounts.
func New(options Options) *Sim {
	options = options.complete()
	s := &Sim{
		options: options, turns: map[string]chan struct{}{}, roles: newRoles(),
		consents: map[consent]bool{}, credentials: map[string]*credential{},
		robotTypes: map[robotType]*robotAccount{},
	}
	s.Server = simkit.NewServer(options.Now, s.unrouted)
	s.service = accountService{
		now: s.Now, hex: s.RandomHex, lifetime: options.KeyLifetime,
		accounts: map[string]*serviceEntry{}, faults: map[string][]BackendFault{},
	}
	s.Handle("", "GET /account-service/whoami", s.probe)
	if !options.NoServiceAccounts {
		customerAccounts.serve(s)
		projectAccounts.serve(s)
	}
	newRobotEndpoint(options.OldRobotAccounts).serve(s)
	serveLookups(s)
	return s
}

// call is one request on its way through the server.
type call struct {
	*Sim
	request *http.Request
	body    []byte
	user    *User // the caller
	token   string
	// unresolved is the response to a filter with an address of nothing.
	unresolved *simkit.Response
}

// handle registers an operation, which needs credentials.
func (s *Sim) handle(operation, pattern string, run func(*call) *simkit.Response) {
	s.Handle(operation, pattern, func(r *http.Request, body []byte) simkit.Response {
		return s.authenticated(r, body, run)
	})
}

func (s *Sim) authenticated(r *http.Request, body []byte, run func(*call) *simkit.Response) simkit.Response {
	c := &call{Sim: s, request: r, body: body}
	response := c.authenticate()
	if response == nil {
		defer c.turn()()
		response = run(c)
	}
	return s.complete(response).With("Allow", s.allowed(r))
}

// allowed returns the methods of a path in the order of the real server.
func (s *Sim) allowed(r *http.Request) string {
	served := append(s.Methods(r.URL.EscapedPath()), http.MethodOptions)
	methods := []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
	return strings.Join(slices.DeleteFunc(methods, func(m string) bool { return !slices.Contains(served, m) }), ", ")
}

// unrouted returns the response to OPTIONS, to a method that a path does not have, to a missing
// slash and to an unknown path. A missing slash is a redirect for every method: a client that
// follows the redirect turns a POST into a GET.
func (s *Sim) unrouted(r *http.Request, methods []string) simkit.Response {
	if len(methods) > 0 {
		return s.authenticated(r, nil, func(*call) *simkit.Response {
			if r.Method == http.MethodOptions {
				return respond(http.StatusOK, record{
					"name": "Waldur", "description": "",
					"renders": []string{"application/json"}, "parses": []string{"application/json"},
				})
			}
			return notAllowed(r.Method)
		})
	}
	if len(s.Methods(r.URL.EscapedPath()+"/")) > 0 {
		target := *r.URL
		target.Path += "/"
		moved := page(http.StatusMovedPermanently, "")
		moved.Body = nil
		return s.complete(moved).With("Location", target.RequestURI())
	}
	return s.complete(page(http.StatusNotFound, "Not Found"))
}

// link returns the absolute address of an object. Scheme and host come from the request, as on the
// real server, so the same object has as many addresses as the server has names.
func (c *call) link(path, uuid string) string { return c.base() + "/api/" + path + "/" + uuid + "/" }

func (c *call) base() string {
	scheme := "http"
	if c.request.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.request.Host
}

// now returns the present time as the server writes it.
func (s *Sim) now() string {
	if s.options.DateTimeZ {
		return isoFormat(s.Now()) + "Z"
	}
	return isoFormat(s.Now()) + "+00:00"
}

// isoFormat is Python's form of a UTC time without an offset: microseconds, left out if they are zero.
func isoFormat(t time.Time) string {
	t = t.UTC().Truncate(time.Microsecond)
	if t.Nanosecond() == 0 {
		return t.Format("2006-01-02T15:04:05")
	}
	return t.Format("2006-01-02T15:04:05.000000")
}
