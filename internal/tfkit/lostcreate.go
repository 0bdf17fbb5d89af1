package tfkit

import (
	"cmp"
	"context"
	"fmt"
)

// LostCreate finds the object of a create request whose response was lost. The caller has made sure that no object
// with that natural key existed before, and that no other create of the key runs in this provider: so an object that
// exists now, and that fits, is the created one.
type LostCreate[T any] struct {
	Thing string                            // as errors name it: "account"
	Find  func(context.Context) (*T, error) // by the natural key, never from a cache; nil: there is none
	Fits  func(*T) bool                     // whether it has what the create sent; nil: Find sees to that
	Other func(*T) (description string)     // of an object that does not fit, as errors name it
	// Next says what the next apply does if the object was created after all; a sentence without its full stop. "": it
	// says how to import the object.
	Next string
}

// Recover returns the created object, or an error that wraps the lost one and says what is known. It goes on when the
// context ends: an interrupt must not leave an object behind.
func (l LostCreate[T]) Recover(ctx context.Context, lost error) (*T, error) {
	found, err := l.Find(context.WithoutCancel(ctx))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w. It is not known whether the %s was created, since the search for it failed too: %w. %s",
			lost, l.Thing, err, cmp.Or(l.Next, "Apply again: if it was created, the error says how to import it"))
	case found == nil:
		return nil, fmt.Errorf("%w. No %s was found afterwards. %s", lost, l.Thing, cmp.Or(l.Next,
			"If the server is still at work and creates it, the next apply says how to import it"))
	case l.Fits != nil && !l.Fits(found):
		return nil, fmt.Errorf("%w. Meanwhile somebody else created another %s of this name: %s", lost, l.Thing, l.Other(found))
	}
	return found, nil
}
