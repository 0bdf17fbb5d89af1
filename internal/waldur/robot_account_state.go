package waldur

import (
	"fmt"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// The states of a robot account, as the API names them.
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

// transitions are the changes of state that Waldur allows. Its documentation says that set_state_ok
// also recovers from Error; its code refuses that.
var transitions = map[string][]transition{
	robotRequested:         {{"set_state_creating", robotCreating}},
	robotCreating:          {{"set_state_ok", robotOK}},
	robotOK:                {{"set_state_erred", robotError}, {"set_state_request_deletion", robotRequestedDeletion}},
	robotRequestedDeletion: {{"set_state_deleted", robotDeleted}},
}

// route returns the operations that lead from one state to another, and false if there is no such
// operation.
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

// unreachable returns a sentence that says that a state can't be changed to another state, and to
// which states it can be changed.
func unreachable(from, to string) string {
	var possible []string
	for _, state := range waldurapi.RobotAccountStates {
		if _, ok := route(from, state); ok && state != from {
			possible = append(possible, fmt.Sprintf("%q", state))
		}
	}
	allowed := "or to any other state"
	if len(possible) > 0 {
		allowed = "only to " + strings.Join(possible, " or ")
	}
	return fmt.Sprintf("Waldur does not allow a change from %q to %q, %s. %s", from, to, allowed, replaceHint)
}
