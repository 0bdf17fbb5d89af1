package instaclustrsim

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"slices"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// call is one request on its way through the service.
type call struct {
	sim       *Sim
	request   *http.Request
	operation operation
	params    map[string]string
	body      []byte

	caller    *user
	callerKey string // its type
	input     input
	target    *user
	keyType   string
}

// checks stand between a request and its operation, in the order of the API document (9.2). What depends on the
// operation's own rules comes after them.
var checks = []func(*call) *simkit.Answer{
	(*call).checkLimit,
	(*call).checkCredentials,
	(*call).checkCaller,
	(*call).checkContentType,
	(*call).checkBody,
	(*call).checkFields,
	(*call).checkTarget,
	(*call).checkRights,
}

func (c *call) checkLimit() *simkit.Answer {
	if c.sim.throttled() {
		return refuse(failure(http.StatusTooManyRequests, "Rate Limit Exceeded"))
	}
	return nil
}

func (c *call) checkCredentials() *simkit.Answer {
	name, secret, ok := c.request.BasicAuth()
	if !ok {
		return refuse(unauthorized())
	}
	c.caller, c.callerKey = c.sim.state.open(name, secret)
	if c.caller == nil {
		return refuse(unauthorized())
	}
	return nil
}

func (c *call) checkCaller() *simkit.Answer {
	options := c.sim.options
	own := c.caller.service && c.operation.id == rotateID && c.sim.state.same(c.caller.username, c.params[paramUsername])
	anyType := own && options.SelfRotation == SelfRotationAnyKey
	switch {
	case !admits(c.caller.keys[c.callerKey].allowList, options.CallerAddress(c.request)):
		if options.AddressRefused == AddressUnauthorized {
			return refuse(unauthorized())
		}
		return refuse(forbidden("The address of the caller is not allowed for this API key."))
	case c.callerKey != UserManagement && !anyType:
		if options.WrongKeyType == WrongKeyUnauthorized {
			return refuse(unauthorized())
		}
		return refuse(forbidden("This operation requires a User Management API key."))
	case c.caller.service && !own:
		return refuse(forbidden("Service users cannot manage service users."))
	case !c.caller.service && rank(c.caller.role) < rank(ClusterAdmin):
		return refuse(forbidden("Only Owners and Cluster Admins can manage service users."))
	}
	return nil
}

// checkContentType lets a request pass that has neither body nor content type: it lost the body on its way, and the
// documented answer to that is 400.
func (c *call) checkContentType() *simkit.Answer {
	header := c.request.Header.Get("Content-Type")
	if c.operation.read == nil || header == "" && len(c.body) == 0 {
		return nil
	}
	if kind, _, err := mime.ParseMediaType(header); err != nil || kind != "application/json" {
		return refuse(failure(http.StatusUnsupportedMediaType, "Unsupported Media Type"))
	}
	return nil
}

func (c *call) checkBody() *simkit.Answer {
	if c.operation.read == nil {
		return nil
	}
	text := bytes.TrimSpace(c.body)
	if len(text) == 0 || string(text) == "null" {
		return refuse(invalid("resource", "resource cannot be null."))
	}
	if err := json.Unmarshal(text, &c.input.fields); err != nil {
		return refuse(invalid("resource", "resource is not a JSON object."))
	}
	return nil
}

func (c *call) checkFields() *simkit.Answer {
	if value, ok := c.params[paramUsername]; ok && value == "" {
		c.input.problem(paramUsername, "cannot be null.")
	}
	if value, ok := c.params[paramKeyType]; ok {
		c.keyType = c.knownKeyType(value)
	}
	if c.operation.read != nil {
		c.operation.read(c)
	}
	if len(c.input.problems) > 0 {
		return refuse(jsonAnswer(http.StatusBadRequest, c.input.problems))
	}
	return nil
}

// checkTarget finds the service user; one of another account is as unknown as one that is not there.
func (c *call) checkTarget() *simkit.Answer {
	name, ok := c.params[paramUsername]
	if !ok {
		return nil
	}
	c.target = c.sim.state.find(name)
	if c.target == nil || !c.target.service || c.target.account != c.caller.account {
		return refuse(notFound())
	}
	return nil
}

func (c *call) checkRights() *simkit.Answer {
	if c.target == nil || c.caller == c.target || c.administers(c.target) {
		return nil
	}
	if c.sim.options.NoRights == NoRightsNotFound {
		return refuse(notFound())
	}
	return refuse(forbidden("You are not an administrator of this service user."))
}

func (c *call) administers(u *user) bool {
	return c.caller.role == Owner || slices.ContainsFunc(u.administrators, func(name string) bool {
		return c.sim.state.same(name, c.caller.username)
	})
}
