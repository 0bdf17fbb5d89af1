package rotation

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// ErrUnconfirmed marks the error of a request that may have issued a key although no response with the key came.
var ErrUnconfirmed = errors.New("a key may have been issued that nobody knows")

// Unconfirmed marks an error with ErrUnconfirmed. The text stays as it is.
func Unconfirmed(err error) error { return &unconfirmed{err} }

type unconfirmed struct{ error }

func (e *unconfirmed) Unwrap() []error { return []error{e.error, ErrUnconfirmed} }

// Steps are what a rotation asks of a resource.
type Steps struct {
	// Issue has the server issue a new key. An error that leaves open whether a key was issued is marked by Unconfirmed.
	Issue func(context.Context) (Issued, error)
	// Save writes the model, which holds the key, to the state.
	Save func()
	// Fail reports an error of Issue, with hints on what to do.
	Fail func(err error, hints ...string)

	Private tfkit.PrivateState
	Clock   tfkit.Clock
}

// Rotate carries out what the plan has decided on the key, and saves. The order is the same in all systems: restore the
// prior key, save, have a key issued, mark the key as unconfirmed if the response was lost, set the new key, save. It
// returns whether the key was rotated.
func (k *Key) Rotate(ctx context.Context, prior Key, s Steps, diags *diag.Diagnostics) (rotated bool) {
	planned := *k
	if k.WillRotate() {
		k.restore(prior)
	}
	return s.rotate(ctx, planned.WillRotate(), diags, func(issued Issued) {
		planned.Set(issued, s.Clock)
		*k = planned
	})
}

func (s Steps) rotate(ctx context.Context, will bool, diags *diag.Diagnostics, set func(Issued)) bool {
	s.Save()
	if !will || diags.HasError() {
		return false
	}
	issued, err := s.Issue(ctx)
	lost := errors.Is(err, ErrUnconfirmed)
	if err == nil || lost { // a refusal leaves an earlier mark as it is
		MarkUnconfirmed(ctx, s.Private, lost, diags)
	}
	if err != nil {
		var hints []string
		if lost {
			hints = append(hints, "The current key may be dead. The next apply rotates again.")
		}
		s.Fail(err, hints...)
		return false
	}
	set(issued)
	s.Save()
	return true
}

// IssueMissing has a key issued for a new object whose creation returned none, and saves. Whatever fails, the key is
// marked as unconfirmed: the next plan rotates it.
func (k *Key) IssueMissing(ctx context.Context, s Steps, diags *diag.Diagnostics) {
	issued, err := s.Issue(ctx)
	MarkUnconfirmed(ctx, s.Private, err != nil, diags)
	if err != nil {
		s.Fail(err)
		return
	}
	k.Set(issued, s.Clock)
	s.Save()
}
