package instaclustrapi

import (
	"context"
	"net/http"
	"net/url"
	"strings"

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

// route is a place where an operation may be. Names in braces are filled in.
type route struct {
	method string
	path   string
	query  []string // what travels in the query string
}

const (
	usersPath = "/v1/service-users"
	userPath  = usersPath + "/{username}"
	keysPath  = userPath + "/api-keys"
)

// routes are all paths of this API, by operation. What the documentation tells of an operation (what it does, its request, its answers)
// is certain; where it is, only where the comment says so. A wrong guess is corrected here and nowhere else. Where there are several, the
// next one is tried if one answers 404 or 405, which is to say that nothing was done.
var routes = [operations][]route{
	// Certain: the vendor's reference page.
	listUsers: {{http.MethodGet, usersPath, nil}},
	// Certain: the same page.
	createUser: {{http.MethodPost, usersPath, nil}},
	// Likely: siblings nest ids below the collection. If it is wrong, reads go through the list.
	getUser: {{http.MethodGet, userPath, nil}},
	// Plausible: the path as above; the vendor's documents know no PATCH, all updates are PUT.
	updateUser: {{http.MethodPut, userPath, nil}},
	// Plausible: generate and revoke have one body and stand side by side, as POST and DELETE on one path do in the Bundle User API.
	generateKey: {{http.MethodPost, keysPath, nil}},
	// Plausible, as above, where DELETE has a body, too. Otherwise it may be POST or PUT .../api-keys/revoke.
	revokeKey: {{http.MethodDelete, keysPath, nil}},
	// A coin toss: the name is the operation's title. User name and key type are not in the body, and the documented 400 says that either
	// may be null, which no part of a path is: they may be in the query.
	restrictKey: {
		{http.MethodPut, keysPath + "/{apiKeyType}/ip-restrictions", nil},
		{http.MethodPut, keysPath + "/ip-restrictions", []string{"apiKeyType"}},
		{http.MethodPut, usersPath + "/api-keys/ip-restrictions", []string{"username", "apiKeyType"}},
	},
	// A coin toss, as above; and it may be PUT.
	rotateKey: {
		{http.MethodPost, keysPath + "/{apiKeyType}/rotate", nil},
		{http.MethodPost, keysPath + "/rotate", []string{"apiKeyType"}},
		{http.MethodPost, usersPath + "/api-keys/rotate", []string{"username", "apiKeyType"}},
	},
}

// target is what an operation is about.
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
	request := transport.Request{Method: r.method, Path: transport.Path(parts...)}
	for _, name := range r.query {
		if request.Query == nil {
			request.Query = url.Values{}
		}
		request.Query.Set(name, t.value(name))
	}
	return request
}

// try sends an operation to the places where it may be, the one that worked last first, until one of them is not missing. If all are, the
// error is that of the first.
func (c *Client) try(o operation, t target, send func(transport.Request) error) error {
	var first error
	start := int(c.working[o].Load())
	for i := range routes[o] {
		n := (start + i) % len(routes[o])
		err := send(routes[o][n].request(t))
		if err == nil {
			c.working[o].Store(int32(n))
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

// call sends an operation and reads T from the answer, whichever 2xx it is.
func call[T any](ctx context.Context, c *Client, o operation, t target, body any) (value *T, err error) {
	err = c.try(o, t, func(request transport.Request) error {
		request.Body, request.Repeatable = body, o == rotateKey
		value, _, err = transport.Call[T](ctx, c.http, request)
		return err
	})
	return value, err
}

// do sends an operation whose answer says no more.
func do(ctx context.Context, c *Client, o operation, t target, body any) error {
	return c.try(o, t, func(request transport.Request) error {
		request.Body = body
		return transport.Do(ctx, c.http, request)
	})
}
