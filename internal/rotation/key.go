// Package rotation alone reads and writes api_key and the attributes beside it. It decides when a
// key is rotated, does the rotation, and knows where a key is stored. The rules are the same for
// all resources with a key: a rotation is an update in place, the plan announces it, and the clock
// has no influence between plan and apply.
package rotation

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Key is the part of a resource's model that holds an API key and says when to rotate it. Models
// embed it, and their schemas take its attributes from With.
type Key struct {
	APIKey             types.String      `tfsdk:"api_key"`
	EncryptedAPIKey    types.String      `tfsdk:"encrypted_api_key"`
	AgeRecipients      types.List        `tfsdk:"age_recipients"`
	ExpiresAt          types.String      `tfsdk:"expires_at"`
	RotatedAt          timetypes.RFC3339 `tfsdk:"rotated_at"`
	KeyVersion         types.Int64       `tfsdk:"key_version"`
	Keepers            types.Map         `tfsdk:"keepers"`
	RotateAfter        tfkit.Duration    `tfsdk:"rotate_after"`
	RotateBeforeExpiry tfkit.Duration    `tfsdk:"rotate_before_expiry"`
	RotateWhenDead     types.Bool        `tfsdk:"rotate_when_dead"`
	Overlap            tfkit.Duration    `tfsdk:"overlap"`
}

// Issued is a key that a server has issued.
type Issued struct {
	Secret    transport.Secret
	ExpiresAt string // as the server writes it; "": the server reports no expiry
}

// KeyPath is the path of the key, for diagnostics.
var KeyPath = path.Root("api_key")

// NoKey returns a Key of which nothing is known, as after an import.
func NoKey() Key {
	return Key{Keepers: types.MapNull(types.StringType), AgeRecipients: types.ListNull(types.StringType)}
}

// WillRotate reports whether a planned key is to be rotated. Update rotates if and only if
// WillRotate is true.
func (k *Key) WillRotate() bool { return k.RotatedAt.IsUnknown() }

// Set records a key that was issued now. It fails only if the key can't be encrypted, which the plan has
// tried.
func (k *Key) Set(issued Issued, clock tfkit.Clock, diags *diag.Diagnostics) {
	addSealError(k.set(issued, clock, k.storage()), diags)
}

func addSealError(err error, diags *diag.Diagnostics) {
	if err != nil {
		diags.AddAttributeError(recipientsPath, "Unable to encrypt the API key", "A recipient "+err.Error()+".")
	}
}

// storage returns where the value of the key is stored.
func (k *Key) storage() storage { return storageOf(types.BoolNull(), k.AgeRecipients) }

func (k *Key) values() values { return values{k.APIKey, k.EncryptedAPIKey} }

func (k *Key) setValues(v values) { k.APIKey, k.EncryptedAPIKey = v.plain, v.sealed }

func (k *Key) set(issued Issued, clock tfkit.Clock, s storage) error {
	v, err := s.values(issued.Secret, types.StringNull())
	k.setValues(v)
	k.ExpiresAt = tfkit.StringOrNull(issued.ExpiresAt)
	k.RotatedAt = timetypes.NewRFC3339TimeValue(clock().UTC().Truncate(time.Second))
	k.raiseVersion(clock())
	return err
}

// raiseVersion gives a key that has taken the place of another key the next version: the Unix seconds
// of its time, and at least one more than the version before. If it is not known when the key was issued,
// its time is that at which it got into the state: the state of an import knows no version before.
func (k *Key) raiseVersion(stored time.Time) {
	issued, dated := k.rotatedAt()
	if !dated {
		issued = stored
	}
	k.KeyVersion = types.Int64Value(max(k.KeyVersion.ValueInt64()+1, issued.Unix()))
}

// Clear records that the key of an object is not known.
func (k *Key) Clear() {
	k.setValues(noValues())
	k.ExpiresAt = types.StringNull()
	k.RotatedAt = timetypes.NewRFC3339Null()
	k.KeyVersion = types.Int64Null()
}

// Held reports whether the resource is known to have a key, whether or not the value is in state.
// It is false after Clear, and after an import if the server does not return keys.
func (k *Key) Held() bool { return !k.RotatedAt.IsNull() || k.values().held() }

// Encrypts reports whether the state has the key only encrypted.
func (k *Key) Encrypts() bool { return k.storage().place == encrypted }

// Known returns the value of the key, if state holds it in the clear.
func (k *Key) Known() (secret transport.Secret, ok bool) { return known(k.APIKey) }

func known(value types.String) (transport.Secret, bool) {
	return transport.NewSecret(value.ValueString()), value.ValueString() != ""
}

// restore takes the key, its keepers and its recipients from the prior state: a rotation that has failed
// stays due at the next plan.
func (k *Key) restore(prior Key) {
	k.setValues(prior.values())
	k.ExpiresAt, k.RotatedAt, k.KeyVersion = prior.ExpiresAt, prior.RotatedAt, prior.KeyVersion
	k.Keepers, k.AgeRecipients = prior.Keepers, prior.AgeRecipients
}

// encrypt encrypts the key that state holds in the clear, if the plan says so.
func (k *Key) encrypt(prior Key, diags *diag.Diagnostics) {
	if !k.EncryptedAPIKey.IsUnknown() {
		return
	}
	secret, _ := prior.Known()
	v, err := k.storage().values(secret, types.StringNull())
	if err != nil {
		addSealError(err, diags)
		k.restore(prior)
		return
	}
	k.setValues(v)
}

// expiryForms are the accepted forms of expires_at. A time without an offset is in UTC, and a date is its
// beginning.
var expiryForms = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", time.DateOnly,
}

func (k *Key) expiry() (time.Time, bool) {
	for _, form := range expiryForms {
		if t, err := time.Parse(form, k.ExpiresAt.ValueString()); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// IssuedAt returns when the key was issued, and false if that is not known.
func (k *Key) IssuedAt() (time.Time, bool) { return k.rotatedAt() }

func (k *Key) rotatedAt() (time.Time, bool) {
	if k.RotatedAt.IsNull() || k.RotatedAt.IsUnknown() {
		return time.Time{}, false
	}
	t, diags := k.RotatedAt.ValueRFC3339Time()
	return t, !diags.HasError()
}
