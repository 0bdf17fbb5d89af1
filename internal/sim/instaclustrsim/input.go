package instaclustrsim

import (
	"net/http"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// input is the body of a request: its fields by their exact names, null being the same as missing,
// and what is wrong with them. Other fields are ignored, validationMessages of the published
// samples among them.
type input struct {
	fields   simkit.Object
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

// refusal is nil if there is no problem.
func (in *input) refusal() *simkit.Response {
	if len(in.problems) == 0 {
		return nil
	}
	return new(simkit.JSON(http.StatusBadRequest, in.problems))
}

// field returns nil if the field is missing or not of the kind V, which what names.
func field[V any](in *input, name string, required bool, what string) *V {
	if !in.fields.Has(name) {
		if required {
			in.problem(name, "cannot be null.")
		}
		return nil
	}
	value, err := simkit.Member[V](in.fields, name)
	if err != nil {
		in.problem(name, "must be "+what+".")
		return nil
	}
	return &value
}

func (in *input) text(name string, required bool) *string {
	return field[string](in, name, required, "a string")
}

// nonBlank is a required text that must not be blank.
func (in *input) nonBlank(name string) *string {
	value := in.text(name, true)
	if value != nil && strings.TrimSpace(*value) == "" {
		in.problem(name, "cannot be blank.")
	}
	return value
}

// texts is nil if the field is missing, and not nil if it is an empty array.
func (in *input) texts(name string, required bool) []string {
	const what = "an array of strings"
	values := field[[]*string](in, name, required, what)
	if values == nil {
		return nil
	}
	if slices.Contains(*values, nil) {
		in.problem(name, "must be "+what+".")
		return nil
	}
	return views(*values, func(value *string) string { return *value })
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
	in.username = in.nonBlank("username")
	in.email = in.nonBlank("email")
	in.profile = in.role(true)
	in.displayName = in.text("displayName", false)
}

func (c *call) readUpdate() {
	in, omitted := &c.input, c.options.UpdateOmitted
	in.displayName = in.text("displayName", omitted == "refuse")
	in.profile = in.role(omitted != "")
	in.administrators = in.texts("administrators", omitted == "refuse")
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
