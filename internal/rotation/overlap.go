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

// OverlappingKey is a Key whose previous key may stay valid for some time after a rotation. The
// server returns both keys at any time, and so their values need not be in state.
type OverlappingKey struct {
	Key
	StoreAPIKey       types.Bool        `tfsdk:"store_api_key"`
	PreviousAPIKey    types.String      `tfsdk:"previous_api_key"`
	PreviousExpiresAt timetypes.RFC3339 `tfsdk:"previous_expires_at"`
}

// HasPrevious reports whether the key before the last rotation is still valid, whether or not its
// value is in state.
func (k *OverlappingKey) HasPrevious() bool { return !k.PreviousExpiresAt.IsNull() }

// Overlaps reports whether the current key stays valid after a rotation. It is false if that is not
// known.
func (k *OverlappingKey) Overlaps() bool {
	_, set := tfkit.DurationOf(k.Overlap)
	return set
}

// KnownPrevious returns the value of the previous key, if state holds it.
func (k *OverlappingKey) KnownPrevious() (secret transport.Secret, ok bool) {
	return known(k.PreviousAPIKey)
}

// Set records a key that was issued now, without a previous key.
func (k *OverlappingKey) Set(issued Issued, clock tfkit.Clock) {
	k.set(issued, clock, storageOf(k.StoreAPIKey))
	k.ClearPrevious()
}

// Clear records that neither key is known.
func (k *OverlappingKey) Clear() {
	k.Key.Clear()
	k.ClearPrevious()
}

// ClearPrevious records that the previous key is revoked.
func (k *OverlappingKey) ClearPrevious() {
	k.PreviousAPIKey, k.PreviousExpiresAt = types.StringNull(), timetypes.NewRFC3339Null()
}

// SetValues records the values of the keys that the server returns. Previous is the zero Secret if
// there is no previous key. If the plan has cleared a previous key that is still valid, the end of
// its overlap comes from the prior state.
func (k *OverlappingKey) SetValues(current, previous transport.Secret, prior OverlappingKey) {
	if k.StoreAPIKey.IsNull() { // an import sets no defaults
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

// keepPrevious records that the previous key is still valid. Its overlap also has an end if the
// plan has cleared the end, or the state never had it.
func (k *OverlappingKey) keepPrevious(prior OverlappingKey) {
	if k.PreviousExpiresAt.IsUnknown() || k.PreviousExpiresAt.IsNull() {
		k.PreviousExpiresAt = prior.PreviousExpiresAt
	}
	if k.PreviousExpiresAt.IsNull() {
		k.PreviousExpiresAt = k.overlapEnd(k.Key)
	}
}

// setRotated makes the current key the previous key, and records the new one. Without an overlap,
// the overlap ends now.
func (k *OverlappingKey) setRotated(issued Issued, clock tfkit.Clock) {
	s := storageOf(k.StoreAPIKey)
	previous, _ := k.Known()
	k.set(issued, clock, s)
	k.PreviousAPIKey, k.PreviousExpiresAt = s.value(previous), k.overlapEnd(k.Key)
}

// Restore takes both keys and the keepers from the prior state, if the plan rotates. Rotate calls
// it, and an update that fails before Rotate.
func (k *OverlappingKey) Restore(prior OverlappingKey) {
	if k.WillRotate() {
		k.restore(prior.Key)
		k.PreviousAPIKey, k.PreviousExpiresAt = prior.PreviousAPIKey, prior.PreviousExpiresAt
	}
}

// Rotate is Key.Rotate. The prior key becomes the previous key.
func (k *OverlappingKey) Rotate(
	ctx context.Context, prior OverlappingKey, s Steps, diags *diag.Diagnostics,
) (rotated bool) {
	planned := *k
	k.Restore(prior)
	return s.rotate(ctx, planned.WillRotate(), diags, func(issued Issued) {
		planned.APIKey, planned.KeyVersion = prior.APIKey, prior.KeyVersion
		planned.setRotated(issued, s.Clock)
		*k = planned
	})
}

// ImportedKey returns the key of an imported object, without its value, which the Read that follows
// sets. A null time is not known.
func ImportedKey(issuedAt timetypes.RFC3339) OverlappingKey {
	k := OverlappingKey{Key: NoKey(), StoreAPIKey: types.BoolValue(true)}
	k.RotatedAt = issuedAt
	k.completeVersion()
	return k
}

// SetIssuedAt records when the server issued the current key, unless state has a time.
func (k *OverlappingKey) SetIssuedAt(issuedAt timetypes.RFC3339) {
	if k.RotatedAt.IsNull() {
		k.RotatedAt = issuedAt
	}
}

// Replace records that another key, issued at that time, has taken the place of the current key
// outside of Terraform. A null time is not known.
func (k *OverlappingKey) Replace(issuedAt timetypes.RFC3339) {
	k.RotatedAt = issuedAt
	k.raiseVersion()
}

// FinishRead is Key.FinishRead. The end of an overlap is a time trigger too.
func (k *OverlappingKey) FinishRead(
	ctx context.Context, private tfkit.PrivateState, clock tfkit.Clock, diags *diag.Diagnostics,
) {
	k.finishRead(ctx, k.HasPrevious(), private, clock, diags)
}

// PlanCreate plans null for the attributes that a create does not set: a previous key, an expiry,
// and a value that is not stored.
func (k *OverlappingKey) PlanCreate() diag.Diagnostics {
	k.ClearPrevious()
	k.ExpiresAt = types.StringNull()
	k.APIKey = storageOf(k.StoreAPIKey).planned(k.APIKey, types.StringNull())
	return k.checkOverlap()
}

// Plan is Key.Plan. It also decides when the previous key is revoked: at the first apply after the
// overlap, or by the next rotation, since at most two keys are valid at a time.
func (k *OverlappingKey) Plan(prior OverlappingKey, at PlanContext) diag.Diagnostics {
	diags := k.checkOverlap()
	if diags.HasError() {
		return diags
	}
	diags.Append(k.Key.Plan(prior.Key, at, k.effect(prior))...)
	if prior.HasPrevious() && !k.CertainToRotate(prior.Key, at) {
		diags.Append(k.planPrevious(prior, at)...)
	}
	switch {
	case k.WillRotate() && (k.Overlaps() || k.Overlap.IsUnknown()):
		k.PreviousAPIKey, k.PreviousExpiresAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
	case k.WillRotate():
		k.ClearPrevious()
	}
	k.planStorage(prior)
	return diags
}

// planStorage plans where the values of the keys are stored.
func (k *OverlappingKey) planStorage(prior OverlappingKey) {
	s := storageOf(k.StoreAPIKey)
	k.APIKey = s.planned(k.APIKey, prior.APIKey)
	if k.HasPrevious() {
		k.PreviousAPIKey = s.planned(k.PreviousAPIKey, prior.APIKey)
	}
}

// planPrevious plans what happens to the previous key if the current key is not rotated.
func (k *OverlappingKey) planPrevious(prior OverlappingKey, at PlanContext) diag.Diagnostics {
	var diags diag.Diagnostics
	const summary = "API key revocation"
	if k.Overlap.IsUnknown() {
		k.PreviousAPIKey, k.PreviousExpiresAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
		diags.AddWarning(summary, "The overlap is not known before apply. If there is none, or if it has ended, "+
			"applying this plan revokes the previous API key.")
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
		reason = "the end of its overlap is not known, since it is not known when the current key was issued"
	}
	diags.AddWarning(summary,
		fmt.Sprintf("Applying this plan revokes the previous API key: %s.", reason))
	k.ClearPrevious()
	return diags
}

// overlapEnd returns the end of the overlap that began when a key was issued. If that time is not
// known, the overlap has ended.
func (k *OverlappingKey) overlapEnd(issued Key) timetypes.RFC3339 {
	at, _ := issued.rotatedAt()
	overlap, _ := tfkit.DurationOf(k.Overlap)
	return timetypes.NewRFC3339TimeValue(at.Add(overlap).UTC())
}

func (k *OverlappingKey) effect(prior OverlappingKey) string {
	effect := "The current key is revoked as soon as there is a new one."
	if overlap, set := tfkit.DurationOf(k.Overlap); set {
		effect = fmt.Sprintf("The current key stays valid for overlap = %s more, as previous_api_key.", overlap)
	} else if k.Overlap.IsUnknown() {
		effect = "It is not known before apply whether the current key stays valid for some time."
	}
	if prior.HasPrevious() {
		effect += fmt.Sprintf(" The previous key, which would be valid until %s, is revoked at once.",
			prior.PreviousExpiresAt.ValueString())
	}
	return effect
}

// checkOverlap refuses an overlap that ends after the next rotation by age.
func (k *OverlappingKey) checkOverlap() diag.Diagnostics {
	var diags diag.Diagnostics
	overlap, overlaps := tfkit.DurationOf(k.Overlap)
	after, scheduled := tfkit.DurationOf(k.RotateAfter)
	if overlaps && scheduled && overlap > after-leastWait {
		diags.AddAttributeError(path.Root("overlap"), "Overlap longer than the life of a key", fmt.Sprintf(
			"A rotation every %s revokes the previous key. The overlap of %s must be at least %s shorter.",
			after, overlap, leastWait))
	}
	return diags
}
