package waldur

import (
	"fmt"
	"slices"
)

// The states of a robot account, as the API labels them.
const (
	robotRequested         = "Requested"
	robotCreating          = "Creating"
	robotOK                = "OK"
	robotRequestedDeletion = "Requested deletion"
	robotDeleted           = "Deleted"
	robotError             = "Error"
)

// transition is an operation that leads to a state.
type transition struct{ operation, to string }

// transitions are those that Waldur allows. Its prose lets set_state_ok recover from Error; its code does not.
var transitions = map[string][]transition{
	robotRequested:         {{"set_state_creating", robotCreating}},
	robotCreating:          {{"set_state_ok", robotOK}},
	robotOK:                {{"set_state_erred", robotError}, {"set_state_request_deletion", robotRequestedDeletion}},
	robotRequestedDeletion: {{"set_state_deleted", robotDeleted}},
}

// route returns the operations that lead from one state to another, and false if none do.
func route(from, to string) ([]transition, bool) {
	if from == to {
		return nil, true
	}
	for _, step := range transitions[from] {
		if rest, ok := route(step.to, to); ok {
			return slices.Concat([]transition{step}, rest), true
		}
	}
	return nil, false
}

// replaceHint is the way to a new account. With -replace Terraform would first plan the change, and fail again.
const replaceHint = "To have a new account, run terraform taint (or tofu taint) for this resource, and apply; a robot account with deletion_mode = \"request_deletion\" " +
	"needs \"delete\" applied before."

// unreachable explains to what a state can be set.
func unreachable(from, to string) string {
	var possible []string
	for _, state := range []string{robotCreating, robotOK, robotRequestedDeletion, robotDeleted, robotError} {
		if steps, ok := route(from, state); ok && len(steps) > 0 {
			possible = append(possible, fmt.Sprintf("%q", state))
		}
	}
	if len(possible) == 0 {
		return fmt.Sprintf("Waldur lets no account get from %q to %q, or to any other state. "+replaceHint, from, to)
	}
	return fmt.Sprintf("Waldur lets no account get from %q to %q, only to %s. "+replaceHint,
		from, to, joinOr(possible))
}

func joinOr(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	text := words[0]
	for _, word := range words[1 : len(words)-1] {
		text += ", " + word
	}
	return text + " or " + words[len(words)-1]
}
