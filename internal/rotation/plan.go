package rotation

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// CertainToRotate reports whether the apply rotates the key whatever the unknown values turn out to be.
func (k *Key) CertainToRotate(prior Key, at PlanContext) bool {
	reason, certain := k.reason(prior, at)
	return reason != "" && certain
}

// PlanCreate plans which attribute gets the value of a new key.
func (k *Key) PlanCreate() { k.setValues(k.storage().planned(noValues(), true, false)) }

// Plan decides whether an update rotates the key. If it does, Plan marks what the rotation changes
// as unknown, and adds one warning with the reason and the effect: a sentence that says what
// happens to the current key. The prior key is the key in state. Plan also decides where the value of the key
// is stored.
func (k *Key) Plan(prior Key, at PlanContext, effect string) diag.Diagnostics {
	diags := k.planRotation(prior, at, effect)
	planned := noValues() // a key that is not known, as after an import, stays so
	if k.WillRotate() || prior.values().held() {
		planned = k.storage().planned(prior.values(), k.WillRotate(), sameRecipients(prior.AgeRecipients,
			k.AgeRecipients))
	}
	k.setValues(planned)
	if !k.WillRotate() && !prior.values().held() {
		diags.Append(k.planImport(at)...)
	}
	return diags
}

func (k *Key) planRotation(prior Key, at PlanContext, effect string) diag.Diagnostics {
	var diags diag.Diagnostics
	if life, tooLong := k.tooLongWindow(prior); tooLong {
		diags.AddAttributeWarning(path.Root("rotate_before_expiry"), "Rotation at every apply", fmt.Sprintf("The key "+
			"is valid for %s. A rotation %s before its end would rotate it at every apply. It is rotated only after "+
			"its end. Choose a shorter time.", life.Round(time.Second), k.RotateBeforeExpiry.ValueString()))
	}
	reason, certain := k.reason(prior, at)
	if reason == "" {
		diags.Append(k.idleTriggers(prior)...)
		return diags
	}
	k.ExpiresAt = types.StringUnknown()
	k.RotatedAt, k.KeyVersion = timetypes.NewRFC3339Unknown(), types.Int64Unknown()
	text := "Applying this plan rotates the API key: %s. %s"
	if !certain {
		text = "Applying this plan may rotate the API key: %s. If the key is rotated: %s"
	}
	diags.AddWarning("API key rotation", fmt.Sprintf(text, reason, effect))
	return diags
}

// tooLongWindow reports whether rotate_before_expiry is as long as the life of the key, which the server
// decides.
func (k *Key) tooLongWindow(prior Key) (life time.Duration, tooLong bool) {
	rotatedAt, dated := prior.rotatedAt()
	expiry, expires := prior.expiry()
	window, set := tfkit.DurationOf(k.RotateBeforeExpiry)
	life = expiry.Sub(rotatedAt)
	return life, set && dated && expires && window > life-leastWait
}

// idleTriggers warns of triggers that never fire, since the time that they count from is not known.
func (k *Key) idleTriggers(prior Key) diag.Diagnostics {
	const unscheduled = "Rotation can't be scheduled"
	var diags diag.Diagnostics
	_, dated := prior.rotatedAt()
	_, expires := prior.expiry()
	if after, set := tfkit.DurationOf(k.RotateAfter); set && !dated {
		diags.AddAttributeWarning(path.Root("rotate_after"), unscheduled, fmt.Sprintf("The key is not rotated every "+
			"%s yet, since it is not known when the key was issued, as after an import. Change a keeper to rotate it "+
			"once.", after))
	}
	if _, set := tfkit.DurationOf(k.RotateBeforeExpiry); set && !expires && prior.ExpiresAt.ValueString() != "" {
		diags.AddAttributeWarning(path.Root("rotate_before_expiry"), unscheduled,
			fmt.Sprintf("The key ends at %s, which is not a time in RFC 3339. Use rotate_after.", prior.ExpiresAt))
	} else if set && !expires {
		diags.AddAttributeWarning(path.Root("rotate_before_expiry"), unscheduled, "It is not known when the key ends. "+
			"If it was imported, change a keeper to rotate it once. If the server reports no expiry, use rotate_after.")
	}
	return diags
}

// reason returns why the key is to be rotated, "" if it is not, and whether that is certain. For a
// trigger that is not known before apply the plan must announce a rotation: if it shows the current
// key, the apply can't change the key any more.
func (k *Key) reason(prior Key, at PlanContext) (text string, certain bool) {
	if at.Unconfirmed {
		return "the response to the last request for a key was lost, and the key in state is missing or may no " +
			"longer work", true
	}
	changed, certain := keepersChanged(prior.Keepers, k.Keepers)
	if changed && certain {
		return "its keepers have changed", true
	}
	if reached := k.reached(prior, at); reached != "" {
		return reached, true
	}
	if at.Invalid != "" && k.RotateWhenDead.ValueBool() {
		return "it no longer works: " + at.Invalid, true
	}
	resealed, certainly := k.recipientsChanged(prior, at)
	if resealed != "" && certainly {
		return resealed, true
	}
	if changed {
		return "a keeper is not known before apply, and may have changed", false
	}
	_, dated := prior.rotatedAt()
	_, expires := prior.expiry()
	unknown := k.RotateAfter.IsUnknown() && dated || k.RotateBeforeExpiry.IsUnknown() && expires
	if unknown && !at.ReadAt.IsZero() { // no time has come before the first Read with a time trigger
		return "the time of its rotation is not known before apply, and may have come", false
	}
	if at.Invalid != "" && k.RotateWhenDead.IsUnknown() {
		return "rotate_when_dead is not known before apply, and the key no longer works: " + at.Invalid, false
	}
	return resealed, false
}

// recipientsChanged returns why a key whose value is not at hand can't be stored as age_recipients say, "" if
// it can, and whether that is certain.
func (k *Key) recipientsChanged(prior Key, at PlanContext) (text string, certain bool) {
	const lost = ", the state holds the key only encrypted, and the server does not return it again"
	_, known := recipientsOf(k.AgeRecipients)
	switch {
	case at.returned || prior.EncryptedAPIKey.IsNull() || sameRecipients(prior.AgeRecipients, k.AgeRecipients):
		return "", false
	case !known:
		return "its age_recipients are not known before apply, and may have changed" + lost, false
	case k.AgeRecipients.IsNull():
		return "its age_recipients were removed" + lost, true
	}
	return "its age_recipients have changed" + lost, true
}

// reached returns which time trigger was due at the last refresh, "" if none was.
func (k *Key) reached(prior Key, at PlanContext) string {
	rotatedAt, dated := prior.rotatedAt()
	expiry, expires := prior.expiry()
	if after, ok := tfkit.DurationOf(k.RotateAfter); ok && dated && !at.ReadAt.Before(rotatedAt.Add(after)) {
		return fmt.Sprintf("it was issued at %s, more than rotate_after = %s ago", prior.RotatedAt.ValueString(), after)
	}
	window, set := tfkit.DurationOf(k.RotateBeforeExpiry)
	due := expiry.Add(-window)
	if _, tooLong := k.tooLongWindow(prior); tooLong {
		due = expiry
	}
	if set && expires && !at.ReadAt.Before(due) {
		return fmt.Sprintf("it ends at %s, within rotate_before_expiry = %s", prior.ExpiresAt.ValueString(), window)
	}
	return ""
}

// keepersChanged reports whether the keepers have changed, and whether that is certain before
// apply. To set the first map, or to remove the whole map, is not a change. An empty map is no map, and
// an entry null is no entry: modules pass them on for what a user has not set.
func keepersChanged(prior, planned types.Map) (changed, certain bool) {
	before, now := entries(prior), entries(planned)
	if len(before) == 0 {
		return false, true
	}
	if planned.IsUnknown() {
		return true, false
	}
	if len(now) == 0 {
		return false, true
	}
	known := 0
	for name, value := range now {
		if value.IsUnknown() {
			continue
		}
		known++
		if old, ok := before[name]; !ok || !value.Equal(old) {
			changed = true
		}
	}
	missing := slices.ContainsFunc(slices.Collect(maps.Keys(before)),
		func(name string) bool { return now[name] == nil })
	if known == len(now) {
		return changed || missing, true
	}
	// An unknown entry may turn out null: if all entries do, the whole map is removed.
	return true, known > 0 && (changed || missing)
}

// entries returns the entries of keepers that count.
func entries(keepers types.Map) map[string]attr.Value {
	counting := maps.Clone(keepers.Elements())
	maps.DeleteFunc(counting, func(_ string, value attr.Value) bool { return value.IsNull() })
	return counting
}
