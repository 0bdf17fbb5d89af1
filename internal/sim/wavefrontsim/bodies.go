package wavefrontsim

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// object is a request body. Its keys are matched to the letter, which a decoder of Go structs would not do.
type object map[string]json.RawMessage

func parseObject(body []byte) (object, *problem) {
	var o object
	if err := json.Unmarshal(body, &o); err != nil {
		return nil, badRequest("Unable to parse JSON: %s", err)
	}
	return o, nil
}

// parseOptional reads an empty body and null as an object without members (row 4).
func parseOptional(body []byte) (object, *problem) {
	if empty(body) {
		return object{}, nil
	}
	return parseObject(body)
}

// parseRequired refuses them.
func parseRequired(body []byte) (object, *problem) {
	if empty(body) {
		return nil, badRequest("Request body is required")
	}
	return parseObject(body)
}

// parseIDs reads a bare array; an empty body, null and {} are an empty one (row 4).
func parseIDs(body []byte) ([]string, *problem) {
	if empty(body) || string(bytes.TrimSpace(body)) == "{}" {
		return nil, nil
	}
	var ids []string
	if err := json.Unmarshal(body, &ids); err != nil {
		return nil, badRequest("Unable to parse JSON: %s", err)
	}
	return ids, nil
}

func empty(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) == 0 || string(body) == "null"
}

// member decodes one member; present is false where it is missing or null.
func member[T any](o object, key string) (value T, present bool, p *problem) {
	raw, ok := o[key]
	if !ok || empty(raw) {
		return value, false, nil
	}
	if err := json.Unmarshal(raw, &value); err != nil {
		return value, false, badRequest("Invalid value of %s: %s", key, err)
	}
	return value, true, nil
}

// list is an array of strings that may be missing.
type list struct {
	values  []string
	present bool
}

func (o object) list(key string) (l list, p *problem) {
	l.values, l.present, p = member[[]string](o, key)
	return l, p
}

// accountBody is the body of create and PUT.
type accountBody struct {
	identifier                        string
	active                            bool
	description                       string
	tokens, userGroups, groups, roles list
}

func (s *Sim) parseAccount(body []byte) (b accountBody, p *problem) {
	o, p := parseRequired(body)
	if p != nil {
		return b, p
	}
	if raw, ok := o["tokens"]; ok && empty(raw) && !s.options.AcceptNullTokens {
		return b, refuse(http.StatusInternalServerError, "Internal server error")
	}
	var activeSent bool
	if b.identifier, _, p = member[string](o, "identifier"); p != nil {
		return b, p
	}
	if b.active, activeSent, p = member[bool](o, "active"); p != nil {
		return b, p
	}
	if b.description, _, p = member[string](o, "description"); p != nil {
		return b, p
	}
	if !activeSent {
		b.active = s.options.ActiveByDefault
	}
	for key, target := range map[string]*list{
		"tokens": &b.tokens, "userGroups": &b.userGroups, "groups": &b.groups, "roles": &b.roles,
	} {
		if *target, p = o.list(key); p != nil {
			return b, p
		}
	}
	return b, nil
}
