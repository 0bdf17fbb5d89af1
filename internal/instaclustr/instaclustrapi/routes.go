package instaclustrapi

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// operation is one of the documented operations.
type operation int

const (
	listUsers operation = iota
	createUser
	getUser
	updateUser
	generateKey
	revokeKey
	restrictKey
	rotateKey
	operations // how many there are
)

// route is a method and a path that an operation may have. Parameters are in braces.
type route struct {
	method string
	path   string
	query  []string // names of the parameters in the query
}

const (
	usersPath = "/v1/service-users"
	userPath  = usersPath + "/{username}"
	keysPath  = userPath + "/api-keys"
)

// routes are the routes of each operation. The bodies of requests and responses are documented; a path
// is documented only where the comment says so, and all other paths are guesses. A wrong guess is
// corrected here and nowhere else. If a route returns 404 or 405, the server did nothing, and the next
// route is tried.
var routes = [operations][]route{
	// Documented on the vendor's reference page.
	listUsers: {{http.MethodGet, usersPath, nil}},
	// Documented on the same page.
	createUser: {{http.MethodPost, usersPath, nil}},
	// Likely: the vendor's other APIs have ids below the collection. If it is wrong, the list is read.
	getUser: {{http.MethodGet, userPath, nil}},
	// Possible: the path as above; all updates in the vendor's documents are PUT.
	updateUser: {{http.MethodPut, userPath, nil}},
	// Possible: generate and revoke have the same body, as POST and DELETE on one path of the Bundle
	// User API.
	generateKey: {{http.MethodPost, keysPath, nil}},
	// Possible, as above: DELETE has a body there, too. It may also be POST or PUT .../api-keys/revoke.
	revokeKey: {{http.MethodDelete, keysPath, nil}},
	// A guess from the operation's title. User name and key type are not in the body. They may be in
	// the query: the documented 400 says that each of them may be null, and a part of a path can't be
	// null.
	restrictKey: {
		{http.MethodPut, keysPath + "/{apiKeyType}/ip-restrictions", nil},
		{http.MethodPut, keysPath + "/ip-restrictions", []string{"apiKeyType"}},
		{http.MethodPut, usersPath + "/api-keys/ip-restrictions", []string{"username", "apiKeyType"}},
	},
	// A guess, as above. It may also be PUT.
	rotateKey: {
		{http.MethodPost, keysPath + "/{apiKeyType}/rotate", nil},
		{http.MethodPost, keysPath + "/rotate", []string{"apiKeyType"}},
		{http.MethodPost, usersPath + "/api-keys/rotate", []string{"username", "apiKeyType"}},
	},
}

// target has the values of the parameters.
type target struct{ username, keyType string }

func (t target) value(name string) string {
	if name == "username" {
		return t.username
	}
	return t.keyType
}

// request returns a request without a body.
func (r route) request(t target) transport.Request {
	var parts []string
	for _, part := range strings.Split(strings.TrimPrefix(r.path, "/"), "/") {
		if strings.HasPrefix(part, "{") {
			part = t.value(strings.Trim(part, "{}"))
		}
		parts = append(parts, part)
	}
	query := url.Values{}
	for _, name := range r.query {
		query.Set(name, t.value(name))
	}
	return transport.Request{Method: r.method, Path: transport.Path(parts...), Query: query}
}

// router finds the route of each operation.
type router struct {
	http    *transport.Client
	working [operations]atomic.Int32 // by operation, the route that worked last
}

// try sends an operation by its routes, first by the route that worked last, until a route exists. If
// no route exists, the error is that of the first route.
func (r *router) try(o operation, t target, send func(transport.Request) error) error {
	var first error
	start := int(r.working[o].Load())
	for i := range routes[o] {
		n := (start + i) % len(routes[o])
		err := send(routes[o][n].request(t))
		if err == nil {
			r.working[o].Store(int32(n))
		}
		if !unrouted(err) {
			return err
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// call sends an operation and reads T from the response, whatever 2xx status it has.
func call[T any](ctx context.Context, r *router, o operation, t target, body any) (value *T, err error) {
	err = r.try(o, t, func(request transport.Request) error {
		request.Body = body
		value, _, err = transport.Call[T](ctx, r.http, request)
		return err
	})
	return value, err
}

// do sends an operation, and does not read the body of a 2xx response.
func do(ctx context.Context, r *router, o operation, t target, body any) error {
	return r.try(o, t, func(request transport.Request) error {
		request.Body = body
		return transport.Do(ctx, r.http, request)
	})
}
