package rotation

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

const about = "the state of a rotation" // the private state in errors

var (
	readTime        = tfkit.Private[time.Time]{Key: "observed_at", About: about}
	unconfirmedMark = tfkit.Private[bool]{Key: "key_in_doubt", About: about}
)

// PlanContext is what a plan knows besides configuration and state.
type PlanContext struct {
	ReadAt      time.Time // of the last Read; zero: none yet
	Unconfirmed bool      // see MarkUnconfirmed
}

// StoreReadTime stores the time of a Read. Plans compare with the stored time, never with the
// clock: Terraform plans again during apply, with the same private state, and so a saved plan
// always has the same result.
func StoreReadTime(ctx context.Context, private tfkit.PrivateState, clock tfkit.Clock, diags *diag.Diagnostics) {
	readTime.Store(ctx, private, clock().UTC(), diags)
}

// MarkUnconfirmed stores that the key in state may no longer work, because the response to a
// rotation was lost, or removes this mark. With the mark the next plan rotates.
func MarkUnconfirmed(ctx context.Context, private tfkit.PrivateState, mark bool, diags *diag.Diagnostics) {
	unconfirmedMark.Store(ctx, private, mark, diags)
}

// LoadPlanContext reads what StoreReadTime and MarkUnconfirmed stored.
func LoadPlanContext(ctx context.Context, private tfkit.PrivateState, diags *diag.Diagnostics) PlanContext {
	return PlanContext{
		ReadAt:      readTime.Load(ctx, private, diags),
		Unconfirmed: unconfirmedMark.Load(ctx, private, diags),
	}
}
