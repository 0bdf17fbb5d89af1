package rotation

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// ErrUnconfirmed marks the error of a request that may have issued a key, although no response with
// the key was received.
var ErrUnconfirmed = errors.New("a key may have been issued, and its value is not known")

// Unconfirmed marks an error with ErrUnconfirmed. The text of the error does not change.
func Unconfirmed(err error) error { return &unconfirmed{err} }

type unconfirmed struct{ error }

func (e *unconfirmed) Unwrap() []error { return []error{e.error, ErrUnconfirmed} }

// Steps are the parts of a rotation that differ between resources.
type Steps struct {
	// Issue requests a new key from the server. Unconfirmed marks its error if the server may have
	// issued a key.
	Issue func(context.Context) (Issued, error)
	// Save writes the model with the key to the state.
	Save func()
	// Fail adds an error of Issue to the diagnostics, with hints that say what to do.
	Fail func(err error, hints ...string)

	// Imported gets the key of an import that is stored. nil: nobody needs it.
	Imported func(transport.Secret)

	Private tfkit.PrivateState
	Clock   tfkit.Clock
	Imports *tfkit.Imports
}

// Rotate saves the model, and rotates the key if the plan says so. The order is the same for all
// resources: restore the prior key, save, issue a key, mark it as unconfirmed if the response was
// lost, set the new key, save. The result reports whether the key was rotated.
func (k *Key) Rotate(ctx context.Context, prior Key, s Steps, diags *diag.Diagnostics) (rotated bool) {
	planned := *k
	if k.WillRotate() {
		k.restore(prior)
	} else {
		k.storeImported(ctx, prior, s, diags)
		k.encrypt(prior, diags)
	}
	return s.rotate(ctx, planned.WillRotate(), diags, func(issued Issued) error {
		planned.KeyVersion = prior.KeyVersion
		err := planned.set(issued, s.Clock, planned.storage())
		if err == nil {
			*k = planned
		}
		return err
	})
}

func (s Steps) rotate(ctx context.Context, will bool, diags *diag.Diagnostics, set func(Issued) error) bool {
	s.Save()
	if !will || diags.HasError() {
		return false
	}
	issued, err := s.Issue(ctx)
	lost := errors.Is(err, ErrUnconfirmed)
	if err == nil || lost { // after a refused request, an earlier mark is still true
		MarkUnconfirmed(ctx, s.Private, lost, diags)
	}
	if err != nil {
		var hints []string
		if lost {
			hints = append(hints, "The current key may no longer work. The next apply rotates again.")
		}
		s.Fail(err, hints...)
		return false
	}
	if err := set(issued); err != nil { // the server has a key that nobody knows
		MarkUnconfirmed(ctx, s.Private, true, diags)
		addSealError(err, diags)
		return false
	}
	invalidMark.Store(ctx, s.Private, "", diags)
	importMark.Store(ctx, s.Private, "", diags)
	s.Save()
	return true
}

// IssueMissing issues a key for a new object whose create returned no key, and saves. After any
// error the key is marked as unconfirmed, and the next plan rotates it.
func (k *Key) IssueMissing(ctx context.Context, s Steps, diags *diag.Diagnostics) {
	issued, err := s.Issue(ctx)
	MarkUnconfirmed(ctx, s.Private, err != nil, diags)
	if err != nil {
		s.Fail(err)
		return
	}
	k.Set(issued, s.Clock, diags)
	s.Save()
}
