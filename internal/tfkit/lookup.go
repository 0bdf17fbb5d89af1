package tfkit

import (
	"fmt"
	"strings"
)

// Only returns the only object that was found, or an error that lists the candidates. The wanted one is named as in
// "customer named X"; by is the attribute that tells candidates apart.
func Only[T any](found []T, wanted, by string, describe func(T) string) (*T, error) {
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("no %s is visible to the token", wanted)
	case 1:
		return &found[0], nil
	}
	candidates := make([]string, len(found))
	for i, one := range found {
		candidates[i] = "  " + describe(one)
	}
	return nil, fmt.Errorf("there is more than one %s; choose by %s:\n%s", wanted, by, strings.Join(candidates, "\n"))
}
