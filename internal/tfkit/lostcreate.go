package tfkit

import (
	"cmp"
	"context"
	"fmt"
)

// LostCreate finds the object of a create request whose response was lost. The caller has made sure
// that no object with that natural key existed before, and that this provider runs no other create
// with the same natural key. An object that exists now, and that fits, is therefore the created
// object.
type LostCreate[T any] struct {
	Thing string                            // as errors name it: "account"
	Find  func(context.Context) (*T, error) // by the natural key, never from a cache; nil: not found
	Fits  func(*T) bool                     // whether it has the values that the create sent; nil: Find compares them
	Other func(*T) (description string)     // of an object that does not fit, for the error
	// Next is what the next apply does if the object was created after all, as a sentence without
	// its full stop. "": it says how to import the object.
	Next string
}

// Recover returns the created object, or an error that wraps the error of the create and says what
// is known. It goes on when the context ends: after an interrupt, the created object must not be
// missing in the state.
func (l LostCreate[T]) Recover(ctx context.Context, lost error) (*T, error) {
	found, err := l.Find(context.WithoutCancel(ctx))
	switch {
	case err != nil:
		next := cmp.Or(l.Next, "Apply again: if it was created, the error says how to import it")
		return nil, fmt.Errorf("%w. It is not known whether the %s was created, since the search for it failed too: "+
			"%w. %s", lost, l.Thing, err, next)
	case found == nil:
		next := cmp.Or(l.Next, "If the server is still processing the request and creates it, the next apply says "+
			"how to import it")
		return nil, fmt.Errorf("%w. No %s was found afterwards. %s", lost, l.Thing, next)
	case l.Fits != nil && !l.Fits(found):
		return nil, fmt.Errorf("%w. Meanwhile somebody else created another %s of this name: %s",
			lost, l.Thing, l.Other(found))
	}
	return found, nil
}
