package waldursim

import (
	"net/http"
	"strings"
)

// transition is one state action. It starts from one state only, so neither Error
// nor Deleted has a way out.
type transition struct {
	action, from, to string
}

var transitions = []transition{
	{"set_state_creating", stateRequested, stateCreating},
	{"set_state_ok", stateCreating, stateOK},
	{"set_state_erred", stateOK, stateError},
	{"set_state_request_deletion", stateOK, stateRequestedDeletion},
	{"set_state_deleted", stateRequestedDeletion, stateDeleted},
}

func (e *robotEndpoint) transitionRoutes(one string) []route {
	var routes []route
	for _, t := range transitions {
		run := func(c *call) answer { return e.setState(c, t) }
		routes = append(routes, route{
			view: e.view(strings.ReplaceAll(t.action, "_", "-")), pattern: one + t.action + "/",
			methods: map[string]operation{http.MethodPost: {e.operation(t.action), run}},
		})
	}
	return routes
}

// setState looks at the state before the body, and at the body of set_state_erred
// alone.
func (e *robotEndpoint) setState(c *call, t transition) answer {
	a, problem := e.writable(c)
	if problem != nil {
		return *problem
	}
	if a.state != t.from {
		return refuse(http.StatusConflict, "Valid states for operation: "+t.from+".")
	}
	if t.to == stateError {
		text, sent, problem := readErrorMessage(c)
		if problem != nil {
			return *problem
		}
		if sent {
			a.errorMessage = text
		}
	}
	a.state, a.modified = t.to, c.sim.stamp()
	return jsonAnswer(http.StatusOK, e.project(c, []record{e.details(c, a)})[0])
}

func readErrorMessage(c *call) (text string, sent bool, problem *answer) {
	body, problem := c.fields()
	if problem != nil {
		return "", false, problem
	}
	value, sent := body["error_message"]
	if !sent {
		return "", false, nil
	}
	text, faults := textField{name: "error_message"}.check(value)
	if faults != nil {
		return "", false, badRequest(record{"error_message": faults})
	}
	return text, true, nil
}
