// Package instaclustrsim is a stateful simulator of the Service User Management API of NetApp
// Instaclustr. It shares no type with any client, so a wrong JSON name in a client shows.
//
// It serves the eight documented operations, for the accounts and human users that the Add methods
// create; a new Sim has one account with an Owner. If the documentation leaves a behaviour open,
// Options has a field for it.
//
// It does not serve the deletion of a service user, which does not exist, human users,
// organisations, SCIM and clusters. A key of a type other than User Management gives access only to
// the probe, GET /_emu/whoami.
package instaclustrsim

import (
	"net/http"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

const (
	// Account is the id of the account of a new Sim.
	Account = "3f1c9a52-60d4-4b7e-8a25-9c1d7e4b0f68"

	ownerName = "j.doe"
)

// Sim is one service with its accounts. It is an http.Handler, and all its methods may be called
// while it serves.
type Sim struct {
	*simkit.Server
	options Options
	state   state
	owner   string // its key
}

// New returns a service with one account, whose only user is an Owner with a User Management key;
// Owner returns both. An unknown value of an option panics.
func New(options Options) *Sim {
	for _, option := range AllOptions() {
		value := reflect.ValueOf(options).FieldByName(option.Name).String()
		if value != "" && !slices.Contains(option.Values, value) {
			panic("instaclustrsim: no value " + value + " of " + option.Name)
		}
	}
	s := &Sim{options: options, state: newState(options.Usernames == "caseInsensitive")}
	s.Server = simkit.NewServer(nil, s.unrouted)
	s.state.hex = s.RandomHex
	s.handleAll()
	s.state.accounts = []string{Account}
	s.owner = s.AddUser(HumanUser{Username: ownerName, Email: ownerName + "@example.com"})
	return s
}

const (
	paramUsername = "username"
	paramKeyType  = "apiKeyType"

	usersPath = "/v1/service-users"
	userPath  = usersPath + "/{username}"
	keysPath  = userPath + "/api-keys"

	// rotateID is the one operation that a service user may call, for itself.
	rotateID = "rotateServiceUserApiKey"
	getID    = "getServiceUser"
)

// handleAll is the table of routes (API document 1). KeyParams decides where the last two
// operations have their parameters: with "query" there are two forms, since the documentation
// allows both: the key type alone, or the user name too.
func (s *Sim) handleAll() {
	s.handle("listServiceUsers", "GET "+usersPath, nil, (*call).list)
	s.handle("createServiceUser", "POST "+usersPath, (*call).readCreate, (*call).create)
	if s.options.GetUser == "" {
		s.handle(getID, "GET "+userPath, nil, (*call).get)
	}
	s.handle("updateServiceUser", "PUT "+userPath, (*call).readUpdate, (*call).update)
	s.handle("generateServiceUserApiKey", "POST "+keysPath, (*call).readKeyType, (*call).generate)
	s.handle("revokeServiceUserApiKey", "DELETE "+keysPath, (*call).readKeyType, (*call).revoke)
	restrict := []string{keysPath + "/{apiKeyType}/ip-restrictions"}
	rotate := []string{keysPath + "/{apiKeyType}/rotate"}
	if s.options.KeyParams == "query" {
		restrict = []string{
			keysPath + "/ip-restrictions?apiKeyType", usersPath + "/api-keys/ip-restrictions?username&apiKeyType",
		}
		rotate = []string{keysPath + "/rotate?apiKeyType", usersPath + "/api-keys/rotate?username&apiKeyType"}
	}
	for i := range restrict {
		s.handle("updateServiceUserApiKeyIpRestrictions", "PUT "+restrict[i], (*call).readAllowList, (*call).restrict)
		s.handle(rotateID, "POST "+rotate[i], nil, (*call).rotate)
	}
	s.Handle("", "GET /_emu/whoami", s.probe)
}

// handle registers an operation under its id in the API document. Behind a question mark, the
// pattern names parameters of the query. Read looks at the fields of the body; it is nil where the
// request has none.
func (s *Sim) handle(id, pattern string, read func(*call), run func(*call) simkit.Response) {
	path, query, _ := strings.Cut(pattern, "?")
	s.Handle(id, path, func(r *http.Request, body []byte) simkit.Response {
		c := &call{Sim: s, request: r, body: body, operation: id, read: read, parameters: map[string]string{}}
		for _, name := range []string{paramUsername, paramKeyType} {
			switch {
			case strings.Contains(path, "{"+name+"}"):
				c.parameters[name] = r.PathValue(name)
			case strings.Contains(query, name):
				c.parameters[name] = r.URL.Query().Get(name)
			}
		}
		for _, check := range checks {
			if refusal := check(c); refusal != nil {
				return *refusal
			}
		}
		return run(c)
	})
}

// unrouted returns 404 for unknown paths and 405 for others. A path with three slashes is that of a
// service user.
func (s *Sim) unrouted(r *http.Request, methods []string) simkit.Response {
	user := strings.Count(r.URL.EscapedPath(), "/") == 3
	switch {
	case len(methods) == 0,
		user && r.Method == http.MethodDelete && s.options.DeleteUser == "404",
		user && r.Method == http.MethodGet && s.options.GetUser == "404":
		return *notFound()
	}
	return failure(http.StatusMethodNotAllowed, "Method Not Allowed").With("Allow", strings.Join(methods, ", "))
}

// probe is outside of the API and not recorded. Given the Basic credential of a human or service
// user, it returns the user of the key. It returns 401 if the credential is revoked, and 403 if the
// key's allow list refuses the address in the query parameter address or, without one, the
// caller's.
func (s *Sim) probe(r *http.Request, _ []byte) simkit.Response {
	address := peer(r)
	if text := r.URL.Query().Get("address"); text != "" {
		var err error
		if address, err = netip.ParseAddr(text); err != nil {
			return simkit.JSON(http.StatusBadRequest, record{"message": "Not an address."})
		}
	}
	name, secret, _ := r.BasicAuth()
	u, kind := s.state.open(name, secret)
	switch {
	case u == nil:
		return simkit.JSON(http.StatusUnauthorized, record{"message": "No such key."})
	case !admits(u.keys[kind].allowList, address):
		return *forbidden("The key does not work from this address.")
	}
	return simkit.JSON(http.StatusOK, record{
		"account": u.account, "username": u.username, "keyType": kind, "serviceUser": u.service,
	})
}
