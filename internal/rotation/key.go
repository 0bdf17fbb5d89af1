// Package rotation decides when an API key is rotated and keeps what that decision needs. It is the same for
// every resource that holds a key: in place, announced by the plan, and independent of the clock between plan
// and apply.
package rotation

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Key is the part of a resource's model that holds an API key and says when to rotate it. Models embed it, and
// their schemas take its attributes from Attributes.
type Key struct {
	APIKey             types.String         `tfsdk:"api_key"`
	ExpiresAt          types.String         `tfsdk:"expires_at"`
	RotatedAt          timetypes.RFC3339    `tfsdk:"rotated_at"`
	Keepers            types.Map            `tfsdk:"keepers"`
	RotateAfter        timetypes.GoDuration `tfsdk:"rotate_after"`
	RotateBeforeExpiry timetypes.GoDuration `tfsdk:"rotate_before_expiry"`
	Overlap            timetypes.GoDuration `tfsdk:"overlap"`
}

// NoKey returns a Key of which nothing is known, as after an import.
func NoKey() Key { return Key{Keepers: types.MapNull(types.StringType)} }

// Planned tells whether the plan that this key came from rotates it. Update rotates if and only if it does.
func (k *Key) Planned() bool { return k.RotatedAt.IsUnknown() }

// Issued records a key that the far side issued just now. An expiry "" is one that the far side does not tell.
func (k *Key) Issued(apiKey, expiresAt string, clock Clock) {
	k.APIKey = types.StringValue(apiKey)
	k.ExpiresAt = types.StringValue(expiresAt)
	if expiresAt == "" {
		k.ExpiresAt = types.StringNull()
	}
	k.RotatedAt = timetypes.NewRFC3339TimeValue(clock().UTC().Truncate(time.Second))
}

// Forget records that an object exists but that its key is known to nobody.
func (k *Key) Forget() {
	k.APIKey = types.StringNull()
	k.ExpiresAt = types.StringNull()
	k.RotatedAt = timetypes.NewRFC3339Null()
}

// Keep takes the key and its keepers from the prior state, so that a rotation that has not taken place, or failed,
// is still due at the next plan.
func (k *Key) Keep(prior Key) {
	k.APIKey, k.ExpiresAt, k.RotatedAt, k.Keepers = prior.APIKey, prior.ExpiresAt, prior.RotatedAt, prior.Keepers
}

// expiryForms are the spellings of expires_at that are understood; one without an offset is taken for UTC.
var expiryForms = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"}

func (k *Key) expiry() (time.Time, bool) {
	for _, form := range expiryForms {
		if t, err := time.Parse(form, k.ExpiresAt.ValueString()); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func (k *Key) rotatedAt() (time.Time, bool) {
	if k.RotatedAt.IsNull() || k.RotatedAt.IsUnknown() {
		return time.Time{}, false
	}
	t, diags := k.RotatedAt.ValueRFC3339Time()
	return t, !diags.HasError()
}
