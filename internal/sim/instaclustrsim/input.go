package instaclustrsim

import (
	"encoding/json"
	"slices"
	"strings"
)

// input is the body of a request: its fields by their exact names, null being the same as missing, and what is wrong
// with them. Other fields are ignored, validationMessages of the published samples among them.
type input struct {
	fields   map[string]json.RawMessage
	problems map[string]string

	username, email, profile, displayName *string
	administrators, allowList             []string
}

func (in *input) problem(name, what string) {
	if in.problems == nil {
		in.problems = map[string]string{}
	}
	in.problems[name] = name + " " + what
}

func (in *input) has(name string) bool {
	raw, ok := in.fields[name]
	return ok && string(raw) != "null"
}

// text is nil where the field is missing or of another type.
func (in *input) text(name string, required bool) *string {
	if !in.has(name) {
		if required {
			in.problem(name, "cannot be null.")
		}
		return nil
	}
	var value string
	if err := json.Unmarshal(in.fields[name], &value); err != nil {
		in.problem(name, "must be a string.")
		return nil
	}
	return &value
}

// nonBlank is text that must hold something where it is present.
func (in *input) nonBlank(name string, required bool) *string {
	value := in.text(name, required)
	if value != nil && strings.TrimSpace(*value) == "" {
		in.problem(name, "cannot be blank.")
	}
	return value
}

// texts is nil where the field is missing, and not nil where it is an empty array.
func (in *input) texts(name string, required bool) []string {
	if !in.has(name) {
		if required {
			in.problem(name, "cannot be null.")
		}
		return nil
	}
	var values []*string
	if err := json.Unmarshal(in.fields[name], &values); err != nil || slices.Contains(values, nil) {
		in.problem(name, "must be an array of strings.")
		return nil
	}
	out := make([]string, len(values))
	for i, value := range values {
		out[i] = *value
	}
	return out
}

func (in *input) role(required bool) *string {
	value := in.text("profile", required)
	if value != nil && rank(*value) < rank(ReadOnly) {
		in.problem("profile", "must be one of "+strings.Join(roles, ", ")+".")
	}
	return value
}

func (c *call) readCreate() {
	in := &c.input
	in.username = in.nonBlank("username", true)
	in.email = in.nonBlank("email", true)
	in.profile = in.role(true)
	in.displayName = in.text("displayName", false)
}

func (c *call) readUpdate() {
	in, omitted := &c.input, c.sim.options.UpdateOmitted
	in.displayName = in.text("displayName", omitted == OmittedRefused)
	in.profile = in.role(omitted != OmittedKeeps)
	in.administrators = in.texts("administrators", omitted == OmittedRefused)
}

func (c *call) readKeyType() {
	if value := c.input.text(paramKeyType, true); value != nil {
		c.keyType = c.knownKeyType(*value)
	}
}

func (c *call) readAllowList() { c.input.allowList = c.input.texts("cidrAllowList", true) }

func (c *call) knownKeyType(value string) string {
	switch {
	case value == "":
		c.input.problem(paramKeyType, "cannot be null.")
	case !slices.Contains(keyTypes, value):
		c.input.problem(paramKeyType, "must be one of "+strings.Join(keyTypes, ", ")+".")
	}
	return value
}
