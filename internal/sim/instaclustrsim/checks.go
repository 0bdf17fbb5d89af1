package instaclustrsim

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"net/netip"
	"slices"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// call is one request on its way through the service.
type call struct {
	*Sim
	request    *http.Request
	body       []byte
	operation  string
	read       func(*call)
	parameters map[string]string // of path and query

	caller    *user
	callerKey string // its type
	input     input
	target    *user
	keyType   string
}

// checks run before an operation, in the order of the API document (9.2). An injected fault, such
// as a 429, comes before them; the rules of the operation itself come after them.
var checks = []func(*call) *simkit.Response{
	(*call).checkCredentials,
	(*call).checkCaller,
	(*call).checkContentType,
	(*call).checkBody,
	(*call).checkFields,
	(*call).checkTarget,
	(*call).checkRights,
}

func (c *call) checkCredentials() *simkit.Response {
	name, secret, _ := c.request.BasicAuth()
	if c.caller, c.callerKey = c.state.open(name, secret); c.caller == nil {
		return unauthorized()
	}
	return nil
}

func (c *call) checkCaller() *simkit.Response {
	own := c.caller.service && c.operation == rotateID && c.state.same(c.caller.username, c.parameters[paramUsername])
	anyType := own && c.options.SelfRotation == ""
	switch {
	case !admits(c.caller.keys[c.callerKey].allowList, peer(c.request)):
		if c.options.AddressRefused == "401" {
			return unauthorized()
		}
		return forbidden("The address of the caller is not allowed for this API key.")
	case c.callerKey != UserManagement && !anyType:
		if c.options.WrongKeyType == "401" {
			return unauthorized()
		}
		return forbidden("This operation requires a User Management API key.")
	case c.caller.service && !own:
		return forbidden("Service users cannot manage service users.")
	case !c.caller.service && rank(c.caller.role) < rank(ClusterAdmin):
		return forbidden("Only Owners and Cluster Admins can manage service users.")
	}
	return nil
}

// peer returns the address of the connection.
func peer(r *http.Request) netip.Addr {
	address, _ := netip.ParseAddrPort(r.RemoteAddr)
	return address.Addr()
}

// checkContentType lets a request pass that has neither body nor content type: a proxy dropped its
// body, and the documented response to such a request is 400.
func (c *call) checkContentType() *simkit.Response {
	header := c.request.Header.Get("Content-Type")
	if c.read == nil || header == "" && len(c.body) == 0 {
		return nil
	}
	if kind, _, err := mime.ParseMediaType(header); err != nil || kind != "application/json" {
		return new(failure(http.StatusUnsupportedMediaType, "Unsupported Media Type"))
	}
	return nil
}

func (c *call) checkBody() *simkit.Response {
	if c.read == nil {
		return nil
	}
	text := bytes.TrimSpace(c.body)
	if len(text) == 0 || string(text) == "null" {
		return invalid("resource", "resource cannot be null.")
	}
	if err := json.Unmarshal(text, &c.input.fields); err != nil {
		return invalid("resource", "resource is not a JSON object.")
	}
	return nil
}

func (c *call) checkFields() *simkit.Response {
	if value, ok := c.parameters[paramUsername]; ok && value == "" {
		c.input.problem(paramUsername, "cannot be null.")
	}
	if value, ok := c.parameters[paramKeyType]; ok {
		c.keyType = c.knownKeyType(value)
	}
	if c.read != nil {
		c.read(c)
	}
	return c.input.refusal()
}

// checkTarget finds the service user; a service user of another account is unknown.
func (c *call) checkTarget() *simkit.Response {
	name, ok := c.parameters[paramUsername]
	if !ok {
		return nil
	}
	c.target = c.state.find(name)
	if c.target == nil || !c.target.service || c.target.account != c.caller.account {
		return notFound()
	}
	return nil
}

func (c *call) checkRights() *simkit.Response {
	if c.target == nil || c.caller == c.target || c.administers(c.target) {
		return nil
	}
	if c.options.NoRights == "404" {
		return notFound()
	}
	return forbidden("You are not an administrator of this service user.")
}

func (c *call) administers(u *user) bool {
	return c.caller.role == Owner || slices.ContainsFunc(u.administrators, func(name string) bool {
		return c.state.same(name, c.caller.username)
	})
}
