package wavefrontsim

import (
	"net/http"
	"slices"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func tooManyTokens() *problem {
	return badRequest("Maximum number of API tokens (%d) reached", TokenLimit)
}

func (c *call) listTokens() (none simkit.Answer, p *problem) {
	a, p := c.serviceAccount()
	if p != nil {
		return none, p
	}
	return wrapped(c.tokenViews(a)), nil
}

// generateToken ignores a tokenID in the body, and answers with all tokens, the new one last (row 21). Two tokens may
// have one name.
func (c *call) generateToken() (none simkit.Answer, p *problem) {
	a, p := c.serviceAccount()
	if p != nil {
		return none, p
	}
	o, p := parseOptional(c.body)
	if p != nil {
		return none, p
	}
	name, _, p := member[string](o, "tokenName")
	if p != nil {
		return none, p
	}
	if len(a.tokens) >= TokenLimit {
		return none, tooManyTokens()
	}
	c.store.mint(a, "", name, c.options.Now())
	return wrapped(c.tokenViews(a)), nil
}

// token finds that of the path (row 22). The refusal does not repeat it: it may be a secret of another account.
func (c *call) token() (*account, *token, *problem) {
	a, p := c.serviceAccount()
	if p != nil {
		return nil, nil, p
	}
	t := a.token(c.parameters["token"])
	if t != nil {
		return a, t, nil
	}
	status := http.StatusNotFound
	if c.options.UnknownTokenBadRequest {
		status = http.StatusBadRequest
	}
	return nil, nil, refuse(status, "API token does not exist on account %s", a.identifier)
}

// renameToken takes the token from the path and only the name from the body; a missing name is unset.
func (c *call) renameToken() (none simkit.Answer, p *problem) {
	a, t, p := c.token()
	if p != nil {
		return none, p
	}
	o, p := parseRequired(c.body)
	if p != nil {
		return none, p
	}
	name, _, p := member[string](o, "tokenName")
	if p != nil {
		return none, p
	}
	t.name = name
	return wrapped(c.tokenView(a, t)), nil
}

func (c *call) revokeToken() (none simkit.Answer, p *problem) {
	a, t, p := c.token()
	if p != nil {
		return none, p
	}
	a.tokens = slices.DeleteFunc(a.tokens, func(other *token) bool { return other == t })
	return wrapped(c.tokenViews(a)), nil
}
