package wavefrontsim

import (
	"net/http"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func tooManyTokens() *simkit.Response {
	return badRequest("Maximum number of API tokens (%d) reached", TokenLimit)
}

func (c *call) listTokens() simkit.Response {
	a, p := c.serviceAccount()
	if p != nil {
		return *p
	}
	return wrapped(c.tokenViews(a))
}

// generateToken ignores a tokenID in the body, and returns all tokens, the new token last (row 21).
// Two tokens may have the same name.
func (c *call) generateToken() simkit.Response {
	a, p := c.serviceAccount()
	if p != nil {
		return *p
	}
	o, p := parseOptional(c.body)
	if p != nil {
		return *p
	}
	var name string
	if p := (members{"tokenName": &name}).read(o); p != nil {
		return *p
	}
	if len(a.Tokens) >= TokenLimit {
		return *tooManyTokens()
	}
	c.issue(a, Token{Name: name})
	return wrapped(c.tokenViews(a))
}

// token returns the token of the path (row 22). A refusal does not name the token: it may be the
// secret of another account.
func (c *call) token() (*ServiceAccount, *Token, *simkit.Response) {
	a, p := c.serviceAccount()
	if p != nil {
		return nil, nil, p
	}
	if t := a.token(c.request.PathValue("token")); t != nil {
		return a, t, nil
	}
	status := http.StatusNotFound
	if c.options.UnknownTokenBadRequest {
		status = http.StatusBadRequest
	}
	return nil, nil, refuse(status, "API token does not exist on account %s", a.Identifier)
}

// renameToken takes the token from the path and only the name from the body; a missing name is unset.
func (c *call) renameToken() simkit.Response {
	a, t, p := c.token()
	if p != nil {
		return *p
	}
	o, p := parseRequired(c.body)
	if p != nil {
		return *p
	}
	var name string
	if p := (members{"tokenName": &name}).read(o); p != nil {
		return *p
	}
	t.Name = name
	return wrapped(c.tokenView(a, t))
}

func (c *call) revokeToken() simkit.Response {
	a, t, p := c.token()
	if p != nil {
		return *p
	}
	a.revoke(t.ID)
	return wrapped(c.tokenViews(a))
}
