package rotation

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Overlapping is a Key whose predecessor may stay valid for a while after a rotation.
type Overlapping struct {
	Key
	PreviousAPIKey    types.String      `tfsdk:"previous_api_key"`
	PreviousExpiresAt timetypes.RFC3339 `tfsdk:"previous_expires_at"`
}

// HasPrevious tells whether the key before the last rotation is to be valid still. Its value may be null all the same, where
// keys are kept out of state.
func (k *Overlapping) HasPrevious() bool { return !k.PreviousExpiresAt.IsNull() }

// Overlaps tells whether a rotation leaves the current key valid.
func (k *Overlapping) Overlaps() bool {
	_, set := duration(k.Overlap)
	return set
}

// Succeed makes the current key the previous one, and records the one that was issued just now. Without an overlap the
// previous key is due to be revoked at once.
func (k *Overlapping) Succeed(apiKey string, clock Clock) {
	k.PreviousAPIKey = k.APIKey
	k.Issued(apiKey, "", clock)
	k.PreviousExpiresAt = k.overlapEnd(k.Key)
}

// HoldPrevious records that the previous key is valid still, if the plan or the state had it revoked by now: it is due then.
func (k *Overlapping) HoldPrevious(prior Overlapping) {
	if k.PreviousExpiresAt.IsUnknown() || k.PreviousExpiresAt.IsNull() {
		k.PreviousExpiresAt = prior.PreviousExpiresAt
	}
	if k.PreviousExpiresAt.IsNull() {
		k.PreviousExpiresAt = k.overlapEnd(k.Key)
	}
}

// ForgetPrevious records that the previous key is revoked.
func (k *Overlapping) ForgetPrevious() {
	k.PreviousAPIKey, k.PreviousExpiresAt = types.StringNull(), timetypes.NewRFC3339Null()
}

// Keep is Key.Keep, of the previous key too.
func (k *Overlapping) Keep(prior Overlapping) {
	k.Key.Keep(prior.Key)
	k.PreviousAPIKey, k.PreviousExpiresAt = prior.PreviousAPIKey, prior.PreviousExpiresAt
}

// Plan is Key.Plan, and decides besides when the previous key is revoked: at the first apply after the overlap, or by the next
// rotation, since no more than two keys are kept valid.
func (k *Overlapping) Plan(prior Overlapping, s Situation) diag.Diagnostics {
	diags := k.CheckOverlap()
	if diags.HasError() {
		return diags
	}
	diags.Append(k.Key.Plan(prior.Key, s, k.effect(prior))...)
	switch {
	case k.Planned() && (k.Overlaps() || k.Overlap.IsUnknown()):
		k.PreviousAPIKey, k.PreviousExpiresAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
	case k.Planned():
		k.ForgetPrevious()
	case prior.HasPrevious():
		diags.Append(k.planPrevious(prior, s)...)
	}
	return diags
}

func (k *Overlapping) planPrevious(prior Overlapping, s Situation) diag.Diagnostics {
	var diags diag.Diagnostics
	if k.Overlap.IsUnknown() {
		k.PreviousAPIKey, k.PreviousExpiresAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
		return diags
	}
	k.PreviousAPIKey, k.PreviousExpiresAt = prior.PreviousAPIKey, k.overlapEnd(prior.Key)
	end, _ := k.PreviousExpiresAt.ValueRFC3339Time()
	if k.Overlaps() && s.ObservedAt.Before(end) {
		return diags
	}
	reason := "there is no overlap any more"
	if _, dated := prior.rotatedAt(); k.Overlaps() && dated {
		reason = "its overlap ended at " + k.PreviousExpiresAt.ValueString()
	} else if k.Overlaps() {
		reason = "it is not known when the current key was issued, and so neither when the overlap ends"
	}
	diags.AddWarning("API key revocation", fmt.Sprintf("Applying this plan revokes the previous API key: %s.", reason))
	k.ForgetPrevious()
	return diags
}

// overlapEnd is when the predecessor of a key ends. Without a date of the rotation it has ended.
func (k *Overlapping) overlapEnd(issued Key) timetypes.RFC3339 {
	at, _ := issued.rotatedAt()
	overlap, _ := duration(k.Overlap)
	return timetypes.NewRFC3339TimeValue(at.Add(overlap).UTC())
}

func (k *Overlapping) effect(prior Overlapping) string {
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

// CheckOverlap refuses an overlap that the next rotation by age would cut short. Plan does it too; the plan of a create has nothing else to decide.
func (k *Overlapping) CheckOverlap() diag.Diagnostics {
	var diags diag.Diagnostics
	overlap, overlaps := duration(k.Overlap)
	after, scheduled := duration(k.RotateAfter)
	if overlaps && scheduled && overlap > after-leastWait {
		diags.AddAttributeError(path.Root("overlap"), "Overlap longer than the life of a key", fmt.Sprintf("The key is rotated every %s, which "+
			"revokes the previous one. The overlap of %s must be at least %s shorter.", after, overlap, leastWait))
	}
	return diags
}
