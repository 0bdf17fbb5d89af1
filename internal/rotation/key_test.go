package rotation

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

func TestSet(t *testing.T) {
	minus3 := time.FixedZone("", -3*60*60)
	const noon = "2026-03-01T12:00:00Z"
	for name, test := range map[string]struct {
		expiresAt string
		now       time.Time
		expires   types.String
		rotatedAt string
	}{
		"the server's form of the expiry": {
			"2026-05-31T08:15:30.489112", issuedAt, types.StringValue("2026-05-31T08:15:30.489112"), noon,
		},
		"no expiry":             {"", issuedAt, types.StringNull(), noon},
		"fractions are removed": {"", issuedAt.Add(time.Second - 1), types.StringNull(), noon},
		"another time zone": {
			"", time.Date(2026, time.March, 1, 22, 30, 0, 0, minus3), types.StringNull(), "2026-03-02T01:30:00Z",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := importedKey()
			got.RotatedAt = timetypes.NewRFC3339Unknown()
			got.Keepers = keepers("v", "1")
			want := got
			want.APIKey, want.ExpiresAt = types.StringValue("key-2"), test.expires
			want.RotatedAt = timetypes.NewRFC3339ValueMust(test.rotatedAt)
			want.KeyVersion = types.Int64Value(test.now.Unix())

			got.Set(Issued{transport.NewSecret("key-2"), test.expiresAt}, at(test.now), &diag.Diagnostics{})
			wantKey(t, got, want)
			if got.WillRotate() {
				t.Error("a key that was issued still rotates")
			}
		})
	}
}

func TestClear(t *testing.T) {
	got := issuedKey()
	got.Keepers, got.RotateAfter = keepers("v", "1"), lasting(day)
	want := got
	want.APIKey, want.ExpiresAt, want.RotatedAt = types.StringNull(), types.StringNull(), timetypes.NewRFC3339Null()
	want.KeyVersion = types.Int64Null()

	got.Clear()
	wantKey(t, got, want)
	if got.WillRotate() {
		t.Error("an unknown value is left")
	}
}

func TestNoKey(t *testing.T) {
	got := NoKey()
	if _, known := got.Known(); known || got.Held() || got.WillRotate() {
		t.Errorf("got %+v", got)
	}
	if got.Keepers.ElementType(t.Context()) != types.StringType {
		t.Error("keepers without a type fit no schema")
	}
}

func TestRestore(t *testing.T) {
	prior := issuedKey()
	prior.Keepers, prior.RotateAfter, prior.RotateBeforeExpiry = keepers("v", "1"), lasting(day), lasting(day)

	got := rotating(prior)
	got.RotateAfter, got.RotateBeforeExpiry = lasting(2*day), tfkit.Duration{}
	want := prior
	want.RotateAfter, want.RotateBeforeExpiry = got.RotateAfter, got.RotateBeforeExpiry

	got.restore(prior)
	wantKey(t, got, want)

	// With the restored state, the next plan rotates too.
	again := got
	again.Keepers = keepers("v", "2")
	if again.Plan(got, PlanContext{}, ""); !again.WillRotate() {
		t.Error("the rotation is not due any more")
	}
}

func TestWillRotate(t *testing.T) {
	for name, test := range map[string]struct {
		rotatedAt timetypes.RFC3339
		want      bool
	}{
		"unknown": {timetypes.NewRFC3339Unknown(), true},
		"known":   {timetypes.NewRFC3339TimeValue(issuedAt), false},
		"null":    {timetypes.NewRFC3339Null(), false},
	} {
		t.Run(name, func(t *testing.T) {
			// The other attributes may be unknown without a rotation.
			k := Key{APIKey: types.StringUnknown(), ExpiresAt: types.StringUnknown(), RotatedAt: test.rotatedAt}
			if got := k.WillRotate(); got != test.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func TestHeldAndKnown(t *testing.T) {
	dated := timetypes.NewRFC3339TimeValue(issuedAt)
	for name, test := range map[string]struct {
		apiKey    types.String
		rotatedAt timetypes.RFC3339
		held      bool
		known     string // "": the value is not in state
	}{
		"issued, in state":                   {types.StringValue("key-1"), dated, true, "key-1"},
		"issued, not stored":                 {types.StringNull(), dated, true, ""},
		"imported, the server returns it":    {types.StringValue("key-1"), timetypes.NewRFC3339Null(), true, "key-1"},
		"imported, the server has no value":  {types.StringNull(), timetypes.NewRFC3339Null(), false, ""},
		"a planned rotation":                 {types.StringUnknown(), timetypes.NewRFC3339Unknown(), true, ""},
		"planned, only the value is unknown": {types.StringUnknown(), dated, true, ""},
		"an empty value":                     {types.StringValue(""), dated, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			k := Key{APIKey: test.apiKey, RotatedAt: test.rotatedAt}
			if got := k.Held(); got != test.held {
				t.Errorf("held: %t", got)
			}
			if secret, ok := k.Known(); secret.Reveal() != test.known || ok != (test.known != "") {
				t.Errorf("known: %q, %t", secret.Reveal(), ok)
			}
		})
	}
}

func TestExpiry(t *testing.T) {
	micro := endsAt.Add(489112 * time.Microsecond)
	for name, test := range map[string]struct {
		text types.String
		want time.Time
		ok   bool
	}{
		"RFC 3339 with Z":                 {types.StringValue("2026-05-30T12:00:00Z"), endsAt, true},
		"RFC 3339 with an offset":         {types.StringValue("2026-05-30T14:00:00+02:00"), endsAt, true},
		"RFC 3339 with a zero offset":     {types.StringValue("2026-05-30T12:00:00.489112+00:00"), micro, true},
		"RFC 3339 with nanoseconds":       {types.StringValue("2026-05-30T12:00:00.489112000Z"), micro, true},
		"no offset":                       {types.StringValue("2026-05-30T12:00:00"), endsAt, true},
		"no offset, microseconds":         {types.StringValue("2026-05-30T12:00:00.489112"), micro, true},
		"a date":                          {types.StringValue("2026-05-30"), endsAt.Add(-12 * time.Hour), true},
		"a space for the T":               {types.StringValue("2026-05-30 12:00:00"), endsAt, true},
		"a space and an offset":           {types.StringValue("2026-05-30 14:00:00+02:00"), endsAt, true},
		"no seconds":                      {types.StringValue("2026-05-30T12:00"), endsAt, true},
		"no seconds, with Z":              {types.StringValue("2026-05-30T12:00Z"), endsAt, true},
		"seconds since 1970":              {types.StringValue("1780142400"), time.Time{}, false},
		"words":                           {types.StringValue("never"), time.Time{}, false},
		"empty":                           {types.StringValue(""), time.Time{}, false},
		"null":                            {types.StringNull(), time.Time{}, false},
		"unknown":                         {types.StringUnknown(), time.Time{}, false},
		"a day that is not in a calendar": {types.StringValue("2026-02-30T12:00:00Z"), time.Time{}, false},
		"an offset without a colon":       {types.StringValue("2026-05-30T12:00:00+0000"), time.Time{}, false},
		"a text with a space in front":    {types.StringValue(" 2026-05-30T12:00:00Z"), time.Time{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			k := Key{ExpiresAt: test.text}
			if got, ok := k.expiry(); ok != test.ok || !got.Equal(test.want) {
				t.Errorf("got %s, %v, want %s, %v", got, ok, test.want, test.ok)
			}
		})
	}
}

func TestRotatedAt(t *testing.T) {
	for name, test := range map[string]struct {
		value timetypes.RFC3339
		want  time.Time
		ok    bool
	}{
		"known":     {timetypes.NewRFC3339ValueMust("2026-03-01T14:00:00+02:00"), issuedAt, true},
		"null":      {timetypes.NewRFC3339Null(), time.Time{}, false},
		"unknown":   {timetypes.NewRFC3339Unknown(), time.Time{}, false},
		"malformed": {timetypes.RFC3339{StringValue: types.StringValue("yesterday")}, time.Time{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			k := Key{RotatedAt: test.value}
			if got, ok := k.rotatedAt(); ok != test.ok || !got.Equal(test.want) {
				t.Errorf("got %s, %v, want %s, %v", got, ok, test.want, test.ok)
			}
		})
	}
}
