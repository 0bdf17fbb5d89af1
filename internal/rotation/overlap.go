package rotation

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	StoreAPIKey             types.Bool        `tfsdk:"store_api_key"`
	PreviousAPIKey          types.String      `tfsdk:"previous_api_key"`
	EncryptedPreviousAPIKey types.String      `tfsdk:"encrypted_previous_api_key"`
	PreviousExpiresAt       timetypes.RFC3339 `tfsdk:"previous_expires_at"`
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

func (k *OverlappingKey) storage() storage { return storageOf(k.StoreAPIKey, k.AgeRecipients) }

func (k *OverlappingKey) previousValues() values {
	return values{k.PreviousAPIKey, k.EncryptedPreviousAPIKey}
}

func (k *OverlappingKey) setPreviousValues(v values) {
	k.PreviousAPIKey, k.EncryptedPreviousAPIKey = v.plain, v.sealed
}

// Set is Key.Set. The key has no previous key.
func (k *OverlappingKey) Set(issued Issued, clock tfkit.Clock, diags *diag.Diagnostics) {
	addSealError(k.set(issued, clock, k.storage()), diags)
	k.ClearPrevious()
}

// Clear records that neither key is known.
func (k *OverlappingKey) Clear() {
	k.Key.Clear()
	k.ClearPrevious()
}

// ClearPrevious records that the previous key is revoked.
func (k *OverlappingKey) ClearPrevious() {
	k.setPreviousValues(noValues())
	k.PreviousExpiresAt = timetypes.NewRFC3339Null()
}

// SetImported records whether an import stores the keys, which no configuration has said yet.
func (k *OverlappingKey) SetImported(imports *tfkit.Imports) {
	if k.StoreAPIKey.IsNull() {
		k.StoreAPIKey = types.BoolValue(imports.Stores())
	}
}

// SetValues records the values of the keys that the server returns. Previous is the zero Secret if
// there is no previous key. If the plan has cleared a previous key that is still valid, the end of
// its overlap comes from the prior state. An encrypted value stays as it is: Replace and Reseal clear it.
func (k *OverlappingKey) SetValues(
	current, previous transport.Secret, prior OverlappingKey, diags *diag.Diagnostics,
) {
	s := k.storage()
	if previous.Reveal() == "" {
		k.ClearPrevious()
	} else {
		k.keepPrevious(prior)
	}
	v, err := s.values(current, k.EncryptedAPIKey)
	w, err2 := s.values(previous, k.EncryptedPreviousAPIKey)
	k.setValues(v)
	k.setPreviousValues(w)
	addSealError(errors.Join(err, err2), diags)
}

// Reseal lets the next SetValues encrypt both keys again: it is not certain that the encrypted values are
// those of the keys.
func (k *OverlappingKey) Reseal() {
	k.EncryptedAPIKey, k.EncryptedPreviousAPIKey = types.StringNull(), types.StringNull()
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
func (k *OverlappingKey) setRotated(issued Issued, clock tfkit.Clock) error {
	s, before := k.storage(), k.values()
	secret, _ := k.Known()
	previous, err := s.values(secret, types.StringNull())
	if s.place == encrypted && !before.sealed.IsNull() {
		previous.sealed = before.sealed
	}
	err = errors.Join(err, k.set(issued, clock, s))
	k.setPreviousValues(previous)
	k.PreviousExpiresAt = k.overlapEnd(k.Key)
	return err
}

// stillSealed returns an encrypted value of the prior state, null if the recipients have changed.
func (k *OverlappingKey) stillSealed(prior OverlappingKey, value types.String) types.String {
	if sameRecipients(prior.AgeRecipients, k.AgeRecipients) {
		return value
	}
	return types.StringNull()
}

// Restore takes both keys and the keepers from the prior state, if the plan rotates. Rotate calls
// it, and an update that fails before Rotate. The values are stored as the plan says: the server returns them.
func (k *OverlappingKey) Restore(prior OverlappingKey) {
	if !k.WillRotate() {
		return
	}
	recipients := k.AgeRecipients
	current, previous := k.stillSealed(prior, prior.EncryptedAPIKey), k.stillSealed(prior,
		prior.EncryptedPreviousAPIKey)
	k.restore(prior.Key)
	k.AgeRecipients, k.EncryptedAPIKey = recipients, current
	k.setPreviousValues(values{prior.PreviousAPIKey, previous})
	k.PreviousExpiresAt = prior.PreviousExpiresAt
}

// Rotate is Key.Rotate. The prior key becomes the previous key.
func (k *OverlappingKey) Rotate(
	ctx context.Context, prior OverlappingKey, s Steps, diags *diag.Diagnostics,
) (rotated bool) {
	planned := *k
	k.Restore(prior)
	return s.rotate(ctx, planned.WillRotate(), diags, func(issued Issued) error {
		planned.setValues(values{prior.APIKey, planned.stillSealed(prior, prior.EncryptedAPIKey)})
		planned.KeyVersion = prior.KeyVersion
		err := planned.setRotated(issued, s.Clock)
		if err == nil {
			*k = planned
		}
		return err
	})
}

// ImportedKey returns the key of an imported object, without its value, which the Read that follows
// sets. A null time is not known.
func ImportedKey(issuedAt timetypes.RFC3339) OverlappingKey {
	k := OverlappingKey{Key: NoKey(), StoreAPIKey: types.BoolValue(true)}
	k.RotatedAt = issuedAt
	k.completeVersion(time.Time{})
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
	k.EncryptedAPIKey = types.StringNull()
	k.raiseVersion(time.Time{})
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
	k.setValues(k.storage().planned(noValues(), true, false))
	return k.checkOverlap()
}

// Plan is Key.Plan. It also decides when the previous key is revoked: at the first apply after the
// overlap, or by the next rotation, since at most two keys are valid at a time.
func (k *OverlappingKey) Plan(prior OverlappingKey, at PlanContext) diag.Diagnostics {
	diags := k.checkOverlap()
	if diags.HasError() {
		return diags
	}
	at.returned = true
	diags.Append(k.planRotation(prior.Key, at, k.effect(prior))...)
	if prior.HasPrevious() && !k.CertainToRotate(prior.Key, at) {
		diags.Append(k.planPrevious(prior, at)...)
	}
	switch {
	case k.WillRotate() && (k.Overlaps() || k.Overlap.IsUnknown()):
		k.PreviousExpiresAt = timetypes.NewRFC3339Unknown()
	case k.WillRotate():
		k.ClearPrevious()
	}
	k.planStorage(prior)
	return diags
}

// planStorage plans where the values of the keys are stored.
func (k *OverlappingKey) planStorage(prior OverlappingKey) {
	s, same, previous := k.storage(), sameRecipients(prior.AgeRecipients, k.AgeRecipients), noValues()
	k.setValues(s.planned(prior.values(), k.WillRotate(), same))
	if k.HasPrevious() {
		previous = s.planned(prior.previousValues(), k.PreviousExpiresAt.IsUnknown(), same)
	}
	k.setPreviousValues(previous)
}

// planPrevious plans what happens to the previous key if the current key is not rotated.
func (k *OverlappingKey) planPrevious(prior OverlappingKey, at PlanContext) diag.Diagnostics {
	var diags diag.Diagnostics
	const summary = "API key revocation"
	if k.Overlap.IsUnknown() {
		k.PreviousExpiresAt = timetypes.NewRFC3339Unknown()
		diags.AddWarning(summary, "The overlap is not known before apply. If there is none, or if it has ended, "+
			"applying this plan revokes the previous API key.")
		return diags
	}
	k.PreviousExpiresAt = k.overlapEnd(prior.Key)
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
