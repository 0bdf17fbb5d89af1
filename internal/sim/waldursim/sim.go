// Package waldursim is a stateful simulator of the part of Waldur MasterMind's HTTP API that keeps
// service accounts and robot accounts, and of the external account service that service accounts
// use. It shares no type with a client, so a wrong JSON name in a client shows.
//
// It serves service accounts and robot accounts and, for looking things up, the lists and single
// reads of customers, projects, resources and users. Other writes (creating a customer, raising a
// limit) are refused with 405: tests create those objects with the Add methods.
package waldursim

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// BackendMode is the account service behind Waldur's service accounts. API clients of a real server
// cannot see the option, only its effects.
type BackendMode string

const (
	// BackendAPI has an account service that names accounts and issues keys.
	BackendAPI BackendMode = ""
	// BackendMock has Waldur invent names and keys itself. There is no account service, so a mock
	// key opens nothing.
	BackendMock BackendMode = "mock"
	// BackendOff has neither, nor the address of an account service: a create is refused, a
	// rotation is a server fault, and a delete returns 204 and does nothing.
	BackendOff BackendMode = "off"
)

// Options are the options of a simulator. The zero value is a server of 2026 with a working account
// service.
type Options struct {
	// Backend is the mode at the start; SetBackend changes it later.
	Backend BackendMode
	// DateTimeZ writes date-times with a trailing Z, as servers of 2024 did, instead of +00:00.
	DateTimeZ bool
	// KeyLifetime is how long a key of the account service lives, to the second. Zero means 30
	// days; a negative value means that keys do not expire and that expires_at is null. Mock keys
	// always have 90 days.
	KeyLifetime time.Duration
	// Now is the clock of the server and of the account service; nil is time.Now.
	Now func() time.Time

	// OldRobotAccounts serves robot accounts as a server of October 2024 did: no state,
	// description, error_message and error_traceback, no set_state paths, offering_customer_uuid
	// instead of provider_uuid and provider_name, and only the filters by resource, project,
	// customer, provider and type. It sets DateTimeZ, UntrimmedKeys and FrozenResource too. Service
	// accounts, which such a server does not have, are served nevertheless.
	OldRobotAccounts bool
	// UntrimmedKeys accepts keys of robot accounts as any JSON that is a list of keys and stores
	// them with the white space around them, as servers before 8.0.9 did.
	UntrimmedKeys bool
	// FrozenResource ignores the resource in PUT and PATCH of a robot account.
	FrozenResource bool
	// LeaveRequested leaves a new robot account in the state Requested; the default is OK.
	LeaveRequested bool
	// ConsentRedaction enforces the terms of service of every offering: users without consent
	// (SetConsent) cannot be linked to a robot account, and callers on the provider's side do not
	// see linked users without consent.
	ConsentRedaction bool
}

// AllOptions returns the options with the values that they have besides their defaults.
func AllOptions() []simkit.Option[Options] {
	return []simkit.Option[Options]{
		simkit.Choice("Backend", func(o *Options) *BackendMode { return &o.Backend }, BackendMock, BackendOff),
		simkit.Flag("DateTimeZ", func(o *Options) *bool { return &o.DateTimeZ }),
		{Name: "KeyLifetime", Values: []string{"-1s", "1h"}, Set: func(o *Options, value string) {
			o.KeyLifetime, _ = time.ParseDuration(value)
		}},
		simkit.Flag("OldRobotAccounts", func(o *Options) *bool { return &o.OldRobotAccounts }),
		simkit.Flag("UntrimmedKeys", func(o *Options) *bool { return &o.UntrimmedKeys }),
		simkit.Flag("FrozenResource", func(o *Options) *bool { return &o.FrozenResource }),
		simkit.Flag("LeaveRequested", func(o *Options) *bool { return &o.LeaveRequested }),
		simkit.Flag("ConsentRedaction", func(o *Options) *bool { return &o.ConsentRedaction }),
	}
}

// Sim is one server with its account service. It is an http.Handler, and all its methods may be
// called while it serves.
type Sim struct {
	*simkit.Server
	options Options
	service accountService

	customers       table[*Customer]
	projects        table[*Project]
	resources       table[*Resource]
	users           table[*User]
	serviceAccounts table[*serviceAccount]
	robotAccounts   table[*robotAccount]
	sshKeys         []sshKey
	consents        map[consent]bool
	credentials     map[string]*credential
	grants          []grant
}

// New returns a server without customers, users or accounts.
func New(options Options) *Sim {
	if options.KeyLifetime == 0 {
		options.KeyLifetime = 30 * 24 * time.Hour
	}
	if options.OldRobotAccounts {
		options.DateTimeZ, options.UntrimmedKeys, options.FrozenResource = true, true, true
	}
	s := &Sim{options: options, consents: map[consent]bool{}, credentials: map[string]*credential{}}
	s.Server = simkit.NewServer(options.Now, s.unrouted)
	s.service = accountService{
		now: s.Now, lifetime: options.KeyLifetime, closed: map[string]bool{}, faults: map[string][]BackendFault{},
	}
	s.Handle("", "GET /account-service/whoami", s.probe)
	customerAccounts.serve(s)
	projectAccounts.serve(s)
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
		response = run(c)
	}
	methods := slices.Sorted(slices.Values(s.Methods(r.URL.EscapedPath())))
	return complete(response).With("Allow", strings.Join(methods, ", "))
}

// unrouted returns the response to a method that a path does not have, to a missing slash and to an
// unknown path. A missing slash is a redirect for every method: a client that follows the redirect
// turns a POST into a GET.
func (s *Sim) unrouted(r *http.Request, methods []string) simkit.Response {
	if len(methods) > 0 {
		return s.authenticated(r, nil, func(*call) *simkit.Response {
			return refuse(http.StatusMethodNotAllowed, `Method "`+r.Method+`" not allowed.`)
		})
	}
	if len(s.Methods(r.URL.EscapedPath()+"/")) > 0 {
		target := *r.URL
		target.Path += "/"
		return complete(page(http.StatusMovedPermanently, "")).With("Location", target.RequestURI())
	}
	return complete(page(http.StatusNotFound, "Not Found"))
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
