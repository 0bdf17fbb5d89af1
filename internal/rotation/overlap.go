package rotation

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// OverlappingKey is a Key whose predecessor may stay valid for a while after a rotation. The server returns such keys
// again, so that they need not be in state.
type OverlappingKey struct {
	Key
	StoreAPIKey       types.Bool        `tfsdk:"store_api_key"`
	PreviousAPIKey    types.String      `tfsdk:"previous_api_key"`
	PreviousExpiresAt timetypes.RFC3339 `tfsdk:"previous_expires_at"`
}

// HasPrevious says whether the key before the last rotation is still valid. Its value may be null: it may be nowhere.
func (k *OverlappingKey) HasPrevious() bool { return !k.PreviousExpiresAt.IsNull() }

// Overlaps says whether a rotation leaves the current key valid.
func (k *OverlappingKey) Overlaps() bool {
	_, set := duration(k.Overlap)
	return set
}

// KnownPrevious returns the value of the previous key, if state holds it.
func (k *OverlappingKey) KnownPrevious() (secret transport.Secret, ok bool) {
	return known(k.PreviousAPIKey)
}

// Set is Key.Set, of a key without a predecessor.
func (k *OverlappingKey) Set(issued Issued, clock tfkit.Clock) {
	k.set(issued, clock, storageOf(k.StoreAPIKey))
	k.ClearPrevious()
}

// Clear is Key.Clear, of both keys.
func (k *OverlappingKey) Clear() {
	k.Key.Clear()
	k.ClearPrevious()
}

// ClearPrevious records that the previous key is revoked.
func (k *OverlappingKey) ClearPrevious() {
	k.PreviousAPIKey, k.PreviousExpiresAt = types.StringNull(), timetypes.NewRFC3339Null()
}

// SetValues records the values of the keys that the server returns. Without a previous key, its value is the zero
// Secret. The prior state has the end of an overlap that the plan has ended already, although the key is still valid.
func (k *OverlappingKey) SetValues(current, previous transport.Secret, prior OverlappingKey) {
	if k.StoreAPIKey.IsNull() { // after an import
		k.StoreAPIKey = types.BoolValue(true)
	}
	s := storageOf(k.StoreAPIKey)
	if previous.Reveal() == "" {
		k.ClearPrevious()
	} else {
		k.keepPrevious(prior)
	}
	k.APIKey, k.PreviousAPIKey = s.value(current), s.value(previous)
}

// keepPrevious records that the previous key is still valid. If the plan or the state had it revoked by now, it is due.
func (k *OverlappingKey) keepPrevious(prior OverlappingKey) {
	if k.PreviousExpiresAt.IsUnknown() || k.PreviousExpiresAt.IsNull() {
		k.PreviousExpiresAt = prior.PreviousExpiresAt
	}
	if k.PreviousExpiresAt.IsNull() {
		k.PreviousExpiresAt = k.overlapEnd(k.Key)
	}
}

// setRotated makes the current key the previous one, and records its successor. Without an overlap the previous key is
// due to be revoked at once.
func (k *OverlappingKey) setRotated(issued Issued, clock tfkit.Clock) {
	s := storageOf(k.StoreAPIKey)
	previous, _ := k.Known()
	k.set(issued, clock, s)
	k.PreviousAPIKey, k.PreviousExpiresAt = s.value(previous), k.overlapEnd(k.Key)
}

// Restore takes both keys and the keepers from the prior state, if the plan rotates: see Key.restore. Rotate calls it;
// an update that fails before it rotates calls it too.
func (k *OverlappingKey) Restore(prior OverlappingKey) {
	if k.WillRotate() {
		k.restore(prior.Key)
		k.PreviousAPIKey, k.PreviousExpiresAt = prior.PreviousAPIKey, prior.PreviousExpiresAt
	}
}

// Rotate is Key.Rotate. The prior key becomes the previous one.
func (k *OverlappingKey) Rotate(ctx context.Context, prior OverlappingKey, s Steps, diags *diag.Diagnostics) (rotated bool) {
	planned := *k
	k.Restore(prior)
	return s.rotate(ctx, planned.WillRotate(), diags, func(issued Issued) {
		planned.APIKey = prior.APIKey
		planned.setRotated(issued, s.Clock)
		*k = planned
	})
}

// PlanCreate plans what a create cannot have: a previous key, an expiry, or a value that is not stored.
func (k *OverlappingKey) PlanCreate() diag.Diagnostics {
	k.ClearPrevious()
	k.ExpiresAt = types.StringNull()
	if storageOf(k.StoreAPIKey) == nowhere {
		k.APIKey = types.StringNull()
	}
	return k.checkOverlap()
}

// Plan is Key.Plan, and decides besides when the previous key is revoked: at the first apply after the overlap, or by the next
// rotation, since no more than two keys are kept valid.
func (k *OverlappingKey) Plan(prior OverlappingKey, at PlanContext) diag.Diagnostics {
	diags := k.checkOverlap()
	if diags.HasError() {
		return diags
	}
	diags.Append(k.Key.Plan(prior.Key, at, k.effect(prior))...)
	switch {
	case k.WillRotate() && (k.Overlaps() || k.Overlap.IsUnknown()):
		k.PreviousAPIKey, k.PreviousExpiresAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
	case k.WillRotate():
		k.ClearPrevious()
	case prior.HasPrevious():
		diags.Append(k.planPrevious(prior, at)...)
	}
	k.planStorage(prior)
	return diags
}

// planStorage plans where the values of the keys go.
func (k *OverlappingKey) planStorage(prior OverlappingKey) {
	s := storageOf(k.StoreAPIKey)
	k.APIKey = s.planned(k.APIKey, prior.APIKey)
	if s != inState || k.HasPrevious() {
		k.PreviousAPIKey = s.planned(k.PreviousAPIKey, prior.APIKey)
	}
}

func (k *OverlappingKey) planPrevious(prior OverlappingKey, at PlanContext) diag.Diagnostics {
	var diags diag.Diagnostics
	if k.Overlap.IsUnknown() {
		k.PreviousAPIKey, k.PreviousExpiresAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
		return diags
	}
	k.PreviousAPIKey, k.PreviousExpiresAt = prior.PreviousAPIKey, k.overlapEnd(prior.Key)
	end, _ := k.PreviousExpiresAt.ValueRFC3339Time()
	if k.Overlaps() && at.ReadAt.Before(end) {
		return diags
	}
	reason := "there is no overlap any more"
	if _, dated := prior.rotatedAt(); k.Overlaps() && dated {
		reason = "its overlap ended at " + k.PreviousExpiresAt.ValueString()
	} else if k.Overlaps() {
		reason = "it is not known when the current key was issued, and so neither when the overlap ends"
	}
	diags.AddWarning("API key revocation", fmt.Sprintf("Applying this plan revokes the previous API key: %s.", reason))
	k.ClearPrevious()
	return diags
}

// overlapEnd is when the predecessor of a key ends. Without a date of the rotation it has ended.
func (k *OverlappingKey) overlapEnd(issued Key) timetypes.RFC3339 {
	at, _ := issued.rotatedAt()
	overlap, _ := duration(k.Overlap)
	return timetypes.NewRFC3339TimeValue(at.Add(overlap).UTC())
}

func (k *OverlappingKey) effect(prior OverlappingKey) string {
	effect := "The current key is revoked as soon as there is a new one."
	if overlap, set := duration(k.Overlap); set {
		effect = fmt.Sprintf("The current key stays valid for overlap = %s more, as previous_api_key.", overlap)
	} else if k.Overlap.IsUnknown() {
		effect = "Whether the current key stays valid for a while is not known before apply."
	}
	if prior.HasPrevious() {
		effect += " The previous key, which was to be valid until " + prior.PreviousExpiresAt.ValueString() + ", is revoked at once."
	}
	return effect
}

// checkOverlap refuses an overlap that the next rotation by age would cut short.
func (k *OverlappingKey) checkOverlap() diag.Diagnostics {
	var diags diag.Diagnostics
	overlap, overlaps := duration(k.Overlap)
	after, scheduled := duration(k.RotateAfter)
	if overlaps && scheduled && overlap > after-leastWait {
		diags.AddAttributeError(path.Root("overlap"), "Overlap longer than the life of a key", fmt.Sprintf("The key is rotated every %s, which "+
			"revokes the previous one. The overlap of %s must be at least %s shorter.", after, overlap, leastWait))
	}
	return diags
}
