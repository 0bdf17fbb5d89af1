package tfkit

import (
	"errors"
	"fmt"
	"strings"
)

// Only returns the one object that was found. If there is no object, or more than one, it returns
// an error that lists the objects that were found. Wanted names the object, such as "customer named
// X", whose upper and lower case count; by is the attribute to choose by.
func Only[T any](found []T, wanted, by string, describe func(T) string) (*T, error) {
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("the %s was not found. Names are case-sensitive", wanted)
	case 1:
		return &found[0], nil
	}
	candidates := make([]string, len(found))
	for i, one := range found {
		candidates[i] = "  " + describe(one)
	}
	return nil, fmt.Errorf("there is more than one %s; choose by %s:\n%s", wanted, by, strings.Join(candidates, "\n"))
}

// ErrAbsent says that an object does not exist, and that this is confirmed. The read of every
// look-up returns it: only then a resource leaves the state.
var ErrAbsent = errors.New("it does not exist")
