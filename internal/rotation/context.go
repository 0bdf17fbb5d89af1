package rotation

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

const about = "the state of a rotation" // the private state in errors

var (
	readTime        = tfkit.Private[time.Time]{Key: "observed_at", About: about}
	unconfirmedMark = tfkit.Private[bool]{Key: "key_in_doubt", About: about}
	invalidMark     = tfkit.Private[string]{Key: "invalid_key", About: about}
)

// PlanContext is what a plan knows besides configuration and state.
type PlanContext struct {
	ReadAt      time.Time // of the last Read with a time trigger that can fire; zero: none yet
	Unconfirmed bool      // see MarkUnconfirmed
	Invalid     string    // why the key in state no longer works, as the last Read saw it; "": it works

	returned   bool   // the server returns the key at any time
	importMark string // see MarkImport
	imports    *tfkit.Imports
}

// FinishRead completes what a Read has set: a state of an earlier version gets a version of its key, and
// the time of the Read is stored if the state has a time trigger that can fire. Plans compare with the
// stored time, never with the clock: Terraform plans again during apply, with the same private state, and
// so a saved plan always has the same result. Without such a trigger nothing is stored, so that a run that
// changes nothing writes no new state.
//
// Invalid is why the key in state no longer works, "" if the server does not show that it does not. FinishRead
// adds the end of the key by itself, stores the reason, and warns, unless rotate_when_dead is true: then the
// plan announces a rotation.
func (k *Key) FinishRead(
	ctx context.Context, invalid string, private tfkit.PrivateState, clock tfkit.Clock, diags *diag.Diagnostics,
) {
	invalid = cmp.Or(invalid, k.ended(clock()))
	invalidMark.Store(ctx, private, invalid, diags)
	if invalid != "" && !k.RotateWhenDead.ValueBool() {
		diags.AddAttributeWarning(KeyPath, "API key no longer works", fmt.Sprintf("The key no longer works: %s. The "+
			"provider does not rotate it by itself. For a key that works, change a keeper and apply, or set "+
			"rotate_when_dead = true.", invalid))
	}
	k.finishRead(ctx, false, private, clock, diags)
}

// ended returns the reason of FinishRead for a key that has ended, "" if it has not, or its end is not known.
func (k *Key) ended(now time.Time) string {
	if expiry, expires := k.expiry(); !expires || !now.After(expiry) {
		return ""
	}
	return "it ended at " + k.ExpiresAt.ValueString()
}

func (k *Key) finishRead(
	ctx context.Context, trigger bool, private tfkit.PrivateState, clock tfkit.Clock, diags *diag.Diagnostics,
) {
	k.completeVersion(clock())
	if trigger || k.timed() {
		readTime.Store(ctx, private, clock().UTC(), diags)
	}
}

// timed reports whether a time trigger of the key can fire: the time that it counts from is known.
func (k *Key) timed() bool {
	_, dated := k.rotatedAt()
	_, expires := k.expiry()
	return !k.RotateAfter.IsNull() && dated || !k.RotateBeforeExpiry.IsNull() && expires
}

// completeVersion gives a key that has no version yet its version.
func (k *Key) completeVersion(now time.Time) {
	if k.KeyVersion.IsNull() && k.Held() {
		k.raiseVersion(now)
	}
}

// MarkUnconfirmed stores that the key in state may no longer work, because the response to a
// rotation was lost, or removes this mark. With the mark the next plan rotates.
func MarkUnconfirmed(ctx context.Context, private tfkit.PrivateState, mark bool, diags *diag.Diagnostics) {
	unconfirmedMark.Store(ctx, private, mark, diags)
}

// With returns the context with the settings of imports, which MarkImport needs after an import.
func (c PlanContext) With(imports *tfkit.Imports) PlanContext {
	c.imports = imports
	return c
}

// LoadPlanContext reads what FinishRead, MarkUnconfirmed and MarkImport stored.
func LoadPlanContext(ctx context.Context, private tfkit.PrivateState, diags *diag.Diagnostics) PlanContext {
	return PlanContext{
		ReadAt:      readTime.Load(ctx, private, diags),
		Unconfirmed: unconfirmedMark.Load(ctx, private, diags),
		Invalid:     invalidMark.Load(ctx, private, diags),
		importMark:  importMark.Load(ctx, private, diags),
	}
}
