package wavefrontsim

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func parseObject(body []byte) (o simkit.Object, p *simkit.Response) {
	if err := json.Unmarshal(body, &o); err != nil {
		return nil, badRequest("Unable to parse JSON: %s", err)
	}
	return o, nil
}

// parseOptional reads an empty body and null as an object without members (row 4).
func parseOptional(body []byte) (simkit.Object, *simkit.Response) {
	if empty(body) {
		return nil, nil
	}
	return parseObject(body)
}

// parseRequired refuses them.
func parseRequired(body []byte) (simkit.Object, *simkit.Response) {
	if empty(body) {
		return nil, badRequest("Request body is required")
	}
	return parseObject(body)
}

// parseIDs reads a bare array; an empty body, null and {} are an empty array (row 4).
func parseIDs(body []byte) (ids []string, p *simkit.Response) {
	if empty(body) || string(bytes.TrimSpace(body)) == "{}" {
		return nil, nil
	}
	if err := json.Unmarshal(body, &ids); err != nil {
		return nil, badRequest("Unable to parse JSON: %s", err)
	}
	return ids, nil
}

func empty(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) == 0 || string(body) == "null"
}

// members are the members of an object that are read, and where to. A target stays as it is if its
// member is missing or null: a list that is nil was not sent.
type members map[string]any

func (m members) read(o simkit.Object) *simkit.Response {
	for name, target := range m {
		if !o.Has(name) {
			continue
		}
		if err := json.Unmarshal(o[name], target); err != nil {
			return badRequest("Invalid value of %s: %s", name, err)
		}
	}
	return nil
}

// accountBody is the body of create and PUT.
type accountBody struct {
	identifier, description                  string
	active                                   bool
	tokens, userGroups, permissions, roleIDs []string
}

func (s *Sim) parseAccount(body []byte) (b accountBody, p *simkit.Response) {
	o, p := parseRequired(body)
	if p != nil {
		return b, p
	}
	if _, sent := o["tokens"]; sent && !o.Has("tokens") && !s.options.AcceptNullTokens {
		return b, refuse(http.StatusInternalServerError, "Internal server error")
	}
	b.active = s.options.ActiveByDefault
	p = members{
		"identifier": &b.identifier, "description": &b.description, "active": &b.active, "tokens": &b.tokens,
		"userGroups": &b.userGroups, "groups": &b.permissions, "roles": &b.roleIDs,
	}.read(o)
	return b, p
}
