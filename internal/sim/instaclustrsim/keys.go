package instaclustrsim

import (
	"net/http"
	"slices"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func (c *call) generate() simkit.Answer {
	if !slices.Contains(allowedTypes(c.target.role), c.keyType) {
		return invalid(paramKeyType, "an API key of this type is not allowed for the role of the service user.")
	}
	if c.target.keys[c.keyType] != nil {
		return invalid(paramKeyType, "an API key of this type already exists.")
	}
	c.sim.state.mint(c.target, c.keyType, openToAll)
	status := http.StatusOK
	if c.sim.options.GenerateStatus == GenerateCreated {
		status = http.StatusCreated
	}
	return c.showKey(status)
}

func (c *call) revoke() simkit.Answer {
	if c.target.keys[c.keyType] == nil {
		return c.missingKey()
	}
	delete(c.target.keys, c.keyType)
	return c.emptyWrite()
}

func (c *call) restrict() simkit.Answer {
	key := c.target.keys[c.keyType]
	if key == nil {
		return c.missingKey()
	}
	list, problem := c.sim.readPrefixes(c.input.allowList)
	if problem != "" {
		return invalid("cidrAllowList", "cidrAllowList "+problem)
	}
	key.allowList = list
	return c.emptyWrite()
}

func (c *call) rotate() simkit.Answer {
	key := c.target.keys[c.keyType]
	if key == nil {
		return c.missingKey()
	}
	c.sim.rotate(c.target, c.keyType)
	return c.showKey(http.StatusOK)
}

// rotate leaves no time in which both secrets work: there is one key of a type.
func (s *Sim) rotate(u *user, kind string) *apiKey {
	list := []string{openToAll}
	if s.options.RotateKeepsAllowList == RotateKeeps {
		list = u.keys[kind].allowList
	}
	return s.state.mint(u, kind, list...)
}

func (c *call) showKey(status int) simkit.Answer {
	key := c.target.keys[c.keyType]
	return jsonAnswer(status, record{
		"account":       c.target.account,
		"apiKeyType":    c.keyType,
		"cidrAllowList": key.allowList,
		"key":           key.secret,
		"username":      c.target.username,
	})
}

func (c *call) missingKey() simkit.Answer {
	if c.sim.options.MissingKey == MissingKeyNotFound {
		return notFound()
	}
	return invalid(paramKeyType, "there is no API key of this type.")
}

func (c *call) emptyWrite() simkit.Answer {
	if c.sim.options.EmptyWriteStatus == EmptyWriteNoContent {
		return emptyAnswer(http.StatusNoContent)
	}
	return emptyAnswer(http.StatusOK)
}
