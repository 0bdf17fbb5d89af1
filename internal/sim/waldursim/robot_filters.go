package waldursim

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// robotFilters leaves parameters that a server of 2024 did not know unknown, so
// that they are ignored.
func robotFilters(old bool) []filter {
	provider := "provider_uuid"
	if old {
		provider = "offering_customer_uuid"
	}
	filters := []filter{
		{"resource", "resource_uuid", linkTo(consumedResources.view("detail"))},
		{"resource_uuid", "resource_uuid", uuidEquals},
		{"project_uuid", "project_uuid", uuidEquals},
		{"customer_uuid", "customer_uuid", uuidEquals},
		{"provider_uuid", provider, uuidEquals},
		{"type", "type", equals},
	}
	if old {
		return filters
	}
	return append(filters,
		filter{"state", "", ofRobot(inState)},
		filter{"created", "", ofRobot(since(createdOf))},
		filter{"created_before", "", ofRobot(until(createdOf))},
		filter{"modified", "", ofRobot(since(modifiedOf))},
		filter{"modified_before", "", ofRobot(until(modifiedOf))},
		filter{"username", "", ofRobot(usernameHas)},
		filter{"user_email", "", ofRobot(emailHas)},
		filter{"responsible_user_uuid", "", ofRobot(responsibleIs)},
	)
}

// robotTest makes a test of accounts from the value of a parameter.
type robotTest func(s *Sim, value string) (func(*robotAccount) bool, error)

// ofRobot looks at the stored account rather than at the row, from which people
// may be hidden: the server's filters ask the database.
func ofRobot(read robotTest) matcher {
	return func(c *call, _ string, values []string) (test, error) {
		keep, err := read(c.sim, last(values))
		if err != nil {
			return nil, err
		}
		return func(row record) bool {
			uuid, _ := row["uuid"].(string)
			return keep(c.sim.store.robots.get(uuid))
		}, nil
	}
}

// inState takes the number of a state, although bodies carry the label.
func inState(_ *Sim, value string) (func(*robotAccount) bool, error) {
	for i, state := range robotStates {
		if value == strconv.Itoa(i+1) {
			return func(a *robotAccount) bool { return a.state == state }, nil
		}
	}
	return nil, noChoice(value)
}

func usernameHas(_ *Sim, value string) (func(*robotAccount) bool, error) {
	return func(a *robotAccount) bool { return holds(a.username, value) }, nil
}

func emailHas(s *Sim, value string) (func(*robotAccount) bool, error) {
	return func(a *robotAccount) bool {
		return slices.ContainsFunc(a.users, func(user string) bool {
			return holds(s.store.users.get(user).Email, value)
		})
	}, nil
}

// holds ignores case.
func holds(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(strings.TrimSpace(part)))
}

func responsibleIs(_ *Sim, value string) (func(*robotAccount) bool, error) {
	uuid, ok := parseUUID(strings.TrimSpace(value))
	if !ok {
		return nil, invalidValue("Enter a valid UUID.")
	}
	return func(a *robotAccount) bool { return a.responsible == uuid }, nil
}

func createdOf(a *robotAccount) string  { return a.created }
func modifiedOf(a *robotAccount) string { return a.modified }

// since keeps what is at the bound too, as until does.
func since(field func(*robotAccount) string) robotTest {
	return byTime(field, func(at, bound time.Time) bool { return !at.Before(bound) })
}

func until(field func(*robotAccount) string) robotTest {
	return byTime(field, func(at, bound time.Time) bool { return !at.After(bound) })
}

func byTime(field func(*robotAccount) string, fits func(at, bound time.Time) bool) robotTest {
	return func(_ *Sim, value string) (func(*robotAccount) bool, error) {
		bound, ok := parseTime(strings.TrimSpace(value))
		if !ok {
			return nil, invalidValue("Enter a valid date/time.")
		}
		return func(a *robotAccount) bool {
			at, _ := parseTime(field(a))
			return fits(at, bound)
		}, nil
	}
}

// parseTime takes a time without an offset for UTC and a day for its beginning. A
// plus sign that was not escaped in the query is a space by now, and no time.
func parseTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
