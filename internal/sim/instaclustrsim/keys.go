package instaclustrsim

import (
	"net/http"
	"slices"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func (c *call) generate() simkit.Response {
	if !slices.Contains(allowedTypes(c.target.role), c.keyType) {
		return *invalid(paramKeyType, "an API key of this type is not allowed for the role of the service user.")
	}
	if c.target.keys[c.keyType] != nil {
		return *invalid(paramKeyType, "an API key of this type already exists.")
	}
	c.state.issue(c.target, c.keyType, "", openToAll)
	if c.options.GenerateStatus == "201" {
		return c.showKey(http.StatusCreated)
	}
	return c.showKey(http.StatusOK)
}

func (c *call) revoke() simkit.Response {
	if c.target.keys[c.keyType] == nil {
		return c.missingKey()
	}
	delete(c.target.keys, c.keyType)
	return c.emptyWrite()
}

func (c *call) restrict() simkit.Response {
	key := c.target.keys[c.keyType]
	if key == nil {
		return c.missingKey()
	}
	list, problem := c.readPrefixes(c.input.allowList)
	if problem != "" {
		return *invalid("cidrAllowList", "cidrAllowList "+problem)
	}
	key.allowList = list
	return c.emptyWrite()
}

func (c *call) rotate() simkit.Response {
	if c.target.keys[c.keyType] == nil {
		return c.missingKey()
	}
	c.rotateKey(c.target, c.keyType)
	return c.showKey(http.StatusOK)
}

// rotateKey revokes the old secret at once: there is one key of each type.
func (s *Sim) rotateKey(u *user, kind string) (secret string) {
	list := u.keys[kind].allowList
	if s.options.RotateKeepsAllowList == "false" {
		list = []string{openToAll}
	}
	return s.state.issue(u, kind, "", list...)
}

func (c *call) showKey(status int) simkit.Response {
	return simkit.JSON(status, c.target.keyRecord(c.keyType))
}

// keyRecord shows a key that exists.
func (u *user) keyRecord(kind string) record {
	key := u.keys[kind]
	return record{
		"account": u.account, "apiKeyType": kind, "cidrAllowList": key.allowList, "key": key.secret,
		"username": u.username,
	}
}

func (c *call) missingKey() simkit.Response {
	if c.options.MissingKey == "404" {
		return *notFound()
	}
	return *invalid(paramKeyType, "there is no API key of this type.")
}

func (c *call) emptyWrite() simkit.Response {
	if c.options.EmptyWriteStatus == "204" {
		return emptyResponse(http.StatusNoContent)
	}
	return emptyResponse(http.StatusOK)
}
