package waldursim

import (
	"errors"
	"net/url"
	"slices"
	"strings"
)

// filter is one parameter of a list: the name in the query, the field it looks
// at, and how.
type filter struct {
	param, field string
	match        matcher
}

// matcher turns the values of a parameter, of which there is at least one, into a
// test of rows. A nil test keeps all rows.
type matcher func(c *call, field string, values []string) (test, error)

type test func(row record) bool

// invalidValue is the text of a 400 about a parameter.
type invalidValue string

func (v invalidValue) Error() string { return string(v) }

func noChoice(word string) invalidValue {
	return invalidValue("Select a valid choice. " + word + " is not one of the available choices.")
}

var errLeadsNowhere = errors.New("the link leads to no path of this server")

// last is what counts where a parameter that takes one value is repeated.
func last(values []string) string { return values[len(values)-1] }

func equals(_ *call, field string, values []string) (test, error) {
	want := strings.TrimSpace(last(values))
	if want == "" {
		return nil, nil
	}
	return func(row record) bool { return row[field] == want }, nil
}

// contains ignores case.
func contains(c *call, field string, values []string) (test, error) {
	return containsIn(field)(c, field, values)
}

// containsIn looks into several fields; a whole UUID is compared with uuid.
func containsIn(fields ...string) matcher {
	return func(_ *call, _ string, values []string) (test, error) {
		want := strings.ToLower(strings.TrimSpace(last(values)))
		uuid, isUUID := parseUUID(want)
		return func(row record) bool {
			if isUUID && row["uuid"] == uuid {
				return true
			}
			return slices.ContainsFunc(fields, func(field string) bool {
				text, _ := row[field].(string)
				return strings.Contains(strings.ToLower(text), want)
			})
		}, nil
	}
}

func anyOf(words ...string) matcher {
	return func(_ *call, field string, values []string) (test, error) {
		for _, value := range values {
			if !slices.Contains(words, value) {
				return nil, noChoice(value)
			}
		}
		return func(row record) bool {
			state, _ := row[field].(string)
			return slices.Contains(values, state)
		}, nil
	}
}

func uuidEquals(_ *call, field string, values []string) (test, error) {
	want, ok := parseUUID(strings.TrimSpace(last(values)))
	if !ok {
		return nil, invalidValue("Enter a valid UUID.")
	}
	return func(row record) bool { return row[field] == want }, nil
}

func uuidIn(_ *call, field string, values []string) (test, error) {
	var wanted []string
	for _, part := range strings.Split(last(values), ",") {
		uuid, ok := parseUUID(strings.TrimSpace(part))
		if !ok {
			return nil, invalidValue("Enter a valid UUID.")
		}
		wanted = append(wanted, uuid)
	}
	return func(row record) bool {
		uuid, _ := row[field].(string)
		return slices.Contains(wanted, uuid)
	}, nil
}

// linkTo takes the address of an object, of which only the path counts. What is
// no path, a bare UUID for one, or leads to something else finds no row; a path
// that this server does not have is an error of the whole request.
func linkTo(view string) matcher {
	return func(c *call, field string, values []string) (test, error) {
		none := func(record) bool { return false }
		address, _ := url.Parse(strings.TrimSpace(last(values)))
		if address == nil || !strings.HasPrefix(address.Path, "/") {
			return none, nil
		}
		r, text, ok := c.sim.find(address.Path)
		if !ok {
			return nil, errLeadsNowhere
		}
		uuid, ok := parseUUID(text)
		if r.view != view || !ok {
			return none, nil
		}
		return func(row record) bool { return row[field] == uuid }, nil
	}
}
